"""Symbolic execution of Python: begin with `values` and `paths`, then `evaluation`, `execution`."""
