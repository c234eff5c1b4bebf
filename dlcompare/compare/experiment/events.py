"""Messages that a run sends while it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from dlcompare.compare.trials.protocol import Planned
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.progress import FitProgress

__all__ = ["Beginning", "Progress", "Silent"]


@dataclass(frozen=True)
class Beginning:
    """The trials of a run that are to be made, and those that are kept.

    Attributes
    ----------
    planned : int
        Trials that make up the run.
    kept : int
        The trials whose stored outcome is used again.
    outdated : mapping of str to int
        By task, stored outcomes that no longer count, because the task, the file of a learner or
        dlcompare has changed.
    missing : tuple of Planned
        The trials to be made, in order.
    at_a_time : int
        The number of trials made at a time.
    fewer : mapping of str to tuple of int
        By task, the training sizes run, if there are too few examples for all.
    damage : tuple of str
        One sentence for each damaged part of the store; damaged trials are made again.
    """

    planned: int
    kept: int
    outdated: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[Planned, ...] = field(default=(), compare=False)
    at_a_time: int = field(default=1, compare=False)
    fewer: Mapping[str, tuple[int, ...]] = field(default_factory=dict, compare=False)
    damage: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """Return the same in words.

        Examples
        --------
        >>> for sentence in Beginning(6, 4, {"sorting": 2}).sentences():
        ...     print(sentence)
        6 trials: 4 are kept from before, 2 are to be made
        sorting, a learner or dlcompare has changed since: 2 older outcomes of it are not used
        """
        whole = f"{self.planned} trial{'' if self.planned == 1 else 's'}"
        if not self.kept:
            return [whole, *self._changes(), *self.damage]
        missing = self.planned - self.kept
        rest = f"{missing} {'is' if missing == 1 else 'are'} to be made" if missing else "no other"
        kept = f"{self.kept} {'is' if self.kept == 1 else 'are'} kept from before"
        return [f"{whole}: {kept}, {rest}", *self._changes(), *self.damage]

    def _changes(self) -> list[str]:
        fewer = [
            f"{task} has {sizes[-1]:,} examples to learn from: the training sizes are "
            f"{', '.join(map(str, sizes))}"
            for task, sizes in self.fewer.items()
            if sizes
        ]
        return fewer + [
            f"{task}, a learner or dlcompare has changed since: {count} older outcome"
            f"{'' if count == 1 else 's'} of it {'is' if count == 1 else 'are'} not used"
            for task, count in self.outdated.items()
        ]


class Progress(Protocol):
    """A listener that is told how a run goes."""

    def compile(self) -> None:
        """Called when the search is compiled, which happens once and counts against no limit."""
        ...

    def begin(self, beginning: Beginning) -> None:
        """Called when the examples are drawn and trials start."""
        ...

    def start(self, planned: Planned) -> None:
        """Called when a trial starts."""
        ...

    def hear(self, planned: Planned, told: FitProgress) -> None:
        """Called when a running trial reports its progress."""
        ...

    def finish(self, trial: Trial) -> None:
        """Called when a trial has an outcome."""
        ...


class Silent:
    """A listener that says nothing."""

    def compile(self) -> None:
        """Say nothing."""

    def begin(self, beginning: Beginning) -> None:
        """Say nothing."""

    def start(self, planned: Planned) -> None:
        """Say nothing."""

    def hear(self, planned: Planned, told: FitProgress) -> None:
        """Say nothing."""

    def finish(self, trial: Trial) -> None:
        """Say nothing."""
