"""Systems of linear equations over the integers modulo a number, by Gauss-Jordan elimination."""

from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt

__all__ = ["MOST_UNKNOWNS", "PRIME", "SURPLUS", "Ints", "Solution", "determined", "solve"]

PRIME = 2**31 - 1
"""A modulus for equations over ℤ: the products of two remainders fit in 64 bits."""

SURPLUS = 10
"""The least number of examples beyond the rank of their system.

The chance that random outputs meet that many more equations is at most one in 2¹⁰.
"""

MOST_UNKNOWNS = 256
_MOST_EQUATIONS = 1_000
"""More examples would only take time."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Solution:
    """A solution of a system.

    Attributes
    ----------
    values : (unknowns,) array
        Remainders; 0 for the free unknowns.
    free : tuple of int
        The unknowns that no equation determines.
    """

    values: Ints
    free: tuple[int, ...]


def solve(coefficients: Ints, outputs: Ints, modulus: int) -> Solution | None:
    """Return a solution of ``coefficients @ values == outputs`` modulo a number.

    Parameters
    ----------
    coefficients : (equations, unknowns) array
        The system.
    outputs : (equations,) array
        The right-hand sides.
    modulus : int
        From 2 to 2³¹ − 1; if it is no prime, a solution may be missed.

    Returns
    -------
    Solution or None
        None if the equations contradict each other, or if no unit is left to divide by.

    Examples
    --------
    >>> solve(np.array([[1, 1], [0, 1], [1, 0]]), np.array([0, 1, 1]), 2).values
    array([1, 1])
    """
    system = np.column_stack([coefficients, outputs]).astype(np.int64) % modulus
    free: list[int] = []
    pivots: list[int] = []
    for unknown in range(coefficients.shape[1]):
        rank = len(pivots)
        left = np.flatnonzero(system[rank:, unknown])
        units = (r for r in left.tolist() if gcd(int(system[rank + r, unknown]), modulus) == 1)
        unit = next(units, None)
        if unit is None:
            if len(left):
                return None
            free.append(unknown)
            continue
        system[[rank, rank + unit]] = system[[rank + unit, rank]]
        inverse = pow(int(system[rank, unknown]), -1, modulus)
        system[rank] = system[rank] * inverse % modulus
        others = np.flatnonzero(system[:, unknown])
        others = others[others != rank]
        products = system[others, unknown, None] * system[rank] % modulus
        system[others] = (system[others] - products) % modulus
        pivots.append(unknown)
    if system[len(pivots) :, -1].any():
        return None
    values = np.zeros(coefficients.shape[1], np.int64)
    values[pivots] = system[: len(pivots), -1]
    return Solution(values, tuple(free))


def determined(coefficients: Ints, outputs: Ints, modulus: int) -> Ints | None:
    """Return the coefficients and the constant of a linear function, if the examples determine it.

    It is solved from the first examples; whether it is right on the others is for the caller.

    Parameters
    ----------
    coefficients : (examples, unknowns) array
        The features of every example.
    outputs : (examples,) array
        The value of the function.
    modulus : int
        As for `solve`.

    Returns
    -------
    (unknowns + 1,) array or None
        None if no function is linear on the examples, if several are, apart from the constant and
        from features that are always 0, or if the examples exceed the rank by less than `SURPLUS`.
    """
    examples, unknowns = coefficients.shape
    examples = min(examples, _MOST_EQUATIONS)
    coefficients, outputs = coefficients[:examples], outputs[:examples]
    used = np.flatnonzero(coefficients.any(axis=0))
    if len(used) > MOST_UNKNOWNS or examples < len(used) + SURPLUS:
        return None
    system = np.column_stack([coefficients[:, used], np.ones(examples, np.int64)])
    solution = solve(system, outputs, modulus)
    if solution is None or any(unknown < len(used) for unknown in solution.free):
        return None
    if examples < len(used) + 1 - len(solution.free) + SURPLUS:
        return None
    values = np.zeros(unknowns + 1, np.int64)
    values[used], values[-1] = solution.values[:-1], solution.values[-1]
    return values
