"""The contenders' answers to the same inputs, the most telling ones first."""

from dataclasses import dataclass

from dlcompare.compare.report.formats import level
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import TaskResult
from dlcompare.compare.trials.judged_answers import JudgedAnswer

__all__ = ["Asked", "parted", "side_by_side"]

_SHOWN = 6


@dataclass(frozen=True)
class Asked:
    """One test input with all answers to it.

    Attributes
    ----------
    where : str
        ``inside`` for the training range, or the level.
    inputs, expected : str
    answers : tuple of (LearnerResult, JudgedAnswer)
    """

    where: str
    inputs: str
    expected: str
    answers: tuple[tuple[LearnerResult, JudgedAnswer], ...]


def side_by_side(task: TaskResult) -> list[Asked]:
    """Choose a few inputs that more than one contender answered, or that the only one did.

    One of each kind comes first (all right, each the only one right, all wrong), then further
    ones from as many test sets as possible. The order is that of the test sets.
    """
    asked: dict[tuple[str, str, str], list[tuple[LearnerResult, JudgedAnswer]]] = {}
    for learner in task.contenders:
        for answer in learner.answers:
            where = f"{answer.axis} {level(answer.level or 0)}" if answer.axis else "inside"
            asked.setdefault((where, answer.inputs, answer.expected), []).append((learner, answer))
    most = max(map(len, asked.values()), default=0)
    every = [Asked(*key, tuple(answers)) for key, answers in asked.items() if len(answers) == most]
    chosen: list[Asked] = []
    for kind in (_kind, lambda each: (_kind(each), each.where), lambda each: each.inputs):
        for each in every:
            # Of each kind, the first that is not the shortest: an empty list shows nothing.
            told = {kind(other) for other in chosen}
            if len(chosen) < _SHOWN and kind(each) not in told and len(each.expected) > 2:
                chosen.append(each)
    return sorted(chosen, key=every.index)


def parted(answer: JudgedAnswer) -> tuple[str, str]:
    """Cut a wrong answer where it departs from the right one; return both parts."""
    pairs = zip(answer.expected, answer.given, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if same is None:
        same = min(len(answer.expected), len(answer.given))
    return answer.given[:same], answer.given[same:]


def _kind(asked: Asked) -> tuple[bool, ...]:
    return tuple(answer.right for _, answer in asked.answers)
