"""Operations on lists of lists, strings or pairs, whose elements have any length.

In the packed form of such a list, the number of its words precedes each element.
"""

from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import (
    ELEMENT,
    INTS,
    INVALID,
    LARGEST,
    LONGEST,
    SCALAR,
    Primitive,
    call,
    call_wide,
    function_of,
)
from dlcompare.tasks.types import BOOL, INT, list_of

__all__ = ["FAMILY"]

LISTS = list_of(ELEMENT)
ONE = (("xs", LISTS),)
COUNTED = (("n", INT), ("xs", LISTS))


def _length(xs: Any, x0: int, n: int) -> int:
    count, i = 0, 0
    while i < n:
        i += 1 + xs[x0 + i]
        count += 1
    return count


def _place(k: int, xs: Any, x0: int, n: int) -> int:
    """Return the position where element `k` begins; `n` for a position past the last."""
    i = 0
    while i < n and k > 0:
        i += 1 + xs[x0 + i]
        k -= 1
    return i


def _copy(xs: Any, x0: int, start: int, end: int, out: Any, at: int) -> int:
    for i in range(start, end):
        out[at + i - start] = xs[x0 + i]
    return end - start


def _empty(out: Any, at: int) -> int:  # noqa: ARG001
    return 0


def _cons(x: Any, x0: int, n: int, xs: Any, y0: int, m: int, out: Any, at: int) -> int:
    if 1 + n + m > LONGEST:
        return INVALID
    out[at] = n
    _copy(x, x0, 0, n, out, at + 1)
    _copy(xs, y0, 0, m, out, at + 1 + n)
    return 1 + n + m


