"""A job that looks around in its worker: what the fork server left to be done there."""

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from dlcompare.compare.execution.channel import Channel
from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import Budget, Problem


@dataclass(frozen=True)
class Found:
    """The server's threads, the modules imported, the compilations."""

    threads: int
    imported: list[str]
    compilations: int


@dataclass(frozen=True)
class Probe:
    """Fits for a moment; tells what that had to import and to compile, and of the server's threads.

    Attributes
    ----------
    learner : str
    problem : Problem
    """

    learner: str
    problem: Problem

    says: ClassVar[tuple[type, ...]] = (Found,)

    def run(self, channel: Channel) -> None:
        """Look around, and send what was found."""
        from numba.core import event

        threads = sum(1 for _ in Path(f"/proc/{os.getppid()}/task").iterdir())
        compiled = event.RecordingListener()
        event.register("numba:compile", compiled)
        before = set(sys.modules)
        learner = create(parse(self.learner), "cpu")
        with contextlib.suppress(FitError):
            learner.fit(self.problem, Budget(candidates=5_000, gradient_steps=3), 0)
        imported = sorted(set(sys.modules) - before)
        channel.send(Found(threads, imported, len(compiled.buffer)))
