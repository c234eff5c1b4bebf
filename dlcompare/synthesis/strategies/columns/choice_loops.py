"""Columns from loops whose step is a choice between two terms, ``f(x) if p(x) else g(x)``.

The terms use the variable of the loop and constants alone. Choices come in order of the bits of
their three terms, and run as other steps do (`traces`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.compiled.packing import BOOL_KIND, INT_KIND
from dlcompare.synthesis.dsl.loops import STEPS, TRACE
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Apply, Expression, Program, Variable, fresh_names, walk
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.loop_terms import NO_TERMS, LoopTerms
from dlcompare.synthesis.strategies.columns.traces import MOST_STEPS, Loops, loop_of
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["choice_loops"]

_PREDICATE, _BRANCH = 7, 13
"""The most bits of the predicate and of a branch."""

_MORE_STEPS = 8
"""How many steps more than the largest output a loop may take."""

_COUNT = 4
"""Bits of counting the steps."""


def choice_loops(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the traces, or the numbers of steps, of loops whose step is a choice.

    There are thousands of such loops. So only those are columns whose number of steps differs from
    the outputs, or from the lengths of outputs that are lists, by the same in every example.

    Parameters
    ----------
    problem : SearchProblem
        The problem, whose budget pays for each loop tried.
    rows : list of Row
        The examples on which loops are run.
    stage : int
        The stage; there are none in the first.
    """
    result = problem.signature.result
    if not stage or problem.grammar.choice(INT) is None or result not in (INT, INTS):
        return
    taken = {*problem.names, problem.signature.name}
    state, trace, steps = fresh_names(taken, ("state", "trace", "steps"))
    loops = _ChoiceLoops(problem, rows, (state,), True)
    wanted = [row[-1] if result == INT else len(row[-1]) for row in loops.rows]
    if min(wanted) < 0 or max(wanted) > MOST_STEPS or np.ptp(wanted) == 0:
        return
    loops.most_steps = min(MOST_STEPS, max(wanted) + _MORE_STEPS)
    for loop, columns in loops.behaviours():
        if "trace" not in columns or np.ptp(loop.lengths - wanted):
            continue
        parts = (loop.starts[0], loop.more, *loop.steps)
        if result == INTS:
            names = (("trace", trace), ("state", state))
            yield Draft("trace", INTS, loop.bits, loop_of(TRACE, names, parts))
        else:
            names = (("steps", steps), ("state", state))
            yield Draft("steps", INT, loop.bits + _COUNT, loop_of(STEPS, names, parts))


class _ChoiceLoops(Loops):
    """The loops over one variable whose step is a choice, from parameters on."""

    constants: Mapping[int, int] = {}

    def __init__(
        self, problem: SearchProblem, rows: list[Row], names: tuple[str, ...], later: bool
    ) -> None:
        super().__init__(problem, rows, names, later)
        self.steps = _Choices(self)
        self.tests = (_Conditions(self, BOOL_KIND, (-1, 0, 1)),)


class _OwnTerms(LoopTerms):
    """The terms over the variable of a loop and constants alone."""

    def level(self, cost: int) -> Terms:
        """Return the terms of a cost."""
        return self.of(cost, self.kind)

    def of(self, cost: int, kind: int) -> Terms:
        """Return the terms of a cost and a kind, but not the variable itself."""
        terms = super().of(cost, kind) if cost > 1 else NO_TERMS
        return np.array([each for each in terms.tolist() if self._is_own(each)], np.int64)

    def _is_own(self, term: int) -> bool:
        parts = walk(self.expression(term))
        return {part.name for part in parts if isinstance(part, Variable)} <= {*self.names}


