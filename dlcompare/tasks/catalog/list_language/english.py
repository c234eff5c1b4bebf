"""Programs in controlled English, and back.

Two manners: a noun phrase that names the result ("the reverse of the first 3 elements of the
list"), and orders carried out one after the other ("keep the first 3 elements of the list , then
reverse it"). Every operation has several wordings; some are kept from training and drawn at the
level of unseen wordings only. Every text has one reading.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from dlcompare.tasks.catalog.list_language.programs import CONDITIONS, OPERATIONS, XS, ListTerm

__all__ = ["describe", "read"]


@dataclass(frozen=True)
class Wordings:
    """Ways to say one thing: those of training, and those kept from it.

    Capital letters stand for parts: lists X and Y, a number K, conditions C and D; O is what an
    order is carried out on.
    """

    usual: tuple[str, ...]
    unseen: tuple[str, ...]


NOUNS = {
    "xs": Wordings(("the list", "the input"), ("the given numbers",)),
    "reverse": Wordings(
        ("the reverse of X", "the elements of X in reverse order"), ("the mirror image of X",)
    ),
    "sort": Wordings(
        ("the sorted version of X", "the elements of X in ascending order"),
        ("the elements of X from small to large",),
    ),
    "sort_down": Wordings(
        ("the elements of X in descending order",), ("the elements of X from large to small",)
    ),
    "take": Wordings(
        ("the first K elements of X", "the initial K elements of X"), ("the leading K of X",)
    ),
    "drop": Wordings(
        ("all but the first K elements of X", "what follows the first K elements of X"),
        ("the rest of X after K elements",),
    ),
    "last": Wordings(
        ("the last K elements of X", "the final K elements of X"), ("the K at the end of X",)
    ),
    "add": Wordings(
        ("the elements of X increased by K", "K plus each element of X"),
        ("the elements of X , each K larger",),
    ),
    "times": Wordings(
        ("the elements of X multiplied by K", "K times each element of X"),
        ("the products of K and each element of X",),
    ),
    "negate": Wordings(
        ("the negatives of X", "the elements of X with opposite sign"), ("minus each element of X",)
    ),
    "square": Wordings(
        ("the squares of X", "the elements of X squared"), ("the second powers of X",)
    ),
    "keep": Wordings(
        ("the elements of X that are C", "those of X that are C"), ("whatever of X is C",)
    ),
    "remove": Wordings(
        ("the elements of X that are not C", "all of X except those that are C"),
        ("whatever of X is not C",),
    ),
    "distinct": Wordings(
        ("the distinct elements of X", "the different elements of X"),
        ("the elements of X without repetition",),
    ),
    "join": Wordings(
        ("the concatenation of X and Y", "the join of X and Y"), ("one list out of X and Y",)
    ),
}
"""Noun phrases for lists."""

ORDERS = {
    "reverse": Wordings(("reverse O", "put O in reverse order"), ("turn O around",)),
    "sort": Wordings(("sort O", "put O in ascending order"), ("arrange O from small to large",)),
    "sort_down": Wordings(
        ("sort O in descending order", "put O in descending order"),
        ("arrange O from large to small",),
    ),
    "take": Wordings(
        ("keep the first K elements of O", "take the first K elements of O"),
        ("cut O after K elements",),
    ),
    "drop": Wordings(
        ("drop the first K elements of O", "remove the first K elements of O"),
        ("skip K elements of O",),
    ),
    "last": Wordings(
        ("keep the last K elements of O", "take the last K elements of O"),
        ("keep the K at the end of O",),
    ),
    "add": Wordings(
        ("add K to each element of O", "increase each element of O by K"),
        ("raise each element of O by K",),
    ),
    "times": Wordings(
        ("multiply each element of O by K", "take K times each element of O"), ("scale O by K",)
    ),
    "negate": Wordings(
        ("negate each element of O", "flip the sign of each element of O"),
        ("give each element of O the opposite sign",),
    ),
    "square": Wordings(
        ("square each element of O", "square O"), ("multiply each element of O by itself",)
    ),
    "keep": Wordings(
        ("keep the elements of O that are C", "take those of O that are C"),
        ("filter O for what is C",),
    ),
    "remove": Wordings(
        ("remove the elements of O that are C", "drop those of O that are C"),
        ("discard from O what is C",),
    ),
    "distinct": Wordings(
        ("remove duplicates from O", "keep one of each element of O"),
        ("drop the repetitions in O",),
    ),
    "join": Wordings(("append Y to O", "put Y behind O"), ("extend O by Y",)),
}
"""Orders."""

QUALITIES = {
    "larger": Wordings(("larger than K", "greater than K"), ("above K",)),
    "smaller": Wordings(("smaller than K", "less than K"), ("under K",)),
    "multiple": Wordings(("divisible by K", "multiples of K"), ("K times something",)),
    "even": Wordings(("even",), ("divisible by two",)),
    "odd": Wordings(("odd",), ("indivisible by two",)),
    "negative": Wordings(("negative", "below zero"), ("minus something",)),
    "both": Wordings(("C and D", "both C and D"), ("C as well as D",)),
    "either": Wordings(("C or D", "either C or D"), ("C unless D",)),
}
"""Conditions."""

THEN = Wordings((", then", "and then"), ("; after that",))
IT = "it"
UNSEEN_SHARE = 0.5
"""How many of the wordings in a text of the unseen level are unseen ones; at least one is."""


class _Speaker:
    """Chooses wordings."""

    def __init__(self, rng: np.random.Generator, unseen: bool) -> None:
        self.rng = rng
        self.share = UNSEEN_SHARE if unseen else 0.0
        self.said_unseen = False

    def choose(self, wordings: Wordings) -> str:
        unseen = self.share > 0 and self.rng.random() < self.share
        self.said_unseen |= unseen
        ways = wordings.unseen if unseen else wordings.usual
        return ways[self.rng.integers(len(ways))]

    def noun(self, term: ListTerm) -> list[str]:
        return self.say(self.choose(NOUNS[term.name]), term, {})

    def orders(self, term: ListTerm) -> list[str]:
        """The chain of first operands, carried out from the inside."""
        steps = []
        while term != XS:
            steps.append(term)
            inner = term.parts[0]
            assert isinstance(inner, ListTerm)
            term = inner
        words: list[str] = []
        for step in reversed(steps):
            of = [IT] if words else self.noun(XS)
            words += self.choose(THEN).split() if words else []
            words += self.say(self.choose(ORDERS[step.name]), step, {"O": of})
        return words

    def say(self, text: str, term: ListTerm, known: dict[str, list[str]]) -> list[str]:
        letters = (OPERATIONS | CONDITIONS | {"xs": ("", "")})[term.name][0]
        parts = dict(zip(letters, term.parts, strict=True))
        words: list[str] = []
        for word in text.split():
            if word in known:
                words += known[word]
            elif word in parts:
                words += self.part(parts[word])
            else:
                words.append(word)
        return words

    def part(self, part: ListTerm | int) -> list[str]:
        if not isinstance(part, ListTerm):
            return [str(part)]
        if part.name in CONDITIONS:
            return self.say(self.choose(QUALITIES[part.name]), part, {})
        return self.noun(part)


def describe(term: ListTerm, rng: np.random.Generator, unseen: bool) -> list[str]:
    """Describe a program of at least one operation, in one of its many wordings.

    Examples
    --------
    >>> term = ListTerm("take", (ListTerm("sort", (XS,)), 3))
    >>> " ".join(describe(term, np.random.default_rng(1), unseen=False))
    'put the input in ascending order , then keep the first 3 elements of it'
    """
    while True:
        speaker = _Speaker(rng, unseen)
        words = speaker.noun(term) if rng.random() < 0.5 else speaker.orders(term)
        if speaker.said_unseen == unseen:
            return words


def read(words: Sequence[str]) -> ListTerm | None:
    """Return the program that a text describes; None if the text is not of this English.

    Examples
    --------
    >>> words = "reverse the list , then square it".split()
    >>> read(words) == ListTerm("square", (ListTerm("reverse", (XS,)),))
    True
    """
    reader = _Readings(tuple(words))
    whole = reader.parts("X", 0).get(len(words))
    if whole is not None:
        return whole if isinstance(whole, ListTerm) and whole != XS else None
    here = dict(reader.orders(0, None))
    while here:
        if len(words) in here:
            return here[len(words)]
        following: dict[int, ListTerm] = {}
        for end, term in here.items():
            for then in (*THEN.usual, *THEN.unseen):
                after = end + len(then.split())
                if words[end:after] == then.split():
                    following |= dict(reader.orders(after, term))
        here = following
    return None


@cache
def _by_first(kind: str) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Wordings of lists (X), orders (O) or simple and compound conditions (D, C) by first word."""
    tables = {"X": NOUNS, "O": ORDERS, "C": QUALITIES, "D": QUALITIES}
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for name, wordings in tables[kind].items():
        if kind == "D" and CONDITIONS[name][0] == "CD":
            continue
        for text in (*wordings.usual, *wordings.unseen):
            found[text.split()[0]].append((name, tuple(text.split())))
    return found


