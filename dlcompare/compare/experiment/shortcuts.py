"""Find short programs that give a task away, or that only its sampler takes for right.

A program of one or two operations that is right makes a task trivial: a primitive is the answer. A
short program that is right on all that the sampler draws, and wrong elsewhere, makes it vague: the
examples do not tell the two functions apart, and a learner of the wrong one counts as right.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from dlcompare.synthesis.program_predictor import ProgramPredictor
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.beyond import small_inputs, unusual_inputs
from dlcompare.tasks.calling import shown
from dlcompare.tasks.errors import FitError, InputError
from dlcompare.tasks.problem import Budget, Inputs
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import Task

__all__ = ["given_away", "misled"]

EXAMPLES, CANDIDATES = 32, 5_000
"""Limits of the search for a trivial program: more than it needs, at little cost in time."""

SHOWN, SEARCHED = 128, 2_000_000
"""Examples and candidates of the search for a wrong program that the sampler lets pass."""

INSIDE, PER_LEVEL = 256, 16
"""Fresh examples on which such a program must be right, too."""

SMALL, UNUSUAL = 500, 500
"""Inputs beyond the sampler."""

_REFUSALS = 3
"""How often the function may end its process, or not return, before the check gives up."""


def given_away(task: Task) -> str | None:
    """A sentence if a program of one or two operations answers the task; None otherwise.

    One that is wrong on inputs beyond the sampler does not; that is for `misled` to say.
    """
    found = _found(task, EXAMPLES, CANDIDATES)
    if found is None or found.program.dsl.count("(") > 2 or _wrong_beyond(task, found):
        return None
    return (
        f"it is given away: the program {found.program.dsl} answers it; withhold a primitive of it "
        "by without=, and say so in the docstring"
    )


def misled(task: Task) -> str | None:
    """Return a sentence if a wrong program is right on all that the sampler draws, else None.

    A program is wrong if it differs from the function on an input of the function's types that
    the function answers.
    """
    found = _found(task, SHOWN, SEARCHED)
    if found is None:
        return None
    tests = draw_tests(task, INSIDE, PER_LEVEL)
    levels = [each for by_level in tests.levels.values() for each in by_level.values()]
    for examples in [tests.inside, *levels]:
        rows = list(examples.rows())
        answers = found.predict(rows)
        asked = zip(rows, answers, examples.outputs, strict=True)
        if not all(task.right(*each) for each in asked):
            return None  # what is drawn shows the program to be wrong
    return _wrong_beyond(task, found)


def _wrong_beyond(task: Task, found: ProgramPredictor) -> str | None:
    """A sentence if a program is wrong on an input beyond the sampler; None otherwise."""
    for inputs, answer, right in _beyond(task, found):
        if not task.right(inputs, answer, right):
            given = "no answer" if answer is None else shown(answer)
            return (
                f"a wrong program is right on all that the sampler draws: {found.program.dsl} "
                f"gives {given} for {shown(inputs)}, the function {shown(right)}; if such "
                "inputs belong to the task, draw them, too"
            )
    return None


def _found(task: Task, examples: int, candidates: int) -> ProgramPredictor | None:
    """Return the program that a short search finds for correctly labelled training examples."""
    if task.given is not None:  # examples alone cannot withhold a primitive
        return None
    problem = task.problem(draw_training(task, examples, 0, frozenset()))
    try:
        found = SynthesisLearner().fit(problem, Budget(candidates=candidates), 0)
    except (FitError, InputError):
        return None
    if not isinstance(found, ProgramPredictor) or found.source.noise:
        return None
    return found


def _beyond(task: Task, found: ProgramPredictor) -> Iterator[tuple[Inputs, object, object]]:
    """Yield inputs that the function answers, with the program's answer and the function's."""
    rng = np.random.default_rng(0)
    refusals = 0
    for inputs in chain(
        small_inputs(task.signature, SMALL), unusual_inputs(task.signature, rng, UNUSUAL)
    ):
        try:
            right = task.answer(inputs)
        except InputError as error:  # outside its domain
            refusals += " raised " not in str(error)
            if refusals == _REFUSALS:
                return
            continue
        yield inputs, found.predict([inputs])[0], right
