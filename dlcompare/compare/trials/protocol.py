"""Decide which trials a run consists of, and their order.

A run is every learner on every task at every number of examples and every seed. Extrapolation
levels are measured at the largest number of examples only, and so is a learner marked
``largest_only``. Nothing here draws, fits or measures.

======  ==========================  =====  ======  =======  ===========================
preset  training sizes              seeds  inside  a level  learners beside the default
======  ==========================  =====  ======  =======  ===========================
smoke   16, 256                     1      32      8
survey  16, 256                     1      32      8        the frozen core library
quick   1, 4, 16 … 4096             3      256     32       the task-aware network
full    1, 2, 4, 8 … 4096           10     500     500      the task-aware network
======  ==========================  =====  ======  =======  ===========================
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from dlcompare.compare.learners.learner_table import BASELINES, parse
from dlcompare.compare.trials.validation import Amount, Count, Number, convert
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.problem import Budget

__all__ = [
    "PRESETS",
    "Chosen",
    "Planned",
    "Preset",
    "Settings",
    "clipped",
    "plan",
    "task_name",
]


@dataclass(frozen=True)
class Chosen:
    """A learner of a run.

    Attributes
    ----------
    name : str
        Its canonical name.
    largest_only : bool
        Whether it is fitted at the largest number of examples only.
    """

    name: str
    largest_only: bool = False

    def __post_init__(self) -> None:
        parse(self.name)


_ALL = tuple(map(Chosen, ("synthesis", *BASELINES, "transformer")))
_CORE = Chosen("synthesis:library=core")
_TASK_AWARE = Chosen("transformer:positions=place_value", largest_only=True)


@dataclass(frozen=True)
class Preset:
    """A measure of thoroughness.

    Attributes
    ----------
    train_sizes : tuple of int
        Numbers of training examples.
    seeds : int
        Seeds 0 to ``seeds - 1``.
    inside : int
        Test inputs inside the training range.
    per_level : int
        Test inputs at each level of each axis.
    learners : tuple of Chosen
        The default learners.
    budget : Budget
        What stops a learner.
    """

    train_sizes: tuple[int, ...]
    seeds: int
    inside: int
    per_level: int
    learners: tuple[Chosen, ...]
    budget: Budget = field(default_factory=Budget)


PRESETS = {
    "smoke": Preset((16, 256), 1, 32, 8, _ALL, Budget(gradient_steps=500)),
    "survey": Preset((16, 256), 1, 32, 8, (*_ALL, _CORE), Budget(2_000_000, 150)),
    "quick": Preset((1, 4, 16, 64, 256, 1024, 4096), 3, 256, 32, (*_ALL, _TASK_AWARE)),
    "full": Preset(tuple(2**k for k in range(13)), 10, 500, 500, (*_ALL, _TASK_AWARE)),
}


MOST_TRIALS = 300_000
"""The most trials that a run may have."""


@dataclass(frozen=True)
class Settings:
    """The choices made for a run.

    Attributes
    ----------
    tasks : tuple of str
        The tasks: names of catalogue tasks, or ``file.py:name``.
    learners : tuple of Chosen
        Who takes part.
    train_sizes : tuple of int
        Numbers of training examples, ascending.
    seeds : int
        Seeds 0 to ``seeds - 1``.
    preset : str
        The preset that supplies the rest.
    inside, per_level : int
        Test inputs inside the training range, and at each level.
    candidates, gradient_steps : int
        What stops a learner.
    device : str
        The device that networks run on: ``"cpu"`` or ``"cuda"``.
    timeout : float
        Seconds that a trial may take.
    memory : float
        Gigabytes (10⁹ bytes) that a trial may take.
    stack : bool or None
        Whether learners that can do so fit all their trials of a task at once, in one process;
        None until the device is known.
    """

    tasks: tuple[str, ...]
    learners: tuple[Chosen, ...]
    train_sizes: tuple[Number, ...]
    seeds: Number
    preset: str
    inside: Count
    per_level: Count
    candidates: Count
    gradient_steps: Count
    device: str
    timeout: Amount
    memory: Amount
    stack: bool | None = False

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise UnknownNameError("preset", self.preset, PRESETS)
        if not self.train_sizes:
            raise InputError("a run needs a number of training examples")
        trials = len(self.tasks) * len(self.learners) * len(self.train_sizes) * self.seeds
        if trials > MOST_TRIALS:
            raise InputError(
                f"a run of {trials:,} trials is more than {MOST_TRIALS:,}; ask for fewer seeds, "
                "sizes, learners or tasks"
            )

    @property
    def budget(self) -> Budget:
        """The budget of every trial."""
        return Budget(self.candidates, self.gradient_steps, self.timeout, int(self.memory * 1e9))

    def as_json(self) -> dict[str, Any]:
        """The settings as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Settings":
        """Return settings from JSON values: the inverse of `as_json`.

        Raises
        ------
        ValueError
            If a value is missing, of another type or out of its range.
        """
        return convert(values, cls)

    def joined(self, other: "Settings", folder: str) -> "Settings":
        """Return these settings, of the run in `folder`, joined with those of `other`.

        Tasks, learners, training sizes and seeds add up. Whatever decides what a trial measures
        must be the same.

        Raises
        ------
        InputError
            Naming what differs.
        """
        adding = {"tasks", "learners", "train_sizes", "seeds"}
        differing = [
            f"{each.name} {getattr(self, each.name)} (now {getattr(other, each.name)})"
            for each in fields(self)
            if each.name not in adding and getattr(self, each.name) != getattr(other, each.name)
        ]
        if differing:
            raise InputError(
                f"the run in {folder} was made with {', '.join(differing)}; resume it with the "
                "same, or choose another folder with --out"
            )
        learners = {each.name: each for each in self.learners}
        for each in other.learners:
            known = learners.get(each.name, each)
            learners[each.name] = Chosen(each.name, known.largest_only and each.largest_only)
        return Settings(
            **{
                **{each.name: getattr(self, each.name) for each in fields(self)},
                "tasks": tuple({task_name(t): t for t in (*self.tasks, *other.tasks)}.values()),
                "learners": tuple(learners.values()),
                "train_sizes": tuple(sorted({*self.train_sizes, *other.train_sizes})),
                "seeds": max(self.seeds, other.seeds),
            }
        )

    def command(self) -> str:
        """Return the command line that makes this run again."""
        preset = PRESETS[self.preset]
        words = ["dlcompare", "run", *self.tasks, "--preset", self.preset]
        if self.learners != preset.learners:
            words += [word for each in self.learners for word in ("--learner", each.name)]
        if self.train_sizes != preset.train_sizes:
            words += ["--train-sizes", ",".join(map(str, self.train_sizes))]
        if self.seeds != preset.seeds:
            words += ["--seeds", str(self.seeds)]
        if self.gradient_steps != preset.budget.gradient_steps:
            words += ["--updates", str(self.gradient_steps)]
        if self.candidates != preset.budget.candidates:
            words += ["--candidates", str(self.candidates)]
        words += ["--device", self.device]
        words += ["--timeout", f"{self.timeout:g}", "--memory", f"{self.memory:g}"]
        if self.stack != (self.device == "cuda"):
            words += ["--stack" if self.stack else "--no-stack"]
        return shlex.join(words)


