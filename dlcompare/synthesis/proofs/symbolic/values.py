"""Values of a symbolic execution, with known length and shape and possibly unknown numbers.

The kinds of values and their common operations (truth, equality, order, elements) are in one file,
since each operation covers every kind.
"""

import ast
import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodDescriptorType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

from dlcompare.synthesis.proofs.symbolic.symbols import (
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
    "Closure",
    "Raised",
    "Sequence",
    "Stream",
    "UnsupportedError",
    "codes",
    "concrete",
    "equality",
    "fingerprint",
    "is_concrete",
    "is_data",
    "is_hashable",
    "is_integer",
    "is_text",
    "is_truth",
    "items",
    "order",
    "storable",
    "symbolic",
    "text",
    "truth",
    "unordered",
    "whole",
]

Value = Any
"""bool, int, str, None, `Linear`, a condition, `Sequence`, `Stream`, `Raised`, or a function."""

MISSING = object()
"""The absence of a value."""

_CONDITIONS = (IsNegative, IsZero, TruthVariable, Not, And, Either)


class UnsupportedError(Exception):
    """A construct that symbolic execution does not cover; the message names it and its line.

    Attributes
    ----------
    placed : bool
        Whether the message names a line.
    """

    placed = False

    def at(self, line: int, construct: str) -> "UnsupportedError":
        """Return the error with its line and construct; only the innermost are kept."""
        if self.placed:
            return self
        shown = construct if len(construct) <= 60 else construct[:59] + "…"
        error = UnsupportedError(f"line {line}, `{shown}`: {self}")
        error.placed = True
        return error


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple, range, set or text whose elements are known one by one.

    Attributes
    ----------
    kind : str
        ``"list"``, ``"tuple"``, ``"range"``, ``"set"``, ``"keys"`` (a dict of which only the keys
        are known), ``"group"`` (a key and a `Stream`) or ``"text"``; the elements of a set and the
        keys are distinct; those of a text are code points, at least one of them unknown.
    items : tuple
        Its elements.
    """

    kind: str
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """An iterator, which gives its elements once.

    Its elements are evaluated eagerly, which makes no difference as long as it has one reader and
    no name that it reads is rebound before it is read.

    Attributes
    ----------
    items : tuple
        The elements left.
    ending : Raised, optional
        The exception after the last element; without it, the iterator is then exhausted.
    reads : frozenset of str
        The names that it reads when it produces an element.
    ordered : bool
        False for an iterator over a set, whose order is undefined.
    group : bool
        Whether it is a group of `itertools.groupby`, which the next step invalidates.
    """

    items: tuple[Value, ...]
    ending: "Raised | None" = None
    reads: frozenset[str] = frozenset()
    ordered: bool = True
    group: bool = False


class Closure:
    """A lambda, or a function defined in a function or in a program.

    Attributes
    ----------
    node : ast.Lambda or ast.FunctionDef
    names : mapping of str to value
        The names visible at its definition, with their values at that time.
    defaults : mapping of str to value
        The defaults of its parameters.
    captured : frozenset of str
        The names of enclosing calls that it reads.
    """

    def __init__(
        self,
        node: ast.Lambda | ast.FunctionDef,
        names: Mapping[str, Value],
        defaults: Mapping[str, Value] | None = None,
        captured: frozenset[str] = frozenset(),
    ) -> None:
        self.node = node
        self.names = names
        self.defaults = defaults or {}
        self.captured = captured


@dataclass(frozen=True, slots=True)
class Raised:
    """The execution ended with an exception."""

    exception: str


_NOTHING = type(None)
_PLAIN = (bool, int, str, _NOTHING)
_CALLABLE = (
    FunctionType,
    BuiltinFunctionType,
    MethodDescriptorType,
    WrapperDescriptorType,
    ModuleType,
    type,
    functools._lru_cache_wrapper,
)


def is_truth(value: Value) -> bool:
    """Return whether a value is a truth value, symbolic or not."""
    return isinstance(value, bool | IsNegative | IsZero | TruthVariable | Not | And | Either)


def is_integer(value: Value) -> bool:
    """Return whether a value is an integer, symbolic or not; in Python, truth values are."""
    return isinstance(value, int | Linear) or is_truth(value)


def is_text(value: Value) -> bool:
    """Return whether a value is a text, known or not."""
    return isinstance(value, str) or (isinstance(value, Sequence) and value.kind == "text")


def is_concrete(value: Value) -> bool:
    """Return whether a value has no symbolic part."""
    if isinstance(value, Sequence):
        return all(map(is_concrete, value.items))
    return not isinstance(value, (Linear, *_CONDITIONS))


def is_data(value: Value) -> bool:
    """Return whether a value is known and can be passed to Python's functions."""
    if isinstance(value, Sequence):
        return value.kind in ("list", "tuple", "range") and all(map(is_data, value.items))
    return type(value) in _PLAIN


def is_hashable(value: Value) -> bool:
    """Return whether a value can be in a set; only numbers and texts are supported."""
    if isinstance(value, Sequence):
        return value.kind == "text" or (
            value.kind == "tuple" and all(map(is_hashable, value.items))
        )
    return is_integer(value) or type(value) in _PLAIN


def storable(value: Value) -> Value:
    """Return a value that a list, a tuple or a set may hold.

    Iterators and functions may change between storing and reading, so only a name may hold them.
    """
    grouped = isinstance(value, Sequence) and value.kind == "group"
    if grouped or isinstance(value, Stream) or (isinstance(value, Closure) and value.captured):
        raise UnsupportedError(f"{_named(value)} in a collection is not covered")
    return value


def fingerprint(value: Value) -> object:
    """Return a key that two values share only if Python cannot tell them apart (unlike True, 1)."""
    if isinstance(value, Sequence):
        return (value.kind, *map(fingerprint, value.items))
    return (type(value), value)


