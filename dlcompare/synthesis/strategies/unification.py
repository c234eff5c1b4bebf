"""Conditionals by unification: terms that are right on some examples, joined by a decision tree.

A term covers the rows on which it gives the goal; a predicate splits the rows. The cheapest tree of
predicates whose leaves cover all rows is found exactly, by dynamic programming over sets of rows
(the divide and conquer of EUSolver, Alur, Radhakrishna and Udupa 2017, without its greedy step).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.compiled import engine

__all__ = ["Leaf", "Split", "Tree", "Unifier"]

MOST_ROWS = 12
"""The most rows for which trees are built: time and memory grow as 2 to the number of rows."""

_NEVER = 1 << 20

Masks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Leaf:
    """A term that is right on all rows that reach this leaf."""

    term: int


@dataclass(frozen=True)
class Split:
    """A predicate: rows on which it holds take one branch, the others the other."""

    predicate: int
    then: "Tree"
    other: "Tree"


Tree = Leaf | Split


class Unifier:
    """The cheapest cover and the cheapest predicate for every set of rows.

    Parameters
    ----------
    rows : int
        Number of rows, at most `MOST_ROWS`.
    choice : int
        Cost of one conditional.
    """

    def __init__(self, rows: int, choice: int) -> None:
        self.choice = choice
        sets = 1 << rows
        self.cover_cost: Masks = np.full(sets, _NEVER, np.int64)
        self.cover_term: Masks = np.full(sets, -1, np.int64)
        self.split_cost: Masks = np.full(sets, _NEVER, np.int64)
        self.split_term: Masks = np.full(sets, -1, np.int64)
        self.rows = rows
        self.news = False

    def add_terms(self, masks: Masks, terms: Sequence[int] | Masks, cost: int) -> None:
        """Add terms of one cost, with the sets of rows on which they are right."""
        self._add(self.cover_cost, self.cover_term, masks, terms, cost)

    def add_predicates(self, masks: Masks, terms: Sequence[int] | Masks, cost: int) -> None:
        """Add predicates of one cost, with the sets of rows on which they hold."""
        self._add(self.split_cost, self.split_term, masks, terms, cost)

    def _add(
        self, costs: Masks, kept: Masks, masks: Masks, terms: Sequence[int] | Masks, cost: int
    ) -> None:
        unique, first = np.unique(masks, return_index=True)
        better = costs[unique] > cost
        costs[unique[better]] = cost
        kept[unique[better]] = np.asarray(terms)[first[better]]
        self.news |= bool(better.any())

    def widest(self) -> tuple[int, int] | None:
        """Return the term that is right on most rows, with its cost in bits, or None."""
        best = max(map(int, np.flatnonzero(self.cover_term >= 0)), key=int.bit_count, default=0)
        return (int(self.cover_term[best]), int(self.cover_cost[best])) if best else None

    def cheapest(self) -> tuple[int, Tree] | None:
        """Return the cheapest tree that is right on all rows, with its cost, or None."""
        if not self.news:
            return None
        self.news = False
        predicates = np.flatnonzero(self.split_cost < _NEVER)
        best, leaf = self.cover_cost.copy(), self.cover_term.copy()
        chosen: Masks = np.full(len(best), -1, np.int64)
        engine.kernels().grow_trees(best, leaf, chosen, predicates, self.split_cost, self.choice)
        everything = len(best) - 1
        if best[everything] >= _NEVER:
            return None
        return int(best[everything]), self._tree(everything, chosen, leaf)

    def _tree(self, rows: int, chosen: Masks, leaf: Masks) -> Tree:
        if chosen[rows] < 0:
            return Leaf(int(leaf[rows]))
        predicate = int(chosen[rows])
        return Split(
            int(self.split_term[predicate]),
            self._tree(rows & predicate, chosen, leaf),
            self._tree(rows & ~predicate, chosen, leaf),
        )
