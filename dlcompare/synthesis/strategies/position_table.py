"""The positions of a list in some examples as rows, with the variables of rules at positions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from dlcompare.synthesis.bank.scope import ScopeVariable, Terms
from dlcompare.synthesis.compiled.packing import fits
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Apply, Expression, Variable, fresh_names
from dlcompare.synthesis.strategies.columns.column import Column, columns_in
from dlcompare.synthesis.strategies.columns.positions import PLACES, SUMS, position_columns
from dlcompare.synthesis.strategies.columns.scalar_terms import MOST_VARIABLES, ScalarTerms
from dlcompare.synthesis.strategies.position_rules import Mask, Table
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["PositionTable"]

_ELEMENT, _POSITION = 1, 1
"""The cost of the element and of the position in a term."""


class PositionTable:
    """The positions of one list parameter in some examples.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; it has ``get`` for lists of integers.
    place : int
        The place of the parameter.
    examples : sequence of Row
        The examples; every list has an element.

    Attributes
    ----------
    elements : ndarray of int32
        The element at every position of all lists. Shape (rows,).
    sizes : ndarray of int64
        The length of the list of every position. Shape (rows,).
    bounds : ndarray of int64
        The first position of every list, and the number of positions. Shape (lists + 1,).
    problem : SearchProblem
        The problem with the columns over these positions.
    index, element : str
        The names of a position and of the element there.
    """

    def __init__(self, problem: SearchProblem, place: int, examples: Sequence[Row]) -> None:
        self.problem, self.place, self.examples = replace(problem, columns=[]), place, examples
        lengths = [len(row[place]) for row in examples]
        self.lengths = lengths
        self.bounds: Terms = np.cumsum([0, *lengths])
        self.elements: Table = np.array([x for row in examples for x in row[place]], np.int32)
        self.starts: Terms = np.repeat(self.bounds[:-1], lengths)
        self.sizes: Terms = np.repeat(lengths, lengths)
        taken = {*problem.names, problem.signature.name}
        self.index, self.element = fresh_names(taken, ("i", "x"))
        self.kinds = {self.index: "place", self.element: "element"}
        self.variables = list(self._variables())
        self.behind = [columns_in(each.expression, self.problem.columns) for each in self.variables]

    def terms(self) -> ScalarTerms:
        """Return the terms over the variables at the positions; choices are not among them."""
        problem, grammar = self.problem, self.problem.grammar
        operations = grammar.language.operations
        ops = tuple(op for op in grammar.ops if operations[op].primitive.name != "if_int")
        bodies = replace(problem, grammar=replace(grammar, ops=ops))
        return ScalarTerms(bodies, self.variables, problem.budget)

    def price(self, cost: int, uses: int) -> int:
        """Return the bits of a term of some cost, with those of the columns that it uses."""
        places = (place for place in range(len(self.behind)) if uses >> place & 1)
        used = {column for place in places for column in self.behind[place]}
        return cost + sum(column.bits - column.cost for column in used)

    def mixtures(self, expression: Expression, at: bool) -> int:
        """Return how often a term computes with a place and an element together.

        A place and an element are compared, added … only by chance: they are of different kinds.
        An element that is a place, as the term is if `at`, counts too.
        """
        kind, mixed = self._kind(expression)
        return mixed + (at and kind == "element")

    def _kind(self, expression: Expression) -> tuple[str, int]:
        """Return the kind of a term, "" for a number of any kind, and its mixtures."""
        if isinstance(expression, Variable):
            return self.kinds.get(expression.name, ""), 0
        if not isinstance(expression, Apply):
            return "", 0
        parts = [self._kind(argument) for argument in expression.arguments]
        mixed = sum(count for _, count in parts)
        if expression.primitive.name == "get":
            return parts[1][0], mixed
        kinds = {kind for kind, _ in parts if kind}
        truth = expression.primitive.result == BOOL
        kind = kinds.pop() if len(kinds) == 1 and not truth else ""
        return kind, mixed + (len(kinds) > 1)

    def at(self, places: Table, rows: Terms) -> tuple[Table, Mask]:
        """Return the elements at some places of the lists of some rows, and which places exist.

        A negative place counts from the end, as in Python. All have shape (terms, rows).
        """
        sizes = self.sizes[rows]
        there = (-sizes <= places) & (places < sizes)
        within = np.where(there, np.where(places < 0, places + sizes, places), 0)
        return self.elements[self.starts[rows] + within], there

    def _variables(self) -> Iterator[ScopeVariable]:
        """Yield the element, the position, the parameters and the columns, one per behaviour."""
        elements = tuple(self.elements.tolist())
        places = tuple(i for length in self.lengths for i in range(length))
        yield ScopeVariable(Variable(self.element), INT, _ELEMENT, elements)
        yield ScopeVariable(Variable(self.index), INT, _POSITION, places)
        seen = {elements, places}
        problem = self.problem
        for place, (name, type_) in enumerate(problem.signature.parameters):
            scalar = type_ in (INT, BOOL)
            cost = problem.grammar.variable if scalar else problem.grammar.outer
            values = [row[place] for row in self.examples]
            yield from self._variable(name, type_, cost, values, seen)
            if type_ == INTS:
                self.kinds[name] = "element"
        inputs = [row[:-1] for row in self.examples]
        columns: Iterator[Column] = position_columns(problem, self.place)
        for column in columns:
            known = column.on(inputs)
            if known is not None and len(seen) < MOST_VARIABLES:
                stem = column.name.rstrip("0123456789")
                if stem not in SUMS:
                    self.kinds[column.name] = "place" if stem in PLACES else "element"
                problem.columns.append(column)
                yield from self._variable(column.name, column.type, column.cost, known, seen)

    def _variable(
        self, name: str, type_: Type, cost: int, values: Sequence[Value], seen: set[Value]
    ) -> Iterator[ScopeVariable]:
        """Yield a scalar, or the element of a list at the position, unless its values are known."""
        expression: Expression = Variable(name)
        if type_ in (INT, BOOL):
            pairs = zip(values, self.lengths, strict=True)
            column = tuple(value for value, length in pairs for _ in range(length))
        elif type_ == INTS and list(map(len, values)) == self.lengths:
            column = tuple(x for value in values for x in value)
            get = self.problem.grammar.primitive("get", INT, INT)
            assert get is not None
            expression, type_ = Apply(get, (Variable(self.index), expression)), INT
        else:
            return
        if column not in seen and all(fits(value, type_) for value in column):
            seen.add(column)
            yield ScopeVariable(expression, type_, cost, column)
