"""Python values as packed words for the kernels."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.dsl.primitives.primitive import LARGEST, LONGEST
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = [
    "BOOL_KIND",
    "CODE",
    "CONTEXT",
    "DEEPEST_BODY",
    "EVALUATE",
    "FORMS",
    "FREE",
    "FUNCTIONS_FROM",
    "INT_KIND",
    "MOST_TABLES",
    "READY",
    "REGISTERS",
    "ROWS",
    "SCRATCH",
    "SIZES",
    "SLOT",
    "TABLES",
    "TABULATE",
    "TABULATED",
    "TABULATED_FROM",
    "UNDEFINED",
    "VALUES",
    "VARIABLES",
    "WIDE_FROM",
    "Words",
    "fits",
    "pack_column",
    "pack_slot",
    "pack_words",
    "unpack_column",
    "unpack_slot",
    "unpack_words",
]

Words = npt.NDArray[np.int32]

INT_KIND, BOOL_KIND = 0, 1
"""The numbers of the scalar types in the kernels; every language has these two."""

WIDE_FROM, FUNCTIONS_FROM = 2, 64
"""The first kind of lists and strings, and the first kind of functions."""

SLOT = 1 + LONGEST
"""Words of a value that stands alone: a scalar; or a number of words, then those."""

TABULATED_FROM, TABULATED = -64, 320
"""Functions are tabulated for 320 arguments, from -64 on."""

MAX_STEPS = 4096
"""The most steps of a fold on an example."""

UNDEFINED = -(2**31)
"""The entry in a function's table if the function rejects."""

CONTEXT = (
    EVALUATE, TABULATE, CODE, SIZES, READY, VALUES, REGISTERS, SCRATCH, FORMS, VARIABLES,
    FREE, ROWS, DEEPEST_BODY, TABLES, MOST_TABLES,
) = range(15)  # fmt: skip
"""The words of the evaluation context: addresses, then numbers.

``EVALUATE`` holds the compiled function that evaluates each kernel, ``TABULATE`` the one that
tabulates a function; ``VARIABLES`` holds the free variables of functions, one slot each, ``FREE``
per row; ``ROWS`` is 0 if functions are not tabulated. ``VALUES`` holds the results of ``TABLES``
functions, at most ``MOST_TABLES``; ``READY`` has the table of each function, counted from 1.
"""


def fits(value: Value, type_: Type) -> bool:
    """Return whether a value fits in packed form: not too long and not too large."""
    words = pack_words(value, type_)
    return not words or (len(words) <= LONGEST and min(words) >= -LARGEST and max(words) <= LARGEST)


def pack_slot(value: Value, type_: Type) -> Words:
    """Return one value packed in a slot. Shape (SLOT,)."""
    slot = np.zeros(SLOT, np.int32)
    words = pack_words(value, type_)
    if _is_wide(type_):
        slot[0] = len(words)
        slot[1 : 1 + len(words)] = words
    else:
        slot[0] = words[0]
    return slot


def unpack_slot(slot: Sequence[int] | Words, type_: Type) -> Value:
    """Return the value in a slot."""
    words = [int(word) for word in slot]
    return unpack_words(words[1 : 1 + words[0]] if _is_wide(type_) else words[:1], type_)


def pack_column(values: Sequence[Value], type_: Type) -> Words:
    """Return the words of a term that takes these values on the rows. Shape (words,)."""
    rows = [pack_words(value, type_) for value in values]
    counts = map(len, rows) if _is_wide(type_) else ()
    return np.array([*counts, *(word for row in rows for word in row)], np.int32)


def unpack_column(words: Sequence[int] | Words, rows: int, type_: Type) -> list[Value]:
    """Return the values of a term on the rows; the inverse of `pack_column`."""
    if not _is_wide(type_):
        return [unpack_words([int(word)], type_) for word in words[:rows]]
    ends = rows + np.cumsum(words[:rows])
    return [
        unpack_words([int(word) for word in words[end - count : end]], type_)
        for end, count in zip(ends, words[:rows], strict=True)
    ]


def unpack_words(words: Sequence[int], type_: Type) -> Value:
    """Return the value that these words stand for; the inverse of packing.

    Examples
    --------
    >>> from dlcompare.tasks.types import STR, list_of
    >>> unpack_words([2, 97, 98, 1, 99], list_of(STR))
    ['ab', 'c']
    """
    if type_ == INT:
        return int(words[0])
    if type_ == BOOL:
        return bool(words[0])
    if type_.name == "str":
        return "".join(map(chr, words))
    parts, at = [], 0
    types = iter(type_.parameters if type_.name == "tuple" else ())
    while at < len(words):
        inner = next(types) if type_.name == "tuple" else type_.element
        size = 1
        if _is_wide(inner):
            size = words[at]
            at += 1
        parts.append(unpack_words(words[at : at + size], inner))
        at += size
    return tuple(parts) if type_.name == "tuple" else parts


def _is_wide(type_: Type) -> bool:
    return type_ not in (INT, BOOL)


def pack_words(value: Value, type_: Type) -> list[int]:
    """Return the words of a value, without their number.

    Examples
    --------
    >>> from dlcompare.tasks.types import STR, list_of
    >>> pack_words(["ab", "c"], list_of(STR))
    [2, 97, 98, 1, 99]
    """
    if type_ in (INT, BOOL):
        return [int(value)]
    if type_.name == "str":
        return list(map(ord, value))
    if type_.name == "tuple":
        return _elements(zip(value, type_.parameters, strict=True))
    if not _is_wide(type_.element):
        return list(map(int, value))
    return _elements((each, type_.element) for each in value)


def _elements(parts: Iterable[tuple[Value, Type]]) -> list[int]:
    words: list[int] = []
    for value, type_ in parts:
        inner = pack_words(value, type_)
        words += [len(inner), *inner] if _is_wide(type_) else inner
    return words
