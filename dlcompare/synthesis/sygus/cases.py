"""Partial solutions, combined by a decision tree over the comparisons of a specification.

The conditions that follow from a specification (`single_invocation`) are right but long. Here a
decision tree over single comparisons is learned from points and refined by counterexamples, as in
`conditionals`, but from given parts, without enumeration.
"""

import time
from collections.abc import Callable
from functools import partial

from dlcompare.synthesis.sygus.conditionals import Cover, PointSplit, decision_tree
from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.single_invocation import Branches
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    INT,
    VARIABLE,
    Definition,
    Term,
    Value,
)
from dlcompare.synthesis.sygus.verification import find_counterexample

__all__ = ["by_cases"]

_COMPARISONS = {"<", "<=", ">", ">=", "=", "distinct"}
DEEPEST = 40


def _comparisons(term: Term) -> list[Term]:
    return [
        part
        for part in term.subterms()
        if (part.op in _COMPARISONS and part.args[0].sort == INT)
        or (part.op == VARIABLE and part.sort == BOOL)
    ]


def _same(term: Term) -> Term:
    return term


class _Tree:
    def __init__(self, choices: Branches) -> None:
        self.names = [name for name, _ in choices.problem.variables]
        self.choices = choices.choices
        atoms = dict.fromkeys(atom for c in self.choices for atom in _comparisons(c.condition))
        self.atoms = list(atoms)
        self.served = [self._compiled(choice.condition) for choice in self.choices]
        self.holds = [self._compiled(atom) for atom in self.atoms]
        self.points: list[tuple[Value, ...]] = []
        self.covered, self.split = [0] * len(self.choices), [0] * len(self.atoms)

    def _compiled(self, term: Term) -> Callable[..., Value]:
        names = {name: f"v{i}" for i, name in enumerate(self.names)}
        return compiled(f"lambda {', '.join(names.values())}: {python_expression(term, names)}")

    def add(self, point: tuple[Value, ...]) -> None:
        bit = 1 << len(self.points)
        self.points.append(point)
        for sets, tests in ((self.covered, self.served), (self.split, self.holds)):
            for place, test in enumerate(tests):
                sets[place] |= bit * bool(test(*point))

    def term(self) -> Term | None:
        """Return a tree right at all points, whose leaves are the numbers of choices."""
        covers = [
            Cover(points, sum(t.size for t in choice.terms), partial(Branches.leaf, number))
            for number, (points, choice) in enumerate(zip(self.covered, self.choices, strict=True))
        ]
        best: dict[int, Term] = {}
        for points, atom in zip(self.split, self.atoms, strict=True):
            if points not in best or atom.size < best[points].size:
                best[points] = atom
        splits = [PointSplit(points, a.size, partial(_same, a)) for points, a in best.items()]
        everywhere = (1 << len(self.points)) - 1

        def join(c: Term, x: Term, y: Term) -> Term:
            return x if x == y else Term("ite", INT, (c, x, y))

        return decision_tree(everywhere, covers, splits, join, DEEPEST)


def by_cases(choices: Branches, deadline: float) -> tuple[Definition, ...] | None:
    """Return functions that take one choice at every input; None if no tree is found in time.

    Raises
    ------
    UndecidedError
        If z3 does not decide in time.
    """
    problem = choices.problem
    tree = _Tree(choices)
    zero: dict[str, Value] = {"Bool": False, "Int": 0}
    tree.add(tuple(zero[sort.name] for _, sort in problem.variables))
    while time.monotonic() < deadline:
        found = tree.term()
        if found is None:
            return None
        answers = choices.definitions(found)
        point = find_counterexample(problem, answers, deadline)
        if point is None:
            return answers
        tree.add(tuple(point[name] for name in tree.names))
    return None
