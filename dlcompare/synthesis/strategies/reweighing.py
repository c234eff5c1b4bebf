"""Costs learned during the search: primitives of partly right terms become cheaper.

A term that is right on a set of rows that no cheaper one is right on is *promising*. The fit of a
primitive is the largest share of rows that a promising term with it is right on; its probability p
becomes p^(1 - fit), normalized over the primitives that it competes with. A second enumeration uses
these costs, and restarts whenever they change. This is just-in-time learning as in Probe (Barke,
Peleg and Polikarpova 2020), in addition to the search at the usual costs rather than instead of it;
a program found here is reported at its usual cost.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from dlcompare.synthesis.bank.lambdas import term_expression
from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.dsl.program import Apply, Program, walk
from dlcompare.synthesis.grammar.costs import MOST, competing
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.terms import TermSearch
from dlcompare.tasks.types import Type, Value

__all__ = ["ReweighedSearch", "reweighed"]

_MOST_ROWS = 62
"""The most rows in a set of rows, which is the bits of an integer."""


def reweighed(grammar: Grammar, fit: Mapping[str, float]) -> dict[str, int]:
    """Return the costs of all primitives of a grammar, given the fit of some.

    Parameters
    ----------
    grammar : Grammar
        With the costs before.
    fit : mapping of str to float
        By the name of a primitive, the largest share of examples, from 0 to 1, that a term with it
        is right on; 0 if missing.
    """
    groups: dict[Type | None, list[Primitive]] = {}
    for primitive in grammar.primitives:
        groups.setdefault(competing(primitive.result), []).append(primitive)
    costs = {}
    for group in groups.values():
        bits = {each.name: each.cost * (1 - fit.get(each.name, 0)) for each in group}
        before = sum(2.0**-each.cost for each in group)
        more = math.log2(sum(2.0**-each for each in bits.values()) / before)
        for name, each in bits.items():
            costs[name] = min(max(1, math.floor(each + more + 0.5)), MOST)
    return costs


@dataclass
class _Watched:
    """The progress of a scan over the terms of a search."""

    search: TermSearch
    generation: int = 0
    reached: int = 0
    seen: set[tuple[int, int]] = field(default_factory=set)  # how many rows, which of them

    def promising(self) -> Iterator[tuple[int, float]]:
        """Yield the new promising terms, with the share of rows that each is right on."""
        search = self.search
        if search.generation != self.generation:
            self.generation, self.reached = search.generation, 0
        levels, rows = search.bank.members[search.kind], len(search.rows)
        for level in range(self.reached + 1, search.reached + 1):
            terms = levels.get(level)
            if terms is None or rows > _MOST_ROWS:
                continue
            for mask, first in self._masks(terms):
                if mask and (rows, mask) not in self.seen:
                    self.seen.add((rows, mask))
                    yield int(terms[first]), mask.bit_count() / rows
        self.reached = search.reached

    def _masks(self, terms: Terms) -> Iterator[tuple[int, int]]:
        """Yield the sets of rows that terms are right on, each with its first term's index."""
        search, rows = self.search, len(self.search.rows)
        agreement = search.bank.kernels.agreement
        masks = agreement(search.bank.packed, terms, search.kind, rows, search.target)
        unique, first = np.unique(masks, return_index=True)
        return zip(unique.tolist(), first.tolist(), strict=True)


class ReweighedSearch:
    """Terms over the parameters in order of costs that are learned during the search.

    It reaches the same cost, by its own measure, as the other searches do by theirs, as long as it
    has not spent more candidates than they have.

    Parameters
    ----------
    terms : TermSearch
        The search at the usual costs, whose terms also count as evidence; advance it first.
    """

    def __init__(self, terms: TermSearch) -> None:
        self.grammar = terms.grammar
        self.budget = terms.budget
        self.terms = terms
        self.inner: TermSearch | None = None
        self.watched = [_Watched(terms)]
        self.fit: dict[str, float] = {}
        self.costs = reweighed(self.grammar, self.fit)
        self.usual: dict[int, Primitive] = {}
        self.spent = 0

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield programs that answer the rows, at their usual costs."""
        self._learn()
        inner, budget = self.inner, self.budget
        while inner and inner.reached < cost and 2 * self.spent <= budget.spent:
            before = budget.spent
            for program in inner.advance(inner.reached + 1):
                yield self._at_usual_cost(program)
            self.spent += budget.spent - before

    def reject(self, row: tuple[Value, ...]) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if self.inner:
            self.inner.reject(row)

    def best(self) -> Iterator[Program]:
        """Yield programs of any cost that answer all rows, then those that answer some."""
        for program in self.inner.best() if self.inner else ():
            yield self._at_usual_cost(program)

    def _learn(self) -> None:
        """Learn from new promising terms, and restart if the costs change."""
        for watched in self.watched:
            for term, share in watched.promising():
                self._reward(watched.search, term, share)
        costs = reweighed(self.grammar, self.fit)
        if costs == self.costs:
            return
        self.costs = costs
        language = self.grammar.language.priced(costs)
        pairs = zip(language.operations, self.grammar.language.operations, strict=True)
        self.usual = {id(ours.primitive): usual.primitive for ours, usual in pairs}
        grammar = replace(self.grammar, language=language, costs={**self.grammar.costs, **costs})
        if self.inner is None:
            self.inner = TermSearch(replace(self.terms.problem, grammar=grammar))
            self.watched.append(_Watched(self.inner))
        self.inner.begin_again(grammar, self.terms.rows)

    def _reward(self, search: TermSearch, term: int, share: float) -> None:
        expression = term_expression(search.bank, term, search.functions)
        for part in walk(expression):
            if isinstance(part, Apply):
                name = part.primitive.name
                self.fit[name] = max(share, self.fit.get(name, 0))

    def _at_usual_cost(self, program: Program) -> Program:
        """Return the same program with its cost by the usual costs.

        Costs add up; what is not in the sum contains no reweighed primitive.
        """
        cost = program.cost
        for part in walk(program.expression):
            if isinstance(part, Apply):
                usual = self.usual.get(id(part.primitive), part.primitive)
                cost += usual.cost - part.primitive.cost
        return replace(program, cost=cost)
