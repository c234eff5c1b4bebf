"""What a search may use: candidates, memory and time, shared by all its parts."""

import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

__all__ = ["Budget", "BudgetSpentError"]


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
    banks : set of Bank
        Those that are in use.
    """

    candidates: int
    bytes: int
    deadline: float | None = None
    threads: int = 1
    spent: int = 0
    banks: "weakref.WeakSet[Bank]" = field(default_factory=weakref.WeakSet, repr=False)

    @cached_property
    def executor(self) -> ThreadPoolExecutor:
        """The threads."""
        return ThreadPoolExecutor(self.threads, "candidates")

    def check(self) -> None:
        """Raise `BudgetSpentError` if anything is used up."""
        if self.spent >= self.candidates:
            raise BudgetSpentError(f"{self.candidates:,} candidates")
        self.check_clock()

    def check_clock(self) -> None:
        """Raise `BudgetSpentError` if the time is over."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise BudgetSpentError("its time")
