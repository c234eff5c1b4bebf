"""The search for cases that the closest program misses: its schedule and its results.

A look costs candidates, so there are few: where all examples are right, one each time the search
has spent some times as many, as a program with its cases may be the answer; and one shortly before
the budget is spent, while there is something left for it. Where examples may be mislabelled there
is only the last one. No program is taken to be right but for mislabelled examples without it.
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
"""Candidates and seconds of a look, at most."""

_PART = 20
"""One of so many candidates, and of so many seconds, is spent on a look."""

_FIRST, _TIMES = 2_000_000, 4
"""Candidates before the first look, and how many times as many are spent before the next one."""

_PATIENCE = 10
"""How many times the candidates that found a program with cases are spent before it is taken."""

_UNDECIDED = 8
"""Bits between two descriptions that do not decide which is right.

Where examples may be mislabelled a case must save so many, where all are right it may cost so many.
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
        What predicates and branches are made of.
    budget : SearchBudget
        Of the search; a look spends a part of it.
    table : int
        The bits that a program must undercut.

    Attributes
    ----------
    right : Program or None
        One that answers all examples.
    noisy : Program or None
        One that answers all examples but those that it takes for mislabelled.
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
        """Have the budget's alarm go off for the looks."""
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
        """Look for cases that the closest program misses, if that is not done yet."""
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
