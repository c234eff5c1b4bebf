"""Statistics of one learner on one task, over seeds. Pure functions.

A curve is a mapping from the number of examples, or from the level, to a value, or to one value for
each seed. Intervals resample whole seeds, because the points of one seed's curve share their
training examples.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist
from typing import Any

from dlcompare.compare.statistics.estimates import ExamplesNeeded, HorizonInterval, Rate, SolveRate

__all__ = [
    "CONFIDENCE",
    "GOOD",
    "RESAMPLES",
    "area",
    "examples_needed",
    "horizon",
    "horizon_interval",
    "n_at_90",
    "rate",
    "solve_rate",
]

GOOD = 0.9
"""The mean exact match from which a learner counts as having learned."""

CONFIDENCE = 0.95
RESAMPLES = 2_000

BySeed = Mapping[int, float]
"""One value for each seed."""


def rate(seeds: Sequence[float]) -> Rate:
    """Return the mean over seeds with a 95 % percentile bootstrap interval (Efron, 1979).

    One seed has no interval; none has no mean either, which is an error. The resampling is seeded,
    so that the same numbers have the same interval.

    Examples
    --------
    >>> rate([1.0])
    Rate(mean=1.0, low=None, high=None, seeds=(1.0,))
    """
    low, high = _interval(tuple(seeds))
    return Rate(sum(seeds) / len(seeds), low, high, tuple(seeds))


@lru_cache(maxsize=2**16)  # summaries are made again and again from the same trials
def _interval(seeds: tuple[float, ...]) -> tuple[float | None, float | None]:
    if len(seeds) < 2:
        return None, None
    if min(seeds) == max(seeds):
        return seeds[0], seeds[0]
    import numpy as np

    means = _weights(len(seeds)) @ np.array(seeds)
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(means, [tail, 100 - tail])
    return float(low), float(high)


@lru_cache(maxsize=64)
def _weights(count: int) -> Any:
    """Return the weight of each seed in each resample (resamples, seeds), always the same."""
    import numpy as np

    picks = np.random.default_rng(0).integers(count, size=(RESAMPLES, count))
    weights = np.zeros((RESAMPLES, count))
    np.add.at(weights, (np.arange(RESAMPLES)[:, None], picks), 1 / count)
    return weights


def n_at_90(means: Mapping[int, float]) -> int | None:
    """Return the least number of examples with mean exact match ≥ 0.9, as all larger have.

    Parameters
    ----------
    means : mapping of int to float
        Mean exact match by number of examples.

    Examples
    --------
    >>> n_at_90({1: 0.0, 4: 0.95, 16: 0.4, 64: 0.9, 256: 1.0})
    64
    """
    found = None
    for n in sorted(means, reverse=True):
        if means[n] < GOOD:
            break
        found = n
    return found


def horizon(means: Mapping[float, float]) -> float | None:
    """Return the largest level such that it and all smaller ones have mean exact match ≥ 0.9.

    Examples
    --------
    >>> horizon({12: 1.0, 16: 0.93, 32: 0.2, 64: 0.9})
    16
    """
    reached = None
    for level in sorted(means):
        if means[level] < GOOD:
            break
        reached = level
    return reached


def horizon_interval(levels: Mapping[float, BySeed]) -> HorizonInterval:
    """Return a 95 % percentile bootstrap interval of the horizon, over seeds.

    Parameters
    ----------
    levels : mapping of float to (mapping of int to float)
        Exact match by level and seed.
        Only seeds with a value at every level count.
    """
    low, high = _percentiles(_resampled(levels, backwards=False))
    return HorizonInterval(_finite(low), _finite(high), len(_common_seeds(levels)))


def examples_needed(curve: Mapping[int, BySeed]) -> ExamplesNeeded:
    """Return `n_at_90` with its uncertainty: right-censored if 90 % was not reached.

    Parameters
    ----------
    curve : mapping of int to (mapping of int to float)
        Exact match by number of examples and seed.

    Examples
    --------
    >>> its = examples_needed({4: {0: 0.2, 1: 1.0}, 16: {0: 0.95, 1: 1.0}})
    >>> its.n, its.censored, its.seeds, its.low, its.high
    (16, None, (16, 4), 4, 16)
    """
    if not curve:
        return ExamplesNeeded()
    found = n_at_90({n: _mean(by_seed.values()) for n, by_seed in curve.items()})
    resampled = _resampled(curve, backwards=True)
    low, high = (_finite(value) for value in _percentiles(resampled))
    return ExamplesNeeded(
        n=found,
        censored="right" if found is None else "left" if found == min(curve) else None,
        fewest_tried=min(curve),
        most_tried=max(curve),
        low=None if low is None else int(low),
        high=None if high is None else int(high),
        interval=bool(resampled),
        seeds=tuple(
            n_at_90({n: by_seed[seed] for n, by_seed in curve.items()})
            for seed in _common_seeds(curve)
        ),
    )


def area(curve: Mapping[int, BySeed]) -> Rate | None:
    """Return the area under exact match over the logarithm of n, as a share of the largest.

    One number for a whole learning curve: 1 is right from the fewest examples on. Trapezoids
    between the numbers tried; None with fewer than two of them. The interval is `rate`'s.

    Examples
    --------
    >>> area({1: {0: 0.0}, 10: {0: 1.0}, 100: {0: 1.0}}).mean
    0.75
    """
    seeds = _common_seeds(curve)
    if len(curve) < 2 or not seeds:
        return None
    return rate([_area({n: curve[n][seed] for n in curve}) for seed in seeds])


def solve_rate(seeds: Sequence[float]) -> SolveRate:
    """Return the share of seeds with every answer right, with a 95 % interval (Wilson, 1927).

    For three solved seeds of three, a bootstrap would give an interval without width.

    Examples
    --------
    >>> its = solve_rate([1.0, 1.0, 1.0])
    >>> its.mean, round(its.low, 2), its.high
    (1.0, 0.44, 1.0)
    """
    if not seeds:
        return SolveRate()
    solved = sum(value == 1.0 for value in seeds)
    low, high = _wilson(solved, len(seeds))
    return SolveRate(solved / len(seeds), low, high)


def _wilson(solved: int, count: int) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, spread = solved / count, z * z / count
    centre = share + spread / 2
    half = math.sqrt(spread * (share * (1 - share) + spread / 4))
    low, high = (centre - half) / (1 + spread), (centre + half) / (1 + spread)
    return max(0.0, low), min(1.0, high)


def _area(means: Mapping[int, float]) -> float:
    steps = list(pairwise(sorted(means)))
    under = sum(math.log(b / a) * (means[a] + means[b]) / 2 for a, b in steps)
    return min(1.0, under / sum(math.log(b / a) for a, b in steps))


def _common_seeds(curve: Mapping[Any, BySeed]) -> list[int]:
    """Return the seeds with a value everywhere; while a run goes on, some lack values."""
    return sorted(set.intersection(*map(set, curve.values()))) if curve else []


def _resampled(curve: Mapping[Any, BySeed], *, backwards: bool) -> list[float]:
    """Return, for each resample of seeds, the last point up to which the mean curve is good.

    From the least point upwards, or `backwards`, from the greatest downwards; infinite before the
    first. Empty with fewer than two seeds.
    """
    seeds = _common_seeds(curve)
    if len(seeds) < 2:
        return []
    import numpy as np

    points = sorted(curve, reverse=backwards)
    table = np.array([[curve[at][seed] for seed in seeds] for at in points])  # (points, seeds)
    means = table @ _weights(len(seeds)).T  # (points, resamples)
    # A sum of weighted shares may fall short of the mean by its rounding.
    reached = np.logical_and.accumulate(means >= GOOD - 1e-12).sum(axis=0)  # (resamples,)
    values = np.array([math.inf if backwards else -math.inf, *points])
    return sorted(values[reached].tolist())


def _percentiles(ordered: Sequence[float]) -> tuple[float | None, float | None]:
    """Return the ends of the interval, taken from the values, because some may be infinite."""
    if not ordered:
        return None, None
    tail = (1 - CONFIDENCE) / 2
    return ordered[int(tail * len(ordered))], ordered[math.ceil((1 - tail) * len(ordered)) - 1]


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _mean(values: Any) -> float:
    found = list(values)
    return float(sum(found) / len(found))