def codes(value: Value) -> tuple[Integer, ...]:
    """Return the code points of a text."""
    if isinstance(value, str):
        return tuple(map(ord, value))
    if isinstance(value, Sequence) and value.kind == "text":
        return value.items
    raise UnsupportedError(f"{_named(value)} where a text is expected")


def text(points: tuple[Integer, ...]) -> Value:
    """Return the text of these code points."""
    known = [point for point in points if isinstance(point, int)]
    return "".join(map(chr, known)) if len(known) == len(points) else Sequence("text", points)


def symbolic(value: Value) -> Value:
    """Return a Python value as a value of symbolic execution."""
    kind = type(value)
    if kind in (list, tuple, range):
        return Sequence(kind.__name__, tuple(map(symbolic, value)))
    if kind in (set, frozenset):
        return Sequence("set", tuple(map(symbolic, value)))
    if kind in _PLAIN or isinstance(value, _CALLABLE):
        return value
    if isinstance(value, Linear | Sequence | Stream | Raised) or is_truth(value):
        return value
    if isinstance(value, Closure):
        return value
    raise UnsupportedError(f"values of type {kind.__name__} are not covered")


def concrete(value: Value) -> Value:
    """Return the Python value of a concrete one."""
    if isinstance(value, Sequence):
        kinds: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "range": _range}
        return kinds[value.kind](map(concrete, value.items))
    return value


def _range(values: Iterator[int]) -> range:
    numbers = list(values)
    if not numbers:
        return range(0)
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    return range(numbers[0], numbers[-1] + (1 if step > 0 else -1), step)


def whole(value: Value) -> Integer:
    """Return a value as an integer."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Linear):
        return value
    if isinstance(value, _CONDITIONS):
        return indicator(value)
    raise UnsupportedError(f"{_named(value)} where an integer is expected")


def truth(value: Value) -> Bool:
    """Return ``bool(value)``."""
    if is_truth(value):
        truth_value: Bool = value
        return truth_value
    if isinstance(value, Linear):
        return negation(equal(value, 0))
    if isinstance(value, Sequence):
        return bool(value.items)
    if type(value) in _PLAIN:
        return bool(value)
    return True  # iterators and functions


def _family(value: Value) -> str:
    """Return a value's family; values of different families are never equal."""
    if is_integer(value):
        return "number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, Sequence) and value.kind not in ("keys", "group"):
        return value.kind
    if value is None:
        return "None"
    raise UnsupportedError(f"whether {_named(value)} equals another value is not covered")


def _named(value: Value) -> str:
    if isinstance(value, Sequence):
        return {"keys": "dict", "text": "str"}.get(value.kind, value.kind)
    if isinstance(value, Stream):
        return "an iterator"
    if is_truth(value):
        return "bool"
    if isinstance(value, Linear):
        return "int"
    if callable(value) or isinstance(value, Closure):
        return "a function"
    return type(value).__name__


def equality(left: Value, right: Value) -> Bool:
    """Return ``left == right``."""
    if type(left) is type(right) is Linear:
        return equal(left, right)
    family = _family(left)
    if family != _family(right):
        return False
    if family == "None":
        return True
    if family == "text":
        first, second = codes(left), codes(right)
        return all_of(map(equal, first, second)) if len(first) == len(second) else False
    if family == "set":
        inside = [any_of(equality(x, y) for y in right.items) for x in left.items]
        return all_of([len(left.items) == len(right.items), *inside])
    if family != "number":
        if len(left.items) != len(right.items):
            return False
        return all_of(map(equality, left.items, right.items))
    if is_truth(left) and is_truth(right):
        if isinstance(left, bool) or isinstance(right, bool):
            value, other = (left, right) if isinstance(left, bool) else (right, left)
            return other if value else negation(other)
        both = all_of([left, right]), all_of([negation(left), negation(right)])
        return any_of(both)
    return equal(whole(left), whole(right))


def order(left: Value, right: Value) -> Bool:
    """Return ``left < right``."""
    if type(left) is type(right) is Linear:
        return less(left, right)
    if is_text(left) and is_text(right):
        return _lexicographic(iter(codes(left)), iter(codes(right)))
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if left.kind == right.kind and left.kind in ("list", "tuple"):
            return _lexicographic(iter(left.items), iter(right.items))
    elif is_integer(left) and is_integer(right):
        return less(whole(left), whole(right))
    raise UnsupportedError(f"{_named(left)} < {_named(right)} is not covered")


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
    """Return the elements that a loop over a value meets, in order."""
    if is_text(value):
        return tuple(text((code,)) for code in codes(value))
    if isinstance(value, Sequence):
        if value.kind == "set" and len(value.items) > 1:
            raise UnsupportedError("the order of a set is not defined")
        if value.kind == "group":
            raise UnsupportedError("a group of groupby that is not unpacked is not covered")
        return value.items
    if isinstance(value, Stream):
        if not value.ordered and len(value.items) > 1:
            raise UnsupportedError("the order of a set is not defined")
        if value.ending is not None:
            raise UnsupportedError("an iterator that raises an exception here is not covered")
        return value.items
    raise UnsupportedError(f"going through {_named(value)} is not covered")


def unordered(value: Value) -> tuple[Value, ...]:
    """Return the elements of a value, for uses that do not depend on their order."""
    loose = isinstance(value, Sequence) and value.kind == "set"
    if isinstance(value, Stream) and not value.ordered and value.ending is None:
        loose = True
    if loose and len({isinstance(each, bool) or is_truth(each) for each in value.items}) < 2:
        kept: tuple[Value, ...] = value.items
        return kept
    return items(value)
