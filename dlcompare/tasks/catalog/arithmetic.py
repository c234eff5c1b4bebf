"""Arithmetic on integers."""

import itertools
import math

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting, choices, ints, lists
from dlcompare.tasks.task import task

DIGITS = [4, 5, 6, 8, 12, 16, 20]


def sums_of_places(a: int, b: int) -> list[int]:
    """Return the sum at each place with its carry, from the ones upwards."""
    sums, carry = [], 0
    while a or b or carry:
        sums.append(a % 10 + b % 10 + carry)
        a, b, carry = a // 10, b // 10, sums[-1] // 10
    return sums


@task(
    inputs={"a": ints(0, 999), "b": ints(0, 999)},
    train={"digits": [1, 2, 3]},
    test={"digits": DIGITS},
    without={"add", "subtract", "sum"},
    ensures=lambda a, b, result: a < 0 or b < 0 or result - a == b,
    states=sums_of_places,
)
def addition(a: int, b: int) -> int:
    """Add two non-negative integers.

    addition(58, 67) == 125

    Addition and subtraction are withheld from programs (a - (0 - b) is an addition too), and so is
    the sum of a list; counting up by one is not.
    """
    return a + b


@task(
    inputs={"a": ints(0, 999), "b": ints(0, 999)},
    train={"digits": [1, 2, 3]},
    test={"digits": DIGITS},
    without={"add", "subtract", "sum"},
    ensures=lambda a, b, result: a < 0 or b < 0 or result + b == a,
)
def subtraction(a: int, b: int) -> int:
    """Subtract the second of two non-negative integers from the first.

    subtraction(58, 67) == -9

    Subtraction is withheld from programs, and addition and sums with it; counting down by one is
    not.
    """
    return a - b


@task(
    inputs={"a": ints(0, 99), "b": ints(0, 99)},
    train={"digits": [1, 2]},
    test={"digits": [3, 4, 5, 6, 8, 10]},
    without={"multiply"},
)
def multiplication(a: int, b: int) -> int:
    """Multiply two non-negative integers.

    multiplication(12, 34) == 408

    Multiplication is withheld from programs; repeated addition is not.
    """
    return a * b


@task(
    inputs={"m": ints(2, 9), "xs": lists(ints(0, 9))},
    train={"xs.length": range(1, 9)},
    test={"xs.length": [12, 16, 32, 64, 128, 256, 512], "m.digits": [2, 3]},
    ensures=lambda m, xs, result: 0 <= result < m and (sum(xs) - result) % m == 0,
    without={"modulo"},
)
def modular_sum(m: int, xs: list[int]) -> int:
    """The sum of a list modulo m.

    modular_sum(7, [5, 6, 2]) == 6

    The remainder is withheld: with it, this is two operations.
    """
    return sum(xs) % m


