"""Python's builtins on symbolic values."""

import ast
import functools
import itertools
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dlcompare.synthesis.smt.arithmetic import operate
from dlcompare.synthesis.smt.ordering import extreme, in_order
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.symbols import (
    all_of,
    any_of,
    choose,
    less,
    plus,
    total,
)
from dlcompare.synthesis.smt.texts import read_integer, shown
from dlcompare.synthesis.smt.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    codes,
    equality,
    is_concrete,
    is_text,
    items,
    text,
    truth,
    whole,
)

if TYPE_CHECKING:
    from dlcompare.synthesis.smt.expressions import Expressions

__all__ = ["BUILTINS", "KEYED"]

Outcomes = Iterator[tuple[Path, Value]]


def _len(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, len(items(arguments[0]))


def _abs(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    value = whole(arguments[0])
    yield path, choose(path.simplified(less(value, 0)), plus(0, value, -1), value)


def _sum(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    if len(arguments) > 1:
        raise UnsupportedError("sum with a start is not covered")
    yield path, total(map(whole, items(arguments[0])))


def _all(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, path.simplified(all_of(map(truth, items(arguments[0]))))


def _any(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, path.simplified(any_of(map(truth, items(arguments[0]))))


def _bool(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, path.simplified(truth(arguments[0]))


def _int(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    if is_text(arguments[0]):
        yield from read_integer(path, codes(arguments[0]))
    else:
        yield path, whole(arguments[0])


def _str(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, shown(arguments[0] if arguments else "")


def _ord(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    points = codes(arguments[0])
    yield path, points[0] if len(points) == 1 else Raised("TypeError")


def _chr(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    point = whole(arguments[0])
    for after, fits in path.split(all_of([less(-1, point), less(point, sys.maxunicode + 1)])):
        yield after, text((point,)) if fits else Raised("ValueError")


def _range(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:
    if all(map(is_concrete, arguments)):
        yield path, Sequence("list", tuple(range(*arguments)))
        return
    if len(arguments) > 2:
        raise UnsupportedError("range with a step from unknown numbers is not covered")
    start, stop = (0, arguments[0]) if len(arguments) == 1 else arguments
    count = plus(whole(stop), whole(start), -1)
    for after, rounds in run.counts(count, path):
        yield after, Sequence("list", tuple(plus(whole(start), i) for i in range(rounds)))


def _distinct(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    def add(path: Path, waiting: tuple[Value, ...], done: tuple[Value, ...]) -> Iterator[Any]:
        if not waiting:
            yield path, done
            return
        for after, there in path.split(any_of(equality(waiting[0], each) for each in done)):
            yield from add(after, waiting[1:], done if there else (*done, waiting[0]))

    for after, kept in add(path, items(arguments[0]) if arguments else (), ()):
        yield after, Sequence("set", kept)


def _made(kind: str, change: Callable[..., Any]) -> Callable[..., Outcomes]:
    """A builtin whose elements do not hang on what is not known."""

    def call(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
        made = change(*[items(a) if isinstance(a, Sequence | str) else a for a in arguments])
        yield path, Sequence(kind, tuple(_tupled(each) for each in made))

    return call


def _tupled(value: Value) -> Value:
    return Sequence("tuple", value) if isinstance(value, tuple) else value


def _map(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:
    function, *columns = arguments
    rows = list(zip(*map(items, columns), strict=False))

    def onward(path: Path, place: int, done: tuple[Value, ...]) -> Outcomes:
        if place == len(rows):
            yield path, Sequence("list", done)
            return
        for after, value in run.apply(function, list(rows[place]), path):
            if isinstance(value, Raised):
                yield after, value
            else:
                yield from onward(after, place + 1, (*done, value))

    yield from onward(path, 0, ())


def _reduce(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:
    function, sequence, *start = arguments
    values = (*start, *items(sequence))
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


def _while(taking: bool) -> Callable[..., Outcomes]:
    """takewhile, or dropwhile: decided element by element."""

    def call(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:
        keep, values = arguments[0], items(arguments[1])

        def onward(path: Path, place: int) -> Outcomes:
            part = values[:place] if taking else values[place:]
            if place == len(values):
                yield path, Sequence("list", part)
                return
            for after, verdict in run.apply(keep, [values[place]], path):
                if isinstance(verdict, Raised):
                    yield after, verdict
                    continue
                for end, holds in after.split(truth(verdict)):
                    if holds:
                        yield from onward(end, place + 1)
                    else:
                        yield end, Sequence("list", part)

        yield from onward(path, 0)

    return call


def _next(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    values = items(arguments[0])
    if not values and len(arguments) == 1:
        yield path, Raised("StopIteration")
    else:
        yield path, values[0] if values else arguments[1]


def _groupby(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:
    values = items(arguments[0])

    def keyed(value: Value, path: Path) -> Outcomes:
        if len(arguments) == 1:
            yield path, value
        else:
            yield from run.apply(arguments[1], [value], path)

    def onward(path: Path, groups: tuple[tuple[Value, tuple[Value, ...]], ...]) -> Outcomes:
        place = sum(len(group) for _, group in groups)
        if place == len(values):
            pairs = (Sequence("tuple", (key, Sequence("list", g))) for key, g in groups)
            yield path, Sequence("list", tuple(pairs))
            return
        one = (values[place],)
        for after, key in keyed(values[place], path):
            if isinstance(key, Raised):
                yield after, key
            elif not groups:
                yield from onward(after, ((key, one),))
            else:
                first, group = groups[-1]
                for end, same in after.split(equality(first, key)):
                    new = (*groups[:-1], (first, group + one)) if same else (*groups, (key, one))
                    yield from onward(end, new)

    yield from onward(path, ())


def _divmod(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    first, second = arguments
    for after, quotient in operate(ast.FloorDiv(), first, second, path):
        if isinstance(quotient, Raised):
            yield after, quotient
            continue
        for end, rest in operate(ast.Mod(), first, second, after):
            yield end, Sequence("tuple", (quotient, rest))


def _accumulate(run: "Expressions", path: Path, arguments: list[Value]) -> Outcomes:
    values = items(arguments[0])
    if len(arguments) == 1:
        yield path, Sequence("list", tuple(itertools.accumulate(map(whole, values), plus)))
        return

    def onward(path: Path, waiting: tuple[Value, ...], done: tuple[Value, ...]) -> Outcomes:
        if not waiting:
            yield path, Sequence("list", done)
            return
        for after, value in run.apply(arguments[1], [done[-1], waiting[0]], path):
            if isinstance(value, Raised):
                yield after, value
            else:
                yield from onward(after, waiting[1:], (*done, value))

    yield from onward(path, values[1:], values[:1])


BUILTINS: dict[Any, Callable[..., Outcomes]] = {
    len: _len,
    abs: _abs,
    sum: _sum,
    all: _all,
    any: _any,
    bool: _bool,
    int: _int,
    str: _str,
    ord: _ord,
    chr: _chr,
    min: extreme(1),
    max: extreme(-1),
    sorted: in_order,
    range: _range,
    set: _distinct,
    frozenset: _distinct,
    map: _map,
    list: _made("list", lambda items=(): items),
    tuple: _made("tuple", lambda items=(): items),
    iter: _made("list", lambda items: items),
    reversed: _made("list", lambda items: items[::-1]),
    zip: _made("list", lambda *columns: zip(*columns, strict=False)),
    enumerate: _made("list", lambda items, start=0: enumerate(items, start)),
    itertools.pairwise: _made("list", itertools.pairwise),
    itertools.chain: _made("list", itertools.chain),
    itertools.product: _made("list", itertools.product),
    itertools.combinations: _made("list", itertools.combinations),
    itertools.accumulate: _accumulate,
    functools.reduce: _reduce,
    itertools.takewhile: _while(taking=True),
    itertools.dropwhile: _while(taking=False),
    itertools.groupby: _groupby,
    next: _next,
    divmod: _divmod,
    dict.fromkeys: _distinct,
}

KEYED: dict[Any, Callable[..., Outcomes]] = {
    sorted: in_order,
    min: BUILTINS[min],
    max: BUILTINS[max],
    zip: lambda run, path, arguments, strict: BUILTINS[zip](run, path, arguments),  # noqa: ARG005
}
"""Builtins that are called with keywords."""
