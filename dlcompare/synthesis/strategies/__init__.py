"""Ways to find programs, one file each; `search` runs them in step.

Begin with `terms`, which all others build on, then `unification` (choices), `concatenation` and
`meet_in_the_middle`, `deduction`, `folds`, `recursion_schemes`, and `reweighing`.
"""