def task_name(label: str) -> str:
    """Return the name of a task, given its label in settings.

    Examples
    --------
    >>> task_name("sorting"), task_name("mine.py:reverse"), task_name("given.jsonl:sum: two")
    ('sorting', 'reverse', 'sum: two')
    """
    for suffix in (".py:", ".jsonl:"):
        _, found, name = label.partition(suffix)
        if found:
            return name
    return label.rpartition(":")[2]


@dataclass(frozen=True)
class Planned:
    """A planned trial.

    Attributes
    ----------
    task, learner : str
        Names.
    n : int
        Number of training examples.
    seed : int
        The seed of the stream of training examples and of the learner's own randomness.
    levels : bool
        Whether extrapolation is measured.
    supplied : bool
        Whether the task has examples to learn from; if not, the trial is skipped.
    """

    task: str
    learner: str
    n: int
    seed: int
    levels: bool
    supplied: bool


def clipped(train_sizes: Sequence[int], supply: int) -> tuple[int, ...]:
    """Return the training sizes of a task that has `supply` examples to learn from.

    Examples
    --------
    >>> clipped((1, 4, 16, 64), 9)
    (1, 4, 9)
    """
    return tuple(sorted({min(n, supply) for n in train_sizes} - {0}))


def plan(settings: Settings, available: Mapping[str, int]) -> list[Planned]:
    """Return the trials of a run in order: a quick first result, then cheap before expensive.

    The trials of a learner that runs on a device begin with the largest number of examples: they
    last longest, and one of them begun last would leave the other cores idle.

    Parameters
    ----------
    settings : Settings
    available : mapping of str to int
        The number of training examples that each task can supply; larger sizes are clipped to it.
        If it is 0, the trials cannot be made, but are planned all the same.
    """
    trials = []
    for task, supply in available.items():
        sizes = clipped(settings.train_sizes, supply) or settings.train_sizes
        largest = sizes[-1]
        for chosen in settings.learners:
            trials += [
                Planned(task, chosen.name, n, seed, n == largest, supply > 0)
                for n in ((largest,) if chosen.largest_only else sizes)
                for seed in range(settings.seeds)
            ]
    tasks, learners = list(available), [chosen.name for chosen in settings.learners]
    entries = {name: parse(name).entry for name in learners}
    return sorted(
        trials,
        key=lambda t: (
            entries[t.learner].rank,
            -t.n if entries[t.learner].uses_device else t.n,
            learners.index(t.learner),
            tasks.index(t.task),
            t.seed,
        ),
    )
