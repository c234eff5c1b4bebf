"""Truth values, comparisons, and the choice between two values."""

from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import SCALAR, WIDE, Primitive
from dlcompare.tasks.types import BOOL, INT

__all__ = ["FAMILY"]

ONE = (("a", INT),)
TWO = (("a", INT), ("b", INT))
BOTH = (("p", BOOL), ("q", BOOL))

REMAINDER = frozenset({"modulo"})


def _less(a: int, b: int) -> int:
    return int(a < b)


def _less_equal(a: int, b: int) -> int:
    return int(a <= b)


def _equal(a: int, b: int) -> int:
    return int(a == b)


def _even(a: int) -> int:
    return int(a % 2 == 0)


def _odd(a: int) -> int:
    return int(a % 2 == 1)


def _not(p: int) -> int:
    return 1 - p


def _and(p: int, q: int) -> int:
    return p & q


def _or(p: int, q: int) -> int:
    return p | q


def _choose_int(p: int, a: int, b: int) -> int:
    return a if p else b


def _choose_list(
    p: int, xs: Any, x0: int, n: int, ys: Any, y0: int, m: int, out: Any, at: int
) -> int:
    if p:
        for i in range(n):
            out[at + i] = xs[x0 + i]
        return n
    for i in range(m):
        out[at + i] = ys[y0 + i]
    return m


FAMILY = (
    Primitive("less", TWO, BOOL, 2, "a < b", _less),
    Primitive("less_equal", TWO, BOOL, 2, "a <= b", _less_equal),
    Primitive("equal", TWO, BOOL, 3, "a == b", _equal, symmetric=True),
    Primitive("is_even", ONE, BOOL, 5, "a % 2 == 0", _even, withheld_with=REMAINDER),
    Primitive("is_odd", ONE, BOOL, 5, "a % 2 == 1", _odd, withheld_with=REMAINDER),
    Primitive("not", (("p", BOOL),), BOOL, 3, "not p", _not),
    Primitive("and", BOTH, BOOL, 4, "p and q", _and, symmetric=True),
    Primitive("or", BOTH, BOOL, 4, "p or q", _or, symmetric=True),
    Primitive(
        "if_int",
        (("p", BOOL), ("a", SCALAR), ("b", SCALAR)),
        SCALAR,
        4,
        "a if p else b",
        _choose_int,
    ),
    Primitive(
        "if_list",
        (("p", BOOL), ("xs", WIDE), ("ys", WIDE)),
        WIDE,
        4,
        "xs if p else ys",
        _choose_list,
    ),
)
