"""The bank of terms: everything that can be said about some variables, cheapest first.

A bank knows its variables by their values on a number of rows. Level by level it applies every
operation to all combinations of cheaper terms, and keeps one term an observed behaviour.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis import engine
from dlcompare.synthesis.packing import (
    INT_KIND,
    KINDS,
    MAPPING_KIND,
    PREDICATE_KIND,
    TABULATED,
    pack_column,
)
from dlcompare.synthesis.primitives.primitive import LONGEST
from dlcompare.synthesis.program import Constant, Variable
from dlcompare.tasks.types import Value

__all__ = ["Budget", "BudgetSpentError", "Scope", "ScopeVariable", "TermBank", "constant_variables"]

Terms = npt.NDArray[np.int64]
"""Numbers of terms, or of functions."""

OP_KINDS = np.full((len(engine.OPS), 3), -1, np.int64)
"""Kinds of the arguments of every operation, -1 where there is none. Shape (operations, 3)."""

OP_RESULTS = np.array([KINDS[op.result] for op in engine.OPS], np.int64)

for _number, _op in enumerate(engine.OPS):
    for _place, (_, _type) in enumerate(_op.parameters):
        OP_KINDS[_number, _place] = KINDS[_type]

_LARGE = 2**26


class BudgetSpentError(Exception):
    """The candidates, or the memory, that the search may use are used up."""


@dataclass
class Budget:
    """Candidates and memory shared by the banks of one search.

    Attributes
    ----------
    candidates : int
        How many may be evaluated.
    bytes : int
        How large one bank may grow.
    spent : int
        How many candidates were evaluated so far.
    """

    candidates: int
    bytes: int
    spent: int = 0


@dataclass(frozen=True)
class ScopeVariable:
    """A leaf of terms: how it prints, its kind, cost in bits, and value on every row."""

    expression: Variable | Constant
    kind: int
    cost: int
    values: tuple[Value, ...]


def constant_variables(constants: Mapping[int, int], rows: int) -> tuple[ScopeVariable, ...]:
    """Integer constants with their costs as leaves of terms."""
    return tuple(
        ScopeVariable(Constant(value), INT_KIND, cost, (value,) * rows)
        for value, cost in constants.items()
    )


@dataclass(frozen=True)
class Scope:
    """The variables that terms are made of, on the same rows."""

    variables: tuple[ScopeVariable, ...]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.variables[0].values)

    @property
    def integers(self) -> tuple[int, ...]:
        """The variables that function bodies may use: those of kind int."""
        return tuple(i for i, v in enumerate(self.variables) if v.kind == INT_KIND)


class FunctionPool:
    """Function bodies by cost, compiled to register code; this one has none, see `lambdas`.

    Parameters
    ----------
    free : int
        Variables that are free in the bodies.
    rows : int
        Rows of the bank that uses them.
    """

    def __init__(self, free: int, rows: int) -> None:
        kernels = engine.load()
        self.by_cost: dict[int, dict[int, Terms]] = {PREDICATE_KIND: {}, MAPPING_KIND: {}}
        self.packed = kernels.Functions(
            np.zeros((1, kernels.DEEPEST, 4), np.int64),
            np.zeros(1, np.int64),
            free,
            np.zeros(rows * TABULATED, np.int32),
            np.zeros(1, np.bool_),
            np.zeros(256, np.int64),
        )

    def reach(self, cost: int) -> None:
        """Have all bodies of at most this cost."""

    def enlarge(self) -> None:
        """Make room for twice as many bodies."""
        old = self.packed
        room = {
            name: np.concatenate([array, np.zeros_like(array)])
            for name, array in old._asdict().items()
            if name in ("code", "sizes", "ready")
        }
        # The tables are large and mostly empty: only those in use are copied, and touched.
        values = np.zeros((2 * len(old.sizes), len(old.values) // len(old.sizes)), np.int32)
        in_use = np.flatnonzero(old.ready)
        values[in_use] = old.values.reshape(len(old.sizes), -1)[in_use]
        self.packed = old._replace(**room, values=values.ravel())


class TermBank:
    """Terms over a scope, enumerated by cost.

    Parameters
    ----------
    scope : Scope
        The variables.
    ops : sequence of int
        The operations to use.
    functions : FunctionPool
        What operations that take a function may be given.
    budget : Budget
        Shared; raises `BudgetSpentError` when it is used up.
    goal : (int, sequence of values), optional
        A kind and the values on every row that end the search for a term.
    """

    def __init__(
        self,
        scope: Scope,
        ops: Sequence[int],
        functions: FunctionPool,
        budget: Budget,
        goal: tuple[int, Sequence[Value]] | None = None,
    ) -> None:
        self.scope = scope
        self.ops = ops
        self.functions = functions
        self.budget = budget
        self.kernels = engine.load()
        self.longest = _longest(scope, goal)
        self.room = scope.rows * (1 + self.longest) + LONGEST
        batch_words = self.kernels.BATCH * self.room
        # The keys are fixed: what is found must not depend on chance.
        keys = np.random.default_rng(0).integers(0, 2**63, self.room, dtype=np.uint64)
        self.packed = self.kernels.Bank(
            np.zeros(1 << 12, np.int16),
            np.zeros((1 << 12, 3), np.int32),
            np.zeros(1 << 12, np.int64),
            np.zeros(max(1 << 16, 2 * batch_words), np.int32),
            np.zeros(1 << 13, np.uint64),
            keys * np.uint64(2) + np.uint64(1),
            np.zeros(4, np.int64),
            np.zeros(batch_words, np.int32),
            np.zeros((self.kernels.BATCH, 4), np.int64),
            np.zeros(self.kernels.BATCH, np.uint64),
        )
        self.members: dict[int, dict[int, Terms]] = {
            **{kind: {} for kind in range(3)},
            **functions.by_cost,
        }
        integers = [scope.variables[i].values for i in scope.integers]
        self.environment = np.array(integers, np.int64).reshape(-1, scope.rows).T.copy()
        self.goal_kind = -1 if goal is None else goal[0]
        self.goal = np.zeros(2, np.uint64)
        if goal is not None:
            words = pack_column(goal[1])
            value = self.kernels.hash_words(words, 0, words.size, self.packed.keys, goal[0])
            self.goal[:] = 1, value

    def level(self, cost: int) -> Iterator[tuple[int, Terms, int | None]]:
        """Enumerate the terms of one cost; all cheaper levels must be done.

        Yields
        ------
        kind : int
            The kind of the new terms.
        terms : ndarray of int64
            The new terms, after every operation.
        met : int or None
            The term among them that meets the goal.
        """
        self.functions.reach(cost)
        new: dict[int, list[Terms]] = {kind: [] for kind in range(3)}
        for kind, terms, met in self._variables(cost):
            new[kind].append(terms)
            yield kind, terms, met
        for op in self.ops:
            result = int(OP_RESULTS[op])
            for first, second, third, symmetric in self._arguments(op, cost):
                for terms, met in self._expand(op, result, symmetric, first, second, third):
                    new[result].append(terms)
                    yield result, terms, met
        for kind, parts in new.items():
            self.members[kind][cost] = np.concatenate([np.zeros(0, np.int64), *parts])

    def _variables(self, cost: int) -> Iterator[tuple[int, Terms, int | None]]:
        for index, variable in enumerate(self.scope.variables):
            if variable.cost != cost:
                continue
            packed, state = self.packed, self.packed.state
            words = pack_column(variable.values)
            start, term = int(state[1]), int(state[0])
            packed.words[start : start + words.size] = words
            value = np.uint64(
                self.kernels.hash_words(packed.words, start, words.size, packed.keys, variable.kind)
            )
            if self.kernels.known(packed.table, value):
                continue
            packed.ops[term] = -1 - index
            packed.starts[term] = start
            state[0] += 1
            state[1] += words.size
            met = variable.kind == self.goal_kind and bool(value == self.goal[1])
            yield variable.kind, np.array([term], np.int64), term if met else None

    def _arguments(self, op: int, cost: int) -> Iterator[tuple[Terms, Terms, Terms, bool]]:
        """All ways to share the cost of a term between the arguments of its operation."""
        primitive = engine.OPS[op]
        kinds = [int(kind) for kind in OP_KINDS[op] if kind >= 0]
        rest = cost - primitive.cost
        nothing = np.zeros(1, np.int64)
        if not kinds:
            if rest == 0:
                yield nothing, nothing, nothing, False
            return
        for shares in _shares(rest, len(kinds)):
            if primitive.symmetric and shares[0] > shares[1]:
                continue
            chosen = [
                self.members[kind].get(share) for kind, share in zip(kinds, shares, strict=True)
            ]
            parts = [terms for terms in chosen if terms is not None and terms.size]
            if len(parts) == len(kinds):
                first, second, third = [*parts, nothing, nothing][:3]
                yield first, second, third, primitive.symmetric and shares[0] == shares[1]

    def _expand(
        self, op: int, result: int, symmetric: bool, first: Terms, second: Terms, third: Terms
    ) -> Iterator[tuple[Terms, int | None]]:
        kernels = self.kernels
        cursor = np.zeros(3, np.int64)
        goal = self.goal if result == self.goal_kind else np.zeros(2, np.uint64)
        while True:
            state = self.packed.state
            before, spent = int(state[0]), int(state[2])
            reason = kernels.expand(
                self.packed, op, OP_KINDS[op], result, symmetric, first, second, third, cursor,
                self.scope.rows, self.longest, self.environment, self.functions.packed, goal,
                spent + self.budget.candidates - self.budget.spent,
            )  # fmt: skip
            self.budget.spent += int(state[2]) - spent
            terms = np.arange(before, int(state[0]), dtype=np.int64)
            if terms.size:
                yield terms, int(state[3]) if reason == kernels.MATCH else None
            if reason == kernels.SPENT:
                raise BudgetSpentError(f"{self.budget.candidates:,} candidates")
            if reason == kernels.DONE:
                return
            if reason == kernels.FULL:
                self._grow()

    def _grow(self) -> None:
        packed = self.packed
        terms, used = int(packed.state[0]), int(packed.state[1])
        replace: dict[str, Any] = {}
        batch = self.kernels.BATCH
        if terms + batch >= packed.ops.size:
            for name in ("ops", "args", "starts"):
                replace[name] = _larger(getattr(packed, name), terms)
        if used + batch * self.room >= packed.words.size:
            replace["words"] = _larger(packed.words, used)
        if 2 * (terms + batch) >= packed.table.size:
            replace["table"] = np.zeros(2 * packed.table.size, np.uint64)
            self.kernels.rehash(packed.table, replace["table"])
        self.packed = packed._replace(**replace)
        if sum(array.nbytes for array in self.packed) > self.budget.bytes:
            raise BudgetSpentError(f"{self.budget.bytes / 2**30:.1f} GiB of memory")


def _larger(array: npt.NDArray[Any], used: int) -> npt.NDArray[Any]:
    """A copy with more room at the end; what is not used yet takes no memory yet."""
    factor = 2 if array.nbytes > _LARGE else 4
    larger = np.empty((factor * array.shape[0], *array.shape[1:]), array.dtype)
    larger[:used] = array[:used]
    return larger


def _longest(scope: Scope, goal: tuple[int, Sequence[Value]] | None) -> int:
    """The longest list that terms may have: twice the longest around, and at least 16."""
    values = [value for variable in scope.variables for value in variable.values]
    values += goal[1] if goal is not None else []
    lengths = [len(value) for value in values if isinstance(value, list)]
    return min(LONGEST, max(16, 2 * max(lengths, default=0)))


def _shares(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """The ways to write `total` as a sum of `parts` positive integers, in order."""
    for bars in itertools.combinations(range(1, total), parts - 1):
        ends = (0, *bars, total)
        if total >= parts:
            yield tuple(b - a for a, b in itertools.pairwise(ends))
