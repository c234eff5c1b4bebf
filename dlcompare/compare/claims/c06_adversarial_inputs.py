"""C6: tiny changes of an input flip the answer."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C6",
    "Gradient ascent on the input finds tiny changes that flip the answer.",
    question="Does a tiny change, found by gradient ascent, turn right answers into wrong ones "
    "more often than a random change?",
)
