"""What a table of values takes in bits: a program must be cheaper to say anything."""

from collections.abc import Iterable

from dlcompare.tasks.types import Value

__all__ = ["table_bits"]


def table_bits(values: Iterable[Value]) -> int:
    """The bits of a table of values: what a program must undercut to say anything.

    An integer takes its Elias gamma code and a sign, a list that of its length and its elements.

    Examples
    --------
    >>> table_bits([[], [0, 5]])
    11
    """
    return sum(_bits(value) for value in values)


def _bits(value: Value) -> int:
    if isinstance(value, bool):
        return 1
    if isinstance(value, list):
        return _gamma(len(value)) + table_bits(value)
    if isinstance(value, str):
        return _gamma(len(value)) + 7 * len(value)
    if isinstance(value, tuple):
        return table_bits(value)
    return _gamma(abs(value)) + int(value != 0)


def _gamma(number: int) -> int:
    return 2 * len(f"{number + 1:b}") - 1