class _Readings:
    """All readings of the parts of one text, each part read once."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        self._known: dict[tuple[str, int], dict[int, ListTerm | int]] = {}

    def parts(self, kind: str, start: int) -> dict[int, ListTerm | int]:
        """Yield the parts that begin at `start`, with their ends."""
        kind = {"Y": "X"}.get(kind, kind)
        if (kind, start) not in self._known:
            self._known[kind, start] = dict(self._parts(kind, start))
        return self._known[kind, start]

    def _parts(self, kind: str, start: int) -> Iterator[tuple[int, ListTerm | int]]:
        if start >= len(self.words):
            return
        first = self.words[start]
        if kind == "K":
            if first.isdecimal():
                yield start + 1, int(first)
            return
        for opening in (first, "K", "C"):
            for name, text in _by_first(kind).get(opening, ()):
                for end, known in self._match(text, start, {}, kind):
                    yield end, _term(name, known)

    def orders(self, start: int, on: ListTerm | None) -> Iterator[tuple[int, ListTerm]]:
        """Orders that begin at `start`, on the input (with None) or on what "it" means."""
        if start < len(self.words):
            for name, text in _by_first("O").get(self.words[start], ()):
                for end, known in self._match(text, start, {}, "O"):
                    of = known.pop("O")
                    if (of == XS) if on is None else (of == IT):
                        yield end, _term(name, known | {"X": XS if on is None else on})

    def _match(
        self, text: tuple[str, ...], at: int, known: dict[str, object], kind: str
    ) -> Iterator[tuple[int, dict[str, object]]]:
        if not text:
            yield at, known
        elif len(text[0]) == 1 and text[0].isupper():
            for end, part in self._fillers(text[0], at, kind):
                yield from self._match(text[1:], end, known | {text[0]: part}, kind)
        elif at < len(self.words) and self.words[at] == text[0]:
            yield from self._match(text[1:], at + 1, known, kind)

    def _fillers(self, letter: str, at: int, kind: str) -> Iterator[tuple[int, object]]:
        if letter == "O":
            if at < len(self.words) and self.words[at] == IT:
                yield at + 1, IT
            yield from ((end, part) for end, part in self.parts("X", at).items() if part == XS)
        else:
            simple = kind in "CD" and letter in "CD"
            yield from self.parts("D" if simple else letter, at).items()


def _term(name: str, known: Mapping[str, Any]) -> ListTerm:
    letters = (OPERATIONS | CONDITIONS | {"xs": ("", "")})[name][0]
    return ListTerm(name, tuple(known[letter] for letter in letters))
