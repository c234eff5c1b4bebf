"""Exercises on texts."""

import itertools
import random
import re

from benchmarks.classroom.exercise import exercise
from benchmarks.classroom.inputs import (
    FIRST,
    LAST,
    WORDS,
    among,
    distinct,
    either,
    letters,
    lists,
    mapped,
    mirrored,
    mixed,
    shuffled,
    texts,
    tuples,
    whole,
    word,
)

text = texts()
several_words = texts(2, 4)
abc = letters("abc", 1, 7)
name = mapped(" ".join, tuples(among(FIRST), among(LAST)))


@exercise(text=text)
def count_vowels(text: str) -> int:
    """Count the vowels: ``count_vowels("green tea") == 4``."""
    return sum(each in "aeiou" for each in text)


@exercise(text=text)
def remove_vowels(text: str) -> str:
    """Leave the vowels out: ``remove_vowels("green tea") == "grn t"``."""
    return "".join(each for each in text if each not in "aeiou")


@exercise(text=several_words)
def remove_spaces(text: str) -> str:
    """Leave the blanks out: ``remove_spaces("green tea") == "greentea"``."""
    return text.replace(" ", "")


@exercise(text=several_words)
def snake_case(text: str) -> str:
    """Join words by underscores: ``snake_case("green tea") == "green_tea"``."""
    return text.replace(" ", "_")


@exercise(text=several_words)
def camel_case(text: str) -> str:
    """Join words, the later ones capitalized: ``camel_case("hot green tea") == "hotGreenTea"``."""
    first, *others = text.split()
    return first + "".join(each.capitalize() for each in others)


@exercise(text=several_words)
def title_case(text: str) -> str:
    """Capitalize every word: ``title_case("green tea") == "Green Tea"``."""
    return " ".join(each.capitalize() for each in text.split())


@exercise(text=text)
def count_words(text: str) -> int:
    """Count the words: ``count_words("green tea") == 2``."""
    return len(text.split())


@exercise(text=text)
def word_lengths(text: str) -> list[int]:
    """Return the length of every word: ``word_lengths("green tea") == [5, 3]``."""
    return [len(each) for each in text.split()]


@exercise(text=several_words)
def longest_word(text: str) -> str:
    """Return the longest word, the first of several: ``longest_word("a green tea") == "green"``."""
    return max(text.split(), key=len)


@exercise(text=several_words)
def reverse_words(text: str) -> str:
    """Reverse the order of the words: ``reverse_words("hot green tea") == "tea green hot"``."""
    return " ".join(reversed(text.split()))


@exercise(text=text)
def reverse_each_word(text: str) -> str:
    """Reverse every word: ``reverse_each_word("green tea") == "neerg aet"``."""
    return " ".join(each[::-1] for each in text.split())


@exercise(name=texts(1, 3, FIRST))
def initials(name: str) -> str:
    """Return the initials, each with a full stop: ``initials("Ada Rosa") == "A.R."``."""
    return "".join(f"{each[0]}." for each in name.split())


@exercise(text=several_words)
def acronym(text: str) -> str:
    """Return the capital first letters: ``acronym("green tea") == "GT"``."""
    return "".join(each[0].upper() for each in text.split())


@exercise(name=name)
def last_name_first(name: str) -> str:
    """Put the last name first: ``last_name_first("Ada Stone") == "Stone, Ada"``."""
    first, last = name.split()
    return f"{last}, {first}"


@exercise(address=mapped("{0[0]}.{0[1]}@{0[2]}.org".format, tuples(word, word, word)))
def user_of_address(address: str) -> str:
    """Return what is before the at sign: ``user_of_address("ben@lake.org") == "ben"``."""
    return address.partition("@")[0]


@exercise(text=mixed(text))
def swap_case(text: str) -> str:
    """Exchange small and capital letters: ``swap_case("greeN Tea") == "GREEn tEA"``."""
    return text.swapcase()


@exercise(text=mixed(text))
def count_capitals(text: str) -> int:
    """Count the capital letters: ``count_capitals("greeN Tea") == 2``."""
    return sum(each.isupper() for each in text)


