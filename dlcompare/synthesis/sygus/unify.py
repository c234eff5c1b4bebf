"""Conditionals from parts: terms that are right at some points, predicates that tell points apart.

Divide and conquer (Alur, Radhakrishna, Udupa, 2017; Neider, Saha, Madhusudan, 2016): a decision
tree is learnt over the predicates, with a term that is right at all points of a leaf. Sets of
points are integers, one bit a point.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from dlcompare.synthesis.sygus.terms import BOOL, Grammar, Term

__all__ = ["Cover", "Split", "conditional", "decision_tree"]


class Cover(NamedTuple):
    """Where a term is right."""

    points: int
    size: int
    term: Callable[[], Term]


class Split(NamedTuple):
    """Where a predicate holds."""

    points: int
    size: int
    term: Callable[[], Term]


Join = Callable[[Term, Term, Term], Term]


def conditional(grammar: Grammar) -> tuple[str, Join] | None:
    """The non-terminal of conditions, and how to write a conditional; None if there is no way."""
    start, sort = grammar.start, grammar.sorts[grammar.start]
    for rule in grammar.rules[start]:
        names = [str(arg.value) for arg in rule.args if arg.op == "nonterminal"]
        if rule.op == "ite" and len(names) == 3 and names[1:] == [start, start]:
            return names[0], lambda c, x, y: Term("ite", sort, (c, x, y))
    if sort != BOOL:
        return None
    shapes = {
        rule.op
        for rule in grammar.rules[start]
        if rule.args and all(arg.value == start and arg.op == "nonterminal" for arg in rule.args)
    }
    if not {"and", "or", "not"} <= shapes:
        return None

    def either(c: Term, x: Term, y: Term) -> Term:
        otherwise = Term("and", BOOL, (Term("not", BOOL, (c,)), y))
        return Term("or", BOOL, (Term("and", BOOL, (c, x)), otherwise))

    return start, either


def _chosen(covers: Sequence[Cover], points: int) -> list[Cover] | None:
    """A few covers that together are right everywhere, the greedy choice."""
    chosen: list[Cover] = []
    left = points
    while left:
        best = max(covers, key=lambda c: ((c.points & left).bit_count(), -c.size), default=None)
        if best is None or not best.points & left:
            return None
        chosen.append(best)
        left &= ~best.points
    return chosen


def _disorder(points: int, chosen: Sequence[Cover]) -> float:
    """Bits that the choice of a term still needs: each point counts for the cover it falls to."""
    total, left, bits = points.bit_count(), points, 0.0
    for cover in chosen:
        share = (cover.points & left).bit_count()
        left &= ~cover.points
        if share:
            bits -= share * math.log2(share / total)
    return bits


def decision_tree(
    points: int, covers: Sequence[Cover], splits: Sequence[Split], join: Join, depth: int = 12
) -> Term | None:
    """A term that is right at all points, put together from covers by predicates.

    Returns
    -------
    Term or None
        None if some point has no cover, or the predicates do not tell the points apart.
    """
    leaf = min(
        (c for c in covers if c.points & points == points), key=lambda c: c.size, default=None
    )
    if leaf is not None:
        return leaf.term()
    chosen = _chosen(covers, points)
    if chosen is None or depth == 0:
        return None
    # The largest groups first: a point falls to the first cover that is right there.
    chosen.sort(key=lambda c: -(c.points & points).bit_count())

    def cost(split: Split) -> tuple[float, int]:
        yes, no = points & split.points, points & ~split.points
        return _disorder(yes, chosen) + _disorder(no, chosen), split.size

    useful = [s for s in splits if 0 < (s.points & points).bit_count() < points.bit_count()]
    if not useful:
        return None
    best = min(useful, key=cost)
    if cost(best)[0] >= _disorder(points, chosen):
        return None
    yes = decision_tree(points & best.points, covers, splits, join, depth - 1)
    if yes is None:
        return None
    no = decision_tree(points & ~best.points, covers, splits, join, depth - 1)
    return None if no is None else join(best.term(), yes, no)
