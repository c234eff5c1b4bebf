"""Arrange lists: the order of the elements and the share of repeats, two knobs of `lists`."""

import numpy as np

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.types import Value

__all__ = ["ORDERS", "arrange", "repeat"]

ORDERS = ("shuffled", "ascending", "descending", "nearly_sorted")
"""Orders of a list; ``shuffled`` leaves it as drawn."""


def arrange(values: list[Value], order: str, rng: np.random.Generator) -> list[Value]:
    """Return the values in `order`; nearly sorted means that one pair in ten is exchanged.

    Raises
    ------
    InputError
        If there is no such order.
    """
    if order not in ORDERS:
        raise InputError(f"order={order!r} must be one of {', '.join(ORDERS)}")
    if order == "shuffled" or len(values) < 2:
        return values
    values = sorted(values, reverse=order == "descending")
    if order == "nearly_sorted":
        for i in rng.integers(0, len(values) - 1, size=max(1, len(values) // 10)):
            values[i], values[i + 1] = values[i + 1], values[i]
    return values


def repeat(values: list[Value], share: float, rng: np.random.Generator) -> list[Value]:
    """Replace a `share` of the elements of a list by copies of the others.

    Raises
    ------
    InputError
        If the share is not between 0 and 1.
    """
    if not 0 <= share < 1:
        raise InputError(f"duplicates={share!r} must be a share: at least 0, and less than 1")
    kept = max(1, round(len(values) * (1 - share))) if values else 0
    copies = rng.integers(0, max(1, kept), size=len(values) - kept)
    repeated = values[:kept] + [values[i] for i in copies]
    return [repeated[i] for i in rng.permutation(len(repeated))]
