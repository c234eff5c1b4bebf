"""What a run tells while it goes on."""

from typing import Protocol

from dlcompare.compare.protocol import Planned
from dlcompare.compare.trial import Trial

__all__ = ["Progress", "Silent"]


class Progress(Protocol):
    """Whoever wants to know how a run goes."""

    def begin(self, planned: int, finished: int) -> None:
        """So many trials make up the run, so many of them were finished before."""
        ...

    def start(self, planned: Planned) -> None:
        """A trial starts."""
        ...

    def finish(self, trial: Trial) -> None:
        """A trial has an outcome."""
        ...


class Silent:
    """Nobody wants to know."""

    def begin(self, planned: int, finished: int) -> None:
        """Say nothing."""

    def start(self, planned: Planned) -> None:
        """Say nothing."""

    def finish(self, trial: Trial) -> None:
        """Say nothing."""
