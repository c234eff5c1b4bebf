"""Values in proofs from contracts: lists, numbers and truth values, and what is neither."""

import ast
from typing import Any

import z3

from dlcompare.synthesis.proofs.list_logic import Parts, size
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError

__all__ = [
    "assigned",
    "check_type",
    "computed",
    "list_in",
    "measure_of",
    "number_in",
    "parameters_of",
    "refusal",
    "sides_of",
    "truth_of",
]


def parameters_of(node: ast.FunctionDef) -> list[ast.arg]:
    """Return the parameters of a function, all of which must be plain."""
    given = node.args
    more = given.kwonlyargs or given.vararg or given.kwarg or given.defaults or given.posonlyargs
    if more or node.decorator_list:
        raise UnsupportedError(f"{node.name} is decorated, or has other than plain parameters")
    return list(given.args)


def check_type(value: Any, annotation: ast.expr | None, node: ast.AST) -> None:
    """Refuse a value that is not of the annotated type."""
    if annotation and ast.unparse(annotation) == "int":
        number_in(value, node)
    else:
        list_in(value, node)


def measure_of(values: Any) -> Any:
    """Return the number of elements of all lists among some values."""
    return z3.Sum(*(size(value) for value in values if isinstance(value, tuple)), z3.IntVal(0))


def sides_of(text: str) -> tuple[ast.expr, ast.expr] | None:
    """Return the arguments of ``ensures(…, …)``; None for another condition."""
    match ast.parse(text, mode="eval").body:
        case ast.Call(ast.Name("ensures"), [given, result], []):
            return given, result
    return None


def assigned(target: ast.expr, value: Any, node: ast.AST) -> dict[str, Any]:
    """Return the names that an assignment binds, with their values."""
    match target:
        case ast.Name(name):
            return {name: value}
        case ast.Tuple(targets) if isinstance(value, list) and len(value) == len(targets):
            made: dict[str, Any] = {}
            for each, given in zip(targets, value, strict=True):
                made |= assigned(each, given, node)
            return made
    raise refusal(node)


def computed(operator: ast.operator, a: Any, b: Any, node: ast.expr) -> Any:
    """Return the value of a binary operation.

    Parameters
    ----------
    operator : ast.operator
        The operator.
    a, b : symbolic values
        Its operands.
    node : ast.expr
        The operation, for the reason of a refusal.
    """
    match operator:
        case ast.Add() if isinstance(a, tuple):
            return (*a, *list_in(b, node))
        case ast.Add():
            return number_in(a, node) + number_in(b, node)
        case ast.Sub():
            return number_in(a, node) - number_in(b, node)
        case ast.FloorDiv() if z3.is_int_value(b) and b.as_long() > 0:
            return (
                number_in(a, node) / b
            )  # z3 divides integers as Python does, by a positive number
    raise refusal(node)


def truth_of(value: Any) -> Any:
    """Return whether a value counts as true."""
    if isinstance(value, tuple):
        return size(value) >= 1
    return value if z3.is_bool(value) else value != 0


def number_in(value: Any, node: ast.AST) -> Any:
    """Return a value that must be a number."""
    if value is None or isinstance(value, tuple | list) or z3.is_bool(value):
        raise refusal(node)
    return value


def list_in(value: Any, node: ast.AST) -> Parts:
    """Return the parts of a value that must be a list."""
    if not isinstance(value, tuple):
        raise refusal(node)
    return value


def refusal(node: ast.AST) -> UnsupportedError:
    """Return the error for a node that contracts do not model."""
    line = getattr(node, "lineno", None)
    where = f" (line {line})" if line else ""
    text = ast.unparse(node).splitlines()[0][:40]
    return UnsupportedError(f"`{text}`{where} is not covered by the rules for recursive programs")
