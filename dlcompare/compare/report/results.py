"""A summary as the report reads it: typed, tolerant of what is missing, safe to print.

A report is drawn while a run goes on and from summaries that others wrote, so every part may be
absent or null. Text comes from task files and error messages; what could steer a terminal or
reverse the reading order is replaced here, once, before any renderer sees it.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "BASELINES",
    "GOOD",
    "AxisResult",
    "LearnerResult",
    "Level",
    "Point",
    "ProgramResult",
    "RunResult",
    "TaskResult",
    "read",
    "shown_program",
]

Level = int | float | str

GOOD = 0.9
"""The share of right answers that counts as having learned the task."""

BASELINES = frozenset({"content_blind", "copy", "nearest_neighbour"})

# Control characters but newline and tab, bidirectional overrides, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Point:
    """Exact match at one number of examples, or at one level of an axis."""

    at: Level
    mean: float
    low: float | None
    high: float | None
    seeds: tuple[float | None, ...]
    tokens: float | None
    first_error: float | None


@dataclass(frozen=True)
class ProgramResult:
    """One program found, and how many seeds found the very same text."""

    python: str
    n: int
    seed: int
    nodes: int | None
    proof: Mapping[str, Any]
    same: int = 1
    of: int = 1


@dataclass(frozen=True)
class LearnerResult:
    """What one learner did on one task."""

    name: str
    label: str
    task_aware: bool
    curve: tuple[Point, ...]
    n_at_90: int | None
    extrapolation: Mapping[str, tuple[Point, ...]]
    horizon: Mapping[str, float | None]
    programs: tuple[ProgramResult, ...]
    cost: Mapping[str, float | None]
    prior: Mapping[str, Any]
    trials: Mapping[str, int]
    failures: tuple[Mapping[str, Any], ...]

    @property
    def family(self) -> str:
        """The name without its configuration: ``transformer:positions=rotary`` is a transformer."""
        return self.name.partition(":")[0]

    @property
    def is_baseline(self) -> bool:
        """Whether this is a control, not a contender."""
        return self.family in BASELINES

    @property
    def inside(self) -> Point | None:
        """Inside the training range, at the largest number of examples."""
        return self.curve[-1] if self.curve else None

    @property
    def fewest_tried(self) -> bool:
        """Whether `n_at_90` is the first number tried, so that fewer might have done."""
        return bool(self.curve) and self.n_at_90 == self.curve[0].at

    @property
    def failed(self) -> int:
        """Trials that did not end ok."""
        return sum(count for status, count in self.trials.items() if status != "ok")

    @property
    def finished(self) -> int:
        """Trials with any outcome."""
        return sum(self.trials.values())


@dataclass(frozen=True)
class AxisResult:
    """An axis: the values trained on, the levels tested, and whether they are numbers."""

    name: str
    train: tuple[Level, ...]
    test: tuple[Level, ...]
    ordered: bool


@dataclass(frozen=True)
class TaskResult:
    """One task, its contenders first and its baselines last."""

    name: str
    description: str
    signature: str
    axes: tuple[AxisResult, ...]
    untested: tuple[Any, ...]
    learners: tuple[LearnerResult, ...]

    @property
    def contenders(self) -> tuple[LearnerResult, ...]:
        """The learners that are compared."""
        return tuple(learner for learner in self.learners if not learner.is_baseline)

    @property
    def baselines(self) -> tuple[LearnerResult, ...]:
        """The controls."""
        return tuple(learner for learner in self.learners if learner.is_baseline)


@dataclass(frozen=True)
class RunResult:
    """A whole run."""

    run: Mapping[str, Any]
    tasks: tuple[TaskResult, ...]

    @property
    def progress(self) -> tuple[int, int] | None:
        """Trials finished and planned, while the run goes on; None once it is over."""
        finished, planned = _integer(self.run.get("finished")), _integer(self.run.get("planned"))
        if finished is None or planned is None or finished >= planned:
            return None
        return finished, planned


def read(summary: Mapping[str, Any]) -> RunResult:
    """Read a summary, whole or in part.

    Parameters
    ----------
    summary : mapping
        As ``summary.schema.json`` describes it; any part may be missing or null.

    Returns
    -------
    RunResult
        Without text that could steer a terminal, without numbers that are not finite.

    Examples
    --------
    >>> read({"tasks": {"so\\x1b[2Jrting": None}}).tasks[0].name
    'so\N{REPLACEMENT CHARACTER}[2Jrting'
    """
    clean = _mapping(_clean(summary))
    tasks = _mapping(clean.get("tasks"))
    return RunResult(
        run=_mapping(clean.get("run")),
        tasks=tuple(_task(name, _mapping(task)) for name, task in tasks.items()),
    )


def shown_program(learner: LearnerResult) -> ProgramResult | None:
    """The program to show: at the largest n, the text most seeds agree on, then the smallest."""
    if not learner.programs:
        return None
    largest = max(program.n for program in learner.programs)
    rivals = [program for program in learner.programs if program.n == largest]

    def agreement(program: ProgramResult) -> int:
        return sum(rival.python == program.python for rival in rivals)

    best = min(rivals, key=lambda p: (-agreement(p), p.nodes or 0, len(p.python), p.seed))
    return ProgramResult(
        best.python, best.n, best.seed, best.nodes, best.proof, agreement(best), len(rivals)
    )


def _task(name: str, task: Mapping[str, Any]) -> TaskResult:
    learners = [_learner(key, _mapping(v)) for key, v in _mapping(task.get("learners")).items()]
    # A stable sort: the order of the run is kept among contenders and among baselines.
    learners.sort(key=lambda learner: (learner.is_baseline, learner.family != "synthesis"))
    axes = {key: _axis(key, _mapping(value)) for key, value in _mapping(task.get("axes")).items()}
    for learner in learners:
        for key, points in learner.extrapolation.items():
            levels = tuple(point.at for point in points)
            ordered = not any(isinstance(level, str) for level in levels)
            axes.setdefault(key, AxisResult(key, (), levels, ordered))
    return TaskResult(
        name=name,
        description=_text(task.get("description")),
        signature=_text(task.get("signature")),
        axes=tuple(axes.values()),
        untested=_items(task.get("untested")),
        learners=tuple(learners),
    )


def _learner(name: str, learner: Mapping[str, Any]) -> LearnerResult:
    label = _text(learner.get("label")) or name.replace("_", " ")
    task_aware = bool(learner.get("task_aware"))
    if task_aware and "task-aware" not in label.lower():
        label = f"{label} (task-aware)"
    trials = {k: _integer(v) or 0 for k, v in _mapping(learner.get("trials")).items()}
    extrapolation = {
        axis: _points(levels, "level")
        for axis, levels in _mapping(learner.get("extrapolation")).items()
    }
    return LearnerResult(
        name=name,
        label=label,
        task_aware=task_aware,
        curve=_points(learner.get("curve"), "n"),
        n_at_90=_integer(learner.get("n_at_90")),
        extrapolation={axis: points for axis, points in extrapolation.items() if points},
        horizon={k: _number(v) for k, v in _mapping(learner.get("horizon")).items()},
        programs=tuple(_program(_mapping(p)) for p in _items(learner.get("programs"))),
        cost={k: _number(v) for k, v in _mapping(learner.get("cost")).items()},
        prior=_mapping(learner.get("prior")),
        trials=trials,
        failures=tuple(_mapping(failure) for failure in _items(learner.get("failures"))),
    )


def _axis(name: str, axis: Mapping[str, Any]) -> AxisResult:
    test = _levels(axis.get("test"))
    ordered = axis.get("ordered", True) and not any(isinstance(level, str) for level in test)
    return AxisResult(name, _levels(axis.get("train")), test, bool(ordered))


def _points(entries: object, key: str) -> tuple[Point, ...]:
    """The measured points of a curve; one without a mean has nothing to show."""
    points = []
    for entry in map(_mapping, _items(entries)):
        rate = _mapping(entry.get("exact_match"))
        mean, at = _number(rate.get("mean")), _levels([entry.get(key)])
        if mean is not None and at:
            points.append(
                Point(
                    at=at[0],
                    mean=mean,
                    low=_number(rate.get("low")),
                    high=_number(rate.get("high")),
                    seeds=tuple(_number(seed) for seed in _items(rate.get("seeds"))),
                    tokens=_number(_mapping(entry.get("token_accuracy")).get("mean")),
                    first_error=_number(_mapping(entry.get("first_error")).get("mean")),
                )
            )
    return tuple(points)


def _program(program: Mapping[str, Any]) -> ProgramResult:
    return ProgramResult(
        python=_text(program.get("python")),
        n=_integer(program.get("n")) or 0,
        seed=_integer(program.get("seed")) or 0,
        nodes=_integer(program.get("nodes")),
        proof=_mapping(program.get("proof")),
    )


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value.replace("\r\n", "\n"))
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _levels(value: object) -> tuple[Level, ...]:
    return tuple(level for level in _items(value) if isinstance(level, int | float | str))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
