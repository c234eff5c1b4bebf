"""Progress on standard error: live bars on a terminal, one line a trial elsewhere."""

import contextlib
from collections.abc import Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars

from dlcompare.compare.progress import Beginning, Progress, Silent
from dlcompare.compare.protocol import Planned
from dlcompare.compare.trial import Trial

__all__ = ["following"]


@contextlib.contextmanager
def following(quiet: bool = False) -> Iterator[Progress]:
    """Whoever tells the terminal, or the log, how a run goes; nobody, if `quiet`."""
    if quiet:
        yield Silent()
        return
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
        yield _Bars(console, bars)


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

    def begin(self, beginning: Beginning) -> None:
        self._planned, self._finished = beginning.planned, beginning.kept
        for sentence in beginning.sentences():
            self._say(sentence)

    def start(self, planned: Planned) -> None:
        """A line at its end is enough."""

    def finish(self, trial: Trial) -> None:
        self._finished += 1
        self._say(f"[{self._finished}/{self._planned}] {_outcome(trial)}")

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class _Bars:
    """A bar for the whole, one for each learner, and the best program so far.

    What has ended stays above them, a line a trial.
    """

    def __init__(self, console: Console, bars: Bars) -> None:
        self._console = console
        self._bars = bars
        self._whole = bars.add_task("drawing examples", total=None)
        self._learners: dict[str, TaskID] = {}
        self._running: list[Planned] = []
        self._best: dict[str, tuple[float, str]] = {}
        self._shown: TaskID | None = None

    def begin(self, beginning: Beginning) -> None:
        for sentence in beginning.sentences():
            self._say(sentence)
        # A bar that started at what was kept from before would take that for speed.
        total = beginning.planned - beginning.kept
        self._bars.update(self._whole, total=total, description="all trials")
        if len(beginning.waiting) > 1:
            for learner, count in beginning.waiting.items():
                self._learners[learner] = self._bars.add_task(f"  {learner}", total=count)

    def start(self, planned: Planned) -> None:
        self._running.append(planned)
        self._describe(planned.learner)

    def finish(self, trial: Trial) -> None:
        self._running = [
            each
            for each in self._running
            if (each.task, each.learner, each.n, each.seed)
            != (trial.task, trial.learner, trial.n, trial.seed)
        ]
        self._say(_outcome(trial))
        self._bars.advance(self._whole)
        if trial.learner in self._learners:
            self._bars.advance(self._learners[trial.learner])
        self._describe(trial.learner)
        self._show_best(trial)

    def _describe(self, learner: str) -> None:
        """Name what a learner is at, in its bar or in the only one."""
        at = [f"{each.task} {each.n}" for each in self._running if each.learner == learner]
        text = ", ".join(at[:2]) + (" …" if len(at) > 2 else "")
        if learner in self._learners:
            self._bars.update(self._learners[learner], description=f"  {learner}  {text}")
        else:
            self._bars.update(self._whole, description=f"{learner}  {text}")

    def _show_best(self, trial: Trial) -> None:
        """The program that is most often right, of the task whose trial ended last."""
        if trial.program is None or trial.inside is None:
            return
        right, dsl = trial.inside.exact_match, str(trial.program["dsl"])
        if right >= self._best.get(trial.task, (0.0, ""))[0]:
            self._best[trial.task] = (right, dsl)
        right, dsl = self._best[trial.task]
        if self._shown is None:
            self._shown = self._bars.add_task("", total=1, completed=1)
        line = f"  best program for {trial.task}, {right:.0%} right: {dsl}"
        self._bars.update(self._shown, description=line[: self._console.width - 40])

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False)
