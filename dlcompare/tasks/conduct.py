"""Side effects of a function: arguments that it changes, results that it changes afterwards.

A task hands copies to its function and takes copies of what comes back, so that neither falsifies
an example. Both surprise whoever calls the function elsewhere, and are told.
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
    """Return a copy of inputs or of a value, which a function may change without harm."""
    if isinstance(value, Mapping):
        return {name: copied(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        holds_others = not _HOLDING.isdisjoint(map(type, value))
        return type(value)(map(copied, value) if holds_others else value)
    return value


def conduct(function: Callable[..., Value], rows: Iterable[Mapping[str, Value]]) -> list[str]:
    """Return what a function does beside answering, a sentence each.

    Parameters
    ----------
    function : callable
        It answers every row.
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
    """Return a hash of the state of the global random generators: whoever draws changes it."""
    states = repr((random.getstate(), np.random.get_state()))
    return hashlib.sha256(states.encode()).hexdigest()
