"""Summarise a run: a pure function of the run's record."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from dlcompare.compare.claims.verdicts import verdicts
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
from dlcompare.compare.summary.learner_result import (
    CurvePoint,
    Failure,
    FirstError,
    LearnerResult,
    Level,
    LevelPoint,
    ProgramResult,
    Spending,
)
from dlcompare.compare.summary.summary import (
    AxisResult,
    ControlResult,
    RunFacts,
    Summary,
    TaskResult,
)
from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.store import Record
from dlcompare.compare.trials.trial import STATUSES, Trial
from dlcompare.compare.trials.validation import convert

__all__ = ["summarise"]

Scoring = Callable[[Trial], Score | None]


def summarise(record: Record) -> Summary:
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
    tasks = []
    for name, card in record.tasks.items():
        axes = tuple(_axis(axis, its) for axis, its in card["axes"].items())
        noisy = bool(card.get("noise"))
        learners = tuple(
            _learner(axes, noisy, parse(each.name), by_learner[name, each.name])
            for each in settings.learners
        )
        controls = tuple(
            convert(each, ControlResult) for each in record.controls if each["task"] == name
        )
        about_task = {**card, "axes": axes, "untested": tuple(card.get("untested", ()))}
        tasks.append(TaskResult(name=name, learners=learners, controls=controls, **about_task))
    inside = {
        task.name: {each.name: _inside(by_learner[task.name, each.name]) for each in task.learners}
        for task in tasks
    }
    beyond = {task.name: {each.name: _beyond(each) for each in task.learners} for task in tasks}
    summary = Summary(
        schema=1,
        run=RunFacts(
            versions=about.versions,
            hardware=about.hardware,
            device=settings.device,
            seeds=tuple(range(settings.seeds)),
            preset=settings.preset,
            settings=settings.as_json(),
            started=about.started,
            seconds=record.seconds,
            command=settings.command(),
            planned=len(record.planned),
            finished=len(trials),
            damage=tuple(record.damage),
        ),
        tasks=tuple(tasks),
        comparisons=comparisons(inside),
        across_tasks=across_tasks(inside, beyond),
    )
    return replace(summary, claims=verdicts(summary))


def _axis(name: str, its: Mapping[str, Any]) -> AxisResult:
    return AxisResult(name, tuple(its["train"]), tuple(its["test"]), its["ordered"])


def _learner(
    axes: Sequence[AxisResult], noisy: bool, name: LearnerName, trials: list[Trial]
) -> LearnerResult:
    """Summarise one learner on one task, given its trials by size and seed."""
    counted = [trial for trial in trials if trial.status != "skipped"]
    sizes = sorted({trial.n for trial in counted})
    curve = tuple(_point(n, [t for t in counted if t.n == n], noisy) for n in sizes)
    by_seed = {n: _by_seed([t for t in counted if t.n == n], lambda t: t.inside) for n in sizes}
    at_levels = [t for t in counted if t.measured_levels and t.n == max(sizes)]
    extrapolation = {
        axis.name: tuple(
            LevelPoint(level, **_cell(at_levels, _at(axis.name, level)))
            for level in (axis.test if at_levels else ())
        )
        for axis in axes
        if axis.test
    }
    ordered = {
        axis.name: [p.level for p in extrapolation[axis.name] if not isinstance(p.level, str)]
        for axis in axes
        if axis.test and axis.ordered
    }
    means = {
        (axis, p.level): p.exact_match.mean
        for axis, points in extrapolation.items()
        for p in points
    }
    statuses = Counter(trial.status for trial in trials)
    return LearnerResult(
        name=str(name),
        label=name.label,
        task_aware=name.task_aware,
        curve=curve,
        n_at_90=n_at_90({point.n: point.exact_match.mean for point in curve}),
        examples_needed=examples_needed(by_seed),
        area=area(by_seed),
        extrapolation=extrapolation,
        horizon={
            axis: horizon({level: means[axis, level] for level in levels})
            for axis, levels in ordered.items()
        },
        horizon_interval={
            axis: horizon_interval({x: _by_seed(at_levels, _at(axis, x)) for x in levels})
            for axis, levels in ordered.items()
        },
        programs=tuple(_program(trial, trial.program) for trial in trials if trial.program),
        answers=tuple(answer for trial in at_levels for answer in trial.answers),
        cost=Spending(**{key: sum(getattr(t.spent, key) for t in trials) for key in _COSTS}),
        stacked=sum(trial.spent.shared_by > 1 for trial in trials),
        prior=next((trial.prior for trial in reversed(trials) if trial.prior), {}),
        trials={status: statuses[status] for status in STATUSES},
        failures=tuple(
            Failure(t.n, t.seed, t.status, t.reason) for t in trials if t.status != "ok"
        ),
    )


_COSTS = tuple(field.name for field in fields(Spending))


def _program(trial: Trial, its: Mapping[str, Any]) -> ProgramResult:
    return convert({**its, "seed": trial.seed, "n": trial.n}, ProgramResult)


def _at(axis: str, level: Level) -> Scoring:
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


def _beyond(learner: LearnerResult) -> dict[int, float]:
    """Return, by seed, the mean exact match over all levels, each axis with equal weight."""
    axes = [
        [point.exact_match.seeds for point in points]
        for points in learner.extrapolation.values()
        if points
    ]
    seeds = min((len(level) for levels in axes for level in levels), default=0)
    return {
        seed: sum(sum(level[seed] for level in levels) / len(levels) for levels in axes) / len(axes)
        for seed in range(seeds)
    }


def _by_seed(trials: Sequence[Trial], scoring: Scoring) -> dict[int, float]:
    scores = {trial.seed: scoring(trial) for trial in trials}
    return {seed: its.exact_match if its else 0.0 for seed, its in scores.items()}


def _point(n: int, trials: Sequence[Trial], noisy: bool) -> CurvePoint:
    """Return one point of the learning curve: accuracy, share of seeds solved, cost per trial.

    A program that is wrong on some of its own examples does not count, unless labels are noisy.
    """
    cell = _cell(trials, lambda trial: trial.inside)
    rights = zip(trials, cell["exact_match"].seeds, strict=True)
    whole = [right if noisy or not trial.wrong_examples else 0.0 for trial, right in rights]
    cost = {key: sum(getattr(t.spent, key) for t in trials) / len(trials) for key in _COSTS}
    return CurvePoint(n, **cell, solve_rate=solve_rate(whole), cost=Spending(**cost))


def _cell(trials: Sequence[Trial], scoring: Scoring) -> dict[str, Any]:
    """Return exact match, token accuracy and first error of one point, over its seeds."""
    scores = [scoring(trial) for trial in trials]
    errors = [s.first_error for s in scores if s is not None and s.first_error is not None]
    return {
        "exact_match": rate([s.exact_match if s else 0.0 for s in scores]),
        "token_accuracy": rate([s.token_accuracy if s else 0.0 for s in scores]),
        "first_error": FirstError(sum(errors) / len(errors)) if errors else None,
    }
