"""Arithmetic on integers."""

from dlcompare.tasks.samplers import ints
from dlcompare.tasks.task import task


@task(
    inputs={"a": ints(0, 999), "b": ints(0, 999)},
    train={"digits": [1, 2, 3]},
    test={"digits": [4, 5, 6, 8, 12, 16, 20]},
    without={"add", "subtract", "sum"},
)
def addition(a: int, b: int) -> int:
    """Add two non-negative integers.

    addition(58, 67) == 125

    Addition and subtraction are withheld from programs (a - (0 - b) is an addition too), and so is
    the sum of a list; counting up by one is not.
    """
    return a + b
