"""Neighbours: terms over every element of a list and the one after it, or at its place in another.

The differences of a list are one instance. A list may also be closed to a circle, in which the last
element stands before the first. Conditions are counted, or hold for all.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from dlcompare.synthesis.bank.budget import BudgetSpentError
from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.primitives.primitive import BINARY, INTS, RELATION, Primitive
from dlcompare.synthesis.dsl.program import Apply, Expression, Lambda, Variable, fresh_names
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["neighbours"]

_SHARE, _CANDIDATES = 40, 50_000
"""A list and an order spend at most one part in so many of the candidates left, and so many."""

_BITS = 13
"""The most bits of a term over two neighbours."""

_BACKWARDS, _MIRRORED = frozenset({"map", "range", "get", "subtract", "length"}), 30
"""What a list read from its end is made of, `reverse` or not, and the bits of that."""

_MOST = 60
"""The most columns of a list and an order."""


@dataclass(frozen=True)
class _Order:
    """Two lists whose elements at the same position are neighbours.

    Attributes
    ----------
    first, second : Expression
        The lists; the element of the first stands before that of the second.
    bits : int
        Of both lists.
    pairs : callable
        The neighbours in an example.
    """

    first: Expression
    second: Expression
    bits: int
    pairs: Callable[[Row], list[tuple[int, int]]]


def neighbours(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the lists of terms over neighbours, and how many of them are true, cheapest first.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; its budget pays for the candidates.
    rows : list of Row
        Examples on which they are compared.
    stage : int
        The stage; there are none after the first.
    """
    for place, type_ in enumerate(problem.types):
        for order in _orders(problem, place) if type_ == INTS and not stage else ():
            left = problem.budget.left
            budget = problem.budget.part(min(_CANDIDATES, left // _SHARE))
            pairs = [(a, b, row) for row in rows for a, b in order.pairs(row)]
            if not pairs:
                continue
            names = fresh_names({*problem.names, problem.signature.name}, ("y", "z"))
            terms = ScalarTerms(problem, list(_variables(problem, names, pairs)), budget)
            with suppress(BudgetSpentError):
                yield from _drafts(problem, order, names, terms)
            problem.budget.spent += budget.spent


def _orders(problem: SearchProblem, place: int) -> Iterator[_Order]:
    """Yield the pairs of a list with itself and with later lists."""
    grammar, xs = problem.grammar, Variable(problem.names[place])
    for other in range(place + 1, len(problem.types)):
        if problem.types[other] == INTS:
            yield _Order(xs, Variable(problem.names[other]), 2, _together(place, other))
    if {primitive.name for primitive in grammar.primitives} >= _BACKWARDS:
        python = "[xs[-1 - y] for y in range(len(xs))]"
        backwards = Primitive.outside("backwards", (("xs", INTS),), INTS, _MIRRORED, python)
        yield _Order(xs, Apply(backwards, (xs,)), _MIRRORED + 2, _mirrored(place))
    tail = grammar.primitive("tail", INTS, INTS)
    if tail is not None:
        yield _Order(xs, Apply(tail, (xs,)), tail.cost + 2, lambda row: [*pairwise(row[place])])
    last, cons = grammar.primitive("last", INTS, INT), grammar.primitive("cons", INT, INTS)
    if last is not None and cons is not None:
        turned = Apply(cons, (Apply(last, (xs,)), xs))
        yield _Order(turned, xs, last.cost + cons.cost + 3, _closed(place))


def _together(place: int, other: int) -> Callable[[Row], list[tuple[int, int]]]:
    return lambda row: list(zip(row[place], row[other], strict=False))


def _mirrored(place: int) -> Callable[[Row], list[tuple[int, int]]]:
    return lambda row: list(zip(row[place], row[place][::-1], strict=True))


def _closed(place: int) -> Callable[[Row], list[tuple[int, int]]]:
    return lambda row: [*pairwise([*row[place][-1:], *row[place]])]


def _variables(
    problem: SearchProblem, names: Sequence[str], pairs: Sequence[tuple[int, int, Row]]
) -> Iterator[ScopeVariable]:
    """Yield the two neighbours, and the parameters that are scalars."""
    for place, name in enumerate(names):
        yield ScopeVariable(Variable(name), INT, 1, tuple(pair[place] for pair in pairs))
    for place, (name, type_) in enumerate(problem.signature.parameters):
        if type_ in (INT, BOOL):
            values: tuple[Value, ...] = tuple(row[place] for *_, row in pairs)
            yield ScopeVariable(Variable(name), type_, problem.grammar.variable, values)


def _drafts(
    problem: SearchProblem, order: _Order, names: tuple[str, ...], terms: ScalarTerms
) -> Iterator[Draft]:
    numbers = problem.grammar.primitive("zip_with", BINARY, INTS)
    found = {INT: 0, BOOL: 0}
    for level in range(1, _BITS + 1):
        for term, type_, uses in terms.level(level):
            if uses & 0b11 != 0b11 or found[type_] >= _MOST:
                continue
            found[type_] += 1
            body, bits = Lambda(names, terms.expression(term)), order.bits + level
            lists = (order.first, order.second)
            if type_ == INT and numbers is not None:
                yield Draft("near", INTS, numbers.cost + bits, Apply(numbers, (body, *lists)))
            if type_ == BOOL:
                for primitive in _TESTS:
                    value = Apply(primitive, (body, *lists))
                    yield Draft(primitive.name, primitive.result, primitive.cost + bits, value)


def _test(name: str, result: Type, python: str) -> Primitive:
    parameters = (("keep", RELATION), ("xs", INTS), ("ys", INTS))
    return Primitive.outside(name, parameters, result, 8, python)


_TESTS = (
    _test("times", INT, "sum(1 for y, z in zip(xs, ys) if keep(y, z))"),
    _test("each", BOOL, "all(keep(y, z) for y, z in zip(xs, ys))"),
)
"""How often a condition holds for neighbours, and whether it always does."""
