"""Compilation of kernels, without unused wrappers.

numba makes two wrappers for each function, one for calls from Python and one for calls by address;
together they take an eighth of the compile time.
"""

from typing import Any

from numba import njit

__all__ = ["from_python", "inlined", "inner"]

from_python: Any = njit(cache=True, nogil=True, no_cfunc_wrapper=True)
"""For a function that Python and kernels call."""

inner: Any = njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""For a function that only kernels call."""

inlined: Any = njit(inline="always")
"""For a function that is inlined into its caller."""
