"""Synchronous grammars, induced from pairs of sequences, as predictors.

`induce` is the entry point: it takes pairs and returns a predictor, or None if it finds no grammar.
It knows nothing about the words and tokens except equality. Two searches propose rules:
`explaining` takes the examples one by one, the shortest first; `compression` compresses all of them
at once, which finds rules even if no example is short. Both kinds of grammar use the same parser
(`parsing`).
"""

from dlcompare.synthesis.translation.inducer import Translation, induce

__all__ = ["Translation", "induce"]
