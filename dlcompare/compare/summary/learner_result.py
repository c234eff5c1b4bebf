"""The results of one learner on one task."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dlcompare.compare.learners.learner_table import BASELINES
from dlcompare.compare.statistics.estimates import ExamplesNeeded, HorizonInterval, Rate, SolveRate
from dlcompare.compare.trials.judged_answers import JudgedAnswer
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.trying import Tried

__all__ = [
    "CurvePoint",
    "Failure",
    "FirstError",
    "LearnerResult",
    "Level",
    "LevelPoint",
    "ProgramResult",
    "Spending",
]

Level = int | float | str


@dataclass(frozen=True)
class Spending:
    """The cost of all trials, or the mean of one; None where it is unknown.

    Attributes
    ----------
    wall_seconds, cpu_seconds, gpu_seconds : float, optional
    candidates, gradient_steps, tuning_trials : int or float, optional
    """

    wall_seconds: float | None = None
    cpu_seconds: float | None = None
    gpu_seconds: float | None = None
    candidates: int | float | None = None
    gradient_steps: int | float | None = None
    tuning_trials: int | float | None = None


@dataclass(frozen=True)
class FirstError:
    """The mean position of the first wrong token, over the wrong answers, from 0."""

    mean: float | None


@dataclass(frozen=True)
class CurvePoint:
    """A point of a learning curve: inputs inside the training range, at `n` examples."""

    n: int
    exact_match: Rate
    token_accuracy: Rate | None = None
    first_error: FirstError | None = None
    solve_rate: SolveRate = field(default_factory=SolveRate)
    cost: Spending = field(default_factory=Spending)


@dataclass(frozen=True)
class LevelPoint:
    """A point beyond the training range: inputs at one level of an axis."""

    level: Level
    exact_match: Rate
    token_accuracy: Rate | None = None
    first_error: FirstError | None = None


@dataclass(frozen=True, kw_only=True)
class ProgramResult:
    """A program that one trial found.

    Attributes
    ----------
    seed, n : int
        The seed, and the number of examples.
    proof : Proof, optional
        The outcome of the attempt to prove it; None without one.
    tried : Tried, optional
        The outcome of running it beyond its tests; None where it was not tried.
    python, dsl : str
        The program in Python, or as the rules of a grammar, and in the language searched.
    nodes : int, optional
    cost : int or float, optional
        Bits under the grammar.
    wrong : int
        Examples that it was found with and gets wrong.
    """

    seed: int
    n: int
    proof: Proof | None = None
    tried: Tried | None = None
    python: str
    dsl: str | None = None
    nodes: int | None = None
    cost: int | float | None = None
    wrong: int = 0

    @property
    def is_proved(self) -> bool:
        """True if it is proved right."""
        return self.proof is not None and self.proof.status == "proved"

    @property
    def is_wrong(self) -> bool:
        """True if it is proved wrong, or answers an input beyond its tests incorrectly."""
        refuted = self.proof is not None and self.proof.status == "refuted"
        return refuted or (self.tried is not None and self.tried.wrong_at is not None)

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
class Failure:
    """A trial that did not end ok, and why."""

    n: int
    seed: int
    status: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class LearnerResult:
    """The results of one learner on one task.

    Attributes
    ----------
    name, label : str
        Its canonical name, and its name for people.
    task_aware : bool
        Whether it was given knowledge of this kind of task.
    curve : tuple of CurvePoint
        By number of examples, ascending.
    n_at_90 : int, optional
        The least number of examples with 90 % right, as all larger have.
    examples_needed : ExamplesNeeded
        The same, with what is not known of it.
    area : Rate, optional
        The area under the curve; None with one number of examples.
    extrapolation : mapping of str to tuple of LevelPoint
        By axis, at the largest number of examples; levels ascend.
    horizon : mapping of str to (int, float or None)
        By ordered axis, the largest level such that it and all smaller ones have 90 % right.
    horizon_interval : mapping of str to HorizonInterval
    programs : tuple of ProgramResult
    answers : tuple of JudgedAnswer
        A few, of the first seed, to the same inputs for every learner.
    cost : Spending
        The sum over all trials.
    stacked : int
        The number of trials that were fitted at once with others, in one process.
    prior : mapping of str to (str, int, float or bool)
        The prior card.
    trials : mapping of str to int
        The number of trials by status.
    failures : tuple of Failure
        Every trial that did not end ok.
    """

    name: str
    label: str
    task_aware: bool
    curve: tuple[CurvePoint, ...]
    n_at_90: int | None
    examples_needed: ExamplesNeeded = field(default_factory=ExamplesNeeded)
    area: Rate | None = None
    extrapolation: Mapping[str, tuple[LevelPoint, ...]]
    horizon: Mapping[str, int | float | None]
    horizon_interval: Mapping[str, HorizonInterval] = field(default_factory=dict)
    programs: tuple[ProgramResult, ...]
    answers: tuple[JudgedAnswer, ...] = ()
    cost: Spending
    stacked: int = 0
    prior: Mapping[str, Any]
    trials: Mapping[str, int]
    failures: tuple[Failure, ...]

    @property
    def family(self) -> str:
        """The name without its configuration: ``transformer:positions=rotary`` is a transformer."""
        return self.name.partition(":")[0]

    @property
    def is_baseline(self) -> bool:
        """True if this learner is a control, not a contender."""
        return self.family in BASELINES

    @property
    def inside(self) -> CurvePoint | None:
        """The result inside the training range, at the largest number of examples."""
        return self.curve[-1] if self.curve else None

    @property
    def fewest_tried(self) -> bool:
        """True if `n_at_90` is the smallest number tried, so that fewer might have sufficed."""
        return bool(self.curve) and self.n_at_90 == self.curve[0].n

    @property
    def failed(self) -> int:
        """The number of trials that did not end ok."""
        return sum(count for status, count in self.trials.items() if status != "ok")

    @property
    def finished(self) -> int:
        """The number of trials with an outcome."""
        return sum(self.trials.values())
