"""Sorting programs proved for every length, by induction over the fold.

The claim has two parts, read off the specification: neighbours of the result are in a relation, and
the result has every value as often as the input. The program is a loop that makes a list from its
elements, from those of the accumulator that a condition keeps, and from concatenations of such.

Where the elements of a list come from is declared beside its primitive (`Primitive.elements`). What
follows of it, of the accumulator ``acc`` as a sequence and as a multiset:

=====================  ===============================================================
concatenation          pairs in order are pairs of a part, or one element of each part
filter                 keeps order; its elements are elements, and meet the condition
multiset               counts of a concatenation add up; a filter keeps a value or none
=====================  ===============================================================

They leave obligations about single elements, without quantifiers over lists, and z3 is asked for
each. Two invariants are tried: the accumulator is in order and has the elements met so far; or it
has all elements, and those below each one met so far stand before those that are not.
"""

import ast
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import z3

from dlcompare.synthesis.primitives.primitive import SCALAR
from dlcompare.synthesis.smt.execution import Closure, Execution
from dlcompare.synthesis.smt.laws import Applied, Condition, applications
from dlcompare.synthesis.smt.paths import EMPTY
from dlcompare.synthesis.smt.scopes import Surroundings
from dlcompare.synthesis.smt.source import definition_of
from dlcompare.synthesis.smt.symbols import Bool, Integer, all_of, atom
from dlcompare.synthesis.smt.terms import Terms
from dlcompare.synthesis.smt.values import Raised, UnsupportedError, truth, whole

__all__ = ["Obligation", "obligations"]

MILLISECONDS = 2000
"""That z3 has for an obligation."""

A, B, X, Z, V = (atom("variable", f"element {name}") for name in "abxzv")
"""Elements of the accumulator, the one met now, one met before, and any value."""

Relation = Callable[[Any, Any], Any]
"""A formula about two elements, the first before the second."""


@dataclass(frozen=True)
class Obligation:
    """Something to be shown for a proof by induction, and whether z3 showed it."""

    name: str
    proved: bool


@dataclass(frozen=True)
class _Kept:
    """The elements of the accumulator for which a condition holds."""

    condition: Callable[[Integer], Bool]


@dataclass(frozen=True)
class _Item:
    """One element, where a condition holds."""

    value: Integer
    condition: Bool


_Parts = list[_Kept | _Item]


@dataclass(frozen=True)
class _Loop:
    starts_with_all: bool
    parts: _Parts


def obligations(program: Closure, ensures: Callable[..., object]) -> list[Obligation]:
    """The obligations of the invariant that comes furthest; all proved is a proof.

    Raises
    ------
    UnsupportedError
        If program or specification are of another form.
    """
    related = _neighbours(ensures)
    loop = _loop(program)
    terms = Terms()

    def relation(a: Integer, b: Integer) -> Any:
        return terms.truth(related(a, b))

    if not loop.starts_with_all:
        return _in_order(loop.parts, relation, terms)
    below: list[Relation] = [
        lambda a, b: z3.Not(z3.And(z3.Not(relation(Z, b)), relation(Z, a))),
        lambda a, b: z3.Not(z3.And(relation(b, Z), z3.Not(relation(a, Z)))),
    ]
    tried = [_separated(loop.parts, relation, each, terms) for each in below]
    return max(tried, key=lambda found: sum(each.proved for each in found))


def _in_order(parts: _Parts, relation: Relation, terms: Terms) -> list[Obligation]:
    return [
        Obligation("the order is kept", _kept(parts, relation, relation, terms)),
        Obligation("the elements are those met so far", _counted(parts, True, terms)),
    ]


def _separated(
    parts: _Parts, relation: Relation, separated: Relation, terms: Terms
) -> list[Obligation]:
    z, x = terms.integer(Z), terms.integer(X)
    by_now = [
        z3.Implies(z3.And(*map(terms.truth, guards)), z3.substitute(separated(a, b), (z, x)))
        for a, b, guards, _ in _pairs(parts)
    ]
    a, b = terms.integer(A), terms.integer(B)
    at_the_end = z3.Implies(
        z3.And(*(z3.substitute(separated(A, B), (z, each)) for each in (a, b))), relation(A, B)
    )
    return [
        Obligation("an element separates the others", _valid(z3.And(*by_now))),
        Obligation("separations are kept", _kept(parts, separated, separated, terms)),
        Obligation("the elements stay the same", _counted(parts, False, terms)),
        Obligation("what every element separates is in order", _valid(at_the_end)),
    ]


