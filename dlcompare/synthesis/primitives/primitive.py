"""What a primitive is: one operation of the DSL with all its readings in one place.

The Python reading is an expression over the parameter names and is the meaning: what it raises on
is undefined. The kernel is the same operation over packed values; it may reject (return `INVALID`)
what Python would answer, and must reject what Python would not, but it never answers differently.

How a kernel takes its arguments, in the order of the parameters:

=============  =====================================================================
int, bool      one ``int64`` (bool: 0 or 1)
list[int]      three: the buffer, the position of the first element, the length
int -> T       one, opaque; ``call(function, y)`` applies it to an ``int64``
=============  =====================================================================

A kernel that makes a list gets two more arguments, the buffer and the position to write to, and
returns the new length; at most `LONGEST` elements fit. Integers beyond ± `LARGEST` are rejected by
the caller, so that sums and products of two accepted integers cannot overflow.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dlcompare.tasks.types import BOOL, INT, Type, list_of

__all__ = ["INTS", "INVALID", "LARGEST", "LONGEST", "MAPPING", "PREDICATE", "Primitive", "call"]

INVALID = -(2**63)
"""What a kernel returns where it gives no answer."""

LARGEST = 2**31 - 1
"""The largest integer, in absolute value, that a packed value holds."""

LONGEST = 64
"""The longest list that a packed value holds."""

INTS = list_of(INT)
PREDICATE = Type("function", (INT, BOOL))
MAPPING = Type("function", (INT, INT))


def call(function: object, y: int) -> int:
    """Apply a function argument, in kernels only; `engine` puts the compiled one in its place."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


@dataclass(frozen=True)
class Primitive:
    """One operation of the DSL.

    Attributes
    ----------
    name : str
        Unique; what ``without=`` names.
    parameters : tuple of (str, Type)
        Names, as used in `python`, and types.
    result : Type
        Type of the result.
    cost : int
        Bits: the rounded negative binary logarithm of its probability.
    python : str
        Python expression over the parameter names.
    kernel : callable
        The same over packed values; compiled by numba.
    symmetric : bool
        Whether exchanging the two arguments changes nothing.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    cost: int
    python: str
    kernel: Callable[..., int]
    symmetric: bool = False
