"""Neighbours: lists of a term over every element of a list and the one after or before it.

The differences of a list are one instance. A list may also be closed to a circle, in which the last
element stands before the first.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from dlcompare.synthesis.bank.budget import BudgetSpentError
from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.primitives.primitive import BINARY, INTS, RELATION
from dlcompare.synthesis.dsl.program import Apply, Expression, Lambda, Variable, fresh_names
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value, list_of

__all__ = ["neighbours"]

_SHARE, _CANDIDATES = 40, 50_000
"""A list and an order spend at most one part in so many of the candidates left, and so many."""

_BITS = 13
"""The most bits of a term over two neighbours."""

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
    closed : bool
        Whether the last element stands before the first.
    """

    first: Expression
    second: Expression
    bits: int
    closed: bool

    def pairs(self, xs: Sequence[int]) -> list[tuple[int, int]]:
        """Return the neighbours of a list."""
        before = [*xs[-1:], *xs] if self.closed else xs
        return list(zip(before, xs if self.closed else xs[1:], strict=False))


def neighbours(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the lists of terms over neighbours, cheapest first.

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
            left = problem.budget.candidates - problem.budget.spent
            budget = problem.budget.part(min(_CANDIDATES, left // _SHARE))
            pairs = [(a, b, row) for row in rows for a, b in order.pairs(row[place])]
            if not pairs:
                continue
            names = fresh_names({*problem.names, problem.signature.name}, ("y", "z"))
            terms = ScalarTerms(problem, list(_variables(problem, names, pairs)), budget)
            with suppress(BudgetSpentError):
                yield from _drafts(problem, order, names, terms)
            problem.budget.spent += budget.spent


def _orders(problem: SearchProblem, place: int) -> Iterator[_Order]:
    grammar, xs = problem.grammar, Variable(problem.names[place])
    tail = grammar.primitive("tail", INTS, INTS)
    if tail is not None:
        yield _Order(xs, Apply(tail, (xs,)), tail.cost + 2, False)
    last, cons = grammar.primitive("last", INTS, INT), grammar.primitive("cons", INT, INTS)
    if last is not None and cons is not None:
        turned = Apply(cons, (Apply(last, (xs,)), xs))
        yield _Order(turned, xs, last.cost + cons.cost + 3, True)


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
    found = 0
    for level in range(1, _BITS + 1):
        for term, type_, uses in terms.level(level):
            function = BINARY if type_ == INT else RELATION
            zipped = problem.grammar.primitive("zip_with", function, list_of(type_))
            if uses & 0b11 == 0b11 and zipped is not None and found < _MOST:
                found += 1
                function_ = Lambda(names, terms.expression(term))
                value = Apply(zipped, (function_, order.first, order.second))
                yield Draft("near", list_of(type_), zipped.cost + order.bits + level, value)
