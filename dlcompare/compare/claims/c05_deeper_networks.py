"""C5: more layers and more data mask the problem."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C5",
    "More layers and more data only mask the problem.",
    question="Does a network stop short of the same level beyond its examples, however deep it is "
    "and however many examples it has?",
)
