"""The search over derived columns, beside the search over the parameters alone."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.strategies.columns.derive import derive
from dlcompare.synthesis.strategies.deduction import DeducedSearch
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.synthesis.strategies.terms import TermSearch

__all__ = ["ColumnSearch"]

STAGES = (300_000, 3_000_000)
"""After how many candidates columns are derived; most problems are solved before the first."""

USUAL, EARLIEST = 20_000_000, 50_000
"""The candidates of a search with these stages; one with fewer derives columns earlier, but not
before so many."""

_SHARE = 3
"""The search over columns spends about one candidate in this many."""


class ColumnSearch:
    """Terms, and calls of functions with deduced examples, over parameters and columns.

    It reaches the same costs as the search without columns as long as it has not spent more than
    its share of the candidates; columns displace no other program but by that share.

    Parameters
    ----------
    problem : SearchProblem
        What to search for.
    """

    def __init__(self, problem: SearchProblem) -> None:
        self.problem = replace(problem, columns=[])
        scale = min(1.0, problem.budget.candidates / USUAL)
        self.stages = [(at, max(EARLIEST, int(scale * due))) for at, due in enumerate(STAGES)]
        self.terms: TermSearch | None = None
        self.searches: tuple[TermSearch | DeducedSearch, ...] = ()
        self.last: TermSearch | DeducedSearch | None = None
        self.spent = 0

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the rows, cheapest first."""
        self._derive()
        budget, terms = self.problem.budget, self.terms
        while terms is not None and terms.reached < cost and _SHARE * self.spent <= budget.spent:
            before, level = budget.spent, terms.reached + 1
            for search in self.searches:
                self.last = search
                yield from search.advance(level)
            self.spent += budget.spent - before

    def best(self) -> Iterator[Program]:
        """Yield programs of any cost that answer all rows, then those that answer some."""
        return chain.from_iterable(search.best() for search in self.searches)

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if self.last is not None:
            self.last.reject(row)

    def _derive(self) -> None:
        """Derive the columns of the stages that are due, and search with all of them."""
        budget = self.problem.budget
        while self.stages and budget.spent >= self.stages[0][1]:
            stage, _ = self.stages.pop(0)
            before = budget.spent
            new = derive(self.problem, stage)
            self.spent += budget.spent - before
            if new and self.terms is not None:
                self.terms.use_columns()
            elif new:
                self.terms = TermSearch(self.problem)
                self.searches = (self.terms, DeducedSearch(self.terms))
