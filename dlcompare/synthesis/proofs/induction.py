"""Sorting programs proved for every length, by induction over the fold.

The claim has two parts, which the specification states: neighbours in the result are in a relation,
and the result is a permutation of the input. The program is a loop that builds a list from the
current element, from the accumulator's elements that satisfy a condition, and from concatenations
of such parts.

A primitive declares where the elements of its result come from (`Primitive.elements`). These lemmas
follow, for the accumulator ``acc`` as a sequence and as a multiset:

=====================  ===============================================================
concatenation          a pair lies in one part, or takes one element of each part
filter                 keeps the order; its elements satisfy the condition
multiset               counts add up in a concatenation; a filter keeps a count or makes it 0
=====================  ===============================================================

They reduce the claim to obligations about single elements, without quantifiers over lists, and z3
decides each. Two invariants are tried: the accumulator is in order and has the elements met so far;
or it has all elements, and each element met so far separates those below it from the others.
"""

from collections.abc import Callable, Iterator
from typing import Any

import z3

from dlcompare.synthesis.proofs.proof import Obligation
from dlcompare.synthesis.proofs.sorting_forms import MET, Item, Kept, Parts, loop_of, neighbours_of
from dlcompare.synthesis.proofs.symbolic.execution import Closure
from dlcompare.synthesis.proofs.symbolic.symbols import Bool, Integer, atom
from dlcompare.synthesis.proofs.symbolic.z3_terms import Terms
from dlcompare.tasks.types import INT, Type

__all__ = ["obligations", "relation_of"]

MILLISECONDS = 2000
"""Time limit of z3 for one obligation."""

A, B, Z, V = (atom("variable", f"element {name}") for name in "abzv")
"""Two elements of the accumulator, an element met before, and any value."""

Relation = Callable[[Any, Any], Any]
"""A formula about two elements, the first before the second."""


def obligations(
    program: Closure, ensures: Callable[..., object], element: Type = INT
) -> list[Obligation]:
    """Return the obligations of the better invariant; if all are proved, the claim is proved.

    Parameters
    ----------
    program : Closure
    ensures : callable
        ``(xs, result) -> bool``.
    element : Type
        Type of the elements of the list.

    Raises
    ------
    UnsupportedError
        If any statement or name of the program or of the specification is outside the known forms.
    """
    related = neighbours_of(ensures, element)
    loop = loop_of(program, element)
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


def relation_of(ensures: Callable[..., object]) -> Relation:
    """Return the relation of neighbours that a specification of sorting integers demands.

    Raises
    ------
    UnsupportedError
        If it is no specification of sorting.
    """
    terms, related = Terms(), neighbours_of(ensures, INT)
    formula = terms.truth(related(A, B))
    a, b = terms.integer(A), terms.integer(B)
    return lambda one, other: z3.substitute(formula, (a, one), (b, other))


def _in_order(parts: Parts, relation: Relation, terms: Terms) -> list[Obligation]:
    return [
        Obligation("the order is kept", _kept(parts, relation, relation, terms)),
        Obligation("the elements are those met so far", _counted(parts, True, terms)),
    ]


def _separated(
    parts: Parts, relation: Relation, separated: Relation, terms: Terms
) -> list[Obligation]:
    z, x = terms.integer(Z), terms.integer(MET)
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


def _pairs(parts: Parts) -> Iterator[tuple[Integer, Integer, list[Bool], bool]]:
    """Yield two elements of the new accumulator, the first before the second, for each case.

    Each case has their values, their conditions, and whether the old accumulator has them in this
    order.
    """
    for place, first in enumerate(parts):
        if isinstance(first, Kept):
            yield A, B, [first.condition(A), first.condition(B)], True
        for second in parts[place + 1 :]:
            a, left = (A, first.condition(A)) if isinstance(first, Kept) else _of(first)
            b, right = (B, second.condition(B)) if isinstance(second, Kept) else _of(second)
            yield a, b, [left, right], False


def _of(item: Item) -> tuple[Integer, Bool]:
    return item.value, item.condition


def _kept(parts: Parts, known: Relation, wanted: Relation, terms: Terms) -> bool:
    """Return whether all pairs are in a relation, given that all old pairs were."""
    shown = []
    for a, b, guards, ordered in _pairs(parts):
        premise = [terms.truth(guard) for guard in guards]
        if ordered:
            premise.append(known(A, B))
        elif a is A and b is B:  # two elements in either order, or one element kept twice
            same = terms.integer(A) == terms.integer(B)
            premise.append(z3.Or(known(A, B), known(B, A), same))
        shown.append(z3.Implies(z3.And(*premise), wanted(a, b)))
    return _valid(z3.And(*shown))


def _counted(parts: Parts, one_more: bool, terms: Terms) -> bool:
    """Return whether every value has the right multiplicity in the new accumulator."""
    before, value = z3.Int("count before"), terms.integer(V)
    counts = [
        z3.If(terms.truth(part.condition(V)), before, 0)
        if isinstance(part, Kept)
        else z3.If(z3.And(terms.truth(part.condition), terms.integer(part.value) == value), 1, 0)
        for part in parts
    ]
    met = z3.If(terms.integer(MET) == value, 1, 0) if one_more else z3.IntVal(0)
    return _valid(z3.Implies(before >= 0, z3.Sum(*counts, z3.IntVal(0)) == before + met))


def _valid(claim: Any) -> bool:
    solver = z3.Solver()
    solver.set("timeout", MILLISECONDS)
    solver.add(z3.Not(claim))
    return bool(solver.check() == z3.unsat)
