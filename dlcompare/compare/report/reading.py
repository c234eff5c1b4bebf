"""Read a summary for the report: tolerant of missing parts, safe to print.

A report is drawn while a run goes on and from summaries that others wrote, so every part may be
absent or null. Text comes from task files and error messages; characters that could steer a
terminal or reverse the reading order are replaced here, once, before any renderer sees them.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dlcompare.compare.report.results import (
    AnswerResult,
    AxisResult,
    ComparisonResult,
    ControlResult,
    LearnerResult,
    Level,
    Point,
    ProgramResult,
    RunResult,
    TaskResult,
)
from dlcompare.compare.trials.protocol import clipped

__all__ = ["printable", "read"]

# Control characters except newline and tab, bidirectional overrides, lone surrogates.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read(summary: Mapping[str, Any]) -> RunResult:
    """Read a summary, whole or in part.

    Parameters
    ----------
    summary : mapping
        As ``summary.schema.json`` describes it; any part may be missing or null.

    Returns
    -------
    RunResult
        The result, without text that could steer a terminal and without non-finite numbers.

    Examples
    --------
    >>> read({"tasks": {"so\\x1b[2Jrting": None}}).tasks[0].name
    'so\N{REPLACEMENT CHARACTER}[2Jrting'
    """
    clean = _mapping(_clean(summary))
    tasks = _mapping(clean.get("tasks"))
    across = _mapping(clean.get("across_tasks"))
    settings = _mapping(_mapping(clean.get("run")).get("settings"))
    asked = [n for n in map(_integer, _items(settings.get("train_sizes"))) if n]
    return RunResult(
        run=_mapping(clean.get("run")),
        tasks=tuple(_task(name, _mapping(task), asked) for name, task in tasks.items()),
        comparisons=_comparisons(clean.get("comparisons")),
        across={
            name: {part: _point(None, _mapping(means).get(part)) for part in ("inside", "beyond")}
            for name, means in _mapping(across.get("learners")).items()
        },
        across_comparisons=_comparisons(across.get("comparisons")),
        across_tasks=tuple(map(_text, _items(across.get("tasks")))),
        claims=tuple(_claim(_mapping(claim)) for claim in _items(clean.get("claims"))),
    )


def _task(name: str, task: Mapping[str, Any], asked: Sequence[int]) -> TaskResult:
    available = _integer(task.get("available"))
    learners = [_learner(key, _mapping(v)) for key, v in _mapping(task.get("learners")).items()]
    # A stable sort: the order of the run is kept among contenders and among baselines.
    learners.sort(key=lambda learner: (learner.is_baseline, learner.family != "synthesis"))
    axes = {key: _axis(key, _mapping(value)) for key, value in _mapping(task.get("axes")).items()}
    for learner in learners:
        for key, points in learner.extrapolation.items():
            levels = tuple(point.at for point in points)
            ordered = not any(isinstance(level, str) for level in levels)
            axes.setdefault(key, AxisResult(key, (), levels, ordered))
    return TaskResult(
        name=name,
        description=_text(task.get("description")),
        signature=_text(task.get("signature")),
        axes=tuple(axes.values()),
        untested=_items(task.get("untested")),
        learners=tuple(learners),
        controls=tuple(map(_control, map(_mapping, _items(task.get("controls"))))),
        fewer=clipped(asked, available) if available and available < max(asked, default=0) else (),
    )


def _control(control: Mapping[str, Any]) -> ControlResult:
    level = _levels([control.get("level")])
    return ControlResult(
        label=_text(control.get("label")),
        axis=_text(control.get("axis")),
        level=level[0] if level else "",
        examples=_integer(control.get("examples")) or 0,
        updates=_integer(control.get("updates")) or 0,
        right=_number(control.get("exact_match")) or 0.0,
    )


def _learner(name: str, learner: Mapping[str, Any]) -> LearnerResult:
    label = _text(learner.get("label")) or name
    if label == name:
        label = name.replace("_", " ")
    task_aware = bool(learner.get("task_aware"))
    if task_aware and "task-aware" not in label.lower():
        label = f"{label} (task-aware)"
    trials = {k: _integer(v) or 0 for k, v in _mapping(learner.get("trials")).items()}
    extrapolation = {
        axis: _points(levels, "level")
        for axis, levels in _mapping(learner.get("extrapolation")).items()
    }
    return LearnerResult(
        name=name,
        label=label,
        task_aware=task_aware,
        curve=_points(learner.get("curve"), "n"),
        n_at_90=_integer(learner.get("n_at_90")),
        extrapolation={axis: points for axis, points in extrapolation.items() if points},
        horizon={k: _number(v) for k, v in _mapping(learner.get("horizon")).items()},
        programs=tuple(_program(_mapping(p)) for p in _items(learner.get("programs"))),
        cost={k: _number(v) for k, v in _mapping(learner.get("cost")).items()},
        prior=_mapping(learner.get("prior")),
        trials=trials,
        failures=tuple(_mapping(failure) for failure in _items(learner.get("failures"))),
        needed=_mapping(learner.get("examples_needed")),
        area=_point(None, learner.get("area")),
        horizon_interval={
            k: _mapping(v) for k, v in _mapping(learner.get("horizon_interval")).items()
        },
        answers=tuple(_answer(_mapping(a)) for a in _items(learner.get("answers"))),
        stacked=_integer(learner.get("stacked")) or 0,
    )


def _axis(name: str, axis: Mapping[str, Any]) -> AxisResult:
    test = _levels(axis.get("test"))
    ordered = axis.get("ordered", True) and not any(isinstance(level, str) for level in test)
    return AxisResult(name, _levels(axis.get("train")), test, bool(ordered))


def _points(entries: object, key: str) -> tuple[Point, ...]:
    """Return the measured points of a curve; one without a mean is left out."""
    points = []
    for entry in map(_mapping, _items(entries)):
        at = _levels([entry.get(key)])
        point = _point(at[0], entry.get("exact_match"), entry) if at else None
        if point is not None:
            points.append(point)
    return tuple(points)


def _point(at: Level | None, value: object, entry: Mapping[str, Any] | None = None) -> Point | None:
    rate, beside = _mapping(value), entry or {}
    mean = _number(rate.get("mean"))
    if mean is None:
        return None
    return Point(
        at="" if at is None else at,
        mean=mean,
        low=_number(rate.get("low")),
        high=_number(rate.get("high")),
        seeds=tuple(_number(seed) for seed in _items(rate.get("seeds"))),
        tokens=_number(_mapping(beside.get("token_accuracy")).get("mean")),
        first_error=_number(_mapping(beside.get("first_error")).get("mean")),
        seconds=_number(_mapping(beside.get("cost")).get("wall_seconds")),
        solved={k: _number(v) for k, v in _mapping(beside.get("solve_rate")).items()},
    )


def _answer(answer: Mapping[str, Any]) -> AnswerResult:
    level = _levels([answer.get("level")])
    return AnswerResult(
        axis=_text(answer.get("axis")) or None,
        level=level[0] if level else None,
        inputs=_text(answer.get("inputs")),
        expected=_text(answer.get("expected")),
        given=_text(answer.get("given")),
        right=bool(answer.get("right")),
        first_error=_integer(answer.get("first_error")),
    )


def _claim(claim: Mapping[str, Any]) -> Mapping[str, Any]:
    texts = {key: _text(claim.get(key)) for key in ("id", "claim", "verdict", "range", "contrary")}
    return {**texts, "figures": tuple(map(_text, _items(claim.get("figures"))))}


def _comparisons(entries: object) -> tuple[ComparisonResult, ...]:
    found = []
    for entry in map(_mapping, _items(entries)):
        names, difference = _items(entry.get("learners")), _number(entry.get("difference"))
        if len(names) == 2 and difference is not None:
            found.append(
                ComparisonResult(
                    task=_text(entry.get("task")),
                    learners=(_text(names[0]), _text(names[1])),
                    n=_integer(entry.get("n")),
                    difference=difference,
                    low=_number(entry.get("low")),
                    high=_number(entry.get("high")),
                    p=_number(entry.get("p")),
                    pairs=_integer(entry.get("pairs")) or 0,
                    pairs_needed=_integer(entry.get("pairs_needed")) or 0,
                    verdict=_text(entry.get("verdict")),
                )
            )
    return tuple(found)


def _program(program: Mapping[str, Any]) -> ProgramResult:
    return ProgramResult(
        python=_text(program.get("python")),
        n=_integer(program.get("n")) or 0,
        seed=_integer(program.get("seed")) or 0,
        nodes=_integer(program.get("nodes")),
        proof=_mapping(program.get("proof")),
        wrong=_integer(program.get("wrong")) or 0,
        tried=_mapping(program.get("tried")),
    )


def printable(text: str) -> str:
    """Return text that cannot steer a terminal or reverse the reading order."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {_clean(str(key)): _clean(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


def _levels(value: object) -> tuple[Level, ...]:
    return tuple(level for level in _items(value) if isinstance(level, int | float | str))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _integer(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
