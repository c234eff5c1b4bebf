"""Operations that take a function: its body is synthesized in the context of the call."""

from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import (
    BINARY,
    EXPANSION,
    INTS,
    INVALID,
    LARGEST,
    LONGEST,
    MAPPING,
    RELATION,
    SCALAR,
    SCALAR_TOO,
    Primitive,
    call,
    call2,
    function_of,
)
from dlcompare.tasks.types import BOOL, INT, list_of

__all__ = ["FAMILY"]

SCALARS = list_of(SCALAR)
SELECT = (("keep", function_of(SCALAR, result=BOOL)), ("xs", SCALARS))
CHANGE = (("change", MAPPING), ("xs", INTS))
COMBINE = (("combine", BINARY), ("xs", INTS))


def _filter(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    kept = 0
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        out[at + kept] = xs[x0 + i]  # always written, since a branch would be mispredicted
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


def _all(function: Any, xs: Any, x0: int, n: int) -> int:
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict != 1:
            return verdict
    return 1


def _any(function: Any, xs: Any, x0: int, n: int) -> int:
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict != 0:
            return verdict
    return 0


def _find(function: Any, xs: Any, x0: int, n: int) -> int:
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        if verdict:
            return int(xs[x0 + i])
    return INVALID


def _take_while(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        if not verdict:
            return i
        out[at + i] = xs[x0 + i]
    return n


def _drop_while(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    kept, dropping = 0, True
    for i in range(n):
        if dropping:
            verdict = call(function, xs[x0 + i])
            if verdict == INVALID:
                return INVALID
            dropping = verdict == 1
        if not dropping:
            out[at + kept] = xs[x0 + i]
            kept += 1
    return kept


def _sort_by(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        value = xs[x0 + i]
        key, j = call(function, value), i
        if key == INVALID:
            return INVALID
        while j > 0 and call(function, out[at + j - 1]) > key:
            out[at + j] = out[at + j - 1]
            j -= 1
        out[at + j] = value
    return n


def _zip_with(
    function: Any, xs: Any, x0: int, n: int, ys: Any, y0: int, m: int, out: Any, at: int
) -> int:
    for i in range(min(n, m)):
        value = call2(function, xs[x0 + i], ys[y0 + i])
        if value == INVALID:
            return INVALID
        out[at + i] = value
    return min(n, m)


def _scan(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        value = call2(function, out[at + i - 1], xs[x0 + i]) if i else xs[x0]
        if value == INVALID:
            return INVALID
        out[at + i] = value
    return n


def _reduce(function: Any, k: int, xs: Any, x0: int, n: int) -> int:
    for i in range(n):
        k = call2(function, k, xs[x0 + i])
        if k == INVALID:
            return INVALID
    return k


def _map_indexed(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        value = call2(function, i, xs[x0 + i])
        if value == INVALID:
            return INVALID
        out[at + i] = value
    return n


def _filter_indexed(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    kept = 0
    for i in range(n):
        verdict = call2(function, i, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        out[at + kept] = xs[x0 + i]
        kept += verdict
    return kept


def _iterate(function: Any, k: int, x: int) -> int:
    if k > LONGEST:
        return INVALID
    for _ in range(k):
        x = call(function, x)
        if x == INVALID:
            return INVALID
    return x


def _flat_map(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size = 0
    for i in range(n):
        count = call(function, xs[x0 + i])
        if count < 0 or size + count > LONGEST:
            return INVALID
        for j in range(count):
            out[at + size + j] = function.result[j]
        size += count
    return size


FAMILY = (
    Primitive(
        "filter",
        SELECT,
        SCALARS,
        3,
        "[y for y in xs if keep(y)]",
        _filter,
        elements=("xs if keep",),
    ),
    Primitive(
        "map",
        (("change", function_of(SCALAR, result=SCALAR_TOO)), ("xs", SCALARS)),
        list_of(SCALAR_TOO),
        4,
        "[change(y) for y in xs]",
        _map,
    ),
    Primitive("count", SELECT, INT, 4, "sum(1 for y in xs if keep(y))", _count),
    Primitive("all", SELECT, BOOL, 4, "all(keep(y) for y in xs)", _all),
    Primitive("any", SELECT, BOOL, 4, "any(keep(y) for y in xs)", _any),
    Primitive("find", SELECT, SCALAR, 6, "next(y for y in xs if keep(y))", _find),
    Primitive(
        "take_while",
        SELECT,
        SCALARS,
        6,
        "list(takewhile(keep, xs))",
        _take_while,
        imports=("itertools.takewhile",),
    ),
    Primitive(
        "drop_while",
        SELECT,
        SCALARS,
        6,
        "list(dropwhile(keep, xs))",
        _drop_while,
        imports=("itertools.dropwhile",),
    ),
    Primitive(
        "sort_by",
        CHANGE,
        INTS,
        6,
        "sorted(xs, key=change)",
        _sort_by,
        withheld_with=frozenset({"sort"}),
    ),
    Primitive(
        "zip_with",
        (
            ("combine", function_of(SCALAR, SCALAR, result=SCALAR_TOO)),
            ("xs", SCALARS),
            ("ys", SCALARS),
        ),
        list_of(SCALAR_TOO),
        5,
        "[combine(y, z) for y, z in zip(xs, ys)]",
        _zip_with,
    ),
    Primitive(
        "scan",
        COMBINE,
        INTS,
        5,
        "list(accumulate(xs, combine))",
        _scan,
        imports=("itertools.accumulate",),
    ),
    Primitive(
        "reduce",
        (("combine", BINARY), ("k", INT), ("xs", INTS)),
        INT,
        5,
        "reduce(combine, xs, k)",
        _reduce,
        imports=("functools.reduce",),
    ),
    Primitive(
        "map_indexed",
        COMBINE,
        INTS,
        6,
        "[combine(y, z) for y, z in enumerate(xs)]",
        _map_indexed,
    ),
    Primitive(
        "filter_indexed",
        (("keep", RELATION), ("xs", INTS)),
        INTS,
        5,
        "[z for y, z in enumerate(xs) if keep(y, z)]",
        _filter_indexed,
    ),
    Primitive(
        "iterate",
        (("change", MAPPING), ("k", INT), ("x", INT)),
        INT,
        7,
        "reduce(lambda y, _: change(y), range(k), x)",
        _iterate,
        imports=("functools.reduce",),
    ),
    Primitive(
        "flat_map",
        (("change", EXPANSION), ("xs", INTS)),
        INTS,
        6,
        "[z for y in xs for z in change(y)]",
        _flat_map,
    ),
)
