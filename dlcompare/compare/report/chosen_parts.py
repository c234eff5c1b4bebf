"""Select some tasks of a run, as a summary of their own."""

from collections.abc import Sequence
from dataclasses import replace

from dlcompare.compare.summary.summary import Summary
from dlcompare.tasks.errors import UnknownNameError

__all__ = ["only"]


def only(summary: Summary, names: Sequence[str]) -> Summary:
    """Return a summary of these tasks only, without figures computed over all tasks.

    Raises
    ------
    UnknownNameError
        If the run has no such task.
    """
    tasks = {task.name: task for task in summary.tasks}
    for name in names:
        if name not in tasks:
            raise UnknownNameError("task of this run", name, tasks)
    return replace(
        summary,
        tasks=tuple(tasks[name] for name in dict.fromkeys(names)),
        comparisons=tuple(each for each in summary.comparisons if each.task in names),
        across_tasks=None,
        claims=(),
    )
