"""SyGuS-IF 2.1: problems read, solved, proved, and printed.

`dlcompare.synthesis.sygus.reader.read` gives a problem, `dlcompare.synthesis.sygus.solve.solve` an
answer, `dlcompare.synthesis.sygus.printer` its text.
"""
