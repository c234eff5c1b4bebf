"""One training loop, one stopping rule and one way to choose a model, for every number of examples.

A tenth of the examples is the validation part (none below 10 examples). The model kept is the one
that answers most of it right, and among those the one with the least loss on it; without a
validation part, the last. Training stops when the updates are used up, or when the training loss
has been negligible or the validation part has not been answered better, neither in what is right
nor in loss, for a stated number of updates.

The loop trains one model or a stack of them (see `layers`): every model has its own examples,
order, learning rate, clipping and end, and leaves the stack when it is done. On a CPU one process a
model is the faster way; the stack is for a GPU, which one small model cannot fill.
"""

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import torch
from torch import Tensor

from dlcompare.neural.architectures import keep_models
from dlcompare.neural.batches import Batch, Pairs
from dlcompare.neural.encoding import PAD
from dlcompare.neural.losses import Precision, token_losses, training_losses
from dlcompare.neural.model import SequenceModel
from dlcompare.neural.optimizer import Optimizer
from dlcompare.neural.transformer import Reader
from dlcompare.tasks.progress import FitProgress, tell

__all__ = ["Course", "Outcome", "Schedule", "Score", "split", "train", "train_stack", "validate"]

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
        Share of the updates allowed that may pass without more right or less loss in validation.
    negligible : float
        Mean training loss a token that ends training.
    precision : {"float32", "bf16"}
        Of the products in training's two passes; weights, updates and answers stay as they are.
    """

    learning_rate: float = 8e-3
    warmup: int = 100
    batch: int = 32
    weight_decay: float = 0.1
    smoothing: float = 0.98
    clip: float = 1.0
    check: int = 50
    patience: float = 0.2
    negligible: float = 1e-3
    precision: Precision = "float32"


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
    diverged : float or None
        The training loss where it was not a finite number; the model is then worthless.
    weights : mapping of str to Tensor
        The weights kept; the leading dimension of a stack is 1.
    """

    updates: int
    validation: Score | None
    diverged: float | None
    weights: dict[str, Tensor] = field(repr=False)


@dataclass(frozen=True)
class Course:
    """What one model of a stack is trained on.

    Attributes
    ----------
    training, validation : Pairs
        The two parts; None where there are too few examples for two.
    generator : torch.Generator
        Draws the order of the examples and what the position scheme wants.
    learning_rate : float
        At its peak.
    """

    training: Pairs
    validation: Pairs | None
    generator: torch.Generator
    learning_rate: float


