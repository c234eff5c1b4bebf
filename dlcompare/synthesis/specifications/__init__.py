"""Programs from specifications: `cegis`, `formulas`, and `examples_as_inputs`."""
