"""Columns over lists of edges: labels relaxed to a fixpoint, groups that edges join, incidence.

A parameter of type ``list[tuple[int, int]]``, or with a third component as the weight, is read as
the edges of a graph. *Relaxation* starts from a label for every node and lets each edge improve the
label at its end, until nothing changes; its initial labels and its steps are terms. *Joining* keeps
the groups of nodes that the edges so far connect. *Incidence* counts the edges at every node, and
for every edge the nodes that are joined to its ends; it finds the edges inside a list of nodes.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import product
from typing import cast

from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.graph_schemes import (
    EDGES,
    WEIGHTED,
    RelaxationEnding,
    Shape,
    incidence,
    joining,
    neighbours,
    relaxation,
    selected,
    shared,
)
from dlcompare.synthesis.dsl.holes import Scheme
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import INTS, LONGEST
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.labels import Labelling, Labellings
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["graphs"]

_SHARE = 20
"""One part in this many of the unspent candidates is the most that a graph spends."""

_CANDIDATES = 200_000
"""The most candidates for a graph."""

_MOST_RELATION, _HELD = 15, 4
"""The most bits of a relation between what a group holds, and the cost of whether it holds one."""

_ENDING = 2
"""The cost of what becomes of labels."""

_STEMS = {
    RelaxationEnding.LABELS: "labels",
    RelaxationEnding.LABEL: "reached",
    RelaxationEnding.NODES: "alike",
    RelaxationEnding.INSIDE: "inside",
    RelaxationEnding.AROUND: "around",
}


class _Graph:
    """The columns over one list of edges."""

    def __init__(
        self, problem: SearchProblem, rows: Sequence[Row], place: int, budget: SearchBudget
    ) -> None:
        self.problem, self.place, self.budget = problem, place, budget
        self.rows = rows
        self.grammar = problem.grammar
        self.weighted = problem.types[place] == WEIGHTED
        ints = [at for at, type_ in enumerate(problem.types) if type_ == INT]
        sizes = [
            at for at in ints if all(self._most(row) < row[at] <= LONGEST for row in problem.rows)
        ]
        self.count = min(sizes, key=lambda at: sum(row[at] for row in rows), default=None)
        others = [at for at in ints if at != self.count]
        self.known = [
            at for at in others if all(0 <= row[at] < self._limit(row) for row in problem.rows)
        ]
        self.taken = {*problem.names, problem.signature.name}

    def drafts(self) -> Iterator[Draft]:
        """Yield all columns."""
        given = self.count is not None
        ways = [Shape(self.weighted, both, given) for both in (True, False)]
        names = fresh_names(self.taken, ("node", "x", "y", "w"))
        known = tuple(self.problem.names[at] for at in self.known)
        labellings = Labellings(self.problem, self.budget, names, self.weighted, known)
        for shape in ways:
            yield from self.labels(labellings, shape)
            yield from self.incident(shape)
        yield from self.joined(ways[1])
        yield from self.selected(ways[1])
        yield from self.counts(ways[0])

    def labels(self, labellings: Labellings, shape: Shape) -> Iterator[Draft]:
        """Yield relaxed labels and what follows from them.

        Labels count as the same if, before and after, they are equal for the same nodes.
        """
        names = dict(zip(("node", "x", "y", "w"), labellings.names, strict=True))
        seen: set[str] = set()
        for labelling in labellings.of(shape.both):
            self._count()
            classes = self._classes(labelling, shape.both)
            if classes is None or classes in seen:
                continue
            seen.add(classes)
            terms = (labelling.initial.expression, labelling.relaxed.expression)
            bits = labelling.bits + _ENDING
            for ending in (
                _STEMS if labelling.classes else (RelaxationEnding.LABELS, RelaxationEnding.LABEL)
            ):
                scheme, stem = relaxation(shape, ending), _STEMS[ending]
                bound = {name: names[name] for name in names if name in scheme.names}
                if not ending.goal:
                    yield self.draft(stem, scheme, terms, bound, bits)
                for goal in self.known if ending.goal else ():
                    variable = Variable(self.problem.names[goal])
                    yield self.draft(stem, scheme, (*terms, variable), bound, bits + 1)

    def _classes(self, labelling: Labelling, both: bool) -> str | None:
        """Return which nodes have equal labels, before and after; None for labels of no use."""
        found, told = [], False
        for row in self.rows:
            first = labelling.first(self._size(row), [row[at] for at in self.known])
            edges = [(*edge, 0)[:3] for edge in row[self.place]]
            back = [(b, a, w) for a, b, w in edges] if both else []
            last = labelling.fixpoint(first, [*edges, *back]) if first is not None else None
            if first is None or last is None:
                return None
            found.append((list(map(first.index, first)), list(map(last.index, last))))
            told = told or len({*last}) > 1
        return repr(found) if told else None

    def incident(self, shape: Shape) -> Iterator[Draft]:
        """Yield, by node, the number or weight of its edges; the neighbours of known nodes."""
        for leaving in (False,) if shape.both else (False, True):
            for summed in (False, True) if self.weighted else (False,):
                yield self.draft("totals", incidence(shape, summed, leaving), (), {}, 2)
            for goal in self.known:
                variable = Variable(self.problem.names[goal])
                scheme = neighbours(shape, leaving)
                yield self.draft("neighbours", scheme, (variable,), {}, 2, sized=False)

    def joined(self, shape: Shape) -> Iterator[Draft]:
        """Yield the edges that join two groups of nodes, and those that close a circle."""
        orders = (False, True) if self.weighted and self._has("sort") else (False,)
        for ordered, closing in product(orders, (False, True)):
            stem = "circles" if closing else "forest"
            bits = 1 + (PRIMITIVES["sort"].cost if ordered else 0)
            yield self.draft(stem, joining(shape, closing, ordered), (), {}, bits)

    def counts(self, shape: Shape) -> Iterator[Draft]:
        """Yield, by edge, the number of nodes in a relation to what is joined to its ends."""
        if not self._has("contains"):
            return
        wanted = ("node", "a", "b", "joined")
        names = dict(zip(wanted, fresh_names(self.taken, wanted), strict=True))
        node, a, b, joined = (Variable(name) for name in names.values())
        ends = [Apply(PRIMITIVES["pair"], (end, node)) for end in (a, b)]
        for relation, bits in self._relations(ends, joined):
            yield self.draft("counts", shared(shape), (relation,), names, bits)

    def selected(self, shape: Shape) -> Iterator[Draft]:
        """Yield the edges in a relation to a list of nodes: those inside, those outside."""
        if not self._has("contains"):
            return
        wanted = ("a", "b")
        names = dict(zip(wanted, fresh_names(self.taken, wanted), strict=True))
        ends = [Variable(name) for name in names.values()]
        for name, type_ in self.problem.signature.parameters:
            if type_ == INTS:
                for relation, bits in self._relations(ends, Variable(name)):
                    yield self.draft(
                        "selected", selected(shape), (relation,), names, bits, sized=False
                    )

    def _relations(
        self, members: Sequence[Expression], group: Expression
    ) -> Iterator[tuple[Expression, int]]:
        """Yield the relations over whether a group holds one member and whether it holds another.

        Each is a term with its bits.
        """
        contains = PRIMITIVES["contains"]
        columns = ((False, False, True, True), (False, True, False, True))
        variables = [
            ScopeVariable(Apply(contains, (member, group)), BOOL, _HELD, column)
            for member, column in zip(members, columns, strict=True)
        ]
        terms = ScalarTerms(self.problem, variables, self.budget)
        for level in range(1, _MOST_RELATION + 1):
            for term, type_, uses in terms.level(level):
                if type_ == BOOL and uses == 0b11:
                    yield terms.expression(term), level

    def draft(
        self,
        stem: str,
        scheme: Scheme,
        parts: Sequence[Expression],
        names: dict[str, str],
        bits: int,
        sized: bool = True,
    ) -> Draft:
        """Return a scheme with its holes filled as a draft, and count it as a candidate.

        Parameters
        ----------
        stem : str
            The name of the column.
        scheme : Scheme
            A scheme over edges.
        parts : sequence of Expression
            The terms in its holes, except for the number of nodes.
        names : dict of str to str
            The names in these terms that the scheme binds.
        bits : int
            The bits of these terms.
        sized : bool
            Whether the first hole is for the number of nodes.
        """
        self._count()
        size, cost = self._nodes()
        others = tuple(name for name in scheme.names if name not in names)
        taken = self.taken | set(names.values())
        chosen = {**names, **dict(zip(others, fresh_names(taken, others), strict=True))}
        bound = tuple((name, chosen[name]) for name in scheme.names)
        source = Variable(self.problem.names[self.place])
        value = Recursion(scheme, bound, (source,), (size, *parts) if sized else tuple(parts))
        return Draft(stem, scheme.results[0], scheme.cost + bits + (cost if sized else 0), value)

    def _has(self, name: str) -> bool:
        """Return whether a primitive is in use, for whatever types."""
        return any(each.name == name for each in self.grammar.primitives)

    def _count(self) -> None:
        """Count a candidate."""
        self.budget.spent += 1
        self.budget.check()

    def _most(self, row: Row) -> int:
        """Return the largest end of an edge, or -1."""
        ends: list[int] = [end for edge in row[self.place] for end in edge[:2]]
        return max(ends, default=-1)

    def _limit(self, row: Row) -> int:
        return LONGEST if self.count is None else cast(int, row[self.count])

    def _size(self, row: Row) -> int:
        """Return the number of nodes."""
        if self.count is not None:
            return cast(int, row[self.count])
        known: list[int] = [row[at] for at in self.known]
        return 1 + max([self._most(row), *known])

    def _nodes(self) -> tuple[Expression, int]:
        """Return the number of nodes, or else the list of known nodes, with its bits."""
        if self.count is not None:
            return Variable(self.problem.names[self.count]), 1
        known: list[Expression] = [Variable(self.problem.names[at]) for at in self.known]
        parts: Expression = Apply(PRIMITIVES["empty"], ())
        for each in reversed(known or [Constant(-1)]):
            parts = Apply(PRIMITIVES["cons"], (each, parts))
        return parts, 1 + len(known)


def graphs(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield columns over every parameter that lists edges, cheapest first.

    They are enumerated at the first stage only, whatever their description lengths.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; its budget pays for the candidates.
    rows : list of Row
        Examples on which they are compared.
    stage : int
        The number of the stage, from 0.
    """
    if stage:
        return
    found: list[Draft] = []
    for place, type_ in enumerate(problem.types):
        if type_ not in (EDGES, WEIGHTED) or not _edges(row[place] for row in problem.rows):
            continue
        left = problem.budget.left
        budget = problem.budget.part(min(_CANDIDATES, left // _SHARE))
        with suppress(BudgetSpentError):
            found.extend(_Graph(problem, rows, place, budget).drafts())
        problem.budget.spent += budget.spent
    yield from sorted(found, key=lambda draft: draft.bits)


def _edges(values: Iterable[Value]) -> bool:
    """Return whether lists of tuples may be edges: the labels of all ends have a packed form."""
    return all(0 <= end < LONGEST for edges in values for edge in edges for end in edge[:2])
