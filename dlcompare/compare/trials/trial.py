"""One trial: the job for its worker, and the outcome judged from the reply.

A trial always has an outcome. Statuses: ``ok``, ``no_program`` and ``diverged`` (the learner said
so), ``timeout`` and ``out_of_memory`` (a guard stopped it), ``crash`` (a signal ended it),
``error`` (it raised, or sent what no trial sends), ``skipped`` (the task cannot supply so many
examples).
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Required, TypedDict

from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.messages import Failed, Fitted, Predicted
from dlcompare.compare.execution.worker import Fit, place
from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.trials.draws import Drawn
from dlcompare.compare.trials.judged_answers import JudgedAnswer, sample
from dlcompare.compare.trials.metrics import Score, score
from dlcompare.compare.trials.protocol import Planned, Settings
from dlcompare.compare.trials.validation import Amount, Count, Number, convert
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.trying import Tried
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import says_out_of_memory

__all__ = ["STATUSES", "LevelScore", "Spent", "Trial", "conclude", "failure", "job", "skip"]

STATUSES = (
    "ok",
    "no_program",
    "diverged",
    "timeout",
    "out_of_memory",
    "crash",
    "error",
    "skipped",
)


@dataclass(frozen=True)
class Spent:
    """The cost of a trial.

    Attributes
    ----------
    wall_seconds, cpu_seconds : float
        Of the whole process, from its fork to its end.
    gpu_seconds : float
        Wall-clock seconds of fit and prediction for which it held a GPU; 0 without one.
    fit_seconds, predict_seconds : float
        Wall-clock seconds of the two parts.
    peak_bytes : int
        Largest resident memory.
    candidates, gradient_steps, tuning_trials : int
        As the learner counted them.
    shared_by : int
        The number of trials fitted at once in that process; the seconds of the process and of the
        fit are divided equally among them.
    repeats : int
        The number of its earlier processes that were ended from outside.
    """

    wall_seconds: Amount = 0.0
    cpu_seconds: Amount = 0.0
    gpu_seconds: Amount = 0.0
    fit_seconds: Amount = 0.0
    predict_seconds: Amount = 0.0
    peak_bytes: Count = 0
    candidates: Count = 0
    gradient_steps: Count = 0
    tuning_trials: Count = 0
    shared_by: Number = 1
    repeats: Count = 0


@dataclass(frozen=True)
class LevelScore:
    """The score at one level of one axis."""

    axis: str
    level: int | float | str
    score: Score


class _Program(TypedDict, total=False):
    python: Required[str]
    dsl: Required[str]
    nodes: Count | None
    cost: int | float | None
    wrong: Count
    proof: Proof | None
    tried: Tried | None


@dataclass(frozen=True)
class Trial:
    """One (task, learner, number of examples, seed), with its outcome.

    Attributes
    ----------
    task, learner : str
    n, seed : int
    status : str
        One of `STATUSES`.
    reason : str, optional
        The reason why it is not ``ok``.
    inside : Score, optional
        The score on held-out inputs inside the training range; None unless ``ok``.
    levels : tuple of LevelScore
        The scores beyond it; empty unless ``ok`` and measured.
    measured_levels : bool
        Whether the trial measures levels, even if it failed.
    spent : Spent
    prior : dict
        The prior card; empty if the fit did not end.
    program : dict, optional
        ``python``, ``dsl``, ``nodes``, ``cost``, ``wrong``; later also ``proof``, where there is a
        specification, and ``tried``, where there is no proof.
    answers : tuple of JudgedAnswer
        A few judged answers to each test set; of the first seed, where levels are measured.
    cut_off : bool
        Whether its last process was ended from outside, too. It counts as a ``crash`` until the run
        is resumed, which makes it again.
    """

    task: str
    learner: str
    n: Number
    seed: Count
    status: str
    reason: str | None
    inside: Score | None
    levels: tuple[LevelScore, ...]
    measured_levels: bool
    spent: Spent
    prior: dict[str, str | int | float | bool]
    program: dict[str, Any] | None
    answers: tuple[JudgedAnswer, ...] = ()
    cut_off: bool = False

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status={self.status!r} must be one of {', '.join(STATUSES)}")
        if self.program is not None:
            convert(self.program, _Program)

    @property
    def wrong_examples(self) -> int:
        """The number of its own training examples that the trial's program gets wrong."""
        return int(self.program.get("wrong", 0)) if self.program else 0

    def as_json(self) -> dict[str, Any]:
        """Return the trial as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Trial":
        """Return a trial from JSON values: the inverse of `as_json`.

        Raises
        ------
        ValueError
            If a value is missing, of another type or out of its range.
        """
        return convert(values, cls)


def job(planned: Planned, learner: str, drawn: Drawn, settings: Settings) -> Fit:
    """Return the job for the worker of a trial.

    Parameters
    ----------
    planned : Planned
    learner : str
        The name by which the worker finds the learner.
    drawn : Drawn
        The task with its examples.
    settings : Settings

    Returns
    -------
    Fit
    """
    task, reads = drawn.task, parse(planned.learner).entry.reads_specification
    return Fit(
        learner,
        settings.device,
        drawn.problem(planned.n, planned.seed),
        settings.budget,
        planned.seed,
        task.address if task.ensures is not None and reads else None,
    )


def skip(planned: Planned, available: int) -> Trial:
    """Return the outcome of a trial that the task cannot supply."""
    reason = (
        f"the task has only {available} distinct training inputs beside its tests; "
        f"{planned.n} are requested"
    )
    return _trial(planned, "skipped", reason, Spent())


def conclude(
    planned: Planned, drawn: Drawn, settings: Settings, ending: Ending, shared_by: int = 1
) -> Trial:
    """Judge the reply of a worker.

    Parameters
    ----------
    planned : Planned
    drawn : Drawn
        The task with its examples.
    settings : Settings
    ending : Ending
        The end of the worker's process, with its messages.
    shared_by : int
        The number of trials fitted at once in that process.

    Returns
    -------
    Trial
    """
    messages = ending.messages
    fitted = next((m for m in messages if isinstance(m, Fitted)), None)
    predicted = next((m for m in messages if isinstance(m, Predicted)), None)
    failed = next((m for m in messages if isinstance(m, Failed)), None)
    cost = fitted.cost if fitted else failed.cost if failed else Cost()
    spent = Spent(
        ending.wall_seconds,
        ending.cpu_seconds,
        predicted.gpu_seconds if predicted else 0.0,
        fitted.seconds if fitted else 0.0,
        predicted.seconds if predicted else 0.0,
        ending.peak_bytes,
        cost.candidates,
        cost.gradient_steps,
        cost.tuning_trials,
        shared_by,
        ending.repeats,
    )
    prior = dict(fitted.prior) if fitted else {}
    program = asdict(fitted.program) if fitted and fitted.program else None
    length = _length(prior) + _length(program or {})
    if length > _MOST_KEPT:
        reason = (
            f"its prior card and its program have {length:,} characters; a run keeps "
            f"{_MOST_KEPT:,} of a trial"
        )
        return _trial(planned, "error", reason, spent)
    if predicted is None or ending.cause == "garbled":
        status, reason = failure(ending, failed, settings.timeout, settings.memory)
        trial = _trial(planned, status, reason, spent, prior, program)
        return replace(trial, cut_off=status == "crash" and ending.from_outside)
    sets = drawn.test_sets(planned.levels)
    try:
        scores = [
            score(drawn.task, each.examples, predictions)
            for each, predictions in zip(sets, predicted.predictions, strict=True)
        ]
        answers = [
            answer
            for each, predictions in zip(sets, predicted.predictions, strict=True)
            if planned.levels and planned.seed == 0
            for answer in sample(drawn.task, each, predictions)
        ]
    except Exception as error:
        # A wrong number of predictions, or an `accepts` that raises on one of them.
        reason = f"judging the predictions: {type(error).__name__}: {error} ({place(error)})"
        return _trial(planned, "error", reason, spent, prior, program)
    levels = tuple(
        LevelScore(each.axis, each.level, its)
        for each, its in zip(sets, scores, strict=True)
        if each.axis is not None and each.level is not None
    )
    trial = _trial(planned, "ok", None, spent, prior, program, scores[0], levels)
    return replace(trial, answers=tuple(answers))


def _length(texts: Mapping[str, Any]) -> int:
    """Return the number of characters in the names and texts of a record."""
    return sum(len(name) + (len(its) if isinstance(its, str) else 0) for name, its in texts.items())


def _trial(
    planned: Planned,
    status: str,
    reason: str | None,
    spent: Spent,
    prior: dict[str, Any] | None = None,
    program: dict[str, Any] | None = None,
    inside: Score | None = None,
    levels: tuple[LevelScore, ...] = (),
) -> Trial:
    return Trial(
        planned.task,
        planned.learner,
        planned.n,
        planned.seed,
        status,
        reason,
        inside,
        levels,
        planned.levels,
        spent,
        prior or {},
        program,
    )


_LIBRARIES = re.compile(r"^Extension modules: .*$", re.MULTILINE)
_SAID = 1_800
_LONGEST = 10_000
"""Characters of a reason that are kept."""
_MOST_KEPT = 2**20
"""Characters of texts of a trial; a learner could fill the store, and with it end the run."""


def failure(
    ending: Ending, failed: Failed | None, timeout: float, memory: float
) -> tuple[str, str]:
    """Return the status and reason of a trial without predictions.

    Parameters
    ----------
    ending : Ending
    failed : Failed, optional
        The worker's message on the failure.
    timeout, memory : float
        The limits, in seconds and gigabytes.
    """
    if ending.cause == "garbled":
        return "error", f"its process sent what no trial sends: {ending.last_words}"
    if failed is not None:
        reason = failed.reason
        return failed.status, reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST]} …"
    if ending.cause == "timeout":
        return "timeout", f"it took longer than {timeout:g} seconds"
    if ending.cause == "memory":
        return "out_of_memory", f"it took more than {memory:g} GB of memory"
    if ending.cause == "machine_memory":
        return (
            "out_of_memory",
            "the kernel killed it because the machine, or its container, had no memory left; run "
            "fewer trials at a time (--jobs), or choose less with --memory",
        )
    # Python's closing list of loaded libraries would push out the place of the crash.
    words = _LIBRARIES.sub("", ending.last_words).strip()
    said = f"; it said: {words[-_SAID:]}" if words else ""
    if says_out_of_memory(words):
        return (
            "out_of_memory",
            f"an allocation failed; the limit is {memory:g} GB{said}",
        )
    if ending.from_outside:
        by = "with what ran it" if ending.cause == "lost" else f"by {ending.signal_name}"
        times = f", as were the {ending.repeats} before it" if ending.repeats else ""
        reason = f"its process was ended from outside, {by}{times}; --resume makes it again"
        return "crash", reason + said
    if ending.cause == "signal":
        return "crash", f"its process was ended by {ending.signal_name}{said}"
    return "crash", f"its process ended with status {ending.code} and no answer{said}"
