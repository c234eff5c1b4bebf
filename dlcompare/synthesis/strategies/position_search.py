"""Programs that give the output at every position of a list by one rule, or put it in order.

The rows are the positions of a list in a few examples, so that few examples already say much. Terms
over the position, its element and `columns.positions` are enumerated by cost. From them come rules
for all positions (`position_rules`); rules for the positions that a predicate keeps, if it keeps as
many as every output has elements; and keys by which the elements are arranged into the output.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log2

import numpy as np

from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.dsl.holes import Scheme
from dlcompare.synthesis.dsl.position_schemes import (
    ARRANGED,
    CHOSEN,
    CHOSEN_TWO,
    EVERY,
    EVERY_TWO,
)
from dlcompare.synthesis.dsl.primitives.primitive import INTS, Primitive
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Program,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.position_rules import (
    Leaf,
    PositionRules,
    Predicates,
    Rule,
    Table,
    terms_of,
)
from dlcompare.synthesis.strategies.position_table import PositionTable
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["PositionSearch"]

_EXAMPLES, _POSITIONS = 16, 200
"""The most examples, and positions in all of them, over which terms are enumerated."""

_FIRST, _SHARE, _MOST = 3_000, 3, 2_000_000
"""It starts after this many candidates of the search, spends one part in so many of them from then
on, and this many at most."""

_RESTARTS = 3
"""How often an example that a program gets wrong is added."""

_KEPT = 24
"""The most predicates that keep as many positions as the outputs have elements."""

_MIXTURE = 6
"""The bits for a place and an element that a term computes with together."""

_NESTED = 3
"""Nested choices are sought at each level that this divides."""

_DEAREST = 1 << 20
"""More bits than any program has."""

_COMPARED = 100
"""How many comparisons of a value with an output count as much as a candidate."""

_ALL = -1
"""The predicate that keeps all positions."""


class PositionSearch:
    """Rules at the positions of any parameter that is a list of integers.

    Parameters
    ----------
    problem : SearchProblem
        What to search for.
    """

    def __init__(self, problem: SearchProblem) -> None:
        self.problem = problem
        self.over: list[_Positions] | None = None
        self.last: _Positions | None = None
        self.spent = 0

    def advance(self, _: int) -> Iterator[Program]:
        """Yield programs of any cost, each time the search has spent enough elsewhere."""
        budget = self.problem.budget
        if budget.spent < _FIRST:
            return
        if self.over is None:
            self.over = [_Positions(self.problem, *each) for each in _sources(self.problem)]
        while self.over and _SHARE * self.spent <= budget.spent and self.spent < _MOST:
            self.last = min(self.over, key=lambda each: each.reached)
            before = budget.spent + self.last.compared // _COMPARED
            yield from self.last.advance()
            self.spent += budget.spent + self.last.compared // _COMPARED - before
            self.over = [each for each in self.over if each.open]

    def best(self) -> Iterator[Program]:
        """Yield nothing: every program that is found has been yielded."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if self.last is not None:
            self.last.reject(row)


