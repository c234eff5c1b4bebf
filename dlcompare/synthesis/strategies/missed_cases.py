"""The search for cases that the closest program misses: its schedule and its results.

A look costs candidates, so there are few. If all examples are correct, a program with its cases may
be the answer, so a look follows each time the number of candidates spent has grown by a factor; the
last comes shortly before the budget is spent. If examples may be mislabelled, only the last one
happens, and no program passes as right but for mislabelled examples without it.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from dlcompare.synthesis.bank.budget import Alarm, SearchBudget
from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.noise import LEAST_EXAMPLES, MOST_NOISE, Partial, Partials
from dlcompare.synthesis.strategies.separation import separate

__all__ = ["Looks"]

_MOST, _SECONDS = 1_000_000, 3.0
"""The most candidates and seconds of a look."""

_PART = 20
"""A look takes one part in this many of the candidates and of the seconds."""

_FIRST, _TIMES = 2_000_000, 4
"""Candidates before the first look, and the factor by which they grow before the next."""

_PATIENCE = 10
"""A program with cases is accepted once the search has spent this many times the candidates that
found it."""

_UNDECIDED = 8
"""A difference between two description lengths, in bits, too small to decide between them.

If examples may be mislabelled, a case must save this many; if all are correct, it may cost this
many.
"""


class Looks:
    """Looks for cases, and their results.

    Parameters
    ----------
    partials : Partials
        The programs that answer some of the examples.
    best : callable
        Further programs that may answer some.
    grammar : Grammar
        The language of predicates and branches.
    budget : SearchBudget
        The budget of the search; a look spends a part of it.
    table : int
        The bits that a program must undercut.

    Attributes
    ----------
    right : Program or None
        A program that answers all examples.
    noisy : Program or None
        A program that answers all examples except those it treats as mislabelled.
    why : str
        Why there is no such program; empty or a clause that follows a reason.
    """

    def __init__(
        self,
        partials: Partials,
        best: Callable[[], Iterable[Program]],
        grammar: Grammar,
        budget: SearchBudget,
        table: int,
    ) -> None:
        self.partials = partials
        self.best = best
        self.grammar = grammar
        self.budget = budget
        self.table = table
        self.right: Program | None = None
        self.noisy: Program | None = None
        self.why = ""
        self._looked: Partial | None = None

    def begin(self) -> None:
        """Set the budget's alarm for the looks."""
        budget = self.budget
        started = time.monotonic()
        seconds = None if budget.deadline is None else budget.deadline - started
        last = budget.candidates - min(_MOST, budget.candidates // _PART)
        until = None if seconds is None else started + seconds - min(_SECONDS, seconds / _PART)

        def after(spent: int) -> None:
            early = spent if spent < last and not self.partials.most else last

            def ring() -> None:
                self.look()
                over = until is not None and time.monotonic() > until
                if early < last and not over and self.right is None:
                    after(_TIMES * budget.spent)

            budget.alarm = Alarm(early, until, ring)

        if self.partials.most or len(self.partials.examples) >= LEAST_EXAMPLES:
            after(_FIRST)

    def look(self) -> None:
        """Look for cases that the closest program misses, unless that is already done."""
        partials, examples, budget = self.partials, self.partials.examples, self.budget
        for program in self.best():
            partials.consider(program)
        nearly = partials.noisy or partials.closest
        part = budget.part(min(_MOST, budget.spent // _PART))
        if nearly is None or nearly == self._looked or not nearly.wrong or not part.candidates:
            return
        few = len(examples) >= LEAST_EXAMPLES and len(nearly.wrong) <= MOST_NOISE * len(examples)
        if not few and not partials.noisy:
            return
        self._looked, self.noisy, self.why = nearly, None, ""
        least = _UNDECIDED if partials.noisy else -_UNDECIDED
        found = separate(nearly, examples, self.grammar, part, least)
        budget.spent += part.spent
        partials.consider(found.partial.program)
        program, wrong = found.partial.program, found.partial.wrong
        if not wrong:
            if program.cost < self.table:
                self.right = program
                budget.candidates = min(budget.candidates, _PATIENCE * budget.spent)
        elif partials.noisy and found.missing:
            cases = " and ".join(each.dsl for each in found.missing)
            self.why = f"; the closest program misses a case of its own: {cases}"
        elif partials.noisy:
            self.noisy = replace(program, noise=wrong)
