"""Python values as the words that the kernels work on."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.primitives.primitive import INTS, LARGEST, LONGEST, MAPPING, PREDICATE
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["KINDS", "SLOT", "Words", "fits", "kind_of", "pack_column", "pack_slot", "unpack_slot"]

Words = npt.NDArray[np.int32]

KINDS: dict[Type, int] = {INT: 0, BOOL: 1, INTS: 2, PREDICATE: 3, MAPPING: 4}
"""The number of a type in the kernels."""

INT_KIND, BOOL_KIND, LIST_KIND, PREDICATE_KIND, MAPPING_KIND = range(5)

SLOT = 1 + LONGEST
"""Words of a value that stands alone: a scalar or a length, then elements."""

TABULATED_FROM, TABULATED = -64, 320
"""Functions are tabulated for 320 arguments, from -64 on."""

UNDEFINED = -(2**31)
"""What the table of a function holds where it gives no answer."""


def kind_of(type_: Type) -> int | None:
    """The number of a type, or None where the search has no packed form for it."""
    return KINDS.get(type_)


def fits(value: Value) -> bool:
    """Whether a value has a packed form: not too long, not too large."""
    if isinstance(value, list):
        return len(value) <= LONGEST and all(map(fits, value))
    return abs(int(value)) <= LARGEST


def pack_slot(value: Value) -> Words:
    """One value in a slot: the scalar, or the length and the elements. Shape (SLOT,)."""
    slot = np.zeros(SLOT, np.int32)
    if isinstance(value, list):
        slot[0] = len(value)
        slot[1 : 1 + len(value)] = value
    else:
        slot[0] = value
    return slot


def unpack_slot(slot: Words, kind: int) -> Value:
    """The value in a slot."""
    if kind == LIST_KIND:
        return [int(v) for v in slot[1 : 1 + slot[0]]]
    return bool(slot[0]) if kind == BOOL_KIND else int(slot[0])


def pack_column(values: Sequence[Value]) -> Words:
    """The words of a term that takes these values on the rows. Shape (words,)."""
    if values and isinstance(values[0], list):
        flat = [element for value in values for element in value]
        return np.array([*map(len, values), *flat], np.int32)
    return np.array([int(value) for value in values], np.int32)
