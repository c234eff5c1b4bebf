"""Make inputs beyond a sampler's: all small ones, and random ones of unusual shapes.

A sampler shows a learner one distribution. A wrong program can be right on all of it, so the
experimenter, who holds the reference, also tries what the sampler leaves out: the empty list, one
element, repeated values, negative numbers, long lists, related arguments. This module knows only
the types of the parameters; the caller decides whether an input is in the domain of a task, usually
by whether the reference raises.
"""

from collections.abc import Iterator

import numpy as np

from dlcompare.tasks.problem import Inputs, Signature
from dlcompare.tasks.types import Type, Value, conforms

__all__ = ["small_inputs", "unusual_inputs"]

CHARACTERS = (("a", "b"), (" ", "0", "A"), ("-", ",", "1", "z"), (".", "é"))
"""Characters of small texts: a character in the i-th group has size i."""

ALPHABETS = (
    "ab",
    "abc ",
    "0123456789",
    "aAbB",
    "()",
    "a-z, 09.",
    "abcdefghijklmnopqrstuvwxyz",
    "äé☃ x",
)
"""Characters of unusual texts: each text draws from one of these."""

LENGTHS = (0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 13, 25, 60)
"""Lengths of unusual lists and texts, equally likely. The long ones exceed those of proofs."""

INNER_LENGTHS = (0, 1, 1, 2, 2, 3, 4, 6)
"""Lengths of lists and texts within lists."""

RANGES = (
    (0, 1),
    (0, 2),
    (-1, 1),
    (-3, 3),
    (0, 9),
    (-9, 9),
    (0, 99),
    (-100, 100),
    (-(10**6), 10**6),
)
"""Ranges of unusual integers: the integers of one list are drawn from one of these."""


def small_inputs(signature: Signature, most: int) -> Iterator[Inputs]:
    """Yield the smallest inputs of a function, in order of size.

    The size of an integer is its absolute value, that of a list or a text its length plus the sizes
    of its elements. Every input of a size comes before all inputs of the next one.

    Parameters
    ----------
    signature : Signature
        Of the function; only the types of its parameters matter.
    most : int
        The number of inputs to yield; a smaller domain (truth values) yields fewer.

    Examples
    --------
    >>> from dlcompare.tasks.types import BOOL, INT, list_of
    >>> signature = Signature("f", (("xs", list_of(INT)),), INT)
    >>> [inputs["xs"] for inputs in small_inputs(signature, 5)]
    [[], [0], [0, 0], [1], [-1]]
    >>> len(list(small_inputs(Signature("f", (("p", BOOL), ("q", BOOL)), BOOL), 100)))
    4
    """
    names = [name for name, _ in signature.parameters]
    types = tuple(type_ for _, type_ in signature.parameters)
    if not most:
        return
    yielded = size = 0
    while True:
        for values in _sequences(types, size):
            yield dict(zip(names, values, strict=True))
            yielded += 1
            if yielded == most:
                return
        if all(map(_finite, types)):
            return
        size += 1


def unusual_inputs(signature: Signature, rng: np.random.Generator, count: int) -> Iterator[Inputs]:
    """Yield random inputs of shapes that a sampler may never draw.

    Lengths run from 0 to 60. Integers come from ranges between {0, 1} and ±10⁶, sorted, descending,
    constant, or with few distinct values at times. A later argument is often made from an
    earlier one: equal to it, a permutation, a part, an element, or an index.

    Parameters
    ----------
    signature : Signature
        Of the function; only the types of its parameters matter.
    rng : numpy.random.Generator
    count : int
        The number of inputs to yield; they may repeat.

    Examples
    --------
    >>> from dlcompare.tasks.types import STR
    >>> signature = Signature("f", (("a", STR), ("b", STR)), STR)
    >>> drawn = list(unusual_inputs(signature, np.random.default_rng(0), 200))
    >>> any(row["a"] == row["b"] for row in drawn), any(row["a"] == "" for row in drawn)
    (True, True)
    """
    for _ in range(count):
        inputs: dict[str, Value] = {}
        for name, type_ in signature.parameters:
            inputs[name] = _related(type_, list(inputs.values()), rng)
        yield inputs


def _sequences(types: tuple[Type, ...], size: int) -> Iterator[tuple[Value, ...]]:
    """Yield all sequences of values, one of each type, whose sizes add up to `size`."""
    if not types:
        if size == 0:
            yield ()
        return
    if len(types) == 1:
        yield from ((value,) for value in _of_size(types[0], size))
        return
    for first in range(size + 1):
        for value in _of_size(types[0], first):
            for rest in _sequences(types[1:], size - first):
                yield (value, *rest)


