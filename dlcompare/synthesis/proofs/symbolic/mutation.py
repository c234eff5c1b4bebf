"""Methods that mutate a list or a set: its value afterwards, and their result."""

from collections.abc import Callable, Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.ordering import in_order
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbolic_arithmetic import integers_of
from dlcompare.synthesis.proofs.symbolic.symbols import any_of, negation
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    equality,
    is_hashable,
    items,
    storable,
    whole,
)

__all__ = ["CHANGES", "assigned_at"]

Changes = Iterator[tuple[Path, Sequence, Value]]
"""A path, the list after the change, and the result of the method."""


def _list(owner: Sequence, *parts: tuple[Value, ...]) -> Sequence:
    if owner.kind != "list":
        raise UnsupportedError(f"this method of a {owner.kind} is not covered")
    return Sequence("list", tuple(storable(each) for part in parts for each in part))


def _append(run: Evaluator, path: Path, owner: Sequence, value: Value) -> Changes:  # noqa: ARG001
    yield path, _list(owner, owner.items, (value,)), None


def _extend(run: Evaluator, path: Path, owner: Sequence, values: Value) -> Changes:  # noqa: ARG001
    yield path, _list(owner, owner.items, items(values)), None


def _clear(run: Evaluator, path: Path, owner: Sequence) -> Changes:  # noqa: ARG001
    yield path, Sequence(owner.kind, ()), None


def _reverse(run: Evaluator, path: Path, owner: Sequence) -> Changes:  # noqa: ARG001
    yield path, _list(owner, owner.items[::-1]), None


def _insert(
    run: Evaluator,  # noqa: ARG001
    path: Path,
    owner: Sequence,
    index: Value,
    value: Value,
) -> Changes:
    held = owner.items
    for after, place in integers_of(whole(index), -len(held), len(held), path):
        yield after, _list(owner, held[:place], (value,), held[place:]), None


def _pop(run: Evaluator, path: Path, owner: Sequence, index: Value = -1) -> Changes:  # noqa: ARG001
    held = owner.items
    for after, place in integers_of(whole(index), -len(held) - 1, len(held), path):
        if -len(held) <= place < len(held):
            at = place % len(held)
            yield after, _list(owner, held[:at], held[at + 1 :]), held[at]
        else:
            yield after, owner, Raised("IndexError")


def _remove(run: Evaluator, path: Path, owner: Sequence, value: Value) -> Changes:  # noqa: ARG001
    held = _list(owner, owner.items).items
    rest: Path | None = path
    for place, item in enumerate(held):
        if rest is None:
            return
        same = equality(item, value)
        here = rest.assume(same)
        if here is not None:
            yield here, _list(owner, held[:place], held[place + 1 :]), None
        rest = rest.assume(negation(same))
    if rest is not None:
        yield rest, owner, Raised("ValueError")


def _sort(
    run: Evaluator,
    path: Path,
    owner: Sequence,
    *,
    key: Value = None,
    reverse: Value = False,
) -> Changes:
    listed = _list(owner, owner.items)
    for after, result in in_order(run, path, [listed], key=key, reverse=reverse):
        raised = isinstance(result, Raised)
        yield after, owner if raised else result, result if raised else None


def _add(run: Evaluator, path: Path, owner: Sequence, value: Value) -> Changes:  # noqa: ARG001
    if owner.kind != "set":
        raise UnsupportedError(f"the method add of a {owner.kind} is not covered")
    if not is_hashable(value):
        yield path, owner, Raised("TypeError")
        return
    for after, there in path.split(any_of(equality(value, each) for each in owner.items)):
        yield after, owner if there else Sequence("set", (*owner.items, value)), None


def assigned_at(owner: Sequence, index: Value, value: Value, path: Path) -> Iterator[Any]:
    """Yield the list after ``owner[index] = value``, on every path.

    Parameters
    ----------
    owner : Sequence
        The list.
    index, value : Value
    path : Path
    """
    held = _list(owner, owner.items).items
    for after, place in integers_of(whole(index), -len(held) - 1, len(held), path):
        if -len(held) <= place < len(held):
            at = place % len(held)
            yield after, _list(owner, held[:at], (value,), held[at + 1 :])
        else:
            yield after, Raised("IndexError")


CHANGES: dict[str, Callable[..., Changes]] = {
    "add": _add,
    "append": _append,
    "clear": _clear,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _remove,
    "reverse": _reverse,
    "sort": _sort,
}
"""By name: (run, path, list, arguments...) -> outcomes."""
