"""The loss of every token, and the forward pass of training, in float32 or in bf16.

Products of matrices in bf16 are for a GPU. They round otherwise: a fit is another one with them.
"""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.batches import Batch
from dlcompare.neural.encoding import PAD
from dlcompare.neural.model import SequenceModel

__all__ = ["Precision", "token_losses", "training_losses"]

Precision = Literal["float32", "bf16"]


def token_losses(model: SequenceModel, batch: Batch) -> tuple[Tensor, Tensor]:
    """Scores (B, T, V) and the cross-entropy of each token (B, T), zero for padding."""
    scores = model(batch.source, batch.target[:, :-1], batch.noise)
    wanted = batch.target[:, 1:]
    losses = F.cross_entropy(
        scores.flatten(0, 1), wanted.flatten(), ignore_index=PAD, reduction="none"
    )
    return scores, losses.view_as(wanted)


def training_losses(model: SequenceModel, batch: Batch, precision: Precision) -> Tensor:
    """The cross-entropy of each token (B, T), with the products of both passes so precise."""
    with torch.autocast(model.device.type, torch.bfloat16, enabled=precision == "bf16"):
        return token_losses(model, batch)[1]
