"""The leaves of terms, and the functions whose bodies may use them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.language import Language
from dlcompare.synthesis.compiled.packing import (
    CODE,
    CONTEXT,
    DEEPEST_BODY,
    EVALUATE,
    FORMS,
    FREE,
    FUNCTIONS_FROM,
    MOST_TABLES,
    READY,
    REGISTERS,
    ROWS,
    SCRATCH,
    SIZES,
    SLOT,
    TABLES,
    TABULATE,
    TABULATED,
    VALUES,
    VARIABLES,
    pack_slot,
)
from dlcompare.synthesis.dsl.program import Constant, Expression
from dlcompare.tasks.types import Type, Value

__all__ = ["FunctionPool", "Scope", "ScopeVariable", "Terms"]

Terms = npt.NDArray[np.int64]
"""Numbers of terms, or of functions."""

_LARGEST_TABLES = 2**26
"""Tabulation stops once the results of functions take this many bytes."""

_BODIES, _TABLES = 32, 8
"""Initial capacity for bodies, and for tables of their results."""


@dataclass(frozen=True)
class ScopeVariable:
    """A leaf of terms: its expression, type, cost in bits, and value on every row."""

    expression: Expression
    type: Type
    cost: int
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Scope:
    """The variables of terms, all on the same rows."""

    variables: tuple[ScopeVariable, ...]

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.variables[0].values) if self.variables else 0


class FunctionPool:
    """Function bodies by cost, as register code; this base class has none, see `lambdas`.

    Parameters
    ----------
    language : Language
        The language of the bodies.
    scope : Scope
        The scope whose variables are free in the bodies.
    """

    def __init__(self, language: Language, scope: Scope) -> None:
        kinds = range(FUNCTIONS_FROM, FUNCTIONS_FROM + len(language.functions))
        self.by_cost: dict[int, dict[int, Terms]] = {kind: {} for kind in kinds}
        deepest, free = language.kernels.DEEPEST, len(scope.variables)
        variables = np.zeros((scope.rows, free, SLOT), np.int32)
        for place, variable in enumerate(scope.variables):
            if isinstance(variable.expression, Constant):
                variables[:, place] = pack_slot(variable.values[0], variable.type)
                continue
            for row, value in enumerate(variable.values):
                variables[row, place] = pack_slot(value, variable.type)
        self.packed = language.kernels.Functions(
            code=np.zeros((_BODIES, deepest, 4), np.int64),
            sizes=np.zeros(_BODIES, np.int64),
            tabulated=np.zeros(_BODIES, np.int64),
            values=np.zeros(_TABLES * max(scope.rows, 1) * TABULATED, np.int32),
            ready=np.zeros(_BODIES, np.int64),
            registers=np.zeros(2 + free + deepest, np.int64),
            scratch=np.zeros((2 + deepest) * SLOT, np.int32),
            forms=language.forms,
            variables=variables,
            context=np.zeros(len(CONTEXT), np.int64),
        )
        self.packed.context[EVALUATE] = language.evaluate.ctypes.data
        self.packed.context[TABULATE] = language.tabulate
        self.packed.context[[FREE, ROWS, DEEPEST_BODY]] = free, scope.rows, deepest
        self.packed.context[MOST_TABLES] = _TABLES
        self._write_addresses()

    def reach(self, cost: int) -> None:
        """Enumerate all bodies of at most this cost."""

    def untabulated(self, variables: npt.NDArray[np.int32]) -> Any:
        """Return the packed functions for one row, with free variables from other memory."""
        context = self.packed.context.copy()
        context[[VARIABLES, ROWS]] = variables.ctypes.data, 0
        return self.packed._replace(context=context)

    def apart(self) -> Any:
        """Return the packed functions with separate working memory, for another thread."""
        packed = self.packed._replace(
            registers=np.zeros_like(self.packed.registers),
            scratch=np.zeros_like(self.packed.scratch),
            context=self.packed.context.copy(),
        )
        places = [REGISTERS, SCRATCH]
        packed.context[places] = packed.registers.ctypes.data, packed.scratch.ctypes.data
        return packed

    def enlarge(self) -> None:
        """Make room for twice as many bodies."""
        old = self.packed
        # Unused room is not touched, and so takes no memory yet.
        room = {}
        for name in ("code", "sizes", "ready", "tabulated"):
            array = getattr(old, name)
            room[name] = np.zeros((2 * len(array), *array.shape[1:]), array.dtype)
            room[name][: len(array)] = array
        self.packed = old._replace(**room)
        self._write_addresses()

    def more_tables(self) -> None:
        """Double the room for tables of functions if all are in use."""
        values, context = self.packed.values, self.packed.context
        if context[TABLES] == context[MOST_TABLES] and values.nbytes < _LARGEST_TABLES:
            room = np.zeros(2 * values.size, np.int32)
            room[: values.size] = values
            context[MOST_TABLES] *= 2
            self.packed = self.packed._replace(values=room)
            self._write_addresses()

    @property
    def nbytes(self) -> int:
        """Return the size of the pool."""
        return sum(array.nbytes for array in self.packed)

    def _write_addresses(self) -> None:
        packed = self.packed
        places = (CODE, SIZES, READY, VALUES, REGISTERS, SCRATCH, FORMS, VARIABLES)
        arrays = (
            packed.code, packed.sizes, packed.ready, packed.values, packed.registers,
            packed.scratch, packed.forms, packed.variables,
        )  # fmt: skip
        packed.context[list(places)] = [array.ctypes.data for array in arrays]
