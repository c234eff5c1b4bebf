"""C11: deep learning wins at perception."""

from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIM"]

CLAIM = EssayClaim(
    "C11",
    "Where the map is continuous and labelled data is plentiful, deep learning wins.",
    question="Does a network beat program synthesis on continuous inputs with many labels?",
)
