"""Draw a summary for the terminal: a table for each task, and under it the program found.

Many tasks share one table. The layout fits 80 columns and terminals without colour. Names and
reasons are printed as text, never as markup.
"""

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dlcompare.compare.report.code import Code
from dlcompare.compare.report.formats import (
    NONE,
    beyond,
    duration,
    interval,
    level,
    needed,
    reach,
    share,
    trained_on,
)
from dlcompare.compare.report.glance import glance, overall
from dlcompare.compare.report.headline import headline, proof_sentence
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.shown_program import agreement, shown_program
from dlcompare.compare.report.successes import successes
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner import LearnerResult
from dlcompare.compare.summary.summary import AxisResult, Summary, TaskResult

__all__ = ["render_summary"]

_AXES_BESIDE = 2  # more axes than these do not fit beside the other columns into 80
_AXIS_WIDTH = 18  # columns that each further axis needs
_AXES_ALONE = 4
_WHOLE = 5  # if there are more tasks, each has a row and no table
_CONTENDERS = 4
_MOST_LINES = 40  # lines of a program; the report shows all of them


def render_summary(summary: Summary, width: int = 80) -> RenderableType:
    """Draw a summary for the terminal.

    Parameters
    ----------
    summary : Summary
    width : int
        Columns available; a wide terminal shows more axes side by side.

    Returns
    -------
    rich.console.RenderableType
        A renderable for a `rich.console.Console` of any width.
    """
    result = presented(summary)
    parts: list[RenderableType] = []
    run = result.run
    if run.goes_on:
        parts.append(
            Text(f"In progress: {run.finished} of {run.planned} trials finished.", "yellow")
        )
    parts += [Text(f"Damaged: {sentence}.", "yellow") for sentence in run.damage]
    if len(result.tasks) > _WHOLE:
        parts += _overview(result)
    else:
        for task in result.tasks:
            parts += _task(result, task, _AXES_BESIDE + max(0, (width - 80) // _AXIS_WIDTH))
    if not result.tasks:
        parts.append(Text("Nothing has been measured yet."))
    return Group(*parts)


def _overview(result: Summary) -> Iterator[RenderableType]:
    """Draw many tasks in one table (a row a task, a column a contender), and who succeeds where."""
    whole = glance(result)
    for start in range(0, len(whole.learners), _CONTENDERS):
        columns = range(start, min(start + _CONTENDERS, len(whole.learners)))
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
        table.add_column("task", ratio=2, min_width=16, overflow="fold")
        for i in columns:
            table.add_column(Text(whole.learners[i].label), justify="right", ratio=1)
        for row in whole.rows:
            cells = [_cell(row.needs[i], row.reaches[i]) for i in columns]
            table.add_row(Text(row.task.name), *cells)
        yield Text()
        yield table
    yield Text(
        "Examples needed for 90 % right (the fewest in bold), then along how many axes that holds "
        "to the last level tested.",
        "dim",
    )
    yield Text()
    for sentence in overall(result):
        yield Padding(Text(sentence), (0, 0, 0, 2))
    for group in successes(result):
        counts = f"{len(group.inside)} inside training, {len(group.beyond)} beyond"
        yield Padding(Text(f"{_capital(group.who)}: {counts}"), (0, 0, 0, 2))


def _cell(needs: tuple[str, bool], reaches: tuple[tuple[str, str, bool], ...]) -> Text:
    text, fewest = needs
    cell = Text(text, style="bold" if fewest else "")
    if reaches:
        held = sum(whole for _, _, whole in reaches)
        every = held == len(reaches)
        cell.append(f"  {held}/{len(reaches)}", "green" if every else "dim")
    return cell


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _task(result: Summary, task: TaskResult, beside: int) -> Iterator[RenderableType]:
    yield Text()
    yield Text.assemble((task.name, "bold"), ("  " + task.description.split("\n\n")[0], "dim"))
    first, rest = task.axes[:beside], task.axes[beside:]
    yield _table(task, first, whole=True)
    for start in range(0, len(rest), _AXES_ALONE):
        yield Text()
        yield _table(task, rest[start : start + _AXES_ALONE], whole=False)
    yield Text()
    for sentence in headline(task, result.train_sizes):
        yield Padding(Text(sentence), (0, 0, 0, 2))
    for learner in task.learners:
        yield from _program(learner)


def _table(task: TaskResult, axes: Sequence[AxisResult], *, whole: bool) -> Table:
    """Draw one row for each learner: the whole table, or its continuation with further axes."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("learner", min_width=12, ratio=2, overflow="fold")
    if whole:
        inside = [x.inside.n for x in task.learners if x.inside]
        at = f"at {level(max(inside), short=True)}" if inside else ""
        table.add_column("examples\nfor 90 %", justify="right")
        table.add_column(Text(f"right\ninside\n{at}".rstrip()), justify="right")
    for axis in axes:
        trained = f"\ntrained {trained_on(axis)}" if axis.train else ""
        table.add_column(Text(f"{axis.name}{trained}"), justify="right", overflow="fold")
    if whole:
        table.add_column("time", justify="right")
        table.add_column("failed\ntrials", justify="right")
    for learner in task.learners:
        cells = [Text(learner.label)]
        if whole:
            cells += [Text(needed(learner)), _inside(learner)]
        cells += [_axis(learner, axis) for axis in axes]
        if whole:
            cells += [Text(duration(learner.cost.wall_seconds)), _failed(learner)]
        table.add_row(*cells, style="dim" if learner.is_baseline else "")
    return table


def _inside(learner: LearnerResult) -> Text:
    if learner.inside is None:
        return Text(NONE)
    right = learner.inside.exact_match
    text = Text(share(right.mean), style="green" if right.mean >= GOOD else "")
    if interval(right):
        text.append(f"\n{interval(right)}", "dim")
    return text


def _axis(learner: LearnerResult, axis: AxisResult) -> Text:
    points = learner.extrapolation.get(axis.name)
    whole = bool(points) and learner.horizon.get(axis.name) == (
        points[-1].level if points else None
    )
    text = Text(reach(learner, axis, short=True), style="green" if whole else "")
    if beyond(learner, axis):
        text.append(f"\n{beyond(learner, axis, short=True)}", "dim")
    return text


def _failed(learner: LearnerResult) -> Text:
    return Text(str(learner.failed), style="red" if learner.failed else "")


def _program(learner: LearnerResult) -> Iterator[RenderableType]:
    program = shown_program(learner)
    if program is None:
        return
    unit = "example" if program.n == 1 else "examples"
    origin = f"from {program.n:,} {unit}"
    same, seeds = agreement(learner, program)
    if seeds > 1:
        origin += f", by {same} of {seeds} seeds"
    proof = proof_sentence(program)
    yield Text()
    yield Text.assemble(
        (f"{'Grammar' if program.is_grammar else 'Program'} found by {learner.label}", "bold"),
        (f" {origin}" + (f"; {proof}" if proof else ""), "dim"),
    )
    language = "text" if program.is_grammar else "python"
    yield Code(_shortened(program.python.strip("\n")), language, indent=2)


def _shortened(text: str) -> str:
    """Return a text cut to the lines that a terminal can take."""
    lines = text.splitlines()
    if len(lines) <= _MOST_LINES:
        return text
    return "\n".join([*lines[: _MOST_LINES - 1], f"… {len(lines) - _MOST_LINES + 1} more lines"])
