"""A summary as people see it: safe to print, contenders first, learners by their full names.

Text comes from task files and error messages; characters that could steer a terminal or reverse the
reading order are replaced here, once, before any renderer sees them.
"""

import re
from dataclasses import replace
from typing import Any

import msgspec

from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import Summary, TaskResult

__all__ = ["presented", "printable"]

# Control characters except newline and tab, bidirectional overrides, lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def presented(summary: Summary) -> Summary:
    """Return a summary as a report presents it.

    No text in it can steer a terminal. Contenders come first and baselines last, and a label says
    that a learner is task-aware.
    """
    its = msgspec.convert(_clean(msgspec.to_builtins(summary)), Summary)
    return replace(its, tasks=tuple(map(_task, its.tasks)))


def printable(text: str) -> str:
    """Return text that cannot steer a terminal or reverse the reading order.

    Examples
    --------
    >>> printable("so\\x1b[2Jrting")
    'so\N{REPLACEMENT CHARACTER}[2Jrting'
    """
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(entry) for key, entry in value.items()}
    return [_clean(entry) for entry in value] if isinstance(value, list | tuple) else value


def _task(task: TaskResult) -> TaskResult:
    # A stable sort: the order of the run is kept among contenders and among baselines.
    learners = sorted(task.learners, key=lambda x: (x.is_baseline, x.family != "synthesis"))
    axes = [
        replace(axis, ordered=axis.ordered and not any(isinstance(x, str) for x in axis.test))
        for axis in task.axes
    ]
    return replace(task, axes=tuple(axes), learners=tuple(map(_learner, learners)))


def _learner(learner: LearnerResult) -> LearnerResult:
    label = learner.label or learner.name
    if label == learner.name:
        label = learner.name.replace("_", " ")
    if learner.task_aware and "task-aware" not in label.lower():
        label = f"{label} (task-aware)"
    return replace(learner, label=label)
