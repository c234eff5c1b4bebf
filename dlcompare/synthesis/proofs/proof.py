"""The outcome of a proof attempt: a proof, a counterexample, or why there is neither."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Proof"]


@dataclass(frozen=True)
class Proof:
    """The outcome of proving that a program meets a claim.

    Attributes
    ----------
    status : {"proved", "refuted", "unknown"}
    method : {"bounded", "induction"}
    bound : mapping of str to int
        ``length``: up to which length of lists; ``rounds``: up to how many rounds of a loop;
        ``bits``: for numbers of so many bits, none of them negative. Empty where it is for all
        inputs.
    counterexample : mapping, optional
        ``inputs`` and ``output``, or ``raises``; only where refuted.
    reason : str, optional
        Why it is unknown; by induction also the obligations that were proved.
    covered : mapping of str to int
        What a proof stands on: the ``paths`` that were executed symbolically, and the ``inputs``
        on which program, reference and specification were run as plain Python.
    """

    status: Literal["proved", "refuted", "unknown"]
    method: Literal["bounded", "induction"] = "bounded"
    bound: Mapping[str, int] | None = None
    counterexample: Mapping[str, Any] | None = None
    reason: str | None = None
    covered: Mapping[str, int] = field(default_factory=dict)
