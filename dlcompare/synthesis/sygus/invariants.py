"""Inductive invariants of linear integers: the strongest conjunction of candidate clauses.

An invariant must hold in the initial states, be preserved by the steps, and imply the goal. The
conjunction of all candidates that hold initially and are preserved is the strongest one over the
candidates (Flanagan, Leino, 2001: Houdini). Candidates are comparisons of one or two variables with
numbers of the problem, linear equations that hold in the first states reached, and disjunctions of
two of these. A failure to find an invariant proves nothing.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import z3

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.affine import equations
from dlcompare.synthesis.sygus.linear import LinearTerm
from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.simplify import simplified
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    VARIABLE,
    Definition,
    SygusProblem,
    Term,
    Value,
    constant,
    substitute,
    variable,
)
from dlcompare.synthesis.sygus.verification import to_z3, z3_value, z3_variable

__all__ = ["solve_invariant"]

Z3 = Any
State = tuple[Value, ...]

NUMBERS = 12
"""The number of bounds tried, those of least magnitude."""

STATES, SUCCESSORS = 24, 3
"""The most states for equations, and the most successors of a state."""


class Condition(NamedTuple):
    """One constraint: if all of `before` hold, so must `after`; None means false."""

    premise: Z3
    before: tuple[Term, ...] | None
    after: tuple[Term, ...] | None


def _conditions(problem: SygusProblem, names: dict[str, Z3]) -> list[Condition] | None:
    """Return the constraints as conditions; None if one has another form."""
    (function,) = problem.functions
    true, false = constant(True, BOOL), constant(False, BOOL)
    found = []
    for constraint in problem.constraints:
        calls = list(dict.fromkeys(p for p in constraint.subterms() if p.op == function.name))
        if not 1 <= len(calls) <= 2 or any(
            p.op == function.name for c in calls for a in c.args for p in a.subterms()
        ):
            return None

        def failing(values: dict[Term, Term], term: Term = constraint) -> Z3:
            return z3.Not(to_z3(simplified(substitute(term, values.get)), names, {}))

        if len(calls) == 1:
            (call,) = calls
            cases = [({call: false}, None, call.args), ({call: true}, call.args, None)]
        else:
            one, other = calls
            cases = [({one: true, other: false}, one.args, other.args)]
            cases += [({one: false, other: true}, other.args, one.args)]
            if any(_possible(failing(dict.fromkeys(calls, value))) for value in (true, false)):
                return None
        found += [Condition(failing(v), b, a) for v, b, a in cases if _possible(failing(v))]
    return found


def _possible(formula: Z3) -> bool:
    solver = z3.Solver()
    solver.set("timeout", 500)
    solver.add(formula)
    return bool(solver.check() != z3.unsat)


def _relevant(problem: SygusProblem) -> set[int]:
    """Return the indices of the parameters that some constraint mentions."""
    (function,) = problem.functions
    found: set[int] = set()
    for constraint in problem.constraints:
        calls = {p.args for p in constraint.subterms() if p.op == function.name}
        without = substitute(
            constraint, lambda p: constant(True, BOOL) if p.op == function.name else None
        )
        used = {p for p in without.subterms() if p.op == VARIABLE}
        found |= {
            place
            for args in calls
            for place, arg in enumerate(args)
            if arg.op != VARIABLE
            or arg in used
            or any(other[place] == arg for other in calls - {args})
        }
    return found


def _numbers(problem: SygusProblem) -> list[int]:
    mentioned = {
        int(p.value)
        for t in problem.constraints
        for p in t.subterms()
        if p.op == CONSTANT and p.sort == INT
    }
    return sorted(mentioned | {0, 1} | {-n for n in mentioned}, key=lambda n: (abs(n), n))[:NUMBERS]


class _Candidates:
    """Clauses of at most two literals, with a matrix of the remaining candidates."""

    def __init__(self, problem: SygusProblem, reached: Sequence[State]) -> None:
        (function,) = problem.functions
        self.params = [variable(name, sort) for name, sort in function.params]
        literals = [*self._mentioned(problem), *self._bounds(problem), *self._equations(reached)]
        self.literals = list(dict.fromkeys(literals))
        names = {name: f"v{i}" for i, (name, _) in enumerate(function.params)}
        given = ", ".join(names.values())
        tests = ", ".join(python_expression(literal, names) for literal in self.literals)
        self.tests: Callable[..., Any] = compiled(f"lambda {given}: [{tests}]")
        count = len(self.literals)
        self.alive = np.triu(np.ones((count, count), dtype=np.bool_))

    def _mentioned(self, problem: SygusProblem) -> Iterator[Term]:
        """Yield the comparisons of a call's operands in the constraints."""
        (function,) = problem.functions
        for constraint in problem.constraints:
            for call in {p for p in constraint.subterms() if p.op == function.name}:
                given = dict(zip(call.args, self.params, strict=True))
                for part in constraint.subterms():
                    used = {p for p in part.subterms() if p.op == VARIABLE}
                    numbers = part.args and part.sort == BOOL and part.args[0].sort == INT
                    if numbers and part.op != function.name and used and used <= set(given):
                        literal = substitute(part, given.get)
                        yield literal
                        yield Term("not", BOOL, (literal,))

    def _bounds(self, problem: SygusProblem) -> Iterator[Term]:
        relevant = _relevant(problem)
        numbers = [p for i, p in enumerate(self.params) if p.sort == INT and i in relevant]
        sums = [Term(op, INT, pair) for pair in itertools.combinations(numbers, 2) for op in "-+"]
        for bound in _numbers(problem):
            for side in [*numbers, *(sums if abs(bound) <= 1 or len(sums) <= 2 else [])]:
                for op in ("<=", ">="):
                    yield Term(op, BOOL, (side, constant(bound, INT)))

    def _equations(self, reached: Sequence[State]) -> Iterator[Term]:
        places = [place for place, param in enumerate(self.params) if param.sort == INT]
        states = [[int(state[place]) for place in places] for state in reached]
        for *coefficients, offset in equations(states):
            parts = zip(places, coefficients, strict=True)
            form = LinearTerm({self.params[place]: c for place, c in parts if c}, offset)
            if form.coefficients:
                yield Term("=", BOOL, (form.term(), constant(0, INT)))

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


