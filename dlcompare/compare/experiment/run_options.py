"""The options of a run, as the command line and Python give them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlcompare.compare.execution.opening import check_backend
from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.trials.protocol import PRESETS, Chosen, Settings
from dlcompare.tasks.errors import InputError, UnknownNameError

__all__ = ["DEVICES", "RunOptions"]

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class RunOptions:
    """The options of a run; None stands for the preset's choice, or for the machine's.

    Attributes
    ----------
    learners : sequence of str
        The names of the learners to compare; if there are none, the preset's take part.
    preset : {"quick", "smoke", "survey", "full"}
        The thoroughness of the run.
    train_sizes : sequence of int, optional
        Numbers of training examples.
    seeds : int, optional
        The number of seeds: 0 to ``seeds - 1``.
    device : {"auto", "cpu", "cuda"}
        The device that networks run on.
    jobs : int, optional
        Trials at a time.
    timeout : float
        Seconds that a trial may take.
    memory : float
        Gigabytes (10⁹ bytes) that a trial may take.
    out : Path, optional
        The run's folder.
    resume : bool
        Whether the folder may hold a run already, which is continued.
    backend : {"local", "ray"}
        Where trials run.
    address : str, optional
        The address of the Ray cluster.
    stack : bool, optional
        Whether to fit all trials of a task and a learner at once.
    updates, candidates : int, optional
        The most gradient updates of a network, and programs that a search tries, in a trial.

    Raises
    ------
    InputError
        If a name is unknown or a number makes no sense.
    """

    learners: Sequence[str] = ()
    preset: str = "quick"
    train_sizes: Sequence[int] | None = None
    seeds: int | None = None
    device: str = "auto"
    jobs: int | None = None
    timeout: float = 300.0
    memory: float = 4.0
    out: Path | None = None
    resume: bool = False
    backend: str = "local"
    address: str | None = None
    stack: bool | None = None
    updates: int | None = None
    candidates: int | None = None

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise UnknownNameError("preset", self.preset, PRESETS)
        for name in self.learners:
            parse(name)
        if self.train_sizes is not None and min(self.train_sizes, default=0) < 1:
            raise InputError(
                f"train_sizes={list(self.train_sizes)!r} must be positive whole numbers"
            )
        for name in ("seeds", "updates", "candidates", "jobs"):
            count = getattr(self, name)
            if count is not None and not 1 <= count < 2**63:
                raise InputError(f"{name}={count!r} must be a count of at least 1")
        if self.device not in DEVICES:
            raise InputError(f"device={self.device!r} must be one of {', '.join(DEVICES)}")
        for name in ("timeout", "memory"):
            value = getattr(self, name)
            if not 0 < value < float("inf"):
                raise InputError(f"{name}={value!r} must be a positive number")
        check_backend(self.backend, self.address)

    @property
    def memory_bytes(self) -> int:
        """The bytes that a trial may take."""
        return int(self.memory * 1e9)

    def settings(self, tasks: Sequence[str]) -> Settings:
        """Return the settings of a run on tasks, given by their labels.

        Raises
        ------
        InputError
            If the run would have too many trials.
        """
        preset = PRESETS[self.preset]
        named = tuple(Chosen(str(parse(name))) for name in self.learners)
        return Settings(
            tasks=tuple(tasks),
            learners=tuple(dict.fromkeys(named)) or preset.learners,
            train_sizes=tuple(sorted(set(self.train_sizes or preset.train_sizes))),
            seeds=self.seeds or preset.seeds,
            preset=self.preset,
            inside=preset.inside,
            per_level=preset.per_level,
            candidates=self.candidates or preset.budget.candidates,
            gradient_steps=self.updates or preset.budget.gradient_steps,
            device=self.device,
            timeout=float(self.timeout),
            memory=float(self.memory),
            stack=self.stack,
        )
