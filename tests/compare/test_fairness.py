"""The same examples for every learner; test inputs that training never meets; a blind worker."""

import pickle
from pathlib import Path

import pytest

from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.trials.draws import Drawn, draw
from dlcompare.compare.trials.protocol import plan
from dlcompare.compare.trials.trial import job
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.splits import canonical

TASKS = sorted(name for name, task in catalogue().items() if not task.missing)
SIZES = (32, 128)


@pytest.fixture(scope="module", params=TASKS)
def drawn(request: pytest.FixtureRequest) -> Drawn:
    settings = RunOptions((), "smoke", SIZES, 2, "cpu").settings([request.param])
    return draw(catalogue()[request.param], settings)


def test_smaller_training_sets_are_prefixes_of_larger_ones(drawn: Drawn) -> None:
    for seed in range(2):
        small, large = (drawn.problem(n, seed).examples for n in SIZES)
        assert (len(small), len(large)) == SIZES
        assert list(small.rows()) == list(large.rows())[: len(small)]
        assert small.outputs == large.outputs[: len(small)]


def test_training_never_meets_a_test_input_nor_itself(drawn: Drawn) -> None:
    for stream in drawn.streams:
        keys = [canonical(row) for row in stream.rows()]
        assert len(set(keys)) == len(keys)
        assert not drawn.tests.reserved & set(keys)


def test_test_sets_are_distinct_and_large_enough(drawn: Drawn) -> None:
    sets = drawn.test_sets(levels=True)
    keys = [canonical(row) for each in sets for row in each.examples.rows()]
    assert len(set(keys)) == len(keys)
    assert all(len(each.examples) >= 8 for each in sets)
    assert len(sets[0].examples) >= 32


def test_every_level_of_every_axis_is_tested(drawn: Drawn) -> None:
    tested = {(each.axis, each.level) for each in drawn.test_sets(levels=True)}
    assert tested >= {(axis.name, level) for axis in drawn.task.axes for level in axis.test}


def test_seeds_see_different_examples_and_the_same_tests(drawn: Drawn) -> None:
    one, other = (list(drawn.streams[seed].rows()) for seed in (0, 1))
    assert one != other
    settings = RunOptions((), "smoke", SIZES, 1, "cpu").settings([drawn.task.name])
    assert draw(drawn.task, settings).tests == drawn.tests


def test_what_a_worker_is_given_holds_no_test_input_and_no_reference(drawn: Drawn) -> None:
    settings = RunOptions((), "smoke", SIZES, 2, "cpu").settings([drawn.task.name])
    planned = plan(settings, {drawn.task.name: drawn.available})[-1]
    assignment = job(planned, planned.learner, drawn, settings)
    assert vars(assignment).keys() == {
        "learner",
        "device",
        "problem",
        "budget",
        "seed",
        "specified_by",
    }
    met = {canonical(row) for row in assignment.problem.examples.rows()}
    assert not met & drawn.tests.reserved
    assert assignment.problem.specification is None
    sent = pickle.dumps(assignment)
    assert Path(drawn.task.function.__code__.co_filename).name.encode() not in sent
