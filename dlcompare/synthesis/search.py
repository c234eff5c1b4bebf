"""The search: programs in order of cost, over all strategies, until one answers the examples.

Programs that need no enumeration come first (`parities`, `additive_tables`, `weighted_sums`,
`pieces`, `intervals`). One that answers all examples is held while part of the budget goes into
the search for a cheaper one.

The strategies advance together by cost: terms over the parameters (`terms`), calls of functions
with deduced examples (`deduction`), folds with a synthesized body (`folds`), other recursion
schemes (`recursion_schemes`), orders by a key (`key_order`), selections (`selection`), linear
searches (`least_value`), tables with a rule for their entries (`table_entries`), lists with a rule
for their positions (`position_search`), and terms over derived columns (`column_search`). All of
them work on other views of the values, too (`views`). An optional one enumerates terms again, in
order of costs learned during the search (`reweighing`). They use a few of the examples; a program
that answers these is run on all, and the first example it gets wrong is added.
"""

import itertools
from collections.abc import Iterable, Iterator

from dlcompare.synthesis.bank.budget import BudgetSpentError
from dlcompare.synthesis.dsl.primitives.primitive import LARGEST, LONGEST
from dlcompare.synthesis.dsl.program import Let, Program
from dlcompare.synthesis.grammar.description_length import lists_whole_domain, table_bits
from dlcompare.synthesis.strategies import additive_tables, parities, pieces, weighted_sums
from dlcompare.synthesis.strategies.column_search import ColumnSearch
from dlcompare.synthesis.strategies.deduction import DeducedSearch
from dlcompare.synthesis.strategies.folds import FoldSearch
from dlcompare.synthesis.strategies.intervals import intervals
from dlcompare.synthesis.strategies.key_order import KeySearch
from dlcompare.synthesis.strategies.least_value import LeastSearch
from dlcompare.synthesis.strategies.missed_cases import Looks
from dlcompare.synthesis.strategies.noise import Partial, Partials, wrong_examples
from dlcompare.synthesis.strategies.position_search import PositionSearch
from dlcompare.synthesis.strategies.recursion_schemes import SchemeSearch
from dlcompare.synthesis.strategies.reweighing import ReweighedSearch
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.synthesis.strategies.selection import SelectionSearch
from dlcompare.synthesis.strategies.table_entries import EntrySearch
from dlcompare.synthesis.strategies.terms import TermSearch
from dlcompare.synthesis.strategies.views import Strategy, ViewSearch
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Examples
from dlcompare.tasks.progress import FitProgress, tell

__all__ = ["NoProgramYetError", "first_wrong", "search"]

MAX_COST = 60

_PATIENCE, _LEAST_PATIENCE = 3, 500_000
"""A program is accepted once the search has spent this many times the candidates that found it, and
at least a minimum.

A program that was not enumerated may cost more than the terms enumerated so far.
"""

_PART_FOR_SOLVED, _PART_FOR_INTERVALS = 10, 2
"""A program found without enumeration, or one by intervals, is accepted once one part in this many
of the candidates is spent on others."""


