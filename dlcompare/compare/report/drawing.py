"""Drawing of charts as Vega-Lite specifications, made with altair.

Lines carry their names at their right end, so that no legend is needed. The size is
fixed, so that the picture drawn beforehand and the live chart take the same place.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from textwrap import wrap
from typing import Any, cast

from dlcompare.compare.report.dots import Line
from dlcompare.compare.report.formats import interval, level, share
from dlcompare.compare.report.styles import MUTED, RULE, SHADE, Style
from dlcompare.compare.summary.learner_result import LearnerResult

__all__ = ["Plot", "specification", "svg"]

WIDTH, HEIGHT = 300, 190

_LEFT = 48  # room for the labels of the y axis
_LABEL_GAP = 15 / HEIGHT  # between the names at the ends of lines, as a share of the height
_SECOND_LINE = 6.5 / HEIGHT  # how much further up and down a name on two lines reaches
_LABEL_EXPRESSION = "datum.value >= 10000 ? format(datum.value, '~s') : format(datum.value, ',~r')"

# Dispensable attributes: half of a picture's size. Text is outside tags and stays untouched.
_TAG = re.compile(r"<[^>]+>")
_NEEDLESS = re.compile(
    r' (?:class|role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"]*"| opacity="1"'
)
_DECIMALS = re.compile(r"(\.\d{2})\d+")


@dataclass(frozen=True)
class Plot:
    """The content of a chart.

    Attributes
    ----------
    lines : tuple of (LearnerResult, sequence of Dot)
        Every learner with its points, from left to right.
    styles : mapping of str to Style
        By learner name.
    scale : dict, optional
        The x scale; None where x has no order.
    xs : tuple
        Every x value, from left to right.
    title : str
        Title of the x axis.
    start : float, optional
        Where the value inside the training range stands, if it does.
    """

    lines: tuple[Line, ...]
    styles: Mapping[str, Style]
    scale: dict[str, Any] | None
    xs: tuple[Any, ...]
    title: str
    start: float | None


def specification(plot: Plot) -> str:
    """Return the Vega-Lite specification of a chart, as JSON."""
    from altair.utils.schemapi import debug_mode

    # Checking every part against the schema takes longer than all the rest; the tests do it.
    with debug_mode(False):
        whole = _chart(plot).to_dict(validate=False)
    return json.dumps(whole, sort_keys=True, separators=(",", ":"))


def _chart(plot: Plot) -> Any:
    import altair as alt

    channels: Any = alt  # it leaves the types of these classes open
    names = [learner.name for learner, _ in plot.lines]
    looks = [plot.styles[name] for name in names]

    def scale(values: list[Any]) -> alt.Scale:
        return alt.Scale(domain=names, range=values)

    hover = alt.selection_point(
        name="hover", fields=["learner"], on="pointerover", clear="pointerout"
    )
    # Channels are objects throughout: for a text, altair would search its whole schema.
    faded = channels.OpacityValue(0.15, condition={"param": "hover", "value": 1})
    shape = alt.Shape("learner:N", scale=scale([x.shape for x in looks]), legend=None)
    beside = {} if plot.scale else {"xOffset": alt.XOffset("learner:N", sort=names)}
    low, high = alt.Y("low:Q"), alt.Y2("high:Q")
    # The layers take data, x, y and colour from the whole unless they name their own.
    layer = alt.Chart()
    layers = [] if plot.scale is None or plot.start is None else [_ground(plot.scale, plot.start)]
    if plot.scale:
        # The intervals of baselines are in the tables only: six overlapping bands show nothing.
        bands = _only(layer, [x.name for x, _ in plot.lines if not x.is_baseline])
        layers.append(bands.mark_area(fillOpacity=0.13, strokeOpacity=0).encode(y=low, y2=high))
        dash = alt.StrokeDash(
            "learner:N", scale=scale([list(x.dash) or [1, 0] for x in looks]), legend=None
        )
        width = alt.StrokeWidth("learner:O", scale=scale([x.width for x in looks]), legend=None)
        lines = layer.mark_line().encode(strokeDash=dash, strokeWidth=width, opacity=faded)
        layers.append(lines)
    # A band needs two points; a learner measured once has its interval as a bar.
    bars = _only(layer, [x.name for x, points in plot.lines if not plot.scale or len(points) == 1])
    layers.append(bars.mark_rule(strokeWidth=1.2).encode(y=low, y2=high, **beside))
    tooltip = [
        alt.Tooltip("label:N", title="learner"),
        alt.Tooltip("at:N", title=plot.title),
        alt.Tooltip("right:N", title="exact match"),
        alt.Tooltip("seeds:N", title="by seed"),
    ]
    points = layer.mark_point(filled=True).add_params(hover)
    size = alt.Size("size:Q", scale=None)
    layers.append(points.encode(shape=shape, size=size, opacity=faded, tooltip=tooltip, **beside))
    layers += _names(plot, faded)
    colour = alt.Color("learner:N", scale=scale([x.colour for x in looks]), legend=None)
    return alt.LayerChart(
        layer=layers,
        data=alt.InlineData(values=_values(plot)),
        encoding=alt.SharedEncoding(
            x=_x(plot), y=_y(), color=cast("dict[str, Any]", colour.to_dict())
        ),
        width=WIDTH,
        height=HEIGHT,
        config=_CONFIGURATION,
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": _LEFT, "right": 150, "top": 26, "bottom": 46},
    )


@lru_cache(maxsize=256)
def svg(spec: str) -> str:
    """Return the picture of a specification; cached, because reports are drawn again and again."""
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return _TAG.sub(lambda tag: _DECIMALS.sub(r"\1", _NEEDLESS.sub("", tag[0])), drawn)


def _values(plot: Plot) -> list[dict[str, Any]]:
    """Return one row for each point, with its tooltip; contenders come last, to lie on top."""
    return [
        {
            "x": float(point.at) if plot.scale else level(point.at),
            "at": "inside" if point.at == plot.start else level(point.at),
            "y": round(point.right.mean, 4),
            "low": round(point.right.mean if point.right.low is None else point.right.low, 4),
            "high": round(point.right.mean if point.right.high is None else point.right.high, 4),
            "learner": learner.name,
            "label": learner.label,
            "size": _size(learner),
            "right": share(point.right.mean)
            + (f" ({interval(point.right)})" if interval(point.right) else ""),
            "seeds": ", ".join(share(seed) for seed in point.right.seeds),
        }
        for learner, points in reversed(plot.lines)
        for point in points
    ]


def _size(learner: LearnerResult) -> int:
    """Return the area of a learner's points."""
    return 18 if learner.is_baseline else 42


