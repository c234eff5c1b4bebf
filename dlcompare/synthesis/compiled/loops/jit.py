"""Compilation of kernels, without the wrappers that nobody calls.

numba makes two wrappers for each function, one to call it from Python and one to call it by its
address; together they take an eighth of the time to compile.
"""

from typing import Any

from numba import njit

__all__ = ["from_python", "inlined", "inner"]

from_python: Any = njit(cache=True, nogil=True, no_cfunc_wrapper=True)
"""A function that Python calls, beside kernels."""

inner: Any = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""A function that only kernels call."""

inlined: Any = njit(inline="always")
"""The same, a part of what calls it."""
