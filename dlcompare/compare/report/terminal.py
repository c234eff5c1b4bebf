"""Draw a summary for the terminal: a table for each task, and under it the program found.

Many tasks share one table. The layout fits 80 columns and terminals without colour. Names and
reasons are printed as text, never as markup.
"""

from rich.console import Group, RenderableType
from rich.text import Text

from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.section import RunView, TaskView
from dlcompare.compare.report.sections import AFTER_TASKS, BEFORE_TASKS, OF_EACH_TASK
from dlcompare.compare.report.styles import styles
from dlcompare.compare.summary.summary import Summary

__all__ = ["render_summary"]

_WHOLE = 5  # if there are more tasks, they are shown together only


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
    view = RunView(result=result, styles=styles(result), width=width)
    run = result.run
    parts: list[RenderableType] = []
    if run.goes_on:
        words = f"In progress: {run.finished} of {run.planned} trials finished."
        parts.append(Text(words, "yellow"))
    parts += [Text(f"Damaged: {sentence}.", "yellow") for sentence in run.damage]
    if len(result.tasks) > _WHOLE:
        parts += [part for each in BEFORE_TASKS if each.shown(view) for part in each.terminal(view)]
    else:
        for number, task in enumerate(result.tasks, 1):
            parts += _task(TaskView(**vars(view), task=task, number=number))
    parts += [part for each in AFTER_TASKS if each.shown(view) for part in each.terminal(view)]
    if not result.tasks:
        parts.append(Text("Nothing has been measured yet."))
    return Group(*parts)


def _task(view: TaskView) -> list[RenderableType]:
    task = view.task
    head = Text.assemble((task.name, "bold"), ("  " + task.description.split("\n\n")[0], "dim"))
    parts = [part for each in OF_EACH_TASK if each.shown(view) for part in each.terminal(view)]
    return [Text(), head, *parts]
