"""The Python face of a comparison: `run` makes one, `load_run` reads one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlcompare.compare.experiment.events import Progress, Silent
from dlcompare.compare.experiment.experiment import carry_out
from dlcompare.compare.experiment.folders import choose_folder
from dlcompare.compare.experiment.publish import REPORT
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.experiment.summarise import summarise
from dlcompare.compare.statistics.data_frames import as_frame, score_rows, trial_rows
from dlcompare.compare.summary.json_values import as_json
from dlcompare.compare.summary.summary import Summary
from dlcompare.compare.trials.draws import resolve
from dlcompare.compare.trials.store import read
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.task import Task

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Run", "RunInterrupted", "load_run", "run", "run_with"]


@dataclass(frozen=True)
class Run:
    """The trials of one comparison, in one folder.

    Attributes
    ----------
    folder : Path
        The folder of the run.
    results : Summary
        What the trials amount to.
    trials : tuple of Trial
        Every finished trial.
    damage : tuple of str
        A sentence for each part of the store that could not be read; its trials are left out above.
    """

    folder: Path
    results: Summary
    trials: tuple[Trial, ...]
    damage: tuple[str, ...] = ()

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The results as JSON values: the content of `summary.json`."""
        return as_json(self.results)

    @property
    def report(self) -> Path:
        """The path of the report in HTML."""
        return self.folder / REPORT

    def trials_frame(self) -> "pd.DataFrame":
        """Return the trials as a tidy data frame, one row for each trial.

        Raises
        ------
        InputError
            If pandas is not installed; it comes with the extra ``frames``.
        """
        return as_frame(trial_rows(self.trials))

    def scores_frame(self) -> "pd.DataFrame":
        """Return the scores as a tidy data frame, one row for each trial and test set.

        Raises
        ------
        InputError
            If pandas is not installed; it comes with the extra ``frames``.
        """
        return as_frame(score_rows(self.trials))


class RunInterrupted(KeyboardInterrupt):
    """Raised when an interrupt ends a run; finished trials are kept.

    Attributes
    ----------
    run : Run
        The run so far.
    """

    def __init__(self, run: Run) -> None:
        super().__init__(f"interrupted; the finished trials are kept in {run.folder}")
        self.run = run


def run(
    tasks: str | Task | Sequence[str | Task],
    learners: Sequence[str] | None = None,
    preset: str = "quick",
    train_sizes: Sequence[int] | None = None,
    seeds: int | None = None,
    device: str = "auto",
    jobs: int | None = None,
    timeout: float = 300.0,
    memory: float = 4.0,
    out: str | Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    backend: str = "local",
    address: str | None = None,
    stack: bool | None = None,
    updates: int | None = None,
    candidates: int | None = None,
) -> Run:
    """Compare learners on tasks.

    Parameters
    ----------
    tasks : str, Task, or sequence of these
        Names of catalogue tasks, task files, ``file.py:name``, or tasks.
    learners : sequence of str, optional
        The learners to compare, by default the preset's.
    preset : {"quick", "smoke", "full"}
        The thoroughness of the run.
    train_sizes : sequence of int, optional
        Numbers of training examples.
    seeds : int, optional
        The number of seeds: 0 to ``seeds - 1``.
    device : {"auto", "cpu", "cuda"}
        The device that networks run on.
    jobs : int, optional
        Trials at a time, by default one for each usable core (of the cluster). Results do not
        depend on it.
    timeout : float
        Seconds that a trial may take.
    memory : float
        Gigabytes (10⁹ bytes) that a trial may take.
    out : path, optional
        The run's folder, by default ``runs/<date>-<tasks>``.
    resume : bool
        Continue the run in an existing folder: finished trials are kept, missing ones are made.
    progress : Progress, optional
        An object that is told how the run goes.
    backend : {"local", "ray"}
        Where trials run: on this machine, or on the nodes of a Ray cluster (extra ``ray``).
    address : str, optional
        The address of the Ray cluster, by default Ray's own choice.
    stack : bool, optional
        Whether to train the trials of a task and a network in one process, as one stack. By
        default only on CUDA, since on a CPU one process for each trial is faster.
    updates : int, optional
        The most gradient updates of a network in a trial, by default the preset's.
    candidates : int, optional
        The most programs that a search tries in a trial, by default the preset's.

    Returns
    -------
    Run

    Raises
    ------
    InputError
        If an argument, a task, a learner or the folder cannot be used.
    RunInterrupted
        When interrupted; the exception holds the run so far.
    """
    options = RunOptions(
        learners=tuple(learners or ()),
        preset=preset,
        train_sizes=train_sizes,
        seeds=seeds,
        device=device,
        jobs=jobs,
        timeout=timeout,
        memory=memory,
        out=Path(out) if out is not None else None,
        resume=resume,
        backend=backend,
        address=address,
        stack=stack,
        updates=updates,
        candidates=candidates,
    )
    return run_with(options, [tasks] if isinstance(tasks, str | Task) else tasks, progress)


def run_with(
    options: RunOptions, tasks: Sequence[str | Task], progress: Progress | None = None
) -> Run:
    """Compare learners on tasks with the options of a run, as `run` does.

    Raises
    ------
    InputError
        If a task, a learner, the device or the folder cannot be used.
    RunInterrupted
        When interrupted; the exception holds the run so far.
    """
    found = resolve(tasks, options.timeout)
    folder = choose_folder(options.out, [task.name for task in found], options.resume)
    try:
        carry_out(found, options, folder, progress or Silent())
    except KeyboardInterrupt:
        if not folder.exists():
            raise
        raise RunInterrupted(load_run(folder)) from None
    return load_run(folder)


def load_run(folder: str | Path) -> Run:
    """Read a run from its folder; nothing in it is executed.

    Raises
    ------
    InputError
        If there is no run, or it cannot be read.
    """
    record = read(Path(folder))
    return Run(Path(folder), summarise(record), record.trials, record.damage)
