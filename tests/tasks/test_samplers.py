"""Samplers draw what their knobs say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.samplers import bools, ints, lists, strings
from dlcompare.tasks.types import conforms

SAMPLERS = st.sampled_from(
    [
        ints(0, 99),
        ints(-5, 5),
        bools(),
        strings("abc"),
        lists(ints(0, 99)),
        lists(lists(bools()), range(1, 4)),
        lists(strings("xyz", range(3))),
    ]
)


@given(SAMPLERS, st.integers(0, 2**32))
def test_values_are_of_the_type_and_depend_on_the_generator_only(sampler, seed):
    first = sampler.draw(np.random.default_rng(seed), {}, 20)
    assert first == sampler.draw(np.random.default_rng(seed), {}, 20)
    assert all(conforms(value, sampler.type) for value in first)


@given(st.integers(1, 25), st.integers(0, 100))
def test_digits_are_exact(digits, seed):
    for value in ints(0, 9).draw(np.random.default_rng(seed), {"digits": digits}, 20):
        assert len(str(value)) == digits


@given(st.integers(1, 10**30), st.integers(-3, 3))
def test_magnitude_bounds_absolute_values(magnitude, low):
    sampler = ints(low, 3)
    if magnitude <= low:
        with pytest.raises(InputError, match="leaves no integer"):
            sampler.draw(np.random.default_rng(0), {"magnitude": magnitude}, 20)
        return
    for value in sampler.draw(np.random.default_rng(0), {"magnitude": magnitude}, 20):
        assert abs(value) < max(magnitude, abs(low) + 1)
        assert value >= 0 or low < 0


def test_length_and_the_knobs_of_the_elements_reach_a_list():
    values = lists(ints(0, 99)).draw(
        np.random.default_rng(0), {"length": 40, "magnitude": 10**6}, 50
    )
    assert {len(value) for value in values} == {40}
    assert max(max(value) for value in values) > 99


def test_equal_values_occur_in_about_a_quarter_of_the_lists():
    drawn = lists(ints(0, 10**6)).draw(np.random.default_rng(0), {"length": 6}, 2_000)
    repeated = sum(len(set(value)) < len(value) for value in drawn)
    assert 400 < repeated < 600


@pytest.mark.parametrize(
    "make", [lambda: ints(3, 2), lambda: strings(""), lambda: lists(bools(), range(0))]
)
def test_bounds_that_allow_nothing_are_refused(make):
    with pytest.raises(InputError):
        make()
