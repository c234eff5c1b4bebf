"""The bank of terms: all terms over some variables, cheapest first, one per behaviour.

The values of the variables on a number of rows define a bank. Level by level, it applies every
operation to all combinations of cheaper terms, and keeps one term per observational equivalence
class.
"""

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.bank.expansion import Cursor, Expansion, expansion
from dlcompare.synthesis.bank.language import Language
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, Terms
from dlcompare.synthesis.compiled.packing import FUNCTIONS_FROM, pack_column, unpack_column
from dlcompare.synthesis.dsl.primitives.primitive import LONGEST
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["TermBank"]

_LARGE = 2**26

_SEGMENT = 2**28
"""The most bytes by which words grow; they are never moved, so that larger steps gain nothing."""

_LEVELS = 64
"""Initial capacity, in costs."""

_CELLS = 256
"""Initial capacity of a level, in cells."""

_CHUNK = 1 << 17
"""Candidates between two checks of the clock; whole batches."""


class TermBank:
    """Terms over a scope, enumerated by cost.

    Parameters
    ----------
    language : Language
        Types and operations.
    scope : Scope
        The variables.
    ops : sequence of int
        The operations to use.
    functions : FunctionPool
        The functions that an operation may take as an argument.
    budget : SearchBudget
        Shared with the rest of the search; raises `BudgetSpentError` when it is used up.
    goal : (Type, sequence of values), optional
        A type and its values on every row; a term with these values ends the search.
    """

    def __init__(
        self,
        language: Language,
        scope: Scope,
        ops: Sequence[int],
        functions: FunctionPool,
        budget: SearchBudget,
        goal: tuple[Type, Sequence[Value]] | None = None,
    ) -> None:
        self.language = language
        self.scope = scope
        self.ops = ops
        self.functions = functions
        self.budget = budget
        self.frozen = False
        budget.banks.add(self)
        self.kernels = language.kernels
        columns: list[tuple[Sequence[Value], Type]]
        columns = [(v.values, v.type) for v in scope.variables]
        columns += [(goal[1], goal[0])] if goal is not None else []
        self.longest = _longest(columns)
        self.room = scope.rows * (1 + self.longest) + LONGEST
        batch_words = self.kernels.BATCH * self.room
        # The keys are fixed, so that the result does not depend on chance.
        keys = np.random.default_rng(0).integers(0, 2**63, self.room, dtype=np.uint64)
        self.packed = self.kernels.TermTable(
            np.zeros(1 << 12, np.int16),
            np.zeros((1 << 12, 3), np.int32),
            np.zeros(1 << 12, np.int64),
            np.zeros(0, np.int32),
            np.zeros(1 << 13, np.uint64),
            keys * np.uint64(2) + np.uint64(1),
            np.zeros(4, np.int64),
        )
        self.drafts = self.kernels.Drafts(
            np.empty(batch_words, np.int32),
            np.empty((self.kernels.BATCH, 6), np.int64),
            np.empty(self.kernels.BATCH, np.uint64),
            np.empty(0, np.int64),
        )
        self.members: dict[int, dict[int, Terms]] = {
            **{kind: {} for kind in range(len(language.types))},
            **functions.by_cost,
        }
        self.operations = self._operations()
        count = len(self.members)
        self.pools = [np.zeros(1, np.int64) for _ in range(count + 1)]  # the last: no argument
        self.ends = np.zeros((count + 1, _LEVELS), np.int64)
        self.cells = np.empty((_CELLS, 8), np.int64)
        self.goal_kind = -1 if goal is None else language.kind(goal[0])
        self.goal = np.array([0, 0, max(self.goal_kind, 0)], np.uint64)
        if goal is not None:
            words = pack_column(goal[1], goal[0])
            value = self.kernels.hash_words(words, 0, words.size, self.packed.keys, self.goal_kind)
            self.goal[:2] = 1, value
        self._write_variables()

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
        new: dict[int, list[Terms]] = {kind: [] for kind in range(len(self.language.types))}
        for found in (self._variables(cost), self._expand(cost)):
            for kind, terms, met in found:
                new[kind].append(terms)
                yield kind, terms, met
        for kind, parts in new.items():
            if parts:
                self.members[kind][cost] = np.concatenate(parts)
        self._pool(cost)

    def values(self, term: int, type_: Type) -> list[Value]:
        """Return the values of a term on the rows."""
        rows = self.scope.rows
        words = ctypes.c_int32 * (rows * (1 + self.longest))  # there is room after the last term
        memory = words.from_address(int(self.packed.starts[term]))
        return unpack_column(np.ctypeslib.as_array(memory), rows, type_)

    def _write_variables(self) -> None:
        """Write the words of each variable, with their positions and hashes."""
        columns = [pack_column(v.values, v.type) for v in self.scope.variables]
        size = sum(column.size for column in columns)
        room = max(1 << 16, 2 * size + 4 * self.kernels.BATCH * self.room)
        words = np.zeros(room, np.int32)
        self.segments = [words]
        self.packed = self.packed._replace(words=words)
        self.columns: list[tuple[int, np.uint64]] = []
        start = 0
        for variable, column in zip(self.scope.variables, columns, strict=True):
            words[start : start + column.size] = column
            kind, keys = self.language.kind(variable.type), self.packed.keys
            value = self.kernels.hash_words(words, start, column.size, keys, kind)
            self.columns.append((words[start:].ctypes.data, np.uint64(value)))
            start += column.size
        self.packed.state[1] = start

    def _variables(self, cost: int) -> Iterator[tuple[int, Terms, int | None]]:
        for index, variable in enumerate(self.scope.variables):
            if variable.cost != cost:
                continue
            packed, term = self.packed, int(self.packed.state[0])
            kind, (start, value) = self.language.kind(variable.type), self.columns[index]
            if self.kernels.known(packed.table, value):
                continue
            if term == packed.ops.size:
                self._grow()
                if self.frozen:
                    return
                packed = self.packed
            packed.ops[term] = -1 - index
            packed.starts[term] = start
            packed.state[0] += 1
            met = kind == self.goal_kind and bool(value == self.goal[1])
            yield kind, np.array([term], np.int64), term if met else None

    def _operations(self) -> Any:
        """Return the operations in use, for the kernels."""
        language, ops = self.language, np.array(list(self.ops), np.int64)
        primitives = [language.operations[op].primitive for op in ops]
        places = {kind: place for place, kind in enumerate(self.members)} | {-1: -1}
        kinds = language.kinds[ops].reshape(-1, 3)
        return self.kernels.Operations(
            ops,
            language.numbers[ops],
            np.array([primitive.cost for primitive in primitives], np.int64),
            language.results[ops],
            np.array([[places[kind] for kind in row] for row in kinds.tolist()], np.int64),
            kinds[:, 0] >= FUNCTIONS_FROM,
            np.array([primitive.symmetric for primitive in primitives], np.bool_),
        )

    def _pool(self, cost: int) -> None:
        """Append the terms and functions of a level to the cheaper ones of their kinds."""
        if cost >= self.ends.shape[1]:
            self.ends = np.hstack([self.ends, np.zeros_like(self.ends)])
        for place, members in enumerate(self.members.values()):
            start = int(self.ends[place, cost - 1])
            new = members.get(cost, ())
            end = start + len(new)
            if end > self.pools[place].size:
                pool = np.empty(2 * end, np.int64)
                pool[:start] = self.pools[place][:start]
                self.pools[place] = pool
            self.pools[place][start:end] = new
            self.ends[place, cost] = end

    def _expand(self, cost: int) -> Iterator[tuple[int, Terms, int | None]]:
        """Apply the operations to all arguments for which the total is this cost."""
        budget, state = self.budget, self.packed.state
        if self.frozen and not self.goal[0]:
            return
        work = expansion(self, self._level(cost), np.array([0, -1, -1, -1], np.int64))
        try:
            while True:
                before, spent = int(state[0]), int(state[2])
                reason = work.step(spent + min(budget.left, _CHUNK))
                budget.spent += int(state[2]) - spent
                met = int(state[3]) if reason == self.kernels.MATCH else None
                yield from self._by_kind(np.arange(before, int(state[0]), dtype=np.int64), met)
                if reason == self.kernels.DONE:
                    return
                budget.check()
                if reason == self.kernels.FULL:
                    self._grow()
                    if self.frozen and not self.goal[0]:
                        return
                    work = self._on_goal_only(work) if self.frozen else work
        finally:
            work.close()

    def _level(self, cost: int) -> Any:
        """Return the cells that hold the operands for the candidates of one cost."""
        write = self.kernels.write_cells
        count = write(self.operations, self.ends, cost, self.cells)
        if count > len(self.cells):
            self.cells = np.empty((2 * count, 8), np.int64)
            write(self.operations, self.ends, cost, self.cells)
        cells = self.cells[:count]
        if self.frozen:
            cells = cells[self._makes_goal(cells)]
        addresses = np.array([pool.ctypes.data for pool in self.pools], np.int64)
        return self.kernels.Level(self.operations, addresses, cells, self.scope.rows, self.longest)

    def _makes_goal(self, cells: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Return the cells whose results have the goal's type; a frozen bank skips the others."""
        makes: npt.NDArray[np.bool_]
        makes = self.operations.results[cells[:, self.kernels.OPERATION]] == self.goal_kind
        return makes

    def _on_goal_only(self, work: Expansion) -> Expansion:
        """Return the remaining work, restricted to cells that can give the goal."""
        cursor, cells = work.cursor, work.level.cells
        work.close()
        makes = self._makes_goal(cells)
        cell = int(cursor[0])
        within = cell < len(makes) and makes[cell]
        rest = cursor[1:] if within else (-1, -1, -1)
        moved: Cursor = np.array([makes[:cell].sum(), *rest], np.int64)
        return expansion(self, work.level._replace(cells=cells[makes]), moved)

    def _by_kind(self, terms: Terms, met: int | None) -> Iterator[tuple[int, Terms, int | None]]:
        """Yield the new terms by kind; the goal's kind comes last."""
        kinds = self.language.results[self.packed.ops[terms]]
        found = [kind for kind in np.unique(kinds).tolist() if kind != self.goal_kind]
        for kind in [*found, self.goal_kind]:
            chosen = terms[kinds == kind]
            if chosen.size:
                yield kind, chosen, met if kind == self.goal_kind else None

    def _grow(self) -> None:
        packed = self.packed
        terms, used = int(packed.state[0]), int(packed.state[1])
        batch = self.kernels.BATCH
        larger: list[str] = []
        if terms + 2 * batch >= packed.ops.size:
            larger += ["ops", "args", "starts"]
        full = used + 2 * batch * self.room >= packed.words.size
        if 2 * (terms + 2 * batch) >= packed.table.size:
            larger.append("table")
        arrays = {name: getattr(packed, name) for name in larger}
        more = sum(array.nbytes * (_factor(array.nbytes) - 1) for array in arrays.values())
        words = sum(segment.nbytes for segment in self.segments)
        segment = min(words * (_factor(words) - 1), _SEGMENT) if full else 0
        more += segment
        if sum(bank.nbytes for bank in self.budget.banks) + more > self.budget.bytes:
            self.frozen = True
            return
        replace: dict[str, Any] = {}
        try:
            for name, array in arrays.items():
                if name == "table":
                    replace[name] = np.zeros(_factor(array.nbytes) * array.size, np.uint64)
                    self.kernels.rehash(array, replace[name])
                else:
                    replace[name] = _larger(array, terms)
            if full:
                replace["words"] = np.empty(segment // 4, np.int32)
        except MemoryError:  # the process may have less memory than the budget allows
            self.frozen = True
            return
        self.packed = packed._replace(**replace)
        if full:
            self.segments.append(self.packed.words)
            packed.state[1] = 0

    @property
    def nbytes(self) -> int:
        """Return the size of the bank."""
        packed, older = self.packed, self.segments[:-1]
        return sum(array.nbytes for array in (*packed, *self.drafts, *self.pools, *older))


def _factor(size: int) -> int:
    return 2 if size > _LARGE else 4


def _larger(array: npt.NDArray[Any], used: int) -> npt.NDArray[Any]:
    """Return a copy with more room at the end; unused room takes no memory yet."""
    larger = np.empty((_factor(array.nbytes) * array.shape[0], *array.shape[1:]), array.dtype)
    larger[:used] = array[:used]
    return larger


def _longest(columns: Sequence[tuple[Sequence[Value], Type]]) -> int:
    """Return the word limit of a term in one row: twice the longest variable, at least 16."""
    sizes = [0]
    for values, type_ in columns:
        if type_ not in (INT, BOOL):
            sizes += map(int, pack_column(values, type_)[: len(values)])
    return min(LONGEST, max(16, 2 * max(sizes)))
