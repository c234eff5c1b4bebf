"""C8: most programs are no chain of smooth geometric moves."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C8",
    "A network is a chain of smooth geometric moves; most programs are no such morphing.",
    question="Do networks fail on tasks whose answer jumps where the input hardly changes?",
)
