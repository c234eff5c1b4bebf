"""Inputs beyond a sampler: every small one, once, by size; unusual ones of every kind."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.beyond import small_inputs, unusual_inputs
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, STR, conforms, freeze, list_of, tuple_of

ATOMS = st.sampled_from([BOOL, INT, STR])
TYPES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(list_of), st.tuples(inner, inner).map(lambda t: tuple_of(*t))
    ),
    max_leaves=3,
)


def signature(*types):
    return Signature("f", tuple((f"a{i}", type_) for i, type_ in enumerate(types)), INT)


@given(st.lists(TYPES, min_size=1, max_size=3), st.integers(1, 80))
def test_small_inputs_are_distinct_and_of_their_types(types, most):
    rows = list(small_inputs(signature(*types), most))
    assert len(rows) <= most
    assert len({tuple(freeze(v) for v in row.values()) for row in rows}) == len(rows)
    for row in rows:
        assert all(conforms(row[f"a{i}"], type_) for i, type_ in enumerate(types))


@given(st.lists(TYPES, min_size=1, max_size=3), st.integers(0, 2**32))
def test_unusual_inputs_are_of_their_types_and_follow_from_the_seed(types, seed):
    drawn = [
        list(unusual_inputs(signature(*types), np.random.default_rng(seed), 20)) for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    for row in drawn[0]:
        assert all(conforms(row[f"a{i}"], type_) for i, type_ in enumerate(types))


def test_every_short_list_of_small_numbers_is_among_the_small_inputs():
    rows = {tuple(row["a0"]) for row in small_inputs(signature(list_of(INT)), 5_000)}
    for length in range(5):
        assert set(itertools.product((-1, 0, 1), repeat=length)) <= rows


@pytest.mark.parametrize(
    "holds",
    [
        lambda xs, _k: xs == [],
        lambda xs, _k: len(xs) == 1,
        lambda xs, _k: len(xs) > 50,
        lambda xs, _k: len(xs) > 3 and len(set(xs)) == 1,
        lambda xs, _k: len(xs) > 3 and xs == sorted(xs, reverse=True),
        lambda xs, _k: bool(xs) and max(xs) < 0,
        lambda xs, k: k in xs,
        lambda xs, k: k == len(xs),
    ],
)
def test_unusual_inputs_have_the_shapes_that_samplers_leave_out(holds):
    drawn = unusual_inputs(signature(list_of(INT), INT), np.random.default_rng(0), 500)
    assert any(holds(row["a0"], row["a1"]) for row in drawn)


def test_a_second_text_is_often_an_anagram_of_the_first():
    drawn = unusual_inputs(signature(STR, STR), np.random.default_rng(0), 300)
    pairs = [(row["a0"], row["a1"]) for row in drawn]
    assert any(a != b and sorted(a) == sorted(b) for a, b in pairs)
    assert any(sorted(a) != sorted(b) and len(a) == len(b) > 0 for a, b in pairs)
