"""Several tasks in one table: the examples that learners need, and how far each holds."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dlcompare.compare.report.formats import NONE, PERCENT, join, needed, reach, share
from dlcompare.compare.report.headline import name_in_prose, proof_in_brief
from dlcompare.compare.report.shown_program import shown_program
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import Summary, TaskResult

__all__ = ["Glance", "GlanceRow", "glance", "holds_everywhere", "overall"]


@dataclass(frozen=True)
class GlanceRow:
    """The row of one task.

    Attributes
    ----------
    task : TaskResult
    needs : tuple of (str, bool)
        By contender: the examples needed, and whether no other needs fewer.
    reaches : tuple of (tuple of (str, str, bool))
        By contender: each axis, how far it holds, and whether to the last level.
    program : (str, bool)
        What is known of the program found, and whether it is proved right.
    """

    task: TaskResult
    needs: tuple[tuple[str, bool], ...]
    reaches: tuple[tuple[tuple[str, str, bool], ...], ...]
    program: tuple[str, bool]


@dataclass(frozen=True)
class Glance:
    """The table: its contenders and its rows."""

    learners: tuple[LearnerResult, ...]
    rows: tuple[GlanceRow, ...]


def glance(result: Summary) -> Glance:
    """Return the table of a run."""
    seen: dict[str, LearnerResult] = {}
    for task in result.tasks:
        for learner in task.contenders:
            seen.setdefault(learner.name, learner)
    rows = []
    for task in result.tasks:
        by_name = {learner.name: learner for learner in task.learners}
        learners = [by_name.get(name) for name in seen]
        fewest = _fewest(task)
        needs = [
            (needed(x), x.n_at_90 is not None and x.n_at_90 == fewest) if x else ("", False)
            for x in learners
        ]
        reaches = [_reaches(task, x) if x else () for x in learners]
        rows.append(GlanceRow(task, tuple(needs), tuple(reaches), _program(task)))
    return Glance(tuple(seen.values()), tuple(rows))


def overall(result: Summary) -> list[str]:
    """Sum up a run: how often each learner needs the fewest examples, and how often it holds."""
    tasks = [task for task in result.tasks if any(x.curve for x in task.contenders)]
    if not tasks:
        return ["Nothing has been measured yet."]
    table = glance(result)
    return [_fewest_sentence(tasks), *_reach_sentence(table)]


def holds_everywhere(task: TaskResult, learner: LearnerResult) -> bool:
    """True if the learner was tested on an axis and is right to the last level of every one."""
    reaches = _reaches(task, learner)
    return bool(reaches) and all(whole for _, _, whole in reaches)


def _program(task: TaskResult) -> tuple[str, bool]:
    """Return what is known of the program of the first contender that found one."""
    for learner in task.contenders:
        program = shown_program(learner)
        if program is not None:
            known = proof_in_brief(program)
            right = f"{share(learner.inside.exact_match.mean)} right" if learner.inside else ""
            told = "; ".join(filter(None, (program.exceptions, known)))
            return told or right, program.is_proved
    return NONE, False


def _fewest(task: TaskResult) -> int | None:
    return min((x.n_at_90 for x in task.contenders if x.n_at_90 is not None), default=None)


def _fewest_sentence(tasks: Sequence[TaskResult]) -> str:
    wins: Counter[str] = Counter()
    names = {x.name: name_in_prose(x) for task in tasks for x in task.contenders}
    tied: Counter[tuple[str, ...]] = Counter()
    nobody = 0
    for task in tasks:
        fewest = _fewest(task)
        first = [x.name for x in task.contenders if x.n_at_90 is not None and x.n_at_90 == fewest]
        if not first:
            nobody += 1
        elif len(first) > 1:
            tied[tuple(first)] += 1
        else:
            wins[first[0]] += 1
    parts = [f"{names[name]} on {count}" for name, count in wins.most_common()]
    ties = tied.total()
    if len(tied) == 1:
        (same,) = tied
        parts.append(f"{join([names[name] for name in same])} equally few on {ties}")
    elif ties:
        parts.append(f"several equally few on {ties}")
    if nobody:
        parts.append(f"nobody gets there on {nobody}")
    start = f"Of {len(tasks)} tasks, who needs the fewest examples to get 90{PERCENT} right"
    if len(wins) == 1 and not ties:
        (name,) = wins
        held = "every one" if wins[name] == len(tasks) else f"{wins[name]}"
        rest = f"; nobody gets there on {nobody}" if nobody else ""
        sentence = f"{names[name]} needs the fewest examples to get 90{PERCENT} right on {held}"
        return f"{sentence[0].upper()}{sentence[1:]} of {len(tasks)} tasks{rest}."
    return f"{start}: {join(parts)}."


def _reach_sentence(table: Glance) -> list[str]:
    parts = []
    for i, learner in enumerate(table.learners):
        axes = [reached for row in table.rows for reached in row.reaches[i]]
        if axes:
            held = sum(whole for _, _, whole in axes)
            parts.append(f"{name_in_prose(learner)} on {held} of {len(axes)} axes")
    return [f"Right up to the last level tested: {join(parts)}."] if parts else []


def _reaches(task: TaskResult, learner: LearnerResult) -> tuple[tuple[str, str, bool], ...]:
    found = []
    for axis in task.axes:
        points = learner.extrapolation.get(axis.name)
        if points and axis.ordered:
            whole = learner.horizon.get(axis.name) == points[-1].level
            found.append((axis.name, reach(learner, axis, short=True), whole))
        elif points:
            whole = min(point.exact_match.mean for point in points) >= GOOD
            found.append((axis.name, reach(learner, axis, short=True), whole))
    return tuple(found)
