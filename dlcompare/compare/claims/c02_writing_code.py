"""C2: a network does not learn to write code from descriptions."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C2",
    "From any number of (product description, source code) pairs, a deep network will not learn to "
    "write the code.",
    question="Does a network fail to write the code for new descriptions, however many pairs it "
    "saw?",
)
