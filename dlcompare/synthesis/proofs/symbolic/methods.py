"""Non-mutating methods of lists, tuples and ranges on symbolic values."""

import functools
from collections.abc import Callable, Iterator

from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbols import (
    Integer,
    Linear,
    indicator,
    negation,
    total,
)
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    UnsupportedError,
    Value,
    equality,
)

__all__ = ["METHODS"]

Outcomes = Iterator[tuple[Path, Value]]


def _listed(owner: Value) -> tuple[Value, ...]:
    if owner.kind not in ("list", "tuple", "range"):
        raise UnsupportedError(f"this method of a {owner.kind} is not covered")
    elements: tuple[Value, ...] = owner.items
    return elements


def _count(run: Evaluator, path: Path, owner: Value, wanted: Value) -> Outcomes:  # noqa: ARG001
    listed = _listed(owner)
    if all(isinstance(item, Linear) for item in listed):  # the order makes no difference
        listed = tuple(sorted(listed, key=_first_atom))
    yield path, _count_in(listed, wanted)


def _first_atom(value: Linear) -> int:
    return value.terms[0][0].number


@functools.lru_cache(maxsize=1 << 14)
def _count_in(items: tuple[Value, ...], wanted: Value) -> Integer:
    """Return a count without simplification by the path, so that equal counts are identical."""
    return total(indicator(equality(item, wanted)) for item in items)


def _index(run: Evaluator, path: Path, owner: Value, wanted: Value) -> Outcomes:  # noqa: ARG001
    rest: Path | None = path
    for place, item in enumerate(_listed(owner)):
        same = equality(item, wanted)
        here = None if rest is None else rest.assume(same)
        if here is not None:
            yield here, place
        rest = None if rest is None else rest.assume(negation(same))
    if rest is not None:
        yield rest, Raised("ValueError")


def _copy(run: Evaluator, path: Path, owner: Value) -> Outcomes:  # noqa: ARG001
    if owner.kind not in ("list", "set"):
        raise UnsupportedError(f"copying a {owner.kind} is not covered")
    yield path, owner


METHODS: dict[str, Callable[..., Outcomes]] = {"copy": _copy, "count": _count, "index": _index}
"""By name: (run, path, owner, arguments...) -> outcomes."""
