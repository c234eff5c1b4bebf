"""One card for each contender: the examples it needs, and how far it holds along each axis."""

from dataclasses import dataclass

from dlcompare.compare.learners.learner_table import side
from dlcompare.compare.report.dots import level_dots
from dlcompare.compare.report.formats import level, share, trained_on
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import AxisResult, TaskResult

__all__ = ["Card", "Reach", "cards"]


_KINDS = {"synthesis": "searches for a program", "networks": "a neural network"}


@dataclass(frozen=True)
class Reach:
    """The reach of a learner along one axis.

    Attributes
    ----------
    axis : str
    trained : str
        The training range along the axis; empty if it has none of its own.
    held : {"all", "some", "none"}
        The levels, counted from the first, at which it is right.
    text : str
        The same in words, with the number.
    """

    axis: str
    trained: str
    held: str
    text: str


@dataclass(frozen=True)
class Card:
    """The examples that a contender needs, and its reach along each axis.

    Attributes
    ----------
    learner : LearnerResult
    kind : str
        A description for newcomers; empty if only its name is known.
    needs, unit, note : str
        The examples needed, the unit of that number, and the goal.
    reaches : tuple of Reach
    """

    learner: LearnerResult
    kind: str
    needs: str
    unit: str
    note: str
    reaches: tuple[Reach, ...]


def cards(task: TaskResult) -> list[Card]:
    """Return a card for each contender that was measured."""
    return [_card(task, learner) for learner in task.contenders if learner.curve]


def _card(task: TaskResult, learner: LearnerResult) -> Card:
    reaches = tuple(
        _reach(learner, axis) for axis in task.axes if learner.extrapolation.get(axis.name)
    )
    kind = _KINDS.get(side(learner.name), "")
    goal = "to get 90\N{NO-BREAK SPACE}% of new inputs right"
    needs = learner.n_at_90
    if needs is None:
        best = max(learner.curve, key=lambda point: point.exact_match.mean)
        note = f"{goal}; at best {share(best.exact_match.mean)}, with {level(best.n)}"
        return Card(learner, kind, f"> {level(learner.curve[-1].n)}", "examples", note, reaches)
    unit = "example" if needs == 1 else "examples"
    if len(learner.curve) == 1:
        goal += ", the only number tried"
    elif learner.fewest_tried:
        unit += " or fewer"
    return Card(learner, kind, level(needs), unit, goal, reaches)


def _reach(learner: LearnerResult, axis: AxisResult) -> Reach:
    points = level_dots(learner.extrapolation[axis.name])
    if not axis.ordered:
        worst = min(points, key=lambda point: point.right.mean)
        held = sum(point.right.mean >= GOOD for point in points)
        state = "all" if held == len(points) else "some" if held else "none"
        text = f"{share(worst.right.mean)} at worst ({level(worst.at)})"
        return Reach(axis.name, trained_on(axis), state, text)
    first, last = points[0], points[-1]
    horizon = learner.horizon.get(axis.name)
    if horizon is None:
        text = f"{share(first.right.mean)} right at {level(first.at)}"
        return Reach(axis.name, trained_on(axis), "none", text)
    if horizon == last.at:
        return Reach(axis.name, trained_on(axis), "all", f"right up to {level(last.at)}")
    beyond = next(point for point in points if float(point.at) > horizon)
    text = f"right up to {level(horizon)}, {share(beyond.right.mean)} at {level(beyond.at)}"
    return Reach(axis.name, trained_on(axis), "some", text)
