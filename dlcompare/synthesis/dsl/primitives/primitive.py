"""A primitive: one operation of the DSL, with all its interpretations in one place.

The Python reading is an expression over the parameter names and is the meaning: what it raises on
is undefined. The kernel is the same operation over packed values; it may reject (return `INVALID`)
what Python would answer, and must reject what Python would not, but it never answers differently.

How a kernel takes its arguments, in the order of the parameters:

=============  =====================================================================
int, bool      one ``int64`` (bool: 0 or 1)
list, str      three: the buffer, the position of the first word, the number of words
function       one, opaque; `call` and its kin apply it
=============  =====================================================================

A list of scalars has one word an element, a string one a character (its code point). A list of
lists or of strings has before the words of each element their number. A kernel that makes a list or
a string gets two more arguments, the buffer and the position to write to, and returns the number of
words; at most `LONGEST` fit. Integers beyond ± `LARGEST` are rejected by the caller, so that sums
and products of two accepted integers cannot overflow.

A primitive may be generic: its type variables `SCALAR`, `FLAT`, `WIDE` and `ELEMENT` stand for
every type of that form that a problem has. What kernels share is a function of its own in their
file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dlcompare.tasks.types import BOOL, INT, STR, Type, list_of

__all__ = [
    "BINARY",
    "ELEMENT",
    "EXPANSION",
    "FLAT",
    "INTS",
    "INVALID",
    "LARGEST",
    "LONGEST",
    "MAPPING",
    "RELATION",
    "SCALAR",
    "SCALAR_TOO",
    "STRINGS",
    "WIDE",
    "WIDE_TOO",
    "Primitive",
    "call",
    "call2",
    "call_character",
    "call_wide",
    "function_of",
]

INVALID = -(2**63)
"""What a kernel returns where it gives no answer."""

LARGEST = 2**31 - 1
"""The largest integer, in absolute value, that a packed value holds."""

LONGEST = 128
"""The most words of a list or a string that a packed value holds."""

SCALAR, SCALAR_TOO = Type("scalar"), Type("scalar too")
"""Type variables: int or bool."""

FLAT = Type("flat")
"""A type variable: a list of scalars, or str."""

WIDE, WIDE_TOO = Type("wide"), Type("wide too")
"""Type variables: any list, or str."""

ELEMENT = Type("element")
"""A type variable: any list, str or pair."""


def function_of(*parameters: Type, result: Type) -> Type:
    """Return the type of functions with these parameters and this result."""
    return Type("function", (*parameters, result))


INTS = list_of(INT)
STRINGS = list_of(STR)
MAPPING = function_of(INT, result=INT)
BINARY = function_of(INT, INT, result=INT)
RELATION = function_of(INT, INT, result=BOOL)
EXPANSION = function_of(INT, result=INTS)


def call(function: object, y: int) -> int:
    """Apply a function of a scalar, in kernels only: `engine` puts the compiled one here."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


def call2(function: object, y: int, z: int) -> int:
    """Apply a function of two scalars, in kernels only."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


def call_character(function: object, character: int) -> int:
    """Apply a function of a string to a single character, in kernels only."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


def call_wide(function: object, words: object, at: int) -> int:
    """Apply a function of a list or string to the one at ``words[at + 1]``, in kernels only.

    ``words[at]`` is its number of words. Returns the scalar, or the number of words that now stand
    in ``function.result``; so do the other calls.
    """
    raise NotImplementedError("a kernel with a function argument runs compiled only")


@dataclass(frozen=True)
class Primitive:
    """One operation of the DSL.

    Attributes
    ----------
    name : str
        What ``without=`` names. Primitives that mean the same on different types share it.
    parameters : tuple of (str, Type)
        Names, as used in `python`, and types; at most three, a function first.
    result : Type
        Type of the result.
    cost : int
        Bits: the rounded negative binary logarithm of its probability.
    python : str
        Python expression over the parameter names. A variable of a comprehension in it that is
        called ``y`` or ``z`` takes the name of the function's parameter.
    kernel : callable
        The same over packed values; compiled by numba.
    symmetric : bool
        Whether exchanging the two arguments changes nothing.
    withheld_with : frozenset of str
        Primitives that it contains: where one of them is withheld, so is it.
    imports : tuple of str
        Names of the standard library that `python` uses, ``"itertools.accumulate"``.
    elements : tuple of str, optional
        Where the elements of the result come from, part by part and in this order: ``"x"``, the
        value of a parameter; ``"xs"``, all elements of a list; ``"xs if keep"``, those for which a
        function holds. A lemma on order and on multisets, for proofs by induction.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    cost: int
    python: str
    kernel: Callable[..., int]
    symmetric: bool = False
    withheld_with: frozenset[str] = frozenset()
    imports: tuple[str, ...] = ()
    elements: tuple[str, ...] | None = None
