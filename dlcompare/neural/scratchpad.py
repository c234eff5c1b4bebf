"""Scratchpads: a network writes the states of a computation before its result (Nye et al. 2021).

The network learns the pair of states and result, in the same encoding as any pair; only the result
of an answer counts. The states come from the task, so this is a hint, and the learner is labelled
task-aware.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import ABSTAIN, Examples, Inputs, Problem, States
from dlcompare.tasks.types import Value, tuple_of

__all__ = ["ScratchpadPredictor", "with_scratchpad"]


def with_scratchpad(problem: Problem, states: States) -> Problem:
    """Return the problem whose result is the pair of states and result.

    Examples
    --------
    >>> from dlcompare.tasks.problem import Signature
    >>> from dlcompare.tasks.types import INT, list_of
    >>> signature = Signature("total", (("xs", list_of(INT)),), INT)
    >>> given = Problem(signature, Examples({"xs": ([3, 4],)}, (7,)))
    >>> wider = with_scratchpad(given, States(list_of(INT), ([3, 7],)))
    >>> str(wider.signature.result), wider.examples.outputs
    ('tuple[list[int], int]', (([3, 7], 7),))
    """
    result = tuple_of(states.type, problem.signature.result)
    outputs = tuple(zip(states.values, problem.examples.outputs, strict=True))
    return replace(
        problem,
        signature=replace(problem.signature, result=result),
        examples=Examples(problem.examples.inputs, outputs),
        states=None,
    )


@dataclass(frozen=True)
class ScratchpadPredictor:
    """A network that writes states before its result.

    Attributes
    ----------
    writer : NeuralPredictor
        The network, whose answers are pairs.
    """

    writer: NeuralPredictor

    @property
    def cost(self) -> Cost:
        """The cost: the updates made."""
        return self.writer.cost

    @property
    def prior(self) -> Mapping[str, str | int | float]:
        """The prior card: everything given to the network before it saw an example."""
        return self.writer.prior

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return the results, in order; `ABSTAIN` if the tokens spell no pair."""
        return [_result(pair) for pair in self.writer.predict(inputs)]

    def predict_with_confidence(self, inputs: Sequence[Inputs]) -> tuple[list[Value], list[float]]:
        """Return the results, and the probability of each together with its states."""
        pairs, confidence = self.writer.predict_with_confidence(inputs)
        return [_result(pair) for pair in pairs], confidence


def _result(pair: Value) -> Value:
    return ABSTAIN if pair is ABSTAIN else pair[1]
