"""Styles of learners in charts: the same in every chart, and distinct without colour.

Colour, dash and shape each tell the contenders apart, so that a greyscale print or a colour-blind
reader loses nothing. Baselines share one grey and stay in the background.
"""

from dataclasses import dataclass

from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import Summary

__all__ = [
    "BASELINE_COLOUR",
    "CONTENDER_COLOURS",
    "MUTED",
    "RULE",
    "SHADE",
    "Style",
    "key",
    "styles",
]

CONTENDER_COLOURS = ("#0b5c9e", "#c24a00", "#8e3b8a", "#00796b", "#7a6200", "#b0184f")
"""Dark colours for a light page; the style sheet gives each a lighter twin for a dark one."""

BASELINE_COLOUR = "#8a8f98"

MUTED, RULE, SHADE = "#59636e", "#d8dde3", "#eef1f4"
"""Colours of everything that is not a learner: text, grid, background."""

_CONTENDER_MARKS = (
    ((), "circle"),
    ((7, 3), "square"),
    ((2, 2), "triangle-up"),
    ((8, 3, 2, 3), "diamond"),
    ((4, 4), "triangle-down"),
    ((10, 3, 2, 3, 2, 3), "cross"),
)
_BASELINE_MARKS = (
    ((1, 3), "circle"),
    ((1, 3), "square"),
    ((1, 3), "triangle-up"),
    ((1, 3), "diamond"),
)


@dataclass(frozen=True)
class Style:
    """Colour, dash, shape and weight of one learner's line."""

    colour: str
    dash: tuple[int, ...]
    shape: str
    width: float


def styles(result: Summary) -> dict[str, Style]:
    """Return a style for every learner of the run, by name.

    Parameters
    ----------
    result : Summary
        The run; learners are styled in the order of their first appearance, synthesis first.

    Returns
    -------
    dict of str to Style
    """
    seen: dict[str, LearnerResult] = {}
    for task in result.tasks:
        for learner in task.learners:
            seen.setdefault(learner.name, learner)
    ordered = sorted(seen.values(), key=lambda x: (x.is_baseline, x.family != "synthesis"))
    contenders = [learner for learner in ordered if not learner.is_baseline]
    chosen: dict[str, Style] = {}
    for i, learner in enumerate(contenders):
        dash, shape = _CONTENDER_MARKS[i % len(_CONTENDER_MARKS)]
        colour = CONTENDER_COLOURS[i % len(CONTENDER_COLOURS)]
        chosen[learner.name] = Style(colour, dash, shape, 2.2)
    for i, learner in enumerate(ordered[len(contenders) :]):
        dash, shape = _BASELINE_MARKS[i % len(_BASELINE_MARKS)]
        chosen[learner.name] = Style(BASELINE_COLOUR, dash, shape, 1.2)
    return chosen


def key(style: Style) -> str:
    """Return a short piece of the learner's line as SVG, to show beside its name."""
    dash = " ".join(map(str, style.dash)) or "none"
    return (
        '<svg class="key" viewBox="0 0 34 11" aria-hidden="true">'
        f'<path d="M0 5.5H34" stroke="{style.colour}" stroke-width="{style.width}" '
        f'stroke-dasharray="{dash}"/><path d="{_PATHS[style.shape]}" fill="{style.colour}"/></svg>'
    )


_PATHS = {
    "circle": "M13 5.5a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "square": "M13.5 2h7v7h-7z",
    "triangle-up": "M17 1l4.5 8h-9z",
    "triangle-down": "M17 10l4.5 -8h-9z",
    "diamond": "M17 .5l4 5l-4 5l-4 -5z",
    "cross": "M15.5 1h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
}
