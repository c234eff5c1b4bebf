"""Cases that a program misses: short predicates that separate its wrong from its right examples.

A program that is wrong on some examples may lack only a special case (the empty list, a number
divisible by 15). Then a predicate over the inputs holds on wrong examples only, and takes fewer
bits than a list of them. Terms over the wrong examples and some of the right ones are enumerated by
cost; they include the predicates, and the terms that are right where these hold. Cases are chosen
greedily, the one that saves most bits first: a decision list (Rivest 1987).
"""

import contextlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable
from dlcompare.synthesis.compiled.packing import BOOL_KIND, fits, pack_column
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Program,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.grammar.constants import constant_variables, constants_of
from dlcompare.synthesis.grammar.description_length import output_bits
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.noise import Partial, place_bits, wrong_examples
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, STR, Value

__all__ = ["Cases", "separate"]

_ROWS, _WRONG = 62, 24
"""Examples that terms are enumerated over, and the most wrong ones among them.

Sets of rows are the bits of an integer.
"""

_ALIKE = 8
"""The most predicates kept that hold on the same wrong examples."""

_TRIED = 40
"""Predicates that are run on all examples, per case."""

_LITERALS = 8
"""The most outputs of wrong examples that serve as literal branches."""

_DEAREST = 40
"""The largest cost, in bits, of a predicate or a branch."""

_CHOICE = 4
"""The cost of a choice, in bits, if the grammar has none."""


@dataclass(frozen=True)
class Cases:
    """A program with the cases that it missed.

    Attributes
    ----------
    partial : Partial
        The program with a branch for every case that has one, and the examples it still gets wrong.
    missing : tuple of Program
        The predicates of the cases that have no branch.
    """

    partial: Partial
    missing: tuple[Program, ...]


@dataclass(frozen=True)
class _Case:
    """A predicate, its branch, if there is one, and the bits that the case saves."""

    saved: int
    predicate: Program
    branch: Program | None
    places: frozenset[int] = frozenset()


def separate(
    partial: Partial,
    examples: Examples,
    grammar: Grammar,
    budget: SearchBudget,
    least: int,
) -> Cases:
    """Look for the cases that a program misses.

    Parameters
    ----------
    partial : Partial
        The program, and the examples that it gets wrong.
    examples : Examples
        All examples.
    grammar : Grammar
        The language of predicates and branches.
    budget : SearchBudget
        For their enumeration.
    least : int
        The bits that a case must save over a list of its examples as exceptions; a negative number
        allows it to cost bits.
    """
    terms = _CaseTerms(partial, examples, grammar, budget)
    left, cases = frozenset(partial.wrong), list[_Case]()
    while left:
        possible = itertools.islice(terms.cases(left, place_bits(examples), least), _TRIED)
        checked = (_checked(each, partial, examples, left) for each in possible)
        case = next((each for each in checked if each), None)
        if case is None:
            break
        cases.append(case)
        left -= case.places
    program, missing = partial.program, list[Program]()
    choice = grammar.choice(program.signature.result)
    for case in reversed(cases):
        if case.branch is None or choice is None:
            missing.append(case.predicate)
            continue
        parts = (case.predicate.expression, case.branch.expression, program.expression)
        cost = choice.cost + case.predicate.cost + case.branch.cost + program.cost
        program = replace(program, expression=Apply(choice, parts), cost=cost)
    return Cases(Partial(program, tuple(wrong_examples(program, examples))), tuple(missing))


def _checked(
    case: _Case, partial: Partial, examples: Examples, left: frozenset[int]
) -> _Case | None:
    """Return the case with the examples it settles; None if some example refutes it."""
    every = range(len(examples))
    holds = set(every) - set(wrong_examples(case.predicate, _with(examples, [True for _ in every])))
    wanted = [place in holds for place in every]
    undefined = wrong_examples(case.predicate, _with(examples, wanted))
    places = frozenset(holds & left)
    if not places or not {*holds, *undefined} <= set(partial.wrong):
        return None
    if case.branch and not places.isdisjoint(wrong_examples(case.branch, examples)):
        return None
    return replace(case, places=places)


def _with(examples: Examples, outputs: Iterable[Value]) -> Examples:
    return Examples(examples.inputs, tuple(outputs))


