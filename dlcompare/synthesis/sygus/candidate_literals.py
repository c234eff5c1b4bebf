"""Candidate literals of an invariant: comparisons that a problem suggests.

They are the atoms of its conditions, over the parameters once the local variables are eliminated;
linear equations of the first states reached; linear forms that a step leaves alone; and bounds of
single parameters, and of sums and differences of two.
"""

import itertools
from collections.abc import Iterator, Sequence

from dlcompare.synthesis.sygus.affine import equations
from dlcompare.synthesis.sygus.horn import Condition, Horn, State
from dlcompare.synthesis.sygus.linear import LinearTerm
from dlcompare.synthesis.sygus.literal_comparisons import at_most, equal
from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.simulation import condition_paths, defined
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    VARIABLE,
    Term,
    substitute,
)
from dlcompare.synthesis.sygus.transition_paths import TransitionPath

__all__ = ["candidates", "suggested"]

NUMBERS = 12
"""The number of bounds tried of a single parameter, those of least magnitude."""

BOUNDS = 10
"""The most bounds of another form."""


def suggested(horn: Horn) -> list[tuple[Condition, list[list[Term]]]]:
    """Return for each condition its paths, as atoms over the parameters before or after."""
    return [(c, [[*_over(horn, c, path)] for path in condition_paths(c)]) for c in horn.conditions]


def _over(horn: Horn, condition: Condition, path: TransitionPath) -> Iterator[Term]:
    """Yield the atoms of one state."""
    for atom in path.atoms():
        used = {part for part in atom.subterms() if part.op == VARIABLE}
        for place in (condition.before, condition.after):
            if place is not None and used and used <= set(place):
                yield substitute(atom, dict(zip(place, horn.params, strict=True)).get)
                break


class _Forms:
    """Linear forms, each with its bounds; the first to come are the most relevant."""

    def __init__(self) -> None:
        self.known: dict[frozenset[tuple[Term, int]], tuple[LinearTerm, dict[int, None]]] = {}

    def add(self, coefficients: dict[Term, int], *bounds: int) -> None:
        """Add a form with bounds that may be its least or greatest value."""
        if not coefficients:
            return
        opposite = frozenset((term, -c) for term, c in coefficients.items())
        if opposite in self.known:
            coefficients, bounds = dict(opposite), tuple(-b for b in bounds)
        form = LinearTerm(coefficients, 0)
        _, known = self.known.setdefault(frozenset(coefficients.items()), (form, {}))
        known.update(dict.fromkeys(bounds))

    def literals(self) -> Iterator[Term]:
        for form, bounds in self.known.values():
            most = NUMBERS if len(form.coefficients) == 1 else BOUNDS
            for bound in [*bounds][:most]:
                literal = form.plus(LinearTerm({}, -bound))
                yield at_most(literal)
                yield at_most(literal.times(-1))


def candidates(horn: Horn, reached: Sequence[State]) -> list[Term]:
    """Return candidate literals over the parameters, the most relevant first."""
    forms, others = _Forms(), dict[Term, None]()
    numbers = [param for param in horn.params if param.sort == INT]
    places = [place for place, param in enumerate(horn.params) if param.sort == INT]
    states = [tuple(int(state[place]) for place in places) for state in reached]
    found = [(c, condition_paths(c)) for c in horn.conditions]
    for condition, known in found:
        for path in known:
            _mentioned(horn, condition, path, forms, others)
    regions = dict.fromkeys(_regional([*forms.literals()], numbers, states))
    constants = _numbers(horn)
    for *row, offset in equations(states):
        forms.add(_form(numbers, row), -offset)
    for coefficients in _unchanged(horn, found, numbers):
        forms.add(coefficients, *_extremes(coefficients, numbers, states), 0, *constants[:4])
    for param in numbers:
        forms.add({param: 1}, *_extremes({param: 1}, numbers, states), *constants)
    for one, other in itertools.combinations(numbers, 2):
        for sign in (-1, 1):
            form = {one: 1, other: sign}
            forms.add(form, *_extremes(form, numbers, states), 0, 1, -1)
    booleans = [param for param in horn.params if param.sort == BOOL]
    others |= dict.fromkeys(booleans)
    others |= dict.fromkeys(Term("not", BOOL, (each,)) for each in [*others] if each.op != "not")
    return list(dict.fromkeys([*others, *regions, *forms.literals()]))


