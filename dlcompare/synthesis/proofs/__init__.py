"""Proofs about programs: read `verify` first; `induction` covers lists of every length.

`contracts` proves recursive functions in `list_logic`, over `contract_values`.
`claim` and `trying` run programs as plain Python beside every proof, `bounded` executes them
symbolically (`symbolic`, on inputs from `shapes`), `sorting_forms` and `laws` recognize sorting
programs for induction, `words` compares bit operations, and `source` finds function definitions.
"""
