"""The summary of a run, as types: its tasks, its comparisons, its verdicts on claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from msgspec import UNSET, UnsetType

from dlcompare.compare.statistics.relations import AcrossTasks, Comparison
from dlcompare.compare.summary.learner_result import LearnerResult, Level

__all__ = [
    "MIXED",
    "NOT_MEASURED",
    "REFUTED",
    "SUPPORTED",
    "AxisResult",
    "ControlResult",
    "RunFacts",
    "Summary",
    "TaskResult",
    "Verdict",
    "VerdictKind",
]

SUPPORTED: Final = "supported"
REFUTED: Final = "refuted"
MIXED: Final = "mixed"
NOT_MEASURED: Final = "not measured"

VerdictKind = Literal["supported", "refuted", "mixed", "not measured"]
"""The outcome of a rule on a run."""


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

    task: str
    learner: str
    label: str
    axis: str
    level: Level
    seed: int
    examples: int
    updates: int
    exact_match: float


@dataclass(frozen=True, kw_only=True)
class TaskResult:
    """One task, and the results of every learner on it.

    Attributes
    ----------
    name, description, signature : str
    axes : tuple of AxisResult
    untested : tuple of (mapping or str)
        Settings that are trained on and never tested, because they hold too few distinct inputs.
    available : int, optional
        The examples there are to learn from.
    noise : float
        The share of the training examples that are mislabelled.
    fingerprint : str
        A hash of the task's definition and its test examples; empty if unknown.
    learners : tuple of LearnerResult
    controls : tuple of ControlResult
    """

    name: str
    description: str = ""
    signature: str = ""
    axes: tuple[AxisResult, ...]
    untested: tuple[Mapping[str, Any] | str, ...] = ()
    available: int | UnsetType = UNSET
    noise: float = 0.0
    fingerprint: str = ""
    learners: tuple[LearnerResult, ...]
    controls: tuple[ControlResult, ...] = ()

    @property
    def contenders(self) -> tuple[LearnerResult, ...]:
        """The learners to compare."""
        return tuple(learner for learner in self.learners if not learner.is_baseline)

    @property
    def baselines(self) -> tuple[LearnerResult, ...]:
        """The learners that are controls."""
        return tuple(learner for learner in self.learners if learner.is_baseline)


@dataclass(frozen=True)
class Verdict:
    """The verdict of a run on one claim.

    Attributes
    ----------
    id, claim : str
    verdict : {"supported", "refuted", "mixed", "not measured"}
    range : str
        The range of the verdict, or the reason why there is none.
    figures : tuple of str
        The numbers behind it.
    contrary : str, optional
        Published evidence to the contrary; not from this run.
    """

    id: str
    claim: str
    verdict: VerdictKind
    range: str
    figures: tuple[str, ...]
    contrary: str | None


@dataclass(frozen=True)
class RunFacts:
    """The place, time and settings of a run.

    Attributes
    ----------
    versions, hardware : mapping
        The software and hardware of the run.
    device : str
        The device that networks ran on.
    seeds : tuple of int
    preset : str, optional
    settings : mapping
        Every choice made for the run.
    started : str
        ISO 8601.
    seconds : float
        Wall-clock time so far.
    command : str
        The command that makes the run again.
    planned, finished : int
        The number of trials of the run, and of those that have an outcome.
    damage : tuple of str
        One sentence for each part of the run's store that could not be read.
    """

    versions: Mapping[str, str | None]
    hardware: Mapping[str, Any]
    device: str
    seeds: tuple[int, ...]
    preset: str | None
    settings: Mapping[str, Any]
    started: str
    seconds: float | None
    command: str
    planned: int
    finished: int
    damage: tuple[str, ...] = ()

    @property
    def goes_on(self) -> bool:
        """True while trials are missing."""
        return self.finished < self.planned


@dataclass(frozen=True)
class Summary:
    """The summary of a run, finished or not.

    Attributes
    ----------
    schema : int
        The version of the schema of ``summary.json``.
    run : RunFacts
    tasks : tuple of TaskResult
    comparisons : tuple of Comparison
        Pairs of contenders, task by task.
    across_tasks : AcrossTasks, optional
        None with fewer than two tasks.
    claims : tuple of Verdict
    """

    schema: Literal[1]
    run: RunFacts
    tasks: tuple[TaskResult, ...]
    comparisons: tuple[Comparison, ...] = ()
    across_tasks: AcrossTasks | None = None
    claims: tuple[Verdict, ...] = ()

    @property
    def train_sizes(self) -> tuple[int, ...]:
        """The numbers of training examples asked for."""
        return tuple(self.run.settings.get("train_sizes", ()))
