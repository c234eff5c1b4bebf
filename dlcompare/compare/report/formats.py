"""Format numbers for people, never rounded across a threshold."""

import math
from collections.abc import Mapping, Sequence

from dlcompare.compare.statistics.estimates import Rate
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner_result import LearnerResult, Level
from dlcompare.compare.summary.summary import AxisResult

__all__ = [
    "NONE",
    "PERCENT",
    "amount",
    "beyond",
    "duration",
    "interval",
    "join",
    "level",
    "needed",
    "reach",
    "setting",
    "share",
    "trained_on",
]

NONE = "–"
"""Shown where nothing was measured."""

PERCENT = "\N{NO-BREAK SPACE}%"
"""The unit, with a space that never breaks."""


def share(value: float | None) -> str:
    """Format a share as a percentage; 100 only for all, 0 only for none, 90 only from 0.9 on.

    Examples
    --------
    >>> print(*[share(value) for value in (1.0, 0.9996, 0.974, 0.8996, 0.002, 0.0, None)])
    100 % >99 % 97 % 89.9 % <1 % 0 % –
    """
    if value is None:
        return NONE
    percent = round(value * 100)
    if percent == 100 and value < 1:
        return f">99{PERCENT}"
    if percent == 0 and value > 0:
        return f"<1{PERCENT}"
    if percent >= GOOD * 100 and value < GOOD:
        return f"{math.floor(value * 1000) / 10:.1f}{PERCENT}"
    return f"{percent}{PERCENT}"


def interval(its: Rate) -> str:
    """Format the interval of a share, without the unit; empty if it has no width.

    Examples
    --------
    >>> interval(Rate(0.98, 0.961, 1.0, ()))
    '96–100'
    """
    if its.low is None or its.high is None or its.low == its.high:
        return ""
    low, high = (share(value).removesuffix(PERCENT) for value in (its.low, its.high))
    return f"{low}–{high}"


def level(value: Level, *, short: bool = False) -> str:
    """Format a level of an axis, or a number of examples.

    Parameters
    ----------
    value : int, float or str
        A number, whose thousands are separated, or a name, which is kept.
    short : bool
        Whether to write round thousands and millions as k and M.

    Examples
    --------
    >>> level(1_000_000), level(1_000_000, short=True), level(0.25), level("reversed")
    ('1,000,000', '1M', '0.25', 'reversed')
    """
    if isinstance(value, str):
        return value
    if short and value >= 10_000:
        for size, unit in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
            if value >= size and value * 10 % size == 0:
                return f"{value / size:.4g}{unit}"
    return f"{int(value):,}" if value == int(value) else f"{value:,.4g}"


def amount(value: float | None) -> str:
    """Format a count, in full.

    Examples
    --------
    >>> amount(1234567.0), amount(None)
    ('1,234,567', '–')
    """
    return NONE if value is None else f"{value:,.0f}"


def duration(seconds: float | None) -> str:
    """Format seconds, to the precision that a reader can use.

    Examples
    --------
    >>> [duration(value) for value in (0.04, 3.21, 75, 4000, None)]
    ['0.04 s', '3.2 s', '75 s', '1 h 07 min', '–']
    """
    if seconds is None:
        return NONE
    if seconds < 100:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def needed(learner: LearnerResult) -> str:
    """Format the examples needed for 90 %, with "≤" if fewer were not tried."""
    if learner.n_at_90 is None:
        return "—"
    return f"≤ {learner.n_at_90:,}" if learner.fewest_tried else f"{learner.n_at_90:,}"


def reach(learner: LearnerResult, axis: AxisResult, *, short: bool = False) -> str:
    """Return the horizon of a learner along an axis, in words.

    Without an order there is no horizon; the worst level is given instead.
    """
    points = learner.extrapolation.get(axis.name)
    if not points:
        return NONE
    if not axis.ordered:
        return f"worst {share(min(point.exact_match.mean for point in points))}"
    horizon, last = learner.horizon.get(axis.name), level(points[-1].level, short=short)
    if horizon is None:
        return f"not to {level(points[0].level, short=short)}"
    if horizon == points[-1].level:
        return f"up to {last}"
    return f"{level(horizon, short=short)} of {last}"


def beyond(learner: LearnerResult, axis: AxisResult, *, short: bool = False) -> str:
    """Return exact match at the last level of an axis; without an order, the worst level."""
    points = learner.extrapolation.get(axis.name)
    if not points:
        return ""
    if not axis.ordered:
        return f"at {level(min(points, key=lambda point: point.exact_match.mean).level)}"
    last = points[-1]
    return f"{share(last.exact_match.mean)} at {level(last.level, short=short)}"


def trained_on(axis: AxisResult) -> str:
    """Format the values trained on, as a range if they are numbers.

    Examples
    --------
    >>> trained_on(AxisResult("length", tuple(range(9)), (16,), True))
    '0 to 8'
    """
    if not axis.train:
        return ""
    numbers = [value for value in axis.train if not isinstance(value, str)]
    if len(numbers) < len(axis.train):
        return ", ".join(level(value) for value in axis.train)
    low, high = level(min(numbers)), level(max(numbers))
    return low if low == high else f"{low} to {high}"


def setting(value: object) -> str:
    """Format a setting of the input distribution, such as one that was not tested.

    Examples
    --------
    >>> setting({"length": 0, "magnitude": 1000})
    'length 0, magnitude 1,000'
    """
    if isinstance(value, Mapping):
        parts = {name: level(x) if isinstance(x, int | float) else x for name, x in value.items()}
        return ", ".join(f"{name} {part}" for name, part in parts.items())
    return str(value)


def join(parts: Sequence[str], last: str = "and") -> str:
    """Join words as a list in prose.

    Examples
    --------
    >>> join(["a"]), join(["a", "b"]), join(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
