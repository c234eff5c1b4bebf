"""Score a set of predictions. Pure functions.

Exact match is the headline. Token accuracy and the position of the first error come from a text in
which every character is a token: an integer is its sign and digits, a list its elements, separated
by commas, and a closing bracket. The text is the same for every learner, whatever its own tokens.
An answer that has no end becomes the text of its elements, without the closing bracket.
"""

import itertools
import operator
from collections.abc import Sequence
from dataclasses import dataclass

from dlcompare.compare.trials.validation import Amount, Count, Share
from dlcompare.tasks.problem import Examples, Unfinished
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Type, Value, conforms

__all__ = ["Score", "first_error", "score", "text_of", "token_accuracy", "tokens"]


@dataclass(frozen=True)
class Score:
    """The score of the predictions for one test set.

    Attributes
    ----------
    count : int
        Number of test inputs.
    exact_match : float
        Share of right answers.
    token_accuracy : float
        Mean share of tokens that are right.
    first_error : float, optional
        Mean position of the first wrong token, over the wrong answers; None if there are none.
    """

    count: Count
    exact_match: Share
    token_accuracy: Share
    first_error: Amount | None


def tokens(value: Value, type_: Type) -> str:
    """Return a value as text, one character for each token.

    Examples
    --------
    >>> from dlcompare.tasks.types import BOOL, INT, list_of
    >>> tokens([4, -15], list_of(INT)), tokens([[True], []], list_of(list_of(BOOL)))
    ('4,-15]', 'T],]]')
    """
    match type_.name:
        case "bool":
            return "T" if value else "F"
        case "int" | "str":
            return str(value)
        case "list":
            return ",".join(tokens(each, type_.element) for each in value) + "]"
        case _:
            return ",".join(map(tokens, value, type_.parameters)) + ")"


def text_of(prediction: Value | Unfinished, type_: Type) -> str | None:
    """Return a prediction as text, one character for each token; None if it is not of the type.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT, list_of
    >>> text_of([4, 5], list_of(INT)), text_of(Unfinished([4]), list_of(INT)), text_of(4, INT)
    ('4,5]', '4', '4')
    """
    if isinstance(prediction, Unfinished):
        text = text_of(prediction.elements, type_)
        return text and text[:-1]
    return tokens(prediction, type_) if conforms(prediction, type_) else None


def token_accuracy(predicted: str, expected: str) -> float:
    """Return the share of positions that agree, of those of the longer text.

    Examples
    --------
    >>> token_accuracy("4,5]", "4,51]")
    0.6
    """
    longer = max(len(predicted), len(expected))
    return sum(map(operator.eq, predicted, expected)) / longer if longer else 1.0


def first_error(predicted: str, expected: str) -> int:
    """Return the first position, from 0, at which two texts differ; their length if they do not.

    Examples
    --------
    >>> first_error("4,5]", "4,51]")
    3
    """
    pairs = itertools.zip_longest(predicted, expected)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), len(expected))


def score(task: Task, examples: Examples, predictions: Sequence[Value]) -> Score:
    """Judge predictions; one that is not of the result's type is wrong at its first token.

    Raises
    ------
    ValueError
        If the number of predictions is not that of the inputs.
    """
    if len(predictions) != len(examples):
        raise ValueError(
            f"the learner gave {len(predictions)} predictions for {len(examples)} inputs; "
            "predict must return one an input"
        )
    result = task.signature.result
    right, accuracies, errors = 0, 0.0, []
    rows = zip(examples.rows(), predictions, examples.outputs, strict=True)
    for inputs, prediction, output in rows:
        got, expected = text_of(prediction, result), tokens(output, result)
        if got is None:
            errors.append(0)
        elif conforms(prediction, result) and task.right(inputs, prediction, output):
            right += 1
            accuracies += 1.0
        else:
            accuracies += token_accuracy(got, expected)
            errors.append(first_error(got, expected))
    count = len(examples)
    return Score(
        count,
        right / count if count else 0.0,
        accuracies / count if count else 0.0,
        sum(errors) / len(errors) if errors else None,
    )
