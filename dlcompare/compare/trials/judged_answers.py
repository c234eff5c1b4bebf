"""A few judged answers of a trial, kept for people to read.

The test set alone decides which, so that every learner's answers to the same inputs can be shown
side by side: inputs evenly spaced over the set, from its first to its last. Long texts are
cut to a window around the first difference, so that a record stays small whatever the task.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dlcompare.compare.trials.draws import TestSet
from dlcompare.compare.trials.metrics import first_error, text_of, tokens
from dlcompare.compare.trials.validation import Count
from dlcompare.tasks.problem import ABSTAIN, Unfinished
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Value, conforms

__all__ = ["JudgedAnswer", "chosen", "sample"]

_INSIDE, _A_LEVEL = 8, 4
_LONGEST = 160
_BEFORE = 40  # characters kept before the first difference


@dataclass(frozen=True)
class JudgedAnswer:
    """One answer beside the right one.

    Attributes
    ----------
    axis : str, optional
        The axis of the test set; None inside the training range.
    level : int, float or str, optional
        The level of the test set.
    inputs : str
        The arguments, as in a call.
    expected, given : str
        The right answer and the learner's; ``""`` is no answer. A long one is cut on both sides at
        the same places, each cut marked by an ellipsis; so is the end that an answer does not have.
    right : bool
        Whether it counts as right.
    first_error : int, optional
        Position of the first wrong token, from 0; None if right.
    """

    axis: str | None
    level: int | float | str | None
    inputs: str
    expected: str
    given: str
    right: bool
    first_error: Count | None


def chosen(count: int, wanted: int) -> list[int]:
    """Return positions evenly spaced from the first of `count` to the last.

    Examples
    --------
    >>> chosen(9, 3), chosen(2, 4)
    ([0, 4, 8], [0, 1])
    """
    if count <= wanted:
        return list(range(count))
    return [round(i * (count - 1) / (wanted - 1)) for i in range(wanted)]


def sample(
    task: Task, tested: TestSet, predictions: Sequence[Value | Unfinished]
) -> list[JudgedAnswer]:
    """Judge a few of the predictions for a test set."""
    rows = list(tested.examples.rows())
    wanted = _INSIDE if tested.axis is None else _A_LEVEL
    found = []
    for i in chosen(len(rows), wanted):
        output, prediction = tested.examples.outputs[i], predictions[i]
        typed = conforms(prediction, task.signature.result)
        right = typed and bool(task.right(rows[i], prediction, output))
        given = _given(prediction)
        inputs = ", ".join(f"{name}={value!r}" for name, value in rows[i].items())
        expected, given = _window(repr(output), given, right)
        found.append(
            JudgedAnswer(
                tested.axis,
                tested.level,
                inputs if len(inputs) <= _LONGEST else f"{inputs[:_LONGEST]}…",
                expected,
                given,
                right,
                None if right else _position(task, output, prediction),
            )
        )
    return found


def _given(prediction: Value | Unfinished) -> str:
    if isinstance(prediction, Unfinished):
        return f"{repr(prediction.elements)[:-1]}, …"
    return "" if prediction is ABSTAIN else repr(prediction)


def _position(task: Task, output: Value, prediction: Value | Unfinished) -> int:
    result = task.signature.result
    text = text_of(prediction, result)
    return 0 if text is None else first_error(text, tokens(output, result))


def _window(expected: str, given: str, right: bool) -> tuple[str, str]:
    """Return the same part of both texts, around their first difference."""
    start = 0 if right else max(0, first_error(given, expected) - _BEFORE)
    if max(len(expected), len(given)) <= _LONGEST:
        start = 0
    return _cut(expected, start), _cut(given, start)


def _cut(text: str, start: int) -> str:
    part = text[start : start + _LONGEST]
    before, after = "…" if start else "", "…" if start + _LONGEST < len(text) else ""
    return f"{before}{part}{after}"