def _form(numbers: Sequence[Term], row: Sequence[int]) -> dict[Term, int]:
    return {param: c for param, c in zip(numbers, row, strict=True) if c}


def _extremes(
    form: dict[Term, int], numbers: Sequence[Term], states: Sequence[tuple[int, ...]]
) -> list[int]:
    """Return the least and the greatest value of a form, unless the states have too many."""
    places = [(numbers.index(term), c) for term, c in form.items()]
    values = {sum(c * state[place] for place, c in places) for state in states}
    return sorted({min(values), max(values)}) if values else []


def _regional(
    literals: Sequence[Term], numbers: Sequence[Term], states: Sequence[tuple[int, ...]]
) -> Iterator[Term]:
    """Yield the equations that hold in all states where a literal does."""
    names = {str(param.value): f"v{i}" for i, param in enumerate(numbers)}
    everywhere = equations(states)
    for literal in literals:
        if not {p for p in literal.subterms() if p.op == VARIABLE} <= set(numbers):
            continue
        holds = compiled(f"lambda {', '.join(names.values())}: {python_expression(literal, names)}")
        region = [state for state in states if holds(*state)]
        if len(numbers) < len(region) < len(states):
            for *row, offset in equations(region):
                if (*row, offset) not in everywhere:
                    yield equal(LinearTerm(_form(numbers, row), offset))


def _mentioned(
    horn: Horn, condition: Condition, path: TransitionPath, forms: _Forms, others: dict[Term, None]
) -> None:
    """Add the atoms of a path, their negations, and their neighbours."""
    for place in (condition.before, condition.after):
        if place is None:
            continue
        given = dict(zip(place, horn.params, strict=True))
        for expression, _ in path.literals:
            used = {p for t in expression.coefficients for p in t.subterms() if p.op == VARIABLE}
            if used <= set(place):
                parts = {substitute(t, given.get): c for t, c in expression.coefficients.items()}
                bound = -expression.offset
                forms.add(parts, bound, bound + 1, bound - 1)
        for term, _ in path.others:
            if {p for p in term.subterms() if p.op == VARIABLE} <= set(place):
                others[substitute(term, given.get)] = None


def _numbers(horn: Horn) -> list[int]:
    mentioned = {
        int(part.value)
        for condition in horn.conditions
        for part in condition.formula.subterms()
        if part.op == CONSTANT and part.sort == INT
    }
    return sorted(mentioned | {0, 1} | {-n for n in mentioned}, key=lambda n: (abs(n), n))


def _unchanged(
    horn: Horn, found: Sequence[tuple[Condition, Sequence[TransitionPath]]], numbers: Sequence[Term]
) -> Iterator[dict[Term, int]]:
    """Yield linear forms that one path of a step, or all of them, leave as they are."""
    steps = []
    for condition, known in found:
        if condition.before is not None and condition.after is not None:
            steps += [_changes(horn, condition, path) for path in known]
    moving = [step for step in steps if any(step.values())]
    for chosen in [moving, *([step] for step in moving)]:
        here = [param for param in numbers if all(param in step for step in chosen)]
        changes = [[step[param] for param in here] for step in chosen]
        for *row, _ in equations([[0] * len(here), *changes]):
            yield _form(here, row)


def _changes(horn: Horn, condition: Condition, path: TransitionPath) -> dict[Term, int]:
    """Return by how much a path changes parameters, those that it changes by a constant."""
    assert condition.before is not None
    assert condition.after is not None
    found = {}
    for param, old, new in zip(horn.params, condition.before, condition.after, strict=True):
        if param.sort == INT and old.op == new.op == VARIABLE:
            value = defined(path, condition.before, new)
            change = None if value is None else value.plus(LinearTerm({old: -1}, 0))
            if change is not None and not change.coefficients:
                found[param] = change.offset
    return found
