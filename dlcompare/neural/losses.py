"""The loss of every token, and the passes of training: in float32 or in bf16, compiled or not.

Both are for a GPU. Matrix products in bf16 and compiled passes round differently, so that they
change the result of a fit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.batches import Batch
from dlcompare.neural.encoding import PAD
from dlcompare.neural.kinds import Precision
from dlcompare.neural.model import SequenceModel
from dlcompare.tasks.errors import DlcompareError, FitError

__all__ = ["compiled_losses", "compiling", "token_losses", "training_losses"]


def token_losses(model: SequenceModel, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return scores (B, T, V) and the cross-entropy of each token (B, T), zero for padding."""
    scores = model(batch.source, batch.target[:, :-1], batch.noise)
    wanted = batch.target[:, 1:]
    losses = F.cross_entropy(
        scores.flatten(0, 1), wanted.flatten(), ignore_index=PAD, reduction="none"
    )
    return scores, losses.view_as(wanted)


def training_losses(model: SequenceModel, batch: Batch, precision: Precision) -> Tensor:
    """Return the cross-entropy of each token (B, T), with products in the given precision."""
    with torch.autocast(model.device.type, torch.bfloat16, enabled=precision == "bf16"):
        return token_losses(model, batch)[1]


def compiled_losses(device: torch.device) -> Callable[[SequenceModel, Batch, Precision], Tensor]:
    """Return `training_losses` and their gradient, compiled for each shape of a batch.

    On CUDA the launches of each shape are recorded as a CUDA graph. The next call overwrites the
    result.
    """
    mode = "reduce-overhead" if device.type == "cuda" else "default"
    run = torch.compile(training_losses, fullgraph=True, dynamic=False, mode=mode)

    def losses(model: SequenceModel, batch: Batch, precision: Precision) -> Tensor:
        torch.compiler.cudagraph_mark_step_begin()  # type: ignore[no-untyped-call]
        return run(model, batch, precision)

    return losses


@contextmanager
def compiling() -> Iterator[None]:
    """Turn failures of compiled passes into outcomes, and drop everything compiled afterwards."""
    try:
        yield
    except DlcompareError:
        raise
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise FitError(
            "compiled=yes failed; leave it out, or see that there is a C++ compiler, and on a "
            f"GPU Triton ({reason})"
        ) from error
    finally:
        torch.compiler.reset()
