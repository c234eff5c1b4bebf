"""Values of a symbolic execution: their length and shape are known, their numbers need not be."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dlcompare.synthesis.smt.symbols import (
    And,
    Bool,
    Either,
    Integer,
    IsNegative,
    IsZero,
    Linear,
    Not,
    TruthVariable,
    all_of,
    any_of,
    equal,
    indicator,
    less,
    negation,
)

__all__ = [
    "MISSING",
    "Raised",
    "Sequence",
    "UnsupportedError",
    "codes",
    "concrete",
    "equality",
    "is_concrete",
    "is_integer",
    "is_text",
    "is_truth",
    "items",
    "order",
    "symbolic",
    "text",
    "truth",
    "whole",
]

Value = Any
"""bool, int, str, None, `Linear`, a condition, `Sequence`, `Raised`, or a function."""

MISSING = object()
"""No value."""

_CONDITIONS = (IsNegative, IsZero, TruthVariable, Not, And, Either)


class UnsupportedError(Exception):
    """Something that symbolic execution does not cover; the message says what."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple, set or text whose elements are known one by one.

    Attributes
    ----------
    kind : str
        ``"list"``, ``"tuple"``, ``"set"`` or ``"text"``; the elements of a set differ, those of a
        text are code points of which one at least is not known.
    items : tuple
        Its elements.
    """

    kind: str
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """The execution ended with an exception."""

    exception: str


def is_truth(value: Value) -> bool:
    """Whether it is a truth value, symbolic or not."""
    return isinstance(value, bool | IsNegative | IsZero | TruthVariable | Not | And | Either)


def is_integer(value: Value) -> bool:
    """Whether it is an integer, symbolic or not; Python counts truth values as such."""
    return isinstance(value, int | Linear) or is_truth(value)


def is_text(value: Value) -> bool:
    """Whether it is a text, known or not."""
    return isinstance(value, str) or (isinstance(value, Sequence) and value.kind == "text")


def codes(value: Value) -> tuple[Integer, ...]:
    """The code points of a text."""
    if isinstance(value, str):
        return tuple(map(ord, value))
    if isinstance(value, Sequence) and value.kind == "text":
        return value.items
    raise UnsupportedError(f"{type(value).__name__} where a text is expected")


def text(points: tuple[Integer, ...]) -> Value:
    """The text of these code points."""
    known = [point for point in points if isinstance(point, int)]
    return "".join(map(chr, known)) if len(known) == len(points) else Sequence("text", points)


def is_concrete(value: Value) -> bool:
    """Whether nothing in it is symbolic."""
    if isinstance(value, Sequence):
        return all(map(is_concrete, value.items))
    return not isinstance(value, (Linear, *_CONDITIONS))


def symbolic(value: Value) -> Value:
    """A Python value as a value of an execution."""
    if isinstance(value, list | tuple):
        return Sequence(type(value).__name__, tuple(map(symbolic, value)))
    if isinstance(value, set | frozenset):
        return Sequence("set", tuple(map(symbolic, value)))
    if isinstance(value, dict | float | bytes):
        raise UnsupportedError(f"values of type {type(value).__name__} are not covered")
    return value


def concrete(value: Value) -> Value:
    """The Python value of a concrete one."""
    if isinstance(value, Sequence):
        return {"list": list, "tuple": tuple, "set": set}[value.kind](map(concrete, value.items))
    return value


def whole(value: Value) -> Integer:
    """A value as an integer."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Linear):
        return value
    if isinstance(value, _CONDITIONS):
        return indicator(value)
    raise UnsupportedError(f"{type(value).__name__} where an integer is expected")


def truth(value: Value) -> Bool:
    """What ``bool(value)`` is."""
    if is_truth(value):
        truth_value: Bool = value
        return truth_value
    if isinstance(value, Linear):
        return negation(equal(value, 0))
    if isinstance(value, Sequence):
        return bool(value.items)
    return bool(value)


def equality(left: Value, right: Value) -> Bool:
    """``left == right``."""
    if type(left) is type(right) is Linear:
        return equal(left, right)
    if is_text(left) and is_text(right):
        first, second = codes(left), codes(right)
        return all_of(map(equal, first, second)) if len(first) == len(second) else False
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if left.kind != right.kind:
            return False
        if left.kind == "set":
            inside = [any_of(equality(x, y) for y in right.items) for x in left.items]
            return all_of([len(left.items) == len(right.items), *inside])
        if len(left.items) != len(right.items):
            return False
        return all_of(map(equality, left.items, right.items))
    if is_truth(left) and is_truth(right):
        if isinstance(left, bool) or isinstance(right, bool):
            value, other = (left, right) if isinstance(left, bool) else (right, left)
            return other if value else negation(other)
        both = all_of([left, right]), all_of([negation(left), negation(right)])
        return any_of(both)
    if is_integer(left) and is_integer(right):
        return equal(whole(left), whole(right))
    if is_concrete(left) and is_concrete(right):
        return bool(left == right)
    return False


def order(left: Value, right: Value) -> Bool:
    """``left < right``."""
    if type(left) is type(right) is Linear:
        return less(left, right)
    if is_text(left) and is_text(right):
        return _lexicographic(iter(codes(left)), iter(codes(right)))
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if "set" in (left.kind, right.kind):
            raise UnsupportedError("the order of sets is not covered")
        return _lexicographic(iter(left.items), iter(right.items))
    if is_integer(left) and is_integer(right):
        return less(whole(left), whole(right))
    raise UnsupportedError(f"{type(left).__name__} < {type(right).__name__} is not covered")


def _lexicographic(left: Iterator[Value], right: Iterator[Value]) -> Bool:
    missing = object()
    result: Bool = False
    pairs = list(itertools.zip_longest(left, right, fillvalue=missing))
    for x, y in reversed(pairs):
        if x is missing or y is missing:
            result = y is not missing
        else:
            result = any_of([order(x, y), all_of([equality(x, y), result])])
    return result


def items(value: Value) -> tuple[Value, ...]:
    """The elements that a loop over a value meets."""
    if is_text(value):
        return tuple(text((code,)) for code in codes(value))
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, range):
        return tuple(value)
    raise UnsupportedError(f"going through {type(value).__name__} is not covered")
