"""Compare learners: in pairs on one task, and all of them over all tasks.

Only equals are compared: on a task, two learners at the largest number of examples that both have;
over tasks, only tasks on which every learner was measured.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from msgspec import UNSET, UnsetType

from dlcompare.compare.learners.learner_table import BASELINES
from dlcompare.compare.statistics.aggregate import aggregate
from dlcompare.compare.statistics.estimates import Aggregate, Difference
from dlcompare.compare.statistics.paired import compare

__all__ = ["AcrossTasks", "Beyond", "Comparison", "Means", "across_tasks", "comparisons"]

Inside = Mapping[str, Mapping[str, Mapping[int, Mapping[int, float]]]]
"""Exact match inside the training range by task, learner, number of examples and seed."""

Beyond = Mapping[str, Mapping[str, Mapping[int, float]]]
"""The mean exact match beyond the training range by task, learner and seed."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The first learner minus the second.

    Attributes
    ----------
    task : str
        The task over whose seeds they are paired; unset where they are paired over tasks.
    learners : (str, str)
    n : int
        The number of examples; unset over tasks.
    difference, low, high, p, pairs, pairs_needed, verdict
        As in `Difference`.
    """

    task: str | UnsetType = UNSET
    learners: tuple[str, str]
    n: int | UnsetType = UNSET
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    pairs: int
    pairs_needed: int
    verdict: Literal["different", "not shown", "too few pairs"]

    @classmethod
    def of(
        cls,
        learners: tuple[str, str],
        its: Difference,
        task: str | UnsetType = UNSET,
        n: int | UnsetType = UNSET,
    ) -> "Comparison":
        """Return the comparison of two learners that has this difference.

        Parameters
        ----------
        learners : tuple of str
            The names of the two.
        its : Difference
            The first learner's score less the second's.
        task : str, optional
            The task, if the comparison is within one.
        n : int, optional
            The number of training examples, if it is at one.
        """
        return cls(task=task, learners=learners, n=n, **vars(its))


@dataclass(frozen=True)
class Means:
    """The interquartile means of a learner, inside the training range and over all levels."""

    inside: Aggregate | None
    beyond: Aggregate | None


@dataclass(frozen=True)
class AcrossTasks:
    """All learners over the tasks that every one of them was measured on.

    Attributes
    ----------
    tasks : tuple of str
    learners : mapping of str to Means
    comparisons : tuple of Comparison
        Pairs of contenders, paired by task.
    """

    tasks: tuple[str, ...]
    learners: Mapping[str, Means]
    comparisons: tuple[Comparison, ...]


def comparisons(inside: Inside) -> tuple[Comparison, ...]:
    """Compare every pair of contenders on every task, paired by seed.

    Parameters
    ----------
    inside : mapping
        Exact match by task, learner, number of examples and seed.
    """
    found = []
    for task, learners in inside.items():
        for first, second in itertools.combinations(filter(_contends, learners), 2):
            common = learners[first].keys() & learners[second].keys()
            if common:
                n = max(common)
                its = compare(learners[first][n], learners[second][n])
                found.append(Comparison.of((first, second), its, task, n))
    return tuple(found)


def across_tasks(inside: Inside, beyond: Beyond) -> AcrossTasks | None:
    """Return interquartile means over tasks, and contenders compared in pairs by task.

    Parameters
    ----------
    inside : mapping
        Exact match by task, learner, number of examples and seed.
    beyond : mapping
        Mean exact match over all levels of all axes, by task, learner and seed.

    Returns
    -------
    AcrossTasks or None
        None with fewer than two tasks on which every learner was measured.
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
    return AcrossTasks(
        tasks=tuple(measured),
        learners={
            name: Means(
                aggregate(last[name]), aggregate({task: beyond[task][name] for task in measured})
            )
            for name in names
        },
        comparisons=tuple(
            Comparison.of((first, second), compare(means[first], means[second]))
            for first, second in itertools.combinations(filter(_contends, names), 2)
        ),
    )


def _contends(name: str) -> bool:
    return name.partition(":")[0] not in BASELINES
