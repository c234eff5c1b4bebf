"""Rearranging and summarising lists."""

from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.task import task


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": [12, 16, 32, 64, 128, 256, 512], "magnitude": [1_000, 10_000, 1_000_000]},
    without={"reverse"},
)
def reverse(xs: list[int]) -> list[int]:
    """Write a list backwards.

    reverse([31, 4, 15]) == [15, 4, 31]
    """
    return xs[::-1]
