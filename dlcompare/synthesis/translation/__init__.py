"""From pairs of sequences to a synchronous grammar, and from the grammar to new answers.

`induce` is the entry: pairs in, a predictor out, or None where no grammar is found. It knows
nothing of the words and tokens but which are equal. Two searches propose rules: `explaining` takes
the examples one by one, the shortest first; `induction` compresses all of them at once, which finds
rules where no example is short. What either finds is read in the same way (`parsing`).
"""

from dlcompare.synthesis.translation.inducer import Translation, induce

__all__ = ["Translation", "induce"]
