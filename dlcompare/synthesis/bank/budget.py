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
    """The candidates or the time of the search are used up."""


class MeasuredBank(Protocol):
    """A part of a search whose memory counts against the budget."""

    @property
    def nbytes(self) -> int:
        """Return the size in bytes."""
        ...


@dataclass(frozen=True)
class Alarm:
    """A callback for when a part of the budget is spent.

    Attributes
    ----------
    spent : int
        It is due after this many candidates.
    time : float, optional
        It is also due after this `time.monotonic`, in seconds.
    call : callable
        The callback; it may set another alarm.
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
        The most candidates that may be evaluated.
    bytes : int
        The most memory of all banks together; beyond it, the search goes on with frozen banks.
    deadline : float, optional
        The `time.monotonic`, in seconds, at which the search ends.
    threads : int
        Cores that evaluate candidates; their number does not change any result.
    spent : int
        Candidates evaluated so far.
    alarm : Alarm, optional
        A callback during the search, called once.
    banks : set of MeasuredBank
        The banks in use.
    began : float
        The `time.monotonic`, in seconds, at which the search began.
    """

    candidates: int
    bytes: int
    deadline: float | None = None
    threads: int = 1
    spent: int = 0
    alarm: "Alarm | None" = None
    banks: "weakref.WeakSet[MeasuredBank]" = field(default_factory=weakref.WeakSet, repr=False)
    began: float = field(default_factory=time.monotonic)

    @cached_property
    def executor(self) -> ThreadPoolExecutor:
        """Return the executor of the threads."""
        return ThreadPoolExecutor(self.threads, "candidates")

    def part(self, candidates: int) -> "SearchBudget":
        """Return a separate budget of at most this many of the unspent candidates."""
        most = max(min(candidates, self.candidates - self.spent), 0)
        banks = weakref.WeakSet(self.banks)
        return SearchBudget(most, self.bytes, self.deadline, self.threads, banks=banks)

    @property
    def used(self) -> float:
        """Return the share of the candidates, or of the time, that is used up by now."""
        share = self.spent / self.candidates if self.candidates else 1.0
        if self.deadline is None:
            return share
        now = time.monotonic()
        return max(share, (now - self.began) / max(self.deadline - self.began, 1e-9))

    @property
    def left(self) -> int:
        """Return the candidates that may be evaluated before the next check."""
        most = self.candidates if self.alarm is None else min(self.candidates, self.alarm.spent)
        return max(most - self.spent, 0)

    def check(self) -> None:
        """Call the alarm if it is due; raise `BudgetSpentError` if anything is used up."""
        if self.alarm is not None and self.spent >= self.alarm.spent:
            self._ring(self.alarm)
        if self.spent >= self.candidates:
            raise BudgetSpentError(f"{self.candidates:,} candidates")
        self.check_clock()

    def check_clock(self) -> None:
        """Call the alarm if it is due; raise `BudgetSpentError` if the time is over."""
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
