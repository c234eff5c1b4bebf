"""Program synthesis: a typed language, a cost-ordered search over behaviours, and proofs.

Read the rooms from the bottom up:

================  ==============================================================================
`dsl`             programs, recursion schemes, primitives, and an interpreter of Python text
`compiled`        values packed into words, and the inner loops of the search, compiled by numba
`bank`            terms, one for each behaviour on the examples
`grammar`         the primitives, constants and costs of a problem
`strategies`      one file for each way to find programs
`search`          the loop that runs all strategies in step, by cost
`specifications`  programs from formulas, and from inputs that hold examples
`synthesizer`     the learner
================  ==============================================================================

Beside this stand solvers of their own: `proofs` (bounded and by induction), `components` (loop-free
programs of words), `sorting_kernels`, `sygus` (SyGuS-IF problems) and `translation` (synchronous
grammars).
"""
