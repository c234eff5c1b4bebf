"""Aggregates, intervals and tests: what must hold for all numbers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap, permutation_test, trim_mean

from dlcompare.compare.statistics.aggregate import aggregate, interquartile_mean
from dlcompare.compare.statistics.paired import ALPHA, PAIRS_NEEDED, compare
from dlcompare.compare.statistics.seeds import (
    area,
    examples_needed,
    horizon,
    horizon_interval,
    n_at_90,
    rate,
    solve_rate,
)

shares = st.floats(0, 1)
# Their sums are exact in floating point, so that ties are ties to everybody.
sixty_fourths = st.integers(0, 64).map(lambda k: k / 64)
by_seed = st.lists(shares, min_size=2, max_size=4)
few = settings(deadline=None, max_examples=40)


@st.composite
def curves(draw: st.DrawFn) -> dict[int, dict[int, float]]:
    """A value for every number of examples and every seed."""
    ns = draw(st.lists(st.integers(1, 5000), min_size=1, max_size=5, unique=True))
    seeds = draw(st.integers(2, 4))
    return {n: {s: draw(shares) for s in range(seeds)} for n in sorted(ns)}


def scaled(curve: dict[int, dict[int, float]], value: float) -> dict[int, dict[int, float]]:
    return {n: dict.fromkeys(seeds, value) for n, seeds in curve.items()}


@given(st.lists(shares, min_size=1, max_size=40))
def test_the_interquartile_mean_lies_between_the_quartiles(scores: list[float]) -> None:
    mean = interquartile_mean(scores)
    assert min(scores) - 1e-12 <= mean <= max(scores) + 1e-12
    assert mean == pytest.approx(interquartile_mean(scores[::-1]))
    if len(scores) % 4 == 0:
        assert mean == pytest.approx(trim_mean(scores, 0.25))


@given(st.lists(shares, min_size=4, max_size=20))
def test_an_outlier_does_not_move_the_interquartile_mean(scores: list[float]) -> None:
    ordered = sorted(scores)
    assert interquartile_mean([*ordered[:-1], 1.0]) == pytest.approx(interquartile_mean(ordered))
    assert interquartile_mean([0.0, *ordered[1:]]) == pytest.approx(interquartile_mean(ordered))


@few
@given(st.dictionaries(st.text(min_size=1, max_size=3), by_seed, min_size=1, max_size=4))
def test_an_aggregate_knows_its_tasks_and_lies_in_its_interval(
    tasks: dict[str, list[float]],
) -> None:
    its = aggregate({task: dict(enumerate(values)) for task, values in tasks.items()})
    assert its is not None
    assert its.tasks == tuple(tasks)
    assert its.scores == sum(map(len, tasks.values()))
    every = [value for values in tasks.values() for value in values]
    assert min(every) - 1e-9 <= its.low <= its.high <= max(every) + 1e-9


def test_the_bootstrap_keeps_to_its_strata() -> None:
    # Resampled over all scores, these would have an interval; within each task nothing varies.
    its = aggregate({"a": {0: 0.0, 1: 0.0}, "b": {0: 1.0, 1: 1.0}})
    assert its is not None
    assert (its.low, its.mean, its.high) == (0.5, 0.5, 0.5)


def test_one_seed_has_no_interval_and_no_task_no_aggregate() -> None:
    its = aggregate({"a": {0: 0.0}, "b": {0: 1.0}})
    assert its is not None
    assert (its.low, its.high) == (None, None)
    assert aggregate({}) is None
    assert aggregate({"a": {}}) is None


@few
@given(st.lists(st.tuples(sixty_fourths, sixty_fourths), min_size=2, max_size=8))
def test_the_sign_flip_test_is_scipy_s_permutation_test(pairs: list[tuple[float, float]]) -> None:
    first, second = (dict(enumerate(values)) for values in zip(*pairs, strict=True))
    its = compare(first, second)
    other = permutation_test(
        (list(first.values()), list(second.values())),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    )
    assert its.p == pytest.approx(other.pvalue)
    back = compare(second, first)
    assert back.p == pytest.approx(its.p)
    assert back.difference == pytest.approx(-its.difference)


@pytest.mark.parametrize("pairs", range(1, 9))
def test_how_many_pairs_are_needed_is_how_many_can_suffice(pairs: int) -> None:
    its = compare(dict.fromkeys(range(pairs), 1.0), dict.fromkeys(range(pairs), 0.0))
    assert its.p == 2 / 2**pairs
    assert (its.p < ALPHA) == (pairs >= PAIRS_NEEDED)
    assert its.verdict == ("different" if pairs >= PAIRS_NEEDED else "too few pairs")


def test_many_pairs_are_sampled_and_no_p_is_zero() -> None:
    its = compare(dict.fromkeys(range(40), 1.0), dict.fromkeys(range(40), 0.0))
    assert 0 < its.p < 0.001


def test_equal_learners_are_not_shown_to_differ() -> None:
    values = {seed: seed / 10 for seed in range(8)}
    assert compare(values, values).p == 1
    assert compare(values, values).verdict == "not shown"
    assert compare({}, {}).p is None


@few
@given(curves())
def test_the_examples_needed_agree_with_n_at_90_and_lie_among_those_tried(
    curve: dict[int, dict[int, float]],
) -> None:
    its = examples_needed(curve)
    means = {n: sum(values.values()) / len(values) for n, values in curve.items()}
    assert its.n == n_at_90(means)
    assert (its.censored == "right") == (its.n is None)
    assert (its.censored == "left") == (its.n == min(curve))
    ends = [math.inf if end is None else end for end in (its.low, its.high)]
    assert ends[0] <= ends[1]
    assert set(ends) <= {*curve, math.inf}
    assert its.seeds == tuple(
        n_at_90({n: values[s] for n, values in curve.items()}) for s in curve[min(curve)]
    )


@few
@given(curves())
def test_the_interval_of_a_horizon_holds_it_where_seeds_agree(
    curve: dict[int, dict[int, float]],
) -> None:
    same = {level: dict.fromkeys(values, values[0]) for level, values in curve.items()}
    its = horizon_interval(same)
    reached = horizon({level: values[0] for level, values in curve.items()})
    assert (its.low, its.high) == (reached, reached)


def test_seeds_that_disagree_widen_the_horizon() -> None:
    its = horizon_interval({16: {0: 1.0, 1: 1.0, 2: 1.0}, 64: {0: 1.0, 1: 1.0, 2: 0.0}})
    assert (its.low, its.high) == (16, 64)


@given(curves())
def test_the_area_is_a_share_and_grows_with_the_curve(curve: dict[int, dict[int, float]]) -> None:
    if len(curve) < 2:
        assert area(curve) is None
        return
    its, best, worst = area(curve), area(scaled(curve, 1.0)), area(scaled(curve, 0.0))
    assert its is not None
    assert best is not None
    assert worst is not None
    assert 0 <= its.mean <= 1
    assert best.mean == pytest.approx(1)
    assert worst.mean == 0


def test_the_area_is_that_over_the_logarithm() -> None:
    curve = {1: {0: 0.2}, 8: {0: 0.4}, 64: {0: 1.0}}
    its = area(curve)
    assert its is not None
    assert its.mean == pytest.approx((0.3 + 0.7) / 2)


@given(st.lists(st.sampled_from([0.0, 0.99, 1.0]), min_size=1, max_size=12))
def test_a_seed_is_solved_only_if_every_answer_is_right(seeds: list[float]) -> None:
    its = solve_rate(seeds)
    assert its.mean == seeds.count(1.0) / len(seeds)
    assert its.low is not None
    assert its.high is not None
    assert -1e-12 <= its.low <= its.mean + 1e-12 <= its.high + 2e-12
    assert its.low < its.high


@few
@given(st.lists(shares, min_size=2, max_size=12).filter(lambda seeds: len(set(seeds)) > 1))
def test_the_interval_over_seeds_is_scipy_s_percentile_bootstrap(seeds: list[float]) -> None:
    theirs = bootstrap(
        (np.array(seeds),), np.mean, n_resamples=2000, method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    its = rate(seeds)
    assert (its.low, its.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=40))
def test_the_interval_of_the_solve_rate_is_scipy_s_score_interval(seeds: list[float]) -> None:
    theirs = binomtest(int(sum(seeds)), len(seeds)).proportion_ci(method="wilson")
    its = solve_rate(seeds)
    assert (its.low, its.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@settings(deadline=None, max_examples=10)
@given(curves())
def test_the_interval_of_the_examples_needed_is_that_of_the_resampled_curves(
    curve: dict[int, dict[int, float]],
) -> None:
    seeds = len(next(iter(curve.values())))
    found = []
    for picks in np.random.default_rng(0).integers(seeds, size=(2000, seeds)):
        n = n_at_90({at: float(np.mean([its[s] for s in picks])) for at, its in curve.items()})
        found.append(math.inf if n is None else n)
    low, high = sorted(found)[50], sorted(found)[1949]
    its = examples_needed(curve)
    assert its.low == (None if low == math.inf else low)
    assert its.high == (None if high == math.inf else high)


def test_a_run_goes_on_while_its_seeds_are_unequal() -> None:
    its = examples_needed({4: {0: 1.0, 1: 1.0}, 16: {0: 1.0}})
    assert (its.n, its.seeds, its.interval) == (4, (4,), False)
    assert (examples_needed({}).n, examples_needed({}).seeds) == (None, ())
