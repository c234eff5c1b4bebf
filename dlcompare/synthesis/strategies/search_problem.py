"""The problem that all strategies of a search share."""

from dataclasses import dataclass, field
from functools import cached_property

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.compiled.packing import MAX_STEPS, fits
from dlcompare.synthesis.dsl.program import Expression, Let, Program
from dlcompare.synthesis.grammar.constants import LIMIT_COST, Constants, constants_of
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.columns.column import Column, columns_in
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["Row", "SearchProblem"]

Row = tuple[Value, ...]
"""An example: the values of the parameters, then the output."""


@dataclass(frozen=True, eq=False)
class SearchProblem:
    """A signature with examples, the language of its programs, and the limits of the search.

    Attributes
    ----------
    signature : Signature
        Name, parameters and result of the program, all of packed types.
    examples : Examples
        The examples to answer.
    grammar : Grammar
        The language of programs, with its costs.
    budget : SearchBudget
        Shared by all strategies; ``budget.spent`` counts the candidates used.
    outer : frozenset of str
        The parameters that belong to the program around a function that is searched for.
    columns : list of Column
        Values derived from the parameters, which terms may use as they use parameters.
    literals : tuple of int
        Integers that programs may use besides those of the examples.
    """

    signature: Signature
    examples: Examples
    grammar: Grammar
    budget: SearchBudget
    outer: frozenset[str] = frozenset()
    columns: list[Column] = field(default_factory=list)
    literals: tuple[int, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parameters."""
        return tuple(name for name, _ in self.signature.parameters)

    @cached_property
    def types(self) -> tuple[Type, ...]:
        """Return the types of the parameters."""
        return tuple(type_ for _, type_ in self.signature.parameters)

    @cached_property
    def packed(self) -> Examples:
        """Return the examples whose values all have a packed form."""
        types = (*self.types, self.signature.result)
        pairs = list(zip(self.examples.rows(), self.examples.outputs, strict=True))
        kept = [(row, out) for row, out in pairs if all(map(fits, (*row.values(), out), types))]
        return Examples.from_rows(self.names, [row for row, _ in kept], [out for _, out in kept])

    @cached_property
    def rows(self) -> list[Row]:
        """Return the packed examples as rows: the values of the parameters, then the output."""
        rows = zip(self.packed.rows(), self.packed.outputs, strict=True)
        return [(*row.values(), output) for row, output in rows]

    @cached_property
    def constants(self) -> Constants:
        """Return the constants that a program may use, with their costs in bits."""
        found = constants_of(self.signature, self.packed, self.grammar.costs)
        return {(INT, number): LIMIT_COST for number in self.literals} | found

    @cached_property
    def counted(self) -> frozenset[str]:
        """Return the int parameters that a loop can count up to in every example."""
        inputs = self.examples.inputs
        return frozenset(
            name
            for name, type_ in self.signature.parameters
            if type_ == INT and max(inputs[name]) <= MAX_STEPS
        )

    def price(self, name: str, type_: Type) -> int:
        """Return the cost of a parameter; inside a function, an outer list costs more."""
        far = name in self.outer and type_ not in (INT, BOOL)
        return self.grammar.outer if far else self.grammar.variable

    def program(self, expression: Expression, cost: int) -> Program:
        """Return an expression over the parameters and the columns as a program.

        Its cost counts the bits of each column that it uses, instead of what the search pays.
        """
        for column in columns_in(expression, self.columns):
            expression = Let(column.name, column.value, expression)
            cost += column.bits - column.cost
        return Program(self.signature, expression, cost)
