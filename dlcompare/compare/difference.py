"""Compare two runs: their settings and their results.

Trials are paired by seed, at every number of examples that both runs have. Runs on the same
version, settings and tasks have the same examples; if a task differs, so do its tests, which is
reported.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dlcompare.compare.api import Run
from dlcompare.compare.statistics.paired import compare
from dlcompare.compare.summary.summary import RunFacts, TaskResult
from dlcompare.compare.trials.trial import Trial

__all__ = ["difference"]


def difference(first: Run, second: Run) -> dict[str, Any]:
    """Return the differences between two runs.

    Parameters
    ----------
    first, second : Run

    Returns
    -------
    dict
        ``made``: by name, the pair of values of every version, setting and piece of hardware that
        differs. ``tasks``: by common task, the differing parts of its definition. ``only``: the
        cells of one run only. ``cells``: for each task, learner and n of both runs, the ``means``
        of both and the result of `paired.compare` for the second minus the first.
    """
    ours, theirs = _inside(first), _inside(second)
    cells = []
    for key in ours:
        if key in theirs:
            task, learner, n = key
            means = [_mean(ours[key]), _mean(theirs[key])]
            its = compare(theirs[key], ours[key])
            cell = {"task": task, "learner": learner, "n": n, "means": means}
            cells.append({**cell, **asdict(its)})
    tasks = [{task.name: task for task in run.results.tasks} for run in (first, second)]
    return {
        "made": _made(first.results.run, second.results.run),
        "tasks": {
            name: changed
            for name in sorted(tasks[0].keys() & tasks[1].keys())
            if (changed := _changed(tasks[0][name], tasks[1][name]))
        },
        "only": [_only(ours, theirs), _only(theirs, ours)],
        "cells": cells,
    }


def _inside(run: Run) -> dict[tuple[str, str, int], dict[int, float]]:
    """Return exact match inside the training range by task, learner and n, then by seed."""
    found: dict[tuple[str, str, int], dict[int, float]] = {}
    for trial in sorted(run.trials, key=lambda t: (t.task, t.learner, t.n, t.seed)):
        if trial.status != "skipped":
            found.setdefault((trial.task, trial.learner, trial.n), {})[trial.seed] = _right(trial)
    return found


def _right(trial: Trial) -> float:
    return trial.inside.exact_match if trial.inside else 0.0


def _mean(by_seed: Mapping[int, float]) -> float:
    return sum(by_seed.values()) / len(by_seed)


def _made(first: RunFacts, second: RunFacts) -> dict[str, list[Any]]:
    found = {}
    for part in ("versions", "settings", "hardware"):
        both: list[Mapping[str, Any]] = [getattr(run, part) for run in (first, second)]
        for name in {**both[0], **both[1]}:
            values = [_plain(name, each.get(name)) for each in both]
            if values[0] != values[1]:
                found[f"{part}: {name}"] = values
    return found


def _plain(name: str, value: Any) -> Any:
    return [each["name"] for each in value] if name == "learners" and value else value


def _changed(first: TaskResult, second: TaskResult) -> list[str]:
    parts = ["description", "signature", "axes"]
    if first.fingerprint and second.fingerprint:  # old runs have none
        parts.append("fingerprint")
    return [part for part in parts if getattr(first, part) != getattr(second, part)]


def _only(ours: Mapping[Any, object], theirs: Mapping[Any, object]) -> list[dict[str, Any]]:
    return [
        {"task": task, "learner": learner, "n": n}
        for task, learner, n in ours
        if (task, learner, n) not in theirs
    ]
