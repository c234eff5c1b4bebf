"""Make trials in processes of this machine."""

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from dlcompare.compare.execution.backend import Assignment, Hear, answering
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.environment import usable_cores
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.execution.worker import Check

__all__ = ["Local"]


class Local:
    """Processes of this machine, forked from one that has done the imports.

    Parameters
    ----------
    preload : sequence of str
        Modules that every process finds already imported.
    jobs : int, optional
        Trials at a time, by default one for each usable core.
    """

    def __init__(self, preload: Sequence[str], jobs: int | None) -> None:
        self._supervisor = Supervisor(preload)
        self._jobs = jobs or usable_cores()

    def __enter__(self) -> "Local":
        self._supervisor.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._supervisor.__exit__(kind, error, trace)

    def room(self) -> int:
        """Return the jobs requested, or the usable cores."""
        return self._jobs

    def launch(self, assignment: Assignment, hear: Hear) -> int:
        """Fork a process for a trial."""
        its = assignment
        return self._supervisor.launch(
            its.job, lambda: answering(its.questions, its.sets, hear), its.seconds, its.memory
        )

    def wait(self) -> list[tuple[int, Ending]]:
        """Wait for the next events of running processes; return the trials that have ended."""
        return self._supervisor.wait()

    def check(self, job: Check, seconds: float, memory: int) -> Ending:
        """Run a check in its own process."""
        return self._supervisor.run(job, seconds, memory)

    def place(self) -> dict[str, Any]:
        """Return nothing: the place is this machine."""
        return {}
