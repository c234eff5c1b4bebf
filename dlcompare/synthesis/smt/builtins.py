"""Python's builtins and methods of lists on symbolic values."""

import ast
import functools
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from dlcompare.synthesis.smt.arithmetic import operate
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.symbols import (
    Integer,
    Linear,
    all_of,
    any_of,
    choose,
    indicator,
    less,
    negation,
    plus,
    total,
)
from dlcompare.synthesis.smt.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    equality,
    is_concrete,
    is_integer,
    order,
    truth,
    whole,
)

if TYPE_CHECKING:
    from dlcompare.synthesis.smt.execution import Execution

__all__ = ["BUILTINS", "KEYED", "METHODS", "summed"]

Outcomes = Iterator[tuple[Path, Value]]


def _items(value: Value) -> tuple[Value, ...]:
    from dlcompare.synthesis.smt.execution import items

    return items(value)


def _len(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, len(_items(arguments[0]))


def _abs(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    value = whole(arguments[0])
    yield path, choose(path.simplified(less(value, 0)), plus(0, value, -1), value)


def _sum(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    if len(arguments) > 1:
        raise UnsupportedError("sum with a start is not covered")
    yield path, total(map(whole, _items(arguments[0])))


def _all(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, path.simplified(all_of(map(truth, _items(arguments[0]))))


def _any(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, path.simplified(any_of(map(truth, _items(arguments[0]))))


def _bool(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    yield path, path.simplified(truth(arguments[0]))


def _int(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    if isinstance(arguments[0], str):
        raise UnsupportedError("numbers read from text are not covered")
    yield path, whole(arguments[0])


def _extreme(sign: int) -> Callable[..., Outcomes]:
    """min (sign 1) or max (sign -1)."""

    def call(
        run: "Execution",
        path: Path,
        arguments: list[Value],
        key: Value = None,
        default: Value = None,
    ) -> Outcomes:
        values = _items(arguments[0]) if len(arguments) == 1 else tuple(arguments)
        if not values:
            yield path, Raised("ValueError") if default is None else default
        elif key is None and all(map(is_integer, values)):
            best: Integer = whole(values[0])
            for value in map(whole, values[1:]):
                first, second = (value, best) if sign > 0 else (best, value)
                best = choose(path.simplified(less(first, second)), value, best)
            yield path, best
        else:
            yield from _best(run, path, values, key, sign)

    return call


def _keyed(run: "Execution", path: Path, values: tuple[Value, ...], key: Value) -> Iterator[Any]:
    """Pairs of a key and its value, for every value."""
    if key is None or not values:
        yield path, tuple((value, value) for value in values)
        return
    for after, first in run.call(key, [values[0]], path):
        if isinstance(first, Raised):
            yield after, first
            continue
        for end, rest in _keyed(run, after, values[1:], key):
            yield end, rest if isinstance(rest, Raised) else ((first, values[0]), *rest)


def _best(
    run: "Execution", path: Path, values: tuple[Value, ...], key: Value, sign: int
) -> Outcomes:
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


def _sorted(
    run: "Execution", path: Path, arguments: list[Value], key: Value = None, reverse: Value = False
) -> Outcomes:
    for after, pairs in _keyed(run, path, _items(arguments[0]), key):
        if isinstance(pairs, Raised):
            yield after, pairs
            continue
        for end, ascending in _inserted(after, pairs, (), reverse):
            yield end, Sequence("list", tuple(value for _, value in ascending))


def _inserted(path: Path, waiting: Any, done: Any, falling: bool) -> Iterator[Any]:
    """Stable insertion: each behind those that it does not precede."""
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


def _range(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:
    if all(map(is_concrete, arguments)):
        yield path, Sequence("list", tuple(range(*arguments)))
        return
    if len(arguments) > 2:
        raise UnsupportedError("range with a step from unknown numbers is not covered")
    start, stop = (0, arguments[0]) if len(arguments) == 1 else arguments
    count = plus(whole(stop), whole(start), -1)
    for after, rounds in run.counts(count, path):
        yield after, Sequence("list", tuple(plus(whole(start), i) for i in range(rounds)))


def _distinct(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    def add(path: Path, waiting: tuple[Value, ...], done: tuple[Value, ...]) -> Iterator[Any]:
        if not waiting:
            yield path, done
            return
        for after, there in path.split(any_of(equality(waiting[0], each) for each in done)):
            yield from add(after, waiting[1:], done if there else (*done, waiting[0]))

    for after, kept in add(path, _items(arguments[0]) if arguments else (), ()):
        yield after, Sequence("set", kept)


def _made(kind: str, change: Callable[..., Any]) -> Callable[..., Outcomes]:
    """A builtin whose elements do not hang on what is not known."""

    def call(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
        made = change(*[_items(a) if isinstance(a, Sequence | str) else a for a in arguments])
        yield path, Sequence(kind, tuple(_tupled(each) for each in made))

    return call


def _tupled(value: Value) -> Value:
    return Sequence("tuple", value) if isinstance(value, tuple) else value


def _map(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:
    function, *columns = arguments
    rows = list(zip(*map(_items, columns), strict=False))

    def onward(path: Path, place: int, done: tuple[Value, ...]) -> Outcomes:
        if place == len(rows):
            yield path, Sequence("list", done)
            return
        for after, value in run.call(function, list(rows[place]), path):
            if isinstance(value, Raised):
                yield after, value
            else:
                yield from onward(after, place + 1, (*done, value))

    yield from onward(path, 0, ())


def _reduce(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:
    function, sequence, *start = arguments
    values = (*start, *_items(sequence))
    if not values:
        yield path, Raised("TypeError")
        return

    def onward(path: Path, sofar: Value, waiting: tuple[Value, ...]) -> Outcomes:
        if not waiting or isinstance(sofar, Raised):
            yield path, sofar
            return
        for after, value in run.call(function, [sofar, waiting[0]], path):
            yield from onward(after, value, waiting[1:])

    yield from onward(path, values[0], values[1:])


def _while(taking: bool) -> Callable[..., Outcomes]:
    """takewhile, or dropwhile: decided element by element."""

    def call(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:
        keep, values = arguments[0], _items(arguments[1])

        def onward(path: Path, place: int) -> Outcomes:
            part = values[:place] if taking else values[place:]
            if place == len(values):
                yield path, Sequence("list", part)
                return
            for after, verdict in run.call(keep, [values[place]], path):
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


def _next(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    values = _items(arguments[0])
    if not values and len(arguments) == 1:
        yield path, Raised("StopIteration")
    else:
        yield path, values[0] if values else arguments[1]


def _groupby(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    if len(arguments) > 1:
        raise UnsupportedError("groupby with a key is not covered")
    values = _items(arguments[0])

    def onward(path: Path, place: int, groups: tuple[tuple[Value, ...], ...]) -> Outcomes:
        if place == len(values):
            pairs = (Sequence("tuple", (g[0], Sequence("list", g))) for g in groups)
            yield path, Sequence("list", tuple(pairs))
            return
        value = values[place]
        if not groups:
            yield from onward(path, place + 1, ((value,),))
            return
        for after, same in path.split(equality(groups[-1][0], value)):
            more = (*groups[:-1], (*groups[-1], value)) if same else (*groups, (value,))
            yield from onward(after, place + 1, more)

    yield from onward(path, 0, ())


def _divmod(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:  # noqa: ARG001
    first, second = arguments
    for after, quotient in operate(ast.FloorDiv(), first, second, path):
        if isinstance(quotient, Raised):
            yield after, quotient
            continue
        for end, rest in operate(ast.Mod(), first, second, after):
            yield end, Sequence("tuple", (quotient, rest))


def _accumulate(run: "Execution", path: Path, arguments: list[Value]) -> Outcomes:
    values = _items(arguments[0])
    if len(arguments) == 1:
        yield path, Sequence("list", tuple(itertools.accumulate(map(whole, values), plus)))
        return

    def onward(path: Path, waiting: tuple[Value, ...], done: tuple[Value, ...]) -> Outcomes:
        if not waiting:
            yield path, Sequence("list", done)
            return
        for after, value in run.call(arguments[1], [done[-1], waiting[0]], path):
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
    min: _extreme(1),
    max: _extreme(-1),
    sorted: _sorted,
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
    sorted: _sorted,
    min: BUILTINS[min],
    max: BUILTINS[max],
    zip: lambda run, path, arguments, strict: BUILTINS[zip](run, path, arguments),  # noqa: ARG005
}
"""Builtins that are called with keywords."""


def _count(run: "Execution", path: Path, values: list[Value]) -> Outcomes:  # noqa: ARG001
    owner, wanted = values
    listed = owner.items
    if all(isinstance(item, Linear) for item in listed):  # the order makes no difference
        listed = tuple(sorted(listed, key=_first_atom))
    yield path, _count_in(listed, wanted)


def _first_atom(value: Linear) -> int:
    return value.terms[0][0].number


@functools.lru_cache(maxsize=1 << 14)
def _count_in(items: tuple[Value, ...], wanted: Value) -> Integer:
    """Not simplified by what a path knows: so counts of the same values are the same."""
    return total(indicator(equality(item, wanted)) for item in items)


def _index(run: "Execution", path: Path, values: list[Value]) -> Outcomes:  # noqa: ARG001
    owner, wanted = values
    rest: Path | None = path
    for place, item in enumerate(owner.items):
        same = equality(item, wanted)
        here = None if rest is None else rest.assume(same)
        if here is not None:
            yield here, place
        rest = None if rest is None else rest.assume(negation(same))
    if rest is not None:
        yield rest, Raised("ValueError")


METHODS: dict[str, Callable[..., Outcomes]] = {"count": _count, "index": _index}


def summed(
    run: "Execution", function: Any, node: ast.GeneratorExp, names: Any, path: Path
) -> Outcomes:
    """``sum``, ``all`` or ``any`` of a generator: its conditions need not split the path."""
    collected: list[tuple[Any, Value]] = []
    if _collect(run, node.elt, node.generators, names, path, True, function is not sum, collected):
        if function is sum:
            parts = (choose(guard, whole(value), 0) for guard, value in collected)
            yield path, total(parts)
        elif function is any:
            found = any_of(all_of([guard, truth(value)]) for guard, value in collected)
            yield path, path.simplified(found)
        else:
            kept = all_of(any_of([negation(guard), truth(value)]) for guard, value in collected)
            yield path, path.simplified(kept)
        return
    listed = ast.ListComp(node.elt, node.generators)
    for after, value in run.evaluate(listed, names, path):
        if isinstance(value, Raised):
            yield after, value
        else:
            yield from BUILTINS[function](run, after, [value])


def _collect(
    run: "Execution",
    element: ast.expr,
    generators: list[ast.comprehension],
    names: Any,
    path: Path,
    guard: Any,
    distinct: bool,
    collected: list[tuple[Any, Value]],
) -> bool:
    """The elements with what each hangs on; False where a path splits or something is raised."""
    from dlcompare.synthesis.smt.execution import _scoped

    def alone(node: ast.expr, names: Any, path: Path) -> Any:
        found = list(itertools.islice(run.evaluate(node, names, path), 2))
        if len(found) != 1 or found[0][0] is not path or isinstance(found[0][1], Raised):
            return None
        return found[0]

    if not generators:
        found = alone(element, names, path)
        if found is None:
            return False
        collected.append((guard, found[1]))
        return True
    first, *rest = generators
    sequence = alone(first.iter, names, path)
    if sequence is None:
        return False
    values = _items(sequence[1])
    if distinct:
        values = tuple(dict.fromkeys(values))
    for item in values:
        inner, here, also = _scoped(names).unpacked(first.target, item), path, guard
        for test in first.ifs:
            verdict = alone(test, inner, here)
            if verdict is None:
                return False
            holds = here.simplified(truth(verdict[1]))
            onward = here.assume(holds)
            also = all_of([also, holds])
            if onward is None or also is False:
                also = False
                break
            here = onward
        if also is not False and not _collect(
            run, element, rest, inner, here, also, distinct, collected
        ):
            return False
    return True
