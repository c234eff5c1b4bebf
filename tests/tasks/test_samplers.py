"""Samplers draw what their knobs say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.arrangements import ORDERS, arrange, repeat
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.samplers import (
    bools,
    choices,
    ints,
    lists,
    permutations,
    strings,
    tuples,
)
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
        lists(ints(0, 99), order="nearly_sorted"),
        lists(tuples(ints(0, 9), strings("ab"))),
        tuples(bools(), choices("left", "right")),
        permutations(),
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
    "make",
    [
        lambda: ints(3, 2),
        lambda: strings(""),
        lambda: lists(bools(), range(0)),
        lambda: lists(bools(), order="random"),
        choices,
        lambda: choices(1, "a"),
        lambda: choices([1]),
        tuples,
        lambda: permutations(range(0)),
        lambda: arrange([1], "random", np.random.default_rng(0)),
        lambda: repeat([1], 1.0, np.random.default_rng(0)),
    ],
)
def test_bounds_that_allow_nothing_are_refused(make):
    with pytest.raises(InputError):
        make()


@given(st.lists(st.integers(0, 9)), st.sampled_from(ORDERS), st.integers(0, 99))
def test_an_arrangement_keeps_the_values_and_is_what_it_is_called(values, order, seed):
    arranged = arrange(list(values), order, np.random.default_rng(seed))
    assert sorted(arranged) == sorted(values)
    if order == "shuffled":
        assert arranged == values
    if order in ("ascending", "descending"):
        assert arranged == sorted(values, reverse=order == "descending")
    if order == "nearly_sorted":
        moved = sum(a != b for a, b in zip(arranged, sorted(values), strict=True))
        assert moved <= 2 * max(1, len(values) // 10)


@given(st.sets(st.integers(), min_size=1, max_size=50), st.floats(0, 0.99), st.integers(0, 99))
def test_duplicates_are_the_share_of_copies(values, share, seed):
    repeated = repeat(sorted(values), share, np.random.default_rng(seed))
    assert len(repeated) == len(values)
    assert set(repeated) <= values
    assert len(set(repeated)) == max(1, round(len(values) * (1 - share)))


@given(st.integers(0, 30), st.integers(0, 99))
def test_a_permutation_has_every_number_once(length, seed):
    (drawn,) = permutations().draw(np.random.default_rng(seed), {"length": length}, 1)
    assert sorted(drawn) == list(range(length))


def test_order_and_duplicates_reach_a_list():
    sampler = lists(ints(0, 10**6), range(20, 30))
    rng = np.random.default_rng(0)
    for value in sampler.draw(rng, {"order": "descending", "duplicates": 0.5}, 20):
        assert value == sorted(value, reverse=True)
        assert len(set(value)) <= len(value) / 2 + 1
