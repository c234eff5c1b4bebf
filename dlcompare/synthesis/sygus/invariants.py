"""Inductive invariants of linear integers, from several sources of candidates.

First come the obvious ones: true, the goal, the initial states, single atoms of the problem. Then
the strongest conjunction of candidate literals (`houdini`); z3's engine Spacer, given that
conjunction as a lemma (`spacer`); and the strongest conjunction of clauses of two literals. What is
found is shortened. A failure to find an invariant proves nothing.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.candidate_literals import candidates, suggested
from dlcompare.synthesis.sygus.horn import Checker, Horn, State, conditions, holds
from dlcompare.synthesis.sygus.houdini import Houdini
from dlcompare.synthesis.sygus.outcome import Infeasible
from dlcompare.synthesis.sygus.shorter import shortened, tidied
from dlcompare.synthesis.sygus.simplify import simplified
from dlcompare.synthesis.sygus.simulation import simulated
from dlcompare.synthesis.sygus.spacer import reachability
from dlcompare.synthesis.sygus.syntax import BOOL, INT, Definition, SygusProblem, Term, constant

__all__ = ["solve_invariant"]

_TRUE, _FALSE = constant(True, BOOL), constant(False, BOOL)

LITERALS = 60
"""The most literals of clauses of two."""

OBVIOUS = 0.2
"""The share of the time for what is obvious."""

SHARES = (0.3, 0.2, 0.6, 1.0)
"""Shares of the time left for literals, for Spacer, for clauses, and for Spacer again."""


def _until(share: float, deadline: float) -> float:
    """Return the time at which a share of the time left is over."""
    now = time.monotonic()
    return now + share * (deadline - now)


def _obvious(horn: Horn) -> Iterator[Term]:
    """Yield predicates read off the problem."""
    yield from (_TRUE, _FALSE)
    goals: list[Term] = []
    initial: list[Term] = []
    atoms: dict[Term, None] = {}
    for condition, found in suggested(horn):
        atoms |= dict.fromkeys(atom for path in found for atom in path)
        both = [Term("and", BOOL, (_TRUE, *path)) for path in found]
        if condition.before is None:
            initial += both
        if condition.after is None:
            goals += [Term("not", BOOL, (path,)) for path in both]
    for each in [*atoms, *(Term("not", BOOL, (atom,)) for atom in atoms), *goals]:
        yield tidied(each)
    yield tidied(Term("and", BOOL, (_TRUE, *goals)))
    yield tidied(Term("or", BOOL, (_FALSE, *initial)))


def _found(horn: Horn, checker: Checker, deadline: float) -> Term | None:
    soon = _until(OBVIOUS, deadline)
    for body in dict.fromkeys(_obvious(horn)):
        if checker.holds(body, soon):
            return body
    initial = horn.initial()
    reached = [*initial, *(simulated(horn, initial) or horn.successors(initial, deadline))]
    literals = candidates(horn, reached)
    known = _TRUE

    for width, first, second in ((1, *SHARES[:2]), (2, *SHARES[2:])):
        with suppress(OutOfTimeError):
            chosen = literals if width == 1 else _open(horn, literals, reached, known)
            houdini = Houdini(horn, chosen, width, known, reached, _until(first, deadline))
            enough = houdini.sufficient()
            if enough is not None:
                return Term("and", BOOL, (known, enough))
            known = simplified(Term("and", BOOL, (known, houdini.all())))
        rest = reachability(horn, known, _until(second, deadline))
        if rest is not None:
            return Term("and", BOOL, (known, rest))
    return None


def _open(
    horn: Horn, literals: Sequence[Term], reached: Sequence[State], known: Term
) -> list[Term]:
    """Return literals for clauses of two: those that hold in some state, and not in all known."""
    proved = {known, *known.args}
    names = [str(param.value) for param in horn.params]
    models = [dict(zip(names, state, strict=True)) for state in reached[:: len(reached) // 60 + 1]]
    chosen = [
        literal
        for literal in literals
        if literal not in proved and any(holds(literal, model) for model in models)
    ]
    return chosen[:LITERALS]


LONG, SHORTER = 5, 0.3
"""A shorter invariant is sought if one has more nodes; the share of the time left for that."""


def solve_invariant(problem: SygusProblem, deadline: float) -> Definition | None:
    """Return an inductive invariant; None if the problem has another form or none is found.

    Raises
    ------
    OutOfTimeError
        At the deadline (of `time.monotonic`).
    """
    sorts = {part.sort for term in problem.constraints for part in term.subterms()}
    if len(problem.functions) != 1 or problem.functions[0].sort != BOOL or not sorts <= {INT, BOOL}:
        return None
    everything = conditions(problem)
    if everything is None:
        return None
    (function,) = problem.functions
    essential = everything.essential()
    body = None
    for horn in [essential, everything][: 1 + (essential.params != everything.params)]:
        with suppress(Infeasible):
            body = _shortest(horn, deadline)
            break
    return None if body is None else Definition(function.name, function.params, BOOL, body)


def _shortest(horn: Horn, deadline: float) -> Term | None:
    """Return a predicate that meets the conditions, the shorter of two if the first is long."""
    checker = Checker(horn)

    def serves(term: Term) -> bool:
        return checker.holds(term, deadline)

    def shorter(body: Term) -> Term:
        return shortened(tidied(body), serves, _until(SHORTER, deadline))

    found = _found(horn, checker, deadline)
    if found is None:
        return None
    body = shorter(found)
    if body.size > LONG:
        other = reachability(horn, _TRUE, _until(SHORTER, deadline))
        if other is not None:
            return min(body, shorter(other), key=lambda term: term.size)
    return body
