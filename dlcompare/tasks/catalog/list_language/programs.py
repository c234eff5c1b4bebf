"""Programs of the list language, drawn at random.

A program is a term: operations on lists, applied to the input `xs`, with small numbers and
conditions inside::

    ListTerm("take", (ListTerm("sort", (XS,)), 3))        sorted ( xs ) [ : 3 ]

The tables below are the language that is drawn; the evaluator understands more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

__all__ = [
    "CONDITIONS",
    "NUMBERS",
    "OPERATIONS",
    "SIMPLE",
    "XS",
    "ListTerm",
    "draw_program",
    "held_out",
    "one_operation",
    "operations",
    "pairs",
    "tokens",
]

OPERATIONS = {
    "reverse": ("X", "X [ : : -1 ]"),
    "sort": ("X", "sorted ( X )"),
    "sort_down": ("X", "sorted ( X , reverse = True )"),
    "take": ("XK", "X [ : K ]"),
    "drop": ("XK", "X [ K : ]"),
    "last": ("XK", "X [ - K : ]"),
    "add": ("XK", "[ x + K for x in X ]"),
    "times": ("XK", "[ x * K for x in X ]"),
    "negate": ("X", "[ - x for x in X ]"),
    "square": ("X", "[ x * x for x in X ]"),
    "keep": ("XC", "[ x for x in X if C ]"),
    "remove": ("XC", "[ x for x in X if not ( C ) ]"),
    "distinct": ("X", "list ( dict . fromkeys ( X ) )"),
    "join": ("XY", "( X + Y )"),
}
"""By name what an operation takes (lists X and Y, a number K, a condition C), and its tokens."""

CONDITIONS = {
    "larger": ("K", "x > K"),
    "smaller": ("K", "x < K"),
    "multiple": ("K", "x % K == 0"),
    "even": ("", "x % 2 == 0"),
    "odd": ("", "x % 2 == 1"),
    "negative": ("", "x < 0"),
    "both": ("CD", "C and D"),
    "either": ("CD", "C or D"),
}
"""The same for conditions on an element; `both` and `either` take two that are neither."""

SIMPLE = tuple(name for name, (parts, _) in CONDITIONS.items() if parts in ("", "K"))
COMPOUND = tuple(name for name in CONDITIONS if name not in SIMPLE)
COMPOUND_SHARE = 0.25
NUMBERS = range(2, 10)

_SPACING = 7
_NAMES = tuple(OPERATIONS)


@dataclass(frozen=True)
class ListTerm:
    """An operation, or a condition, with its parts: terms and numbers."""

    name: str
    parts: tuple["ListTerm | int", ...] = ()


XS = ListTerm("xs")
"""The input."""


def held_out(outer: str, inner: str) -> bool:
    """Return whether no training program applies `outer` directly to the result of `inner`.

    One pair in seven; which ones is decided by the places of both in the table.
    """
    return (3 * _NAMES.index(outer) + _NAMES.index(inner)) % _SPACING == 0


def operations(term: ListTerm) -> int:
    """Return the number of operations on lists in a program."""
    return sum(each.name in OPERATIONS for each in _walk(term))


def pairs(term: ListTerm) -> Iterator[tuple[str, str]]:
    """Return every operation with each operation that it is directly applied to."""
    for each in _walk(term):
        for part in each.parts:
            if isinstance(part, ListTerm) and each.name in OPERATIONS and part.name in OPERATIONS:
                yield each.name, part.name


def _walk(term: ListTerm) -> Iterator[ListTerm]:
    yield term
    for part in term.parts:
        if isinstance(part, ListTerm):
            yield from _walk(part)


def tokens(term: ListTerm) -> list[str]:
    """The tokens of a program.

    Examples
    --------
    >>> " ".join(tokens(ListTerm("take", (ListTerm("sort", (XS,)), 3))))
    'sorted ( xs ) [ : 3 ]'
    """
    if term == XS:
        return ["xs"]
    letters, text = (OPERATIONS | CONDITIONS)[term.name]
    values = {
        letter: tokens(part) if isinstance(part, ListTerm) else [str(part)]
        for letter, part in zip(letters, term.parts, strict=True)
    }
    return [token for word in text.split() for token in values.get(word, [word])]


def draw_program(rng: np.random.Generator, count: int, unseen: bool) -> ListTerm:
    """A program of `count` operations, at least one.

    Its pairs of neighbouring operations are none of those held out, or with `unseen` at least one
    is; that takes two operations.
    """
    count = max(count, 2 if unseen else 1)
    while True:
        term = _draw(rng, count)
        if any(held_out(*pair) for pair in pairs(term)) == unseen:
            return term


def one_operation() -> Iterator[ListTerm]:
    """Return every program of one operation on the input, without compound conditions."""
    for name, (letters, _) in OPERATIONS.items():
        if letters in ("X", "XY"):
            yield ListTerm(name, (XS,) * len(letters))
        elif letters == "XK":
            yield from (ListTerm(name, (XS, k)) for k in NUMBERS)
        else:
            for condition in SIMPLE:
                numbers = [(k,) for k in NUMBERS] if CONDITIONS[condition][0] else [()]
                yield from (ListTerm(name, (XS, ListTerm(condition, parts))) for parts in numbers)


def _draw(rng: np.random.Generator, count: int) -> ListTerm:
    if count == 0:
        return XS
    name = _NAMES[rng.integers(len(_NAMES))]
    if name == "join":
        first = int(rng.integers(count))
        return ListTerm(name, (_draw(rng, first), _draw(rng, count - 1 - first)))
    inner = _draw(rng, count - 1)
    letters = OPERATIONS[name][0]
    if letters == "X":
        return ListTerm(name, (inner,))
    if letters == "XK":
        return ListTerm(name, (inner, _number(rng)))
    return ListTerm(name, (inner, _condition(rng)))


def _number(rng: np.random.Generator) -> int:
    return int(rng.integers(NUMBERS.start, NUMBERS.stop))


def _condition(rng: np.random.Generator) -> ListTerm:
    if rng.random() < COMPOUND_SHARE:
        name = COMPOUND[rng.integers(len(COMPOUND))]
        return ListTerm(name, (_simple(rng), _simple(rng)))
    return _simple(rng)


def _simple(rng: np.random.Generator) -> ListTerm:
    name = SIMPLE[rng.integers(len(SIMPLE))]
    return ListTerm(name, (_number(rng),) if CONDITIONS[name][0] else ())