@exercise(text=text, letter=among("aeilnorst"))
def count_letter(text: str, letter: str) -> int:
    """Count a letter: ``count_letter("green tea", "e") == 3``."""
    return text.count(letter)


@exercise(text=letters("abn", 2, 9), part=among(("a", "b", "n", "an", "ba", "na", "ab")))
def count_part(text: str, part: str) -> int:
    """Count the places where a part begins: ``count_part("banana", "an") == 2``."""
    return sum(text.startswith(part, i) for i in range(len(text)))


@exercise(text=either(word, mapped(mirrored, word), mapped(mirrored, abc)))
def is_palindrome(text: str) -> bool:
    """Tell whether a word reads the same backwards: ``is_palindrome("level") is True``."""
    return text == text[::-1]


def _two_alike(rng: random.Random, larger: bool) -> tuple[str, str]:
    first = letters("abcdeinorst", 2, 6)(rng, larger)
    if rng.random() < 0.5:
        return first, shuffled(rng, first)
    place = rng.randrange(len(first))
    return first, shuffled(rng, first[:place] + rng.choice("abcdeinorst") + first[place + 1 :])


@exercise(_two_alike)
def is_anagram(first: str, second: str) -> bool:
    """Tell whether two words have the same letters: ``is_anagram("stone", "notes") is True``."""
    return sorted(first) == sorted(second)


def _turned(rng: random.Random, larger: bool) -> tuple[str, str]:
    first = letters("abcd", 2, 6)(rng, larger)
    cut = rng.randrange(len(first))
    second = first[cut:] + first[:cut]
    return first, second if rng.random() < 0.5 else shuffled(rng, second)


@exercise(_turned)
def is_rotation(first: str, second: str) -> bool:
    """Tell whether a word is another one, rotated: ``is_rotation("stone", "onest") is True``."""
    return len(first) == len(second) and second in first + first


letters_to_o = letters("abcdefghijklmno", 2, 8)


@exercise(text=either(letters_to_o, distinct(letters_to_o)))
def is_isogram(text: str) -> bool:
    """Tell whether no letter occurs twice: ``is_isogram("apple") is False``."""
    return len(set(text)) == len(text)


@exercise(text=word, shift=whole(0, 25))
def caesar(text: str, shift: int) -> str:
    """Move every letter on in the alphabet: ``caesar("xyz", 2) == "zab"``."""
    return "".join(chr((ord(each) - ord("a") + shift) % 26 + ord("a")) for each in text)


@exercise(text=abc)
def run_length(text: str) -> str:
    """Write stretches of a letter with their length: ``run_length("aab") == "a2b1"``."""
    return "".join(f"{letter}{len(list(run))}" for letter, run in itertools.groupby(text))


@exercise(
    text=mapped(
        "".join, lists(mapped("{0[0]}{0[1]}".format, tuples(among("abc"), whole(1, 5))), 1, 3)
    )
)
def expand(text: str) -> str:
    """Undo `run_length`: ``expand("a2b1") == "aab"``."""
    return "".join(letter * int(count) for letter, count in re.findall(r"(\D)(\d)", text))


@exercise(text=abc)
def squeeze(text: str) -> str:
    """Keep one of equal neighbouring letters: ``squeeze("aabca") == "abca"``."""
    return "".join(letter for letter, _ in itertools.groupby(text))


@exercise(text=abc)
def most_common_letter(text: str) -> str:
    """Return the most frequent letter, or the first: ``most_common_letter("abb") == "b"``."""
    return max(text, key=text.count)


@exercise(text=letters("abcdef", 1, 6))
def letters_once(text: str) -> str:
    """Keep the first of equal letters: ``letters_once("abcab") == "abc"``."""
    return "".join(dict.fromkeys(text))


@exercise(text=word)
def sort_letters(text: str) -> str:
    """Sort the letters: ``sort_letters("green") == "eegnr"``."""
    return "".join(sorted(text))


@exercise(text=text)
def double_letters(text: str) -> str:
    """Write every character twice: ``double_letters("abc") == "aabbcc"``."""
    return "".join(2 * each for each in text)


