"""The certainty of a difference between two learners, as a sentence."""

from collections.abc import Mapping

from msgspec import UNSET

from dlcompare.compare.report.formats import PERCENT, level
from dlcompare.compare.statistics.relations import Comparison
from dlcompare.compare.summary.learner_result import LearnerResult

__all__ = ["certainty", "needed_interval", "reach_interval"]


def certainty(its: Comparison, names: Mapping[str, str]) -> str:
    """Return what a paired comparison shows, and how many pairs it needs.

    Parameters
    ----------
    its : Comparison
        With a difference.
    names : mapping of str to str
        The names of learners in prose.

    Examples
    --------
    >>> from dlcompare.compare.statistics.estimates import Difference
    >>> its = Difference(1.0, 1.0, 1.0, 0.25, 3, 6, "too few pairs")
    >>> print(certainty(Comparison.of(("a", "b"), its, "t", 16), {}))
    With 16 examples, a is right on 100 points more of the new inputs than b; 3 seeds cannot show
    that it is more than chance: p < 0.05 takes at least 6.
    """
    first, second = (names.get(name, name) for name in its.learners)
    difference = its.difference or 0.0
    better, worse = (first, second) if difference >= 0 else (second, first)
    unit = "seed" if its.task else "task"
    pairs = f"{its.pairs} {unit}{'' if its.pairs == 1 else 's'}"
    start = "Over all tasks" if its.n is UNSET else f"With {level(its.n)} examples"
    if its.n == 1:
        start = "With 1 example"
    more = f"{_points(abs(difference))} points more of the new inputs"
    what = f"{better} is right on {more} than {worse}"
    if difference == 0:
        what = f"{first} and {second} are right equally often"
    interval = ""
    if its.low is not None and its.high is not None and its.low != its.high:
        ends = sorted((its.low, its.high) if difference >= 0 else (-its.low, -its.high))
        interval = f" (95{PERCENT} interval {' to '.join(_points(end) for end in ends)})"
    match its.verdict:
        case "too few pairs":
            verdict = (
                f"{pairs} cannot show that it is more than chance: p < 0.05 takes at least "
                f"{its.pairs_needed}"
            )
        case "different":
            verdict = f"chance does not explain it (sign-flip test over {pairs}, {_p(its.p)})"
        case _:
            verdict = f"that may be chance (sign-flip test over {pairs}, {_p(its.p)})"
    if difference == 0:
        verdict = f"over {pairs}"
    return f"{start}, {what}{interval}; {verdict}."


def needed_interval(learner: LearnerResult) -> str:
    """Return the interval of the examples needed; “>” precedes the largest number tried.

    Empty if the interval has no width.
    """
    its = learner.examples_needed
    if not its.interval or its.most_tried is None or its.low == its.high:
        return ""
    return f"{_or_more(its.low, its.most_tried)} to {_or_more(its.high, its.most_tried)}"


def reach_interval(learner: LearnerResult, axis: str) -> str:
    """Return the interval of a horizon; “none” is a horizon before the first level."""
    its = learner.horizon_interval.get(axis)
    if its is None or its.seeds < 2:
        return ""
    ends = ["none" if end is None else level(end) for end in (its.low, its.high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def _or_more(value: int | None, most: int) -> str:
    return f">{level(most)}" if value is None else level(value)


def _points(share: float) -> str:
    """Return a difference in percentage points."""
    return f"{share * 100:.0f}"


def _p(p: float | None) -> str:
    return "" if p is None else f"p = {p:.2g}"
