"""Sorting and its kin."""

import itertools

from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.task import task


def ordered(xs: list[int], result: list[int]) -> bool:
    """The result is in ascending order and has every value as often as the input."""
    ascending = all(a <= b for a, b in itertools.pairwise(result))
    return ascending and all(result.count(x) == xs.count(x) for x in [*xs, *result])


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": [12, 16, 32, 64, 128, 256, 512], "magnitude": [1_000, 10_000, 1_000_000]},
    without={"sort"},
    ensures=ordered,
)
def sorting(xs: list[int]) -> list[int]:
    """Sort a list of integers into ascending order.

    sorting([31, 4, 15, 4]) == [4, 4, 15, 31]
    """
    return sorted(xs)
