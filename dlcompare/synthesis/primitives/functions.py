"""Operations that take a function: its body is synthesized in the context of the call."""

from typing import Any

from dlcompare.synthesis.primitives.primitive import (
    INTS,
    INVALID,
    LARGEST,
    MAPPING,
    PREDICATE,
    Primitive,
    call,
)
from dlcompare.tasks.types import INT

__all__ = ["FAMILY"]

SELECT = (("keep", PREDICATE), ("xs", INTS))


def _filter(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    kept = 0
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        out[at + kept] = xs[x0 + i]  # written always: a branch would be mispredicted
        kept += verdict
    return kept


def _map(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        value = call(function, xs[x0 + i])
        if value < -LARGEST or value > LARGEST:
            return INVALID
        out[at + i] = value
    return n


def _count(function: Any, xs: Any, x0: int, n: int) -> int:
    found = 0
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        found += verdict
    return found


FAMILY = (
    Primitive("filter", SELECT, INTS, 3, "[y for y in xs if keep(y)]", _filter),
    Primitive("map", (("change", MAPPING), ("xs", INTS)), INTS, 4, "[change(y) for y in xs]", _map),
    Primitive("count", SELECT, INT, 5, "sum(1 for y in xs if keep(y))", _count),
)
