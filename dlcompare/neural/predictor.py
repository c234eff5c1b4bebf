"""A trained network as a predictor: answers by greedy decoding, and views of its inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from dlcompare.neural.batches import Pairs
from dlcompare.neural.decoding import Decoded, LengthCap, greedy
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.inspection import hidden_states, input_gradients
from dlcompare.neural.model import SequenceModel
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import Examples, Inputs
from dlcompare.tasks.types import Value

__all__ = ["NeuralPredictor"]


@dataclass(frozen=True)
class NeuralPredictor:
    """A trained network as a predictor.

    Attributes
    ----------
    model : SequenceModel
        The network with the weights kept.
    encoding : Encoding
        The encoding of values as tokens.
    cap : LengthCap
        The cap on the length of answers.
    longest : int
        The number of tokens of the longest sequence in training.
    cost : Cost
        The updates made.
    prior : mapping of str to (str | int | float)
        The prior card: everything given to the network before it saw an example.
    """

    model: SequenceModel
    encoding: Encoding
    cap: LengthCap
    longest: int
    cost: Cost
    prior: Mapping[str, str | int | float]

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return answers by greedy decoding, in order; `ABSTAIN` if the tokens spell no value."""
        return [self.encoding.decode_output(each.tokens) for each in self._decoded(inputs)]

    def predict_with_confidence(self, inputs: Sequence[Inputs]) -> tuple[list[Value], list[float]]:
        """Return the answers, and the network's probability of each whole sequence."""
        decoded = self._decoded(inputs)
        answers = [self.encoding.decode_output(each.tokens) for each in decoded]
        return answers, [each.probability for each in decoded]

    @property
    def embeddings(self) -> NDArray[np.float32]:
        """The vector of every token (vocabulary, width)."""
        return _array(self.model.embeddings)

    def input_tokens(self, inputs: Inputs) -> list[int]:
        """Return the tokens of an input."""
        return self.encoding.encode_inputs(inputs)

    def input_gradients(
        self, inputs: Sequence[Inputs], outputs: Sequence[Value]
    ) -> list[NDArray[np.float32]]:
        """Return the gradients that `dlcompare.tasks.problem.Differentiable` describes."""
        pairs = self._pairs(inputs, outputs)
        gradients = _array(input_gradients(self.model, pairs.all()))
        return [g[:n] for g, n in zip(gradients, pairs.source_lengths.tolist(), strict=True)]

    def hidden_states(
        self, inputs: Sequence[Inputs], outputs: Sequence[Value]
    ) -> list[dict[str, NDArray[np.float32]]]:
        """Return the states that `dlcompare.tasks.problem.Layered` describes."""
        each = []
        for row, output in zip(
            inputs, outputs, strict=True
        ):  # one by one, so that there is no padding to remove
            states = hidden_states(self.model, self._pairs([row], [output]).all())
            each.append({layer: _array(state[0]) for layer, state in states.items()})
        return each

    def _decoded(self, inputs: Sequence[Inputs]) -> list[Decoded]:
        sources = [self.encoding.encode_inputs(row) for row in inputs]
        return greedy(self.model, sources, self.cap)

    def _pairs(self, inputs: Sequence[Inputs], outputs: Sequence[Value]) -> Pairs:
        names = [name for name, _ in self.encoding.signature.parameters]
        examples = Examples.from_rows(names, inputs, outputs)
        return Pairs.encode(examples, self.encoding, self.model.device)


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().float().cpu().numpy()
    return array
