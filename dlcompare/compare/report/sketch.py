"""A learning curve or an extrapolation curve as a small picture, for a page with many of them.

Drawn here in a few hundred bytes each: a charting library takes a tenth of a second and ten
kilobytes for each chart, too much for a hundred tasks.
"""

from collections.abc import Mapping, Sequence
from html import escape

from dlcompare.compare.report.dots import Dot, Line, curve_dots, level_dots
from dlcompare.compare.report.formats import level, share
from dlcompare.compare.report.styles import MUTED, RULE, Style
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner_result import Level
from dlcompare.compare.summary.summary import AxisResult, TaskResult

__all__ = ["extrapolation_sketch", "learning_sketch"]

_WIDTH, _HEIGHT, _EDGE = 120, 48, 3


def learning_sketch(task: TaskResult, styles: Mapping[str, Style]) -> str:
    """Draw exact match inside the training range by number of examples, as SVG; empty without any.

    Parameters
    ----------
    task : TaskResult
    styles : mapping of str to Style
        By learner name.
    """
    lines = [(x, curve_dots(x.curve)) for x in task.contenders if x.curve]
    return _sketch(lines, styles, "examples")


def extrapolation_sketch(task: TaskResult, axis: AxisResult, styles: Mapping[str, Style]) -> str:
    """Draw exact match inside and at each level of an axis, as SVG; empty without any."""
    lines = []
    for learner in task.contenders:
        points = level_dots(learner.extrapolation.get(axis.name, ()))
        if points and learner.inside:
            lines.append((learner, (Dot("inside", learner.inside.exact_match), *points)))
    return _sketch(lines, styles, axis.name)


def _sketch(lines: Sequence[Line], styles: Mapping[str, Style], what: str) -> str:
    places: list[Level] = []
    for _, points in lines:
        places += [point.at for point in points if point.at not in places]
    if not places:
        return ""
    if not any(isinstance(place, str) for place in places):
        places.sort(key=float)
    step = (_WIDTH - 2 * _EDGE) / max(1, len(places) - 1)
    drawn = []
    for learner, points in reversed(lines):  # the first learner lies on top
        style = styles[learner.name]
        dots = [(_EDGE + step * places.index(p.at), _y(p.right.mean)) for p in points]
        if len(dots) == 1:
            ((x, y),) = dots
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{style.colour}"/>')
            continue
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in dots)
        dash = f' stroke-dasharray="{" ".join(map(str, style.dash))}"' if style.dash else ""
        drawn.append(
            f'<path d="M{path}" fill="none" stroke="{style.colour}" stroke-width="1.6"{dash}/>'
        )
    ends = ", ".join(f"{x.label} {share(points[-1].right.mean)}" for x, points in lines)
    words = f"{what} {level(places[0])} to {level(places[-1])}: at the end {ends}"
    grid = "".join(
        f'<path d="M0 {_y(at):.1f}H{_WIDTH}" stroke="{colour}" stroke-width=".7"/>'
        for at, colour in ((0, RULE), (1, RULE), (GOOD, MUTED))
    )
    return (
        f'<svg class="sketch" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(words)}">{grid}{"".join(drawn)}</svg>'
    )


def _y(value: float) -> float:
    return _EDGE + (1 - value) * (_HEIGHT - 2 * _EDGE)
