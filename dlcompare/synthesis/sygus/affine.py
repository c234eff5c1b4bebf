"""Linear equations that hold in all given states (Karr, 1976)."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

__all__ = ["equations"]

Row = list[Fraction]


def equations(states: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Return a basis of the equations ``a·x + b = 0`` that hold in all states.

    Parameters
    ----------
    states : sequence of sequence of int
        Values of the variables, equally many per state.

    Returns
    -------
    list of tuple of int
        The coefficients, followed by the constant.

    Examples
    --------
    >>> equations([(0, 5), (1, 7), (3, 11)])
    [(2, -1, 5)]
    """
    if not states:
        return []
    reduced = _reduced([[*map(Fraction, state), Fraction(1)] for state in states])
    width = len(states[0]) + 1
    pivots = [next(i for i, value in enumerate(row) if value) for row in reduced]
    found = []
    for free in range(width):
        if free in pivots:
            continue
        vector = [Fraction(0)] * width
        vector[free] = Fraction(1)
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free]
        scale = lcm(*(value.denominator for value in vector))
        found.append(tuple(int(value * scale) for value in vector))
    return found


def _reduced(rows: list[Row]) -> list[Row]:
    """Return the rows in reduced echelon form, without those that are zero."""
    done: list[Row] = []
    for column in range(len(rows[0])):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows = [row for row in rows if row is not pivot]
        pivot = [value / pivot[column] for value in pivot]
        rows = [_without(row, pivot, column) for row in rows]
        done = [*(_without(row, pivot, column) for row in done), pivot]
    return done


def _without(row: Row, pivot: Row, column: int) -> Row:
    return [value - row[column] * other for value, other in zip(row, pivot, strict=True)]
