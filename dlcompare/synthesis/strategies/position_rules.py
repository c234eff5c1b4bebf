"""Rules at positions: a term that gives the output at all positions, or a choice between terms.

A *leaf* is the value of a term, or the element of the list at that value. A predicate unifies two
leaves if it holds where only the first gives the output, and does not where only the second does.
This is unification as in `unification`, but over as many rows as there are positions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.scope import Terms

__all__ = ["Choice", "Leaf", "Mask", "PositionRules", "Predicates", "Rule", "Table", "terms_of"]

_LEAVES, _PREDICATES, _PAIRS = 240, 60_000, 3_000
"""The most leaves, predicates, and pairs of leaves that are kept."""

_SUPPORT = 2
"""The fewest positions for which a leaf of a choice gives the output."""

_HALVES, _INNER, _BELOW = 40, 2_000, 400
"""The most first branches of nested choices, and the predicates and pairs for the second."""

_CHEAPEST = 8
"""The choices that are priced, of those with predicates of one part."""

_PART = 4_096
"""Predicates that are compared with all pairs at a time."""

Table = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Leaf:
    """A term, or the element of the list at its value, with its cost and its variables as bits."""

    term: int
    at: bool
    cost: int
    uses: int


@dataclass(frozen=True)
class Choice:
    """A rule where a predicate holds, another one elsewhere."""

    predicate: int
    then: "Rule"
    other: "Rule"
    cost: int
    uses: int


Rule = Leaf | Choice


def terms_of(rule: Rule) -> Iterator[tuple[int, bool]]:
    """Yield the terms of a rule, and whether each is a place."""
    if isinstance(rule, Leaf):
        yield rule.term, rule.at
        return
    yield rule.predicate, False
    yield from terms_of(rule.then)
    yield from terms_of(rule.other)


class Predicates:
    """Predicates over all rows, one for each set of rows, cheapest first.

    Attributes
    ----------
    holds : ndarray of bool
        Where each of them holds. Shape (predicates, rows).
    terms, costs, uses : list of int
        Their terms, costs and variables.
    """

    def __init__(self, rows: int) -> None:
        self.holds: Mask = np.zeros((0, rows), np.bool_)
        self.terms: list[int] = []
        self.costs: list[int] = []
        self.uses: list[int] = []
        self._seen: set[bytes] = set()

    def add(self, table: Table, terms: Terms, uses: Terms, cost: int) -> None:
        """Add predicates of one cost.

        Parameters
        ----------
        table : ndarray of int32
            Their values. Shape (terms, rows).
        terms, uses : ndarray of int64
            Their terms, and the variables of these as bits. Shape (terms,).
        cost : int
            Bits.
        """
        holds = table.astype(np.bool_)
        keys = [key.tobytes() for key in np.packbits(holds, 1)]
        new = []
        for place, key in enumerate(keys):
            if key not in self._seen and len(self._seen) < _PREDICATES:
                self._seen.add(key)
                new.append(place)
        self.holds = np.concatenate([self.holds, holds[new]])
        self.terms += terms[new].tolist()
        self.uses += uses[new].tolist()
        self.costs += [cost] * len(new)


class PositionRules:
    """The cheapest rule that gives an output at every one of some positions.

    Parameters
    ----------
    rows : ndarray of int64
        The rows that count. Shape (rows,).
    outputs : ndarray of int32
        The output for each of them. Shape (rows,).
    elements : callable
        Returns the elements at places, and which places exist (`PositionTable.at`).
    at, choice : int or None
        The bits of an element at a place, and of a choice; None if there are none.
    price : callable
        Returns the bits of a rule, with those of the columns that it uses.

    Attributes
    ----------
    best : Rule or None
        The cheapest rule so far.
    bits : int
        Its price.
    """

    def __init__(
        self,
        rows: Terms,
        outputs: Table,
        elements: Callable[[Table, Terms], tuple[Table, Mask]],
        at: int | None,
        choice: int | None,
        price: Callable[[Rule], int],
    ) -> None:
        self.rows, self.outputs, self.elements = rows, outputs, elements
        self.at, self.choice, self.price = at, choice, price
        self.leaves: list[Leaf] = []
        self.right: Mask = np.zeros((0, len(rows)), np.bool_)
        self.pairs: list[tuple[int, int]] = []
        self.met = 0
        self.best: Rule | None = None
        self.bits = 0

    def add(self, table: Table, terms: Terms, uses: Terms, cost: int) -> None:
        """Add terms of one cost as leaves.

        Parameters
        ----------
        table : ndarray of int32
            Their values on all rows. Shape (terms, all rows).
        terms, uses : ndarray of int64
            The terms, and their variables as bits. Shape (terms,).
        cost : int
            Bits.
        """
        own = table[:, self.rows]
        self._add(own == self.outputs, terms, uses, cost, at=False)
        if self.at is not None:
            found, there = self.elements(own, self.rows)
            self._add(there & (found == self.outputs), terms, uses, cost + self.at, at=True)

    def _add(self, right: Mask, terms: Terms, uses: Terms, cost: int, at: bool) -> None:
        some = np.flatnonzero(right.sum(1) >= min(_SUPPORT, len(self.rows)))
        for place in some[right[some].all(1)].tolist():
            self._offer(Leaf(int(terms[place]), at, cost, int(uses[place])))
        if self.choice is None or not some.size:
            return
        _, first = np.unique(np.packbits(right[some], 1), axis=0, return_index=True)
        for place in some[np.sort(first)].tolist():
            # A leaf that is right on fewer rows than a cheaper one is of no use.
            if len(self.leaves) < _LEAVES and (right[place] & ~self.right).any(1).all():
                self.leaves.append(Leaf(int(terms[place]), at, cost, int(uses[place])))
                self.right = np.concatenate([self.right, right[place : place + 1]])
                self._pair(len(self.leaves) - 1)

    def _pair(self, new: int) -> None:
        """Pair a new leaf with those that are right wherever it is not."""
        for other in np.flatnonzero((self.right | self.right[new]).all(1)).tolist():
            if new != other and len(self.pairs) < _PAIRS:
                self.pairs += [(new, other), (other, new)]

    def unify(self, predicates: Predicates, new: int) -> None:
        """Join pairs of leaves by predicates; those before `new` met the earlier pairs already."""
        everywhere = np.ones(len(self.rows), np.bool_)
        for first, pairs in ((0, self.pairs[self.met :]), (new, self.pairs[: self.met])):
            for choice in self._choices(predicates, slice(first, None), pairs, everywhere):
                self._offer(choice)
        self.met = len(self.pairs)

    def nest(self, predicates: Predicates) -> None:
        """Join three leaves by two predicates."""
        if self.choice is None or not self.leaves:
            return
        holds = predicates.holds[:_INNER, self.rows]
        for at, positive, leaf in self._halves(holds):
            left = holds[at] != positive
            right = self.right[:, left]
            whole = (right[:, np.newaxis] | right[np.newaxis]).all(2)
            pairs = [(a, b) for a, b in np.argwhere(whole)[:_BELOW].tolist() if a != b]
            for inner in self._choices(predicates, slice(0, _INNER), pairs, left):
                branches = (leaf, inner) if positive else (inner, leaf)
                self._offer(self._choice(predicates, at, *branches))

    def _choices(
        self, predicates: Predicates, which: slice, pairs: list[tuple[int, int]], left: Mask
    ) -> Iterator[Choice]:
        """Yield the cheapest choices between pairs of leaves that are right on the rows left."""
        if not pairs:
            return
        first = which.start
        holds = predicates.holds[which][:, self.rows[left]]
        one, two = np.array(pairs).T
        never, only = ((~self.right[each][:, left]).astype(np.float32).T for each in (one, two))
        leaves = np.array([leaf.cost for leaf in self.leaves])
        costs = np.array(predicates.costs[which])
        for begin in range(0, len(holds), _PART):
            part = holds[begin : begin + _PART].astype(np.float32)
            places, found = np.nonzero((part @ never == 0) & ((1 - part) @ only == 0))
            total = costs[begin + places] + leaves[one[found]] + leaves[two[found]]
            for at in np.argsort(total, kind="stable")[:_CHEAPEST].tolist():
                branches = (self.leaves[pairs[found[at]][0]], self.leaves[pairs[found[at]][1]])
                yield self._choice(predicates, first + begin + int(places[at]), *branches)

    def _halves(self, holds: Mask) -> list[tuple[int, bool, Leaf]]:
        """Return predicates with a leaf for where they hold, or for where not, the widest first."""
        wrong = (~self.right).astype(np.float32)
        found: dict[bytes, tuple[int, int, bool, Leaf]] = {}
        for positive in (True, False):
            here = holds if positive else ~holds
            good = here.astype(np.float32) @ wrong.T == 0
            sizes = here.sum(1)
            for at in np.flatnonzero(good.any(1) & (sizes >= _SUPPORT)).tolist():
                leaf = self.leaves[int(good[at].argmax())]
                found.setdefault(here[at].tobytes(), (int(sizes[at]), at, positive, leaf))
        widest = sorted(found.values(), key=lambda half: -half[0])[:_HALVES]
        return [half[1:] for half in widest]

    def _choice(self, predicates: Predicates, at: int, then: Rule, other: Rule) -> Choice:
        cost = (self.choice or 0) + predicates.costs[at] + then.cost + other.cost
        uses = predicates.uses[at] | then.uses | other.uses
        return Choice(predicates.terms[at], then, other, cost, uses)

    def _offer(self, rule: Rule) -> None:
        price = self.price(rule)
        if self.best is None or price < self.bits:
            self.best, self.bits = rule, price
