"""Selections: lists made by picking, again and again, the first that stands before all others.

If the output holds exactly the elements of a source, in another order, every pick is known: the
rest at step k is the source without the first k outputs, and the pick is output k. It must stand
before all of the rest, and everything in front of it in the rest must not. The relation "before" is
a first-order term over two elements; it is enumerated by cost and tested on these steps. Selection
sort is one instance, an order of nodes in which no edge leads backwards another.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.compiled.packing import fits
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Program,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.dsl.schemes import SELECTION
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.list_sources import list_sources
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value, list_of, tuple_of

__all__ = ["SelectionSearch", "rearranged"]

_ROWS, _CONTEXTS = 8, 400
"""The most examples and pairs of elements on which relations are compared."""

_ELEMENT = 4
"""The cost, in bits, of the element of a list at a position that is compared, and of whether a list
of pairs holds two elements that are compared."""

_REACH = 15
"""The most bits of a relation."""


class SelectionSearch:
    """Programs that are a selection, in order of cost.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; without a source that every output rearranges, there are none.
    """

    def __init__(self, problem: SearchProblem) -> None:
        own = replace(problem, columns=[])
        self.selections = [_Selection(own, source) for source in _sources(own)]

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs with relations of at most this cost that make all picks.

        Since the picks are known, relations are few, and the rest of a program is not searched for.
        """
        for selection in self.selections:
            yield from selection.advance(cost)

    def best(self) -> Iterator[Program]:
        """Yield nothing: selections that are partly right are not kept."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        for selection in self.selections:
            selection.reject(row)


class _Selection:
    """The selections from one source."""

    def __init__(self, problem: SearchProblem, source: Column) -> None:
        self.problem, self.source = problem, source
        rows = sorted(problem.rows, key=lambda row: (len(row[-1]) < 3, len(str(row))))
        self.rows = rows[:_ROWS]
        taken = {*problem.names, problem.signature.name, source.name}
        names = fresh_names(taken, SELECTION.names)
        self.names = tuple(zip(SELECTION.names, names, strict=True))
        self.pair = (dict(self.names)["y"], dict(self.names)["z"])
        self._build()

    def reject(self, row: Row) -> None:
        if row not in self.rows:
            self.rows.append(row)
            self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        while self.terms is not None and self.reached < min(cost, _REACH):
            self.reached += 1
            terms, level = self.terms, self.reached
            for term, type_, uses in terms.level(level):
                if type_ == BOOL and uses and self._picks(terms.values(term, BOOL)):
                    yield self._program(terms.expression(term), level)
                    if self.terms is not terms:
                        break

    def _build(self) -> None:
        """Restart with the steps of the current examples."""
        self.reached = 0
        contexts: list[tuple[Value, Value, Row]] = []
        ends, self.picked = [0], []
        for row in self.rows:
            rest = list(self.source.at(row[:-1]) or [])
            for pick in row[-1]:
                before = rest[: rest.index(pick) + 1]
                for y in before:
                    contexts += [(y, z, row) for z in rest]
                    ends.append(len(contexts))
                    self.picked.append(y == pick)
                rest.remove(pick)
                if len(contexts) > _CONTEXTS:
                    break
        self.spans = list(pairwise(ends))
        self.terms = None
        if contexts:
            variables = list(self._variables(contexts))
            self.terms = ScalarTerms(self.problem, variables, self.problem.budget)

    def _variables(self, contexts: Sequence[tuple[Value, Value, Row]]) -> Iterator[ScopeVariable]:
        """Yield the two elements, what stands at their positions, and the parameters."""
        element = self.source.type.element
        pair = [Variable(name) for name in self.pair]
        columns = [tuple(context[place] for context in contexts) for place in (0, 1)]
        for variable, column in zip(pair, columns, strict=True):
            yield ScopeVariable(variable, element, 1, column)
        if element == INT:
            yield from self._at_positions(pair, columns, [row for *_, row in contexts])
        yield from self._in_pairs(pair, columns, [row for *_, row in contexts])
        grammar = self.problem.grammar
        for place, (name, type_) in enumerate(self.problem.signature.parameters):
            column = tuple(row[place] for *_, row in contexts)
            cost = grammar.variable if type_ in (INT, BOOL) else grammar.outer
            yield ScopeVariable(Variable(name), type_, cost, column)

    def _at_positions(
        self, pair: list[Variable], columns: list[tuple[Value, ...]], rows: list[Row]
    ) -> Iterator[ScopeVariable]:
        """Yield the elements of lists of integers at the positions that are compared."""
        get = self.problem.grammar.primitive("get", INT, INTS.element)
        for place, (name, type_) in enumerate(self.problem.signature.parameters):
            if get is None or type_ != INTS:
                continue
            for variable, column in zip(pair, columns, strict=True):
                lists = [row[place] for row in rows]
                if all(0 <= at < len(xs) for at, xs in zip(column, lists, strict=True)):
                    values = tuple(xs[at] for at, xs in zip(column, lists, strict=True))
                    yield ScopeVariable(
                        Apply(get, (variable, Variable(name))), INT, _ELEMENT, values
                    )

    def _in_pairs(
        self, pair: list[Variable], columns: list[tuple[Value, ...]], rows: list[Row]
    ) -> Iterator[ScopeVariable]:
        """Yield whether the two elements, in either order, are a pair in a list of pairs."""
        element = self.source.type.element
        pairs = tuple_of(element, element)
        joins = self.problem.grammar.primitive("pair", element, pairs)
        contains = self.problem.grammar.primitive("contains", pairs, BOOL)
        for place, (name, type_) in enumerate(self.problem.signature.parameters):
            if joins is None or contains is None or type_ != list_of(pairs):
                continue
            for first, second in ((0, 1), (1, 0)):
                of = zip(columns[first], columns[second], rows, strict=True)
                values = tuple((a, b) in row[place] for a, b, row in of)
                expression = Apply(joins, (pair[first], pair[second]))
                within = Apply(contains, (expression, Variable(name)))
                yield ScopeVariable(within, BOOL, _ELEMENT, values)

    def _picks(self, verdicts: list[Value]) -> bool:
        """Return whether a relation picks what the outputs show, step by step."""
        table = np.array(verdicts, np.bool_)
        return all(
            bool(table[start:end].all()) == picked
            for (start, end), picked in zip(self.spans, self.picked, strict=True)
        )

    def _program(self, relation: Expression, level: int) -> Program:
        recursion = Recursion(SELECTION, self.names, (Variable(self.source.name),), (relation,))
        return self.problem.program(recursion, SELECTION.cost + level + self.source.cost)


def _sources(problem: SearchProblem) -> Iterator[Column]:
    """Yield the lists that every output rearranges, as columns unless they are parameters."""
    result = problem.signature.result
    for source in list_sources(problem, result) if result.name == "list" else ():
        if rearranged(problem, source):
            if not isinstance(source.value, Variable):
                problem.columns.append(source)
            yield source


def rearranged(problem: SearchProblem, source: Column) -> bool:
    """Return whether every output holds the elements of a source, not all in their order.

    Parameters
    ----------
    problem : SearchProblem
        The problem with the outputs.
    source : Column
        A list of their type.
    """
    moved = False
    for row in problem.rows:
        values = source.at(row[:-1])
        if values is None or Counter(map(repr, values)) != Counter(map(repr, row[-1])):
            return False
        moved = moved or values != row[-1]
    return moved and all(fits(row[-1], source.type) for row in problem.rows)
