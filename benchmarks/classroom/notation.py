"""Exercises on numbers written as texts, and on numbers sorted into named classes."""

import random

from benchmarks.classroom.exercise import exercise
from benchmarks.classroom.inputs import either, lists, mapped, texts, whole

ROMAN = {1000: "M", 900: "CM", 500: "D", 400: "CD", 100: "C", 90: "XC", 50: "L", 40: "XL"}
ROMAN |= {10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}


def roman(n: int) -> str:
    """Return a number in Roman numerals."""
    text = ""
    for value, letters in ROMAN.items():
        text += n // value * letters
        n %= value
    return text


@exercise(score=either(whole(0, 100), whole(60, 79), whole(80, 100)))
def grade(score: int) -> str:
    """Grade a score, A from 90, B from 80, C from 70, D from 60: ``grade(84) == "B"``."""
    for least, letter in ((90, "A"), (80, "B"), (70, "C"), (60, "D")):
        if score >= least:
            return letter
    return "F"


@exercise(scores=lists(whole(40, 100), 1))
def grades(scores: list[int]) -> list[str]:
    """Mark every score from 60 as passed: ``grades([59, 60]) == ["failed", "passed"]``."""
    return ["passed" if score >= 60 else "failed" for score in scores]


@exercise(n=whole(-50, 50, 5_000))
def even_or_odd(n: int) -> str:
    """Say whether a number is even or odd: ``even_or_odd(7) == "odd"``."""
    return "odd" if n % 2 else "even"


def _two_numbers(rng: random.Random, larger: bool) -> tuple[int, int]:
    a, b = (rng.randint(-99, 99) if larger else rng.randint(-9, 9) for _ in range(2))
    return a, rng.choice((a, b, b))


@exercise(_two_numbers)
def comparison(a: int, b: int) -> str:
    """Say how two numbers compare: ``comparison(3, 7) == "less"``."""
    return "less" if a < b else "greater" if a > b else "equal"


def _sides(rng: random.Random, larger: bool) -> tuple[int, int, int]:
    a, b, c = (rng.randint(1, 99 if larger else 9) for _ in range(3))
    sides: tuple[int, int, int] = rng.choice(
        [(a, a, a), (a, a, b), (a, b, a), (b, a, a), (a, b, c)]
    )
    return sides


@exercise(_sides)
def triangle_kind(a: int, b: int, c: int) -> str:
    """Name a triangle by its equal sides: ``triangle_kind(5, 5, 3) == "isosceles"``."""
    return {1: "equilateral", 2: "isosceles", 3: "scalene"}[len({a, b, c})]


@exercise(n=whole(1, 45, 999))
def fizzbuzz(n: int) -> str:
    """Say a number of the game Fizz Buzz: ``fizzbuzz(9) == "Fizz"``."""
    said = "Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0)
    return said or str(n)


@exercise(n=whole(1, 25, 120))
def fizzbuzz_up_to(n: int) -> list[str]:
    """Say the numbers of Fizz Buzz: ``fizzbuzz_up_to(3) == ["1", "2", "Fizz"]``."""
    return ["Fizz" * (k % 3 == 0) + "Buzz" * (k % 5 == 0) or str(k) for k in range(1, n + 1)]


@exercise(n=whole(0, 63, 9_999))
def to_binary(n: int) -> str:
    """Write a number in base 2: ``to_binary(10) == "1010"``."""
    return f"{n:b}"


@exercise(text=mapped("{:b}".format, whole(0, 63, 9_999)))
def from_binary(text: str) -> int:
    """Read a number in base 2: ``from_binary("1010") == 10``."""
    return int(text, 2)


@exercise(n=whole(0, 255, 65_535))
def to_hexadecimal(n: int) -> str:
    """Write a number in base 16: ``to_hexadecimal(250) == "fa"``."""
    return f"{n:x}"


@exercise(n=whole(0, 99, 9_999))
def count_ones(n: int) -> int:
    """Count the ones of a number in base 2: ``count_ones(10) == 2``."""
    return n.bit_count()


