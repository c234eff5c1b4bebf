"""The summary of a run, as in `summary.json`: a pure function of the run's record."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from dlcompare.compare.claims.claims import claims
from dlcompare.compare.learners.learner_table import LearnerName, parse
from dlcompare.compare.statistics.relations import across_tasks, comparisons
from dlcompare.compare.statistics.seeds import (
    area,
    examples_needed,
    horizon,
    horizon_interval,
    n_at_90,
    rate,
    solve_rate,
)
from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.store import Record
from dlcompare.compare.trials.trial import STATUSES, Trial

__all__ = ["SCHEMA", "summarise"]

SCHEMA = 1

_COSTS = (
    "wall_seconds",
    "cpu_seconds",
    "gpu_seconds",
    "candidates",
    "gradient_steps",
    "tuning_trials",
)

Scoring = Callable[[Trial], Score | None]


def summarise(record: Record) -> dict[str, Any]:
    """Return the summary of a run, finished or not.

    A failed trial counts as 0 in every mean; a trial still to come is not counted; a skipped one is
    listed but is no point of a curve, because no learner could have had the examples.
    """
    about = record.about
    settings = about.settings
    trials = record.finished
    by_learner: dict[tuple[str, str], list[Trial]] = defaultdict(list)
    for trial in sorted(trials, key=lambda t: (t.n, t.seed)):
        by_learner[trial.task, trial.learner].append(trial)
    tasks = {
        name: {
            **card,
            "learners": {
                each.name: _learner(card, parse(each.name), by_learner[name, each.name])
                for each in settings.learners
            },
            "controls": [each for each in record.controls if each["task"] == name],
        }
        for name, card in record.tasks.items()
    }
    inside = {
        name: {learner: _inside(by_learner[name, learner]) for learner in task["learners"]}
        for name, task in tasks.items()
    }
    summary = {
        "schema": SCHEMA,
        "run": {
            "versions": about.versions,
            "hardware": about.hardware,
            "device": settings.device,
            "seeds": list(range(settings.seeds)),
            "preset": settings.preset,
            "settings": settings.as_json(),
            "started": about.started,
            "seconds": record.seconds,
            "command": settings.command(),
            "planned": len(record.planned),
            "finished": len(trials),
            "damage": list(record.damage),
        },
        "tasks": tasks,
        "comparisons": comparisons(inside),
        "across_tasks": across_tasks(tasks, inside),
    }
    return {**summary, "claims": claims(summary)}


def _learner(card: dict[str, Any], name: LearnerName, trials: list[Trial]) -> dict[str, Any]:
    """Summarise one learner on one task, given its trials by size and seed."""
    counted = [trial for trial in trials if trial.status != "skipped"]
    sizes = sorted({trial.n for trial in counted})
    noisy = bool(card.get("noise"))
    curve = [{"n": n, **_point([t for t in counted if t.n == n], noisy)} for n in sizes]
    by_seed = {n: _by_seed([t for t in counted if t.n == n], lambda t: t.inside) for n in sizes}
    at_levels = [t for t in counted if t.measured_levels and t.n == max(sizes)]
    extrapolation = {
        axis: [
            {"level": level, **_cell(at_levels, _at(axis, level))}
            for level in (values["test"] if at_levels else ())
        ]
        for axis, values in card["axes"].items()
        if values["test"]
    }
    statuses = Counter(trial.status for trial in trials)
    return {
        "label": name.label,
        "task_aware": name.task_aware,
        "curve": curve,
        "n_at_90": n_at_90({point["n"]: point["exact_match"]["mean"] for point in curve}),
        "examples_needed": examples_needed(by_seed),
        "area": area(by_seed),
        "extrapolation": extrapolation,
        "horizon": {
            axis: horizon({point["level"]: point["exact_match"]["mean"] for point in points})
            for axis, points in extrapolation.items()
            if card["axes"][axis]["ordered"]
        },
        "horizon_interval": {
            axis: horizon_interval(
                {x["level"]: _by_seed(at_levels, _at(axis, x["level"])) for x in points}
            )
            for axis, points in extrapolation.items()
            if card["axes"][axis]["ordered"]
        },
        "programs": [
            {"seed": t.seed, "n": t.n, "proof": None, "tried": None, **t.program}
            for t in trials
            if t.program
        ],
        "answers": [asdict(answer) for t in at_levels for answer in t.answers],
        "cost": {key: sum(getattr(trial.spent, key) for trial in trials) for key in _COSTS},
        "stacked": sum(trial.spent.shared_by > 1 for trial in trials),
        "prior": next((trial.prior for trial in reversed(trials) if trial.prior), {}),
        "trials": {status: statuses[status] for status in STATUSES},
        "failures": [
            {"n": t.n, "seed": t.seed, "status": t.status, "reason": t.reason}
            for t in trials
            if t.status != "ok"
        ],
    }


def _at(axis: str, level: object) -> Scoring:
    def scoring(trial: Trial) -> Score | None:
        found = (each.score for each in trial.levels if (each.axis, each.level) == (axis, level))
        return next(found, None)

    return scoring


def _inside(trials: Sequence[Trial]) -> dict[int, dict[int, float]]:
    """Return exact match inside the training range by number of examples and seed."""
    found: dict[int, dict[int, float]] = {}
    for trial in trials:
        if trial.status != "skipped":
            right = trial.inside.exact_match if trial.inside else 0.0
            found.setdefault(trial.n, {})[trial.seed] = right
    return found


def _by_seed(trials: Sequence[Trial], scoring: Scoring) -> dict[int, float]:
    scores = {trial.seed: scoring(trial) for trial in trials}
    return {seed: its.exact_match if its else 0.0 for seed, its in scores.items()}


def _point(trials: Sequence[Trial], noisy: bool) -> dict[str, Any]:
    """Return one point of the learning curve: accuracy, share of seeds solved, cost per trial.

    A program that is wrong on some of its own examples does not count, unless labels are noisy.
    """
    cell = _cell(trials, lambda trial: trial.inside)
    rights = zip(trials, cell["exact_match"]["seeds"], strict=True)
    whole = [right if noisy or not trial.wrong_examples else 0.0 for trial, right in rights]
    return {
        **cell,
        "solve_rate": solve_rate(whole),
        "cost": {
            key: sum(getattr(trial.spent, key) for trial in trials) / len(trials) for key in _COSTS
        },
    }


def _cell(trials: Sequence[Trial], scoring: Scoring) -> dict[str, Any]:
    """Return exact match, token accuracy and first error of one point, over its seeds."""
    scores = [scoring(trial) for trial in trials]
    errors = [s.first_error for s in scores if s is not None and s.first_error is not None]
    return {
        "exact_match": rate([s.exact_match if s else 0.0 for s in scores]),
        "token_accuracy": rate([s.token_accuracy if s else 0.0 for s in scores]),
        "first_error": {"mean": sum(errors) / len(errors)} if errors else None,
    }
