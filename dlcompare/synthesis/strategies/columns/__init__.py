"""Derived columns: values computed from the inputs, which a search uses as it uses parameters.

Each *source* enumerates computations of one kind, cheapest first: traces of loops, comprehensions,
labels of nodes. `derive` keeps one column per behaviour on the examples. Read `column` first, then
`derive`; the other files are one source each.
"""
