"""The distributions behind samplers; `dlcompare.tasks.samplers` makes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dlcompare.tasks.arrangements import arrange, repeat
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of, tuple_of

__all__ = [
    "Bools",
    "Choices",
    "Ints",
    "Lists",
    "Permutations",
    "Sampler",
    "Setting",
    "Strings",
    "Tuples",
]

Setting = Mapping[str, Any]
"""The values of some knobs."""

NARROW_SHARE = 0.25
INTS = list_of(INT)
LIST_KNOBS = frozenset({"length", "order", "duplicates"})


class Sampler(Protocol):
    """Draws values of one type.

    Attributes
    ----------
    type : Type
        The type of the values.
    knobs : frozenset of str
        The knobs that a setting may turn.
    """

    @property
    def type(self) -> Type:
        """Return the type of the values."""
        ...

    @property
    def knobs(self) -> frozenset[str]:
        """Return the knobs that a setting may turn."""
        ...

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        """Draw `count` independent values under `setting`."""
        ...


@dataclass(frozen=True)
class Ints:
    """Integers, uniform between `low` and `high`, both inclusive."""

    low: int
    high: int
    type: Type = INT
    knobs: frozenset[str] = frozenset({"magnitude", "digits"})

    def bounds(self, setting: Setting) -> tuple[int, int]:
        """Return the least and the greatest value under `setting`."""
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
        """Draw `count` independent integers under `setting`."""
        low, high = self.bounds(setting)
        return _uniform(rng, low, high, count)

    def draw_narrow(
        self, rng: np.random.Generator, setting: Setting, count: int, width: int
    ) -> list[Value]:
        """Draw from a window of neighbouring values, placed at random.

        Parameters
        ----------
        rng : numpy.random.Generator
        setting : mapping
            The values of knobs.
        count : int
            The number of values.
        width : int
            The size of the window.

        Returns
        -------
        list of int
        """
        low, high = self.bounds(setting)
        start = _uniform(rng, low, max(low, high - width + 1), 1)[0]
        return _uniform(rng, start, min(high, start + width - 1), count)


def _uniform(rng: np.random.Generator, low: int, high: int, count: int) -> list[int]:
    """Draw uniform integers of any size; numpy's generator is limited to 64 bits."""
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
        """Draw `count` independent truth values under `setting`."""
        return [bool(v) for v in rng.integers(0, 2, size=count)]


@dataclass(frozen=True)
class Strings:
    """Strings over an alphabet, with lengths between `shortest` and `longest`."""

    alphabet: str
    shortest: int
    longest: int
    type: Type = STR
    knobs: frozenset[str] = frozenset({"length"})

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        """Draw `count` independent strings under `setting`."""
        return [
            "".join(self.alphabet[i] for i in rng.integers(0, len(self.alphabet), size=length))
            for length in _lengths(rng, setting, self.shortest, self.longest, count)
        ]


@dataclass(frozen=True)
class Lists:
    """Lists of values of one sampler, with lengths between `shortest` and `longest`."""

    elements: Sampler
    shortest: int
    longest: int
    order: str

    @property
    def type(self) -> Type:
        """The type of the lists."""
        return list_of(self.elements.type)

    @property
    def knobs(self) -> frozenset[str]:
        """The knobs that a setting may turn."""
        return self.elements.knobs | LIST_KNOBS

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        """Draw `count` independent lists under `setting`."""
        inner = {knob: value for knob, value in setting.items() if knob not in LIST_KNOBS}
        order = str(setting.get("order", self.order))
        values = []
        for length in _lengths(rng, setting, self.shortest, self.longest, count):
            drawn = self._elements(rng, inner, length)
            if "duplicates" in setting:
                drawn = repeat(drawn, float(setting["duplicates"]), rng)
            values.append(arrange(drawn, order, rng))
        return values

    def _elements(self, rng: np.random.Generator, inner: Setting, length: int) -> list[Value]:
        if rng.random() >= NARROW_SHARE:
            return self.elements.draw(rng, inner, length)
        if isinstance(self.elements, Ints):
            return self.elements.draw_narrow(rng, inner, length, max(2, length // 2))
        pool = self.elements.draw(rng, inner, max(1, length // 2))
        return [pool[i] for i in rng.integers(0, len(pool), size=length)]


@dataclass(frozen=True)
class Permutations:
    """The numbers from 0 upwards, each once, in random order."""

    shortest: int
    longest: int
    type: Type = INTS
    knobs: frozenset[str] = frozenset({"length"})

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        """Draw `count` independent permutations under `setting`."""
        lengths = _lengths(rng, setting, self.shortest, self.longest, count)
        return [rng.permutation(length).tolist() for length in lengths]


@dataclass(frozen=True)
class Choices:
    """One of several values, all equally likely."""

    values: tuple[Value, ...]
    type: Type
    knobs: frozenset[str] = frozenset()

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:  # noqa: ARG002
        """Draw `count` independent values under `setting`."""
        return [self.values[i] for i in rng.integers(0, len(self.values), size=count)]


@dataclass(frozen=True)
class Tuples:
    """Tuples with one value of every sampler."""

    components: tuple[Sampler, ...]

    @property
    def type(self) -> Type:
        """The type of the tuples."""
        return tuple_of(*(each.type for each in self.components))

    @property
    def knobs(self) -> frozenset[str]:
        """The knobs that a setting may turn."""
        return frozenset[str]().union(*(each.knobs for each in self.components))

    def draw(self, rng: np.random.Generator, setting: Setting, count: int) -> list[Value]:
        """Draw `count` independent tuples under `setting`."""
        columns = [each.draw(rng, setting, count) for each in self.components]
        return list(zip(*columns, strict=True))


def _lengths(
    rng: np.random.Generator, setting: Setting, shortest: int, longest: int, count: int
) -> Sequence[int]:
    if "length" in setting:
        return [int(setting["length"])] * count
    return [int(v) for v in rng.integers(shortest, longest + 1, size=count)]
