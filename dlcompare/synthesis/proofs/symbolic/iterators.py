"""Builtins and itertools functions that return iterators: evaluated eagerly, read once."""

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbolic_arithmetic import plus
from dlcompare.synthesis.proofs.symbolic.values import (
    MISSING,
    Closure,
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    equality,
    is_truth,
    items,
    storable,
    truth,
    whole,
)

__all__ = ["ITERATORS", "ITERATORS_KEYED", "LONGEST", "drawn"]

Outcomes = Iterator[tuple[Path, Value]]

LONGEST = 4096
"""The most elements of an iterator."""


def drawn(value: Value) -> tuple[tuple[Value, ...], Raised | None]:
    """Return the elements of an iterator over a value, and the exception that ends it."""
    if isinstance(value, Stream) and value.ending is not None:
        return items(Stream(value.items, None, value.reads, value.ordered)), value.ending
    return items(value), None


def _reads(*functions: Value) -> frozenset[str]:
    """Return the names that an iterator's functions read when it produces an element."""
    found: frozenset[str] = frozenset()
    for each in functions:
        if isinstance(each, Closure):
            found |= each.captured
        elif isinstance(each, Stream):
            found |= each.reads
    return found


def _row(values: tuple[Value, ...]) -> Sequence:
    return Sequence("tuple", tuple(map(storable, values)))


