"""Program synthesis: a typed language, a cost-ordered search over behaviours, and proofs.

Each package builds on those above it in this table:

================  ==============================================================================
`dsl`             programs, recursion schemes, primitives, and an interpreter of Python text
`compiled`        values packed into words, and the inner loops of the search, compiled by numba
`bank`            terms, one per observational equivalence class
`grammar`         the primitives, constants and costs of a problem
`strategies`      search strategies, one per file
`search`          the loop that interleaves all strategies by cost
`specifications`  programs from formulas, and from inputs that hold examples
`synthesizer`     the learner
================  ==============================================================================

Independent solvers complete the package: `proofs` (bounded and by induction), `components`
(loop-free programs on words), `sorting_kernels`, `sygus` (SyGuS-IF problems) and `translation`
(synchronous grammars).
"""
