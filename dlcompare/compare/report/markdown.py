"""The report as Markdown, for a README or an issue: sentences, tables, programs, no pictures."""

from dlcompare.compare.report.markdown_text import escaped, fenced
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.section import RunView, TaskView
from dlcompare.compare.report.sections import AFTER_TASKS, BEFORE_TASKS, OF_EACH_TASK
from dlcompare.compare.report.styles import styles
from dlcompare.compare.summary.summary import Summary

__all__ = ["render_markdown"]


def render_markdown(summary: Summary) -> str:
    """Return the report of a run as Markdown."""
    result = presented(summary)
    run = RunView(result=result, styles=styles(result))
    parts = [f"# {', '.join(escaped(task.name) for task in result.tasks) or 'No task'}"]
    parts += [part for each in BEFORE_TASKS if each.shown(run) for part in each.markdown(run)]
    for number, task in enumerate(result.tasks, 1):
        view = TaskView(**vars(run), task=task, number=number)
        parts += [f"## {escaped(task.name)}", escaped(task.description)]
        parts += [part for each in OF_EACH_TASK if each.shown(view) for part in each.markdown(view)]
    parts += [part for each in AFTER_TASKS if each.shown(run) for part in each.markdown(run)]
    parts += ["## How to reproduce", fenced(result.run.command, "sh")]
    return "\n\n".join(filter(None, parts)) + "\n"