class _Conditions(_OwnTerms):
    """The conditions of loops: most terms end them at once, and are left out."""

    def __init__(self, loops: Loops, kind: int, near: tuple[int, ...]) -> None:
        super().__init__(loops, kind, near)
        self.signature = Signature("more", ((self.names[0], INT),), BOOL)
        self.kept: dict[tuple[int, int], Terms] = {}
        self.starts = [[row[place] for row in loops.rows] for place in loops.integers]

    def of(self, cost: int, kind: int) -> Terms:
        """Return the conditions of a cost that hold at a quarter of the starts, but not always."""
        if (cost, kind) not in self.kept:
            terms = [each for each in super().of(cost, kind).tolist() if self._begins(each)]
            self.kept[cost, kind] = np.array(terms, np.int64)
        return self.kept[cost, kind]

    def _begins(self, term: int) -> bool:
        more = Program(self.signature, self.expression(term), 0).compile()
        return not all(self.bank.values(term, BOOL)) and any(
            4 * sum(map(more, column)) >= len(column) for column in self.starts
        )


class _Choices:
    """The choices between terms over the variable of a loop, by cost.

    Parameters
    ----------
    loops : Loops
        The loops.
    """

    def __init__(self, loops: Loops) -> None:
        self.own = _OwnTerms(loops, INT_KIND, (1,))
        self.bank, self.body, self.functions = self.own.bank, self.own.body, self.own.functions
        language = loops.problem.grammar.language
        self.op = next(
            op
            for op in loops.problem.grammar.ops
            if language.operations[op].primitive.name == "if_int"
            and language.operations[op].result == INT
        )
        self.primitive = language.operations[self.op].primitive
        self.dearest = self.primitive.cost + _PREDICATE + 2 * _BRANCH
        self.branches = [self.own.of(cost, INT_KIND) for cost in range(_BRANCH + 1)]
        self.predicates = self._predicates()
        self.first = len(self.bank.packed.ops)  # choices have the numbers from here on
        self.arguments = np.zeros((0, 3), np.int32)
        self.by_cost: dict[int, Terms] = {}

    @property
    def packed(self) -> Any:
        """Return the table of the terms, with the choices after them."""
        packed = self.bank.packed
        ops = np.full(len(self.arguments), self.op, packed.ops.dtype)
        return packed._replace(
            ops=np.concatenate([packed.ops, ops]),
            args=np.concatenate([packed.args, self.arguments]),
        )

    def level(self, cost: int) -> Terms:
        """Return the choices of a cost."""
        if cost not in self.by_cost:
            known = self.first + len(self.arguments)
            triples = self._triples(cost - self.primitive.cost)
            self.arguments = np.concatenate([self.arguments, *triples])
            self.by_cost[cost] = np.arange(known, self.first + len(self.arguments), dtype=np.int64)
        return self.by_cost[cost]

    def expression(self, term: int) -> Expression:
        """Return a choice as an expression."""
        arguments = self.arguments[term - self.first].tolist()
        return Apply(self.primitive, tuple(map(self.own.expression, arguments)))

    def _triples(self, cost: int) -> Iterator[Any]:
        """Yield the predicates with two branches that together have a cost. Shape (choices, 3)."""
        for price, predicates in enumerate(self.predicates):
            for one, then in enumerate(self.branches):
                other = cost - price - one
                if 0 <= other <= _BRANCH and len(predicates) and len(then):
                    grid = np.meshgrid(predicates, then, self.branches[other], indexing="ij")
                    triples = np.stack(grid, -1).reshape(-1, 3).astype(np.int32)
                    yield triples[triples[:, 1] != triples[:, 2]]

    def _predicates(self) -> list[Terms]:
        """Return the predicates by cost, without constants and negations of cheaper ones."""
        seen: set[tuple[Value, ...]] = set()
        found = []
        for cost in range(_PREDICATE + 1):
            kept = []
            for term in self.own.of(cost, BOOL_KIND).tolist():
                values = tuple(self.bank.values(term, BOOL))
                if tuple(not value for value in values) not in seen and len(set(values)) == 2:
                    seen.add(values)
                    kept.append(term)
            found.append(np.array(kept, np.int64))
        return found
