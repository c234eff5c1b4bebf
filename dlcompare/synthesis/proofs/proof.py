"""The outcome of a proof attempt: a proof, a counterexample, or why there is neither."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Contract", "Obligation", "Proof"]


@dataclass(frozen=True)
class Contract:
    """The contract of a function, as Python over its parameters and ``result``.

    ``ensures(xs, ys)`` says that ``ys`` is right for ``xs`` by the specification; a list alone says
    that it is not empty. A name that is no parameter stands for some list.

    Attributes
    ----------
    requires, ensures : tuple of str
        What holds before a call, and after it.
    """

    requires: tuple[str, ...] = ()
    ensures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Obligation:
    """A proof obligation of an induction, and whether z3 proved it."""

    name: str
    proved: bool


@dataclass(frozen=True)
class Proof:
    """The outcome of proving that a program meets a claim.

    Attributes
    ----------
    status : {"proved", "refuted", "unknown"}
    method : {"bounded", "induction"}
    bound : mapping of str to int
        ``length``: the longest lists; ``rounds``: the most iterations of a loop; ``bits``: the
        width of non-negative numbers. Empty if the proof covers all inputs.
    counterexample : mapping, optional
        ``inputs`` and ``output``, or ``raises``; only if refuted.
    reason : str, optional
        The reason if unknown; for a proof by induction, the obligations proved.
    covered : mapping of str to int
        The coverage of a proof: the number of ``paths`` executed symbolically, and of ``inputs``
        on which program, reference and specification ran as plain Python.
    """

    status: Literal["proved", "refuted", "unknown"]
    method: Literal["bounded", "induction"] = "bounded"
    bound: Mapping[str, int] | None = None
    counterexample: Mapping[str, Any] | None = None
    reason: str | None = None
    covered: Mapping[str, int] = field(default_factory=dict)
