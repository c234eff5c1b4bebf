"""The description length of a table of values, and tables that list a whole domain."""

from collections.abc import Iterable
from math import prod

from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import Type, Value, freeze

__all__ = ["lists_whole_domain", "output_bits", "table_bits"]

_LABEL = 8
"""Bits of a text that is a constant of a program or an entry in a list of exceptions.

Such a text may be a label: its letters carry no information, and there are few labels.
"""


def table_bits(values: Iterable[Value]) -> int:
    """Return the description length, in bits, of a table of values.

    A program must be shorter than this to explain anything. An integer takes its Elias gamma code
    and a sign; a list takes the code of its length and those of its elements.

    Examples
    --------
    >>> table_bits([[], [0, 5]])
    11
    """
    return sum(_bits(value) for value in values)


def output_bits(value: Value) -> int:
    """Return the bits of one output, as an exception or a literal of a program."""
    return min(table_bits([value]), _LABEL) if isinstance(value, str) else table_bits([value])


def lists_whole_domain(signature: Signature, examples: Examples) -> bool:
    """Return whether the examples cover the whole domain.

    If so, no unseen input remains, and a program need not be shorter than the table. The domain is
    finite if every parameter is a truth value or a tuple of truth values.

    Examples
    --------
    >>> from dlcompare.tasks.types import BOOL
    >>> negation = Signature("negation", (("p", BOOL),), BOOL)
    >>> lists_whole_domain(negation, Examples({"p": (True, False)}, (False, True)))
    True
    >>> lists_whole_domain(negation, Examples({"p": (True, True)}, (False, False)))
    False
    """
    sizes = [_size(type_) for _, type_ in signature.parameters]
    if None in sizes:
        return False
    distinct = {tuple(map(freeze, row.values())) for row in examples.rows()}
    return len(distinct) == prod(size for size in sizes if size is not None)


def _size(type_: Type) -> int | None:
    """Return the number of values of a type; None if it is infinite."""
    if type_.name == "bool":
        return 2
    if type_.name != "tuple":
        return None
    sizes = [_size(part) for part in type_.parameters]
    return None if None in sizes else prod(size for size in sizes if size is not None)


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
