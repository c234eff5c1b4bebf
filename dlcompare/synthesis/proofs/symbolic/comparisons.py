"""Comparisons and signs of Python on symbolic values; calls on known ones."""

import ast
import math
import operator
import re
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any

from dlcompare.synthesis.proofs.symbolic import symbolic_arithmetic as arithmetic
from dlcompare.synthesis.proofs.symbolic.symbols import Bool, all_of, any_of, equal, negation
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    codes,
    concrete,
    equality,
    is_data,
    is_hashable,
    is_text,
    order,
    symbolic,
    truth,
    unordered,
    whole,
)

__all__ = ["compared", "natively", "unary"]


MOST = 4096
"""Larger numbers and lengths are not passed to Python's functions, which might not end."""

WIDE = re.compile(r"\d{5}")
"""A width of that size in a format."""

NATIVE = frozenset(
    [ascii, bin, format, hex, oct, pow, repr, round]
    + [math.comb, math.factorial, math.gcd, math.isqrt, math.lcm, math.perm, math.prod]
    + [getattr(operator, name) for name in ("add", "sub", "mul", "floordiv", "mod", "neg", "eq")]
    + [getattr(operator, name) for name in ("ne", "lt", "le", "gt", "ge", "xor", "and_", "or_")]
)
"""Functions without side effects, called on known values."""


def natively(function: Callable[..., Any], arguments: list[Value]) -> Value:
    """Call a Python function on known arguments.

    Raises
    ------
    UnsupportedError
        If the function may have side effects, or an argument is unknown or large.
    """
    name = getattr(function, "__name__", type(function).__name__)
    owner = getattr(function, "__self__", None)
    known = type(owner) is str or (isinstance(function, BuiltinFunctionType) and function in NATIVE)
    if not known and function not in NATIVE:
        raise UnsupportedError(f"calls of {name} are not covered")
    if not all(map(is_data, arguments)):
        raise UnsupportedError(f"{name} of an unknown value is not covered")
    wide = [each for each in (owner, *arguments) if isinstance(each, str)]
    if any(_size(each) > MOST for each in arguments) or any(map(WIDE.search, wide)):
        raise UnsupportedError(f"{name} of large values is not covered")
    try:
        result = function(*map(concrete, arguments))
    except Exception as error:  # whatever Python raises: the program is undefined there
        return Raised(type(error).__name__)
    return symbolic(result)


def _size(value: Value) -> int:
    if isinstance(value, Sequence):
        return max([len(value.items), *map(_size, value.items)])
    return abs(value) if isinstance(value, int) else len(value or "")


def compared(comparison: ast.cmpop, left: Value, right: Value) -> Bool:
    """Return the condition that a comparison of two values holds."""
    match comparison:
        case ast.Eq():
            return equality(left, right)
        case ast.NotEq():
            return negation(equality(left, right))
        case ast.Lt():
            return order(left, right)
        case ast.Gt():
            return order(right, left)
        case ast.LtE():
            return negation(order(right, left))
        case ast.GtE():
            return negation(order(left, right))
        case ast.In() | ast.NotIn():
            if is_text(left) and is_text(right):
                part, whole_ = codes(left), codes(right)
                starts = range(len(whole_) - len(part) + 1)
                inside = any_of(
                    all_of(map(equal, whole_[start : start + len(part)], part)) for start in starts
                )
            elif is_text(right):
                raise UnsupportedError("`in` between a text and another value is not covered")
            else:
                hashed = isinstance(right, Sequence) and right.kind in ("set", "keys")
                if hashed and not is_hashable(left):
                    raise UnsupportedError("looking for an unhashable value is not covered")
                inside = any_of(equality(left, each) for each in unordered(right))
            return inside if isinstance(comparison, ast.In) else negation(inside)
        case ast.Is() if left is None or right is None:
            return left is right
        case ast.IsNot() if left is None or right is None:
            return left is not right
        case _:
            raise UnsupportedError(f"the comparison {type(comparison).__name__} is not covered")


def unary(sign: ast.unaryop, value: Value) -> Value:
    """Return the result of a unary operator."""
    if isinstance(value, Raised):
        return value
    match sign:
        case ast.Not():
            return negation(truth(value))
        case ast.Invert():
            return arithmetic.plus(-1, whole(value), -1)
        case ast.USub():
            return arithmetic.plus(0, whole(value), -1)
        case ast.UAdd():
            return whole(value)
        case _:
            raise UnsupportedError(f"the operator {type(sign).__name__} is not covered")
