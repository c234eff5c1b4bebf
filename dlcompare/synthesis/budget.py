"""What a search may use: candidates, memory and time, shared by all its parts."""

import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

__all__ = ["Budget", "BudgetSpentError"]

_PART = 20
"""One part in so many is kept back."""


class BudgetSpentError(Exception):
    """The candidates, or the time, that the search may use are used up."""


class Bank(Protocol):
    """What grows."""

    @property
    def nbytes(self) -> int:
        """How large it is."""
        ...


@dataclass
class Budget:
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
    reserve : int
        How many of the candidates are kept back.
    reserve_seconds : float
        How much of the time is kept back.
    banks : set of Bank
        Those that are in use.
    """

    candidates: int
    bytes: int
    deadline: float | None = None
    threads: int = 1
    spent: int = 0
    reserve: int = 0
    reserve_seconds: float = 0.0
    banks: "weakref.WeakSet[Bank]" = field(default_factory=weakref.WeakSet, repr=False)

    @cached_property
    def executor(self) -> ThreadPoolExecutor:
        """The threads."""
        return ThreadPoolExecutor(self.threads, "candidates")

    def keep_back(self, candidates: int, seconds: float) -> None:
        """Keep back a twentieth, at most so many candidates and so much time, for later."""
        self.reserve = min(self.candidates // _PART, candidates)
        if self.deadline is not None:
            left = max(self.deadline - time.monotonic(), 0.0)
            self.reserve_seconds = min(left / _PART, seconds)

    def part(self, candidates: int) -> "Budget":
        """At most so many of the candidates not spent yet, those kept back too, as a budget."""
        most = max(min(candidates, self.candidates - self.spent), 0)
        banks = weakref.WeakSet(self.banks)
        return Budget(most, self.bytes, self.deadline, self.threads, banks=banks)

    @property
    def left(self) -> int:
        """The candidates that may be evaluated still."""
        return self.candidates - self.reserve - self.spent

    def check(self) -> None:
        """Raise `BudgetSpentError` if anything is used up."""
        if self.left <= 0:
            raise BudgetSpentError(f"{self.candidates:,} candidates")
        self.check_clock()

    def check_clock(self) -> None:
        """Raise `BudgetSpentError` if the time is over."""
        deadline = self.deadline
        if deadline is not None and time.monotonic() > deadline - self.reserve_seconds:
            raise BudgetSpentError("its time")
