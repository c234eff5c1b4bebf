"""Metrics and statistics: properties that hold for all numbers."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.compare.statistics.estimates import Rate
from dlcompare.compare.statistics.seeds import horizon, n_at_90, rate
from dlcompare.compare.trials.metrics import first_error, score, token_accuracy, tokens
from dlcompare.tasks.problem import Examples, Unfinished
from dlcompare.tasks.registry import load
from dlcompare.tasks.types import BOOL, INT, list_of, tuple_of

shares = st.floats(0, 1)
means = st.dictionaries(st.integers(1, 10_000), shares, max_size=12)
int_lists = st.lists(st.integers())
texts = st.text("0123456789,]-", max_size=12)


@given(means)
def test_from_n_at_90_on_every_size_is_good_and_no_smaller_start_is(by_n: dict[int, float]) -> None:
    found = n_at_90(by_n)
    good = [n for n in by_n if all(by_n[m] >= 0.9 for m in by_n if m >= n)]
    assert found == (min(good) if good else None)


@given(means)
def test_up_to_the_horizon_every_level_is_good_and_the_next_is_not(
    by_level: dict[int, float],
) -> None:
    reached = horizon(by_level)
    good = [x for x in by_level if all(by_level[y] >= 0.9 for y in by_level if y <= x)]
    assert reached == (max(good) if good else None)


@settings(deadline=None, max_examples=50)
@given(st.lists(shares, min_size=2, max_size=10))
def test_the_mean_lies_in_its_interval_and_the_interval_among_the_seeds(
    seeds: list[float],
) -> None:
    its = rate(seeds)
    assert min(seeds) <= its.low + 1e-12
    assert its.low <= its.mean + 1e-12
    assert its.mean <= its.high + 1e-12
    assert its.high <= max(seeds) + 1e-12
    assert its == rate(seeds)
    assert not any(map(math.isnan, (its.mean, its.low, its.high)))


def test_one_seed_has_no_interval() -> None:
    assert rate([0.5]) == Rate(mean=0.5, low=None, high=None, seeds=(0.5,))


@given(int_lists, int_lists)
def test_values_have_the_same_text_only_if_they_are_equal(a: list[int], b: list[int]) -> None:
    assert (tokens(a, list_of(INT)) == tokens(b, list_of(INT))) == (a == b)


@given(texts, texts)
def test_texts_agree_everywhere_only_if_they_are_equal(a: str, b: str) -> None:
    assert 0 <= token_accuracy(a, b) <= 1
    assert (token_accuracy(a, b) == 1) == (a == b)
    position = first_error(a, b)
    assert a[:position] == b[:position]
    assert a == b or a[position : position + 1] != b[position : position + 1]


def test_tokens_follow_the_type() -> None:
    assert tokens((True, [3, -4]), tuple_of(BOOL, list_of(INT))) == "T,3,-4])"


def test_a_score_counts_right_answers_and_places_the_wrong_ones() -> None:
    (task,) = load("sorting")
    examples = Examples({"xs": ([2, 1], [3, 1], [7], [5, 4])}, ([1, 2], [1, 3], [7], [4, 5]))
    its = score(task, examples, [[1, 2], [1, 4], None, "wrong type"])
    assert (its.count, its.exact_match) == (4, 0.25)
    assert its.token_accuracy == pytest.approx((1 + 0.75) / 4)
    assert its.first_error == pytest.approx((2 + 0 + 0) / 3)


def test_an_answer_without_an_end_is_wrong_but_counts_as_far_as_it_goes() -> None:
    (task,) = load("sorting")
    examples = Examples({"xs": ([5, 4], [])}, ([4, 5], []))
    found = score(task, examples, [Unfinished([4, 5]), Unfinished([4])])
    assert found.exact_match == 0.0
    assert found.token_accuracy == (3 / 4 + 0) / 2  # of "4,5]" and of "]"
    assert found.first_error == (3 + 0) / 2


@given(st.lists(st.lists(st.integers(0, 9), max_size=6), min_size=1, max_size=8))
def test_right_answers_score_one_and_have_no_first_error(inputs: list[list[int]]) -> None:
    (task,) = load("sorting")
    examples = Examples({"xs": tuple(inputs)}, tuple(sorted(xs) for xs in inputs))
    its = score(task, examples, [sorted(xs) for xs in inputs])
    assert (its.exact_match, its.token_accuracy, its.first_error) == (1.0, 1.0, None)
