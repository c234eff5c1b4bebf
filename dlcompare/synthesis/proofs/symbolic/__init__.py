"""Symbolic execution of Python: read `values` and `paths`, then `evaluation` and `execution`."""
