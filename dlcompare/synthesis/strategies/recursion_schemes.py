"""Recursive programs, in order of cost, by filling the holes of recursion schemes.

The terms for a hole are enumerated over the contexts it can meet on the examples, one term per
observational equivalence class. Every filling of the holes at a cost runs as Python, on the
smallest informative example first.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable
from dlcompare.synthesis.dsl.holes import RESULT, SOURCES, Hole, Scheme
from dlcompare.synthesis.dsl.program import (
    Expression,
    Program,
    Recursion,
    Variable,
    fresh_names,
    walk,
)
from dlcompare.synthesis.dsl.schemes import SCHEMES
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["SchemeSearch"]

_MOST_TERMS = 300
"""Once a hole has this many terms, no dearer ones are enumerated."""

_CONTEXTS = 24
_CHECKED = 16
_TELLING = 3
_RESTARTS = 6
"""The most enumerations of the terms anew."""

_BITS = 64
"""Bits of intermediate integers; those of the examples have at most 31."""

_CLOCK = 256
"""Fillings between two checks of the clock."""


@dataclass(frozen=True)
class _Term:
    """A term that may fill a hole, with the names of the variables that it uses."""

    expression: Expression
    values: list[Value]
    function: Callable[..., Value]
    uses: frozenset[str]


class SchemeSearch:
    """Programs that are a recursion scheme, in order of cost.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; each filling counts as a candidate.
    schemes : sequence of Scheme
        The schemes to try.
    accepts : callable, optional
        ``(inputs..., output) -> bool``: whether an output is right, if several are; the outputs of
        the examples are right ones.
    """

    def __init__(
        self,
        problem: SearchProblem,
        schemes: Sequence[Scheme] = SCHEMES,
        accepts: Callable[..., bool] | None = None,
    ) -> None:
        names, types = problem.names, problem.types
        self.fillings = [
            _Filling(problem, places, scheme, accepts)
            for scheme in schemes
            if problem.signature.result in scheme.results
            for places in itertools.permutations(range(len(types)), len(scheme.sources))
            if scheme.sources == tuple(types[place] for place in places)
            and (not scheme.counts or names[places[0]] in problem.counted)
            and (len(set(scheme.sources)) == len(places) or sorted(places) == list(places))
        ]

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the examples, cheapest first."""
        for filling in self.fillings:
            self.latest = filling
            yield from filling.advance(cost)

    def best(self) -> Iterator[Program]:
        """Yield nothing: programs that are partly right are not kept."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        for filling in self.fillings:
            if row not in filling.rows:
                filling.rows.insert(0, row)
                if filling is self.latest:
                    filling.restart()


class _HoleTerms:
    """The terms for one hole by cost."""

    def __init__(self, hole: Hole, filling: "_Filling") -> None:
        self.hole = hole
        self.by_cost: dict[int, list[_Term]] = {}
        self.count = 0
        self.reached = 0
        self.result = filling.signature.result if hole.result is None else hole.result
        names = dict(filling.names)
        bound = [
            (names[name], filling.signature.result if type_ == RESULT else type_)
            for name, type_ in hole.parameters
        ]
        self.calls = {names[name] for name in filling.scheme.calls}
        outer = filling.signature.parameters
        self.signature = Signature("part", (*bound, *outer), self.result)
        self.needed = {name for name, _ in bound} if hole.whole else set()
        self.contexts = filling.contexts_of(hole)
        self.wanted = filling.answers_of(hole)
        if not self.contexts:
            return
        columns = list(zip(*self.contexts, strict=True))
        grammar = filling.problem.grammar
        here = len(self.signature.parameters) if filling.scheme.calls else len(bound)
        unseen = {len(bound) + filling.places[place] for place in hole.hidden}
        variables = [
            ScopeVariable(
                Variable(name),
                type_,
                grammar.variable if place < here or type_ in (INT, BOOL) else grammar.outer,
                column,
            )
            for place, ((name, type_), column) in enumerate(
                zip(self.signature.parameters, columns, strict=True)
            )
            if place not in unseen
        ]
        constants = constant_variables(filling.problem.constants, len(self.contexts))
        scope = Scope((*variables, *constants))
        language, ops, budget = grammar.language, grammar.ops, filling.problem.budget
        self.functions = FunctionBodies(language, scope, ops, filling.bound, budget)
        self.bank = TermBank(language, scope, ops, self.functions, budget)

    @property
    def least(self) -> int:
        """Return a lower bound on the cost of a term."""
        return min(self.by_cost, default=self.reached + 1)

    def reach(self, cost: int) -> None:
        """Enumerate all terms of at most this cost, or all levels until `_MOST_TERMS` terms."""
        while self.contexts and self.reached < cost and self.count < _MOST_TERMS:
            level = self.reached + 1
            kind = self.bank.language.kind(self.result)
            found = [
                term
                for of, terms, _ in self.bank.level(level)
                if of == kind
                for number in terms.tolist()
                if (term := self._term(number)) is not None
            ]
            self.reached = level
            self.count += len(found)
            if found:
                self.by_cost[level] = found

    def _term(self, number: int) -> _Term | None:
        values = self.bank.values(number, self.result)
        inner = len(self.hole.parameters)
        fits = (self.hole.fits(*c[:inner], v) for c, v in zip(self.contexts, values, strict=True))
        if not all(fits):
            return None
        expression = term_expression(self.bank, number, self.functions)
        used = {each.name for each in walk(expression) if isinstance(each, Variable)}
        if not self.needed <= used or len(self.calls & used) > self.hole.calls:
            return None
        function = Program(self.signature, expression, 0).compile(_BITS)
        if not all(right(_value(function, *context)) for context, right in self.wanted):
            return None
        return _Term(expression, values, function, frozenset(used))


class _Filling:
    """The fillings of one scheme over one parameter."""

    def __init__(
        self,
        problem: SearchProblem,
        places: Sequence[int],
        scheme: Scheme,
        accepts: Callable[..., bool] | None,
    ) -> None:
        self.problem, self.places, self.scheme = problem, places, scheme
        self.accepts = accepts
        self.signature = signature = problem.signature
        taken = {signature.name, *(name for name, _ in signature.parameters)}
        chosen = fresh_names(taken, (*scheme.names, "y", "z"))
        self.names = tuple(zip(scheme.names, chosen, strict=False))
        self.bound = chosen[-2:]
        rows = sorted(
            problem.rows,
            key=lambda row: (any(len(str(row[p])) < _TELLING for p in places), len(str(row))),
        )
        self.rows = rows[:_CHECKED]
        self.run = self._runner()
        self.reached = 0
        self.restarts = 0
        self.holes: list[_HoleTerms] = []

    def contexts_of(self, hole: Hole) -> list[tuple[Value, ...]]:
        """Return the contexts that a hole can meet, with the parameters of the program."""
        rng = np.random.default_rng(0)
        sources = [(self._source(row), row[-1]) for row in self.rows]
        found = [
            (*context, *row[:-1])
            for row, source in zip(self.rows, sources, strict=True)
            for context in hole.contexts(source, sources, rng)
        ]
        distinct = list({repr(context): context for context in found}.values())
        return distinct[:_CONTEXTS]

    def restart(self) -> None:
        """Enumerate the terms again, over contexts of the new example, which comes first."""
        if self.restarts < _RESTARTS:
            self.restarts += 1
            self.reached, self.holes = 0, []

    def answers_of(self, hole: Hole) -> list[tuple[Sequence[Value], Callable[[Value], bool]]]:
        """Return the contexts in which a hole alone answers, each with the test of its value."""
        rng = np.random.default_rng(0)
        sources = [(self._source(row), row[-1]) for row in self.rows]
        return [
            ((*context, *row[:-1]), partial(self._right, row))
            for row, source in zip(self.rows, sources, strict=True)
            if hole.answers(source[0])
            for context in hole.contexts(source, sources, rng)
        ]

    def _source(self, row: Row) -> Value:
        """Return what the scheme recurs over: one value, or a tuple of two."""
        first, *others = (row[place] for place in self.places)
        return (first, *others) if others else first

    def _right(self, row: Row, output: Value) -> bool:
        """Return whether an output is right for the inputs of a row."""
        if output == row[-1] or self.accepts is None:
            return bool(output == row[-1])
        try:
            return bool(self.accepts(*row[:-1], output))
        except Exception:  # whatever Python raises: the specification is undefined there
            return False

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the rows."""
        while self.reached < cost:
            self.reached += 1
            level = self.reached - self.scheme.cost
            if level < len(self.scheme.holes):
                continue
            self.holes = self.holes or [_HoleTerms(hole, self) for hole in self.scheme.holes]
            least = [hole.least for hole in self.holes]
            for hole in self.holes:
                hole.reach(level - sum(least) + hole.least)
            for terms in self._combinations(self.holes, level):
                self.problem.budget.spent += 1
                if self.problem.budget.spent % _CLOCK == 0:
                    self.problem.budget.check()
                if self._together(terms) and self._answers(terms):
                    yield self._program(terms)
                    if not self.reached:
                        break

    def _combinations(self, holes: Sequence[_HoleTerms], cost: int) -> Iterator[tuple[_Term, ...]]:
        first, *others = holes
        if not others:
            yield from ((term,) for term in first.by_cost.get(cost, ()))
            return
        for share, terms in first.by_cost.items():
            if share < cost:
                for rest in self._combinations(others, cost - share):
                    yield from ((term, *rest) for term in terms)

    def _together(self, terms: Sequence[_Term]) -> bool:
        if self.scheme.together is None:
            return True
        values: dict[str, Sequence[Value]] = {}
        for hole, term in zip(self.holes, terms, strict=True):
            columns = zip(*hole.contexts, strict=True)
            values |= dict(zip((name for name, _ in hole.hole.parameters), columns, strict=False))
            values[hole.hole.name] = term.values
        return self.scheme.together(values)

    def _answers(self, terms: Sequence[_Term]) -> bool:
        for row in self.rows:
            try:
                output = self.run(*row[:-1], *terms)
            except Exception:  # whatever Python raises: the program is undefined there
                return False
            if not self._right(row, output):
                return False
        return True

    def _runner(self) -> Callable[..., Value]:
        """Return the scheme as a function of the parameters and of a term for every hole."""
        # Fresh names: a parameter may share its name with a hole or with a function of the scheme.
        outer = [f"parameter_{place}" for place in range(len(self.signature.parameters))]
        names, bound = {name: name for name in self.scheme.names}, dict(self.names)
        parts = {**names, **dict(zip(SOURCES, (outer[p] for p in self.places), strict=False))}
        calls = self.scheme.recursive_calls(parts, "recur", outer)
        for hole in self.scheme.holes:
            # A call is made only for a term that uses its result.
            arguments = [
                f"{calls[name]} if {bound[name]!r} in {hole.name}.uses else None"
                if name in calls
                else name
                for name, _ in hole.parameters
            ]
            parts[hole.name] = f"{hole.name}.function({', '.join([*arguments, *outer])})"
        lines = "\n".join(f"        {line}" for line in self.scheme.python({**parts, **calls}))
        holes, inputs = ", ".join(hole.name for hole in self.scheme.holes), ", ".join(outer)
        source = f"def run({inputs}, {holes}):\n    def recur({inputs}):\n{lines}\n"
        namespace: dict[str, object] = {}
        exec(f"{source}    return recur({inputs})", namespace)
        return cast(Callable[..., Value], namespace["run"])

    def _program(self, terms: Sequence[_Term]) -> Program:
        sources = tuple(Variable(self.signature.parameters[place][0]) for place in self.places)
        expressions = tuple(term.expression for term in terms)
        recursion = Recursion(self.scheme, self.names, sources, expressions)
        return self.problem.program(recursion, self.reached)


def _value(function: Callable[..., Value], *inputs: Value) -> Value:
    """Return the value of a function, or None where it is undefined."""
    try:
        return function(*inputs)
    except Exception:  # whatever Python raises
        return None
