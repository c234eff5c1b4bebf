"""The evidence of a run that rules share: its networks, and what each needs and reaches.

The best network speaks for all of them, the task-aware one included.
"""

import math
from collections.abc import Callable, Sequence

from dlcompare.compare.claims.essay_claim import Judgement
from dlcompare.compare.learners.learner_table import LEARNERS
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import (
    MIXED,
    NOT_MEASURED,
    REFUTED,
    SUPPORTED,
    Summary,
    TaskResult,
    VerdictKind,
)

__all__ = [
    "TOO_SMALL",
    "Networks",
    "Vote",
    "figure",
    "holds_to_the_end",
    "inside",
    "lost_at_once",
    "measured_range",
    "needs",
    "needs_in_words",
    "networks",
    "over_tasks",
    "reach_in_words",
    "synthesis",
]

_FEWEST_SEEDS, _LARGEST_N = 3, 1024

TOO_SMALL = (
    f"it takes at least {_FEWEST_SEEDS} seeds and a network with {_LARGEST_N:,} examples or more"
)

Networks = Sequence[LearnerResult]
"""The networks of a task, one at least."""

Vote = tuple[int, str]
"""The vote of a task: 1 for a claim, -1 against it, 0 for neither; and its figures."""


def networks(summary: Summary, task: TaskResult) -> list[LearnerResult]:
    """Return the networks of a task that were measured thoroughly enough."""
    if len(summary.run.seeds) < _FEWEST_SEEDS:
        return []
    return [
        its
        for its in task.learners
        if (entry := LEARNERS.get(its.family)) is not None
        and entry.uses_device
        and its.inside
        and its.inside.n >= _LARGEST_N
    ]


def synthesis(task: TaskResult) -> LearnerResult | None:
    """Return the synthesizer in its standard configuration, if it took part."""
    return next((its for its in task.learners if its.name == "synthesis"), None)


def over_tasks(
    summary: Summary, vote: Callable[[TaskResult, Networks], Vote | None], reason: str
) -> Judgement:
    """Combine the votes of tasks into a judgement.

    *Supported* if some tasks vote for the claim and none against it, *refuted* if some vote against
    it and none for it, else *mixed*.

    Parameters
    ----------
    summary : Summary
    vote : callable
        The vote of a task with networks; None if it measures nothing.
    reason : str
        The reason if no task votes.
    """
    votes, figures, measured = [], [], []
    for task in summary.tasks:
        its = networks(summary, task)
        cast = vote(task, its) if its else None
        if cast is not None:
            votes.append(cast[0])
            figures.append(f"{task.name}: {cast[1]}")
            measured += its
    if not votes:
        return Judgement(NOT_MEASURED, reason)
    verdict: VerdictKind = MIXED
    if min(votes) >= 0 and max(votes) > 0:
        verdict = SUPPORTED
    elif max(votes) <= 0 and min(votes) < 0:
        verdict = REFUTED
    return Judgement(verdict, measured_range(summary, measured), tuple(figures))


def inside(learner: LearnerResult) -> float:
    """Return exact match inside the training range, at the most examples."""
    return learner.curve[-1].exact_match.mean


def needs(learner: LearnerResult) -> float:
    """Return the examples needed for 90 %; infinite if it was not reached."""
    return math.inf if learner.n_at_90 is None else learner.n_at_90


def needs_in_words(learners: Networks) -> str:
    """Return the examples that the best of some learners needs: ``more than 1,024``."""
    fewest = min(map(needs, learners))
    if math.isfinite(fewest):
        return f"{fewest:,.0f}"
    return f"more than {max(its.curve[-1].n for its in learners):,}"


def holds_to_the_end(learner: LearnerResult) -> bool:
    """Return whether 90 % holds to the last level of every ordered axis."""
    reached = learner.horizon
    return bool(reached) and all(far == _last(learner, axis) for axis, far in reached.items())


def lost_at_once(learner: LearnerResult) -> int:
    """Count the ordered axes on which 90 % is lost at the first level."""
    return sum(far is None for far in learner.horizon.values())


def reach_in_words(learner: LearnerResult) -> str:
    """Return how far 90 % holds along each ordered axis: ``, holds to length 16 of 512``."""
    parts = [
        f"{axis} {'nowhere' if far is None else f'{far:,.9g}'} of {_last(learner, axis):,.9g}"
        for axis, far in learner.horizon.items()
    ]
    return f", holds to {', '.join(parts)}" if parts else ""


def figure(learner: LearnerResult) -> str:
    """Return exact match inside the training range and how far it holds, in words."""
    return f"{learner.name}: {inside(learner):.0%} inside{reach_in_words(learner)}"


def measured_range(summary: Summary, learners: Networks) -> str:
    """Return the range that the networks measured, and the budgets of the run, in words."""
    pairs = max(its.curve[-1].n for its in learners)
    sizes = [its.prior.get("parameters") for its in learners]
    largest = max((size for size in sizes if isinstance(size, int | float)), default=None)
    parameters = "" if largest is None else f", {largest:,.0f} parameters"
    budget = "".join(
        f", {summary.run.settings[name]:,} {unit}"
        for name, unit in (("gradient_steps", "updates"), ("candidates", "candidates"))
        if isinstance(summary.run.settings.get(name), int)
    )
    return f"in the range measured (up to {pairs:,} pairs{parameters}{budget})"


def _last(learner: LearnerResult, axis: str) -> float:
    return float(learner.extrapolation[axis][-1].level)
