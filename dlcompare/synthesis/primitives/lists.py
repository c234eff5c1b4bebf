"""Lists of integers: taking them apart, putting them together, summing them up.

Positions count from 0; a negative position or count is rejected by the kernels.
"""

from typing import Any

from dlcompare.synthesis.primitives.primitive import INTS, INVALID, LARGEST, LONGEST, Primitive
from dlcompare.tasks.types import BOOL, INT

__all__ = ["FAMILY"]

LIST = (("xs", INTS),)
COUNTED = (("n", INT), ("xs", INTS))


def _empty(out: Any, at: int) -> int:  # noqa: ARG001
    return 0


def _cons(x: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if n >= LONGEST:
        return INVALID
    out[at] = x
    for i in range(n):
        out[at + 1 + i] = xs[x0 + i]
    return n + 1


def _concatenate(xs: Any, x0: int, n: int, ys: Any, y0: int, m: int, out: Any, at: int) -> int:
    if n + m > LONGEST:
        return INVALID
    for i in range(n):
        out[at + i] = xs[x0 + i]
    for i in range(m):
        out[at + n + i] = ys[y0 + i]
    return n + m


def _head(xs: Any, x0: int, n: int) -> int:
    return INVALID if n == 0 else xs[x0]


def _last(xs: Any, x0: int, n: int) -> int:
    return INVALID if n == 0 else xs[x0 + n - 1]


def _get(k: int, xs: Any, x0: int, n: int) -> int:
    return INVALID if k < 0 or k >= n else xs[x0 + k]


def _tail(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(1, n):
        out[at + i - 1] = xs[x0 + i]
    return max(n - 1, 0)


def _take(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if k < 0:
        return INVALID
    for i in range(min(k, n)):
        out[at + i] = xs[x0 + i]
    return min(k, n)


def _drop(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if k < 0:
        return INVALID
    for i in range(k, n):
        out[at + i - k] = xs[x0 + i]
    return max(n - k, 0)


def _reverse(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        out[at + i] = xs[x0 + n - 1 - i]
    return n


def _range(n: int, out: Any, at: int) -> int:
    if n > LONGEST:
        return INVALID
    for i in range(n):
        out[at + i] = i
    return max(n, 0)


def _length(xs: Any, x0: int, n: int) -> int:  # noqa: ARG001
    return n


def _sum(xs: Any, x0: int, n: int) -> int:
    total = 0
    for i in range(n):
        total += xs[x0 + i]
    return total


def _smallest(xs: Any, x0: int, n: int) -> int:
    if n == 0:
        return INVALID
    best = LARGEST
    for i in range(n):
        best = min(best, xs[x0 + i])
    return best


def _largest(xs: Any, x0: int, n: int) -> int:
    if n == 0:
        return INVALID
    best = -LARGEST
    for i in range(n):
        best = max(best, xs[x0 + i])
    return best


def _contains(x: int, xs: Any, x0: int, n: int) -> int:
    for i in range(n):
        if xs[x0 + i] == x:
            return 1
    return 0


FAMILY = (
    Primitive("empty", (), INTS, 3, "[]", _empty),
    Primitive("cons", (("x", INT), ("xs", INTS)), INTS, 3, "[x] + xs", _cons),
    Primitive("concatenate", (("xs", INTS), ("ys", INTS)), INTS, 3, "xs + ys", _concatenate),
    Primitive("head", LIST, INT, 4, "xs[0]", _head),
    Primitive("last", LIST, INT, 5, "xs[-1]", _last),
    Primitive("get", COUNTED, INT, 5, "xs[n]", _get),
    Primitive("tail", LIST, INTS, 4, "xs[1:]", _tail),
    Primitive("take", COUNTED, INTS, 5, "xs[:n]", _take),
    Primitive("drop", COUNTED, INTS, 5, "xs[n:]", _drop),
    Primitive("reverse", LIST, INTS, 5, "xs[::-1]", _reverse),
    Primitive("range", (("n", INT),), INTS, 6, "list(range(n))", _range),
    Primitive("length", LIST, INT, 4, "len(xs)", _length),
    Primitive("sum", LIST, INT, 5, "sum(xs)", _sum),
    Primitive("smallest", LIST, INT, 5, "min(xs)", _smallest),
    Primitive("largest", LIST, INT, 5, "max(xs)", _largest),
    Primitive("contains", (("x", INT), ("xs", INTS)), BOOL, 5, "x in xs", _contains),
)
