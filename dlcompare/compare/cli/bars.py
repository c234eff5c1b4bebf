"""Progress on standard error: live bars on a terminal, plain lines elsewhere."""

import contextlib
import textwrap
import time
from collections import Counter
from collections.abc import Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn
from rich.progress import Progress as Bars
from rich.table import Column

from dlcompare.compare.execution.compiling import COMPILING
from dlcompare.compare.experiment.events import Beginning, Progress, Silent
from dlcompare.compare.experiment.remaining import Remaining
from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.report.formats import level
from dlcompare.compare.report.printable import printable
from dlcompare.compare.trials.protocol import Planned
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.progress import FitProgress

__all__ = ["following"]

_A_LINE_EVERY = 30.0  # seconds between two progress lines where there is no terminal


@contextlib.contextmanager
def following(quiet: bool = False) -> Iterator[Progress]:
    """Yield an object that shows progress on the terminal or in the log; none if `quiet`."""
    if quiet:
        yield Silent()
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console)
        return
    text = TextColumn(
        "{task.description}",
        markup=False,
        table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1),
    )
    with Bars(
        BarColumn(20), MofNCompleteColumn(), text, console=console, transient=True, expand=True
    ) as bars:
        yield _Bars(console, bars)


def _outcome(trial: Trial) -> str:
    """Describe a finished trial in one line."""
    who = f"{trial.task}, {_label(trial.learner)}, n = {trial.n}, seed {trial.seed}"
    seconds = f"{trial.spent.wall_seconds:.1f} s"
    if trial.spent.shared_by > 1:
        seconds += f", its share of {trial.spent.shared_by} fitted at once"
    if trial.inside is None:
        reason = textwrap.shorten(trial.reason or "", 160, placeholder=" …")
        return printable(f"{who}: {trial.status}, {reason} ({seconds})")
    answers = _answers(trial)
    return printable(f"{who}: {trial.inside.exact_match:.2f} exact inside{answers} ({seconds})")


def _answers(trial: Trial) -> str:
    """Say how many of its examples the program of a trial answers, unless it answers all."""
    right = trial.n - trial.wrong_examples
    return f", answers {right} of {trial.n} examples" if trial.wrong_examples else ""


def _label(learner: str) -> str:
    """Return the name under which people know a learner."""
    return parse(learner).label


def _at(planned: Planned, told: FitProgress | None) -> str:
    """Return the stage that a running trial has reached."""
    start = f"{planned.task}, {level(planned.n)} example{'' if planned.n == 1 else 's'}"
    if told is None:
        return start
    loss = "" if told.loss is None else f", loss {told.loss:.3g}"
    short = f"{level(told.done)} of {level(told.of, short=True)} {told.unit}"
    return f"{start}: {short}{loss}"


class _Lines:
    """Plain lines: one for each finished trial, and one now and then for a running trial."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._planned = 0
        self._finished = 0
        self._next = time.monotonic() + _A_LINE_EVERY
        self._remaining = Remaining((), 1)

    def compile(self) -> None:
        self._say(COMPILING)

    def begin(self, beginning: Beginning) -> None:
        self._planned, self._finished = beginning.planned, beginning.kept
        self._remaining = Remaining(beginning.missing, beginning.at_a_time)
        for sentence in beginning.sentences():
            self._say(sentence)

    def start(self, planned: Planned) -> None:
        """Print nothing: the line at the trial's end is enough."""

    def hear(self, planned: Planned, told: FitProgress) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _A_LINE_EVERY
        left = self._remaining.words()
        at = _at(planned, told)
        self._say(printable(f"{_label(planned.learner)} at {at}{f'; {left}' if left else ''}"))

    def finish(self, trial: Trial) -> None:
        self._finished += 1
        self._remaining.finish(trial)
        self._say(f"[{self._finished}/{self._planned}] {_outcome(trial)}")

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


class _Bars:
    """Live bars: one for the run, one for each learner with its stage, and the best program so far.

    Finished trials scroll above them, one line each.
    """

    def __init__(self, console: Console, bars: Bars) -> None:
        self._console = console
        self._bars = bars
        self._whole = bars.add_task("drawing examples", total=None)
        self._learners: dict[str, TaskID] = {}
        self._running: dict[Planned, FitProgress | None] = {}
        self._best: dict[str, tuple[float, str]] = {}
        self._shown: TaskID | None = None
        self._remaining = Remaining((), 1)

    def compile(self) -> None:
        self._say(COMPILING)

    def begin(self, beginning: Beginning) -> None:
        for sentence in beginning.sentences():
            self._say(sentence)
        self._remaining = Remaining(beginning.missing, beginning.at_a_time)
        # Kept trials are left out: the bar would count them towards its speed.
        self._bars.update(self._whole, total=len(beginning.missing), description="all trials")
        for learner, count in Counter(each.learner for each in beginning.missing).items():
            self._learners[learner] = self._bars.add_task(printable(_label(learner)), total=count)

    def start(self, planned: Planned) -> None:
        self._running[planned] = None
        self._describe(planned.learner)

    def hear(self, planned: Planned, told: FitProgress) -> None:
        self._running[planned] = told
        self._describe(planned.learner)
        if told.program is not None:
            self._show(f"best program so far for {planned.task}: {told.program}")

    def finish(self, trial: Trial) -> None:
        ended = (trial.task, trial.learner, trial.n, trial.seed)
        self._running = {
            its: told
            for its, told in self._running.items()
            if (its.task, its.learner, its.n, its.seed) != ended
        }
        self._say(_outcome(trial))
        self._remaining.finish(trial)
        left = self._remaining.words()
        self._bars.update(
            self._whole, advance=1, description=f"all trials{f', {left}' if left else ''}"
        )
        self._bars.advance(self._learners[trial.learner])
        self._describe(trial.learner)
        self._keep_best(trial)

    def _describe(self, learner: str) -> None:
        """Name the trial shown in a learner's bar: the latest one, at its latest stage."""
        its = [each for each in self._running if each.learner == learner]
        at = ""
        if its:
            last = max(its, key=lambda each: self._running[each] is not None)
            at = f"  {_at(last, self._running[last])}"
        self._bars.update(self._learners[learner], description=printable(f"{_label(learner)}{at}"))

    def _keep_best(self, trial: Trial) -> None:
        """Show the best program for the task whose trial ended last."""
        if trial.program is None or trial.inside is None:
            return
        right = trial.inside.exact_match
        if right >= self._best.get(trial.task, (0.0, ""))[0]:
            told = f"{right:.0%} right{_answers(trial)}: {trial.program['dsl']}"
            self._best[trial.task] = (right, told)
        self._show(f"best program for {trial.task}, {self._best[trial.task][1]}")

    def _show(self, line: str) -> None:
        if self._shown is None:
            self._shown = self._bars.add_task("", total=1, completed=1)
        self._bars.update(self._shown, description=printable(line))

    def _say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False)
