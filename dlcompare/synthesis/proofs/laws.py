"""Recognition of primitives in the Python of a program, by their declared elements.

A primitive may declare where the elements of its result come from (`Primitive.elements`). Its
Python is an expression over its parameters, so that matching it as a template decomposes a program.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = ["Applied", "FilterCondition", "applications"]


@dataclass(frozen=True)
class FilterCondition:
    """A function's body, and the name of its parameter."""

    parameter: str
    body: ast.expr


@dataclass(frozen=True)
class Applied:
    """A primitive with its arguments.

    Attributes
    ----------
    primitive : Primitive
        A primitive that declares its elements.
    arguments : mapping
        Expressions by parameter; a `FilterCondition` for a function.
    """

    primitive: Primitive
    arguments: Mapping[str, ast.expr | FilterCondition]


@cache
def _templates() -> tuple[tuple[Primitive, ast.expr], ...]:
    return tuple(
        (primitive, ast.parse(primitive.python, mode="eval").body)
        for primitive in PRIMITIVES.values()
        if primitive.elements is not None
    )


def applications(node: ast.expr) -> Iterator[Applied]:
    """Yield the matches of an expression with primitives that declare their elements.

    Examples
    --------
    >>> node = ast.parse("[z for z in a if z < 3] + b", mode="eval").body
    >>> [(each.primitive.name, *map(ast.unparse, each.arguments.values()))
    ...  for each in applications(node)]
    [('concatenate', '[z for z in a if z < 3]', 'b')]
    """
    for primitive, template in _templates():
        functions = {name for name, type_ in primitive.parameters if type_.name == "function"}
        names = {name for name, _ in primitive.parameters}
        match = _Match(names, functions)
        if match.same(template, node):
            yield Applied(primitive, match.found)


class _Match:
    """Matches a template with an expression, and collects the values of its parameters.

    Parameters
    ----------
    names : set of str
        The parameters of the primitive.
    functions : set of str
        The parameters that are functions.
    """

    def __init__(self, names: set[str], functions: set[str]) -> None:
        self.names = names
        self.functions = functions
        self.found: dict[str, ast.expr | FilterCondition] = {}
        self._bound: dict[str, str] = {}

    def same(self, template: ast.AST, node: ast.AST) -> bool:
        """Return whether the expression equals the template up to parameters and variables."""
        match template, node:
            case ast.Call(ast.Name(called), [ast.Name(variable)], []), ast.expr() if (
                called in self.functions
            ):
                if called in self.found or variable not in self._bound:
                    return False
                self.found[called] = FilterCondition(self._bound[variable], node)
                return True
            case ast.Name(name), ast.expr() if name in self.names:
                if name in self.found:
                    return False
                self.found[name] = node
                return True
            case ast.Name(name, context), ast.Name(other, its):
                if type(context) is not type(its):
                    return False
                if isinstance(context, ast.Store):  # a variable of a comprehension
                    if name in self._bound or other in self._bound.values():
                        return False
                    self._bound[name] = other
                return self._bound.get(name) == other
        if type(template) is not type(node):
            return False
        # The generators come first, since they bind the variables of the element.
        fields = sorted(template._fields, key=lambda field: field != "generators")
        return all(self._alike(getattr(template, field), getattr(node, field)) for field in fields)

    def _alike(self, left: object, right: object) -> bool:
        if isinstance(left, list) and isinstance(right, list):
            return len(left) == len(right) and all(map(self._alike, left, right))
        if isinstance(left, ast.AST) and isinstance(right, ast.AST):
            return self.same(left, right)
        return type(left) is type(right) and left == right