@task(
    inputs={"n": ints(0, 9_999)},
    train={"digits": [1, 2, 3, 4]},
    test={"digits": [5, 6, 8, 12, 16, 20]},
    without={"modulo"},
    ensures=lambda n, result: result == (n // 2 * 2 != n),
)
def parity(n: int) -> bool:
    """Tell whether a number is odd.

    parity(58) == False

    The remainder is withheld: with it, this is one comparison.
    """
    return n % 2 == 1


def related_pair(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Two multiples of one small number, so that the divisor is seldom 1."""
    digits = int(setting.get("digits", 2))
    factor = int(rng.integers(1, 13))
    low, high = 10 ** (digits - 1), 10**digits - 1
    a, b = ints(-(-low // factor), max(1, high // factor)).draw(rng, {}, 2)
    return {"a": a * factor, "b": b * factor}


def remainders(a: int, b: int) -> list[int]:
    """The remainders of Euclid's algorithm, step by step."""
    left = []
    while b:
        a, b = b, a % b
        left.append(b)
    return left


@task(
    inputs=related_pair,
    train={"digits": [2, 3]},
    test={"digits": [4, 5, 6, 8, 12, 16]},
    ensures=lambda a, b, result: (
        result > 0
        and a % result == 0
        and b % result == 0
        and not any(a % d == 0 and b % d == 0 for d in range(result + 1, min(a, b) + 1))
    ),
    states=remainders,
)
def greatest_common_divisor(a: int, b: int) -> int:
    """The largest number that divides both.

    greatest_common_divisor(84, 36) == 12
    """
    return math.gcd(a, b)


def digits_of(n: int, base: int) -> list[int]:
    """The digits of n, most significant first; none for 0."""
    digits: list[int] = []
    while n:
        n, digit = divmod(n, base)
        digits.insert(0, digit)
    return digits


@task(
    inputs={"base": choices(2, 3, 5, 8), "n": ints(1, 999)},
    train={"n.digits": [1, 2, 3]},
    test={"n.digits": [4, 5, 6, 8, 12, 16]},
    ensures=lambda base, n, result: (
        all(0 <= d < base for d in result)
        and result[:1] != [0]
        and n == sum(d * base**i for i, d in enumerate(reversed(result)))
    ),
)
def to_base(base: int, n: int) -> list[int]:
    """The digits of a number in another base, most significant first.

    to_base(2, 13) == [1, 1, 0, 1]
    """
    return digits_of(n, base)


@task(
    inputs={"base": choices(2, 3, 5, 8), "digits": lists(choices(0, 1), range(1, 9))},
    train={"digits.length": range(1, 9)},
    test={"digits.length": [12, 16, 24, 32, 48, 64]},
    ensures=lambda base, digits, result: (
        result == sum(d * base**i for i, d in enumerate(reversed(digits)))
    ),
)
def from_base(base: int, digits: list[int]) -> int:
    """The number that is written with the digits 0 and 1 in some base.

    from_base(5, [1, 0, 1]) == 26
    """
    number = 0
    for digit in digits:
        number = number * base + digit
    return number


@task(
    inputs={"n": ints(1, 999)},
    train={"magnitude": [1_000, 10_000]},
    test={"magnitude": [100_000, 1_000_000, 10_000_000, 100_000_000]},
)
def collatz_steps(n: int) -> int:
    """The number of Collatz steps down to 1: halve if even, else 3n + 1.

    collatz_steps(6) == 8
    """
    n, steps = max(n, 1), 0
    while n != 1:
        n, steps = n // 2 if n % 2 == 0 else 3 * n + 1, steps + 1
    return steps


@task(
    inputs={"n": ints(0, 9_999)},
    train={"digits": [1, 2, 3, 4]},
    test={"digits": [5, 6, 8, 12, 16, 20]},
    ensures=lambda n, result: result == sum(n // 10**i % 10 for i in range(25)),
)
def digit_sum(n: int) -> int:
    """The sum of the decimal digits of a number.

    digit_sum(1958) == 23
    """
    return sum(map(int, str(n)))


def dividend_and_divisor(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A dividend of so many digits, and a divisor between 2 and 12, or of so many digits."""
    b = ints(2, 12).draw(rng, {"digits": setting["divisor"]} if "divisor" in setting else {}, 1)[0]
    return {"a": ints(0, 0).draw(rng, {"digits": setting.get("digits", 3)}, 1)[0], "b": b}


@task(
    inputs=dividend_and_divisor,
    train={"digits": [1, 2, 3]},
    test={"digits": [4, 5, 6, 8, 12, 16], "divisor": [2, 3]},
    without={"divide", "modulo"},
    ensures=lambda a, b, result: a == result[0] * b + result[1] and 0 <= result[1] < b,
)
def quotient_and_remainder(a: int, b: int) -> tuple[int, int]:
    """Divide with remainder.

    quotient_and_remainder(58, 7) == (8, 2)

    Division and remainder are withheld.
    """
    return divmod(a, b)


@task(
    inputs={"n": ints(2, 199)},
    train={"magnitude": [1_000, 5_000]},
    test={"magnitude": [20_000, 100_000, 1_000_000, 10_000_000]},
    ensures=lambda n, result: result == (n > 1 and all(n % d for d in range(2, n))),
)
def is_prime(n: int) -> bool:
    """Tell whether a number has no divisors but 1 and itself.

    is_prime(91) == False
    """
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


@task(
    inputs={"base": ints(2, 9), "exponent": ints(0, 9), "m": ints(2, 29)},
    train={"exponent.magnitude": [10]},
    test={"exponent.magnitude": [30, 100, 1_000, 1_000_000], "base.digits": [2, 3]},
)
def modular_power(base: int, exponent: int, m: int) -> int:
    """A power modulo m.

    modular_power(3, 4, 7) == 4
    """
    return pow(base, exponent, m)


@task(
    inputs={"coefficients": lists(ints(-5, 5), range(1, 4)), "x": ints(-5, 5)},
    train={"coefficients.length": [1, 2, 3]},
    test={"coefficients.length": [4, 5, 6, 8], "x.magnitude": [20, 50, 100]},
    ensures=lambda coefficients, x, result: (
        result == sum(c * x**i for i, c in enumerate(reversed(coefficients)))
    ),
)
def polynomial(coefficients: list[int], x: int) -> int:
    """The value of a polynomial; the coefficient of the highest power comes first.

    polynomial([2, 0, -1], 3) == 17

    Horner's rule is a fold.
    """
    return list(itertools.accumulate(coefficients, lambda value, c: value * x + c))[-1]
