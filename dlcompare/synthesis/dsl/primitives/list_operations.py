"""Operations on lists of integers: parts, concatenation, sums.

Positions count from 0; the kernels reject a negative position or count.
"""

from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import (
    FLAT,
    INTS,
    INVALID,
    LARGEST,
    LONGEST,
    SCALAR,
    WIDE,
    Primitive,
)
from dlcompare.tasks.types import BOOL, INT, list_of

__all__ = ["FAMILY"]

SCALARS = list_of(SCALAR)
LIST = (("xs", INTS),)
ANY = (("xs", SCALARS),)
SEQUENCE = (("xs", FLAT),)
COUNTED = (("n", INT), ("xs", FLAT))


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


def _init(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n - 1):
        out[at + i] = xs[x0 + i]
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


def _sort(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        value, j = xs[x0 + i], i
        while j > 0 and out[at + j - 1] > value:
            out[at + j] = out[at + j - 1]
            j -= 1
        out[at + j] = value
    return n


def _unique(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    kept = 0
    for i in range(n):
        seen = False
        for j in range(kept):
            seen = seen or out[at + j] == xs[x0 + i]
        if not seen:
            out[at + kept] = xs[x0 + i]
            kept += 1
    return kept


def _index(x: int, xs: Any, x0: int, n: int) -> int:
    for i in range(n):
        if xs[x0 + i] == x:
            return i
    return INVALID


def _between(a: int, b: int, out: Any, at: int) -> int:
    if b - a > LONGEST:
        return INVALID
    for i in range(b - a):
        out[at + i] = a + i
    return max(b - a, 0)


def _repeat(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size = max(k, 0) * n
    if size > LONGEST:
        return INVALID
    for i in range(min(k, size)):  # an empty list may be copied any number of times
        for j in range(n):
            out[at + i * n + j] = xs[x0 + j]
    return size


def _take_last(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if k < 0:
        return INVALID
    return _drop(max(n - k, 0), xs, x0, n, out, at)


def _drop_last(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if k < 0:
        return INVALID
    return _take(max(n - k, 0), xs, x0, n, out, at)


def _same(xs: Any, x0: int, n: int, ys: Any, y0: int, m: int) -> int:
    if n != m:
        return 0
    for i in range(n):
        if xs[x0 + i] != ys[y0 + i]:
            return 0
    return 1


FAMILY = (
    Primitive("empty", (), SCALARS, 3, "[]", _empty),
    Primitive(
        "cons",
        (("x", SCALAR), ("xs", SCALARS)),
        SCALARS,
        3,
        "[x] + xs",
        _cons,
        elements=("x", "xs"),
    ),
    Primitive(
        "concatenate",
        (("xs", WIDE), ("ys", WIDE)),
        WIDE,
        3,
        "xs + ys",
        _concatenate,
        elements=("xs", "ys"),
    ),
    Primitive("head", ANY, SCALAR, 4, "xs[0]", _head),
    Primitive("last", ANY, SCALAR, 5, "xs[-1]", _last),
    Primitive("get", (("n", INT), ("xs", SCALARS)), SCALAR, 5, "xs[n]", _get),
    Primitive("tail", SEQUENCE, FLAT, 4, "xs[1:]", _tail),
    Primitive("init", SEQUENCE, FLAT, 6, "xs[:-1]", _init),
    Primitive("take", COUNTED, FLAT, 5, "xs[:n]", _take),
    Primitive("drop", COUNTED, FLAT, 5, "xs[n:]", _drop),
    Primitive("take_last", COUNTED, FLAT, 7, "xs[max(len(xs) - n, 0):]", _take_last),
    Primitive("drop_last", COUNTED, FLAT, 7, "xs[:max(len(xs) - n, 0)]", _drop_last),
    Primitive("reverse", SEQUENCE, FLAT, 5, "xs[::-1]", _reverse),
    Primitive("range", (("n", INT),), INTS, 6, "list(range(n))", _range),
    Primitive("range_from", (("a", INT), ("b", INT)), INTS, 7, "list(range(a, b))", _between),
    Primitive("repeat", COUNTED, FLAT, 7, "xs * n", _repeat),
    Primitive("length", SEQUENCE, INT, 4, "len(xs)", _length),
    Primitive("sum", LIST, INT, 5, "sum(xs)", _sum),
    Primitive("smallest", LIST, INT, 5, "min(xs)", _smallest),
    Primitive("largest", LIST, INT, 5, "max(xs)", _largest),
    Primitive("contains", (("x", SCALAR), ("xs", SCALARS)), BOOL, 5, "x in xs", _contains),
    Primitive("index", (("x", SCALAR), ("xs", SCALARS)), INT, 7, "xs.index(x)", _index),
    Primitive("same", (("xs", WIDE), ("ys", WIDE)), BOOL, 5, "xs == ys", _same, symmetric=True),
    Primitive("sort", LIST, INTS, 5, "sorted(xs)", _sort),
    Primitive("unique", ANY, SCALARS, 8, "list(dict.fromkeys(xs))", _unique),
)
