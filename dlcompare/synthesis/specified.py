"""Inputs that are themselves specifications: each is a problem of its own, answered by a program.

Nothing is learned of the pairs of specification and program: a search needs no more than what the
one specification says. That the inputs are to be read so is told by the problem (`specifies`) and
stands on the prior card.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import (
    ABSTAIN,
    Budget,
    Examples,
    HasProgram,
    Inputs,
    Problem,
    Signature,
)
from dlcompare.tasks.types import INT, Value, list_of

__all__ = ["SpecifiedByExamples"]

CANDIDATES = 300_000
"""Programs tried for one specification."""

_TARGET = Signature("program", (("xs", list_of(INT)),), list_of(INT))


def _prior() -> dict[str, str | int | float]:
    return {
        "given": "that an input is examples of the program asked for; the language of programs",
        "pairs used": 0,
        "candidates a specification": CANDIDATES,
        "pre-training": "none",
    }


@dataclass(frozen=True)
class SpecifiedByExamples:
    """Answers ``given`` lists and ``wanted`` results by a program that a learner finds for them.

    Attributes
    ----------
    fit : callable
        ``(problem, budget, seed) -> predictor``: searches for one program.
    budget : Budget
    without : frozenset of str
        Primitives that no program may use.
    """

    fit: Callable[[Problem, Budget, int], object]
    budget: Budget
    without: frozenset[str] = frozenset()
    cost: Cost = field(default_factory=Cost)
    prior: Mapping[str, str | int | float] = field(default_factory=_prior)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """For every specification the source of a program, as one token."""
        return [self._answer(row) for row in inputs]

    def _answer(self, row: Inputs) -> Value:
        examples = Examples({"xs": tuple(row["given"])}, tuple(row["wanted"]))
        problem = Problem(_TARGET, examples, without=self.without)
        budget = replace(self.budget, candidates=min(self.budget.candidates, CANDIDATES))
        try:
            found = self.fit(problem, budget, 0)
        except FitError:
            return ABSTAIN
        return [found.program.python] if isinstance(found, HasProgram) else ABSTAIN
