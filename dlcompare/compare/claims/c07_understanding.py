"""C7: a network maps inputs to targets without understanding."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C7",
    "The model maps inputs to targets without understanding; we read understanding into it.",
    question="Does a network answer inputs that change nothing of the meaning differently?",
)
