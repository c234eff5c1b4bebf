"""Progress on standard error: a live bar on a terminal, one line a trial elsewhere."""

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from dlcompare.compare.progress import Progress
from dlcompare.compare.protocol import Planned
from dlcompare.compare.trial import Trial

__all__ = ["following"]


@contextlib.contextmanager
def following() -> Iterator[Progress]:
    """Whoever tells the terminal, or the log, how a run goes."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns: tuple[ProgressColumn, ...] = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
        TextColumn("{task.description}", markup=False),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield _Bar(console, bars)


def _outcome(trial: Trial) -> str:
    """A finished trial in one line."""
    who = f"{trial.task}, {trial.learner}, n = {trial.n}, seed {trial.seed}"
    seconds = f"{trial.spent.wall_seconds:.1f} s"
    if trial.inside is None:
        return f"{who}: {trial.status}, {trial.reason} ({seconds})"
    return f"{who}: {trial.inside.exact_match:.2f} exact inside ({seconds})"


class _Lines:
    """One line a finished trial."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._planned = 0
        self._finished = 0

    def begin(self, planned: int, finished: int) -> None:
        self._planned, self._finished = planned, finished
        self._say(f"{planned} trials, {finished} of them finished before")

    def start(self, planned: Planned) -> None:
        """A line at its end is enough."""

    def finish(self, trial: Trial) -> None:
        self._finished += 1
        self._say(f"[{self._finished}/{self._planned}] {_outcome(trial)}")

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class _Bar:
    """A bar that names what runs; what has ended stays above it, a line a trial."""

    def __init__(self, console: Console, bars: Bars) -> None:
        self._console = console
        self._bars = bars
        self._bar = bars.add_task("drawing examples", total=None)
        self._running: dict[tuple[str, str, int, int], str] = {}

    def begin(self, planned: int, finished: int) -> None:
        if finished:
            self._say(f"{finished} of {planned} trials were finished before")
        # A bar that started at what was finished before would take that for speed.
        self._bars.update(self._bar, total=planned - finished, description="")

    def start(self, planned: Planned) -> None:
        key = (planned.task, planned.learner, planned.n, planned.seed)
        self._running[key] = f"{planned.task} {planned.learner} {planned.n}"
        self._describe()

    def finish(self, trial: Trial) -> None:
        self._running.pop((trial.task, trial.learner, trial.n, trial.seed), None)
        self._say(_outcome(trial))
        self._bars.advance(self._bar)
        self._describe()

    def _describe(self) -> None:
        first = next(iter(self._running.values()), "")
        others = f" +{len(self._running) - 1}" if len(self._running) > 1 else ""
        self._bars.update(self._bar, description=first + others)

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False)