@exercise(text=word)
def with_dashes(text: str) -> str:
    """Put dashes between the letters: ``with_dashes("tea") == "t-e-a"``."""
    return "-".join(text)


@exercise(text=word)
def letter_numbers(text: str) -> list[int]:
    """Return the place of every letter in the alphabet: ``letter_numbers("bad") == [2, 1, 4]``."""
    return [ord(each) - ord("a") + 1 for each in text]


with_vowel = [each for each in WORDS if each[0] in "aeiou"]


@exercise(word=either(word, mapped("".join, lists(among(with_vowel), 1, 1))))
def pig_latin(word: str) -> str:
    """Move a first consonant to the end, add "ay": ``pig_latin("tea") == "eatay"``."""
    if word[0] in "aeiou":
        return word + "ay"
    return word[1:] + word[0] + "ay"


@exercise(text=mapped("".join, lists(among([*"abxyz123456789"]), 1, 7)))
def sum_of_digits_in_text(text: str) -> int:
    """Add the digits of a text: ``sum_of_digits_in_text("a1b25") == 8``."""
    return sum(int(each) for each in text if each.isdigit())


def _same_length(rng: random.Random, larger: bool) -> tuple[str, str]:
    first = letters("ACGT", 1, 7)(rng, larger)
    return first, "".join(rng.choice((each, each, *"ACGT")) for each in first)


@exercise(_same_length)
def hamming_distance(first: str, second: str) -> int:
    """Count the places at which two texts differ: ``hamming_distance("ACGT", "AGGA") == 2``."""
    return sum(a != b for a, b in zip(first, second, strict=True))


@exercise(strand=letters("ACGT", 1, 7))
def reverse_complement(strand: str) -> str:
    """Return the opposite strand of DNA: ``reverse_complement("AAC") == "GTT"``."""
    return strand[::-1].translate(str.maketrans("ACGT", "TGCA"))


def _common_beginning(rng: random.Random, larger: bool) -> tuple[str, str]:
    beginning, *ends = (letters("abc", 0, 4)(rng, larger) for _ in range(3))
    return beginning + ends[0], beginning + ends[1]


@exercise(_common_beginning)
def common_prefix(first: str, second: str) -> str:
    """Return the longest common beginning: ``common_prefix("abca", "abba") == "ab"``."""
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return "".join(a for a, _ in same)


def _brackets(rng: random.Random, larger: bool) -> tuple[str]:
    balanced = ""
    for _ in range(rng.randint(6, 12) if larger else rng.randint(1, 5)):
        cut = rng.randint(0, len(balanced))
        balanced = balanced[:cut] + "()" + balanced[cut:]
    return (balanced if rng.random() < 0.5 else shuffled(rng, balanced),)


@exercise(_brackets)
def is_balanced(text: str) -> bool:
    """Tell whether every bracket has its partner: ``is_balanced("(()())") is True``."""
    depth = 0
    for each in text:
        depth += 1 if each == "(" else -1
        if depth < 0:
            return False
    return depth == 0


@exercise(
    password=either(
        letters("abcdABCD1234", 5, 11),
        letters("abcdefABCDEF", 5, 11),
        letters("abcdef123456", 5, 11),
        mapped(lambda text: text[:9], letters("abcdABCD1234", 5, 11)),
    )
)
def is_strong(password: str) -> bool:
    """Require 8 characters, a digit and a capital: ``is_strong("ab1Cdefg") is True``."""
    kinds = any(map(str.isdigit, password)) and any(map(str.isupper, password))
    return len(password) >= 8 and kinds


def _text_and_word(rng: random.Random, larger: bool) -> tuple[str, str]:
    text = several_words(rng, larger)
    return text, rng.choice([*text.split(), rng.choice(WORDS)])


@exercise(_text_and_word)
def censor(text: str, word: str) -> str:
    """Replace a word's letters by stars: ``censor("hot tea", "tea") == "hot ***"``."""
    return " ".join("*" * len(each) if each == word else each for each in text.split())
