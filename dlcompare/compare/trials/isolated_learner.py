"""A learner in its own process, used like one in this process; it stays blind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dlcompare.compare.execution.backend import answering
from dlcompare.compare.execution.messages import Failed, Fitted, Predicted
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.execution.worker import Fit
from dlcompare.compare.learners.learner_table import LearnerName
from dlcompare.compare.trials.trial import failure
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Budget, Examples, Inputs, Problem
from dlcompare.tasks.types import Value

__all__ = ["Apart"]

_UNLIMITED = 2**60


@dataclass(frozen=True)
class Apart:
    """A learner that is made, fitted and asked in its own process, without limits.

    Attributes
    ----------
    name : LearnerName
    device : str
        ``"cpu"`` or ``"cuda"``.
    """

    name: LearnerName
    device: str

    def fit(self, problem: Problem, budget: Budget, seed: int) -> "_Later":
        """Return a predictor that is fitted only when it is asked, so that no process waits."""
        blind = replace(problem, specification=None)
        return _Later(self, Fit(str(self.name), self.device, blind, budget, seed, None))


@dataclass
class _Later:
    """The predictor of a learner in another process; it describes itself once it has answered."""

    learner: Apart
    job: Fit
    cost: Cost = field(default_factory=Cost)
    prior: Mapping[str, str | int | float] = field(default_factory=dict)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Fit, and answer.

        Raises
        ------
        InputError
            If the process gives no answer; the message says why.
        """
        names = [name for name, _ in self.job.problem.signature.parameters]
        columns = Examples.from_rows(names, inputs, [None] * len(inputs)).inputs
        with Supervisor(self.learner.name.entry.preload) as supervisor:
            number = supervisor.launch(
                self.job,
                lambda: answering([columns], (1,), lambda _: None),
                float(_UNLIMITED),
                _UNLIMITED,
            )
            ending = next(
                its for ends in iter(supervisor.wait, None) for at, its in ends if at == number
            )
        said = {type(each): each for each in ending.messages}
        fitted, predicted, failed = (said.get(kind) for kind in (Fitted, Predicted, Failed))
        if not isinstance(fitted, Fitted) or not isinstance(predicted, Predicted):
            status, reason = failure(
                ending, failed if isinstance(failed, Failed) else None, _UNLIMITED, _UNLIMITED
            )
            raise InputError(f"learner {self.learner.name} gave no answer: {status}, {reason}")
        self.cost, self.prior = fitted.cost, fitted.prior
        (answers,) = predicted.predictions
        return answers
