"""Evaluation of the candidates of a level: in turn, or ahead on several cores.

Both keep the same terms in the same order and return at the same candidates for any number of
cores: candidates evaluated ahead are looked up and kept in their turn.
"""

from collections import deque
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.bank.scope import FunctionPool

__all__ = ["Cursor", "Expansion", "expansion"]

Cursor = npt.NDArray[np.int64]
"""The next position: a cell of the level and the indices of the arguments. Shape (4,)."""

STRETCH = 1 << 14
"""Candidates that a thread evaluates at a time; whole batches."""

_WORDS = 1 << 20
"""Room for the new terms of a stretch, in words."""


class Expandable(Protocol):
    """The part of a bank of terms that the evaluation of a level needs.

    Attributes
    ----------
    budget : SearchBudget
        Candidates, memory and threads.
    functions : FunctionPool
        The functions that an operation may take as an argument.
    kernels, packed, drafts, goal : Any
        The compiled loops, the terms, room for the values of a batch, and the goal's values.
    frozen : bool
        Whether the bank keeps no more terms.
    """

    budget: SearchBudget
    functions: FunctionPool
    kernels: Any
    packed: Any
    drafts: Any
    goal: Any
    frozen: bool


class Expansion(Protocol):
    """The candidates of one level, from a cursor on."""

    level: Any

    def step(self, limit: int) -> int:
        """Continue; return the reason for the stop, see `loops.enumeration.expand`."""
        ...

    @property
    def cursor(self) -> Cursor:
        """Return the next position to evaluate."""
        ...

    def close(self) -> None:
        """Wait for the evaluations in progress."""
        ...


def expansion(bank: Expandable, level: Any, cursor: Cursor) -> Expansion:
    """Return the candidates of a level from a cursor on; on several cores if that pays off."""
    if bank.budget.threads > 1 and _candidates(level.cells) >= 2 * STRETCH:
        return _Ahead(bank, level, cursor)
    return _InTurn(bank, level, cursor)


def _candidates(cells: npt.NDArray[np.int64]) -> float:
    """Return the number of candidates in cells, with both orders of symmetric pairs."""
    sizes = cells[:, [2, 4, 6]] - cells[:, [1, 3, 5]]
    return float(sizes.prod(axis=1, dtype=np.float64).sum())


@dataclass
class _InTurn:
    """Evaluation one candidate after the other, in the calling thread."""

    bank: Expandable
    level: Any
    cursor: Cursor

    def step(self, limit: int) -> int:
        bank = self.bank
        reason: int = bank.kernels.expand(
            bank.packed, self.level, self.cursor, bank.functions.packed, bank.drafts, bank.goal,
            limit, bank.frozen,
        )  # fmt: skip
        return reason

    def close(self) -> None:
        pass


@dataclass
class _Room:
    """The buffers that one thread uses alone."""

    functions: Any
    drafts: Any
    stretch: Any


@dataclass
class _Stretch:
    """Consecutive candidates that one thread evaluates together."""

    start: Cursor
    count: int
    room: _Room
    evaluated: "Future[int]"
    kept: int = 0


class _Ahead:
    """Evaluation of stretches in several threads; the calling thread keeps them in order."""

    def __init__(self, bank: Expandable, level: Any, cursor: Cursor) -> None:
        self.bank, self.level = bank, level
        self.next = cursor
        self.rooms = [self._room() for _ in range(2 * bank.budget.threads)]
        self.stretches: deque[_Stretch] = deque()

    def step(self, limit: int) -> int:
        kernels, state = self.bank.kernels, self.bank.packed.state
        self._evaluate()
        while self.stretches:
            first, before = self.stretches[0], int(state[2])
            reason = self._keep(first, limit)
            first.kept += int(state[2]) - before
            if reason == kernels.DONE and first.kept < first.count:
                reason = self._evaluate_rest(first, limit)
            if first.kept == first.count:
                self.rooms.append(self.stretches.popleft().room)
                self._evaluate()
            if reason != kernels.DONE:
                return reason
        return int(kernels.DONE)

    def _keep(self, stretch: _Stretch, limit: int) -> int:
        """Keep the new terms of the evaluated part of a stretch, up to the limit."""
        bank, batch = self.bank, self.bank.kernels.BATCH
        evaluated = stretch.evaluated.result()
        allowed = (limit - int(bank.packed.state[2])) // batch * batch
        reason: int = bank.kernels.keep_drafts(
            bank.packed, self.level, stretch.room.stretch, stretch.kept // batch,
            min(evaluated - stretch.kept, allowed), bank.goal, bank.frozen,
        )  # fmt: skip
        return reason

    def _evaluate_rest(self, stretch: _Stretch, limit: int) -> int:
        """Evaluate in turn the candidates without room, or part of a batch up to the limit."""
        bank, state = self.bank, self.bank.packed.state
        before = int(state[2])
        end = before + stretch.count - stretch.kept
        reason: int = bank.kernels.expand(
            bank.packed, self.level, self.cursor, bank.functions.packed, bank.drafts, bank.goal,
            min(limit, end), bank.frozen,
        )  # fmt: skip
        stretch.kept += int(state[2]) - before
        at_end = reason == bank.kernels.SPENT and stretch.kept == stretch.count
        return bank.kernels.DONE if at_end and int(state[2]) < limit else reason

    @property
    def cursor(self) -> Cursor:
        if not self.stretches:
            return self.next
        first = self.stretches[0]
        cursor = first.start.copy()
        self._advance(cursor, first.kept)
        return cursor

    def close(self) -> None:
        wait([each.evaluated for each in self.stretches])

    def _evaluate(self) -> None:
        """Start the evaluation of as many stretches as there is room for."""
        bank, budget = self.bank, self.bank.budget
        while self.rooms and self.next[0] < len(self.level.cells):
            start, room = self.next.copy(), self.rooms.pop()
            count = self._advance(self.next, STRETCH)
            future = budget.executor.submit(
                bank.kernels.evaluate_ahead, bank.packed, self.level, start.copy(), count,
                room.functions, room.drafts, room.stretch, bank.goal, bank.frozen,
            )  # fmt: skip
            self.stretches.append(_Stretch(start, count, room, future))

    def _advance(self, cursor: Cursor, count: int) -> int:
        return int(self.bank.kernels.advance(self.level, cursor, count, self.bank.functions.packed))

    def _room(self) -> _Room:
        bank, kernels = self.bank, self.bank.kernels
        drafts = type(bank.drafts)(*map(np.empty_like, bank.drafts))
        stretch = kernels.Drafts(
            np.empty(max(_WORDS, bank.drafts.words.size), np.int32),
            np.empty((STRETCH, 6), np.int64),
            np.empty(STRETCH, np.uint64),
            np.empty(STRETCH // kernels.BATCH, np.int64),
        )
        return _Room(bank.functions.apart(), drafts, stretch)
