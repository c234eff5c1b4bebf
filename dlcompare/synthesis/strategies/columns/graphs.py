"""Columns over lists of edges: labels relaxed to a fixpoint, groups that edges join, incidence.

A parameter of type ``list[tuple[int, int]]``, or with a third component as the weight, is read as
the edges of a graph. *Relaxation* starts from a label for every node and lets each edge improve the
label at its end, until nothing changes; its initial labels and its steps are terms. *Joining* keeps
the groups of nodes that the edges so far connect. *Incidence* counts the edges in a relation to
every node, or for every edge the nodes that are joined to its ends.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import cast

from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.graph_schemes import (
    EDGES,
    WEIGHTED,
    Ending,
    Shape,
    incidence,
    joining,
    neighbours,
    relaxation,
    shared,
)
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Program,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.dsl.schemes import Scheme
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["graphs"]

_SHARE = 20
"""One part in this many of the unspent candidates is the most that a graph spends."""

_CANDIDATES = 200_000
"""The most candidates for a graph."""

_FAR = 10**9
"""The label of nodes that are not reached, where smaller labels are better."""

_MARK = 3
"""The cost of labels that single out a node: which node, and whether its label is 0 or 1."""

_STEP = 7
"""The most bits of a step."""

_SHARED, _JOINED = 15, 4
"""The most bits of a relation of a node to the ends of an edge; the cost of whether two are
joined."""

_ENDING = 2
"""The cost of what becomes of labels."""

_STEMS = {
    Ending.LABELS: "labels",
    Ending.LABEL: "reached",
    Ending.NODES: "alike",
    Ending.INSIDE: "inside",
    Ending.AROUND: "around",
}


@dataclass(frozen=True)
class _Term:
    """A term in a hole of a scheme: the expression, its cost, and its function."""

    expression: Expression
    bits: int
    function: Callable[..., Value]


_Choice = tuple[_Term, _Term]
"""An initial label, and a relaxed one."""


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
        sizes = [at for at in ints if all(self._most(row) < row[at] for row in rows)]
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
        for shape in ways:
            yield from self.labels(shape)
            yield from self.incident(shape)
        yield from self.joined(ways[1])
        yield from self.counts(ways[0])

    def labels(self, shape: Shape) -> Iterator[Draft]:
        """Yield relaxed labels and what follows from them.

        Labels count as the same if they are equal for the same nodes.
        """
        node, x, y, w = fresh_names(self.taken, ("node", "x", "y", "w"))
        names = {"node": node, "x": x, "y": y, **({"w": w} if self.weighted else {})}
        choices = list(self._choices(node, x, y, w, shape.both))
        choices.sort(key=lambda pair: pair[0].bits + pair[1].bits)
        seen: set[str] = set()
        for initial, step in choices:
            self.budget.spent += 1
            self.budget.check()
            values = [self._fixpoint(row, shape.both, initial, step) for row in self.rows]
            if any(value is None for value in values):
                continue
            parts = repr([list(map(value.index, value)) for value in values if value is not None])
            if parts in seen or not any(value and len({*value}) > 1 for value in values):
                continue
            seen.add(parts)
            bits = initial.bits + step.bits
            terms = (initial.expression, step.expression)
            for ending in Ending:
                scheme = relaxation(shape, ending)
                stem = _STEMS[ending]
                if not ending.goal:
                    yield self.draft(stem, scheme, terms, names, bits + _ENDING)
                for goal in self.known if ending.goal else ():
                    variable = Variable(self.problem.names[goal])
                    yield self.draft(stem, scheme, (*terms, variable), names, bits + _ENDING + 1)

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
        sort = any(each.name == "sort" for each in self.grammar.primitives)
        orders = (False, True) if self.weighted and sort else (False,)
        for ordered, closing in product(orders, (False, True)):
            stem = "circles" if closing else "forest"
            bits = 1 + (PRIMITIVES["sort"].cost if ordered else 0)
            yield self.draft(stem, joining(shape, closing, ordered), (), {}, bits)

    def counts(self, shape: Shape) -> Iterator[Draft]:
        """Yield, by edge, the number of nodes in a relation to what is joined to its ends."""
        contains, pair = PRIMITIVES["contains"], PRIMITIVES["pair"]
        wanted = ("node", "a", "b", "joined")
        names = dict(zip(wanted, fresh_names(self.taken, wanted), strict=True))
        node, a, b, joined = (Variable(name) for name in names.values())
        variables = [
            ScopeVariable(
                Apply(contains, (Apply(pair, (end, node)), joined)), BOOL, _JOINED, verdicts
            )
            for end, verdicts in ((a, (False, False, True, True)), (b, (False, True, False, True)))
        ]
        terms = ScalarTerms(self.problem, variables, self.budget)
        for level in range(1, _SHARED + 1):
            for term, type_, uses in terms.level(level):
                if type_ == BOOL and uses == 0b11:
                    relation = terms.expression(term)
                    yield self.draft("counts", shared(shape), (relation,), names, level)

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
        self.budget.spent += 1
        self.budget.check()
        size, cost = self._nodes()
        others = tuple(name for name in scheme.names if name not in names)
        taken = self.taken | set(names.values())
        chosen = {**names, **dict(zip(others, fresh_names(taken, others), strict=True))}
        bound = tuple((name, chosen[name]) for name in scheme.names)
        source = Variable(self.problem.names[self.place])
        value = Recursion(scheme, bound, source, (size, *parts) if sized else tuple(parts))
        return Draft(stem, scheme.results[0], scheme.cost + bits + (cost if sized else 0), value)

    def _most(self, row: Row) -> int:
        """Return the largest end of an edge, or -1."""
        ends: list[int] = [end for edge in row[self.place] for end in edge[:2]]
        return max(ends, default=-1)

    def _limit(self, row: Row) -> int:
        return _SIZE if self.count is None else cast(int, row[self.count])

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

    def _fixpoint(self, row: Row, both: bool, initial: _Term, step: _Term) -> list[int] | None:
        """Return the labels that relaxation ends with; None if it does not end in time."""
        edges = [edge if self.weighted else (*edge, 0) for edge in row[self.place]]
        if both:
            edges += [(b, a, w) for a, b, w in edges]
        scalars = [row[at] for at in self.known]
        try:
            label = [initial.function(node, *scalars) for node in range(self._size(row))]
            for _ in range(2 * len(label)):
                before = list(label)
                for a, b, w in edges:
                    label[b] = step.function(label[a], label[b], w)
                if label == before:
                    return label
        except Exception:  # whatever Python raises: the term is undefined there
            return None
        return None if label else label

    def _choices(self, node: str, x: str, y: str, w: str, both: bool) -> Iterator[_Choice]:
        """Yield initial labels with a way to relax them.

        The labels are the numbers of the nodes, as names; twice these numbers, which turn odd and
        even again from edge to edge; zero, if edges lead one way; or marks that single out a known
        node. An edge between nodes that no path from there reaches changes nothing.
        """
        variables = (node, *(self.problem.names[at] for at in self.known))
        here, there = Variable(node), Variable(x)
        zero, one = (Apply(PRIMITIVES[name], ()) for name in ("zero", "one"))
        steps = list(self._steps(x, w))
        for name in ("smaller", "larger"):
            better = self.grammar.primitive(name, INT, INT)
            if better is None:
                continue
            use = partial(self._relaxed, better, x, y, w)
            if both and name == "smaller":
                yield self._term(variables, here, 1), use(there, 1)
                yield from self._alternating(variables, here, there, use)
            if name == "larger" and not both:
                yield from ((self._term(variables, zero, 2), use(*step)) for step in steps)
            near, rest = (one, zero) if name == "larger" else (zero, Constant(_FAR))
            value = 0 if name == "larger" else _FAR
            equal, choice = self.grammar.primitive("equal", INT, BOOL), self.grammar.choice(INT)
            if equal is None or choice is None:
                continue
            relaxed = [use(*step) for step in steps]
            kept = [each for each in relaxed if each.function(value, value, 1) == value]
            for at in self.known:
                start = Apply(equal, (here, Variable(self.problem.names[at])))
                mark = self._term(variables, Apply(choice, (start, near, rest)), _MARK)
                yield from ((mark, each) for each in kept)

    def _alternating(
        self,
        variables: Sequence[str],
        here: Expression,
        there: Expression,
        use: Callable[[Expression, int], _Term],
    ) -> Iterator[_Choice]:
        """Yield twice the number of a node, and the step from an even number to the next, or back.

        The labels of neighbours differ unless a circle of odd length joins them.
        """
        primitives = [
            self.grammar.primitive("add", INT, INT),
            self.grammar.primitive("is_even", INT, BOOL),
            self.grammar.primitive("increment", INT, INT),
            self.grammar.primitive("decrement", INT, INT),
            self.grammar.choice(INT),
        ]
        known = [each for each in primitives if each is not None]
        if len(known) < len(primitives):
            return
        add, even, plus, minus, choice = known
        branches = tuple(Apply(each, (there,)) for each in (even, plus, minus))
        bits = sum(each.cost for each in (even, plus, minus, choice)) + 3
        yield (
            self._term(variables, Apply(add, (here, here)), add.cost + 2),
            use(Apply(choice, branches), bits),
        )

    def _steps(self, x: str, w: str) -> Iterator[tuple[Expression, int]]:
        """Yield terms over the label at the start of an edge and its weight, by cost."""
        contexts = list(product((0, 1, 2, 3, 7), (1, 2, 3, 5) if self.weighted else (0,)))
        variables = [
            ScopeVariable(Variable(name), INT, 1, tuple(context[at] for context in contexts))
            for at, name in enumerate((x, w) if self.weighted else (x,))
        ]
        terms = ScalarTerms(self.problem, variables, self.budget)
        for level in range(1, _STEP + 1):
            for term, type_, uses in terms.level(level):
                if type_ == INT and uses & 1:
                    yield terms.expression(term), level

    def _relaxed(
        self, better: Primitive, x: str, y: str, w: str, step: Expression, bits: int
    ) -> _Term:
        """Return the better of a label and a step to its node."""
        relaxed = Apply(better, (Variable(y), step))
        return self._term((x, y, w), relaxed, better.cost + 1 + bits)

    def _term(self, names: Sequence[str], expression: Expression, bits: int) -> _Term:
        signature = Signature("term", tuple((name, INT) for name in names), INT)
        return _Term(expression, bits, Program(signature, expression, bits).compile())


_SIZE = 1000
"""The largest number of a node, if the number of nodes is no parameter."""


def graphs(problem: SearchProblem, rows: list[Row], least: int, most: int) -> Iterator[Draft]:
    """Yield columns over every parameter that lists edges, cheapest first.

    They are enumerated at the first stage only, whatever their description lengths.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; its budget pays for the candidates.
    rows : list of Row
        Examples on which they are compared.
    least, most : int
        The bits of the stage; the first begins at 0.
    """
    if least or not most:
        return
    found: list[Draft] = []
    for place, type_ in enumerate(problem.types):
        if type_ not in (EDGES, WEIGHTED) or not _edges(row[place] for row in rows):
            continue
        left = problem.budget.candidates - problem.budget.spent
        budget = problem.budget.part(min(_CANDIDATES, left // _SHARE))
        with suppress(BudgetSpentError):
            found.extend(_Graph(problem, rows, place, budget).drafts())
        problem.budget.spent += budget.spent
    yield from sorted(found, key=lambda draft: draft.bits)


def _edges(values: Iterable[Value]) -> bool:
    """Return whether lists of tuples may be the edges of graphs: their ends are small numbers."""
    return all(0 <= end < _SIZE for edges in values for edge in edges for end in edge[:2])
