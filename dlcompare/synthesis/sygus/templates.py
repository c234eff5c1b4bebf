"""Answers with open constants, ``(Constant S)``: first templates, then numbers.

Terms are enumerated with a hole for each such constant, and z3 fills the holes: at the points seen
so far, then at those where the filled term fails (CEGIS).
"""

import itertools
import time
from collections.abc import Iterator

import z3

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.pool import compositions
from dlcompare.synthesis.sygus.specification import Specification
from dlcompare.synthesis.sygus.syntax import (
    HOLE,
    NONTERMINAL,
    Definition,
    SygusGrammar,
    SygusProblem,
    Term,
    constant,
    expand,
    substitute,
    variable,
)
from dlcompare.synthesis.sygus.verification import (
    Point,
    UndecidedError,
    find_counterexample,
    to_z3,
    z3_value,
    z3_variable,
)

__all__ = ["solve_templates"]

MOST_HOLES = 6
LARGEST = 40
"""The most nodes of a template."""

PATIENCE = 1000
"""Time limit of z3 for the holes of one template, in milliseconds."""


class _Shapes:
    """The terms of a grammar by their size, where ``hole`` stands for any constant."""

    def __init__(self, grammar: SygusGrammar) -> None:
        self.grammar = grammar
        self.known: dict[tuple[str, int], list[Term]] = {}
        self.open: set[tuple[str, int]] = set()

    def of(self, name: str, size: int) -> list[Term]:
        key = name, size
        if key in self.open:
            return []  # a rule that only renames leads back here
        if key not in self.known:
            self.open.add(key)
            found: dict[Term, None] = {}
            if size == 1 and name in self.grammar.any_constant:
                found[Term(HOLE, self.grammar.sorts[name])] = None
            for rule in self.grammar.rules[name]:
                found |= dict.fromkeys(self._filled(rule, size))
            self.open.remove(key)
            self.known[key] = list(found)
        return self.known[key]

    def _filled(self, rule: Term, size: int) -> Iterator[Term]:
        if rule.op == NONTERMINAL:
            yield from self.of(str(rule.value), size)
        elif not rule.args:
            if size == 1:
                yield rule
        else:
            for sizes in compositions(size - 1, len(rule.args)):
                parts = zip(rule.args, sizes, strict=True)
                for args in itertools.product(*(list(self._filled(a, s)) for a, s in parts)):
                    yield rule.with_args(args)


def _numbered(shape: Term) -> tuple[Term, list[Term]]:
    """Return the shape with a name for each hole, and the names as variables."""
    holes: list[Term] = []

    def named(term: Term) -> Term:
        if term.op == HOLE:
            holes.append(variable(f"|hole {len(holes)}", term.sort))
            return holes[-1]
        return term.with_args(tuple(named(arg) for arg in term.args)) if term.args else term

    return named(shape), holes


def _filling(
    problem: SygusProblem, shape: Term, holes: list[Term], points: list[Point]
) -> Term | None:
    """Return the shape with constants that are right at the points; None if z3 finds none."""
    (function,) = problem.functions
    names = {str(hole.value): z3_variable(str(hole.value), hole.sort) for hole in holes}
    body = expand(shape, problem.definitions)
    params = [name for name, _ in function.params]

    def call(*args: object) -> object:
        return to_z3(body, {**names, **dict(zip(params, args, strict=True))}, {})

    solver = z3.Solver()
    solver.set("timeout", PATIENCE)
    sorts = dict(problem.variables)
    for point in points:
        here = {n: to_z3(constant(v, sorts[n]), {}, {}) for n, v in point.items()}
        for claim in problem.constraints:
            solver.add(to_z3(claim, here, {function.name: call}))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    values = {
        hole: constant(
            z3_value(model.eval(names[str(hole.value)], model_completion=True), hole.sort),
            hole.sort,
        )
        for hole in holes
    }
    return substitute(shape, values.get)


def solve_templates(
    specification: Specification, grammar: SygusGrammar, deadline: float
) -> Definition | None:
    """Return an answer with new constants; None if the grammar has no place for them.

    Raises
    ------
    OutOfTimeError
        At the deadline (of `time.monotonic`).
    UndecidedError
        If no template within the size limit has a solution.
    """
    problem = specification.problem
    if len(problem.functions) != 1 or not grammar.any_constant:
        return None
    (function,) = problem.functions
    shapes = _Shapes(grammar)
    points = [specification.first_point()]
    for size in range(1, LARGEST + 1):
        for shape in shapes.of(grammar.start, size):
            named, holes = _numbered(shape)
            if not 1 <= len(holes) <= MOST_HOLES:
                continue
            while True:
                if time.monotonic() > deadline:
                    raise OutOfTimeError
                body = _filling(problem, named, holes, points)
                if body is None:
                    break
                answer = Definition(function.name, function.params, function.sort, body)
                point = find_counterexample(problem, [answer], deadline)
                if point is None:
                    return answer
                if point in points:
                    raise UndecidedError("z3's counterexample is wrong")
                points.append(point)
    raise UndecidedError("no smaller term serves, whatever its constants")
