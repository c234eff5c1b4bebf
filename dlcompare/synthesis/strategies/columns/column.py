"""A derived column: a computation over the parameters, with its type and its cost."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dlcompare.synthesis.compiled.packing import MAX_STEPS, fits
from dlcompare.synthesis.dsl.names import free_in
from dlcompare.synthesis.dsl.program import Expression, Let, Program
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import Type, Value

__all__ = ["Column", "columns_in", "with_bindings"]

_BITS = 64
"""Bits of intermediate integers; those of packed values have at most 31."""


@dataclass(frozen=True, eq=False)
class Column:
    """A value derived from the parameters of a problem.

    Attributes
    ----------
    name : str
        Its name in expressions, unique among the columns and parameters of a search.
    type : Type
        The type of the value.
    bits : int
        Description length of the computation.
    cost : int
        Cost, in bits, at which the search uses it; see `derive`.
    value : Expression
        The computation: a term, a fold or a recursion over `parameters`.
    parameters : tuple of (str, Type)
        The parameters of the program.
    over : tuple of Column
        Other columns that `value` may use.
    """

    name: str
    type: Type
    bits: int
    cost: int
    value: Expression
    parameters: tuple[tuple[str, Type], ...]
    over: "tuple[Column, ...]" = ()
    _known: dict[str, Value | None] = field(default_factory=dict, repr=False)

    @cached_property
    def program(self) -> Program:
        """Return the computation alone, as a program."""
        value = with_bindings(self.value, self.over)
        return Program(Signature("column", self.parameters, self.type), value, self.bits)

    def at(self, inputs: Sequence[Value]) -> Value | None:
        """Return the value on one input; None if it is undefined or has no packed form."""
        key = repr(inputs)
        if key not in self._known:
            self._known[key] = self._computed(inputs)
        return self._known[key]

    def on(self, rows: Iterable[Sequence[Value]]) -> tuple[Value, ...] | None:
        """Return the values on several inputs; None if one of them is undefined."""
        values = []
        for row in rows:
            value = self.at(row)
            if value is None:
                return None
            values.append(value)
        return tuple(values)

    @cached_property
    def _function(self) -> Callable[..., Value]:
        return self.program.compile(_BITS, MAX_STEPS)

    def _computed(self, inputs: Sequence[Value]) -> Value | None:
        try:
            value = self._function(*inputs)
        except Exception:  # whatever Python raises: the computation is undefined there
            return None
        return value if fits(value, self.type) else None


def columns_in(expression: Expression, columns: Sequence[Column]) -> list[Column]:
    """Return the columns that an expression uses, directly or through others, latest first."""
    needed = free_in(expression) if columns else set()
    found = []
    for column in reversed(columns):
        if column.name in needed:
            needed |= free_in(column.value)
            found.append(column)
    return found


def with_bindings(expression: Expression, columns: Sequence[Column]) -> Expression:
    """Return an expression with a binding for each column that it uses."""
    for column in columns_in(expression, columns):
        expression = Let(column.name, column.value, expression)
    return expression