def search(
    problem: SearchProblem,
    specified: bool = False,
    reweigh: bool = False,
    noise: float = 0.0,
) -> Program:
    """Return the cheapest program found that answers every example.

    If there is none within the budget, and examples may be mislabelled, the result may answer only
    most of them; it names the others (`Program.noise`). Wrong examples that a short predicate
    separates from the right ones never count as mislabelled: they are a case that the program
    misses (`separation`).

    Parameters
    ----------
    problem : SearchProblem
        What to search for, in which language, and how long.
    specified : bool
        Whether the examples come from a specification; if so, the program need not be shorter than
        their table.
    reweigh : bool
        Whether to enumerate terms a second time, at costs learned from terms that are right on
        some examples.
    noise : float
        The share of examples that may be mislabelled.

    Raises
    ------
    NoProgramYetError
        If the budget is spent first; the error has the program that came closest.
    """
    signature, examples, budget = problem.signature, problem.examples, problem.budget
    if not problem.rows:
        raise NoProgramError(
            f"every example is too large for the search: its integers reach {LARGEST:,}, its "
            f"texts and lists {LONGEST} characters or elements; shorten them, or read a "
            "column of long numbers as text (--text NAME)"
        )
    unlimited = specified or lists_whole_domain(signature, examples)
    said = MAX_COST + 1 if unlimited else table_bits(examples.outputs)
    table = (
        MAX_COST + 1
        if unlimited
        else sum(map(table_bits, (*examples.inputs.values(), examples.outputs)))
    )
    searches = _strategies(problem, specified)
    if not specified:
        searches.append(ViewSearch(problem, _strategies))
    terms = searches[0]
    assert isinstance(terms, TermSearch)
    searches += [ReweighedSearch(terms)] if reweigh else []
    limit = min(MAX_COST, table - 1)
    solved = _solved(problem)
    held: Program | None = None  # right, but a cheaper one may exist
    partials = Partials(examples, noise)
    patience = 0
    looks = Looks(partials, lambda: _best(searches), problem.grammar, budget, table)
    if not specified:
        looks.begin()
    try:
        for cost in range(1, limit + 1):
            partial = next(terms.best(), None)  # right on some examples
            best = held or (partials.closest.program if partials.closest else partial)
            told = best.text.dsl if best else None
            tell(FitProgress(budget.spent, budget.candidates, "candidates", program=told))
            for each in searches:
                for program in each.advance(cost):
                    most = min(table, said) if isinstance(program.expression, Let) else table
                    if program.cost >= (held.cost if held else most):
                        continue
                    wrong = first_wrong(program, examples)
                    if wrong is None:
                        patience = patience or max(_LEAST_PATIENCE, _PATIENCE * budget.spent)
                        held = program
                    else:
                        partials.consider(program)
                        if wrong in problem.rows:
                            each.reject(wrong)
                    if held and held.cost <= cost:
                        return held
            if looks.right and (held is None or looks.right.cost < held.cost):
                held, patience = looks.right, patience or budget.candidates
            if held and held.cost <= cost:
                return held
            if held and budget.spent >= patience:
                return _cheapest([held, *_best(searches)], examples) or held
            ready = [each for each, at in solved if each.cost <= cost or budget.used >= 1 / at]
            if ready and not held:
                return _cheapest([*ready, *_best(searches)], examples) or ready[0]
        reason = f"no program of less than {limit + 1} bits answers all examples"
        if limit < MAX_COST:
            reason += "; the table of the examples takes no more"
    except BudgetSpentError as spent:
        reason = f"no program answers all examples within {spent}"
    found = [each for each in (held, looks.right) if each is not None]
    programs = [*found, *(each for each, _ in solved), *_best(searches)]
    answer = _cheapest([each for each in programs if each.cost < table], examples)
    if answer:
        return answer
    if not specified:
        looks.look()
        answer = looks.right or looks.noisy
        reason += looks.why
    if answer:
        return answer
    for program in programs:
        partials.consider(program)
    raise NoProgramYetError(reason, partials.closest)


def _strategies(problem: SearchProblem, specified: bool = False) -> list[Strategy]:
    """Return the strategies for a problem, the terms over its parameters first.

    A specification is checked symbolically, and loops without end cannot be.
    """
    terms = TermSearch(problem)
    always: list[Strategy] = [
        terms,
        DeducedSearch(terms),
        FoldSearch(problem),
        SchemeSearch(problem),
    ]
    if specified:
        return always
    return [
        *always,
        KeySearch(problem, terms),
        SelectionSearch(problem),
        LeastSearch(problem),
        EntrySearch(problem),
        PositionSearch(problem),
        ColumnSearch(problem),
    ]


def _solved(problem: SearchProblem) -> list[tuple[Program, int]]:
    """Return the programs that answer every example without enumeration, cheapest first.

    Each comes with the part of the budget, one in so many, after which no other is waited for.
    Intervals say nothing beyond the largest input, and so wait longest.
    """
    signature, examples = problem.signature, problem.examples
    known = {primitive.name for primitive in problem.grammar.primitives}
    found = [(program, _PART_FOR_INTERVALS) for program in intervals(problem)]
    if known >= parities.EXPRESSED:
        found += [(each, _PART_FOR_SOLVED) for each in parities.parities(signature, examples)]
    if known >= additive_tables.EXPRESSED:
        tables = additive_tables.additive_tables(signature, examples, "modulo" in known)
        found += [(each, _PART_FOR_SOLVED) for each in tables]
    if known >= weighted_sums.EXPRESSED:
        sums = weighted_sums.weighted_sums(signature, examples)
        found += [(each, _PART_FOR_SOLVED) for each in sums]
    if known >= pieces.EXPRESSED:
        found += [(each, _PART_FOR_SOLVED) for each in pieces.pieces(problem)]
    right = [each for each in found if first_wrong(each[0], examples) is None]
    return sorted(right, key=lambda each: each[0].cost)


def _best(searches: Iterable[Strategy]) -> Iterator[Program]:
    return itertools.chain.from_iterable(each.best() for each in searches)


def _cheapest(programs: Iterable[Program], examples: Examples) -> Program | None:
    """Return the cheapest program that answers every example; None if there is none."""
    right = [each for each in programs if first_wrong(each, examples) is None]
    return min(right, key=lambda program: program.cost, default=None)


class NoProgramYetError(NoProgramError):
    """The search ended without a program for all examples.

    Attributes
    ----------
    closest : Partial or None
        The program that answers most examples.
    """

    def __init__(self, reason: str, closest: Partial | None) -> None:
        super().__init__(reason)
        self.closest = closest


def first_wrong(program: Program, examples: Examples) -> Row | None:
    """Return the first example that a program gets wrong, or None."""
    place = next(wrong_examples(program, examples), None)
    if place is None:
        return None
    return (*(column[place] for column in examples.inputs.values()), examples.outputs[place])
