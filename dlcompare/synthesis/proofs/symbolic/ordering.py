"""``sorted``, ``min`` and ``max`` on symbolic values."""

from collections.abc import Callable, Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbols import (
    Integer,
    choose,
    equal,
    less,
    negation,
)
from dlcompare.synthesis.proofs.symbolic.values import (
    MISSING,
    Raised,
    Sequence,
    Value,
    is_integer,
    is_truth,
    items,
    order,
    storable,
    unordered,
    whole,
)

__all__ = ["extreme", "in_order"]

Outcomes = Iterator[tuple[Path, Value]]


def extreme(sign: int) -> Callable[..., Outcomes]:
    """Return ``min`` (sign 1) or ``max`` (sign -1)."""

    def call(
        run: Evaluator,
        path: Path,
        arguments: list[Value],
        *,
        key: Value = None,
        default: Value = MISSING,
    ) -> Outcomes:
        several = len(arguments) > 1
        if not arguments or (several and default is not MISSING):
            yield path, Raised("TypeError")
            return
        if several:
            values = tuple(arguments)
        else:
            values = items(arguments[0]) if key is not None else unordered(arguments[0])
        if not values:
            yield path, Raised("ValueError") if default is MISSING else default
        elif key is None and all(map(is_integer, values)) and not any(map(is_truth, values)):
            best: Integer = whole(values[0])
            for value in map(whole, values[1:]):
                first, second = (value, best) if sign > 0 else (best, value)
                best = choose(path.simplified(less(first, second)), value, best)
            yield path, best
        else:
            yield from _best(run, path, values, key, sign)

    return call


def _keyed(run: Evaluator, path: Path, values: tuple[Value, ...], key: Value) -> Iterator[Any]:
    """Yield pairs of a key and its value, for every value."""
    if key is None or not values:
        yield path, tuple((value, value) for value in values)
        return
    for after, first in run.apply(key, [values[0]], path):
        if isinstance(first, Raised):
            yield after, first
            continue
        storable(first)
        for end, rest in _keyed(run, after, values[1:], key):
            yield end, rest if isinstance(rest, Raised) else ((first, values[0]), *rest)


def _best(run: Evaluator, path: Path, values: tuple[Value, ...], key: Value, sign: int) -> Outcomes:
    for after, pairs in _keyed(run, path, values, key):
        if isinstance(pairs, Raised):
            yield after, pairs
        else:
            yield from _best_of(after, pairs[0], pairs[1:], sign)


def _best_of(path: Path, best: Any, rest: tuple[Any, ...], sign: int) -> Outcomes:
    if not rest:
        yield path, best[1]
        return
    first, second = (rest[0][0], best[0]) if sign > 0 else (best[0], rest[0][0])
    for after, better in path.split(order(first, second)):
        yield from _best_of(after, rest[0] if better else best, rest[1:], sign)


def in_order(
    run: Evaluator,
    path: Path,
    arguments: list[Value],
    *,
    key: Value = None,
    reverse: Value = False,
) -> Outcomes:
    """Yield ``sorted``.

    Parameters
    ----------
    run : Evaluator
    path : Path
    arguments : list of Value
        The values to sort, alone.
    key : Value
        A function; None compares the values themselves.
    reverse : Value
        Whether the order is descending.
    """
    (values,) = arguments
    for start, falling in path.split(negation(equal(whole(reverse), 0))):
        for after, pairs in _keyed(
            run, start, items(values) if key is not None else unordered(values), key
        ):
            if isinstance(pairs, Raised):
                yield after, pairs
            else:
                yield from _sorted(after, pairs, falling)


def _sorted(path: Path, pairs: Any, falling: bool) -> Outcomes:
    if len(pairs) == 1:
        yield path, Sequence("list", (pairs[0][1],))
    else:
        for end, ascending in _inserted(path, pairs, (), falling):
            yield end, Sequence("list", tuple(value for _, value in ascending))


def _inserted(path: Path, waiting: Any, done: Any, falling: bool) -> Iterator[Any]:
    """Yield the result of a stable insertion sort."""
    if not waiting:
        yield path, done
        return
    for after, place in _place(path, waiting[0][0], done, len(done), falling):
        yield from _inserted(
            after, waiting[1:], (*done[:place], waiting[0], *done[place:]), falling
        )


def _place(path: Path, key: Value, done: Any, place: int, falling: bool) -> Iterator[Any]:
    if place == 0:
        yield path, 0
        return
    other = done[place - 1][0]
    before = order(other, key) if falling else order(key, other)
    for after, precedes in path.split(before):
        if precedes:
            yield from _place(after, key, done, place - 1, falling)
        else:
            yield after, place