class _CaseTerms:
    """Predicates that hold on wrong examples only, and terms that are right on some of these."""

    def __init__(
        self, partial: Partial, examples: Examples, grammar: Grammar, budget: SearchBudget
    ) -> None:
        self.signature = partial.program.signature
        choice = grammar.choice(self.signature.result)
        self.choice = choice.cost if choice else _CHOICE
        self.places = _selected(partial, self.signature, examples)
        self.outputs = [examples.outputs[place] for place in self.places]
        self.wrong = sum(1 for place in self.places if place in set(partial.wrong))
        self.predicates: dict[int, list[tuple[int, Expression]]] = {}
        self.branches: dict[int, tuple[int, Expression]] = {}
        if not self.wrong:
            return
        self._add_literals()
        with contextlib.suppress(BudgetSpentError):
            self._enumerate(examples, grammar, budget)

    def cases(self, left: frozenset[int], place: int, least: int) -> Iterator[_Case]:
        """Yield cases for the examples left, best saving first; `place` is the bits of an index."""
        open_ = sum(1 << i for i in range(self.wrong) if self.places[i] in left)
        branches = sorted(
            ((mask, *each) for mask, each in self.branches.items()), key=lambda each: each[1]
        )
        found: list[_Case] = []
        for mask, predicates in self.predicates.items():
            here = mask & open_
            if not here:
                continue
            outputs = [self.outputs[i] for i in range(self.wrong) if here >> i & 1]
            told = sum(map(output_bits, outputs))
            branch = next((each for each in branches if here & ~each[0] == 0), None)
            price = min(branch[1], told) if branch else told
            body = Program(self.signature, branch[2], branch[1]) if branch else None
            for cost, expression in predicates:
                saved = len(outputs) * place + told - self.choice - cost - price
                if saved >= least:
                    predicate = Program(replace(self.signature, result=BOOL), expression, cost)
                    found.append(_Case(saved, predicate, body))
        return iter(sorted(found, key=lambda case: -case.saved))

    def _add_literals(self) -> None:
        """Add the outputs of wrong examples as branches."""
        if self.signature.result not in (INT, STR):
            return
        outputs = self.outputs[: self.wrong]
        for value in list(dict.fromkeys(outputs))[:_LITERALS]:
            mask = sum(1 << i for i, output in enumerate(outputs) if output == value)
            self.branches[mask] = output_bits(value), Constant(value)

    def _enumerate(self, examples: Examples, grammar: Grammar, budget: SearchBudget) -> None:
        """Collect the predicates and branches among all terms, until the budget is spent."""
        signature, rows = self.signature, len(self.places)
        parameters = (
            ScopeVariable(
                Variable(name),
                type_,
                grammar.variable,
                tuple(examples.inputs[name][place] for place in self.places),
            )
            for name, type_ in signature.parameters
        )
        constants = constants_of(signature, examples, grammar.costs)
        scope = Scope((*parameters, *constant_variables(constants, rows)))
        names = fresh_names({name for name, _ in signature.parameters}, ("y", "z"))
        language = grammar.language
        functions = FunctionBodies(language, scope, grammar.ops, names, budget)
        bank = TermBank(language, scope, grammar.ops, functions, budget)
        kind, target = language.kind(signature.result), pack_column(self.outputs, signature.result)
        agreement, truth = bank.kernels.agreement, np.ones(rows, np.int32)
        wrong = (1 << self.wrong) - 1
        for cost in range(1, _DEAREST + 1):
            for of, terms, _ in bank.level(cost):
                if of == BOOL_KIND:
                    masks = agreement(bank.packed, terms, of, rows, truth)
                    only: np.ndarray = (masks & ~np.int64(wrong) == 0) & (masks != 0)
                    for mask, term in zip(masks[only].tolist(), terms[only].tolist(), strict=True):
                        alike = self.predicates.setdefault(mask, [])
                        if len(alike) < _ALIKE:
                            alike.append((cost, term_expression(bank, term, functions)))
                if of == kind:
                    masks = agreement(bank.packed, terms, of, rows, target) & np.int64(wrong)
                    unique, first = np.unique(masks, return_index=True)
                    for mask, term in zip(unique.tolist(), terms[first].tolist(), strict=True):
                        if mask and self.branches.get(mask, (cost + 1,))[0] > cost:
                            self.branches[mask] = cost, term_expression(bank, term, functions)


def _selected(partial: Partial, signature: Signature, examples: Examples) -> list[int]:
    """Return indices of some wrong, then some right examples, spread evenly over sizes."""
    types = [*(type_ for _, type_ in signature.parameters), signature.result]
    rows = [
        (*row.values(), output)
        for row, output in zip(examples.rows(), examples.outputs, strict=True)
    ]
    places = [place for place, row in enumerate(rows) if all(map(fits, row, types))]
    places.sort(key=lambda place: len(str(rows[place])))
    wrong = _evenly([place for place in places if place in set(partial.wrong)], _WRONG)
    right = [place for place in places if place not in set(partial.wrong)]
    return [*wrong, *_evenly(right, _ROWS - len(wrong))]


def _evenly(places: list[int], most: int) -> list[int]:
    if len(places) <= most:
        return places
    return [places[i * len(places) // most] for i in range(most)]
