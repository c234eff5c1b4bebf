"""The interface of backends, which make trials: in processes of this machine, or on a cluster.

A backend takes assignments and reports, in any order, how each ended. Results are judged
and stored by the run itself, whatever the backend.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.messages import Failed, Fitted, Predicted
from dlcompare.compare.execution.wire import GarbledError
from dlcompare.compare.execution.worker import Check, Job
from dlcompare.tasks.progress import FitProgress
from dlcompare.tasks.types import Value

__all__ = ["Assignment", "Backend", "Hear", "Questions", "answering"]

Hear = Callable[[FitProgress], object]
"""Called with each progress message of a fit."""

Questions = Sequence[Mapping[str, tuple[Value, ...]]]
"""The inputs of each test set, handed over after the fit."""


@dataclass(frozen=True)
class Assignment:
    """One trial, or several in one process, as a backend sees them.

    Attributes
    ----------
    job : Job
        The job of its process.
    questions : sequence of mapping
        The inputs of each test set.
    seconds : float
        Wall-clock limit.
    memory : int
        Memory limit in bytes.
    gpu : bool
        Whether it needs a GPU.
    sets : tuple of int
        For each trial, how many of the test sets it must answer, counted from the first.
    """

    job: Job
    questions: Questions
    seconds: float
    memory: int
    gpu: bool
    sets: tuple[int, ...] = ()


class Backend(Protocol):
    """Makes trials; leaving its context ends those that still run."""

    def __enter__(self) -> "Backend": ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def room(self) -> int:
        """Return how many trials the backend can make at a time, as of now."""
        ...

    def launch(self, assignment: Assignment, hear: Hear) -> int:
        """Start a trial, and return the number by which `wait` will know it."""
        ...

    def wait(self) -> list[tuple[int, Ending]]:
        """Wait until a trial has ended, and return those that have."""
        ...

    def check(self, job: Check, seconds: float, memory: int) -> Ending:
        """Run a check where trials will run, with nothing else running."""
        ...

    def place(self) -> dict[str, Any]:
        """Describe the backend for ``hardware``, as JSON values."""
        ...


def answering(questions: Questions, sets: tuple[int, ...], hear: Hear) -> Callable[[Any], object]:
    """Return the reply to a worker's message: the test inputs, once it has fitted a trial.

    A trial sends `Fitted` and then `Predicted`, or `Failed` in place of either. Any other order
    is refused.
    """
    ended, fitted = 0, False

    def reply(message: Any) -> object:
        nonlocal ended, fitted
        if isinstance(message, FitProgress):
            hear(message)
        if not isinstance(message, Fitted | Predicted | Failed):
            return None
        name = type(message).__name__
        if ended == len(sets):
            raise GarbledError(f"a message {name!r} after its last trial had ended")
        if isinstance(message, Failed):
            ended, fitted = ended + 1, False
            return None
        if isinstance(message, Predicted) != fitted:
            raise GarbledError(f"a message {name!r} out of turn")
        if fitted:
            ended, fitted = ended + 1, False
            return None
        fitted = True
        return list(questions[: sets[ended]])

    return reply
