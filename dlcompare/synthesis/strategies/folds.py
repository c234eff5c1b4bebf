"""Folds: programs that loop over a list or count up to a number, with a synthesized body.

The body is a term over the element, the accumulator and the parameters of the program. Bodies are
enumerated once per behaviour observed in *contexts* (element, accumulator, parameters), and every
new one is run inside each possible fold on the examples.

Bodies that agree on all contexts are observationally equivalent and are merged, and a right body
merged with a wrong one is lost. The contexts therefore come from the examples (outputs are
accumulators, elements include equal values), and they are refined: when a body answers more
examples than any before but not all, the contexts that it meets on the examples it fails are added,
and the enumeration restarts, so that wrongly merged bodies become distinct.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable, Terms
from dlcompare.synthesis.compiled.packing import SLOT, pack_slot, unpack_slot
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Apply, Expression, Fold, Program, Variable, fresh_names
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import INT, Type, Value

__all__ = ["FoldSearch"]

Context = tuple[Value, ...]
"""Element, accumulator, and the parameters of the program."""

_FIRST_CONTEXTS = 24
_MOST_CONTEXTS = 48
_CHECKED = 32
_FULL_SIZE = 3
_TOGETHER = 256
"""Bodies between two checks of the clock."""

_FREE_STEPS = 16
"""Steps on the smallest informative example up to which counting has no extra cost."""

_CONSTANTS: dict[Type, tuple[str, ...]] = {INT: ("zero", "one"), INTS: ("empty",)}


class FoldSearch:
    """Programs that are one fold, in order of cost.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; without a list and an int to count up to, there are no folds.
    """

    def __init__(self, problem: SearchProblem) -> None:
        self.problem = problem
        self.names, self.types = problem.names, problem.types
        self.language = problem.grammar.language
        self.type = problem.signature.result
        self.kind = self.language.kind(self.type)
        self.ways = self._ways()
        # The first two examples reject most bodies, so they are small, but not trivial.
        rows = sorted(problem.rows, key=lambda row: (_size(row) < _FULL_SIZE, _size(row)))
        self.rows = rows[:_CHECKED]
        self.cost = problem.grammar.fold + problem.grammar.initial + self._counting()
        self.contexts = self._first_contexts()
        self.refined_at = max(1, len(self.rows) // 3)
        self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the examples, cheapest first.

        The caller calls `reject` on each wrong program before it asks for the next.
        """
        while self.ways and self.reached < cost:
            level = self.reached + 1 - self.cost
            generation = self.generation
            if level > 0:
                for kind, terms, _ in self.bank.level(level):
                    if kind == self.kind:
                        for body, way in self._try(terms):
                            yield self._program(body, way, self.reached + 1)
                            if self.generation != generation:
                                break
                    if self.generation != generation:
                        break
            if self.generation == generation:
                self.reached += 1
                self._refine()

    def best(self) -> Iterator[Program]:
        """Yield the fold that answers most examples, if any does."""
        if self.ways and self.best_fold[0]:
            yield self._program(int(self.best_fold[1]), int(self.best_fold[2]), self.reached)

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if row in self.rows:
            return  # the compiled form was right, the program itself is undefined there
        # Not among the first two: a body that fails those is dropped, and the row may be noise.
        self.rows = [*self.rows[:2], row, *self.rows[2:]][:_CHECKED]
        self._learn_contexts()
        self._build()

    def _ways(self) -> list[tuple[int, int, int, int]]:
        """Return every (parameter, is a range, backwards, initial value); see `kernels.Folds`."""
        initials = [-1 - i for i in range(len(_CONSTANTS.get(self.type, ())))]
        initials += [i for i, type_ in enumerate(self.types) if type_ == self.type]
        sources = [
            (i, 0, backwards)
            for i, type_ in enumerate(self.types)
            if type_ == INTS
            for backwards in (0, 1)
        ]
        sources += [(i, 1, 0) for i, name in enumerate(self.names) if name in self.problem.counted]
        return [(*source, initial) for source in sources for initial in initials]

    def _counting(self) -> int:
        """Return the extra cost of folds that can only count: log2 of the longer running time."""
        counted = self.problem.counted
        if INTS in self.types or not counted:
            return 0
        steps = max(abs(int(self.rows[0][self.names.index(name)])) for name in counted)
        return max(steps // _FREE_STEPS, 1).bit_length() - 1

    def _first_contexts(self) -> list[Context]:
        """Return the first contexts on which bodies are compared for observational equivalence.

        A third of the contexts occur in every fold (its first element and first accumulator),
        a third take an output as the accumulator, and a third take an element equal to one of the
        accumulator's.
        """
        rng = np.random.default_rng(0)
        contexts: list[Context] = []
        for i in range(_FIRST_CONTEXTS):
            row = self.rows[i % len(self.rows)]
            lists = [v for v, type_ in zip(row, self.types, strict=False) if type_ == INTS]
            elements = [element for values in lists for element in values]
            if i % 3 == 0 and self.ways:
                contexts += self._first_step(self.ways[(i // 3) % len(self.ways)], row)
                continue
            accumulator = self.rows[rng.integers(len(self.rows))][-1]
            if i % 3 == 1 and self.type == INTS and accumulator:
                elements = accumulator
            elements = elements or list(range(4))
            element = elements[rng.integers(len(elements))]
            contexts.append((element, accumulator, *row[:-1]))
        return _distinct(contexts)

    def _first_step(self, way: tuple[int, int, int, int], row: Row) -> list[Context]:
        parameter, over_range, backwards, initial = way
        source = [0] if over_range else row[parameter]
        if not source:
            return []
        constant = unpack_slot([-1 - initial] + [0] * (SLOT - 1), self.type)
        accumulator = row[initial] if initial >= 0 else constant
        return [(source[-1 if backwards else 0], accumulator, *row[:-1])]

    def _build(self) -> None:
        """Restart the enumeration with the current contexts and examples."""
        self.generation = getattr(self, "generation", 0) + 1
        self.reached = 0
        self.best_fold = np.zeros(3, np.int64)
        if not self.ways:
            return
        names = fresh_names({*self.names, self.problem.signature.name}, ("x", "acc", "y", "z"))
        self.element, self.accumulator = names[:2]
        columns = list(zip(*self.contexts, strict=True))
        grammar = self.problem.grammar
        bound = (
            ScopeVariable(Variable(self.element), INT, grammar.variable, columns[0]),
            ScopeVariable(Variable(self.accumulator), self.type, grammar.variable, columns[1]),
        )
        outer = (
            ScopeVariable(Variable(name), type_, grammar.outer, column)
            for name, type_, column in zip(self.names, self.types, columns[2:], strict=True)
        )
        constants = constant_variables(self.problem.constants, len(self.contexts))
        scope = Scope((*bound, *outer, *constants))
        language, ops, budget = self.language, grammar.ops, self.problem.budget
        self.functions = FunctionBodies(language, scope, ops, names[2:4], budget)
        self.bank = TermBank(language, scope, ops, self.functions, budget)
        kernels = self.bank.kernels
        inputs = [[*map(pack_slot, row[:-1], self.types)] for row in self.rows]
        targets = [pack_slot(row[-1], self.type) for row in self.rows]
        self.folds = kernels.Folds(
            np.array(inputs, np.int32), np.array(targets, np.int32), np.array(self.ways, np.int64)
        )
        self.body = kernels.Body(
            language.kinds,
            language.numbers,
            np.array([language.kind(v.type) for v in scope.variables], np.int64),
            np.zeros((kernels.DEEPEST, 4), np.int64),
            np.zeros(kernels.DEEPEST + 1, np.int64),
            np.zeros((len(scope.variables) + kernels.DEEPEST, SLOT), np.int32),
        )
        first_constant = len(scope.variables) - len(constants)
        for place, variable in enumerate(constants, first_constant):
            slot = pack_slot(variable.values[0], variable.type)
            self.body.slots[place] = slot

    def _try(self, terms: Terms) -> Iterator[tuple[int, int]]:
        """Run bodies inside the folds; yield those that answer all examples, with their fold."""
        for first in range(0, terms.size, _TOGETHER):
            part, start = terms[first : first + _TOGETHER], 0
            while start < part.size:
                found = self.bank.kernels.try_bodies(
                    self.bank.packed, part, start, self.body,
                    self.functions.untabulated(self.body.slots), self.folds, self.best_fold,
                )  # fmt: skip
                if found < 0:
                    break
                yield int(part[found]), int(self.best_fold[2])
                start = found + 1
            self.problem.budget.check_clock()

    def _refine(self) -> None:
        """Restart with more contexts if a body answers more examples than any before."""
        if self.refined_at < self.best_fold[0] < len(self.rows):
            self.refined_at = int(self.best_fold[0])
            if self._learn_contexts():
                self._build()

    def _learn_contexts(self) -> bool:
        """Add the contexts that the best body met on the examples it fails; whether any are new."""
        met: list[Context] = []
        for example, right in enumerate(self._answers()):
            if not right and len(met) < _FIRST_CONTEXTS:
                met += self._trace(example)
        before = len(self.contexts)
        self.contexts = _distinct([*self.contexts, *met])[:_MOST_CONTEXTS]
        return len(self.contexts) > before

    def _answers(self) -> list[bool]:
        """Return the examples that the best body gets right."""
        no_trace = np.empty((0, 2, SLOT), np.int32)
        same = self.bank.kernels.same_slot
        return [
            self._run(example, no_trace) >= 0
            and bool(same(self.body.slots.ravel(), SLOT, target, self.kind))
            for example, target in enumerate(self.folds.targets)
        ]

    def _trace(self, example: int) -> list[Context]:
        trace = np.full((12, 2, SLOT), -1, np.int32)
        steps = self._run(example, trace)
        row = self.rows[example]
        size = min(steps, len(trace)) if steps >= 0 else 0
        return [
            (int(trace[i, 0, 0]), unpack_slot(trace[i, 1], self.type), *row[:-1])
            for i in range(size)
        ]

    def _run(self, example: int, trace: npt.NDArray[np.int32]) -> int:
        """Run the best body on an example; return its steps, negative if it is undefined."""
        kernels = self.bank.kernels
        body = self.body
        count = kernels.register_code(self.bank.packed, body, self.best_fold[1])
        functions = self.functions.untabulated(self.body.slots)
        steps = kernels.run_fold(
            self.body, count, functions, self.folds, self.best_fold[2], example, trace
        )
        return int(steps)

    def _program(self, body: int, way: int, cost: int) -> Program:
        parameter, over_range, backwards, initial = self.ways[way]
        first: Expression
        if initial >= 0:
            first = Variable(self.names[initial])
        else:
            first = Apply(PRIMITIVES[_CONSTANTS[self.type][-1 - initial]], ())
        expression = Fold(
            Variable(self.names[parameter]),
            bool(over_range),
            bool(backwards),
            first,
            self.element,
            self.accumulator,
            term_expression(self.bank, body, self.functions),
        )
        return self.problem.program(expression, cost)


def _size(row: Sequence[Value]) -> int:
    """Return the number of steps that loops over an example's inputs take."""
    return sum(len(v) if isinstance(v, list | str | tuple) else abs(int(v)) for v in row[:-1])


def _distinct(contexts: list[Context]) -> list[Context]:
    return list({repr(context): context for context in contexts}.values())
