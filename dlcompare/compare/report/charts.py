"""Charts of a task: the learning curve, and exact match along each axis beyond the training range.

A chart is a Vega-Lite specification, made with altair and rendered here to SVG, so that a page needs
no script to show it; the specification goes along for pages that have one. Lines carry their names
at their right end, so that no legend needs to be looked up.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from textwrap import wrap
from typing import Any

from dlcompare.compare.report.formats import interval, level, share, trained_on
from dlcompare.compare.report.results import AxisResult, LearnerResult, Level, Point, TaskResult
from dlcompare.compare.report.styles import Style

__all__ = ["Chart", "extrapolation_chart", "learning_chart"]

WIDTH, HEIGHT = 300, 190

INK, MUTED, RULE, SHADE = "#1f2328", "#59636e", "#d8dde3", "#eef1f4"
"""Colours of everything that is no learner; the style sheet replaces them on a dark page."""

_LABEL_GAP = 14 / HEIGHT  # between the names at the ends of lines, as a share of the height
_DECADE_AND_MORE = 20  # levels that span more than this factor stand on a logarithmic scale
_LABEL_EXPRESSION = "datum.value >= 10000 ? format(datum.value, '~s') : format(datum.value, ',~r')"


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
    rows : tuple of (LearnerResult, tuple of (Point or None))
        One row a learner, one point a column.
    """

    svg: str
    spec: str
    columns: tuple[str, ...]
    rows: tuple[tuple[LearnerResult, tuple[Point | None, ...]], ...]


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
    lines = [(learner, learner.curve) for learner in task.learners if learner.curve]
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
    levels = _numbers([(x, x.extrapolation.get(axis.name, ())) for x in task.learners])
    ordered = axis.ordered and bool(levels)
    start: Level = _start(axis, levels) if ordered else "inside"
    for learner in task.learners:
        points = learner.extrapolation.get(axis.name, ())
        if points and learner.inside:
            inside = learner.inside
            first = Point(start, inside.mean, inside.low, inside.high, inside.seeds, None, None)
            points = (first, *points)
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


def _start(axis: AxisResult, levels: Sequence[float]) -> float:
    """Where the inside value stands: at the end of the training range, left of every level."""
    trained = [float(value) for value in axis.train if not isinstance(value, str)]
    if trained and 0 < max(trained) < levels[0]:
        return max(trained)
    if len(levels) > 1 and levels[0] > 0 and levels[-1] / levels[0] >= _DECADE_AND_MORE:
        return levels[0] ** 2 / levels[1]
    step = levels[1] - levels[0] if len(levels) > 1 else abs(levels[0]) / 2 or 1.0
    return levels[0] - step


def _numbers(lines: Sequence[tuple[LearnerResult, Sequence[Point]]]) -> list[float]:
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
    lines: Sequence[tuple[LearnerResult, Sequence[Point]]],
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
    spec = json.dumps(_specification(lines, styles, scale, xs, title, start), sort_keys=True)
    return Chart(_svg(spec), spec, tuple(columns), tuple(rows))


