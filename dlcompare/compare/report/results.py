"""The content of a report as types: tasks, learners, points, programs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dlcompare.compare.learners.learner_table import BASELINES

__all__ = [
    "AnswerResult",
    "AxisResult",
    "ComparisonResult",
    "LearnerResult",
    "Level",
    "Point",
    "ProgramResult",
    "RunResult",
    "TaskResult",
    "shown_program",
]

Level = int | float | str


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
    seconds: float | None = None
    solved: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class AnswerResult:
    """One judged answer to one test input."""

    axis: str | None
    level: Level | None
    inputs: str
    expected: str
    given: str
    right: bool
    first_error: int | None


@dataclass(frozen=True)
class ProgramResult:
    """One program found, and how many seeds found the very same text."""

    python: str
    n: int
    seed: int
    nodes: int | None
    proof: Mapping[str, Any]
    tried: Mapping[str, Any] = field(default_factory=dict)
    wrong: int = 0
    same: int = 1
    of: int = 1

    @property
    def exceptions(self) -> str:
        """The share of its examples that the program answers, in words; empty if it answers all."""
        return f"answers {self.n - self.wrong:,} of {self.n:,} examples" if self.wrong else ""

    @property
    def is_grammar(self) -> bool:
        """True if the text is the rules of a grammar, not Python."""
        return re.search(r"^def \w+\(", self.python, re.MULTILINE) is None

    @property
    def code(self) -> str:
        """The program without the comments before it, which concern the examples of one seed."""
        return re.sub(r"\A(?:#.*\n)+", "", self.python)


@dataclass(frozen=True)
class LearnerResult:
    """The results of one learner on one task."""

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
    needed: Mapping[str, Any] = field(default_factory=dict)
    area: Point | None = None
    horizon_interval: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: tuple[AnswerResult, ...] = ()
    stacked: int = 0

    @property
    def family(self) -> str:
        """The name without its configuration: ``transformer:positions=rotary`` is a transformer."""
        return self.name.partition(":")[0]

    @property
    def is_baseline(self) -> bool:
        """True if this learner is a control, not a contender."""
        return self.family in BASELINES

    @property
    def inside(self) -> Point | None:
        """The result inside the training range, at the largest number of examples."""
        return self.curve[-1] if self.curve else None

    @property
    def fewest_tried(self) -> bool:
        """True if `n_at_90` is the smallest number tried, so that fewer might have sufficed."""
        return bool(self.curve) and self.n_at_90 == self.curve[0].at

    @property
    def failed(self) -> int:
        """The number of trials that did not end ok."""
        return sum(count for status, count in self.trials.items() if status != "ok")

    @property
    def finished(self) -> int:
        """The number of trials with an outcome."""
        return sum(self.trials.values())


@dataclass(frozen=True)
class AxisResult:
    """An axis: the values trained on, the levels tested, and whether they are numbers."""

    name: str
    train: tuple[Level, ...]
    test: tuple[Level, ...]
    ordered: bool


@dataclass(frozen=True)
class ControlResult:
    """The result of a learner that was trained at the tested level itself."""

    label: str
    axis: str
    level: Level
    examples: int
    updates: int
    right: float


@dataclass(frozen=True)
class TaskResult:
    """One task, its contenders first and its baselines last."""

    name: str
    description: str
    signature: str
    axes: tuple[AxisResult, ...]
    untested: tuple[Any, ...]
    learners: tuple[LearnerResult, ...]
    controls: tuple[ControlResult, ...] = ()
    fewer: tuple[int, ...] = ()
    """The training sizes, if there are too few examples for all those requested."""

    @property
    def contenders(self) -> tuple[LearnerResult, ...]:
        """The learners to compare."""
        return tuple(learner for learner in self.learners if not learner.is_baseline)

    @property
    def baselines(self) -> tuple[LearnerResult, ...]:
        """The learners that are controls."""
        return tuple(learner for learner in self.learners if learner.is_baseline)


@dataclass(frozen=True)
class ComparisonResult:
    """The first learner minus the second, over seeds of a task, or over tasks if it is empty."""

    task: str
    learners: tuple[str, str]
    n: int | None
    difference: float
    low: float | None
    high: float | None
    p: float | None
    pairs: int
    pairs_needed: int
    verdict: str


@dataclass(frozen=True)
class RunResult:
    """A whole run.

    Attributes
    ----------
    run : mapping
        The place, time and settings.
    tasks : tuple of TaskResult
    comparisons : tuple of ComparisonResult
        Pairs of learners, task by task.
    across : mapping
        By learner, its interquartile means ``inside`` and ``beyond`` over `across_tasks`.
    across_comparisons : tuple of ComparisonResult
        Pairs of learners, paired by task.
    claims : tuple of mapping
        The verdict of the run on each claim.
    """

    run: Mapping[str, Any]
    tasks: tuple[TaskResult, ...]
    comparisons: tuple[ComparisonResult, ...] = ()
    across: Mapping[str, Mapping[str, Point | None]] = field(default_factory=dict)
    across_comparisons: tuple[ComparisonResult, ...] = ()
    across_tasks: tuple[str, ...] = ()
    claims: tuple[Mapping[str, Any], ...] = ()

    @property
    def progress(self) -> tuple[int, int] | None:
        """The numbers of trials finished and planned while the run goes on; None afterwards."""
        finished, planned = self.run.get("finished"), self.run.get("planned")
        if isinstance(finished, int) and isinstance(planned, int) and finished < planned:
            return finished, planned
        return None

    @property
    def damage(self) -> tuple[str, ...]:
        """The damage to the run's store, one sentence for each part that could not be read."""
        its = self.run.get("damage")
        return tuple(map(str, its)) if isinstance(its, list | tuple) else ()


def shown_program(learner: LearnerResult) -> ProgramResult | None:
    """Return the program to show: at the largest n, the most frequent one, then the smallest."""
    if not learner.programs:
        return None
    largest = max(program.n for program in learner.programs)
    rivals = [program for program in learner.programs if program.n == largest]

    def agreement(program: ProgramResult) -> int:
        return sum(rival.code == program.code for rival in rivals)

    best = min(rivals, key=lambda p: (-agreement(p), p.nodes or 0, len(p.python), p.seed))
    return replace(best, same=agreement(best), of=len(rivals))
