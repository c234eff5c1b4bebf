"""Proofs about programs: begin with `verify`; `induction` covers every length of a list.

`claim` and `trying` run programs as plain Python beside every proof, `bounded` executes them
symbolically (`symbolic`, on inputs of `shapes`), `sorting_forms` and `laws` read what induction
needs, `words` compares bit operations, and `source` finds where a function is written.
"""
