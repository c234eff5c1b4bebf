"""Train networks, with one loop, stopping rule and choice of model for any number of examples.

A tenth of the examples is the validation part (none below 10 examples). The model kept is the one
with the most right answers in validation, and among those the one with the least loss; without a
validation part, it is the last. Training stops when the updates are used up, when the training loss
has been negligible, or when validation has improved neither in right answers nor in loss, for a
given number of updates.

The loop trains one model or a stack of them (see `layers`): every model has its own examples,
order, learning rate, clipping and end, and leaves the stack when it is done, unless the stack is
compiled for its shape. On a CPU, one process per model is faster; the stack is for a GPU, which one
small model cannot fill.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from dlcompare.neural.architectures import keep_models
from dlcompare.neural.batches import Batch, Pairs, StackedPairs
from dlcompare.neural.encoding import PAD
from dlcompare.neural.kinds import Schedule
from dlcompare.neural.losses import compiled_losses, token_losses, training_losses
from dlcompare.neural.model import SequenceModel
from dlcompare.neural.optimizer import Optimizer
from dlcompare.neural.transformer import Reader
from dlcompare.tasks.progress import FitProgress, tell

__all__ = ["Course", "Outcome", "ValidationScore", "split", "train", "train_stack", "validate"]

_FEWEST = 10
_LARGEST_VALIDATION = 256
_VALIDATION_TOKENS = 16_384
"""The most tokens of a model in one pass of validation."""
_STACK_TOKENS = 131_072
"""The most tokens of all models of a stack in one pass."""
_WIDTHS = 4
"""The number of lengths of compiled batches: each is compiled; fewer mean more padding."""


@dataclass(frozen=True, order=True)
class ValidationScore:
    """The quality of a model's answers to some pairs; greater is better.

    Attributes
    ----------
    exact_match : float
        Share of pairs whose every token is the most likely one: those that greedy decoding answers
        right.
    negative_loss : float
        Minus the mean cross-entropy per token.
    """

    exact_match: float
    negative_loss: float


@dataclass(frozen=True)
class Outcome:
    """The outcome of training.

    Attributes
    ----------
    updates : int
        Optimizer updates made.
    validation : ValidationScore or None
        The score of the model kept.
    diverged : float or None
        The training loss, if it was not a finite number; the model is then useless.
    weights : mapping of str to Tensor
        The weights kept; the leading dimension of a stack is 1.
    """

    updates: int
    validation: ValidationScore | None
    diverged: float | None
    weights: dict[str, Tensor] = field(repr=False)


@dataclass(frozen=True)
class Course:
    """The training data and settings of one model of a stack.

    Attributes
    ----------
    training, validation : Pairs
        The two parts; validation is None if there are too few examples.
    generator : torch.Generator
        Draws the order of the examples and the random numbers of the position scheme.
    learning_rate : float
        The peak learning rate.
    """

    training: Pairs
    validation: Pairs | None
    generator: torch.Generator
    learning_rate: float


def split(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Split the indices of `count` examples into a training and a validation part."""
    if count < _FEWEST:
        return torch.arange(count), torch.arange(0)
    held = min(_LARGEST_VALIDATION, count // 10)
    order = torch.randperm(count, generator=generator)
    return order[held:], order[:held]


def validate(model: SequenceModel, pairs: StackedPairs) -> list[ValidationScore | None]:
    """Return the score of each model on its pairs, given the right earlier tokens.

    It is None if there are no pairs.
    """
    model.eval()
    stack = model.stack
    right, loss, tokens = torch.zeros(3, stack, dtype=torch.float64, device=model.device)
    with torch.inference_mode():
        for batch in pairs.in_order(min(_VALIDATION_TOKENS, _STACK_TOKENS // stack)):
            scores, losses = token_losses(model, batch)
            wanted = batch.target[:, 1:]
            there = wanted != PAD
            hit = (scores.argmax(-1) == wanted) | ~there  # (K·B, T)
            right += (hit.all(1) & there.any(1)).view(stack, -1).sum(1)
            loss += losses.view(stack, -1).sum(1)
            tokens += there.view(stack, -1).sum(1)
    sums = torch.stack([right, loss, tokens], 1).tolist()
    return [
        ValidationScore(its_right / len(part), -its_loss / its_tokens) if len(part) else None
        for part, (its_right, its_loss, its_tokens) in zip(pairs.parts, sums, strict=True)
    ]


def train(
    model: SequenceModel,
    course: Course,
    schedule: Schedule,
    updates: int,
) -> Outcome:
    """Train one model in place, as `train_stack` does.

    Parameters
    ----------
    model : SequenceModel
        It ends with the weights kept.
    course : Course
        Its data and settings.
    schedule : Schedule
        The training settings except the learning rate.
    updates : int
        The most updates.

    Returns
    -------
    Outcome
    """
    (outcome,) = train_stack(model, [course], schedule, updates)
    model.load_state_dict(outcome.weights)
    return outcome


class _Student:
    """One model of a stack on its course, with its best results so far."""

    def __init__(self, course: Course, schedule: Schedule) -> None:
        self.course = course
        self.rows = min(schedule.batch, len(course.training))
        self.order = _endless(course.training, schedule.batch, course.generator)
        # A token weighs the same in every batch, of short sequences or long.
        mean_length = float((course.training.target_lengths - 1).float().mean())
        self.scale = 1 / (mean_length * self.rows)
        self.best: ValidationScore | None = None
        self.least_loss = math.inf
        self.better_at = 0
        self.kept: dict[str, Tensor] = {}
        self.outcome: Outcome | None = None

    def draw(self, noise: int) -> tuple[Tensor, Tensor]:
        """Return the next batch's indices and `noise` random numbers per row; none at the end."""
        chosen = torch.arange(0) if self.outcome else next(self.order)
        return chosen, torch.rand(len(chosen), noise, generator=self.course.generator)


def train_stack(
    model: SequenceModel,
    courses: Sequence[Course],
    schedule: Schedule,
    updates: int,
) -> list[Outcome]:
    """Train the models of a stack, each on its own course; the weights are in the outcomes.

    Parameters
    ----------
    model : SequenceModel
        A stack of one model for each course. It is consumed.
    courses : sequence of Course
        The data and settings of each model.
    schedule : Schedule
        The training settings except the learning rates.
    updates : int
        The most updates of each model.
    """
    everyone = students = [_Student(course, schedule) for course in courses]
    optimizer = Optimizer(model, schedule.weight_decay, schedule.smoothing, schedule.clip)
    compiled = schedule.compiled == "yes"
    losses_of = compiled_losses(model.device) if compiled else training_losses
    training, held = _tables(students)
    done = 0
    while any(student.outcome is None for student in students):
        model.train()
        stop_at = min(done + schedule.check, updates)
        loss = torch.zeros(len(students), device=model.device)
        tokens = torch.zeros(len(students), device=model.device)
        scales = torch.tensor([s.scale for s in students], device=model.device)
        peaks = torch.tensor([s.course.learning_rate for s in students], dtype=torch.float64)
        heights = [_height(i, schedule.warmup, updates) for i in range(done + 1, stop_at + 1)]
        rates = torch.stack([peaks * height for height in heights])  # (updates, K)
        batches = _drawn(students, training, stop_at - done, model.noise, compiled)
        for batch, rate in zip(batches, optimizer.rates(rates), strict=True):
            losses = losses_of(model, batch, schedule.precision)
            sums = losses.view(len(students), -1).sum(1)  # (K,)
            torch.autograd.backward((sums * scales).sum())
            norms = optimizer.update(rate)
            # A non-finite gradient makes the sum non-finite too, without waiting for the device.
            loss += sums.detach() + 0 * norms
            tokens += (batch.target[:, 1:] != PAD).view(len(students), -1).sum(1)
        done = stop_at
        means = (loss / tokens).tolist()
        finite = [mean for mean in means if math.isfinite(mean)]
        if finite:
            tell(FitProgress(done, updates, "updates", loss=math.fsum(finite) / len(finite)))
        scores = validate(model, held)
        for place, (student, mean) in enumerate(zip(students, means, strict=True)):
            if student.outcome is None:
                student.outcome = _look(
                    model, place, student, mean, scores[place], done, updates, schedule
                )
        going = [place for place, student in enumerate(students) if student.outcome is None]
        # In a compiled stack, finished models stay, with nothing to read.
        if not compiled and 0 < len(going) < len(students):
            assert isinstance(model, Reader)
            keep_models(model, going)
            optimizer.keep(going, model)
            students = [students[place] for place in going]
            training, held = _tables(students)
    return [student.outcome for student in everyone if student.outcome is not None]


def _tables(students: Sequence[_Student]) -> tuple[StackedPairs, StackedPairs]:
    """Return the training and the validation parts of all models."""
    courses = [student.course for student in students]
    none = torch.arange(0)
    held = [c.training.part(none) if c.validation is None else c.validation for c in courses]
    return StackedPairs([c.training for c in courses]), StackedPairs(held)


def _drawn(
    students: Sequence[_Student], pairs: StackedPairs, count: int, noise: int, compiled: bool
) -> Iterator[Batch]:
    """Yield the next `count` batches of a stack; in few shapes, if each is `compiled`."""
    drawn = [[student.draw(noise) for student in students] for _ in range(count)]
    chosen = [[part for part, _ in each] for each in drawn]
    numbers = [[part for _, part in each] for each in drawn] if noise else None
    rows = max(student.rows for student in students) if compiled else 0
    return pairs.batches(chosen, numbers, rows, _WIDTHS if compiled else None)


def _look(
    model: SequenceModel,
    place: int,
    student: _Student,
    mean_loss: float,
    score: ValidationScore | None,
    done: int,
    updates: int,
    schedule: Schedule,
) -> Outcome | None:
    """Judge a model after `done` updates; return its outcome if that was the last of them."""
    if not math.isfinite(mean_loss):
        return Outcome(done, None, mean_loss, _weights(model, place))
    if score is not None:
        if student.best is None or score > student.best:
            student.best, student.better_at = score, done
            student.kept = _weights(model, place)
        if -score.negative_loss < student.least_loss:
            student.least_loss, student.better_at = -score.negative_loss, done
    waited = score is not None and done - student.better_at >= schedule.patience * updates
    if done < updates and mean_loss >= schedule.negligible and not waited:
        return None
    return Outcome(done, student.best, None, student.kept or _weights(model, place))


def _weights(model: SequenceModel, place: int) -> dict[str, Tensor]:
    """Return a copy of the weights of the model at a place of a stack."""
    whole = not model.leading
    return {
        name: tensor.clone() if whole else tensor[place : place + 1].clone()
        for name, tensor in model.state_dict().items()
    }


def _height(update: int, warmup: int, updates: int) -> float:
    """Return the share of the peak learning rate: linear warm-up, then a cosine to zero."""
    if update <= warmup:
        return update / warmup
    return 0.5 + 0.5 * math.cos(math.pi * (update - warmup) / max(1, updates - warmup))


def _endless(pairs: Pairs, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    while True:
        yield from pairs.epoch(size, generator)
