"""Recursive programs, in order of cost, by filling the holes of recursion schemes.

The terms for a hole are enumerated over the contexts it can meet on the examples, one term per
observational equivalence class. Every filling of the holes at a cost runs as Python, on the
smallest informative example first.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable
from dlcompare.synthesis.dsl.program import (
    Expression,
    Program,
    Recursion,
    Variable,
    fresh_names,
    walk,
)
from dlcompare.synthesis.dsl.schemes import SCHEMES, Hole, Scheme
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["SchemeSearch"]

_MOST_TERMS = 300
"""Once a hole has this many terms, no dearer ones are enumerated."""

_CONTEXTS = 16
_CHECKED = 16
_TELLING = 3
_BITS = 64
"""Bits of intermediate integers; those of the examples have at most 31."""

_CLOCK = 256
"""Fillings between two checks of the clock."""


@dataclass(frozen=True)
class _Term:
    """A term that may fill a hole."""

    expression: Expression
    values: list[Value]
    function: Callable[..., Value]


class SchemeSearch:
    """Programs that are a recursion scheme, in order of cost.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; each filling counts as a candidate.
    schemes : sequence of Scheme
        The schemes to try.
    """

    def __init__(self, problem: SearchProblem, schemes: Sequence[Scheme] = SCHEMES) -> None:
        self.fillings = [
            _Filling(problem, place, scheme)
            for place, (name, type_) in enumerate(problem.signature.parameters)
            for scheme in schemes
            if scheme.source == type_
            and problem.signature.result in scheme.results
            and (name in problem.counted or not scheme.counts)
        ]

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the examples, cheapest first."""
        for filling in self.fillings:
            yield from filling.advance(cost)

    def best(self) -> Iterator[Program]:
        """Yield nothing: programs that are partly right are not kept."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        for filling in self.fillings:
            if row not in filling.rows:
                filling.rows.insert(0, row)


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
            (names[name], filling.signature.result if type_ == Type("result") else type_)
            for name, type_ in hole.parameters
        ]
        outer = filling.signature.parameters
        self.signature = Signature("part", (*bound, *outer), self.result)
        self.needed = {name for name, _ in bound} if hole.whole else set()
        self.contexts = filling.contexts_of(hole)
        if not self.contexts:
            return
        columns = list(zip(*self.contexts, strict=True))
        grammar = filling.problem.grammar
        variables = [
            ScopeVariable(
                Variable(name),
                type_,
                grammar.variable if place < len(bound) or type_ in (INT, BOOL) else grammar.outer,
                column,
            )
            for place, ((name, type_), column) in enumerate(
                zip(self.signature.parameters, columns, strict=True)
            )
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
        if not self.needed <= used:
            return None
        return _Term(expression, values, Program(self.signature, expression, 0).compile(_BITS))


class _Filling:
    """The fillings of one scheme over one parameter."""

    def __init__(
        self,
        problem: SearchProblem,
        place: int,
        scheme: Scheme,
    ) -> None:
        self.problem, self.place, self.scheme = problem, place, scheme
        self.signature = signature = problem.signature
        taken = {signature.name, *(name for name, _ in signature.parameters)}
        chosen = fresh_names(taken, (*scheme.names, "y", "z"))
        self.names = tuple(zip(scheme.names, chosen, strict=False))
        self.bound = chosen[-2:]
        rows = sorted(
            problem.rows, key=lambda row: (len(str(row[place])) < _TELLING, len(str(row)))
        )
        self.rows = rows[:_CHECKED]
        self.run = self._runner()
        self.reached = 0
        self.holes: list[_HoleTerms] = []

    def contexts_of(self, hole: Hole) -> list[tuple[Value, ...]]:
        """Return the contexts that a hole can meet, with the parameters of the program."""
        rng = np.random.default_rng(0)
        sources = [(row[self.place], row[-1]) for row in self.rows]
        found = [
            (*context, *row[:-1])
            for row, source in zip(self.rows, sources, strict=True)
            for context in hole.contexts(source, sources, rng)
        ]
        distinct = list({repr(context): context for context in found}.values())
        return distinct[:_CONTEXTS]

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
        values: dict[str, Sequence[Value]] = {}
        for hole, term in zip(self.holes, terms, strict=True):
            columns = zip(*hole.contexts, strict=True)
            values |= dict(zip((name for name, _ in hole.hole.parameters), columns, strict=False))
            values[hole.hole.name] = term.values
        return self.scheme.together(values)

    def _answers(self, terms: Sequence[_Term]) -> bool:
        functions = [term.function for term in terms]
        for *inputs, output in self.rows:
            try:
                if self.run(*inputs, *functions) != output:
                    return False
            except Exception:  # whatever Python raises: the program is undefined there
                return False
        return True

    def _runner(self) -> Callable[..., Value]:
        """Return the scheme as a function of the parameters and of a function for every hole."""
        # Fresh names: a parameter may share its name with a hole or with a function of the scheme.
        outer = [f"parameter_{place}" for place in range(len(self.signature.parameters))]
        names = {name: name for name in self.scheme.names}
        calls: dict[str, str] = {}
        for hole in self.scheme.holes:
            arguments = [*(names[name] for name, _ in hole.parameters), *outer]
            calls[hole.name] = f"{hole.name}({', '.join(arguments)})"
        parts = {**names, "source": outer[self.place], **calls}
        lines = "\n".join(f"    {line}" for line in self.scheme.python(parts))
        parameters = ", ".join([*outer, *(hole.name for hole in self.scheme.holes)])
        namespace: dict[str, object] = {}
        exec(f"def run({parameters}):\n{lines}", namespace)
        return cast(Callable[..., Value], namespace["run"])

    def _program(self, terms: Sequence[_Term]) -> Program:
        source = Variable(self.signature.parameters[self.place][0])
        expressions = tuple(term.expression for term in terms)
        recursion = Recursion(self.scheme, self.names, source, expressions)
        return self.problem.program(recursion, self.reached)
