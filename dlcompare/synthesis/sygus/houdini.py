"""The strongest inductive conjunction of candidate clauses.

The candidates that hold initially and are preserved by the steps, together, are the strongest
inductive conjunction over the candidates (Flanagan, Leino, 2001: Houdini).
"""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import z3

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.horn import Condition, Horn, State
from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.simplify import simplified
from dlcompare.synthesis.sygus.syntax import BOOL, Term, constant
from dlcompare.synthesis.sygus.verification import to_z3

__all__ = ["Houdini"]

Z3 = Any


class _Candidates:
    """Clauses of at most two literals, with a matrix of the remaining candidates."""

    def __init__(self, params: Sequence[Term], literals: Sequence[Term], width: int) -> None:
        self.params, self.literals = params, literals
        names = {str(param.value): f"v{i}" for i, param in enumerate(params)}
        given = ", ".join(names.values())
        tests = ", ".join(python_expression(literal, names) for literal in self.literals)
        self.tests: Callable[..., Any] = compiled(f"lambda {given}: [{tests}]")
        count = len(self.literals)
        self.alive = np.triu(np.ones((count, count), dtype=np.bool_))
        if width == 1:
            self.alive &= np.eye(count, dtype=np.bool_)

    def meet(self, state: State) -> None:
        """Drop the clauses that are false in a state of the invariant."""
        holds = np.array(self.tests(*state), dtype=np.bool_)
        self.alive &= holds[:, None] | holds[None, :]

    def clauses(self) -> list[tuple[int, int]]:
        """Return the remaining clauses, without those that a single literal implies."""
        single = np.diagonal(self.alive)
        kept = self.alive & ~single[:, None] & ~single[None, :]
        pairs = [*zip(*np.nonzero(kept), strict=True)]
        return [(i, i) for i in map(int, np.nonzero(single)[0])] + [
            (int(i), int(j)) for i, j in pairs
        ]


class Houdini:
    """The strongest conjunction of candidate clauses that the conditions but the goals allow.

    Parameters
    ----------
    horn : Horn
    literals : sequence of Term
        Over the parameters.
    width : {1, 2}
        The most literals of a clause.
    known : Term
        A predicate that the conditions preserve, which is taken for granted.
    reached : sequence of State
        States of every invariant.
    deadline : float
        The `time.monotonic`, in seconds, at which `OutOfTimeError` is raised.
    """

    def __init__(
        self,
        horn: Horn,
        literals: Sequence[Term],
        width: int,
        known: Term,
        reached: Sequence[State],
        deadline: float,
    ) -> None:
        self.horn, self.known, self.deadline = horn, known, deadline
        self.candidates = _Candidates(horn.params, literals, width)
        for state in reached:
            self.candidates.meet(state)
        self.written: dict[tuple[Term, ...], list[Z3]] = {}
        steps = [c for c in horn.conditions if c.after is not None]
        while any(self.strengthen(condition) for condition in steps):
            pass  # a dropped clause may have supported another

    def at(self, place: tuple[Term, ...], clause: tuple[int, int]) -> Z3:
        """Return a clause, instantiated with operands."""
        if place not in self.written:
            given = {
                str(param.value): self.horn.z3(arg)
                for param, arg in zip(self.candidates.params, place, strict=True)
            }
            self.written[place] = [to_z3(t, given, {}) for t in self.candidates.literals]
        literals, (i, j) = self.written[place], clause
        return literals[i] if i == j else z3.Or(literals[i], literals[j])

    def premises(self, condition: Condition) -> list[Z3]:
        """Return the formulas that a condition may assume."""
        formulas = [condition.formula]
        if condition.before is not None:
            formulas.append(self.horn.at(self.known, condition.before))
        return [self.horn.z3(formula) for formula in formulas]

    def solver(self) -> Z3:
        """Return a new solver that stops at the deadline."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        solver = z3.SimpleSolver()
        # The older of z3's two arithmetic solvers takes two thirds of the time here.
        solver.set("arith.solver", 2)
        solver.set("timeout", max(1, int(left * 1000)))
        return solver

    def strengthen(self, condition: Condition) -> bool:
        """Drop clauses that a condition does not preserve; return whether there are any."""
        assert condition.after is not None
        # One solver for all rounds keeps learned clauses; marks tell which candidates are alive.
        solver = self.solver()
        solver.add(*self.premises(condition))
        held: dict[tuple[int, int], Z3] = {}
        lost: dict[tuple[int, int], Z3] = {}
        more = z3.BoolVal(True)
        dropped = False
        while True:
            alive = dict.fromkeys(self.candidates.clauses())
            solver.add(*(z3.Not(lost.pop(c)) for c in [*lost] if c not in alive))
            fresh = [c for c in alive if c not in held]  # at first all, then where a literal fell
            if fresh or not dropped:
                held |= {c: z3.Bool(f"|held {c}") for c in fresh}
                lost |= {c: z3.Bool(f"|lost {c}") for c in fresh}
                others = z3.FreshBool("others")
                solver.add(z3.Implies(more, z3.Or(others, *(lost[c] for c in fresh))))
                more = others
            for c in fresh:
                if condition.before is not None:
                    solver.add(z3.Implies(held[c], self.at(condition.before, c)))
                solver.add(z3.Implies(lost[c], z3.Not(self.at(condition.after, c))))
            if time.monotonic() > self.deadline:
                raise OutOfTimeError
            answer = solver.check(z3.Not(more), *(held[c] for c in alive))
            if answer == z3.unknown:
                raise OutOfTimeError
            if answer == z3.unsat:
                return dropped
            dropped = True
            self.candidates.meet(self.horn.state(solver.model(), condition.after))

    def core(self, condition: Condition, claim: Z3) -> list[tuple[int, int]] | None:
        """Return clauses that imply a claim under a condition; None if it does not follow."""
        solver = self.solver()
        solver.add(*self.premises(condition), z3.Not(claim))
        marks = {}
        for number, clause in enumerate(self.candidates.clauses()) if condition.before else ():
            mark = z3.Bool(f"|clause {number}")
            marks[str(mark)] = clause
            assert condition.before is not None
            solver.add(z3.Implies(mark, self.at(condition.before, clause)))
        answer = solver.check(*map(z3.Bool, marks))
        if answer == z3.unknown:
            raise OutOfTimeError
        return [marks[str(mark)] for mark in solver.unsat_core()] if answer == z3.unsat else None

    def all(self) -> Term:
        """Return the conjunction of all remaining clauses, which is inductive."""
        return self.conjunction(self.candidates.clauses())

    def sufficient(self) -> Term | None:
        """Return an inductive conjunction of few clauses that implies the goals, or None."""
        used: dict[tuple[int, int], None] = {}
        for condition in self.horn.conditions:
            if condition.after is None:
                core = self.core(condition, z3.BoolVal(False))
                if core is None:
                    return None
                used |= dict.fromkeys(core)
        queue = list(used)
        while queue:
            clause = queue.pop()
            for condition in self.horn.conditions:
                if condition.after is not None:
                    core = self.core(condition, self.at(condition.after, clause))
                    fresh = [c for c in core or () if c not in used]
                    used |= dict.fromkeys(fresh)
                    queue += fresh
        return self.conjunction(used)

    def conjunction(self, clauses: Iterable[tuple[int, int]]) -> Term:
        """Return the conjunction of clauses."""
        literals = self.candidates.literals
        parts = [
            literals[i] if i == j else Term("or", BOOL, (literals[i], literals[j]))
            for i, j in clauses
        ]
        return simplified(Term("and", BOOL, (constant(True, BOOL), *parts)))
