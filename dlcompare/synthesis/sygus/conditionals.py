"""Conditionals by unification of terms that are right at some points, with separating predicates.

Divide and conquer (Alur, Radhakrishna, Udupa, 2017; Neider, Saha, Madhusudan, 2016): a decision
tree is learned over the predicates, with a term that is right at all points of a leaf. Sets of
points are integers, one bit per point.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    NONTERMINAL,
    VARIABLE,
    Definition,
    SygusGrammar,
    Term,
    Value,
)

__all__ = ["Conditional", "Cover", "PointSplit", "conditional", "decision_tree"]


class Cover(NamedTuple):
    """A term and the points where it is right."""

    points: int
    size: int
    term: Callable[[], Term]


class PointSplit(NamedTuple):
    """A predicate and the points where it holds."""

    points: int
    size: int
    term: Callable[[], Term]


Join = Callable[[Term, Term, Term], Term]


class Conditional(NamedTuple):
    """The form in which a grammar writes a choice between two terms.

    Attributes
    ----------
    name : str
        The non-terminal of the condition.
    holds : callable
        Maps the condition's value to whether the first term is taken.
    join : callable
        Maps the condition and the two terms to the conditional term.
    """

    name: str
    holds: Callable[[Value], bool]
    join: Join


def conditional(
    grammar: SygusGrammar, definitions: Mapping[str, Definition] | None = None
) -> Conditional | None:
    """Return a form for conditionals; None if the grammar has none.

    A function defined by the problem counts if its body is a conditional.
    """
    start, sort = grammar.start, grammar.sorts[grammar.start]
    for rule in grammar.rules[start]:
        names = [str(arg.value) for arg in rule.args if arg.op == NONTERMINAL]
        if len(names) != 3 or len(rule.args) != 3:
            continue
        choice = _choice(rule, (definitions or {}).get(rule.op))
        if choice is None:
            continue
        holds, (place, *branches) = choice
        if [names[branch] for branch in branches] != [start, start]:
            continue

        def join(
            c: Term, x: Term, y: Term, rule: Term = rule, order: tuple[int, ...] = choice.order
        ) -> Term:
            args = dict(zip(order, (c, x, y), strict=True))
            return rule.with_args(tuple(args[number] for number in range(3)))

        return Conditional(names[place], holds, join)
    if sort != BOOL:
        return None
    shapes = {
        rule.op
        for rule in grammar.rules[start]
        if rule.args and all(arg.value == start and arg.op == NONTERMINAL for arg in rule.args)
    }
    if not {"and", "or", "not"} <= shapes:
        return None

    def either(c: Term, x: Term, y: Term) -> Term:
        otherwise = Term("and", BOOL, (Term("not", BOOL, (c,)), y))
        return Term("or", BOOL, (Term("and", BOOL, (c, x)), otherwise))

    return Conditional(start, bool, either)


class _Choice(NamedTuple):
    """From the value of a condition to whether the first branch is taken, and where the condition
    and the two branches stand among the operands.
    """

    holds: Callable[[Value], bool]
    order: tuple[int, ...]


def _choice(rule: Term, definition: Definition | None) -> _Choice | None:
    """Return the choice that a rule of three operands makes; None if it makes none."""
    if rule.op == "ite":
        return _Choice(bool, (0, 1, 2))
    if definition is None or definition.body.op != "ite":
        return None
    names = [name for name, _ in definition.params]
    condition, *branches = definition.body.args
    used = {str(part.value) for part in condition.subterms() if part.op == VARIABLE}
    if len(used) != 1 or any(branch.op != VARIABLE for branch in branches):
        return None
    parts = [*used, *(str(branch.value) for branch in branches)]
    if sorted(parts) != sorted(names):
        return None
    test = compiled(f"lambda v: {python_expression(condition, {parts[0]: 'v'})}")
    return _Choice(lambda value: bool(test(value)), tuple(map(names.index, parts)))


def _chosen(covers: Sequence[Cover], points: int) -> list[Cover] | None:
    """Return a few covers that together are right everywhere, chosen greedily."""
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
    """Return the entropy, in bits, of the covers that the points fall to."""
    total, left, bits = points.bit_count(), points, 0.0
    for cover in chosen:
        share = (cover.points & left).bit_count()
        left &= ~cover.points
        if share:
            bits -= share * math.log2(share / total)
    return bits


def decision_tree(
    points: int, covers: Sequence[Cover], splits: Sequence[PointSplit], join: Join, depth: int = 12
) -> Term | None:
    """Return a term that is right at all points: a decision tree of covers.

    Parameters
    ----------
    points : int
        The set of points to cover, as bits.
    covers : sequence of Cover
    splits : sequence of PointSplit
    join : callable
        Maps a condition and two terms to the conditional term.
    depth : int
        The most nested conditionals.

    Returns
    -------
    Term or None
        None if some point has no cover, or the predicates do not separate the points.
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

    def cost(split: PointSplit) -> tuple[float, int]:
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
