"""Integers that a program may name: a few small ones, and those that the outputs share.

A constant is used only if at least two examples share it, so that no program can spell out its
examples one by one.
"""

from collections import Counter
from collections.abc import Iterable

from dlcompare.tasks.types import Value

__all__ = ["constants_of"]

SMALL = {2: 7, 3: 8, 4: 8, 5: 8, 6: 9, 7: 9, 8: 9, 9: 9, 10: 8}
"""Small integers with their costs in bits."""

SHARED_COST = 8
MOST_SHARED = 4


def constants_of(outputs: Iterable[Value]) -> dict[int, int]:
    """The constants for examples with these outputs, with their costs in bits.

    Shared ones occur in at least two outputs and in at least half of them.

    Examples
    --------
    >>> constants_of([[4, 17], [17], [0, 17, 17]])[17]
    8
    """
    outputs = list(outputs)
    counts = Counter(value for output in outputs for value in set(_integers(output)))
    least = max(2, -(-len(outputs) // 2))
    shared = [
        value
        for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if count >= least and value not in SMALL and value not in (0, 1)
    ]
    return SMALL | dict.fromkeys(shared[:MOST_SHARED], SHARED_COST)


def _integers(value: Value) -> list[int]:
    if isinstance(value, list):
        return [inner for element in value for inner in _integers(element)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []
