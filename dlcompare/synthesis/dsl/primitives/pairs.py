"""Operations on pairs of integers, truth values, lists and strings.

In the packed form of a pair, the number of its words precedes a list or a string.
"""

from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import (
    INVALID,
    LONGEST,
    SCALAR,
    SCALAR_TOO,
    WIDE,
    WIDE_TOO,
    Primitive,
    call,
    function_of,
)
from dlcompare.tasks.types import BOOL, list_of, tuple_of

__all__ = ["FAMILY"]

SS, SW = tuple_of(SCALAR, SCALAR_TOO), tuple_of(SCALAR, WIDE)
SCALARS = list_of(SCALAR)
WS, WW = tuple_of(WIDE, SCALAR), tuple_of(WIDE, WIDE_TOO)


def _copy(xs: Any, start: int, count: int, out: Any, at: int) -> int:
    for i in range(count):
        out[at + i] = xs[start + i]
    return count


def _pair_ss(a: int, b: int, out: Any, at: int) -> int:
    out[at] = a
    out[at + 1] = b
    return 2


def _pair_sw(a: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if n + 2 > LONGEST:
        return INVALID
    out[at] = a
    out[at + 1] = n
    return 2 + _copy(xs, x0, n, out, at + 2)


def _pair_ws(xs: Any, x0: int, n: int, b: int, out: Any, at: int) -> int:
    if n + 2 > LONGEST:
        return INVALID
    out[at] = n
    _copy(xs, x0, n, out, at + 1)
    out[at + 1 + n] = b
    return n + 2


def _pair_ww(xs: Any, x0: int, n: int, ys: Any, y0: int, m: int, out: Any, at: int) -> int:
    if n + m + 2 > LONGEST:
        return INVALID
    out[at] = n
    _copy(xs, x0, n, out, at + 1)
    out[at + 1 + n] = m
    _copy(ys, y0, m, out, at + 2 + n)
    return n + m + 2


def _first_scalar(p: Any, p0: int, n: int) -> int:  # noqa: ARG001
    return int(p[p0])


def _first_wide(p: Any, p0: int, n: int, out: Any, at: int) -> int:  # noqa: ARG001
    return _copy(p, p0 + 1, p[p0], out, at)


def _second_ss(p: Any, p0: int, n: int) -> int:  # noqa: ARG001
    return int(p[p0 + 1])


def _second_sw(p: Any, p0: int, n: int, out: Any, at: int) -> int:
    return _copy(p, p0 + 2, n - 2, out, at)


def _second_ws(p: Any, p0: int, n: int) -> int:
    return int(p[p0 + n - 1])


def _second_ww(p: Any, p0: int, n: int, out: Any, at: int) -> int:  # noqa: ARG001
    start = p0 + 1 + p[p0]
    return _copy(p, start + 1, p[start], out, at)


def _partition(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if n + 2 > LONGEST:
        return INVALID
    kept = 0
    for i in range(n):
        verdict = call(function, xs[x0 + i])
        if verdict == INVALID:
            return INVALID
        if verdict:
            kept += 1
            out[at + kept] = xs[x0 + i]
    out[at] = kept
    out[at + kept + 1] = n - kept
    rest = at + kept + 2
    for i in range(n):
        if not call(function, xs[x0 + i]):
            out[rest] = xs[x0 + i]
            rest += 1
    return n + 2


FAMILY = (
    Primitive("pair", (("a", SCALAR), ("b", SCALAR_TOO)), SS, 4, "(a, b)", _pair_ss),
    Primitive("pair", (("a", SCALAR), ("b", WIDE)), SW, 4, "(a, b)", _pair_sw),
    Primitive("pair", (("a", WIDE), ("b", SCALAR)), WS, 4, "(a, b)", _pair_ws),
    Primitive("pair", (("a", WIDE), ("b", WIDE_TOO)), WW, 4, "(a, b)", _pair_ww),
    Primitive("first", (("p", SS),), SCALAR, 4, "p[0]", _first_scalar),
    Primitive("first", (("p", SW),), SCALAR, 4, "p[0]", _first_scalar),
    Primitive("first", (("p", WS),), WIDE, 4, "p[0]", _first_wide),
    Primitive("first", (("p", WW),), WIDE, 4, "p[0]", _first_wide),
    Primitive("second", (("p", SS),), SCALAR_TOO, 4, "p[1]", _second_ss),
    Primitive("second", (("p", SW),), WIDE, 4, "p[1]", _second_sw),
    Primitive("second", (("p", WS),), SCALAR, 4, "p[1]", _second_ws),
    Primitive("second", (("p", WW),), WIDE_TOO, 4, "p[1]", _second_ww),
    Primitive(
        "partition",
        (("keep", function_of(SCALAR, result=BOOL)), ("xs", SCALARS)),
        tuple_of(SCALARS, SCALARS),
        5,
        "([y for y in xs if keep(y)], [y for y in xs if not keep(y)])",
        _partition,
        withheld_with=frozenset({"filter"}),
    ),
)
