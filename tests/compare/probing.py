"""A job that looks around in its worker: what the fork server left to be done there."""

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from dlcompare.compare.channel import Channel
from dlcompare.compare.learners.registry import create, parse
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import Budget, Problem


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

    def run(self, channel: Channel) -> None:
        """Send the number of the server's threads, the modules imported, the compilations."""
        from numba.core import event

        threads = sum(1 for _ in Path(f"/proc/{os.getppid()}/task").iterdir())
        compiled = event.RecordingListener()
        event.register("numba:compile", compiled)
        before = set(sys.modules)
        learner = create(parse(self.learner), "cpu")
        with contextlib.suppress(FitError):
            learner.fit(self.problem, Budget(candidates=5_000, gradient_steps=3), 0)
        channel.send((threads, sorted(set(sys.modules) - before), len(compiled.buffer)))
