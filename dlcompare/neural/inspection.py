"""Look inside a trained network: gradients of its loss, hidden states by layer."""

from collections import Counter

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.batches import Batch
from dlcompare.neural.encoding import PAD
from dlcompare.neural.model import SequenceModel

__all__ = ["hidden_states", "input_gradients"]


def input_gradients(model: SequenceModel, batch: Batch) -> Tensor:
    """Return the gradient of each pair's loss by the vectors of its source tokens (B, S, C)."""
    model.eval()
    width = model.embeddings.shape[1]
    nudge = model.embeddings.new_zeros(*batch.source.shape, width, requires_grad=True)
    # cuDNN computes gradients of recurrent networks in training mode only.
    with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):
        scores = model(batch.source, batch.target[:, :-1], None, nudge)
        loss = F.cross_entropy(
            scores.flatten(0, 1),
            batch.target[:, 1:].flatten(),
            ignore_index=PAD,
            reduction="sum",
        )
        (gradient,) = torch.autograd.grad(loss, nudge)
    return gradient


def hidden_states(model: SequenceModel, batch: Batch) -> dict[str, Tensor]:
    """Return states (B, T, C) by layer, given the results; ``"encoder 0"`` enters the first."""
    model.eval()
    model.notes = []
    try:
        with torch.inference_mode():
            model(batch.source, batch.target[:, :-1])
        numbers: Counter[str] = Counter()
        states = {}
        for side, each in model.notes:
            states[f"{side} {numbers[side]}"] = each.clone()
            numbers[side] += 1
    finally:
        model.notes = None
    return states