class _Search:
    def __init__(
        self,
        problem: SygusProblem,
        conditions: Sequence[Condition],
        names: dict[str, Z3],
        deadline: float,
    ) -> None:
        self.problem, self.conditions, self.names, self.deadline = (
            problem,
            conditions,
            names,
            deadline,
        )
        reached = self.reached()
        self.candidates = _Candidates(problem, reached)
        for state in reached:
            self.candidates.meet(state)
        self.written: dict[tuple[Term, ...], list[Z3]] = {}

    def at(self, place: tuple[Term, ...], clause: tuple[int, int]) -> Z3:
        """Return a clause, instantiated with operands."""
        if place not in self.written:
            given = {
                str(param.value): to_z3(arg, self.names, {})
                for param, arg in zip(self.candidates.params, place, strict=True)
            }
            self.written[place] = [to_z3(t, given, {}) for t in self.candidates.literals]
        literals, (i, j) = self.written[place], clause
        return literals[i] if i == j else z3.Or(literals[i], literals[j])

    def solver(self) -> Z3:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        solver = z3.SimpleSolver()
        # The older of z3's two arithmetic solvers takes two thirds of the time here.
        solver.set("arith.solver", 2)
        solver.set("timeout", max(1, int(left * 1000)))
        return solver

    def reached(self) -> list[State]:
        """Return some states of every invariant: initial ones and some successors."""
        found: dict[State, None] = {}
        for condition in self.conditions:
            if condition.before is None:
                found |= dict.fromkeys(self.outcomes(condition, []))
        steps = [c for c in self.conditions if c.before is not None and c.after is not None]
        queue = list(found)
        while queue and len(found) < STATES:
            state = queue.pop(0)
            for condition in steps:
                assert condition.before is not None
                here = [
                    to_z3(arg, self.names, {}) == to_z3(constant(value, arg.sort), {}, {})
                    for arg, value in zip(condition.before, state, strict=True)
                ]
                fresh = [s for s in self.outcomes(condition, here) if s not in found]
                found |= dict.fromkeys(fresh)
                queue += fresh
        return list(found)

    def outcomes(self, condition: Condition, given: list[Z3]) -> Iterator[State]:
        """Yield a few states that must be in the invariant if a condition's premise holds."""
        if condition.after is None:
            return
        solver = self.solver()
        solver.set("timeout", 500)
        solver.add(condition.premise, *given)
        places = [to_z3(arg, self.names, {}) for arg in condition.after]
        for _ in range(SUCCESSORS):
            if solver.check() != z3.sat:
                return
            state = self.state(solver.model(), condition.after)
            yield state
            values = zip(places, state, condition.after, strict=True)
            solver.add(z3.Or(*(p != to_z3(constant(v, a.sort), {}, {}) for p, v, a in values)))

    def strengthen(self, condition: Condition) -> bool:
        """Drop clauses that a condition does not preserve; return whether there are any."""
        assert condition.after is not None
        # One solver for all rounds keeps learned clauses; marks tell which candidates are alive.
        solver = self.solver()
        solver.add(condition.premise)
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
            self.candidates.meet(self.state(solver.model(), condition.after))

    def state(self, model: Z3, place: tuple[Term, ...]) -> State:
        return tuple(
            z3_value(model.eval(to_z3(arg, self.names, {}), model_completion=True), arg.sort)
            for arg in place
        )

    def core(self, condition: Condition, claim: Z3) -> list[tuple[int, int]] | None:
        """Return clauses that imply a claim under a condition; None if it does not follow."""
        solver = self.solver()
        solver.add(condition.premise, z3.Not(claim))
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

    def run(self) -> Term | None:
        steps = [c for c in self.conditions if c.after is not None]
        while any(self.strengthen(condition) for condition in steps):
            pass  # a dropped clause may have supported another
        used: dict[tuple[int, int], None] = {}
        for goal in (c for c in self.conditions if c.after is None):
            core = self.core(goal, z3.BoolVal(False))
            if core is None:
                return None
            used |= dict.fromkeys(core)
        queue = list(used)
        while queue:
            clause = queue.pop()
            for condition in steps:
                assert condition.after is not None
                core = self.core(condition, self.at(condition.after, clause))
                fresh = [c for c in core or () if c not in used]
                used |= dict.fromkeys(fresh)
                queue += fresh
        literals = self.candidates.literals
        parts = [
            literals[i] if i == j else Term("or", BOOL, (literals[i], literals[j])) for i, j in used
        ]
        return simplified(Term("and", BOOL, (constant(True, BOOL), *parts)))


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
    names = {name: z3_variable(name, sort) for name, sort in problem.variables}
    conditions = _conditions(problem, names)
    if conditions is None:
        return None
    body = _Search(problem, conditions, names, deadline).run()
    (function,) = problem.functions
    return None if body is None else Definition(function.name, function.params, BOOL, body)
