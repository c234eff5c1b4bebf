"""The summary of a run: what `summary.json` holds. A pure function of the run's record."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from dlcompare.compare.learners.registry import LearnerName, parse
from dlcompare.compare.metrics import Score
from dlcompare.compare.protocol import plan
from dlcompare.compare.statistics import horizon, n_at_90, rate
from dlcompare.compare.store import Record
from dlcompare.compare.trial import STATUSES, Trial

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
    """The summary of a run, finished or not.

    A failed trial counts as 0 in every mean; a trial still to come is not counted; a skipped one is
    listed, and makes no point of a curve, because no learner could have had the examples.
    """
    about = record.about
    settings = about.settings
    planned = plan(settings, {name: card["available"] for name, card in record.tasks.items()})
    keys = {(each.task, each.learner, each.n, each.seed) for each in planned}
    trials = [t for t in record.trials if (t.task, t.learner, t.n, t.seed) in keys]
    return {
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
            "planned": len(planned),
            "finished": len(trials),
        },
        "tasks": {
            name: _task(
                card,
                [each.name for each in settings.learners],
                [trial for trial in trials if trial.task == name],
            )
            for name, card in record.tasks.items()
        },
    }


def _task(card: dict[str, Any], learners: Sequence[str], trials: Sequence[Trial]) -> dict[str, Any]:
    return {
        **card,
        "learners": {
            name: _learner(card, parse(name), [t for t in trials if t.learner == name])
            for name in learners
        },
    }


def _learner(card: dict[str, Any], name: LearnerName, trials: list[Trial]) -> dict[str, Any]:
    trials = sorted(trials, key=lambda t: (t.n, t.seed))
    counted = [trial for trial in trials if trial.status != "skipped"]
    sizes = sorted({trial.n for trial in counted})
    curve = [{"n": n, **_cell([t for t in counted if t.n == n], lambda t: t.inside)} for n in sizes]
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
        "extrapolation": extrapolation,
        "horizon": {
            axis: horizon({point["level"]: point["exact_match"]["mean"] for point in points})
            for axis, points in extrapolation.items()
            if card["axes"][axis]["ordered"]
        },
        "programs": [
            {"seed": t.seed, "n": t.n, **t.program, "proof": None} for t in trials if t.program
        ],
        "cost": {key: sum(getattr(trial.spent, key) for trial in trials) for key in _COSTS},
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


def _cell(trials: Sequence[Trial], scoring: Scoring) -> dict[str, Any]:
    """Exact match, token accuracy and first error of one point, over its seeds."""
    scores = [scoring(trial) for trial in trials]
    errors = [s.first_error for s in scores if s is not None and s.first_error is not None]
    return {
        "exact_match": rate([s.exact_match if s else 0.0 for s in scores]),
        "token_accuracy": rate([s.token_accuracy if s else 0.0 for s in scores]),
        "first_error": {"mean": sum(errors) / len(errors)} if errors else None,
    }
