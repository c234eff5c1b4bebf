"""Where inputs come from: samplers with named knobs.

A sampler draws values of one type. A *setting* maps knobs to values and may be partial: a knob
that it does not name keeps the sampler's own default. The axes of a task turn these knobs.

==========  ============  =======================================================================
sampler     knob          meaning
==========  ============  =======================================================================
`ints`      magnitude     absolute values below this number (the lower end stays where it is ≥ 0)
`ints`      digits        exactly this many decimal digits, no leading zero (one digit: 0 to 9)
`lists`     length        number of elements
`strings`   length        number of characters
==========  ============  =======================================================================

A quarter of all lists are drawn from a narrow range, so that equal and adjacent values occur and
the function can be identified from few examples. A list passes the knobs of its elements through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of

__all__ = ["Sampler", "Setting", "bools", "ints", "lists", "strings"]

Setting = Mapping[str, Any]
"""Values of some knobs."""

NARROW_SHARE = 0.25


class Sampler(Protocol):
    """Draws values of one type.

    Attributes
    ----------
    type : Type
        The type of the values.
    knobs : frozenset of str
        The knobs a setting may turn.
    """

    @property
    def type(self) -> Type: ...
    @property
    def knobs(self) -> frozenset[str]: ...

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        """Draw `count` independent values under `setting`."""
        ...


@dataclass(frozen=True)
class Ints:
    """Integers, uniform between `low` and `high`, both included."""

    low: int
    high: int
    type: Type = INT
    knobs: frozenset[str] = frozenset({"magnitude", "digits"})

    def bounds(self, setting: Setting) -> tuple[int, int]:
        """The least and the greatest value under `setting`."""
        if "digits" in setting:
            digits = int(setting["digits"])
            return (0 if digits == 1 else 10 ** (digits - 1)), 10**digits - 1
        if "magnitude" in setting:
            magnitude = int(setting["magnitude"])
            if magnitude <= max(self.low, 0):
                raise InputError(f"magnitude={magnitude} leaves no integer from {self.low} upwards")
            return (self.low if self.low >= 0 else 1 - magnitude), magnitude - 1
        return self.low, self.high

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        low, high = self.bounds(setting)
        return _uniform(rng, low, high, count)

    def draw_narrow(
        self, rng: np.random.Generator, setting: Setting, count: int, width: int
    ) -> list[Value]:
        """Draw from a window of `width` neighbouring values, placed at random."""
        low, high = self.bounds(setting)
        start = _uniform(rng, low, max(low, high - width + 1), 1)[0]
        return _uniform(rng, start, min(high, start + width - 1), count)


def _uniform(rng: np.random.Generator, low: int, high: int, count: int) -> list[int]:
    """Uniform integers of any size; numpy's generator ends at 64 bits."""
    span = high - low + 1
    if span < 2**62:
        return [low + int(v) for v in rng.integers(0, span, size=count)]
    words = (span.bit_length() + 63) // 32
    values = []
    for _ in range(count):
        big = 0
        for word in rng.integers(0, 2**32, size=words):
            big = big << 32 | int(word)
        values.append(low + big % span)
    return values


@dataclass(frozen=True)
class Bools:
    """Fair coin flips."""

    type: Type = BOOL
    knobs: frozenset[str] = frozenset()

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:  # noqa: ARG002
        return [bool(v) for v in rng.integers(0, 2, size=count)]


@dataclass(frozen=True)
class Strings:
    """Strings over an alphabet, of a length between `shortest` and `longest`."""

    alphabet: str
    shortest: int
    longest: int
    type: Type = STR
    knobs: frozenset[str] = frozenset({"length"})

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        return [
            "".join(self.alphabet[i] for i in rng.integers(0, len(self.alphabet), size=length))
            for length in _lengths(rng, setting, self.shortest, self.longest, count)
        ]


@dataclass(frozen=True)
class Lists:
    """Lists of values of one sampler, of a length between `shortest` and `longest`."""

    elements: Sampler
    shortest: int
    longest: int

    @property
    def type(self) -> Type:
        return list_of(self.elements.type)

    @property
    def knobs(self) -> frozenset[str]:
        return self.elements.knobs | {"length"}

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        inner = {knob: value for knob, value in setting.items() if knob != "length"}
        values = []
        for length in _lengths(rng, setting, self.shortest, self.longest, count):
            if rng.random() >= NARROW_SHARE:
                values.append(self.elements.draw(rng, inner, length))
            elif isinstance(self.elements, Ints):
                width = max(2, length // 2)
                values.append(self.elements.draw_narrow(rng, inner, length, width))
            else:
                pool = self.elements.draw(rng, inner, max(1, length // 2))
                values.append([pool[i] for i in rng.integers(0, len(pool), size=length)])
        return values


def _lengths(
    rng: np.random.Generator, setting: Setting, shortest: int, longest: int, count: int
) -> Sequence[int]:
    if "length" in setting:
        return [int(setting["length"])] * count
    return [int(v) for v in rng.integers(shortest, longest + 1, size=count)]


def ints(low: int, high: int) -> Ints:
    """Integers, uniform between `low` and `high`, both included. Knobs: magnitude, digits.

    Raises
    ------
    InputError
        If `low` is above `high`.
    """
    if low > high:
        raise InputError(f"ints(low={low!r}, high={high!r}): low must not be above high")
    return Ints(low, high)


def bools() -> Bools:
    """Fair coin flips."""
    return Bools()


def strings(alphabet: str, length: range = range(9)) -> Strings:
    """Strings over `alphabet`. Knob: length.

    Raises
    ------
    InputError
        If the alphabet or the range of lengths is empty.
    """
    if not alphabet:
        raise InputError("strings(alphabet=''): the alphabet must have at least one character")
    return Strings(alphabet, *_ends(length))


def lists(elements: Sampler, length: range = range(9)) -> Lists:
    """Lists of values drawn by `elements`. Knobs: length, and those of the elements.

    Raises
    ------
    InputError
        If the range of lengths is empty.
    """
    return Lists(elements, *_ends(length))


def _ends(length: range) -> tuple[int, int]:
    if not length or min(length) < 0:
        raise InputError(f"length={length!r} must be a range of non-negative lengths")
    return min(length), max(length)
