"""Label noise: training outputs only, at the rate asked for, from the outputs of other inputs."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.samplers import ints
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import task

CLEAN = catalogue()["sorting"]


@settings(deadline=None, max_examples=10)
@given(st.floats(0.0, 0.9), st.integers(0, 5))
def test_inputs_stay_and_outputs_go_wrong_at_the_rate_asked_for(share, seed):
    noisy = replace(CLEAN, noise=share)
    clean = draw_training(CLEAN, 400, seed, frozenset())
    dirty = draw_training(noisy, 400, seed, frozenset())
    assert dirty.inputs == clean.inputs
    wrong = sum(a != b for a, b in zip(clean.outputs, dirty.outputs, strict=True))
    assert abs(wrong / 400 - share) < 0.12
    assert draw_training(noisy, 37, seed, frozenset()) == dirty[:37]


def test_tests_are_clean_and_those_of_the_clean_task():
    noisy = replace(CLEAN, noise=0.5)
    assert draw_tests(noisy, 64, 16) == draw_tests(CLEAN, 64, 16)


def test_the_catalogue_has_three_tasks_at_three_rates():
    noisy = [each for each in catalogue().values() if each.family == "noisy"]
    assert sorted(each.noise for each in noisy) == [0.001] * 3 + [0.01] * 3 + [0.05] * 3
    assert len({each.fingerprint for each in noisy}) == 9


def test_noise_on_a_constant_function_is_refused_with_a_sentence():
    @task(inputs=ints(0, 99), noise=0.5)
    def constant(x: int) -> int:  # noqa: ARG001
        """Always 3."""
        return 3

    with pytest.raises(InputError, match="noise= needs a function that is not constant"):
        draw_training(constant, 20, 0, frozenset())
