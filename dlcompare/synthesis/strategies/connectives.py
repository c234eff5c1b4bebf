"""Truth values as the conjunction or disjunction of two known terms, in either sense of each.

A conjunction needs two terms that hold on all examples with the output true, and that never both
hold elsewhere. Terms are kept by the examples they hold on, the cheapest for each set.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.tasks.types import BOOL

__all__ = ["Connective", "Connectives"]

_MOST = 2_000
"""The most terms that are paired."""

_MOST_ROWS = 62
"""The most examples; each is a bit of an integer."""


@dataclass(frozen=True)
class Connective:
    """Two terms that a connective joins to the outputs.

    Attributes
    ----------
    primitive : Primitive
        The conjunction or the disjunction.
    first, second : int
        The numbers of the terms.
    cost : int
        Bits.
    """

    primitive: Primitive
    first: int
    second: int
    cost: int


@dataclass
class _Half:
    """The terms that may be part of one connective, by the examples that they leave open."""

    primitive: Primitive
    terms: dict[int, tuple[int, int]] = field(default_factory=dict)

    def pair(self, mask: int) -> tuple[int, int] | None:
        """Return the cheapest known term, with its cost, that has no open example in common."""
        known = np.fromiter(self.terms, np.int64, len(self.terms))
        fits = np.flatnonzero((known & mask) == 0)
        keys = list(self.terms)
        found = [self.terms[keys[place]] for place in fits.tolist()]
        return min(found, key=lambda each: each[1], default=None)


class Connectives:
    """The connectives over the terms of a bank.

    Parameters
    ----------
    grammar : Grammar
        Supplies the primitives.
    outputs : sequence of bool
        The output of every example, at most 62.
    """

    def __init__(self, grammar: Grammar, outputs: Sequence[bool]) -> None:
        self.positive = sum(1 << place for place, output in enumerate(outputs) if output)
        self.negative = (1 << len(outputs)) - 1 - self.positive
        wanted = {name: grammar.primitive(name, BOOL, BOOL) for name in ("and", "or")}
        few = len(outputs) <= _MOST_ROWS
        self.halves = {
            name: _Half(primitive) for name, primitive in wanted.items() if primitive and few
        }

    def add(
        self, terms: npt.NDArray[np.int64], masks: npt.NDArray[np.int64], cost: int
    ) -> Iterator[Connective]:
        """Add new terms, with the examples they hold on as bits; yield the pairs they make.

        Parameters
        ----------
        terms : (terms,) array
            Their numbers.
        masks : (terms,) array
            The examples on which each holds.
        cost : int
            Their cost in bits, no less than that of those before.
        """
        for name, half in self.halves.items():
            all_of, none_of = self.positive, self.negative
            if name == "and":
                fits, open_ = (masks & all_of) == all_of, masks & none_of
            else:
                fits, open_ = (masks & none_of) == 0, ~masks & all_of
            for place in np.flatnonzero(fits).tolist():
                left = int(open_[place])
                if left in self._full(name) or left in half.terms or len(half.terms) >= _MOST:
                    continue
                half.terms[left] = (int(terms[place]), cost)
                other = half.pair(left)
                if other is not None:
                    total = half.primitive.cost + cost + other[1]
                    yield Connective(half.primitive, other[0], int(terms[place]), total)

    def _full(self, name: str) -> tuple[int, int]:
        """Return what a term leaves open that decides nothing, and one that decides all."""
        return (self.negative if name == "and" else self.positive, 0)
