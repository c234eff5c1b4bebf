"""Python's builtins on symbolic values."""

import ast
import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.iterators import ITERATORS, ITERATORS_KEYED, LONGEST, drawn
from dlcompare.synthesis.proofs.symbolic.ordering import extreme, in_order
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbolic_arithmetic import operate
from dlcompare.synthesis.proofs.symbolic.symbols import (
    all_of,
    any_of,
    choose,
    less,
    negation,
    plus,
    total,
)
from dlcompare.synthesis.proofs.symbolic.texts import read_integer, shown
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    codes,
    equality,
    is_data,
    is_hashable,
    is_text,
    items,
    storable,
    text,
    truth,
    unordered,
    whole,
)

__all__ = ["BUILTINS", "KEYED", "distinct"]

Outcomes = Iterator[tuple[Path, Value]]


def _len(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (value,) = arguments
    if isinstance(value, Sequence) and value.kind != "group":
        yield path, len(value.items)
    elif isinstance(value, str):
        yield path, len(value)
    else:
        yield path, Raised("TypeError")


def _abs(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (number,) = arguments
    value = whole(number)
    yield path, choose(path.simplified(less(value, 0)), plus(0, value, -1), value)


def _sum(
    run: Evaluator,  # noqa: ARG001
    path: Path,
    arguments: list[Value],
    *,
    start: Value = 0,
) -> Outcomes:
    iterable, *further = arguments
    if len(further) > 1 or (further and start != 0):
        raise UnsupportedError("sum with two starts is not covered")
    (first,) = further or [start]
    if isinstance(first, Sequence) and first.kind in ("list", "tuple"):
        parts = [first, *items(iterable)]
        if not all(isinstance(each, Sequence) and each.kind == first.kind for each in parts):
            raise UnsupportedError("a sum of values of several types is not covered")
        yield path, Sequence(first.kind, tuple(item for part in parts for item in part.items))
        return
    yield path, total(map(whole, (first, *unordered(iterable))))


def _quantified(found: bool) -> Callable[..., Outcomes]:
    """Return ``any`` (found) or ``all``, which stop at the first element that decides them."""

    def call(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
        (iterable,) = arguments
        if isinstance(iterable, Stream) and iterable.ending is not None:
            values, ending = drawn(iterable)
        else:
            values, ending = unordered(iterable), None
        verdicts = [truth(value) for value in values]
        met = any_of(verdicts if found else map(negation, verdicts))
        if ending is None:
            yield path, path.simplified(met if found else negation(met))
            return
        for after, decided in path.split(met):
            yield after, found if decided else ending

    return call


def _bool(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (value,) = arguments or [False]
    yield path, path.simplified(truth(value))


def _int(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    if len(arguments) == 2 and all(map(is_data, arguments)) and isinstance(arguments[0], str):
        try:
            yield path, int(*arguments)
        except ValueError:
            yield path, Raised("ValueError")
        return
    (value,) = arguments or [0]
    if is_text(value):
        yield from read_integer(path, codes(value))
    else:
        yield path, whole(value)


def _str(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (value,) = arguments or [""]
    yield path, shown(value)


def _ord(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (character,) = arguments
    points = codes(character)
    yield path, points[0] if len(points) == 1 else Raised("TypeError")


def _chr(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (number,) = arguments
    point = whole(number)
    for after, fits in path.split(all_of([less(-1, point), less(point, sys.maxunicode + 1)])):
        if fits:
            yield after, text((point,))
            continue
        word = all_of([less(-(2**31) - 1, point), less(point, 2**31)])
        for end, within in after.split(word):
            yield end, Raised("ValueError" if within else "OverflowError")


def _range(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:
    numbers = [whole(each) for each in arguments]
    if all(isinstance(each, int) for each in numbers):
        if len(numbers) == 3 and numbers[2] == 0:
            yield path, Raised("ValueError")
            return
        values = range(*numbers)  # type: ignore[arg-type]
        if len(values) > LONGEST:
            raise UnsupportedError("a range of this length is not covered")
        yield path, Sequence("range", tuple(values))
        return
    if not 0 < len(numbers) < 3:
        raise UnsupportedError("range with a step from unknown numbers is not covered")
    start, stop = (0, numbers[0]) if len(numbers) == 1 else numbers
    for after, rounds in run.counts(plus(stop, start, -1), path):
        yield after, Sequence("range", tuple(plus(start, i) for i in range(rounds)))


def distinct(path: Path, values: tuple[Value, ...], kind: str) -> Outcomes:
    """Yield the distinct values, as a set or as the keys of a dict."""
    if not all(map(is_hashable, values)):
        yield path, Raised("TypeError")
        return

    def add(path: Path, waiting: tuple[Value, ...], done: tuple[Value, ...]) -> Iterator[Any]:
        if not waiting:
            yield path, done
            return
        for after, there in path.split(any_of(equality(waiting[0], each) for each in done)):
            yield from add(after, waiting[1:], done if there else (*done, waiting[0]))

    for after, kept in add(path, values, ()):
        yield after, Sequence(kind, kept)


def _distinct(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (values,) = arguments or [Sequence("list", ())]
    yield from distinct(path, unordered(values), "set")


def _keys(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (values,) = arguments
    yield from distinct(path, items(values), "keys")


def _collected(kind: str) -> Callable[..., Outcomes]:
    """Return ``list`` or ``tuple``."""

    def call(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
        (values,) = arguments or [()]
        yield path, Sequence(kind, tuple(map(storable, items(values) if arguments else ())))

    return call


def _without_groups(values: tuple[Value, ...]) -> None:
    """Refuse groups of `itertools.groupby`: all are lost once their iterator is read to the end."""
    if any(isinstance(each, Sequence) and each.kind == "group" for each in values):
        raise UnsupportedError("groups of groupby that are read after the last one")


def _draining(call: Callable[..., Outcomes]) -> Callable[..., Outcomes]:
    """Wrap a builtin that exhausts its iterator, and so raises what the iterator raises."""

    def drained(run: Evaluator, path: Path, arguments: list[Value], **named: Value) -> Outcomes:
        ending = None
        if arguments and isinstance(arguments[0], Stream):
            ending = arguments[0].ending
            _without_groups(arguments[0].items)
        if ending is None:
            yield from call(run, path, arguments, **named)
        elif len(arguments) > 1 or named.keys() - {"reverse"}:
            raise UnsupportedError("an iterator that raises an exception here is not covered")
        else:
            yield path, ending

    return drained


def _reduce(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:
    function, sequence, *start = arguments
    values = (*start, *items(sequence))
    _without_groups(values)
    if not values:
        yield path, Raised("TypeError")
        return

    def onward(path: Path, sofar: Value, waiting: tuple[Value, ...]) -> Outcomes:
        if not waiting or isinstance(sofar, Raised):
            yield path, sofar
            return
        for after, value in run.apply(function, [sofar, waiting[0]], path):
            yield from onward(after, value, waiting[1:])

    yield from onward(path, values[0], values[1:])


def _divmod(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    first, second = arguments
    for after, quotient in operate(ast.FloorDiv(), first, second, path):
        if isinstance(quotient, Raised):
            yield after, quotient
            continue
        for end, rest in operate(ast.Mod(), first, second, after):
            yield end, Sequence("tuple", (quotient, rest))


BUILTINS: dict[Any, Callable[..., Outcomes]] = {
    **ITERATORS,
    abs: _abs,
    all: _quantified(found=False),
    any: _quantified(found=True),
    bool: _bool,
    chr: _chr,
    dict.fromkeys: _draining(_keys),
    divmod: _divmod,
    frozenset: _draining(_distinct),
    functools.reduce: _reduce,
    int: _int,
    len: _len,
    list: _draining(_collected("list")),
    max: _draining(extreme(-1)),
    min: _draining(extreme(1)),
    ord: _ord,
    range: _range,
    set: _draining(_distinct),
    sorted: _draining(in_order),
    str: _str,
    sum: _draining(_sum),
    tuple: _draining(_collected("tuple")),
}

KEYED: dict[Any, Callable[..., Outcomes]] = {
    **ITERATORS_KEYED,
    max: BUILTINS[max],
    min: BUILTINS[min],
    sorted: BUILTINS[sorted],
    sum: BUILTINS[sum],
}
"""Builtins that are called with keywords."""
