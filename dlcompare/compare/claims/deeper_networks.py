"""C5: more layers and more data mask the problem."""

from dlcompare.compare.claims.claim import Claim

__all__ = ["CLAIM"]

CLAIM = Claim(
    "C5",
    "More layers and more data only mask the problem.",
    question="Does a network stop short of the same level beyond its examples, however deep it is "
    "and however many examples it has?",
)
