"""Select some tasks of a run, as a summary of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from dlcompare.tasks.errors import UnknownNameError

__all__ = ["only"]


def only(summary: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return a summary of these tasks only, without figures computed over all tasks.

    Raises
    ------
    UnknownNameError
        If the run has no such task.

    Examples
    --------
    >>> list(only({"tasks": {"sorting": {}, "reverse": {}}}, ["reverse"])["tasks"])
    ['reverse']
    """
    tasks = summary.get("tasks", {})
    for name in names:
        if name not in tasks:
            raise UnknownNameError("task of this run", name, tasks)
    chosen = {name: tasks[name] for name in dict.fromkeys(names)}
    comparisons = [each for each in summary.get("comparisons", ()) if each["task"] in chosen]
    return {
        **summary,
        "tasks": chosen,
        "comparisons": comparisons,
        "across_tasks": None,
        "claims": [],
    }
