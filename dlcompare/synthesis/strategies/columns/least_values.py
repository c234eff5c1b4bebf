"""Columns from linear searches: the first value from a start at which a condition ends.

``v`` of ``v = 2``, ``while 0 < n % v: v += 1`` is the least divisor of n. Conditions are terms over
the value and the parameters. They are compared on the first values of each example, where one that
behaves as a cheaper one, or ends nowhere, is dropped.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, pairwise

from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.least_value import Start, starts, value_name, variables
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["least_values"]

_VALUES = 24
"""The most values on which conditions are compared for one example."""

_BITS = 14
"""The most bits of a condition."""

_SHARE, _CANDIDATES = 20, 200_000
"""The part of the unspent candidates, one in so many, and the most that a call spends."""

_MOST = 96
"""The most drafts."""


def least_values(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the values at which linear searches end, cheapest first.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; its budget pays for the candidates.
    rows : list of Row
        Examples on which they are compared.
    stage : int
        The stage; there are none after the first.
    """
    if INT not in problem.types or stage:
        return
    left = problem.budget.left
    budget = problem.budget.part(min(_CANDIDATES, left // _SHARE))
    searches = [_Conditions(problem, rows, start, budget) for start in starts(problem)]
    seen: set[tuple[int | None, ...]] = set()
    dearest = _BITS + max(search.start.bits for search in searches)
    levels = ((bits, each) for bits in range(1, dearest + 1) for each in searches)
    with suppress(BudgetSpentError):
        for bits, search in levels:
            for ends, draft in search.level(bits - search.start.bits):
                if ends not in seen:
                    seen.add(ends)
                    yield draft
            if len(seen) >= _MOST:
                break
    problem.budget.spent += budget.spent


class _Conditions:
    """The conditions of the linear searches from one start."""

    def __init__(
        self, problem: SearchProblem, rows: Sequence[Row], start: Start, budget: SearchBudget
    ) -> None:
        self.problem, self.start = problem, start
        ranges = [_values(start, row) for row in rows]
        self.firsts = [start.at(row) for row in rows]
        self.spans = list(pairwise([0, *accumulate(map(len, ranges))]))
        contexts = [(v, row) for row, values in zip(rows, ranges, strict=True) for v in values]
        self.terms = ScalarTerms(problem, list(variables(problem, contexts)), budget)

    def level(self, cost: int) -> Iterator[tuple[tuple[int | None, ...], Draft]]:
        """Yield the columns whose condition has this cost, with where they end on each row."""
        if not 0 < cost <= _BITS:
            return
        for term, type_, uses in self.terms.level(cost):
            if type_ != BOOL or not uses & 1 or uses == 1:  # the value, and a parameter
                continue
            ends = self._ends(self.terms.values(term, BOOL))
            if 2 * ends.count(None) <= len(ends) and any(
                end not in (None, first) for end, first in zip(ends, self.firsts, strict=True)
            ):
                loop = self.start.recursion(value_name(self.problem), self.terms.expression(term))
                yield ends, Draft("v", INT, self.start.bits + cost, loop)

    def _ends(self, more: Sequence[Value]) -> tuple[int | None, ...]:
        """Return the first value of each row at which a condition ends; None if it is further."""
        step = self.start.step
        return tuple(
            first + step * more.index(False, begin, end) - step * begin
            if False in more[begin:end]
            else None
            for (begin, end), first in zip(self.spans, self.firsts, strict=True)
        )


def _values(start: Start, row: Row) -> list[int]:
    """Return the first values that a search tries; one that counts down stops at one."""
    first = start.at(row)
    most = _VALUES if start.step > 0 or first < 1 else min(_VALUES, first)
    return [first + start.step * each for each in range(most)]
