"""The messages of a worker to its run.

They are validated when they are made, in the worker and again in the run, so that a learner that
writes into its own socket sends nothing that the run cannot store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import ProgramText
from dlcompare.tasks.types import Value

__all__ = ["STATED", "WIDE", "Checked", "Failed", "Fitted", "Moves", "Predicted", "Stated"]

Stated = Literal["no_program", "diverged", "timeout", "out_of_memory", "error"]
STATED = get_args(Stated)
"""The statuses that a worker may report of itself."""

WIDE = 2**63
"""Other numbers than values stay below this."""

_LONGEST = 10**9  # the most seconds that a message may report


@dataclass(frozen=True)
class Fitted:
    """Sent after a fit; the worker waits for the test inputs, a sequence of `Examples.inputs`.

    Attributes
    ----------
    seconds : float
        Wall-clock time of the fit, including the import of the learner.
    cost : Cost
        The cost as the learner reports it.
    prior : mapping
        The prior card.
    program : ProgramText, optional
        The program, if the predictor is one.
    """

    seconds: float
    cost: Cost
    prior: Mapping[str, str | int | float]
    program: ProgramText | None

    def __post_init__(self) -> None:
        _check_seconds(self.seconds)
        for name, value in self.prior.items():
            if isinstance(value, int) and not -WIDE <= value < WIDE:
                raise ValueError(f"{name!r} of the prior card is a number beyond 64 bits")


@dataclass(frozen=True)
class Predicted:
    """The answers to every test set, in order.

    Attributes
    ----------
    seconds : float
        Wall-clock time of all predictions.
    gpu_seconds : float
        Seconds for which fit and predictions held a GPU.
    predictions : tuple of list
        One list for each test set.
    """

    seconds: float
    gpu_seconds: float
    predictions: tuple[list[Value], ...]

    def __post_init__(self) -> None:
        _check_seconds(self.seconds)
        _check_seconds(self.gpu_seconds)


@dataclass(frozen=True)
class Moves:
    """The answers of a policy to the states that it was asked about, in order."""

    answers: list[Value]


@dataclass(frozen=True)
class Failed:
    """Sent when a trial ends without answers."""

    status: Stated
    reason: str
    cost: Cost = field(default_factory=Cost)


@dataclass(frozen=True)
class Checked:
    """Sent when the learners can be made.

    Attributes
    ----------
    device : str
        The device that trials will use.
    gpu : str, optional
        Its name, if it is a GPU.
    stacking : list of str
        The learners that can fit several problems at once.
    """

    device: str
    gpu: str | None
    stacking: list[str]


def _check_seconds(seconds: float) -> None:
    if not 0 <= seconds <= _LONGEST:
        raise ValueError(f"it says that it took {seconds!r} seconds")