def _pairs(parts: _Parts) -> Iterator[tuple[Integer, Integer, list[Bool], bool]]:
    """Two elements of the new accumulator, the first before the second, for every case.

    Their values, what holds of them, and whether both are known to stand so in the old one.
    """
    for place, first in enumerate(parts):
        if isinstance(first, _Kept):
            yield A, B, [first.condition(A), first.condition(B)], True
        for second in parts[place + 1 :]:
            a, left = (A, first.condition(A)) if isinstance(first, _Kept) else _of(first)
            b, right = (B, second.condition(B)) if isinstance(second, _Kept) else _of(second)
            yield a, b, [left, right], False


def _of(item: _Item) -> tuple[Integer, Bool]:
    return item.value, item.condition


def _kept(parts: _Parts, known: Relation, wanted: Relation, terms: Terms) -> bool:
    """Whether all pairs are in a relation, where all of the old accumulator were."""
    shown = []
    for a, b, guards, ordered in _pairs(parts):
        premise = [terms.truth(guard) for guard in guards]
        if ordered:
            premise.append(known(A, B))
        elif a is A and b is B:  # two elements in either order, or one that is kept twice
            same = terms.integer(A) == terms.integer(B)
            premise.append(z3.Or(known(A, B), known(B, A), same))
        shown.append(z3.Implies(z3.And(*premise), wanted(a, b)))
    return _valid(z3.And(*shown))


def _counted(parts: _Parts, one_more: bool, terms: Terms) -> bool:
    """Whether any value is as often in the new accumulator as it should be."""
    before, value = z3.Int("count before"), terms.integer(V)
    counts = [
        z3.If(terms.truth(part.condition(V)), before, 0)
        if isinstance(part, _Kept)
        else z3.If(z3.And(terms.truth(part.condition), terms.integer(part.value) == value), 1, 0)
        for part in parts
    ]
    met = z3.If(terms.integer(X) == value, 1, 0) if one_more else z3.IntVal(0)
    return _valid(z3.Implies(before >= 0, z3.Sum(*counts, z3.IntVal(0)) == before + met))


def _valid(claim: Any) -> bool:
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(z3.Not(claim))
    return bool(solver.check() == z3.unsat)


# The forms of programs and specifications.

PERMUTATION = "all((result.count(x) == xs.count(x) for x in [*xs, *result]))"


def _neighbours(ensures: Callable[..., object]) -> Callable[[Integer, Integer], Bool]:
    """The relation that neighbours of the result must be in, of a specification of sorting."""
    if not isinstance(ensures, FunctionType):
        raise UnsupportedError("the specification is no Python function")
    node = definition_of(ensures)
    if node is None or [each.arg for each in node.args.args] != ["xs", "result"]:
        raise UnsupportedError("the specification is not about a list and its result")
    names: dict[str, ast.expr] = {}
    wanted: ast.expr | None = node.body if isinstance(node, ast.Lambda) else None
    for statement in node.body if isinstance(node, ast.FunctionDef) else []:
        match statement:
            case ast.Assign([ast.Name(name)], value):
                names[name] = value
            case ast.Return(value):
                wanted = value
    if not isinstance(wanted, ast.BoolOp) or not isinstance(wanted.op, ast.And):
        raise UnsupportedError("the specification is not that of sorting")
    conjuncts = [
        names.get(part.id, part) if isinstance(part, ast.Name) else part for part in wanted.values
    ]
    if len(conjuncts) != 2 or ast.unparse(conjuncts[1]) != PERMUTATION:
        raise UnsupportedError("the specification does not ask for a permutation")
    match conjuncts[0]:
        case ast.Call(
            ast.Name("all"),
            [
                ast.GeneratorExp(
                    relation,
                    [
                        ast.comprehension(
                            ast.Tuple([ast.Name(first), ast.Name(second)]),
                            ast.Call(_, [ast.Name("result")]) as pairs,
                            [],
                        )
                    ],
                )
            ],
        ) if ast.unparse(pairs.func) in ("itertools.pairwise", "pairwise"):
            outer = Surroundings(ensures)
            return lambda a, b: _truth(relation, {first: a, second: b}, outer)
    raise UnsupportedError("the specification is not about neighbours in the result")


