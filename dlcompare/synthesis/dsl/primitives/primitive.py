"""A primitive: one operation of the DSL, with all its interpretations in one place.

Its Python is an expression over the parameter names and defines the semantics: where it raises, the
operation is undefined. The kernel is the same operation over packed values. It may reject (return
`INVALID`) where Python gives a result, and must reject where Python raises, but it never gives a
different result.

A kernel takes its arguments in the order of the parameters:

=============  =====================================================================
int, bool      one ``int64`` (bool: 0 or 1)
list, str      three: the buffer, the position of the first word, the number of words
function       one, opaque; `call` and its kin apply it
=============  =====================================================================

A list of scalars has one word per element, a string one per character (its code point). In a list
of lists or of strings, the number of its words precedes each element. A kernel that makes a list or
a string takes two more arguments, the buffer and the position to write to, and returns the number
of words, at most `LONGEST`. The caller rejects integers beyond ± `LARGEST`, so that sums and
products of two accepted integers cannot overflow.

A primitive may be generic: its type variables `SCALAR`, `FLAT`, `WIDE` and `ELEMENT` range over all
types of that form in a problem. Code that kernels share is a function in their file.
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
"""The return value of a kernel that rejects its arguments."""

LARGEST = 2**31 - 1
"""The largest absolute value of an integer in a packed value."""

LONGEST = 128
"""The most words of a list or a string in a packed value."""

SCALAR, SCALAR_TOO = Type("scalar"), Type("scalar too")
"""Type variables: int or bool."""

FLAT = Type("flat")
"""A type variable: a list of scalars, or str."""

WIDE, WIDE_TOO = Type("wide"), Type("wide too")
"""Type variables: any list, or str."""

ELEMENT = Type("element")
"""A type variable: any list, str or pair."""


def function_of(*parameters: Type, result: Type) -> Type:
    """Return the type of functions from these parameters to this result."""
    return Type("function", (*parameters, result))


INTS = list_of(INT)
STRINGS = list_of(STR)
MAPPING = function_of(INT, result=INT)
BINARY = function_of(INT, INT, result=INT)
RELATION = function_of(INT, INT, result=BOOL)
EXPANSION = function_of(INT, result=INTS)


def call(function: object, y: int) -> int:
    """Apply a function of a scalar, in kernels only; `engine` substitutes compiled code."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


def call2(function: object, y: int, z: int) -> int:
    """Apply a function of two scalars, in kernels only."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


def call_character(function: object, character: int) -> int:
    """Apply a function of a string to a single character, in kernels only."""
    raise NotImplementedError("a kernel with a function argument runs compiled only")


def call_wide(function: object, words: object, at: int) -> int:
    """Apply a function of a list or string to the one at ``words[at + 1]``, in kernels only.

    ``words[at]`` is its number of words. Like the other calls, it returns a scalar, or the number
    of words of a list written to ``function.result``.
    """
    raise NotImplementedError("a kernel with a function argument runs compiled only")


@dataclass(frozen=True)
class Primitive:
    """One operation of the DSL.

    Attributes
    ----------
    name : str
        Its name in ``without=``, shared by primitives with the same meaning on different types.
    parameters : tuple of (str, Type)
        Names, as in `python`, and types; at most three, a function first.
    result : Type
        Type of the result.
    cost : int
        Bits: the rounded negative binary logarithm of its probability.
    python : str
        Python expression over the parameter names. A comprehension variable ``y`` or ``z`` in it
        takes the name of the function's parameter.
    kernel : callable
        The same operation over packed values, compiled by numba.
    symmetric : bool
        Whether the operation is commutative.
    withheld_with : frozenset of str
        Primitives that it expresses: if one of them is withheld, so is this one.
    imports : tuple of str
        Names of the standard library in `python`, such as ``"itertools.accumulate"``.
    elements : tuple of str, optional
        The origin of the result's elements, part by part and in order: ``"x"``, the value of a
        parameter; ``"xs"``, all elements of a list; ``"xs if keep"``, those for which a function
        holds. A lemma on order and on multisets, for proofs by induction.
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

    @classmethod
    def outside(
        cls,
        name: str,
        parameters: tuple[tuple[str, Type], ...],
        result: Type,
        cost: int,
        python: str,
        imports: tuple[str, ...] = (),
    ) -> "Primitive":
        """Return an operation of one program, which is in no language: only its Python runs.

        Parameters
        ----------
        name : str
        parameters : tuple of (str, Type)
        result : Type
        cost : int
            Bits.
        python : str
            Python expression over the parameter names.
        imports : tuple of str
            Names of the standard library in `python`.
        """
        return cls(name, parameters, result, cost, python, lambda *_: INVALID, imports=imports)
