"""Pairs whose two components are found apart: the first term that equals each on every row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.compiled.packing import pack_column
from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.unification import MOST_ROWS
from dlcompare.tasks.types import Type, Value

__all__ = ["Components", "components_of"]


@dataclass
class _Component:
    """One component of the outputs, and the cheapest term that equals it."""

    kind: int
    target: Any
    found: tuple[int, int] | None = None  # cost, term


@dataclass
class Components:
    """The components of pairs, and the terms found for them.

    Attributes
    ----------
    pair : Primitive
        Makes a pair of its components.
    rows : int
        The number of rows.
    parts : list
        The two components.
    """

    pair: Primitive
    rows: int
    parts: list[_Component]

    def add(self, bank: TermBank, kind: int, terms: Terms, cost: int) -> None:
        """Take up new terms.

        Parameters
        ----------
        bank : TermBank
            Holds the terms.
        kind : int
            The kind of their values.
        terms : array of int
            Their numbers.
        cost : int
            Their cost, in bits.
        """
        for part in self.parts:
            if part.found is None and part.kind == kind:
                masks = bank.kernels.agreement(bank.packed, terms, kind, self.rows, part.target)
                equal = np.flatnonzero(masks == (1 << self.rows) - 1)
                if equal.size:
                    part.found = cost, int(terms[equal[0]])

    @property
    def cheapest(self) -> tuple[int, tuple[int, int]] | None:
        """Return the cost of the cheapest pair and its terms; None if one is missing."""
        first, second = (part.found for part in self.parts)
        if first is None or second is None:
            return None
        return self.pair.cost + first[0] + second[0], (first[1], second[1])


def components_of(grammar: Grammar, type_: Type, outputs: Sequence[Value]) -> Components | None:
    """Return the components of outputs that are pairs; None if they are not.

    Parameters
    ----------
    grammar : Grammar
        The language, with the primitive ``pair`` unless it is withheld.
    type_ : Type
        The type of the outputs.
    outputs : sequence of Value
        One for each row.
    """
    if type_.name != "tuple" or len(type_.parameters) != 2 or len(outputs) > MOST_ROWS:
        return None
    pair = grammar.primitive("pair", type_.parameters[0], type_)
    if pair is None:
        return None
    columns = zip(*outputs, strict=True)
    parts = [
        _Component(grammar.language.kind(part), pack_column(column, part))
        for part, column in zip(type_.parameters, columns, strict=True)
    ]
    return Components(pair, len(outputs), parts)
