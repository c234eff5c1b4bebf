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
    Let,
    Recursion,
    Variable,
    walk,
)
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = ["called_by", "free_in", "fresh_names", "names_in", "numbered_afresh", "renamed"]


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
            case Let(name, _, _):
                found.add(name)
    return found


def free_in(expression: Expression) -> set[str]:
    """Return the names in an expression that a binding, fold or recursion at its top does not bind.

    Those that a lambda binds are among them.
    """
    if isinstance(expression, Let):
        return (free_in(expression.value) | free_in(expression.body)) - {expression.name}
    return names_in(expression) - set(_bound_at_top(expression))


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

    def other(variable: Variable) -> Variable:
        return Variable(names.get(variable.name, variable.name))

    match expression:
        case Variable():
            return other(expression)
        case Apply(primitive, arguments):
            return Apply(primitive, tuple(map(inside, arguments)))
        case Lambda(parameters, body):
            return Lambda(parameters, inside(body, parameters))
        case Fold():
            return replace(
                expression,
                source=other(expression.source),
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
            sources = tuple(map(other, expression.sources))
            return replace(expression, sources=sources, parts=parts)
        case Let(name, value, body):
            return Let(name, inside(value), inside(body, (name,)))
    return expression


def numbered_afresh(expression: Expression, taken: set[str]) -> Expression:
    """Return an expression whose bindings have the lowest numbers: ``trace7`` becomes ``trace``.

    The names that a binding's fold or recursion binds itself become distinct from all others, and
    its result takes the name of the binding.

    Parameters
    ----------
    expression : Expression
        Any expression; only the bindings at its top are renamed.
    taken : set of str
        The names that are in use around it.
    """
    if not isinstance(expression, Let):
        return expression
    inner = _bound_at_top(expression.value)
    used = taken | (free_in(expression.body) - {expression.name}) | free_in(expression.value)
    (name,) = fresh_names(used, (expression.name.rstrip("0123456789") or expression.name,))
    others = tuple(each for each in inner if each != _result_of(expression.value))
    wanted = tuple(each.rstrip("0123456789") or each for each in others)
    chosen = dict(zip(others, fresh_names(used | {name}, wanted), strict=True))
    value = _rebound(expression.value, {each: chosen.get(each, name) for each in inner})
    body = renamed(expression.body, {expression.name: name})
    return Let(name, value, numbered_afresh(body, taken | {name}))


def _bound_at_top(expression: Expression) -> tuple[str, ...]:
    """Return the names that a fold or a recursion binds in the program around it."""
    match expression:
        case Fold():
            return (expression.element, expression.accumulator)
        case Recursion():
            return tuple(name for _, name in expression.names)
    return ()


def _result_of(expression: Expression) -> str | None:
    """Return the name of the result of a fold or a recursion; None if it has none."""
    match expression:
        case Fold():
            return expression.accumulator
        case Recursion():
            return dict(expression.names).get(expression.scheme.result)
    return None


def _rebound(expression: Expression, names: Mapping[str, str]) -> Expression:
    """Return a fold or a recursion with other names for what it binds."""
    match expression:
        case Fold():
            return replace(
                expression,
                element=names[expression.element],
                accumulator=names[expression.accumulator],
                body=renamed(expression.body, names),
            )
        case Recursion():
            return replace(
                expression,
                names=tuple((own, names[name]) for own, name in expression.names),
                parts=tuple(renamed(part, names) for part in expression.parts),
            )
    return expression
