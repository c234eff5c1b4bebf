"""Programs from specifications: `cegis`, `formulas`, `examples_as_inputs`, and `algorithms`.

`algorithms` finds the steps of the `designs` of sorting.
"""
