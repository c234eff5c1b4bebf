"""Integers that are the least value at which a condition ends, or the greatest: a linear search.

A loop counts up from a start, or down, while a condition holds; the output is where it ends. So the
condition holds at every value before the output, and not there. The examples show this for all
these values, and the condition is a first-order term over the value and the parameters: it is the
goal of an enumeration by cost on these values. The integer square root of n is one instance, the
greatest v without n < v * v, and the least divisor, the least v without 0 < n % v, another.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import body_ops, term_expression
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, ScopeVariable
from dlcompare.synthesis.dsl.holes import Scheme
from dlcompare.synthesis.dsl.loops import GREATEST, LEAST
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Program,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["LeastSearch", "Start", "starts", "value_name", "variables"]

_CONTEXTS, _RANGE = 400, 60
"""The most values on which conditions are compared, in all and for one example."""

_IMMEDIATE = 4
"""The most examples whose output is the start, among those compared."""

_LEAST_ROWS = 4
"""The fewest examples whose output is not the start."""

_SHARE, _FIRST = 6, 30_000
"""The search spends about one candidate in this many, and at first this many."""

_GROWTH = 2
"""How many times the candidates of a level the next level takes, at most."""

_CONSTANTS = {0: 3, 1: 3, 2: 4}
"""Constants from which a loop counts up, with their costs in bits."""

_OF_A_LIST: dict[str, Callable[[Value], int]] = {
    "length": len,
    "sum": sum,
    "smallest": min,
    "largest": max,
}
"""Numbers that describe a list of integers, by their primitives."""


@dataclass(frozen=True)
class Start:
    """Where a loop starts, and in which direction it counts.

    Attributes
    ----------
    scheme : Scheme
        The loop.
    expression : Expression
        A constant or a parameter.
    bits : int
        Bits of the loop and its start.
    at : callable
        The first value that the loop tries, from the values of the parameters.
    """

    scheme: Scheme
    expression: Expression
    bits: int
    at: Callable[[Row], int]

    @property
    def step(self) -> int:
        """Return what every step adds."""
        return 1 if self.scheme is LEAST else -1

    def recursion(self, name: str, more: Expression) -> Recursion:
        """Return the loop of a variable that goes on while a term holds."""
        return Recursion(self.scheme, (("v", name),), (), (self.expression, more))


def starts(problem: SearchProblem) -> Iterator[Start]:
    """Yield the starts at constants, and those at parameters in both directions.

    Parameters
    ----------
    problem : SearchProblem
        The problem with the parameters.
    """
    for value, cost in _CONSTANTS.items():
        yield Start(LEAST, Constant(value), LEAST.cost + cost, partial(_constant, value))
    for place, (name, type_) in enumerate(problem.signature.parameters):
        for scheme in (LEAST, GREATEST) if type_ == INT else ():
            yield Start(scheme, Variable(name), scheme.cost + 1, itemgetter(place))


def _constant(value: int, _row: Row) -> int:
    return value


def value_name(problem: SearchProblem) -> str:
    """Return a name for the variable that a loop counts with."""
    return fresh_names({*problem.names, problem.signature.name}, ("v",))[0]


def variables(
    problem: SearchProblem, contexts: Sequence[tuple[int, Row]]
) -> Iterator[ScopeVariable]:
    """Yield the variables of conditions: the value, the scalar parameters, and numbers of lists.

    Parameters
    ----------
    problem : SearchProblem
        The problem with the parameters.
    contexts : sequence of (int, Row)
        Values, each with its example.
    """
    yield ScopeVariable(Variable(value_name(problem)), INT, 1, tuple(v for v, _ in contexts))
    for place, (name, type_) in enumerate(problem.signature.parameters):
        column = tuple(row[place] for _, row in contexts)
        if type_ in (INT, BOOL):
            yield ScopeVariable(Variable(name), type_, problem.grammar.variable, column)
        for word, function in _OF_A_LIST.items() if type_ == INTS else ():
            of = problem.grammar.primitive(word, INTS, INT)
            if of is not None and all(column):
                values = tuple(map(function, column))
                cost = of.cost + problem.grammar.variable
                yield ScopeVariable(Apply(of, (Variable(name),)), INT, cost, values)


class LeastSearch:
    """Programs that count from a start while a condition holds, in order of cost.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; without integer outputs beyond some start, there are no programs.
    """

    def __init__(self, problem: SearchProblem) -> None:
        own = replace(problem, columns=[])
        is_int = problem.signature.result == INT
        counts = [_Count(own, start) for start in starts(own) if is_int]
        self.counts = [count for count in counts if count.fits]
        self.budget = problem.budget
        self.spent = 0
        self.last: _Count | None = None

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs with conditions of at most this cost that are right on some rows.

        The conditions are known on these rows, and so a few candidates decide. The search does not
        reach this cost if it would take more than its share.
        """
        for count in self.counts:
            while count.reached < cost and self._affords(count):
                before, self.last = self.budget.spent, count
                yield from count.level()
                count.took = self.budget.spent - before
                self.spent += count.took

    def best(self) -> Iterator[Program]:
        """Yield nothing: searches that are partly right are not kept."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if self.last is not None:
            self.last.reject(row)

    def _affords(self, count: "_Count") -> bool:
        expected = self.spent + _GROWTH * count.took
        return _SHARE * expected <= max(self.budget.spent, _SHARE * _FIRST)


class _Count:
    """The programs that count from one start."""

    def __init__(self, problem: SearchProblem, start: Start) -> None:
        self.problem, self.start = problem, start
        spans = [(self._span(row), row) for row in problem.rows]
        further = [(span, row) for span, row in spans if span > 0]
        self.fits = len(further) >= _LEAST_ROWS and min(spans, key=lambda each: each[0])[0] >= 0
        if not self.fits:
            return
        immediate = [(span, row) for span, row in spans if not span][:_IMMEDIATE]
        self.rows: list[Row] = []
        count = 0
        for span, row in sorted((*immediate, *further), key=lambda each: each[0]):
            count += min(span, _RANGE) + 1
            if count > _CONTEXTS and len(self.rows) > _LEAST_ROWS:
                break
            self.rows.append(row)
        self._build()

    def reject(self, row: Row) -> None:
        if row not in self.rows:
            self.rows.append(row)
            self._build()

    def level(self) -> Iterator[Program]:
        """Yield the programs whose condition is one bit longer than the ones before."""
        self.reached += 1
        bank, level = self.bank, self.reached
        for _, _, met in bank.level(level):
            if met is not None:
                recursion = self.start.recursion(
                    value_name(self.problem), term_expression(bank, met, None)
                )
                yield self.problem.program(recursion, self.start.bits + level)
                if self.bank is not bank:
                    return

    def _span(self, row: Row) -> int:
        """Return how many steps an example takes from the start; negative if it is not reached."""
        output: int = row[-1]
        return self.start.step * (output - self.start.at(row))

    def _build(self) -> None:
        """Restart on the values before the outputs, and the outputs, of the current examples."""
        self.reached = self.took = 0
        contexts, more = [], []
        for row in self.rows:
            span, start = self._span(row), self.start.at(row)
            for steps in np.unique(np.linspace(0, span, min(span, _RANGE) + 1).astype(int)):
                contexts.append((start + self.start.step * int(steps), row))
                more.append(int(steps) < span)
        constants = constant_variables(self.problem.constants, len(contexts))
        integers = [each for each in constants if each.type == INT]
        scope = Scope((*variables(self.problem, contexts), *integers))
        language, grammar = self.problem.grammar.language, self.problem.grammar
        ops = list(body_ops(language, grammar.ops, listless=True))
        nothing = FunctionPool(language, Scope(()))
        self.bank = TermBank(language, scope, ops, nothing, self.problem.budget, (BOOL, more))
