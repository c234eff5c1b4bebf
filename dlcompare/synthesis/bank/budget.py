"""The budget of a search: candidates, memory and time, shared by all its parts."""

import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

__all__ = ["Alarm", "BudgetSpentError", "SearchBudget"]


class BudgetSpentError(Exception):
    """The candidates, or the time, that the search may use are used up."""


class MeasuredBank(Protocol):
    """A part of a search whose memory counts against the budget."""

    @property
    def nbytes(self) -> int:
        """Return the size in bytes."""
        ...


@dataclass(frozen=True)
class Alarm:
    """Something to do when a part of the budget is spent.

    Attributes
    ----------
    spent : int
        The candidates after which it is due.
    time : float, optional
        The `time.monotonic` after which it is due.
    call : callable
        What is to be done; it may set another alarm.
    """

    spent: int
    time: float | None
    call: Callable[[], None]


@dataclass
class SearchBudget:
    """Candidates, memory and time shared by the banks of one search.

    Attributes
    ----------
    candidates : int
        How many may be evaluated.
    bytes : int
        How large the banks may grow together; they go on without growing.
    deadline : float, optional
        The `time.monotonic` at which the search ends.
    threads : int
        Cores that evaluate candidates; how many changes no result.
    spent : int
        How many candidates were evaluated so far.
    alarm : Alarm, optional
        What is called once on the way.
    banks : set of MeasuredBank
        Those that are in use.
    """

    candidates: int
    bytes: int
    deadline: float | None = None
    threads: int = 1
    spent: int = 0
    alarm: "Alarm | None" = None
    banks: "weakref.WeakSet[MeasuredBank]" = field(default_factory=weakref.WeakSet, repr=False)

    @cached_property
    def executor(self) -> ThreadPoolExecutor:
        """Return the threads."""
        return ThreadPoolExecutor(self.threads, "candidates")

    def part(self, candidates: int) -> "SearchBudget":
        """Return a separate budget of at most this many of the unspent candidates."""
        most = max(min(candidates, self.candidates - self.spent), 0)
        banks = weakref.WeakSet(self.banks)
        return SearchBudget(most, self.bytes, self.deadline, self.threads, banks=banks)

    @property
    def left(self) -> int:
        """Return the candidates that may be evaluated before the next check."""
        most = self.candidates if self.alarm is None else min(self.candidates, self.alarm.spent)
        return max(most - self.spent, 0)

    def check(self) -> None:
        """Raise `BudgetSpentError` if anything is used up; before that, the alarm goes off."""
        if self.alarm is not None and self.spent >= self.alarm.spent:
            self._ring(self.alarm)
        if self.spent >= self.candidates:
            raise BudgetSpentError(f"{self.candidates:,} candidates")
        self.check_clock()

    def check_clock(self) -> None:
        """Raise `BudgetSpentError` if the time is over; before that, the alarm goes off."""
        if self.deadline is None:
            return
        now = time.monotonic()
        if self.alarm is not None and self.alarm.time is not None and now > self.alarm.time:
            self._ring(self.alarm)
        if time.monotonic() > self.deadline:
            raise BudgetSpentError("its time")

    def _ring(self, alarm: "Alarm") -> None:
        self.alarm = None
        alarm.call()