def _get(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    i = _place(k, xs, x0, n)
    if k < 0 or i >= n:
        return INVALID
    return _copy(xs, x0 + i + 1, 0, xs[x0 + i], out, at)


def _head(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    return _get(0, xs, x0, n, out, at)


def _last(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    return _get(_length(xs, x0, n) - 1, xs, x0, n, out, at)


def _take(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if k < 0:
        return INVALID
    return _copy(xs, x0, 0, _place(k, xs, x0, n), out, at)


def _drop(k: int, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    if k < 0:
        return INVALID
    return _copy(xs, x0, _place(k, xs, x0, n), n, out, at)


def _tail(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    return _drop(1, xs, x0, n, out, at)


def _reverse(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    i, end = 0, n
    while i < n:
        size = 1 + xs[x0 + i]
        end -= size
        _copy(xs, x0 + i, 0, size, out, at + end)
        i += size
    return n


def _flatten(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        size += _copy(xs, x0 + i + 1, 0, xs[x0 + i], out, at + size)
        i += 1 + xs[x0 + i]
    return size


def _transpose(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    count = _length(xs, x0, n)
    if count == 0:
        return 0
    shortest, i = xs[x0], 0
    while i < n:
        shortest = min(shortest, xs[x0 + i])
        i += 1 + xs[x0 + i]
    step = 1 + count
    size: int = shortest * step
    if size > LONGEST:
        return INVALID
    for column in range(shortest):
        start = at + column * step
        out[start] = count
        i = 0
        for row in range(count):
            out[start + 1 + row] = xs[x0 + i + 1 + column]
            i += 1 + xs[x0 + i]
    return size


def _runs(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, start = 0, 0
    for i in range(1, n + 1):
        if i == n or xs[x0 + i] != xs[x0 + start]:
            if size + 1 + i - start > LONGEST:
                return INVALID
            out[at + size] = i - start
            size += 1 + _copy(xs, x0, start, i, out, at + size + 1)
            start = i
    return size


def _groups(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, start, key = 0, 0, 0
    for i in range(n + 1):
        other = call(function, xs[x0 + i]) if i < n else key
        if other == INVALID:
            return INVALID
        if i > start and (i == n or other != key):
            if size + 1 + i - start > LONGEST:
                return INVALID
            out[at + size] = i - start
            size += 1 + _copy(xs, x0, start, i, out, at + size + 1)
            start = i
        key = other
    return size


def _filter(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        verdict = call_wide(function, xs, x0 + i)
        if verdict == INVALID:
            return INVALID
        step = 1 + xs[x0 + i]
        if verdict:
            size += _copy(xs, x0, i, i + step, out, at + size)
        i += step
    return size


def _map(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        count = call_wide(function, xs, x0 + i)
        if count < 0 or size + 1 + count > LONGEST:
            return INVALID
        out[at + size] = count
        size += 1 + _copy(function.result, 0, 0, count, out, at + size + 1)
        i += 1 + xs[x0 + i]
    return size


def _measure(function: Any, xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        value = call_wide(function, xs, x0 + i)
        if value < -LARGEST or value > LARGEST:
            return INVALID
        out[at + size] = value
        size += 1
        i += 1 + xs[x0 + i]
    return size


def _alike(xs: Any, one: int, other: int, size: int) -> bool:
    """Return whether two stretches of the same words are equal."""
    i = 0
    while i < size and xs[one + i] == xs[other + i]:
        i += 1
    return i == size


def _contains(x: Any, x0: int, n: int, xs: Any, y0: int, m: int) -> int:
    i = 0
    while i < m:
        same, size = xs[y0 + i] == n, xs[y0 + i]
        for j in range(n if same else 0):
            same = same and x[x0 + j] == xs[y0 + i + 1 + j]
        if same:
            return 1
        i += 1 + size
    return 0


def _distinct(xs: Any, x0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        step, j, new = 1 + xs[x0 + i], 0, True
        while j < i:
            if xs[x0 + j] + 1 == step and _alike(xs, x0 + i, x0 + j, step):
                new = False
                break
            j += 1 + xs[x0 + j]
        if new:
            size += _copy(xs, x0, i, i + step, out, at + size)
        i += step
    return size


def _all(function: Any, xs: Any, x0: int, n: int) -> int:
    i = 0
    while i < n:
        verdict = call_wide(function, xs, x0 + i)
        if verdict != 1:
            return verdict
        i += 1 + xs[x0 + i]
    return 1


def _any(function: Any, xs: Any, x0: int, n: int) -> int:
    i = 0
    while i < n:
        verdict = call_wide(function, xs, x0 + i)
        if verdict != 0:
            return verdict
        i += 1 + xs[x0 + i]
    return 0


SELECT = (("keep", function_of(ELEMENT, result=BOOL)), ("xs", LISTS))

FAMILY = (
    Primitive("empty", (), LISTS, 3, "[]", _empty),
    Primitive("cons", (("x", ELEMENT), ("xs", LISTS)), LISTS, 3, "[x] + xs", _cons),
    Primitive("head", ONE, ELEMENT, 4, "xs[0]", _head),
    Primitive("last", ONE, ELEMENT, 5, "xs[-1]", _last),
    Primitive("get", COUNTED, ELEMENT, 5, "xs[n]", _get),
    Primitive("tail", ONE, LISTS, 4, "xs[1:]", _tail),
    Primitive("take", COUNTED, LISTS, 5, "xs[:n]", _take),
    Primitive("drop", COUNTED, LISTS, 5, "xs[n:]", _drop),
    Primitive("reverse", ONE, LISTS, 5, "xs[::-1]", _reverse),
    Primitive("length", ONE, INT, 4, "len(xs)", _length),
    Primitive("contains", (("x", ELEMENT), ("xs", LISTS)), BOOL, 5, "x in xs", _contains),
    Primitive(
        "distinct",
        ONE,
        LISTS,
        8,
        "[z for y, z in enumerate(xs) if z not in xs[:y]]",
        _distinct,
        withheld_with=frozenset({"unique"}),
    ),
    Primitive("all", SELECT, BOOL, 4, "all(keep(y) for y in xs)", _all),
    Primitive("any", SELECT, BOOL, 4, "any(keep(y) for y in xs)", _any),
    Primitive("flatten", (("xs", list_of(INTS)),), INTS, 5, "[y for x in xs for y in x]", _flatten),
    Primitive(
        "transpose",
        (("xs", list_of(INTS)),),
        list_of(INTS),
        6,
        "[list(y) for y in zip(*xs)]",
        _transpose,
    ),
    Primitive(
        "runs",
        (("xs", INTS),),
        list_of(INTS),
        6,
        "[list(y) for _, y in groupby(xs)]",
        _runs,
        imports=("itertools.groupby",),
    ),
    Primitive(
        "groups",
        (("change", function_of(INT, result=SCALAR)), ("xs", INTS)),
        list_of(INTS),
        5,
        "[list(y) for _, y in groupby(xs, change)]",
        _groups,
        withheld_with=frozenset({"runs"}),
        imports=("itertools.groupby",),
    ),
    Primitive("filter", SELECT, LISTS, 4, "[y for y in xs if keep(y)]", _filter),
    Primitive(
        "map",
        (("change", function_of(ELEMENT, result=ELEMENT)), ("xs", LISTS)),
        LISTS,
        4,
        "[change(y) for y in xs]",
        _map,
    ),
    Primitive(
        "map",
        (("change", function_of(ELEMENT, result=INT)), ("xs", LISTS)),
        INTS,
        4,
        "[change(y) for y in xs]",
        _measure,
    ),
)
