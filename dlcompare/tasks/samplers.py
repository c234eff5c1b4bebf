"""Make samplers of inputs, with named knobs.

A sampler draws values of one type. A *setting* maps knobs to values and may be partial: a knob
that it does not name keeps the sampler's own default. The axes of a task turn these knobs.

==============  ==========  =====================================================================
sampler         knob        meaning
==============  ==========  =====================================================================
`ints`          magnitude   absolute values below this number (the lower end stays where it is ≥ 0)
`ints`          digits      exactly this many decimal digits, no leading zero (one digit: 0 to 9)
`lists`         length      number of elements
`lists`         order       shuffled, ascending, descending or nearly_sorted
`lists`         duplicates  the share of elements that are copies of others
`strings`       length      number of characters
`permutations`  length      number of elements
==============  ==========  =====================================================================

A quarter of all lists are drawn from a narrow range, so that equal and adjacent values occur and
the function can be identified from few examples. Lists and tuples pass on the knobs of their
elements.
"""

from dlcompare.tasks.arrangements import ORDERS
from dlcompare.tasks.distributions import (
    Bools,
    Choices,
    Ints,
    Lists,
    Permutations,
    Sampler,
    Setting,
    Strings,
    Tuples,
)
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.types import Value, from_annotation

__all__ = [
    "Sampler",
    "Setting",
    "bools",
    "choices",
    "ints",
    "lists",
    "permutations",
    "strings",
    "tuples",
]


def ints(low: int, high: int) -> Ints:
    """Sample integers uniformly between `low` and `high`, both inclusive. Knobs: magnitude, digits.

    Raises
    ------
    InputError
        If `low` is above `high`.
    """
    if low > high:
        raise InputError(f"ints(low={low!r}, high={high!r}): low must not be above high")
    return Ints(low, high)


def bools() -> Bools:
    """Sample truth values, both equally likely."""
    return Bools()


def strings(alphabet: str, length: range = range(9)) -> Strings:
    """Sample strings over `alphabet`. Knob: length.

    Raises
    ------
    InputError
        If the alphabet or the range of lengths is empty.
    """
    if not alphabet:
        raise InputError("strings(alphabet=''): the alphabet must have at least one character")
    return Strings(alphabet, *_ends(length))


def choices(*values: Value) -> Choices:
    """Sample one of `values`, all equally likely.

    Raises
    ------
    InputError
        If there are none, or they are not all bool, all int or all str.
    """
    kinds = {type(value) for value in values}
    if len(kinds) != 1 or not kinds <= {bool, int, str}:
        raise InputError(f"choices{values!r}: give values that are all bool, all int or all str")
    return Choices(values, from_annotation(kinds.pop()))


def lists(elements: Sampler, length: range = range(9), order: str = "shuffled") -> Lists:
    """Sample lists of `elements`. Knobs: length, order, duplicates, and those of the elements.

    Raises
    ------
    InputError
        If the range of lengths is empty, or there is no such order.
    """
    if order not in ORDERS:
        raise InputError(f"order={order!r} must be one of {', '.join(ORDERS)}")
    return Lists(elements, *_ends(length), order)


def permutations(length: range = range(1, 9)) -> Permutations:
    """Sample permutations of the numbers from 0 upwards. Knob: length.

    Raises
    ------
    InputError
        If the range of lengths is empty.
    """
    return Permutations(*_ends(length))


def tuples(*components: Sampler) -> Tuples:
    """Sample tuples with one value of every sampler. Knobs: those of the components.

    Raises
    ------
    InputError
        If there is no sampler.
    """
    if not components:
        raise InputError("tuples(): give one sampler for each component")
    return Tuples(components)


def _ends(length: range) -> tuple[int, int]:
    if not length or min(length) < 0:
        raise InputError(f"length={length!r} must be a range of non-negative lengths")
    return min(length), max(length)