def _made(change: Callable[..., Any]) -> Callable[..., Outcomes]:
    """Return an iterator whose elements depend on positions alone."""

    def call(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
        taken = [items(a) if isinstance(a, Sequence | str | Stream) else a for a in arguments]
        made = tuple(itertools.islice(change(*taken), LONGEST + 1))
        if len(made) > LONGEST:
            raise UnsupportedError("an iterator of this length is not covered")
        rows = tuple(_row(each) if isinstance(each, tuple) else storable(each) for each in made)
        yield path, Stream(rows, None, _reads(*arguments))

    return call


def _iter(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (value,) = arguments
    if isinstance(value, Sequence) and value.kind == "set":
        yield path, Stream(value.items, None, ordered=False)
    else:
        yield path, value if isinstance(value, Stream) else Stream(items(value))


def _next(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    stream, *default = arguments
    if not isinstance(stream, Stream):
        yield path, Raised("TypeError")
        return
    if len(default) > 1:
        raise UnsupportedError("next with more arguments is not covered")
    values, ending = drawn(stream)
    if values:
        yield path, values[0]
    else:
        yield path, ending or (default[0] if default else Raised("StopIteration"))


def _reversed(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (value,) = arguments
    if isinstance(value, Stream) or (isinstance(value, Sequence) and value.kind == "set"):
        yield path, Raised("TypeError")
    else:
        yield path, Stream(items(value)[::-1])


def _enumerate(
    run: Evaluator,  # noqa: ARG001
    path: Path,
    arguments: list[Value],
    *,
    start: Value = MISSING,
) -> Outcomes:
    iterable, *further = arguments
    if further and start is not MISSING:
        raise UnsupportedError("enumerate with two starts is not covered")
    (first,) = further or ([0] if start is MISSING else [start])
    values, ending = drawn(iterable)
    rows = (_row((plus(whole(first), place), value)) for place, value in enumerate(values))
    yield path, Stream(tuple(rows), ending, _reads(iterable))


def _zip(
    run: Evaluator,  # noqa: ARG001
    path: Path,
    arguments: list[Value],
    *,
    strict: Value = False,
) -> Outcomes:
    if not isinstance(strict, bool):
        raise UnsupportedError("zip with an unknown strict is not covered")
    columns = [drawn(each) for each in arguments]
    length = min((len(values) for values, _ in columns), default=0)
    rows = tuple(_row(row) for row in zip(*(values[:length] for values, _ in columns), strict=True))
    ending = next((e for values, e in columns if len(values) == length), None)
    if strict and len({len(values) for values, _ in columns}) > 1:
        if any(e for _, e in columns):
            raise UnsupportedError("a strict zip of iterators that raise is not covered")
        ending = Raised("ValueError")
    elif strict and any(e for _, e in columns):
        raise UnsupportedError("a strict zip of iterators that raise is not covered")
    yield path, Stream(rows, ending, _reads(*arguments))


def _called_on(
    run: Evaluator,
    function: Value,
    rows: list[list[Value]],
    path: Path,
    done: tuple[Value, ...] = (),
) -> Iterator[tuple[Path, tuple[Value, ...], Raised | None]]:
    """Yield the results of a function in order, and the exception that ended them."""
    if not rows:
        yield path, done, None
        return
    for after, value in run.apply(function, rows[0], path):
        if isinstance(value, Raised):
            if value.exception == "StopIteration":
                raise UnsupportedError("a function that ends its own iterator is not covered")
            yield after, done, value
        else:
            yield from _called_on(run, function, rows[1:], after, (*done, storable(value)))


def _map(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:
    function, *iterables = arguments
    columns = [drawn(each) for each in iterables]
    length = min(len(values) for values, _ in columns)
    ending = next((e for values, e in columns if len(values) == length), None)
    rows = [list(row) for row in zip(*(values[:length] for values, _ in columns), strict=True)]
    for after, values, raised in _called_on(run, function, rows, path):
        yield after, Stream(values, raised or ending, _reads(*arguments))


def _filtered(keep: bool) -> Callable[..., Outcomes]:
    def call(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:
        function, iterable = arguments
        values, ending = drawn(iterable)

        def onward(path: Path, place: int, done: tuple[Value, ...]) -> Outcomes:
            if place == len(values):
                yield path, Stream(done, ending, _reads(*arguments))
                return
            value = values[place]
            verdicts = [(path, value)] if function is None else run.apply(function, [value], path)
            for after, verdict in verdicts:
                if isinstance(verdict, Raised):
                    if verdict.exception == "StopIteration":
                        raise UnsupportedError("a filter that ends its iterator is not covered")
                    yield after, Stream(done, verdict, _reads(*arguments))
                    continue
                for end, holds in after.split(truth(verdict)):
                    yield from onward(end, place + 1, (*done, value) if holds is keep else done)

        yield from onward(path, 0, ())

    return call


def _while(taking: bool) -> Callable[..., Outcomes]:
    """Return ``takewhile`` or ``dropwhile``, decided element by element."""

    def call(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:
        keep, iterable = arguments
        values, ending = drawn(iterable)
        reads = _reads(*arguments)

        def onward(path: Path, place: int) -> Outcomes:
            part = values[:place] if taking else values[place:]
            if place == len(values):
                yield path, Stream(part, ending, reads)
                return
            for after, verdict in run.apply(keep, [values[place]], path):
                if isinstance(verdict, Raised):
                    yield after, Stream(part if taking else (), verdict, reads)
                    continue
                for end, holds in after.split(truth(verdict)):
                    if holds:
                        yield from onward(end, place + 1)
                    else:
                        yield end, Stream(part, None if taking else ending, reads)

        yield from onward(path, 0)

    return call


def _groupby(run: Evaluator, path: Path, arguments: list[Value], *, key: Value = None) -> Outcomes:
    iterable, *further = arguments
    function = further[0] if further else key
    values, ending = drawn(iterable)
    if ending is not None or len(further) > 1 or (further and key is not None):
        raise UnsupportedError("groupby of these arguments is not covered")

    def keyed(value: Value, path: Path) -> Outcomes:
        if function is None:
            yield path, value
        else:
            yield from run.apply(function, [value], path)

    def onward(path: Path, groups: tuple[tuple[Value, tuple[Value, ...]], ...]) -> Outcomes:
        place = sum(len(group) for _, group in groups)
        if place == len(values):
            reads = _reads(iterable, function)
            pairs = (Sequence("group", (k, Stream(g, None, reads, group=True))) for k, g in groups)
            yield path, Stream(tuple(pairs), None, reads)
            return
        one = (values[place],)
        for after, found in keyed(values[place], path):
            if isinstance(found, Raised):
                raise UnsupportedError("a key of groupby that raises is not covered")
            if not groups:
                yield from onward(after, ((storable(found), one),))
            else:
                first, group = groups[-1]
                for end, same in after.split(equality(first, found)):
                    new = (*groups[:-1], (first, group + one)) if same else (*groups, (found, one))
                    yield from onward(end, new)

    yield from onward(path, ())


def _accumulate(
    run: Evaluator, path: Path, arguments: list[Value], *, initial: Value = None
) -> Outcomes:
    iterable, *function = arguments
    values, ending = drawn(iterable)
    values = values if initial is None else (initial, *values)
    if ending is not None or len(function) > 1:
        raise UnsupportedError("accumulate of these arguments is not covered")
    reads = _reads(*arguments)
    if not function or function[0] is None:
        if any(map(is_truth, values)):
            raise UnsupportedError("sums of truth values are not covered here")
        sums = itertools.accumulate(map(whole, values), plus)
        yield path, Stream(tuple(sums), None, reads)
        return

    def onward(path: Path, waiting: tuple[Value, ...], done: tuple[Value, ...]) -> Outcomes:
        if not waiting:
            yield path, Stream(done, None, reads)
            return
        for after, value in run.apply(function[0], [done[-1], waiting[0]], path):
            if isinstance(value, Raised):
                yield after, Stream(done, value, reads)
            else:
                yield from onward(after, waiting[1:], (*done, storable(value)))

    yield from onward(path, values[1:], values[:1])


def _islice(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    iterable, *bounds = arguments
    if not all(each is None or isinstance(each, int) for each in bounds):
        raise UnsupportedError("islice up to an unknown place is not covered")
    values, ending = drawn(iterable)
    if ending is not None:
        raise UnsupportedError("islice of an iterator that raises is not covered")
    try:
        part = tuple(itertools.islice(values, *bounds))
    except ValueError:
        yield path, Raised("ValueError")
        return
    yield path, Stream(part, None, _reads(iterable))


def _chained(run: Evaluator, path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    (parts,) = arguments
    joined = tuple(item for part in items(parts) for item in items(part))
    yield path, Stream(joined, None, _reads(parts))


def _product(run: Evaluator, path: Path, arguments: list[Value], *, repeat: Value = 1) -> Outcomes:
    if not isinstance(repeat, int):
        raise UnsupportedError("product with an unknown repeat is not covered")
    change = functools.partial(itertools.product, repeat=repeat)
    yield from _made(change)(run, path, arguments)


ITERATORS: dict[Any, Callable[..., Outcomes]] = {
    enumerate: _enumerate,
    filter: _filtered(keep=True),
    iter: _iter,
    itertools.accumulate: _accumulate,
    itertools.chain: _made(itertools.chain),
    itertools.chain.from_iterable: _chained,
    itertools.combinations: _made(itertools.combinations),
    itertools.combinations_with_replacement: _made(itertools.combinations_with_replacement),
    itertools.dropwhile: _while(taking=False),
    itertools.filterfalse: _filtered(keep=False),
    itertools.groupby: _groupby,
    itertools.islice: _islice,
    itertools.pairwise: _made(itertools.pairwise),
    itertools.permutations: _made(itertools.permutations),
    itertools.product: _product,
    itertools.takewhile: _while(taking=True),
    map: _map,
    next: _next,
    reversed: _reversed,
    zip: _zip,
}

ITERATORS_KEYED: dict[Any, Callable[..., Outcomes]] = {
    enumerate: _enumerate,
    itertools.accumulate: _accumulate,
    itertools.groupby: _groupby,
    itertools.product: _product,
    zip: _zip,
}
"""The iterators called with keywords."""
