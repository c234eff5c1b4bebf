"""Stacks: trials of one task and one learner that are fitted at once, in one process.

One small model does not fill a GPU, but many do; on a CPU, one process for each model is faster.
Each trial of a stack still ends in its own status. A trial that the process did not finish, because
it ran out of time or memory or raised an exception, is made again alone: it may succeed where the
stack could not, a GPU that has failed once fails for the rest of its process, and if the trial
fails alone too, the reason is its own.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from dlcompare.compare.execution.channel import Channel
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.messages import Failed, Predicted
from dlcompare.compare.execution.worker import Fit, Throttle, failure, keep_blind
from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.compare.trials.protocol import Planned
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import Stacking
from dlcompare.tasks.progress import listening

__all__ = ["FitStack", "shares", "together"]


@dataclass(frozen=True)
class FitStack:
    """A stack, as its worker sees it; its messages are those of each trial, one after the other.

    Attributes
    ----------
    members : tuple of Fit
        Trials of one learner, device and budget.
    """

    members: tuple[Fit, ...]

    says: ClassVar[tuple[type, ...]] = Fit.says

    def run(self, channel: Channel) -> None:
        """Fit all trials, then finish each as its own process would."""
        started = time.perf_counter()
        first = self.members[0]
        problems = [each.whole_problem() for each in self.members]
        keep_blind()
        learner = create(parse(first.learner), first.device)
        assert isinstance(learner, Stacking)
        with listening(Throttle(channel)):
            fitted = learner.fit_curve(problems, first.budget, [each.seed for each in self.members])
        share = (time.perf_counter() - started) / len(self.members)
        for member, its in zip(self.members, fitted, strict=True):
            if isinstance(its, FitError):
                channel.send(failure(its))
            else:
                member.go_on(its, channel, share)


def together(missing: Sequence[Planned], stacking: Collection[str]) -> list[tuple[Planned, ...]]:
    """Group trials into stacks; each stack takes the place of its first trial.

    Parameters
    ----------
    missing : sequence of Planned
    stacking : collection of str
        The learners whose trials are stacked.
    """
    stacks: dict[Any, list[Planned]] = {}
    for trial in missing:
        stacked = trial.supplied and trial.learner in stacking
        stacks.setdefault((trial.task, trial.learner) if stacked else trial, []).append(trial)
    return list(map(tuple, stacks.values()))


def shares(ending: Ending, trials: int) -> list[Ending | None]:
    """Return how each trial of a process ended; None for one that must be made alone.

    Each trial has its own messages and an equal share of the seconds. Nothing is believed of a
    process that sent a forbidden message.
    """
    if trials == 1:
        return [ending]
    if ending.cause == "garbled":
        return [None] * trials
    found: list[Ending | None] = []
    messages: list[Any] = []
    for message in ending.messages:
        messages.append(message)
        if isinstance(message, Failed | Predicted):
            wall, cpu = ending.wall_seconds / trials, ending.cpu_seconds / trials
            its = replace(ending, messages=tuple(messages), wall_seconds=wall, cpu_seconds=cpu)
            found.append(its)
            messages = []
    return found + [None] * (trials - len(found))
