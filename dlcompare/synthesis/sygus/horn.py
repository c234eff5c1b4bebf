"""Conditions on one unknown predicate of integers and Booleans: constrained Horn clauses.

An invariant must hold in the initial states, be preserved by the steps, and imply the goal. A
loop in static single assignment has many copies of each variable, of which the predicate needs but
the essential ones.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import z3

from dlcompare.synthesis.sygus.linear import Model, NotLinearError, value_of
from dlcompare.synthesis.sygus.simplify import simplified
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    INT,
    VARIABLE,
    SygusProblem,
    Term,
    Value,
    constant,
    substitute,
    variable,
)
from dlcompare.synthesis.sygus.verification import to_z3, z3_value, z3_variable

__all__ = ["Checker", "Condition", "Horn", "State", "conditions", "holds"]

Z3 = Any
State = tuple[Value, ...]

STATES, SUCCESSORS = 24, 3
"""The most states reached, and the most successors of a state."""


SPREAD = (5, 20)
"""Values above which an initial state is sought, of each parameter."""


class Condition(NamedTuple):
    """If a formula and the predicate of `before` hold, so must that of `after`.

    Without `before` nothing else is needed (initial states); without `after`, false follows
    (states that the predicate must exclude).
    """

    formula: Term
    before: tuple[Term, ...] | None
    after: tuple[Term, ...] | None


@dataclass(frozen=True)
class Horn:
    """The conditions on a predicate of some parameters.

    Attributes
    ----------
    params : tuple of Term
        Variables.
    conditions : tuple of Condition
        With as many operands each.
    names : dict
        z3's variables.
    written : dict
        Terms as z3 terms, each made once.
    """

    params: tuple[Term, ...]
    conditions: tuple[Condition, ...]
    names: dict[str, Z3]
    written: dict[Term, Z3] = field(default_factory=dict, repr=False, compare=False)

    def z3(self, term: Term) -> Z3:
        """Return a term as a formula of z3."""
        if term not in self.written:
            self.written[term] = to_z3(term, self.names, {})
        return self.written[term]

    def at(self, body: Term, place: Sequence[Term]) -> Term:
        """Return a formula over the parameters, of some operands."""
        return substitute(body, dict(zip(self.params, place, strict=True)).get)

    def over(self, kept: Sequence[int]) -> "Horn":
        """Return the same conditions on a predicate of some of the parameters only."""

        def chosen(place: tuple[Term, ...] | None) -> tuple[Term, ...] | None:
            return None if place is None else tuple(place[i] for i in kept)

        return replace(
            self,
            params=tuple(self.params[i] for i in kept),
            conditions=tuple(
                Condition(c.formula, chosen(c.before), chosen(c.after)) for c in self.conditions
            ),
        )

    def essential(self) -> "Horn":
        """Return the conditions without parameters that each step forgets or that nothing reads."""
        steps = [c for c in self.conditions if c.before is not None and c.after is not None]
        reading = [c for c in self.conditions if c.before is not None]
        forgotten = [
            place
            for place in range(len(self.params))
            if (steps and all(_free(c, c.after, place) for c in steps))
            or all(_free(c, c.before, place) for c in reading)
        ]
        return self.over([i for i in range(len(self.params)) if i not in forgotten])

    def initial(self) -> list[State]:
        """Return some initial states, with small and with larger values of each parameter."""
        found: dict[State, None] = {}
        for condition in self.conditions:
            if condition.before is None and condition.after is not None:
                solver = _solver()
                solver.add(self.z3(condition.formula))
                places = [self.z3(arg) for arg in condition.after if arg.sort == INT]
                wanted = [[], *([place > least] for least in SPREAD for place in places)]
                for more in [*wanted, [place < 0 for place in places]]:
                    if solver.check(*more) == z3.sat:
                        found[self.state(solver.model(), condition.after)] = None
        return list(found)[:STATES]

    def successors(self, initial: Sequence[State], deadline: float) -> list[State]:
        """Return some states that steps from the given ones reach."""
        found = dict.fromkeys(initial)
        queue = list(found)
        steps = [c for c in self.conditions if c.before is not None and c.after is not None]
        solvers = [_solver() for _ in steps]
        for condition, solver in zip(steps, solvers, strict=True):
            solver.add(self.z3(condition.formula))
        while queue and len(found) < STATES and time.monotonic() < deadline:
            state = queue.pop(0)
            for condition, solver in zip(steps, solvers, strict=True):
                fresh = [s for s in self._following(condition, solver, state) if s not in found]
                found |= dict.fromkeys(fresh)
                queue += fresh
        return list(found)

    def _following(self, condition: Condition, solver: Z3, state: State) -> Iterator[State]:
        """Yield a few states that a step reaches from a state."""
        before, after = condition.before or (), condition.after or ()
        here = zip(before, state, strict=True)
        solver.push()
        solver.add(*(self.z3(arg) == self.z3(constant(value, arg.sort)) for arg, value in here))
        for _ in range(SUCCESSORS):
            if solver.check() != z3.sat:
                break
            found = self.state(solver.model(), after)
            yield found
            values = zip(after, found, strict=True)
            solver.add(z3.Or(*(self.z3(a) != self.z3(constant(v, a.sort)) for a, v in values)))
        solver.pop()

    def state(self, model: Z3, place: Sequence[Term]) -> State:
        """Return the values of operands in a model."""
        return tuple(
            z3_value(model.eval(self.z3(arg), model_completion=True), arg.sort) for arg in place
        )


def _solver(seconds: float = 0.5) -> Z3:
    solver = z3.SimpleSolver()
    solver.set("timeout", max(1, int(seconds * 1000)))
    return solver


def holds(formula: Term, model: Model) -> bool:
    """Return whether a formula is true; also if it has no value, as with a division by zero."""
    try:
        return bool(value_of(formula, model))
    except NotLinearError:
        return True


class Checker:
    """Checks predicates, first at the counterexamples to earlier ones, then by z3."""

    def __init__(self, horn: Horn) -> None:
        self.horn = horn
        self.names = [str(param.value) for param in horn.params]
        self.failures: dict[tuple[Condition, State | None, State | None], None] = {}

    def holds(self, body: Term, deadline: float) -> bool:
        """Return whether z3 proves by a deadline that a predicate meets the conditions."""
        failing = next((f for f in self.failures if self._fails(body, *f[1:])), None)
        if failing is not None:
            self.failures = {failing: None} | self.failures  # the next one may fail there, too
            return False
        return all(self._holds(body, condition, deadline) for condition in self.horn.conditions)

    def _fails(self, body: Term, before: State | None, after: State | None) -> bool:
        truth = [
            True if state is None else holds(body, dict(zip(self.names, state, strict=True)))
            for state in (before, after)
        ]
        return truth[0] and not (truth[1] and after is not None)

    def _holds(self, body: Term, condition: Condition, deadline: float) -> bool:
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        solver = _solver(left)
        horn, (formula, before, after) = self.horn, condition
        solver.add(horn.z3(formula))
        if before is not None:
            solver.add(horn.z3(horn.at(body, before)))
        if after is not None:
            solver.add(z3.Not(horn.z3(horn.at(body, after))))
        answer = solver.check()
        if answer == z3.sat:
            model = solver.model()
            states = [None if p is None else horn.state(model, p) for p in (before, after)]
            self.failures[condition, states[0], states[1]] = None
        return bool(answer == z3.unsat)


def _free(condition: Condition, place: tuple[Term, ...] | None, index: int) -> bool:
    """Return whether an operand is a variable that nothing else in a condition mentions."""
    assert place is not None
    arg = place[index]
    other = [*(condition.before or ()), *(condition.after or ())]
    return (
        arg.op == VARIABLE
        and other.count(arg) == 1
        and all(
            arg not in set(term.subterms()) for term in (condition.formula, *other) if term != arg
        )
    )


def conditions(problem: SygusProblem) -> Horn | None:
    """Return the constraints on a predicate as conditions; None if one has another form."""
    (function,) = problem.functions
    names = {name: z3_variable(name, sort) for name, sort in problem.variables}
    true, false = constant(True, BOOL), constant(False, BOOL)
    found = []
    for constraint in problem.constraints:
        calls = list(dict.fromkeys(p for p in constraint.subterms() if p.op == function.name))
        if not 1 <= len(calls) <= 2 or any(
            p.op == function.name for c in calls for a in c.args for p in a.subterms()
        ):
            return None

        def failing(values: dict[Term, Term], term: Term = constraint) -> Term:
            return simplified(Term("not", BOOL, (substitute(term, values.get),)))

        def possible(formula: Term) -> bool:
            solver = _solver()
            solver.add(to_z3(formula, names, {}))
            return bool(solver.check() != z3.unsat)

        if len(calls) == 1:
            (call,) = calls
            cases = [({call: false}, None, call.args), ({call: true}, call.args, None)]
        else:
            one, other = calls
            cases = [({one: true, other: false}, one.args, other.args)]
            cases += [({one: false, other: true}, other.args, one.args)]
            if any(possible(failing(dict.fromkeys(calls, value))) for value in (true, false)):
                return None
        given = [Condition(failing(v), before, after) for v, before, after in cases]
        found += [condition for condition in given if possible(condition.formula)]
    params = tuple(variable(name, sort) for name, sort in function.params)
    return Horn(params, tuple(found), names)