def split(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Indices of the training and of the validation part of `count` examples."""
    if count < _FEWEST:
        return torch.arange(count), torch.arange(0)
    held = min(_LARGEST_VALIDATION, count // 10)
    order = torch.randperm(count, generator=generator)
    return order[held:], order[:held]


def validate(model: SequenceModel, pairs: Pairs) -> Score:
    """The score of a single model on `pairs`, each token predicted from the right ones before."""
    model.eval()
    right, loss, tokens = 0, 0.0, 0
    with torch.inference_mode():
        for batch in pairs.in_order(_VALIDATION_TOKENS):
            scores, losses = token_losses(model, batch)
            wanted = batch.target[:, 1:]
            hit = (scores.argmax(-1) == wanted) | (wanted == PAD)  # (B, T)
            right += int(hit.all(1).sum())
            loss += float(losses.sum())
            tokens += int((wanted != PAD).sum())
    return Score(right / len(pairs), -loss / tokens)


def train(
    model: SequenceModel,
    course: Course,
    schedule: Schedule,
    updates: int,
) -> Outcome:
    """Train one model in place; it ends with the weights kept. As `train_stack`."""
    (outcome,) = train_stack(model, [course], schedule, updates)
    model.load_state_dict(outcome.weights)
    return outcome


class _Student:
    """One model of a stack on its course: what it was given, and how well it has done."""

    def __init__(self, number: int, course: Course, schedule: Schedule) -> None:
        self.number = number
        self.course = course
        self.order = _endless(course.training, schedule.batch, course.generator)
        # A token weighs the same in whichever batch it stands, short sequences or long.
        mean_length = float((course.training.target_lengths - 1).float().mean())
        self.scale = 1 / (mean_length * min(schedule.batch, len(course.training)))
        self.best: Score | None = None
        self.least_loss = math.inf
        self.better_at = 0
        self.kept: dict[str, Tensor] = {}

    def draw(self, count: int, noise: int) -> Iterator[Batch]:
        """The next `count` batches, with `noise` random numbers a row."""
        chosen, drawn = [], []
        for part in islice(self.order, count):
            chosen.append(part)
            drawn.append(torch.rand(len(part), noise, generator=self.course.generator))
        return self.course.training.batches(chosen, drawn if noise else None)


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
        A stack of as many models as there are courses. It is used up.
    courses : sequence of Course
        What each is trained on.
    schedule : Schedule
        How to train, but for the learning rates.
    updates : int
        Updates allowed to each.
    """
    students = [_Student(i, course, schedule) for i, course in enumerate(courses)]
    outcomes: dict[int, Outcome] = {}
    optimizer = Optimizer(model, schedule.weight_decay, schedule.smoothing, schedule.clip)
    done = 0
    while students:
        model.train()
        stop_at = min(done + schedule.check, updates)
        device = students[0].course.training.source.device
        loss = torch.zeros(len(students), device=device)
        tokens = torch.zeros(len(students), device=device)
        scales = torch.tensor([s.scale for s in students], device=device)
        peaks = torch.tensor([s.course.learning_rate for s in students], dtype=torch.float64)
        drawn = [s.draw(stop_at - done, model.noise) for s in students]
        for update in range(done + 1, stop_at + 1):
            batch = Batch.join([next(batches) for batches in drawn])
            losses = training_losses(model, batch, schedule.precision)
            sums = losses.view(len(students), -1).sum(1)  # (K,)
            torch.autograd.backward((sums * scales).sum())
            norms = optimizer.update(peaks * _height(update, schedule.warmup, updates))
            # A gradient that is not finite makes the sum so too, without a wait on the device.
            loss += sums.detach() + 0 * norms
            tokens += (batch.target[:, 1:] != PAD).view(len(students), -1).sum(1)
        done = stop_at
        means = (loss / tokens).tolist()
        finite = [mean for mean in means if math.isfinite(mean)]
        if finite:
            tell(FitProgress(done, updates, "updates", loss=math.fsum(finite) / len(finite)))
        going = []
        for place, (student, mean) in enumerate(zip(students, means, strict=True)):
            ended = _look(model, place, student, mean, done, updates, schedule)
            if ended is None:
                going.append(place)
            else:
                outcomes[student.number] = ended
        if going and len(going) < len(students):
            assert isinstance(model, Reader)
            keep_models(model, going)
            optimizer.keep(going, model)
        students = [students[place] for place in going]
    return [outcomes[i] for i in range(len(courses))]


def _look(
    model: SequenceModel,
    place: int,
    student: _Student,
    mean_loss: float,
    done: int,
    updates: int,
    schedule: Schedule,
) -> Outcome | None:
    """How a model does after `done` updates; its outcome if that was the last of them."""
    if not math.isfinite(mean_loss):
        return Outcome(done, None, mean_loss, _weights(model, place))
    validation = student.course.validation
    if validation is not None:
        score = validate(_alone(model, place), validation)
        if student.best is None or score > student.best:
            student.best, student.better_at = score, done
            student.kept = _weights(model, place)
        if -score.negative_loss < student.least_loss:
            student.least_loss, student.better_at = -score.negative_loss, done
    waited = validation is not None and done - student.better_at >= schedule.patience * updates
    if done < updates and mean_loss >= schedule.negligible and not waited:
        return None
    return Outcome(done, student.best, None, student.kept or _weights(model, place))


def _alone(model: SequenceModel, place: int) -> SequenceModel:
    """The model at a place of a stack, as a single one."""
    if model.stack == 1:
        return model
    single = copy.deepcopy(model)
    assert isinstance(single, Reader)
    keep_models(single, [place])
    return single


def _weights(model: SequenceModel, place: int) -> dict[str, Tensor]:
    """A copy of the weights of the model at a place of a stack."""
    whole = not model.leading
    return {
        name: tensor.clone() if whole else tensor[place : place + 1].clone()
        for name, tensor in model.state_dict().items()
    }


def _height(update: int, warmup: int, updates: int) -> float:
    """Share of the peak learning rate: linear warm-up, then a cosine down to zero."""
    if update <= warmup:
        return update / warmup
    return 0.5 + 0.5 * math.cos(math.pi * (update - warmup) / max(1, updates - warmup))


def _endless(pairs: Pairs, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    while True:
        yield from pairs.epoch(size, generator)
