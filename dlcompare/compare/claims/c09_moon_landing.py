"""C9: a network needs thousands of launches to land on the moon."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C9",
    "To land a rocket on the moon a network must see thousands or millions of launches.",
    question="Does a network need thousands of launches to learn to land?",
)
