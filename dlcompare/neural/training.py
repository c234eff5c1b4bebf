"""One training loop, one stopping rule and one way to choose a model, for every number of examples.

A tenth of the examples is the validation part (none below 10 examples). The model kept is the one
that answers most of it right, and among those the one with the least loss on it; without a
validation part, the last. Training stops when the updates are used up, or when the training loss
has been negligible or the validation part has not been answered better for a stated number of
updates.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from dlcompare.neural.batches import Batch, Pairs
from dlcompare.neural.encoding import PAD
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import DivergedError
from dlcompare.tasks.progress import FitProgress, tell

__all__ = ["Outcome", "Schedule", "Score", "split", "train", "validate"]

_FEWEST = 10
_LARGEST_VALIDATION = 256
_VALIDATION_TOKENS = 16_384


@dataclass(frozen=True)
class Schedule:
    """How a model is trained.

    Attributes
    ----------
    learning_rate : float
        At its peak, after the warm-up; from there it falls to zero on a cosine.
    warmup : int
        Updates of linear warm-up.
    batch : int
        Examples an update.
    weight_decay : float
        Of matrices, decoupled (AdamW, Loshchilov and Hutter 2019).
    smoothing : float
        AdamW's second-moment decay.
    clip : float
        Greatest norm of the gradient.
    check : int
        Updates between two looks at the stopping rule.
    patience : float
        Share of the updates allowed that may pass without a better validation score.
    negligible : float
        Mean training loss a token that ends training.
    """

    learning_rate: float = 5e-3
    warmup: int = 100
    batch: int = 32
    weight_decay: float = 0.1
    smoothing: float = 0.98
    clip: float = 1.0
    check: int = 50
    patience: float = 0.2
    negligible: float = 1e-3


@dataclass(frozen=True, order=True)
class Score:
    """How well a model answers some pairs; the greater is the better.

    Attributes
    ----------
    exact_match : float
        Share of pairs whose every token is the most likely one, which is what greedy decoding
        answers right.
    negative_loss : float
        Minus the mean cross-entropy a token.
    """

    exact_match: float
    negative_loss: float


@dataclass(frozen=True)
class Outcome:
    """What training did.

    Attributes
    ----------
    updates : int
        Optimizer updates made.
    validation : Score or None
        Of the model kept.
    """

    updates: int
    validation: Score | None


def split(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Indices of the training and of the validation part of `count` examples."""
    if count < _FEWEST:
        return torch.arange(count), torch.arange(0)
    held = min(_LARGEST_VALIDATION, count // 10)
    order = torch.randperm(count, generator=generator)
    return order[held:], order[:held]


def token_losses(
    model: nn.Module, batch: Batch, generator: torch.Generator | None
) -> tuple[Tensor, Tensor]:
    """Scores (B, T, V) and the cross-entropy of each token (B, T), zero for padding."""
    scores = model(batch.source, batch.target[:, :-1], generator)
    wanted = batch.target[:, 1:]
    losses = F.cross_entropy(
        scores.flatten(0, 1), wanted.flatten(), ignore_index=PAD, reduction="none"
    )
    return scores, losses.view_as(wanted)


def validate(model: nn.Module, pairs: Pairs) -> Score:
    """The score of `model` on `pairs`, each token predicted from the right ones before it."""
    model.eval()
    right, loss, tokens = 0, 0.0, 0
    with torch.inference_mode():
        for batch in pairs.in_order(_VALIDATION_TOKENS):
            scores, losses = token_losses(model, batch, None)
            wanted = batch.target[:, 1:]
            hit = (scores.argmax(-1) == wanted) | (wanted == PAD)  # (B, T)
            right += int(hit.all(1).sum())
            loss += float(losses.sum())
            tokens += int((wanted != PAD).sum())
    return Score(right / len(pairs), -loss / tokens)


def train(
    model: nn.Module,
    training: Pairs,
    validation: Pairs | None,
    schedule: Schedule,
    updates: int,
    generator: torch.Generator,
) -> Outcome:
    """Train `model` in place; it ends with the weights kept.

    Parameters
    ----------
    model : nn.Module
        ``(source, target, generator) -> scores``, as `Transformer`.
    training, validation : Pairs
        The two parts; None where there are too few examples for two.
    schedule : Schedule
        How to train.
    updates : int
        Updates allowed.
    generator : torch.Generator
        Draws the order of the examples and the model's random hints.

    Raises
    ------
    DivergedError
        If the loss or the gradient is not finite.
    """
    optimizer = _optimizer(model, schedule)
    # A token weighs the same in whichever batch it stands, short sequences or long.
    mean_length = float((training.target_lengths - 1).float().mean())
    scale = 1 / (mean_length * min(schedule.batch, len(training)))
    batches = _endless(training, schedule.batch, generator)
    best: Score | None = None
    kept: dict[str, Tensor] = {}
    best_at = done = 0
    while done < updates:
        model.train()
        stop_at = min(done + schedule.check, updates)
        loss = torch.zeros((), device=training.source.device)
        tokens = torch.zeros((), device=training.source.device)
        for update in range(done + 1, stop_at + 1):
            batch = next(batches)
            _, losses = token_losses(model, batch, generator)
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(losses.sum() * scale)
            norm = nn.utils.clip_grad_norm_(model.parameters(), schedule.clip)
            for group in optimizer.param_groups:
                group["lr"] = schedule.learning_rate * _height(update, schedule.warmup, updates)
            optimizer.step()
            # A gradient that is not finite makes the sum so too, without a wait on the device.
            loss += losses.detach().sum() + 0 * norm
            tokens += (batch.target[:, 1:] != PAD).sum()
        done = stop_at
        mean_loss = float(loss / tokens)
        if not math.isfinite(mean_loss):
            raise DivergedError(
                f"the training loss was {mean_loss} by update {done}; a lower learning rate than "
                f"{schedule.learning_rate} may keep it finite",
                Cost(gradient_steps=done),
            )
        tell(FitProgress(done, updates, "updates", loss=mean_loss))
        tell(FitProgress(done, updates, "updates", loss=mean_loss))
        if validation is not None:
            score = validate(model, validation)
            if best is None or score > best:
                best, best_at = score, done
                kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        if mean_loss < schedule.negligible:
            break
        if validation is not None and done - best_at >= schedule.patience * updates:
            break
    if kept:
        model.load_state_dict(kept)
    return Outcome(done, best)


def _height(update: int, warmup: int, updates: int) -> float:
    """Share of the peak learning rate: linear warm-up, then a cosine down to zero."""
    if update <= warmup:
        return update / warmup
    return 0.5 + 0.5 * math.cos(math.pi * (update - warmup) / max(1, updates - warmup))


def _endless(pairs: Pairs, size: int, generator: torch.Generator) -> Iterator[Batch]:
    while True:
        yield from pairs.epoch(size, generator)


def _optimizer(model: nn.Module, schedule: Schedule) -> torch.optim.AdamW:
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [
        {"params": matrices, "weight_decay": schedule.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=0.0, betas=(0.9, schedule.smoothing), fused=True)
