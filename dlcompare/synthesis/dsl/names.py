"""Names in expressions: of variables, of called functions, and fresh ones.

A program prints as Python, in which a parameter named ``len`` hides the function of that name, and
in which a comprehension binds names of its own. The functions here prevent such name clashes.
"""

import ast
import itertools
import keyword
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import chain

from dlcompare.synthesis.dsl.expression import (
    Apply,
    Expression,
    Fold,
    Lambda,
    Recursion,
    Variable,
    walk,
)
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = ["called_by", "fresh_names", "names_in", "renamed"]


def fresh_names(taken: set[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return names close to those `wanted`, distinct from each other and from those `taken`.

    Examples
    --------
    >>> fresh_names({"x"}, ("x", "y"))
    ('x2', 'y')
    """
    chosen: list[str] = []
    for name in wanted:
        variants = (name if i == 1 else f"{name}{i}" for i in itertools.count(1))
        chosen.append(next(v for v in variants if v not in taken and v not in chosen))
    return tuple(chosen)


def names_in(expression: Expression) -> set[str]:
    """Return the names of all variables that occur in an expression, or are bound in it."""
    found: set[str] = set()
    for part in walk(expression):
        match part:
            case Variable(name):
                found.add(name)
            case Lambda(parameters, _):
                found.update(parameters)
            case Fold():
                found |= {part.element, part.accumulator}
            case Recursion():
                found |= {name for _, name in part.names}
    return found


def called_by(expression: Expression) -> frozenset[str]:
    """Return the names in the Python of an expression that are not variables."""
    found: set[str] = set()
    for part in walk(expression):
        match part:
            case Apply(primitive, _):
                found |= _called_in(primitive)
            case Fold(over_range=over_range, backwards=backwards):
                found |= {"range"} if over_range else {"reversed"} if backwards else set()
            case Recursion(scheme=scheme):
                python = " ".join([scheme.template, *chain.from_iterable(scheme.calls.values())])
                words = re.findall(r"(?<![\w$])[A-Za-z_]\w*", python)
                found.update(word for word in words if not keyword.iskeyword(word))
    return frozenset(found)


@cache
def _called_in(primitive: Primitive) -> frozenset[str]:
    """Return the functions that the Python of a primitive calls."""
    nodes = [n for n in ast.walk(ast.parse(primitive.python)) if isinstance(n, ast.Name)]
    bound = {n.id for n in nodes if isinstance(n.ctx, ast.Store)} | {"y", "z", "_"}
    return frozenset({n.id for n in nodes} - bound - {name for name, _ in primitive.parameters})


def renamed(expression: Expression, names: Mapping[str, str]) -> Expression:
    """Return an expression in which the free variables have other names."""
    if all(name == other for name, other in names.items()):
        return expression

    def without(bound: tuple[str, ...]) -> dict[str, str]:
        return {name: other for name, other in names.items() if name not in bound}

    def inside(part: Expression, bound: tuple[str, ...] = ()) -> Expression:
        return renamed(part, without(bound))

    def source(variable: Variable) -> Variable:
        return Variable(names.get(variable.name, variable.name))

    match expression:
        case Variable():
            return source(expression)
        case Apply(primitive, arguments):
            return Apply(primitive, tuple(map(inside, arguments)))
        case Lambda(parameters, body):
            return Lambda(parameters, inside(body, parameters))
        case Fold():
            return replace(
                expression,
                source=source(expression.source),
                initial=inside(expression.initial),
                body=inside(expression.body, (expression.element, expression.accumulator)),
            )
        case Recursion():
            bound = dict(expression.names)
            holes = [
                tuple(bound[name] for name, _ in hole.parameters)
                for hole in expression.scheme.holes
            ]
            parts = tuple(map(inside, expression.parts, holes))
            sources = tuple(map(source, expression.sources))
            return replace(expression, sources=sources, parts=parts)
    return expression
