"""Errors, each worded as a sentence.

    DlcompareError
    ├── InputError (ValueError)            what the user gave cannot be used; exit status 2
    │   └── UnknownNameError (LookupError) a name that nothing answers to
    └── FitError (RuntimeError)            a learner came to a stated end without a predictor
        ├── NoProgramError                 the search ended without a program
        ├── DivergedError                  training lost its footing: a loss that is not a number
        └── DeviceMemoryError (MemoryError) an allocation failed while fitting

A message says what was wrong, where, and how to fix it. A `FitError` is an outcome of a trial, not
a fault of the software: it carries the trial status and what the attempt cost.
"""

import difflib
from collections.abc import Iterable
from typing import ClassVar

from dlcompare.tasks.cost import Cost

__all__ = [
    "DeviceMemoryError",
    "DivergedError",
    "DlcompareError",
    "FitError",
    "InputError",
    "NoProgramError",
    "UnknownNameError",
    "says_out_of_memory",
]


_MOST_LISTED = 20
_LISTED_BY = {
    "task": "dlcompare tasks",
    "learner": "dlcompare learners",
    "primitive": "python -m dlcompare.synthesis.dsl.primitives",
}


class DlcompareError(Exception):
    """The base of all errors that dlcompare raises on purpose."""


class InputError(DlcompareError, ValueError):
    """An input that cannot be used: a task file, an option, a folder, a value."""


class UnknownNameError(InputError, LookupError):
    """An unknown name; the message offers the closest match and the names that exist.

    Parameters
    ----------
    kind : str
        The kind of thing, in the singular: ``"task"``, ``"learner"``.
    name : str
        The unknown name.
    known : iterable of str
        The names that exist.

    Examples
    --------
    >>> str(UnknownNameError("task", "sortin", ["reverse", "sorting"]))
    "there is no task 'sortin'; did you mean 'sorting'? The tasks are: reverse, sorting"
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        listed = f"The {kind}s are: {', '.join(names)}"
        if len(names) > _MOST_LISTED and kind in _LISTED_BY:
            listed = f"There are {len(names)}; {_LISTED_BY[kind]} lists them"
        super().__init__(f"there is no {kind} {name!r}{hint} {listed}")


class FitError(DlcompareError, RuntimeError):
    """Raised when a learner ends without a predictor.

    Attributes
    ----------
    status : str
        The status of the trial.
    cost : Cost
        What the attempt cost.
    """

    status: ClassVar[str] = "error"

    def __init__(self, reason: str, cost: Cost | None = None) -> None:
        super().__init__(reason)
        self.cost = cost or Cost()


class NoProgramError(FitError):
    """Raised when the search ends without a program that answers the examples."""

    status = "no_program"


class DeviceMemoryError(FitError, MemoryError):
    """Raised when the device, or the machine, has too little memory."""

    status = "out_of_memory"


class DivergedError(FitError):
    """Raised when a loss or a gradient in training is not a finite number."""

    status = "diverged"


_MEMORY_SIGNS = (
    "alloc_failed",
    "allocate memory",
    "bad_alloc",
    "memoryerror",
    "not enough memory",
    "out of memory",
)


def says_out_of_memory(text: str) -> bool:
    """Return whether a message of Python, torch, CUDA, or C++ tells of a failed allocation.

    Examples
    --------
    >>> says_out_of_memory("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 TB")
    True
    """
    return any(sign in text.lower() for sign in _MEMORY_SIGNS)
