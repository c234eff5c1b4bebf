"""Detect side effects of a function: arguments or earlier results that it changes.

A task passes copies to its function and copies the results, so that neither effect falsifies an
example. Both would surprise other callers of the function, so they are reported.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from dlcompare.tasks.calling import shown
from dlcompare.tasks.types import Value

__all__ = ["conduct", "copied", "global_randomness"]

_HOLDING = frozenset({list, tuple})


def copied(value: Any) -> Any:
    """Return a copy of inputs or of a value that a function may change without harm."""
    if isinstance(value, Mapping):
        return {name: copied(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        holds_others = not _HOLDING.isdisjoint(map(type, value))
        return type(value)(map(copied, value) if holds_others else value)
    return value


def conduct(function: Callable[..., Value], rows: Iterable[Mapping[str, Value]]) -> list[str]:
    """List what a function does besides answering, one sentence each.

    Parameters
    ----------
    function : callable
        The function; it answers every row.
    rows : iterable of mapping
        Its arguments by name.

    Examples
    --------
    >>> def ordered(xs):
    ...     xs.sort()
    ...     return xs
    >>> print(*conduct(ordered, [{"xs": [3, 1]}]))
    it changes its argument xs=[3, 1]; the task works on copies, other callers may not
    """
    found: dict[str, str] = {}
    last: Value = None
    kept: Value = None
    for row in rows:
        given = copied(row)
        output = function(**given)
        for name, value in row.items():
            if given[name] != value:
                found.setdefault(
                    "argument",
                    f"it changes its argument {name}={shown(value)}; the task works on copies, "
                    "other callers may not",
                )
        if last != kept:
            found.setdefault(
                "result",
                f"it hands out the same list again: the result {shown(kept)} became {shown(last)} "
                "in the next call; the task works on copies, other callers may not",
            )
        last, kept = output, copied(output)
    return list(found.values())


def global_randomness() -> str:
    """Return a hash of the state of the global random generators, which any draw changes."""
    states = repr((random.getstate(), np.random.get_state()))
    return hashlib.sha256(states.encode()).hexdigest()
