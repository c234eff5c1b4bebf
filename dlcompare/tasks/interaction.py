"""Interactive tasks: states, moves, and crashes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.types import Value

__all__ = ["Step", "World"]


@dataclass(frozen=True)
class Step:
    """The result of a move.

    Attributes
    ----------
    state : mapping, optional
        The inputs of the task in the new state; None if the drive is over.
    crashed : bool
        Whether the move led to a crash.
    """

    state: Inputs | None
    crashed: bool


class World(Protocol):
    """The world of a task whose answers are moves.

    Attributes
    ----------
    patience : int
        The number of moves after which a drive is abandoned.
    """

    @property
    def patience(self) -> int:
        """Return the number of moves after which a drive is abandoned."""
        ...

    def begin(self, rng: np.random.Generator, setting: Mapping[str, Any]) -> Inputs:
        """Return the first state of a drive under `setting`."""
        ...

    def move(self, state: Inputs, answer: Value) -> Step:
        """Carry out an answer of the task's result type."""
        ...
