"""Charts of a task: the learning curve, and exact match along each axis beyond training.

This module decides the points and their scale; `drawing` draws them. Every chart is
rendered to SVG here, so that a page needs no script to show it; its Vega-Lite specification goes
along for pages that have one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dlcompare.compare.report.dots import Dot, Line, curve_dots, level_dots
from dlcompare.compare.report.drawing import Plot, specification, svg
from dlcompare.compare.report.formats import level, trained_on
from dlcompare.compare.report.styles import Style
from dlcompare.compare.summary.learner_result import LearnerResult, Level
from dlcompare.compare.summary.summary import AxisResult, TaskResult

__all__ = ["Chart", "compute_chart", "extrapolation_chart", "learning_chart"]

_DECADE_AND_MORE = 20  # levels that span more than this factor get a logarithmic scale


@dataclass(frozen=True)
class Chart:
    """A chart as a page needs it: the picture, its specification, its numbers.

    Attributes
    ----------
    svg : str
        The picture, without any reference to another file.
    spec : str
        The Vega-Lite specification as JSON.
    columns : tuple of str
        The x values, as words.
    rows : tuple of (LearnerResult, tuple of (Dot or None))
        One row for each learner, one point for each column.
    """

    svg: str
    spec: str
    columns: tuple[str, ...]
    rows: tuple[tuple[LearnerResult, tuple[Dot | None, ...]], ...]


def learning_chart(task: TaskResult, styles: Mapping[str, Style]) -> Chart | None:
    """Exact match inside the training range against the number of examples.

    Parameters
    ----------
    task : TaskResult
        The task.
    styles : mapping of str to Style
        By learner name.

    Returns
    -------
    Chart or None
        None where nothing was measured yet.
    """
    lines = [(x, curve_dots(x.curve)) for x in task.learners if x.curve]
    if not lines:
        return None
    ns = _numbers(lines)
    scale = _scale(ns, logarithmic=len(ns) > 1)
    return _chart(lines, styles, scale, ns, "number of examples (n)", None)


def extrapolation_chart(
    task: TaskResult, axis: AxisResult, styles: Mapping[str, Style]
) -> Chart | None:
    """Exact match at each level of an axis; the first point is the value inside.

    Parameters
    ----------
    task : TaskResult
        The task.
    axis : AxisResult
        One of its axes.
    styles : mapping of str to Style
        By learner name.

    Returns
    -------
    Chart or None
        None where nothing was measured along this axis.
    """
    lines = []
    beyond = {x.name: level_dots(x.extrapolation.get(axis.name, ())) for x in task.learners}
    levels = _numbers([(x, beyond[x.name]) for x in task.learners])
    ordered = axis.ordered and bool(levels)
    start: Level = _start(axis, levels) if ordered else "inside"
    for learner in task.learners:
        points = beyond[learner.name]
        if points and learner.inside:
            points = (Dot(start, learner.inside.exact_match), *points)
        if points:
            lines.append((learner, points))
    if not lines:
        return None
    trained = trained_on(axis)
    title = f"{axis.name} (trained on {trained})" if trained else axis.name
    if not ordered:
        names = list(dict.fromkeys(level(p.at) for _, points in lines for p in points))
        return _chart(lines, styles, None, names, title, None)
    wide = levels[-1] >= _DECADE_AND_MORE * max(float(start), 1e-9)
    xs = [float(start), *levels]
    return _chart(lines, styles, _scale(xs, logarithmic=wide), xs, title, float(start))


def compute_chart(task: TaskResult, styles: Mapping[str, Style]) -> Chart | None:
    """Exact match inside the training range against the seconds that a trial took.

    There is one point for each number of examples; the more a trial costs, the further right it is.

    Parameters
    ----------
    task : TaskResult
        The task.
    styles : mapping of str to Style
        By learner name.

    Returns
    -------
    Chart or None
        None where no cost was measured. Its rows are those of the learning curve.
    """
    lines = []
    for learner in task.contenders:
        points = [replace(p, at=p.seconds) for p in curve_dots(learner.curve) if p.seconds]
        if points:
            lines.append((learner, sorted(points, key=lambda p: float(p.at))))
    if not lines:
        return None
    xs = _numbers(lines)
    low, high = (math.log10(x) for x in (xs[0], xs[-1]))
    ticks = [10.0**power for power in range(math.ceil(low), math.floor(high) + 1)]
    if len(ticks) < 2:
        ticks = [float(f"{x:.1g}") for x in (xs[0], xs[-1])]
    ns = sorted({point.n for learner, _ in lines for point in learner.curve})
    rows = [
        (learner, tuple({p.at: p for p in curve_dots(learner.curve)}.get(n) for n in ns))
        for learner, _ in lines
    ]
    plot = Plot(
        tuple(lines), styles, _scale(xs, logarithmic=True), tuple(ticks),
        "seconds per trial (wall clock)", None,
    )  # fmt: skip
    spec = specification(plot)
    return Chart(svg(spec), spec, tuple(level(n) for n in ns), tuple(rows))


def _start(axis: AxisResult, levels: Sequence[float]) -> float:
    """Return where the inside value stands: at the end of training, left of all levels."""
    trained = [float(value) for value in axis.train if not isinstance(value, str)]
    if trained and 0 < max(trained) < levels[0]:
        return max(trained)
    if len(levels) > 1 and levels[0] > 0 and levels[-1] / levels[0] >= _DECADE_AND_MORE:
        return levels[0] ** 2 / levels[1]
    step = levels[1] - levels[0] if len(levels) > 1 else abs(levels[0]) / 2 or 1.0
    return levels[0] - step


def _numbers(lines: Sequence[Line]) -> list[float]:
    found = {float(p.at) for _, points in lines for p in points if not isinstance(p.at, str)}
    return sorted(found)


def _scale(xs: Sequence[float], *, logarithmic: bool) -> dict[str, Any]:
    """The x scale, with a little air on both sides."""
    low, high = min(xs), max(xs)
    if logarithmic and low > 0:
        air = max((high / low) ** 0.04, 1.05)
        return {"type": "log", "domain": [low / air, high * air], "nice": False}
    air = (high - low or abs(high) or 1.0) * 0.04
    return {"type": "linear", "domain": [low - air, high + air], "nice": False, "zero": False}


def _chart(
    lines: Sequence[Line],
    styles: Mapping[str, Style],
    scale: dict[str, Any] | None,
    xs: Sequence[float] | Sequence[str],
    title: str,
    start: float | None,
) -> Chart:
    columns = [level(x) for x in xs]
    rows = []
    for learner, points in lines:
        at = {
            level(float(p.at) if scale and not isinstance(p.at, str) else p.at): p for p in points
        }
        rows.append((learner, tuple(at.get(column) for column in columns)))
    if start is not None:
        columns[0] = "inside"
    spec = specification(Plot(tuple(lines), styles, scale, tuple(xs), title, start))
    return Chart(svg(spec), spec, tuple(columns), tuple(rows))
