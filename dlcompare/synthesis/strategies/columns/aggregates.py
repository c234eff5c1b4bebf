"""Comprehensions whose body aggregates over an inner list, with the outer element in scope.

``[sum(1 for z in xs if z < y) for y in xs]`` is the rank of every element. An *aggregate* counts,
sums or quantifies over the elements of an inner list that stand in a relation to the outer element.
The inner list is a list parameter, or the elements before or after the outer one. Bodies are terms
over the outer element and the aggregates; each enters the higher-order primitives of the language.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, zip_longest

from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.primitives.primitive import (
    BINARY,
    INTS,
    MAPPING,
    RELATION,
    Primitive,
    function_of,
)
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Lambda,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["comprehensions"]

_SHARE = 20
"""One part in this many of the unspent candidates is the most that a call spends."""

_CANDIDATES = 200_000
"""The most candidates of a call."""

_ELEMENTS = 8
"""The most elements of a list whose example takes part; the contexts of relations grow with its
square."""

_RELATION, _BODY = 9, 17
"""The most bits of a relation between two elements, and of a body."""

_AGGREGATES, _VARIABLES = 24, 48
"""The most aggregates per inner list, and altogether."""

_FIRST = 3
"""The cost of the first aggregate in a body, less one bit."""

PREDICATE = function_of(INT, result=BOOL)


@dataclass(frozen=True)
class _Inner:
    """An inner list: as an expression, its cost, and its elements for an outer element."""

    expression: Expression
    cost: int
    elements: Callable[[Row, int], list[int]]
    indexed: bool


class _Comprehensions:
    """The comprehensions over one list parameter."""

    def __init__(
        self, problem: SearchProblem, rows: Sequence[Row], place: int, budget: SearchBudget
    ) -> None:
        self.problem, self.place, self.budget = problem, place, budget
        self.grammar = problem.grammar
        self.rows = [row for row in rows if len(row[place]) <= _ELEMENTS]
        self.source = Variable(problem.names[place])
        taken = {*problem.names, problem.signature.name}
        self.index, self.element, self.other = fresh_names(taken, ("i", "y", "z"))
        self.contexts = [(row, at) for row in self.rows for at in range(len(row[place]))]
        sizes = [len(row[place]) for row in self.rows]
        self.spans = list(pairwise([0, *accumulate(sizes)]))
        self.counts: Counter[str] = Counter()

    def drafts(self, indexed: bool) -> Iterator[Draft]:
        """Yield the drafts with or without an index, in order of the cost of their body."""
        aggregates = [each for inner in self._inner(indexed) for each in self._aggregates(inner)]
        yield from self._over_bodies(aggregates[:_VARIABLES], indexed)

    def _inner(self, indexed: bool) -> Iterator[_Inner]:
        """Yield the inner lists; those before and after an element need its index."""
        outer = self.grammar.outer
        if not indexed:
            for place, (name, type_) in enumerate(self.problem.signature.parameters):
                if type_ == INTS:
                    yield _Inner(Variable(name), outer, _whole(place), False)
            return
        place, at = self.place, Variable(self.index)
        take = self.grammar.primitive("take", INT, INTS)
        drop = self.grammar.primitive("drop", INT, INTS)
        if take:
            before = Apply(take, (at, self.source))
            yield _Inner(before, take.cost + 1 + outer, lambda row, i: row[place][:i], True)
        if drop:
            rest = Apply(drop, (at, self.source))
            yield _Inner(rest, drop.cost + 1 + outer, lambda row, i: row[place][i:], True)

    def _aggregates(self, inner: _Inner) -> Iterator[ScopeVariable]:
        """Yield the aggregates over an inner list, one per behaviour on the contexts."""
        triples, ends = [], []
        for row, at in self.contexts:
            y = row[self.place][at]
            triples += [(z, y, row) for z in inner.elements(row, at)]
            ends.append(len(triples))
        spans = list(pairwise([0, *ends]))
        if not triples:
            return
        seen: set[tuple[Value, ...]] = set()
        found = 0
        for relation, cost, verdicts in self._relations(triples):
            predicate = Lambda((self.other,), relation)
            for name, result in (("count", INT), ("any", BOOL), ("all", BOOL)):
                primitive = self.grammar.primitive(name, PREDICATE, result)
                if primitive is None:
                    continue
                totals = tuple(_AGGREGATE[name](verdicts[a:b]) for a, b in spans)
                if totals in seen or len(set(totals)) == 1:
                    continue
                seen.add(totals)
                expression = Apply(primitive, (predicate, inner.expression))
                bits = primitive.cost + cost + inner.cost
                yield ScopeVariable(expression, result, bits, totals)
                found += 1
            if found >= _AGGREGATES:
                return

    def _relations(
        self, triples: Sequence[tuple[Value, Value, Row]]
    ) -> Iterator[tuple[Expression, int, list[Value]]]:
        """Yield the relations of an inner element to the outer one, with cost and values."""
        variables = [
            ScopeVariable(Variable(self.other), INT, 1, tuple(z for z, _, _ in triples)),
            ScopeVariable(Variable(self.element), INT, 1, tuple(y for _, y, _ in triples)),
            *self._scalars([row for *_, row in triples]),
        ]
        terms = ScalarTerms(self.problem, variables, self.budget)
        for level in range(1, _RELATION + 1):
            for term, type_, uses in terms.level(level):
                if type_ == BOOL and uses & 0b11 == 0b11:
                    yield terms.expression(term), level, terms.values(term, BOOL)

    def _scalars(self, rows: Sequence[Row]) -> list[ScopeVariable]:
        """Return the parameters that are scalars."""
        return [
            ScopeVariable(Variable(name), type_, 1, tuple(row[place] for row in rows))
            for place, (name, type_) in enumerate(self.problem.signature.parameters)
            if type_ in (INT, BOOL)
        ]

    def _over_bodies(self, aggregates: Sequence[ScopeVariable], indexed: bool) -> Iterator[Draft]:
        """Yield the comprehensions whose body uses an aggregate.

        The outer element stands only inside aggregates: a number of elements is compared with
        other numbers, not with an element.
        """
        variables = [_entering(each, number) for number, each in enumerate(aggregates, 1)]
        more = [each.cost - entry.cost for each, entry in zip(aggregates, variables, strict=True)]
        if indexed:
            column = tuple(at for _, at in self.contexts)
            variables.append(ScopeVariable(Variable(self.index), INT, 1, column))
        variables += self._scalars([row for row, _ in self.contexts])
        if not more:
            return
        terms, some = ScalarTerms(self.problem, variables, self.budget), (1 << len(more)) - 1
        for level in range(1, _BODY + 1):
            for term, type_, uses in terms.level(level):
                primitives = self._open(indexed, type_) if uses & some else []
                if primitives:
                    extra = sum(bits for place, bits in enumerate(more) if uses >> place & 1)
                    body = terms.expression(term)
                    yield from self._applied(primitives, body, level + extra, indexed)

    def _open(self, indexed: bool, type_: Type) -> list[tuple[Primitive, str, Type]]:
        """Return the primitives that take more bodies of a type, each with a stem and its type."""
        found = []
        for name, takes_index, function, result, stem, most in _APPLIED:
            primitive = self.grammar.primitive(name, function, result)
            fits = takes_index == indexed and function.parameters[-1] == type_
            if primitive is not None and fits and self.counts[name] < most:
                found.append((primitive, stem, result))
        return found

    def _applied(
        self,
        primitives: Sequence[tuple[Primitive, str, Type]],
        body: Expression,
        bits: int,
        indexed: bool,
    ) -> Iterator[Draft]:
        names = (self.index, self.element) if indexed else (self.element,)
        for primitive, stem, result in primitives:
            self.counts[primitive.name] += 1
            value = Apply(primitive, (Lambda(names, body), self.source))
            yield Draft(stem, result, primitive.cost + 1 + bits, value)


def _entering(variable: ScopeVariable, number: int) -> ScopeVariable:
    """Return an aggregate that costs the bits of its number."""
    return replace(variable, cost=_FIRST + number.bit_length())


def _whole(place: int) -> Callable[[Row, int], list[int]]:
    return lambda row, _: row[place]


_AGGREGATE: dict[str, Callable[[list[bool]], Value]] = {"count": sum, "any": any, "all": all}

_APPLIED = (
    ("map", False, MAPPING, INTS, "values", 16),
    ("sort_by", False, MAPPING, INTS, "ordered", 12),
    ("filter", False, PREDICATE, INTS, "chosen", 80),
    ("all", False, PREDICATE, BOOL, "holds", 64),
    ("map_indexed", True, BINARY, INTS, "values", 24),
    ("filter_indexed", True, RELATION, INTS, "chosen", 40),
)
"""The primitives that take a body: name, whether indexed, types of the body and the result, the
stem of a column's name, and the most columns per list."""


def comprehensions(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield comprehensions with aggregates, in the order of the costs of their bodies.

    They are enumerated at the first stage only.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; its budget pays for the candidates.
    rows : list of Row
        Examples on which they are compared.
    stage : int
        The stage; there are none after the first.
    """
    if stage:
        return
    found: list[list[Draft]] = []
    for place, type_ in enumerate(problem.types):
        for indexed in (False, True) if type_ == INTS else ():
            left = problem.budget.left
            budget = problem.budget.part(min(_CANDIDATES, left // _SHARE))
            found.append([])
            with suppress(BudgetSpentError):
                found[-1].extend(_Comprehensions(problem, rows, place, budget).drafts(indexed))
            problem.budget.spent += budget.spent
    for turn in zip_longest(*found):
        yield from (draft for draft in turn if draft is not None)
