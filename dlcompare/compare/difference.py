"""Compare two runs: their settings and their results.

Trials are paired by seed, at every number of examples that both runs have. Runs on the same
version, settings and tasks have the same examples; if a task differs, so do its tests, which is
reported.
"""

from collections.abc import Mapping
from typing import Any

from dlcompare.compare.api import Run
from dlcompare.compare.statistics.paired import compare
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
            cells.append({"task": task, "learner": learner, "n": n, "means": means, **its})
    tasks = first.summary["tasks"].keys() & second.summary["tasks"].keys()
    return {
        "made": _made(first.summary["run"], second.summary["run"]),
        "tasks": {
            task: changed
            for task in sorted(tasks)
            if (changed := _changed(first.summary["tasks"][task], second.summary["tasks"][task]))
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


def _made(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, list[Any]]:
    found = {}
    for part in ("versions", "settings", "hardware"):
        for name in {**first[part], **second[part]}:
            values = [_plain(name, each[part].get(name)) for each in (first, second)]
            if values[0] != values[1]:
                found[f"{part}: {name}"] = values
    return found


def _plain(name: str, value: Any) -> Any:
    return [each["name"] for each in value] if name == "learners" and value else value


def _changed(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    parts = ("description", "signature", "axes", "fingerprint")
    # Old runs have no fingerprints.
    known = [part for part in parts if part in first and part in second]
    return [part for part in known if first[part] != second[part]]


def _only(ours: Mapping[Any, object], theirs: Mapping[Any, object]) -> list[dict[str, Any]]:
    return [
        {"task": task, "learner": learner, "n": n}
        for task, learner, n in ours
        if (task, learner, n) not in theirs
    ]