@exercise(n=whole(1, 60, 3_000))
def to_roman(n: int) -> str:
    """Write a number in Roman numerals: ``to_roman(14) == "XIV"``."""
    return roman(n)


@exercise(text=mapped(roman, whole(1, 60, 3_000)))
def from_roman(text: str) -> int:
    """Read a number in Roman numerals: ``from_roman("XIV") == 14``."""
    values = {letters: value for value, letters in ROMAN.items()}
    total = 0
    for here, after in zip(text, [*text[1:], "I"], strict=True):
        total += -values[here] if values[here] < values[after] else values[here]
    return total


@exercise(seconds=whole(0, 9_999, 86_399))
def clock(seconds: int) -> str:
    """Write a time of day as hours, minutes, seconds: ``clock(3_725) == "1:02:05"``."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@exercise(
    time=mapped(lambda s: f"{s // 3600}:{s // 60 % 60:02}:{s % 60:02}", whole(0, 9_999, 86_399))
)
def seconds_since_midnight(time: str) -> int:
    """Read hours, minutes, seconds: ``seconds_since_midnight("1:02:05") == 3_725``."""
    hours, minutes, seconds = map(int, time.split(":"))
    return 3600 * hours + 60 * minutes + seconds


@exercise(
    date=mapped(
        "{0[0]}-{0[1]:02}-{0[2]:02}".format,
        lambda rng, _: (rng.randint(1950, 2030), rng.randint(1, 12), rng.randint(1, 28)),
    )
)
def european_date(date: str) -> str:
    """Rewrite a date without leading zeros: ``european_date("2024-02-09") == "9.2.2024"``."""
    year, month, day = date.split("-")
    return f"{int(day)}.{int(month)}.{year}"


@exercise(n=either(whole(1, 24, 130), whole(10, 14, 114), whole(1, 130, 999)))
def ordinal(n: int) -> str:
    """Write an ordinal number: ``ordinal(22) == "22nd"``."""
    if n % 100 in (11, 12, 13):
        return f"{n}th"
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th') }"


@exercise(n=either(*(whole(0, most, 99_999_999) for most in (999, 99_999, 9_999_999))))
def with_thousands(n: int) -> str:
    """Write commas between thousands: ``with_thousands(1234567) == "1,234,567"``."""
    return f"{n:,}"


@exercise(n=whole(0, 12, 60))
def stars(n: int) -> str:
    """Write so many stars: ``stars(3) == "***"``."""
    return n * "*"


@exercise(xs=lists(whole(0, 6), 1))
def bars(xs: list[int]) -> list[str]:
    """Draw a bar for every number: ``bars([2, 0, 1]) == ["**", "", "*"]``."""
    return [x * "*" for x in xs]


@exercise(n=whole(0, 7, 20))
def steps(n: int) -> list[str]:
    """Draw n steps of stars: ``steps(3) == ["*", "**", "***"]``."""
    return [k * "*" for k in range(1, n + 1)]


def _card(rng: random.Random, larger: bool) -> tuple[str]:
    text = "".join(rng.choice("0123456789") for _ in range(15 if larger else rng.randint(2, 7)))
    last = -sum(map(_luhn, reversed(text), range(1, 16))) % 10
    return (f"{text}{last if rng.random() < 0.5 else rng.randint(0, 9)}",)


def _luhn(digit: str, place: int) -> int:
    value = int(digit) * (1 + place % 2)
    return value - 9 if value > 9 else value


@exercise(_card)
def is_card_number(text: str) -> bool:
    """Check the last digit by Luhn's rule: ``is_card_number("79927398713") is True``."""
    return sum(map(_luhn, reversed(text), range(len(text)))) % 10 == 0


@exercise(
    text=mapped(lambda text: text.replace(" ", " + "), texts(1, 4, [*map(str, range(1, 26))]))
)
def evaluate_sum(text: str) -> int:
    """Work out a sum: ``evaluate_sum("3 + 12 + 4") == 19``."""
    return sum(map(int, text.split(" + ")))