def _loop(program: Closure) -> _Loop:
    """A program of the form ``acc = …; for x in xs: acc = …; return acc``."""
    node = program.node
    if isinstance(node, ast.FunctionDef) and len(node.args.args) == 1 and len(node.body) == 3:
        xs = node.args.args[0].arg
        match node.body:
            case [
                ast.Assign([ast.Name(acc)], start),
                ast.For(ast.Name(x), source, [ast.Assign([ast.Name(end)], body)], [], _),
                ast.Return(ast.Name(returned)),
            ] if acc == end == returned and ast.unparse(source) in (xs, f"reversed({xs})"):
                begin = ast.unparse(start)
                if begin in ("[]", xs):
                    return _Loop(begin == xs, _parts(body, acc, {x: X}, program.names))
    raise UnsupportedError("the program is no fold over its list into a list")


def _parts(node: ast.expr, acc: str, names: dict[str, Integer], outer: Any) -> _Parts:
    match node:
        case ast.Name(name) if name == acc:
            return [_Kept(lambda _: True)]
        case ast.List(elements):
            return [_Item(_integer(each, names, outer), True) for each in elements]
    for applied in applications(node):
        try:
            return [
                part
                for element in applied.primitive.elements or ()
                for part in _elements(element, applied, acc, names, outer)
            ]
        except UnsupportedError:
            continue
    raise UnsupportedError(f"the list `{ast.unparse(node)[:40]}` is of another form")


def _elements(
    element: str, applied: Applied, acc: str, names: dict[str, Integer], outer: Any
) -> _Parts:
    """One part of what a primitive declares of its elements."""
    source, _, test = element.partition(" if ")
    node = applied.arguments[source]
    assert isinstance(node, ast.expr)
    if dict(applied.primitive.parameters)[source] == SCALAR:
        return [_Item(_integer(node, names, outer), True)]
    parts = _parts(node, acc, names, outer)
    if not test:
        return parts
    condition = applied.arguments[test]
    assert isinstance(condition, Condition)
    if condition.parameter == acc:
        raise UnsupportedError("a variable hides the accumulator")

    def holds(value: Integer) -> Bool:
        return _truth(condition.body, {**names, condition.parameter: value}, outer)

    return [_filtered(part, holds) for part in parts]


def _filtered(part: _Kept | _Item, holds: Callable[[Integer], Bool]) -> _Kept | _Item:
    if isinstance(part, _Item):
        return _Item(part.value, all_of([part.condition, holds(part.value)]))
    condition = part.condition
    return _Kept(lambda value: all_of([condition(value), holds(value)]))


def _value(node: ast.expr, names: dict[str, Integer], outer: Any) -> Any:
    found = list(_run().evaluate(node, _Names(names, outer), EMPTY))
    if len(found) != 1 or isinstance(found[0][1], Raised):
        raise UnsupportedError(f"`{ast.unparse(node)[:40]}` is not one value")
    return found[0][1]


def _truth(node: ast.expr, names: dict[str, Integer], outer: Any) -> Bool:
    return truth(_value(node, names, outer))


def _integer(node: ast.expr, names: dict[str, Integer], outer: Any) -> Integer:
    return whole(_value(node, names, outer))


def _run() -> Execution:
    return Execution(0, time.monotonic() + 10)


class _Names(dict[str, Any]):
    """The elements by name, and what stands around the function."""

    def __init__(self, names: dict[str, Integer], outer: Any) -> None:
        super().__init__(names)
        self._outer = outer

    def __missing__(self, name: str) -> Any:
        return self._outer[name]
