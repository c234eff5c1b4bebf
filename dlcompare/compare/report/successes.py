"""Group many tasks: both sides succeed, one does, or neither."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dlcompare.compare.learners.learner_table import side
from dlcompare.compare.report.formats import join
from dlcompare.compare.report.glance import holds_everywhere
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import Summary, TaskResult

__all__ = ["Group", "successes"]


@dataclass(frozen=True)
class Group:
    """Tasks on which the same sides succeed.

    Attributes
    ----------
    who : str
        Those sides in words.
    inside : tuple of TaskResult
        The tasks on which they get 90 % of new inputs right.
    beyond : tuple of TaskResult
        The tasks on which they are right up to the last level of every axis.
    """

    who: str
    inside: tuple[TaskResult, ...]
    beyond: tuple[TaskResult, ...]


def successes(result: Summary) -> list[Group]:
    """Return the groups that are not empty: all sides first, none last."""
    sides = list(dict.fromkeys(side(x.name) for task in result.tasks for x in task.contenders))
    every = [task for task in result.tasks if any(x.curve for x in task.contenders)]
    tested = [task for task in every if any(any(x.extrapolation.values()) for x in task.contenders)]
    inside = _by_sides(every, lambda _, learner: learner.n_at_90 is not None)
    beyond = _by_sides(tested, holds_everywhere)
    keys = sorted(
        inside.keys() | beyond.keys(), key=lambda key: (-len(key), [sides.index(s) for s in key])
    )
    return [
        Group(_words(key, sides), tuple(inside.get(key, ())), tuple(beyond.get(key, ())))
        for key in keys
    ]


def _by_sides(
    tasks: Sequence[TaskResult], succeeds: Callable[[TaskResult, LearnerResult], bool]
) -> dict[tuple[str, ...], list[TaskResult]]:
    found: dict[tuple[str, ...], list[TaskResult]] = {}
    for task in tasks:
        who = dict.fromkeys(side(x.name) for x in task.contenders if succeeds(task, x))
        found.setdefault(tuple(who), []).append(task)
    return found


def _words(key: tuple[str, ...], sides: Sequence[str]) -> str:
    if not key:
        return "neither" if len(sides) == 2 else "nobody"
    if len(key) == len(sides) > 1:
        return "both" if len(sides) == 2 else "all"
    return join(key) if len(sides) == 1 else f"only {join(key)}"
