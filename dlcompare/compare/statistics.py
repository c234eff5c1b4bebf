"""From the trials' numbers to what is said about them. Pure functions."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

__all__ = ["GOOD", "horizon", "n_at_90", "rate"]

GOOD = 0.9
"""The mean exact match from which a learner is said to have learned."""

_CONFIDENCE = 0.95
_RESAMPLES = 2_000


def rate(seeds: Sequence[float]) -> dict[str, Any]:
    """Mean over seeds with a 95 % percentile bootstrap interval (Efron, 1979).

    One seed has no interval: ``low`` and ``high`` are None then. The resampling is seeded, so that
    the same numbers have the same interval.

    Examples
    --------
    >>> rate([1.0])
    {'mean': 1.0, 'low': None, 'high': None, 'seeds': [1.0]}
    """
    low, high = _interval(tuple(seeds))
    mean = sum(seeds) / len(seeds) if seeds else None
    return {"mean": mean, "low": low, "high": high, "seeds": list(seeds)}


@lru_cache(maxsize=4096)
def _interval(seeds: tuple[float, ...]) -> tuple[float | None, float | None]:
    if len(seeds) < 2:
        return None, None
    if min(seeds) == max(seeds):
        return seeds[0], seeds[0]
    import numpy as np
    from scipy.stats import bootstrap

    interval = bootstrap(
        (np.array(seeds),),
        np.mean,
        n_resamples=_RESAMPLES,
        confidence_level=_CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def n_at_90(means: Mapping[int, float]) -> int | None:
    """The smallest number of examples whose mean exact match and every larger one's is ≥ 0.9.

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
    """The largest level such that it and all smaller ones have a mean exact match ≥ 0.9.

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
