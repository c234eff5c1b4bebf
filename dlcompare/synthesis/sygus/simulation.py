"""Runs of a transition system from its initial states, without a solver.

A path of a step can be run if its equations define each new value by the old ones.
"""

import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from dlcompare.synthesis.sygus.horn import Condition, Horn, State
from dlcompare.synthesis.sygus.linear import LinearTerm
from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.syntax import BOOL, CONSTANT, INT, VARIABLE, Term, constant
from dlcompare.synthesis.sygus.transition_paths import TransitionPath, paths

__all__ = ["condition_paths", "defined", "simulated"]

LENGTH = 250
"""The most steps of a run."""


@lru_cache(maxsize=64)
def condition_paths(condition: Condition) -> list[TransitionPath]:
    """Return the paths of a condition over the variables before and after."""
    kept = {*(condition.before or ()), *(condition.after or ())}
    return [path.without_locals(kept) for path in paths(condition.formula) or []]


def defined(path: TransitionPath, before: Sequence[Term], new: Term) -> LinearTerm | None:
    """Return the value that a path gives a new variable, over the old ones; None if it is open."""
    for expression, equation in path.without_locals({*before, new}).literals:
        factor = expression.coefficients.get(new, 0)
        rest = expression.without(new)
        if equation and abs(factor) == 1 and _variables(rest) <= set(before):
            return rest.times(-factor)
    return None


def _variables(form: LinearTerm) -> set[Term]:
    parts = (part for term in form.coefficients for part in term.subterms())
    return {part for part in parts if part.op == VARIABLE}


def _runner(condition: Condition, path: TransitionPath) -> Callable[..., Any] | None:
    """Return a function from a state to whether the path is taken, and to the next state."""
    before, after = condition.before, condition.after
    if before is None or after is None or len(set(before)) < len(before):
        return None
    if any(arg.op != VARIABLE or arg.sort != INT for arg in (*before, *after)):
        return None
    values = []
    for new in after:
        value = LinearTerm({new: 1}, 0) if new in before else defined(path, before, new)
        if value is None:
            return None
        values.append(value.term())
    guard = path.without_locals(set(before))
    conjuncts = [atom for atom in guard.atoms() if atom.op != CONSTANT]
    if not {p for atom in conjuncts for p in atom.subterms() if p.op == VARIABLE} <= set(before):
        return None
    if constant(False, BOOL) in guard.atoms():
        return None
    names = {str(arg.value): f"v{i}" for i, arg in enumerate(before)}
    given = ", ".join(names.values())
    test = python_expression(Term("and", BOOL, (constant(True, BOOL), *conjuncts)), names)
    result = "".join(f"{python_expression(value, names)}, " for value in values)
    return compiled(f"lambda {given}: ({result}) if {test} else None")


def simulated(horn: Horn, initial: Sequence[State]) -> list[State]:
    """Return states that runs from the given ones reach; none if a path cannot be run."""
    runners = [
        _runner(condition, path)
        for condition in horn.conditions
        if condition.before is not None and condition.after is not None
        for path in condition_paths(condition)
    ]
    known = [runner for runner in runners if runner is not None]
    if len(known) < len(runners) or not runners:
        return []
    draw = random.Random(0)
    found: dict[State, None] = {}
    for state in initial:
        now = state
        for _ in range(LENGTH):
            following = {runner(*now): None for runner in known}
            following.pop(None, None)
            following.pop(now, None)
            if not following:
                break
            now = draw.choice([*following])
            found[now] = None
    return list(found)
