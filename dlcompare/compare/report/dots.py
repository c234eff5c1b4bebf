"""The points of a chart, whatever they stand at: numbers of examples, levels, seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from dlcompare.compare.statistics.estimates import Rate
from dlcompare.compare.summary.learner_result import CurvePoint, LearnerResult, Level, LevelPoint

__all__ = ["Dot", "Line", "curve_dots", "level_dots"]


@dataclass(frozen=True)
class Dot:
    """Exact match at a place on the x axis of a chart.

    Attributes
    ----------
    at : int, float or str
    right : Rate
    seconds : float, optional
        Mean wall-clock seconds of a trial.
    """

    at: Level
    right: Rate
    seconds: float | None = None


Line = tuple[LearnerResult, Sequence[Dot]]
"""A learner with its points, from left to right."""


def curve_dots(points: Sequence[CurvePoint]) -> tuple[Dot, ...]:
    """Return the points of a learning curve."""
    return tuple(Dot(point.n, point.exact_match, point.cost.wall_seconds) for point in points)


def level_dots(points: Sequence[LevelPoint]) -> tuple[Dot, ...]:
    """Return the points along an axis."""
    return tuple(Dot(point.level, point.exact_match) for point in points)
