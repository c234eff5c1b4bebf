"""The exercises: references agree with their worked examples, and inputs are what they promise."""

import sys
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

import pytest

from benchmarks.classroom.__main__ import GROUPS, group
from benchmarks.classroom.exercise import EXERCISES, HELD_OUT, TRAINING, Exercise
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.splits import canonical
from dlcompare.tasks.types import BOOL, STR, check


@pytest.fixture(params=sorted(EXERCISES))
def exercise(request: pytest.FixtureRequest) -> Exercise:
    return EXERCISES[request.param]


def test_every_group_has_exercises() -> None:
    assert {group(name) for name in EXERCISES} == set(GROUPS)


def test_a_reference_agrees_with_its_worked_example(exercise: Exercise) -> None:
    names = {exercise.function.__name__: exercise.function}
    assert exercise.function.__name__ in exercise.worked_example
    assert eval(exercise.worked_example, names) is True


def test_examples_are_distinct_typed_and_the_same_each_time(exercise: Exercise) -> None:
    problem, again = exercise.problem(), exercise.problem()
    assert (problem.examples, problem.held_out) == (again.examples, again.held_out)
    assert problem.held_out is not None
    parts = (problem.examples, problem.held_out)
    rows = [row for part in parts for row in part.rows()]
    assert len({canonical(row) for row in rows}) == len(rows)
    assert len(problem.examples) <= TRAINING
    assert len(problem.held_out) <= HELD_OUT
    for row in rows:
        for name, type_ in problem.signature.parameters:
            check(row[name], type_, name)
    for output in (output for part in parts for output in part.outputs):
        check(output, problem.signature.result, "the result")


def test_no_constant_answers_the_examples(exercise: Exercise) -> None:
    problem = exercise.problem()
    assert problem.held_out is not None
    for outputs in (problem.examples.outputs, problem.held_out.outputs):
        assert any(output != outputs[0] for output in outputs)


def reached(function: Callable[..., Any], rows: Iterable[Inputs]) -> set[tuple[str, int]]:
    """The lines of a reference that run for some inputs."""
    seen = set()

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if "classroom" not in frame.f_code.co_filename:
            return None
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for row in rows:
            function(**row)
    finally:
        sys.settrace(before)
    return seen


def test_every_case_occurs_among_the_examples_to_learn_from(exercise: Exercise) -> None:
    problem = exercise.problem()
    assert problem.held_out is not None
    judged = reached(exercise.function, problem.held_out.rows())
    assert judged <= reached(exercise.function, problem.examples.rows())
    if problem.signature.result in (BOOL, STR):
        classes = set(problem.held_out.outputs)
        assert len(classes) > 6 or classes <= set(problem.examples.outputs)
