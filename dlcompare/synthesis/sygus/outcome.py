"""The outcome of solving a problem."""

from dataclasses import dataclass
from typing import Literal

from dlcompare.synthesis.sygus.syntax import Definition

__all__ = ["Infeasible", "SygusAnswer"]


class Infeasible(Exception):  # noqa: N818 - a proof, not a fault
    """It is proved that no function will do; the message says why."""


@dataclass(frozen=True)
class SygusAnswer:
    """The answer to a problem, or the reason why there is none.

    Attributes
    ----------
    status : {"solved", "infeasible", "unknown"}
        ``solved``: z3 proved the printed definitions right for the file as it reads it itself.
        ``infeasible``: there provably are none. ``unknown``: neither, for the given ``reason``.
    definitions : tuple of Definition
        One for each function to be found, in the order of the file; empty unless solved.
    reason : str
        Why there is no answer; for an answer, what z3 could not decide about the printed text.
    seconds : float
        CPU time.
    """

    status: Literal["solved", "infeasible", "unknown"]
    definitions: tuple[Definition, ...]
    reason: str
    seconds: float

    @property
    def definition(self) -> Definition | None:
        """Return the definition, if the problem asked for one function."""
        return self.definitions[0] if len(self.definitions) == 1 else None
