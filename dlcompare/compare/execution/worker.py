"""The process of a trial: fit, then predict.

A worker holds the problem and nothing else. The test inputs arrive after the fit; the right answers
never do: the run judges the predictions. A failure here becomes an outcome with a reason; the fork
server reports a process that a signal ends.
"""

import math
import resource
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

from dlcompare.compare.execution.channel import Channel
from dlcompare.compare.execution.messages import (
    STATED,
    WIDE,
    Checked,
    Failed,
    Fitted,
    Moves,
    Predicted,
    Stated,
)
from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.tasks import catalog
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import FitError, InputError, says_out_of_memory
from dlcompare.tasks.problem import (
    Budget,
    Examples,
    HasProgram,
    Learner,
    Predictor,
    Problem,
    ProgramText,
    Stacking,
    Unfinished,
)
from dlcompare.tasks.progress import FitProgress, listening
from dlcompare.tasks.types import Value

__all__ = [
    "Check",
    "Fit",
    "Job",
    "Policy",
    "Throttle",
    "failure",
    "lift_memory_limit",
    "place",
    "whole",
]


_TELL_EVERY = 0.25


class Job(Protocol):
    """A job for a worker, sent to it pickled.

    Attributes
    ----------
    says : tuple of type
        The messages that it may send; any other ends its worker.
    """

    @property
    def says(self) -> tuple[type, ...]:
        """Return the messages that the job may send."""
        ...

    def run(self, channel: Channel) -> None:
        """Do the job, and send messages about it."""
        ...


class Throttle:
    """Passes on the progress of a fit, as often as people can read it."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._next = 0.0

    def __call__(self, progress: FitProgress) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_EVERY
            self._channel.send(_told(progress))


@dataclass(frozen=True)
class Fit:
    """One trial, as its worker sees it.

    Attributes
    ----------
    learner : str
        The canonical name.
    device : str
        ``"cpu"`` or ``"cuda"``.
    problem : Problem
        The problem, without its specification, which is a function and stays where it was written.
    budget : Budget
    seed : int
    specified_by : str, optional
        The address of the task whose specification belongs to the problem; only for a learner that
        reads specifications (`dlcompare.compare.learners.learner_table.LearnerEntry`).
    """

    says: ClassVar[tuple[type, ...]] = (FitProgress, Fitted, Predicted, Failed)

    learner: str
    device: str
    problem: Problem
    budget: Budget
    seed: int
    specified_by: str | None

    def run(self, channel: Channel) -> None:
        """Fit, report the result, receive the test inputs, answer them."""
        try:
            self._run(channel)
        except BaseException as error:  # of code that may call sys.exit, too
            lift_memory_limit()
            channel.send(failure(error))

    def _run(self, channel: Channel) -> None:
        started = time.perf_counter()
        problem = self.whole_problem()
        keep_blind()
        learner = create(parse(self.learner), self.device)
        with listening(Throttle(channel)):
            predictor = learner.fit(problem, self.budget, self.seed)
        self.go_on(predictor, channel, time.perf_counter() - started)

    def go_on(self, predictor: Predictor, channel: Channel, fit_seconds: float) -> None:
        """Go on after the fit, which took the given number of seconds."""
        channel.send(Fitted(fit_seconds, *_stated(predictor)))
        self._answer(predictor, channel, fit_seconds)

    def _answer(self, predictor: Predictor, channel: Channel, fit_seconds: float) -> None:
        columns: list[Mapping[str, tuple[Value, ...]]] = channel.receive()
        inputs = [list(_rows(each)) for each in columns]
        started = time.perf_counter()
        answers = [predictor.predict(each) for each in inputs]
        seconds = time.perf_counter() - started
        predictions = tuple([_prediction(value) for value in each] for each in answers)
        held = fit_seconds + seconds if _holds_gpu() else 0.0
        channel.send(Predicted(seconds, held, predictions))

    def whole_problem(self) -> Problem:
        """Return the problem with its specification."""
        if self.specified_by is None:
            return self.problem
        from dlcompare.tasks.registry import load

        return replace(self.problem, specification=load(self.specified_by)[0].ensures)


class Policy(Fit):
    """A fit that is asked for one move after another: lists of states in, lists of answers out.

    An empty list of states is the end.
    """

    says: ClassVar[tuple[type, ...]] = (FitProgress, Fitted, Moves, Failed)

    def _answer(self, predictor: Predictor, channel: Channel, fit_seconds: float) -> None:  # noqa: ARG002
        while states := channel.receive():
            channel.send(Moves([_prediction(answer) for answer in predictor.predict(states)]))


@dataclass(frozen=True)
class Check:
    """A job that finds out, before a run, whether its learners can be made and on which device.

    The answer is `Checked`, or `Failed` with the sentence for the user.
    """

    learners: tuple[str, ...]
    device: str

    says: ClassVar[tuple[type, ...]] = (Checked, Failed)

    def run(self, channel: Channel) -> None:
        """Create every learner on the device, and send the answer."""
        try:
            device, gpu = self._device()
            made = {name: self._create(name, device) for name in self.learners}
        except InputError as error:
            channel.send(Failed("error", str(error)))
        else:
            stacking = [n for n, its in made.items() if isinstance(its, Stacking) and its.stacks]
            channel.send(Checked(device, gpu, stacking))

    def _device(self) -> tuple[str, str | None]:
        if self.device == "cpu" or not any(parse(n).entry.uses_device for n in self.learners):
            return "cpu", None
        import torch

        if torch.cuda.is_available():
            return "cuda", torch.cuda.get_device_name()
        if self.device == "cuda":
            raise InputError(
                f"device='cuda' cannot be used: torch {torch.__version__} finds no CUDA device "
                "here; use --device cpu"
            )
        return "cpu", None

    def _create(self, name: str, device: str) -> Learner:
        try:
            return create(parse(name), device)
        except InputError:
            raise
        except BaseException as error:
            raise InputError(
                f"learner {name!r} cannot be made: {_said(error)} ({place(error)})"
            ) from error


def _stated(
    predictor: Predictor,
) -> tuple[Cost, dict[str, str | int | float], ProgramText | None]:
    """Return what a predictor says of itself, as plain values that any process can read."""
    cost = Cost(**{name: int(count) for name, count in vars(predictor.cost).items()})
    prior = {str(key): _card_value(value) for key, value in predictor.prior.items()}
    if not isinstance(predictor, HasProgram):
        return cost, prior, None
    its = predictor.program
    wrong = int(getattr(its, "wrong", 0))
    text = ProgramText(str(its.python), str(its.dsl), int(its.nodes), int(its.cost), wrong)
    return cost, prior, text


def _card_value(value: object) -> str | int | float:
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if isinstance(value, int) and -WIDE <= value < WIDE:
        return int(value)
    return str(value)


def _told(progress: FitProgress) -> FitProgress:
    """Return a learner's report of its progress, as plain values."""
    loss = None if progress.loss is None else float(progress.loss)
    return FitProgress(
        int(progress.done),
        int(progress.of),
        str(progress.unit),
        loss if loss is not None and math.isfinite(loss) else None,
        None if progress.program is None else whole(progress.program),
    )


