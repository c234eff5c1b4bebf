"""Meet in the middle: an integer goal as the sum, difference, product or quotient of two terms.

The goal determines the partner of every new term, and a look-up by hash tells whether the bank
holds it. The search thus finds programs that cost about twice as much as the terms enumerated so
far.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.compiled.packing import INT_KIND, Words
from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.tasks.types import INT

__all__ = ["Meeting", "Pair"]

_MOST = 8
"""The most terms with a partner that are considered, per level and operation."""


@dataclass(frozen=True)
class Pair:
    """Two terms that make the goal under an operation, with the total cost."""

    cost: int
    primitive: Primitive
    first: int
    second: int


class Meeting:
    """The cheapest pair of terms that makes the goal.

    Parameters
    ----------
    bank : TermBank
        The bank whose terms are joined.
    grammar : Grammar
        The grammar, which determines the operations.
    target : Words
        The goal, an integer on every row.
    """

    def __init__(self, bank: TermBank, grammar: Grammar, target: Words) -> None:
        kernels: Any = bank.kernels
        self.bank = bank
        self.target = target
        self.cheapest: Pair | None = None
        # The forms of an operation, and whether the new term is its first argument.
        ways = {
            "add": [(kernels.SUM, True)],
            "subtract": [(kernels.LESS, True), (kernels.FROM, False)],
            "multiply": [(kernels.PRODUCT, True)],
            "divide": [(kernels.OVER, True), (kernels.UNDER, False)],
        }
        self.ways = [
            (primitive, way, is_first)
            for name, each in ways.items()
            for way, is_first in each
            if (primitive := grammar.primitive(name, INT, INT)) is not None
        ]

    def take_up(self, terms: Terms, cost: int) -> None:
        """Find partners of the integer terms of the latest level."""
        bank = self.bank
        for primitive, way, is_first in self.ways:
            most = self.cheapest.cost if self.cheapest else cost * 3
            if cost + primitive.cost + 1 >= most or bank.frozen:
                continue
            found = bank.kernels.partners(
                bank.packed, terms, len(self.target), self.target, INT_KIND, way, _MOST
            )
            for term, *values in found.tolist():
                self._join(primitive, term, is_first, np.array(values, np.int32), cost)

    def _join(
        self, primitive: Primitive, term: int, is_first: bool, values: Words, cost: int
    ) -> None:
        for price, members in self.bank.members[INT_KIND].items():
            whole = cost + price + primitive.cost
            if self.cheapest and whole >= self.cheapest.cost:
                return
            partner = int(self.bank.kernels.with_values(self.bank.packed, members, values))
            if partner >= 0:
                first, second = (term, partner) if is_first else (partner, term)
                self.cheapest = Pair(whole, primitive, first, second)
                return