def _specification(
    lines: Sequence[tuple[LearnerResult, Sequence[Point]]],
    styles: Mapping[str, Style],
    scale: dict[str, Any] | None,
    xs: Sequence[float] | Sequence[str],
    title: str,
    start: float | None,
) -> dict[str, Any]:
    import altair as alt

    names = [learner.name for learner, _ in lines]
    looks = [styles[learner.name] for learner, _ in lines]
    values = [
        {
            "x": float(point.at) if scale else level(point.at),
            "at": "inside" if point.at == start else level(point.at),
            "y": point.mean,
            "low": point.mean if point.low is None else point.low,
            "high": point.mean if point.high is None else point.high,
            "learner": learner.name,
            "label": learner.label,
            "right": share(point.mean) + (f" ({interval(point)})" if interval(point) else ""),
            "seeds": ", ".join(share(seed) for seed in point.seeds),
        }
        for learner, points in lines
        for point in points
    ]
    ends = _ends([(learner, points[-1].mean) for learner, points in lines])

    hover = alt.selection_point(
        name="hover", fields=["learner"], on="pointerover", clear="pointerout"
    )
    faded = alt.condition(hover, alt.value(1), alt.value(0.15))
    colour = alt.Color(
        "learner:N", scale=alt.Scale(domain=names, range=[x.colour for x in looks]), legend=None
    )
    shape = alt.Shape(
        "learner:N", scale=alt.Scale(domain=names, range=[x.shape for x in looks]), legend=None
    )
    dash = alt.StrokeDash(
        "learner:N",
        scale=alt.Scale(domain=names, range=[list(x.dash) or [1, 0] for x in looks]),
        legend=None,
    )
    width = alt.StrokeWidth(
        "learner:N", scale=alt.Scale(domain=names, range=[x.width for x in looks]), legend=None
    )
    y = alt.Y(
        "y:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(
            values=[0, 0.5, 0.9, 1],
            labelExpr="round(datum.value * 100) + ' %'",
            domain=False,
            ticks=False,
        ),
    )
    if scale:
        x = alt.X(
            "x:Q",
            title=title,
            scale=alt.Scale(**scale),
            axis=alt.Axis(values=list(xs), labelExpr=_label_expression(start), grid=False),
        )
    else:
        x = alt.X(
            "x:N",
            title=title,
            sort=list(xs),
            scale=alt.Scale(paddingInner=0.5, paddingOuter=0.25),
            axis=alt.Axis(labelAngle=0, labelLimit=WIDTH / len(xs) - 4),
        )

    chart = alt.Chart()  # its data are the whole chart's, so that they are written once
    layers = []
    if start is not None and scale:
        shade = alt.Chart(alt.Data(values=[{"from": scale["domain"][0], "to": start}]))
        layers.append(
            shade.mark_rect(color=SHADE).encode(
                x=alt.X("from:Q", scale=alt.Scale(**scale)), x2="to:Q"
            )
        )
    offset = {} if scale else {"xOffset": alt.XOffset("learner:N", sort=names)}
    if scale:
        # Baselines keep their intervals to the tables: six bands on one another show nothing.
        banded = [learner.name for learner, _ in lines if not learner.is_baseline]
        band = chart.transform_filter(alt.FieldOneOfPredicate(field="learner", oneOf=banded))
        band = band.mark_area(fillOpacity=0.13, strokeOpacity=0)
        layers.append(band.encode(x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour))
        line = chart.mark_line()
        layers.append(
            line.encode(x=x, y=y, color=colour, strokeDash=dash, strokeWidth=width, opacity=faded)
        )
    alone = [learner.name for learner, points in lines if not scale or len(points) == 1]
    bars = chart.transform_filter(alt.FieldOneOfPredicate(field="learner", oneOf=alone))
    layers.append(
        bars.mark_rule(strokeWidth=1.2).encode(
            x=x, y=alt.Y("low:Q"), y2="high:Q", color=colour, **offset
        )
    )
    tooltip = [
        alt.Tooltip("label:N", title="learner"),
        alt.Tooltip("at:N", title=title),
        alt.Tooltip("right:N", title="exact match"),
        alt.Tooltip("seeds:N", title="by seed"),
    ]
    points = chart.mark_point(filled=True, size=42, opacity=1)
    layers.append(
        points.encode(
            x=x, y=y, color=colour, shape=shape, opacity=faded, tooltip=tooltip, **offset
        ).add_params(hover)
    )
    labels = alt.Chart(alt.Data(values=ends))
    place = alt.Y("place:Q", scale=alt.Scale(domain=[0, 1]))
    first = alt.Y("first:Q", scale=alt.Scale(domain=[0, 1]))
    signs = labels.mark_point(filled=True, size=42, clip=False)
    layers.append(
        signs.encode(x=alt.value(WIDTH + 14), y=place, color=colour, shape=shape, opacity=faded)
    )
    text = labels.mark_text(
        align="left", baseline="middle", fontSize=11.5, lineBreak="\n", lineHeight=12, clip=False
    )
    layers.append(
        text.encode(x=alt.value(WIDTH + 23), y=first, text="label:N", color=colour, opacity=faded)
    )
    whole = alt.layer(*layers, data=alt.Data(values=values), width=WIDTH, height=HEIGHT)
    specification: dict[str, Any] = whole.configure(**_CONFIGURATION).to_dict()
    return specification


def _label_expression(start: float | None) -> str:
    if start is None:
        return _LABEL_EXPRESSION
    return f"datum.value === {start!r} ? 'inside' : {_LABEL_EXPRESSION}"


def _ends(ends: Sequence[tuple[LearnerResult, float]]) -> list[dict[str, Any]]:
    """Places for the names at the ends of the lines, pushed apart so that none covers another."""
    # Where lines end close together, contenders stand above baselines.
    ordered = sorted(ends, key=lambda end: (round(end[1], 1), not end[0].is_baseline, end[1]))
    texts = [_wrapped(learner.label) for learner, _ in ordered]
    gaps = [
        _LABEL_GAP * (1 + 0.43 * (below.count("\n") + above.count("\n")))
        for below, above in pairwise(texts)
    ]
    places: list[float] = []
    for i, (_, mean) in enumerate(ordered):
        places.append(max(mean, places[-1] + gaps[i - 1]) if places else mean)
    places[-1] = min(places[-1], 1.0)
    for i in reversed(range(len(gaps))):
        places[i] = min(places[i], places[i + 1] - gaps[i])
    return [
        {
            "learner": learner.name,
            "label": text,
            "place": place,
            "first": place + text.count("\n") * _LABEL_GAP * 0.43,
        }
        for (learner, _), text, place in zip(ordered, texts, places, strict=True)
    ]


def _wrapped(label: str) -> str:
    """A label on at most two lines."""
    return "\n".join(wrap(label, 20, max_lines=2, placeholder=" …"))


@lru_cache(maxsize=256)
def _svg(spec: str) -> str:
    """The picture of a specification; kept, because a run's report is drawn again and again."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


_CONFIGURATION: dict[str, Any] = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "autosize": {"type": "none"},  # the same size with and without a script
    "padding": {"left": 46, "right": 150, "top": 10, "bottom": 44},
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "titleFontSize": 12,
        "titleLimit": WIDTH,
        "labelFontSize": 11.5,
        "gridColor": RULE,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelOverlap": "greedy",
        "tickSize": 4,
    },
}
