"""Training and test examples: disjoint, distinct, supplied, the same for everybody."""

import pytest

from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.samplers import bools, ints, lists
from dlcompare.tasks.splits import SUPPLY, canonical, draw_tests, draw_training
from dlcompare.tasks.task import task


@pytest.fixture(
    params=["sorting", "addition", "compute_sqrt", "scan_length", "topological_order", "where_is"]
)
def each(request):
    return catalogue()[request.param]


def keys(examples):
    return [canonical(row) for row in examples.rows()]


def test_smaller_training_sets_are_prefixes_of_larger_ones(each):
    tests = draw_tests(each, 32, 8)
    large = draw_training(each, 200, 1, tests.reserved)
    for size in (1, 7, 64):
        small = draw_training(each, size, 1, tests.reserved)
        assert small == large[:size]


def test_training_never_meets_a_test_input_and_nothing_twice(each):
    tests = draw_tests(each, 128, 16)
    reserved = keys(tests.inside)
    reserved += [
        key for levels in tests.levels.values() for e in levels.values() for key in keys(e)
    ]
    assert len(set(reserved)) == len(reserved)
    assert set(reserved) == tests.reserved
    for seed in range(3):
        trained = keys(draw_training(each, 500, seed, tests.reserved))
        assert len(set(trained)) == 500
        assert not set(trained) & tests.reserved


def test_seeds_differ_and_tests_do_not(each):
    tests = draw_tests(each, 32, 8)
    assert tests == draw_tests(each, 32, 8)
    assert draw_training(each, 50, 0, tests.reserved) != draw_training(each, 50, 1, tests.reserved)


def test_every_level_is_tested_with_what_was_asked_for(each):
    tests = draw_tests(each, 100, 16)
    assert 100 <= len(tests.inside) < 130
    for axis in each.axes:
        assert list(tests.levels[axis.name]) == list(axis.test)
        assert all(len(examples) >= 16 for examples in tests.levels[axis.name].values())


def test_a_setting_that_cannot_supply_its_test_is_trained_on_only():
    @task(inputs=lists(bools()), train={"length": range(7)}, test={"length": [12]})
    def parity(xs: list[bool]) -> bool:
        """Return whether the number of true values is odd."""
        return sum(xs) % 2 == 1

    tests = draw_tests(parity, 64, 16)
    need = -(-64 // 7)
    assert {"length": 3} in tests.untested
    assert {"length": 6} not in tests.untested
    assert {len(xs) for xs in tests.inside.inputs["xs"]} == {
        length for length in range(7) if 2**length >= SUPPLY * need
    }
    trained = draw_training(parity, 60, 0, tests.reserved)
    assert {0, 1, 2} <= {len(xs) for xs in trained.inputs["xs"]}


def test_a_small_domain_gives_what_it_has():
    @task(inputs=ints(0, 9))
    def double(x: int) -> int:
        """Twice the number."""
        return 2 * x

    tests = draw_tests(double, 2, 2)
    examples = draw_training(double, 100, 0, tests.reserved)
    assert len(examples) == 10 - len(tests.inside)
