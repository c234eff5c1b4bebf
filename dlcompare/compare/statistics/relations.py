"""Compare learners: in pairs on one task, and all of them over all tasks.

Only equals are compared: on a task, two learners at the largest number of examples that both have;
over tasks, only tasks on which every learner was measured.
"""

import itertools
from collections.abc import Mapping
from typing import Any

from dlcompare.compare.learners.learner_table import BASELINES
from dlcompare.compare.statistics.aggregate import aggregate
from dlcompare.compare.statistics.paired import compare

__all__ = ["across_tasks", "comparisons"]

Inside = Mapping[str, Mapping[str, Mapping[int, Mapping[int, float]]]]
"""Exact match inside the training range by task, learner, number of examples and seed."""


def comparisons(inside: Inside) -> list[dict[str, Any]]:
    """Compare every pair of contenders on every task, paired by seed.

    Parameters
    ----------
    inside : mapping
        Exact match by task, learner, number of examples and seed.

    Returns
    -------
    list of dict
        ``task``, ``learners`` (two names), ``n``, and the result of `paired.compare` for the first
        minus the second.
    """
    found = []
    for task, learners in inside.items():
        for first, second in itertools.combinations(filter(_contends, learners), 2):
            common = learners[first].keys() & learners[second].keys()
            if common:
                n = max(common)
                its = compare(learners[first][n], learners[second][n])
                found.append({"task": task, "learners": [first, second], "n": n, **its})
    return found


def across_tasks(tasks: Mapping[str, Any], inside: Inside) -> dict[str, Any] | None:
    """Return interquartile means over tasks, and contenders compared in pairs by task.

    Parameters
    ----------
    tasks : mapping
        The tasks of a summary.
    inside : mapping
        As in `comparisons`.

    Returns
    -------
    dict or None
        ``tasks`` (those that count), ``learners`` (by name, the interquartile mean of exact match
        ``inside`` at the largest number of examples and ``beyond``, over all levels of all axes),
        and ``comparisons``; None with fewer than two tasks.
    """
    measured = [
        task
        for task, learners in inside.items()
        if learners and all(by_n for by_n in learners.values())
    ]
    if len(measured) < 2:
        return None
    names = [name for name in inside[measured[0]] if all(name in inside[task] for task in measured)]
    last = {
        name: {task: inside[task][name][max(inside[task][name])] for task in measured}
        for name in names
    }
    means = {
        name: {task: sum(by_seed.values()) / len(by_seed) for task, by_seed in by_task.items()}
        for name, by_task in last.items()
    }
    return {
        "tasks": measured,
        "learners": {
            name: {
                "inside": aggregate(last[name]),
                "beyond": aggregate(
                    {task: _beyond(tasks[task]["learners"][name]) for task in measured}
                ),
            }
            for name in names
        },
        "comparisons": [
            {"learners": [first, second], **compare(means[first], means[second])}
            for first, second in itertools.combinations(filter(_contends, names), 2)
        ],
    }


def _contends(name: str) -> bool:
    return name.partition(":")[0] not in BASELINES


def _beyond(learner: Mapping[str, Any]) -> dict[int, float]:
    """Return, by seed, the mean exact match over all levels, each axis with equal weight."""
    axes = [
        [level["exact_match"]["seeds"] for level in levels]
        for levels in learner["extrapolation"].values()
        if levels
    ]
    seeds = min((len(level) for levels in axes for level in levels), default=0)
    return {
        seed: sum(sum(level[seed] for level in levels) / len(levels) for levels in axes) / len(axes)
        for seed in range(seeds)
    }
