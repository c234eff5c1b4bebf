"""What is declared of the elements of a primitive's result, found again in the Python of a program.

A primitive may say where the elements of its result come from (`Primitive.elements`). Its Python is
an expression over its parameters, so that a program in Python is taken apart by matching the two.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from dlcompare.synthesis.primitives import PRIMITIVES
from dlcompare.synthesis.primitives.primitive import Primitive

__all__ = ["Applied", "Condition", "applications"]


@dataclass(frozen=True)
class Condition:
    """A function's body, and what its parameter is called in it."""

    parameter: str
    body: ast.expr


@dataclass(frozen=True)
class Applied:
    """A primitive with its arguments.

    Attributes
    ----------
    primitive : Primitive
        One that declares its elements.
    arguments : mapping
        Expressions by parameter; a `Condition` for a function.
    """

    primitive: Primitive
    arguments: Mapping[str, ast.expr | Condition]


@cache
def _templates() -> tuple[tuple[Primitive, ast.expr], ...]:
    return tuple(
        (primitive, ast.parse(primitive.python, mode="eval").body)
        for primitive in PRIMITIVES.values()
        if primitive.elements is not None
    )


def applications(node: ast.expr) -> Iterator[Applied]:
    """The ways to read an expression as a primitive that declares its elements.

    Examples
    --------
    >>> node = ast.parse("[z for z in a if z < 3] + b", mode="eval").body
    >>> [(each.primitive.name, *map(ast.unparse, each.arguments.values()))
    ...  for each in applications(node)]
    [('concatenate', '[z for z in a if z < 3]', 'b')]
    """
    for primitive, template in _templates():
        found: dict[str, ast.expr | Condition] = {}
        functions = {name for name, type_ in primitive.parameters if type_.name == "function"}
        names = {name for name, _ in primitive.parameters}
        if _matches(template, node, names, functions, found, {}):
            yield Applied(primitive, found)


def _matches(
    template: ast.AST,
    node: ast.AST,
    names: set[str],
    functions: set[str],
    found: dict[str, ast.expr | Condition],
    bound: dict[str, str],
) -> bool:
    match template, node:
        case ast.Call(ast.Name(called), [ast.Name(variable)]), ast.expr() if called in functions:
            found[called] = Condition(bound[variable], node)
            return True
        case ast.Name(name), ast.expr() if name in names:
            found[name] = node
            return True
        case ast.Name(name), ast.Name(other):
            return bound.setdefault(name, other) == other
    if type(template) is not type(node):
        return False
    # The variable of a comprehension is known before what is said of it.
    fields = sorted(template._fields, key=lambda field: field != "generators")
    for field in fields:
        left, right = getattr(template, field), getattr(node, field)
        pairs = zip(left, right, strict=False) if isinstance(left, list) else [(left, right)]
        if isinstance(left, list) and len(left) != len(right):
            return False
        for one, other in pairs:
            if isinstance(one, ast.AST):
                if not _matches(one, other, names, functions, found, bound):
                    return False
            elif one != other:
                return False
    return True