def _x(plot: Plot) -> Any:
    import altair as alt

    if plot.scale is None:
        return alt.X(
            "x:N",
            title=plot.title,
            sort=plot.xs,
            scale=alt.Scale(paddingInner=0.5, paddingOuter=0.25),
            axis=alt.Axis(labelAngle=0, labelLimit=WIDTH / len(plot.xs) - 4),
        )
    expression = _LABEL_EXPRESSION
    align: dict[str, Any] = {}
    if plot.start is not None:
        inside = f"datum.value === {plot.start!r}"
        expression = f"{inside} ? 'inside' : {expression}"
        # To the left of its point: the first level may stand close to its right.
        align = {"labelAlign": {"condition": {"test": inside, "value": "right"}, "value": "center"}}
    axis = alt.Axis(values=plot.xs, labelExpr=expression, grid=False, **align)
    return alt.X("x:Q", title=plot.title, scale=alt.Scale(**plot.scale), axis=axis)


def _y() -> Any:
    import altair as alt

    # The title is horizontal, above the labels: beside them it would have to be read sideways.
    axis = alt.Axis(
        values=[0, 0.5, 0.9, 1],
        labelExpr="round(datum.value * 100) + ' %'",
        domain=False,
        ticks=False,
        titleAngle=0,
        titleAlign="left",
        titleX=-_LEFT,
        titleY=-16,
    )
    return alt.Y(
        "y:Q", title="right answers (exact match)", scale=alt.Scale(domain=[0, 1]), axis=axis
    )


def _ground(scale: dict[str, Any], start: float) -> Any:
    """Shade the training range, up to the value inside."""
    import altair as alt

    channels: Any = alt  # it leaves the types of these classes open
    values = [{"x": scale["domain"][0], "to": start}]
    ground = alt.Chart(alt.InlineData(values=values)).mark_rect()
    return ground.encode(
        x2=alt.X2("to:Q"),
        y=channels.YValue(0),
        y2=channels.Y2Value(HEIGHT),
        color=channels.ColorValue(SHADE),
    )  # fmt: skip


def _only(chart: Any, names: list[str]) -> Any:
    """Return the chart with these learners' points only."""
    import altair as alt

    return chart.transform_filter(alt.FieldOneOfPredicate(field="learner", oneOf=names))


def _names(plot: Plot, faded: Any) -> list[Any]:
    """Draw the learners' signs and names, to the right of the ends of their lines."""
    import altair as alt

    channels: Any = alt  # it leaves the types of these classes open
    ends = _ends([(learner, points[-1].right.mean) for learner, points in plot.lines])
    labels = alt.Chart(alt.InlineData(values=ends))
    signs = labels.mark_point(filled=True).encode(
        x=channels.XValue(WIDTH + 14),
        y=alt.Y("place:Q"),
        shape=alt.Shape("learner:N"),
        size=alt.Size("size:Q", scale=None),
        opacity=faded,
    )
    text = labels.mark_text(
        align="left", baseline="middle", fontSize=12.5, lineBreak="\n", lineHeight=13
    ).encode(
        x=channels.XValue(WIDTH + 23), y=alt.Y("first:Q"), text=alt.Text("label:N"), opacity=faded
    )
    return [signs, text]


def _ends(ends: Sequence[tuple[LearnerResult, float]]) -> list[dict[str, Any]]:
    """Place the names at the ends of the lines, pushed apart so that none covers another."""
    # Where lines end close together, contenders stand above baselines.
    ordered = sorted(ends, key=lambda end: (round(end[1], 1), not end[0].is_baseline, end[1]))
    texts = [
        "\n".join(wrap(learner.label, 20, max_lines=2, placeholder=" …")) for learner, _ in ordered
    ]
    reaches = [text.count("\n") * _SECOND_LINE for text in texts]
    gaps = [_LABEL_GAP + below + above for below, above in pairwise(reaches)]
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
            "size": _size(learner),
            "place": place,
            "first": place + reach,
        }
        for (learner, _), text, place, reach in zip(ordered, texts, places, reaches, strict=True)
    ]


_CONFIGURATION: dict[str, Any] = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "titleFontWeight": "normal",
        "titleFontSize": 12.5,
        "titleLimit": WIDTH,
        "labelFontSize": 12.5,
        "gridColor": RULE,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "labelOverlap": "greedy",
        "tickSize": 4,
    },
}