def _sources(problem: SearchProblem) -> Iterator[tuple[int, int]]:
    """Yield lists by their places, with how many elements of every output a position may give."""
    result = problem.signature.result
    if result.name != "list" or not problem.grammar.primitive("get", INT, INT):
        return
    if not {INT, BOOL}.issuperset(_components(result)):
        return
    for place, type_ in enumerate(problem.types):
        if type_ != INTS:
            continue
        sizes = [(len(row[place]), len(row[-1])) for row in problem.rows]
        if all(wanted <= size for size, wanted in sizes):
            yield place, 1
        even = all(wanted % 2 == 0 and wanted // 2 <= size for size, wanted in sizes)
        if even and result == INTS and any(wanted != size for size, wanted in sizes):
            yield place, 2


def _components(result: Type) -> tuple[Type, ...]:
    """Return the types of the components of an element of the output."""
    element = result.element
    pair = element.name == "tuple" and len(element.parameters) == 2
    return element.parameters if pair else (element,)


class _Positions:
    """The programs over the positions of one list parameter.

    Parameters
    ----------
    problem : SearchProblem
        What to search for.
    place : int
        The place of the parameter.
    width : int
        How many elements of the output a position gives, 1 or 2.

    Attributes
    ----------
    reached : int
        The cost of the dearest terms so far.
    open : bool
        Whether there may be more programs.
    compared : int
        How many values of terms were compared with outputs.
    """

    def __init__(self, problem: SearchProblem, place: int, width: int) -> None:
        self.problem, self.place, self.width = problem, place, width
        self.types = _components(problem.signature.result) * width
        self.examples = _spread([row for row in problem.rows if row[place]], place)
        self.restarts, self.reached, self.compared = 0, 0, 0
        self.open = bool(self.examples)
        if self.open:
            self._build()

    def reject(self, row: Row) -> None:
        if row in self.examples or not row[self.place]:
            return
        self.restarts += 1
        self.open = self.restarts <= _RESTARTS
        if self.open:
            self.examples.append(row)
            self._build()

    def advance(self) -> Iterator[Program]:
        """Yield programs with terms of the next cost."""
        self.reached += 1
        restarts, first = self.restarts, len(self.predicates.terms)
        for type_, terms, uses in self.terms.batches(self.reached):
            table = self.terms.table(terms)
            if type_ == BOOL:
                self.predicates.add(table, terms, uses, self.reached)
            for rules in self.rules.values():
                for each, of in zip(rules, self.types, strict=True):
                    if of == type_:
                        self.compared += len(terms) * len(each.rows)
                        each.add(table, terms, uses, self.reached)
            if self.permuted:
                yield from self._by_key(table, terms, uses)
            if self.restarts != restarts:
                return
        self._keep(first)
        for keep in list(self.rules):
            self.problem.budget.check_clock()
            yield from self._ruled(keep, first)
            if self.restarts != restarts:
                return

    def _build(self) -> None:
        """Restart with the positions of the current examples."""
        self.reached = 0
        self.table = PositionTable(self.problem, self.place, self.examples)
        self.terms: ScalarTerms = self.table.terms()
        self.predicates = Predicates(len(self.table.elements))
        outputs = [row[-1] for row in self.examples]
        self.counts = np.array([len(output) // self.width for output in outputs])
        self.outputs = self._columns(outputs)
        self.rules: dict[int, list[PositionRules]] = {}
        self.told: dict[int, int] = {}
        self.mixtures: dict[tuple[int, bool], int] = {}
        if self.counts.tolist() == self.table.lengths:
            self._add_rules(_ALL, np.arange(len(self.table.elements)))
        self.information = sum(_information(row[self.place], row[-1]) for row in self.examples)
        sorting = self.problem.grammar.primitive("sort", INTS, INTS)
        pairs = [(row[self.place], row[-1]) for row in self.examples]
        same = all(Counter(xs) == Counter(output) for xs, output in pairs)
        self.arranged = _DEAREST
        self.permuted = sorting is not None and same and self.types == (INT,)

    def _columns(self, outputs: Sequence[Sequence[object]]) -> list[Table]:
        """Return every component of all elements of the outputs."""
        elements = [element for output in outputs for element in output]
        count = len(self.types)
        return list(np.array(elements, np.int32).reshape(-1, count).T) if elements else []

    def _add_rules(self, keep: int, rows: Terms) -> None:
        """Look for rules at the rows that a predicate keeps; only at all rows for choices, too."""
        choice = self.problem.grammar.choice(INT) if keep == _ALL else None
        at, bits = self._get.cost + 1, choice.cost if choice else None
        self.rules[keep] = [
            PositionRules(rows, column, self.table.at, at if of == INT else None, bits, self._price)
            for of, column in zip(self.types, self.outputs, strict=True)
        ]

    @property
    def _get(self) -> Primitive:
        get = self.problem.grammar.primitive("get", INT, INT)
        assert get is not None
        return get

    def _keep(self, first: int) -> None:
        """Look for rules at the positions that the latest predicates keep, if their number fits."""
        holds = self.predicates.holds[first:]
        if _ALL in self.rules or not len(holds) or not self.outputs:
            return
        kept = np.add.reduceat(holds, self.table.bounds[:-1], axis=1, dtype=np.int64)
        for place in np.flatnonzero((kept == self.counts).all(1)).tolist():
            if len(self.rules) < _KEPT:
                self._add_rules(first + place, np.flatnonzero(holds[place]))
                for level in range(1, self.reached + 1):
                    self._catch_up(self.rules[first + place], level)

    def _catch_up(self, rules: Sequence[PositionRules], level: int) -> None:
        """Add the terms of an earlier level to new rules."""
        language = self.terms.language
        for each, of in zip(rules, self.types, strict=True):
            terms = self.terms.bank.members[language.kind(of)].get(level)
            if terms is not None:
                self.compared += len(terms) * len(each.rows)
                each.add(self.terms.table(terms), terms, self.terms.uses[terms], level)

    def _ruled(self, keep: int, first: int) -> Iterator[Program]:
        """Yield the cheapest program with the rules at some positions, if it is new."""
        rules = self.rules[keep]
        for each in rules:
            each.unify(self.predicates, first)
            if keep == _ALL and not self.reached % _NESTED:
                each.nest(self.predicates)
        found = [each.best for each in rules if each.best]
        if len(found) < len(rules):
            return
        if keep == _ALL and sum(each.bits for each in rules) >= self.information:
            return
        cost = sum(rule.cost + self._mixtures(rule) for rule in found)
        parts = tuple(map(self._expression, found))
        if len(parts) > self.width:
            pair = self.problem.grammar.primitive("pair", self.types[0], self._element)
            if pair is None:
                return
            cost, parts = cost + pair.cost, (Apply(pair, parts),)
        if keep == _ALL:
            program = self._program((EVERY, EVERY_TWO)[self.width - 1], parts, cost)
        else:
            test, bits = self.predicates.terms[keep], self.predicates.costs[keep]
            scheme = (CHOSEN, CHOSEN_TWO)[self.width - 1]
            program = self._program(scheme, (*parts, self.terms.expression(test)), cost + bits)
        if program.cost < self.told.get(keep, program.cost + 1):
            self.told[keep] = program.cost
            yield program

    @property
    def _element(self) -> Type:
        return self.problem.signature.result.element

    def _price(self, rule: Rule) -> int:
        return self.table.price(rule.cost, rule.uses) + self._mixtures(rule)

    def _mixtures(self, rule: Rule) -> int:
        """Return the bits for places and elements that a rule computes with together."""
        total = 0
        for each in terms_of(rule):
            if each not in self.mixtures:
                term, at = each
                self.mixtures[each] = self.table.mixtures(self.terms.expression(term), at)
            total += self.mixtures[each]
        return _MIXTURE * total

    def _by_key(self, table: Table, terms: Terms, uses: Terms) -> Iterator[Program]:
        """Yield the elements in the order of a right key, if it is cheaper than those before."""
        left = np.arange(len(terms))
        elements, outputs = self.table.elements, self.outputs[0]
        for start, end in pairwise(self.table.bounds.tolist()):
            order = np.argsort(table[left, start:end], axis=1, kind="stable")
            left = left[(elements[start:end][order] == outputs[start:end]).all(1)]
        pairs = zip(terms[left].tolist(), uses[left].tolist(), strict=True)
        keys = [Leaf(term, False, self.reached, used) for term, used in pairs]
        prices = [self._price(key) for key in keys]
        best = min(prices, default=self.arranged)
        if best < self.arranged:
            self.arranged = best
            key = keys[prices.index(best)]
            cost = key.cost + self._mixtures(key)
            yield self._program(ARRANGED, (self.terms.expression(key.term),), cost)

    def _program(self, scheme: Scheme, parts: tuple[Expression, ...], cost: int) -> Program:
        table = self.table
        taken = {*self.problem.names, self.problem.signature.name, table.index, table.element}
        taken |= {column.name for column in table.problem.columns}
        chosen = dict(zip(scheme.names, fresh_names(taken, scheme.names), strict=True))
        chosen |= {"i": table.index, "x": table.element}
        names = tuple((name, chosen[name]) for name in scheme.names)
        source = Variable(self.problem.names[self.place])
        recursion = Recursion(scheme, names, (source,), parts)
        return table.problem.program(recursion, scheme.cost + 1 + cost)

    def _expression(self, rule: Rule) -> Expression:
        if isinstance(rule, Leaf):
            term = self.terms.expression(rule.term)
            source = Variable(self.problem.names[self.place])
            return Apply(self._get, (term, source)) if rule.at else term
        choice = self.problem.grammar.choice(INT)
        assert choice is not None
        test = self.terms.expression(rule.predicate)
        return Apply(choice, (test, self._expression(rule.then), self._expression(rule.other)))


def _information(xs: Sequence[Value], output: Sequence[Value]) -> float:
    """Return the bits of an output if it is known which values it and its list hold."""
    return len(output) * log2(len({*xs, *output}))


def _spread(rows: Sequence[Row], place: int) -> list[Row]:
    """Return examples spread over the lengths of their lists, with a limited number of positions.

    Examples whose output is not empty come first.
    """
    ordered = sorted(rows, key=lambda row: (not row[-1], -len(row[place])))
    chosen: list[Row] = []
    for row in ordered[:: max(1, len(ordered) // _EXAMPLES)]:
        if sum(len(each[place]) for each in (*chosen, row)) <= _POSITIONS or len(chosen) < 2:
            chosen.append(row)
    return chosen
