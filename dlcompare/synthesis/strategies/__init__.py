"""Search strategies, one per file; `search` interleaves them by cost.

Read `terms` first, which all others build on, then `unification` (choices), `concatenation` and
`meet_in_the_middle`, `deduction`, `folds`, `recursion_schemes`, and `reweighing`.
"""
