"""SyGuS-IF 2.1: a reader, solvers, proofs, and printers.

`reader.read` returns a problem, `solve.solve` an answer, and `printer` prints both.
"""
