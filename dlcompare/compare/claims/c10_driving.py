"""C10: a network must die thousands of times to drive without harm."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C10",
    "To drive a city without harm a network must die thousands of times.",
    question="Does a network need thousands of crashes to learn to drive without one?",
)
