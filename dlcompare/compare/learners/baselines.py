"""Baselines: the exact match that is possible without learning.

========================  =========================================================
`content_blind`           the most common output of the examples; never reads the input
`copy`                    the first argument of the result's type; never reads an example
`nearest_neighbour`       the output of the closest input among the examples
========================  =========================================================

The distance of the nearest neighbour follows from the types. Two integers are ``d / (1 + d)``
apart for a difference of ``d``; booleans and characters 0 or 1; lists and strings as far as their
elements at equal positions, and 1 for every position that only one of them has; tuples and
arguments add up.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import ABSTAIN, Budget, Examples, Inputs, Learner, Predictor, Problem
from dlcompare.tasks.types import Type, Value, freeze

__all__ = ["content_blind", "copy", "nearest_neighbour"]

Matrix = NDArray[np.float64]

_QUERIES_AT_ONCE = 256


@dataclass(frozen=True)
class Baseline:
    """A learner that is one function from a problem to its answers."""

    answering: Callable[[Problem], Callable[[Sequence[Inputs]], list[Value]]]
    card: str

    def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:  # noqa: ARG002
        """Return the answers; they need no budget and no seed."""
        return BaselinePredictor(self.answering(problem), {"knows": self.card})


@dataclass
class BaselinePredictor:
    """The answers of a baseline."""

    answer: Callable[[Sequence[Inputs]], list[Value]]
    prior: Mapping[str, str | int | float]
    cost: Cost = field(default_factory=Cost)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return one answer for each input, in order."""
        return self.answer(inputs)


def content_blind(options: Mapping[str, str], device: str) -> Learner:  # noqa: ARG001
    """Return a learner that answers the most common output and never reads the input."""
    _no_options("content_blind", options)

    def answering(problem: Problem) -> Callable[[Sequence[Inputs]], list[Value]]:
        outputs = problem.examples.outputs
        # Of equally common outputs, the first one seen: Counter keeps the order of insertion.
        counts = Counter(freeze(output) for output in outputs)
        modal = counts.most_common(1)[0][0] if counts else None
        guess = next((output for output in outputs if freeze(output) == modal), ABSTAIN)
        return lambda inputs: [guess] * len(inputs)

    return Baseline(answering, "the outputs of the examples, never an input")


def copy(options: Mapping[str, str], device: str) -> Learner:  # noqa: ARG001
    """Return a learner that answers the first argument of the result's type, or abstains."""
    _no_options("copy", options)

    def answering(problem: Problem) -> Callable[[Sequence[Inputs]], list[Value]]:
        signature = problem.signature
        same = [name for name, type_ in signature.parameters if type_ == signature.result]
        if not same:
            return lambda inputs: [ABSTAIN] * len(inputs)
        return lambda inputs: [row[same[0]] for row in inputs]

    return Baseline(answering, "the types of the signature, never an example")


def nearest_neighbour(options: Mapping[str, str], device: str) -> Learner:  # noqa: ARG001
    """Return a learner that answers the output of the closest (the first such) example."""
    _no_options("nearest_neighbour", options)

    def answering(problem: Problem) -> Callable[[Sequence[Inputs]], list[Value]]:
        examples = problem.examples

        def answer(inputs: Sequence[Inputs]) -> list[Value]:
            if not len(examples):
                return [ABSTAIN] * len(inputs)
            answers: list[Value] = []
            for start in range(0, len(inputs), _QUERIES_AT_ONCE):
                queries = inputs[start : start + _QUERIES_AT_ONCE]
                closest = _distances(problem, queries, examples).argmin(axis=1)
                answers += [examples.outputs[i] for i in closest]
            return answers

        return answer

    return Baseline(answering, "a distance between inputs, made from their types")


def _no_options(name: str, options: Mapping[str, str]) -> None:
    if options:
        raise InputError(f"learner {name!r} takes no options; it was given {', '.join(options)}")


def _distances(problem: Problem, queries: Sequence[Inputs], examples: Examples) -> Matrix:
    """Return the distance of every query to every example's input, (queries, examples)."""
    total = np.zeros((len(queries), len(examples)))
    for name, type_ in problem.signature.parameters:
        total += _between([row[name] for row in queries], examples.inputs[name], type_)
    return total


def _between(queries: Sequence[Value], known: Sequence[Value], type_: Type) -> Matrix:
    """Return the distance of every query to every known value of one type, (queries, known)."""
    match type_.name:
        case "int":
            apart: Matrix = np.abs(_numbers(queries)[:, None] - _numbers(known)[None, :])
            return apart / (1.0 + apart)
        case "tuple":
            total = np.zeros((len(queries), len(known)))
            for i, part in enumerate(type_.parameters):
                total += _between([q[i] for q in queries], [k[i] for k in known], part)
            return total
        case "list":
            return _between_sequences(queries, known, type_.element)
        case "str":
            return _between_sequences(queries, known, None)
        case _:
            return _different(queries, known)


def _between_sequences(
    queries: Sequence[Value], known: Sequence[Value], element: Type | None
) -> Matrix:
    """Return the distance of sequences, by position; `element` is None for characters.

    Positions beyond the longest known value add the same distance to all of them, so that they are
    left out.
    """
    lengths_q = np.array([len(q) for q in queries])
    lengths_k = np.array([len(k) for k in known])
    total = np.zeros((len(queries), len(known)))
    for position in range(int(lengths_k.max(initial=0))):
        rows = np.flatnonzero(lengths_q > position)
        columns = np.flatnonzero(lengths_k > position)
        only_one = (lengths_q > position)[:, None] != (lengths_k > position)[None, :]
        total += only_one
        if not len(rows) or not len(columns):
            continue
        at_q = [queries[int(i)][position] for i in rows]
        at_k = [known[int(i)][position] for i in columns]
        apart = _different(at_q, at_k) if element is None else _between(at_q, at_k, element)
        total[np.ix_(rows, columns)] += apart
    return total


def _different(queries: Sequence[Value], known: Sequence[Value]) -> Matrix:
    """Return 0 for equal values, 1 for different ones."""
    a, b = np.array(list(queries)), np.array(list(known))
    different: Matrix = np.not_equal(a[:, None], b[None, :]).astype(np.float64)
    return different


def _numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    """Convert integers of any size to floating-point numbers, clipped to their range."""
    end = 10**300
    return np.array([float(max(-end, min(end, int(value)))) for value in values])
