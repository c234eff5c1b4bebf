"""Comparisons and signs of Python on symbolic values; calls on known ones."""

import ast
from collections.abc import Callable
from typing import Any

from dlcompare.synthesis.smt import arithmetic
from dlcompare.synthesis.smt.symbols import Bool, all_of, any_of, equal, negation
from dlcompare.synthesis.smt.values import (
    Raised,
    UnsupportedError,
    Value,
    codes,
    concrete,
    equality,
    is_text,
    items,
    order,
    symbolic,
    truth,
    whole,
)

__all__ = ["compared", "natively", "unary"]


def natively(function: Callable[..., Any], arguments: list[Value]) -> Value:
    try:
        return symbolic(function(*map(concrete, arguments)))
    except UnsupportedError:
        raise
    except Exception as error:  # whatever Python raises: the program is undefined there
        return Raised(type(error).__name__)


def compared(comparison: ast.cmpop, left: Value, right: Value) -> Bool:
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
            else:
                inside = any_of(equality(left, each) for each in items(right))
            return inside if isinstance(comparison, ast.In) else negation(inside)
        case ast.Is() if left is None or right is None:
            return left is right
        case ast.IsNot() if left is None or right is None:
            return left is not right
        case _:
            raise UnsupportedError(f"the comparison {type(comparison).__name__} is not covered")


def unary(sign: ast.unaryop, value: Value) -> Value:
    if isinstance(value, Raised):
        return value
    match sign:
        case ast.Not():
            return negation(truth(value))
        case ast.USub():
            return arithmetic.plus(0, whole(value), -1)
        case ast.UAdd():
            return whole(value)
        case _:
            raise UnsupportedError(f"the operator {type(sign).__name__} is not covered")
