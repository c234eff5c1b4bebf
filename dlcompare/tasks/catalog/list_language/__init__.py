"""The target language of the family spec_to_code: programs from lists of integers to such lists.

A program is written in Python's syntax and has meaning only through the evaluator of this package;
nothing of it is ever executed by Python. `programs` draws programs, `english` and `logic` say what
they do, `evaluator` runs them, `equivalence` tells whether two of them are the same function.
"""