def whole(text: object) -> str:
    r"""Return text that any file can hold: a lone surrogate becomes its number.

    Examples
    --------
    >>> whole("caf" + chr(0xE9)), whole(chr(0xD800))
    ('café', '\\ud800')
    """
    return str(text).encode(errors="backslashreplace").decode()


def _prediction(value: Any) -> Value | Unfinished:
    """Return an answer, or the beginning of one, made of Python's own values."""
    if isinstance(value, Unfinished):
        return Unfinished([_plain(each) for each in value.elements])
    return _plain(value)


def _plain(value: Any) -> Value:
    """Return an answer made of Python's own values; numpy's numbers become Python's."""
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        return _plain(value.item())
    raise TypeError(
        f"predict answered {value!r} of type {type(value).__name__}; answers are made of bool, "
        "int, str, list and tuple"
    )


def _rows(columns: Mapping[str, tuple[Value, ...]]) -> list[dict[str, Value]]:
    count = len(next(iter(columns.values()), ()))
    return list(Examples(columns, (None,) * count).rows())


def _said(error: BaseException) -> str:
    """Return the kind of an exception and what it says, which is up to the code that raised it."""
    try:
        text = str(error)
    except BaseException:
        text = ""
    kind = type(error).__name__
    return f"{kind}: {text}" if text else kind


def failure(error: BaseException) -> Failed:
    """Turn an exception in a worker into an outcome; add its place unless the learner stated it."""
    if isinstance(error, FitError) and error.status in STATED:
        return Failed(cast(Stated, error.status), whole(error), error.cost)
    reason = _said(error)
    if _out_of_memory(error):
        return Failed("out_of_memory", whole(reason))
    return Failed("error", whole(f"{reason} ({place(error)})"))


def _out_of_memory(error: BaseException) -> bool:
    """Return whether an allocation failed; torch says so by a RuntimeError's name or its text."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError | OSError) and says_out_of_memory(_said(error))


def place(error: BaseException) -> str:
    """Return the file, line and function that raised an exception."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "no place known"
    last = frames[-1]
    return f"{Path(last.filename).name}, line {last.lineno}, in {last.name}"


class _NoTasks(MetaPathFinder):
    """An import finder that refuses the catalogue's modules that define tasks."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        """Raise an error for such a module, and ignore others."""
        package, _, module = name.rpartition(".")
        if package == catalog.__name__ and module != "list_language":
            raise ImportError(f"{name} holds references; a learner cannot import it", name=name)


def keep_blind() -> None:
    """Refuse the catalogue to all later imports in this process.

    This stops learners that look up a task by name. It does not stop one that reads the catalogue's
    files: only the rights of its user keep a process from those.
    """
    sys.meta_path.insert(0, _NoTasks())


def lift_memory_limit() -> None:
    """Make room for the message that memory has run out."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _holds_gpu() -> bool:
    torch: Any = sys.modules.get("torch")
    return torch is not None and bool(torch.cuda.is_initialized())
