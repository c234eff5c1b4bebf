"""Text: the transformations that people do by example in spreadsheets."""

import string

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting, ints, strings
from dlcompare.tasks.task import task

LETTERS = string.ascii_lowercase
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
WORDS = [3, 4, 6, 8, 12, 16, 32, 64]


def phrase(rng: np.random.Generator, setting: Setting) -> str:
    """Lower-case words with single spaces between; knobs: words, letters (at most, in a word)."""
    words, letters = setting.get("words", 2), setting.get("letters", 6)
    return " ".join(strings(LETTERS, range(1, letters + 1)).draw(rng, {}, words))


def one_phrase(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A phrase as the only argument."""
    return {"text": phrase(rng, setting)}


@task(
    inputs=lambda rng, setting: {"text": phrase(rng, setting).title()},
    train={"words": [1, 2, 3]},
    test={"words": WORDS[1:], "letters": [12, 24]},
    ensures=lambda text, result: (
        len(result) == 2 * len(text.split())
        and all(result[2 * i : 2 * i + 2] == f"{w[0]}." for i, w in enumerate(text.split()))
    ),
)
def initials(text: str) -> str:
    """The first letter of every word, each with a full stop.

    initials("Ada King Lovelace") == "A.K.L."
    """
    return "".join(f"{word[0]}." for word in text.split())


@task(
    inputs={"k": ints(1, 5), "text": strings(LETTERS, range(1, 9))},
    train={"length": range(1, 9)},
    test={"length": [12, 16, 32, 64, 128, 256], "magnitude": [13, 26]},
    ensures=lambda k, text, result: (
        len(result) == len(text)
        and all((ord(r) - ord(t) - k) % 26 == 0 for t, r in zip(text, result, strict=True))
    ),
)
def caesar_cipher(k: int, text: str) -> str:
    """Move every letter k places forward in the alphabet; after z comes a.

    caesar_cipher(3, "xyz") == "abc"
    """
    return "".join(LETTERS[(LETTERS.index(letter) + k) % 26] for letter in text)


def written_date(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A date as written in letters; knob: year (the latest)."""
    latest = setting.get("year", 2029)
    year, month, day = rng.integers(latest - 30, latest + 1), rng.integers(12), rng.integers(1, 29)
    return {"text": f"{day} {MONTHS[month]} {year}"}


@task(
    inputs=written_date,
    train={"year": [1999, 2029]},
    test={"year": [2099, 2999, 9999]},
)
def reformat_date(text: str) -> str:
    """Write a date as year, month and day in numbers.

    reformat_date("7 Mar 2021") == "2021-03-07"

    Later centuries are the axis.
    """
    day, month, year = text.split()
    return f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"


def mirrored_or_nearly(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A palindrome; half of the time with one letter changed."""
    length = int(setting.get("length", 6))
    half = strings("abcd").draw(rng, {"length": -(-length // 2)}, 1)[0]
    text = half + half[::-1][length % 2 :]
    if rng.random() < 0.5:
        at = int(rng.integers(length))
        text = text[:at] + "abcd"[int(rng.integers(4))] + text[at + 1 :]
    return {"text": text}


@task(
    inputs=mirrored_or_nearly,
    train={"length": range(1, 11)},
    test={"length": [12, 16, 32, 64, 128, 256, 512]},
    without={"reverse"},
    ensures=lambda text, result: (
        result == all(a == b for a, b in zip(text, text[::-1], strict=True))
    ),
)
def is_palindrome(text: str) -> bool:
    """Tell whether a text is the same backwards; about half are, the others except for one letter.

    is_palindrome("abcba") == True

    A primitive that reverses is withheld: with it, this is one comparison.
    """
    return text == text[::-1]


@task(
    inputs=one_phrase,
    train={"words": [1, 2, 3]},
    test={"words": WORDS[1:], "letters": [12, 24]},
    ensures=lambda text, result: result.split()[::-1] == text.split() and len(result) == len(text),
)
def reverse_words(text: str) -> str:
    """Write the words of a text in the opposite order.

    reverse_words("to be or") == "or be to"
    """
    return " ".join(reversed(text.split()))


def marked(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A text with one part in brackets; knob: length (of each of the three parts, at most)."""
    longest = int(setting.get("length", 5))
    before, inside, after = strings(LETTERS, range(longest // 2, longest + 1)).draw(rng, {}, 3)
    return {"text": f"{before}[{inside}]{after}"}


@task(
    inputs=marked,
    train={"length": range(1, 9)},
    test={"length": [12, 16, 32, 64, 128]},
    ensures=lambda text, result: f"[{result}]" in text,
)
def extract_between(text: str) -> str:
    """The text between the brackets.

    extract_between("ab[cde]f") == "cde"

    A primitive that cuts out between two marks is withheld; one that finds a mark is not.
    """
    return text[text.index("[") + 1 : text.index("]")]


@task(
    inputs=lambda rng, setting: {"text": phrase(rng, setting).replace(" ", "_")},
    train={"words": [1, 2, 3]},
    test={"words": WORDS[1:], "letters": [12, 24]},
    ensures=lambda text, result: (
        "_" not in result and "".join(f"_{c.lower()}" if c.isupper() else c for c in result) == text
    ),
)
def camel_case(text: str) -> str:
    """Write a name with underscores in camel case.

    camel_case("number_of_words") == "numberOfWords"
    """
    first, *rest = text.split("_")
    return first + "".join(word.capitalize() for word in rest)


@task(
    inputs=strings("abcde", range(1, 9)),
    train={"length": range(1, 9)},
    test={"length": [12, 16, 32, 64, 128, 256]},
    ensures=lambda text, result: result == sum(letter in "ae" for letter in text),
)
def count_vowels(text: str) -> int:
    """The number of vowels in a text.

    count_vowels("bead") == 2
    """
    return sum(letter in "aeiou" for letter in text)


def shuffled_or_nearly(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A text and its letters in another order; half of the time with letters changed, as well.

    One letter, or several, or two that balance, or one more or less: were it always one, whatever
    notices a single letter, a sum of codes say, would pass for the comparison of all.
    """
    length = int(setting.get("length", 4))
    first = strings("abcd").draw(rng, {"length": length}, 1)[0]
    second = [first[i] for i in rng.permutation(length)]
    match int(rng.integers(8)):
        case 0:
            second[int(rng.integers(length))] = "abcd"[int(rng.integers(4))]
        case 1:
            for place in rng.permutation(length)[: rng.integers(1, length + 1)]:
                second[place] = "abcd"[int(rng.integers(4))]
        case 2:
            earlier = [place for place, letter in enumerate(second) if letter > "a"]
            later = [place for place, letter in enumerate(second) if letter < "d"]
            if earlier and later:
                for places, step in ((earlier, -1), (later, 1)):
                    place = places[int(rng.integers(len(places)))]
                    second[place] = chr(ord(second[place]) + step)
        case 3:
            second = second[1:] if rng.random() < 0.5 else [*second, "abcd"[int(rng.integers(4))]]
    return {"first": first, "second": "".join(second)}


@task(
    inputs=shuffled_or_nearly,
    train={"length": range(1, 9)},
    test={"length": [12, 16, 32, 64, 128, 256]},
    without={"sort"},
    ensures=lambda first, second, result: (
        result == all(first.count(c) == second.count(c) for c in first + second)
    ),
)
def is_anagram(first: str, second: str) -> bool:
    """Tell whether two texts are anagrams; about half of the pairs are.

    is_anagram("dacb", "abcd") == True

    A primitive that sorts is withheld.
    """
    return sorted(first) == sorted(second)


@task(
    inputs=one_phrase,
    train={"words": [1, 2, 3]},
    test={"words": WORDS[1:], "letters": [12, 24]},
    ensures=lambda text, result: (
        result in text.split() and all(len(word) <= len(result) for word in text.split())
    ),
)
def longest_word(text: str) -> str:
    """The longest word of a text; of several, the first.

    longest_word("to be or not to") == "not"
    """
    return max(text.split(), key=len)