def _of_size(type_: Type, size: int) -> Iterator[Value]:
    """Yield all values of a type that have this size."""
    match type_.name:
        case "bool":
            yield from (False, True) if size == 0 else ()
        case "int":
            yield from (size, -size) if size else (0,)
        case "tuple":
            yield from _sequences(type_.parameters, size)
        case "str":
            yield from map("".join, _runs(CHARACTERS, size))
        case _:
            for length in range(size, -1, -1):
                for values in _sequences((type_.element,) * length, size - length):
                    yield list(values)


def _runs(groups: tuple[tuple[str, ...], ...], size: int) -> Iterator[tuple[str, ...]]:
    """Yield all runs of characters of this size, the longest first."""
    if size == 0:
        yield ()
        return
    for extra, group in enumerate(groups[:size]):
        for character in group:
            for rest in _runs(groups, size - 1 - extra):
                yield (character, *rest)


def _finite(type_: Type) -> bool:
    """Return whether a type has finitely many values; all of them have size 0."""
    return type_.name == "bool" or (type_.name == "tuple" and all(map(_finite, type_.parameters)))


def _related(type_: Type, before: list[Value], rng: np.random.Generator) -> Value:
    """Return a value made from one of the values `before`, or a fresh one."""
    sources = [value for value in before if _related_to(type_, value, rng) is not None]
    if sources and rng.random() < 0.6:
        value = _related_to(type_, sources[int(rng.integers(len(sources)))], rng)
        if value is not None:
            return value
    return _unusual(type_, rng, LENGTHS)


def _related_to(type_: Type, source: Value, rng: np.random.Generator) -> Value | None:
    """Return a value of this type made from another argument; None if that is impossible."""
    if type_.name == "int" and isinstance(source, list | str):
        elements = [each for each in source if isinstance(each, int) and not isinstance(each, bool)]
        if elements and rng.random() < 0.5:
            return elements[int(rng.integers(len(elements)))]
        return int(rng.integers(-1, len(source) + 2))
    if type_.name == "int" and isinstance(source, int) and not isinstance(source, bool):
        return source + int(rng.integers(-2, 3))
    if type_.name in ("list", "str") and isinstance(source, list | str):
        if type_.name == "str" and isinstance(source, str):
            return "".join(_rearranged(list(source), rng))
        if type_.name == "list" and isinstance(source, list) and conforms(source, type_):
            return _rearranged(source, rng)
    return None


def _rearranged(values: list[Value], rng: np.random.Generator) -> list[Value]:
    """Return the values unchanged, permuted, cut, reversed, or with some of them repeated."""
    match int(rng.integers(5)):
        case 0:
            return list(values)
        case 1:
            return [values[int(i)] for i in rng.permutation(len(values))]
        case 2:
            start, stop = sorted(int(i) for i in rng.integers(0, len(values) + 1, 2))
            return values[start:stop]
        case 3:
            return values[::-1]
        case _:
            return values + values[: int(rng.integers(0, len(values) + 1))]


def _unusual(type_: Type, rng: np.random.Generator, lengths: tuple[int, ...]) -> Value:
    match type_.name:
        case "bool":
            return bool(rng.integers(2))
        case "int":
            low, high = RANGES[int(rng.integers(len(RANGES)))]
            return int(rng.integers(low, high + 1))
        case "tuple":
            return tuple(_unusual(each, rng, INNER_LENGTHS) for each in type_.parameters)
        case "str":
            alphabet = ALPHABETS[int(rng.integers(len(ALPHABETS)))]
            length = lengths[int(rng.integers(len(lengths)))]
            return "".join(alphabet[int(i)] for i in rng.integers(0, len(alphabet), length))
        case _:
            return _unusual_list(type_.element, rng, lengths)


def _unusual_list(element: Type, rng: np.random.Generator, lengths: tuple[int, ...]) -> list[Value]:
    length = lengths[int(rng.integers(len(lengths)))]
    if element.name == "int":
        low, high = RANGES[int(rng.integers(len(RANGES)))]
        values = [int(value) for value in rng.integers(low, high + 1, length)]
    else:
        values = [_unusual(element, rng, INNER_LENGTHS) for _ in range(length)]
    match int(rng.integers(8)):
        case 0:
            return sorted(values)
        case 1:
            return sorted(values, reverse=True)
        case 2:
            return values[:1] * length
        case 3 if length:
            few = values[:2]
            return [few[int(i)] for i in rng.integers(0, len(few), length)]
        case _:
            return values
