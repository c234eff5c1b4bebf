"""Test whether two learners differ on the same examples: the paired sign-flip test.

Two learners' trials of one seed saw the same examples in the same order, so their difference is
taken seed by seed. If the learners were alike, each difference would be as likely with the other
sign; the p-value is the share of all sign assignments whose mean is at least as far from zero
(Fisher, 1935). With k pairs there are 2ᵏ assignments and two of them are extreme: below six pairs
no difference, however large, reaches p < 0.05.
"""

import itertools
from collections.abc import Mapping
from typing import Any, Literal

from dlcompare.compare.statistics.estimates import Difference
from dlcompare.compare.statistics.seeds import rate

__all__ = ["ALPHA", "PAIRS_NEEDED", "compare"]

ALPHA = 0.05
PAIRS_NEEDED = 6
"""The fewest pairs with 2 / 2ᵏ < ALPHA."""

_EXACT_UP_TO = 14
_RESAMPLES = 20_000
_ROUNDING = 1e-12


def compare(first: Mapping[Any, float], second: Mapping[Any, float]) -> Difference:
    """Return the mean paired difference, its interval, and the sign-flip p-value.

    Parameters
    ----------
    first, second : mapping to float
        One value for each pair (a seed, a task); pairs with only one value are left out.

    Examples
    --------
    >>> its = compare({0: 1.0, 1: 1.0, 2: 1.0}, {0: 0.0, 1: 0.0, 2: 0.0})
    >>> its.difference, its.p, its.verdict
    (1.0, 0.25, 'too few pairs')
    """
    differences = [first[pair] - second[pair] for pair in first if pair in second]
    if not differences:
        return Difference(None, None, None, None, 0, PAIRS_NEEDED, "too few pairs")
    its, p = rate(differences), _sign_flip(differences)
    verdict: Literal["different", "not shown", "too few pairs"]
    if len(differences) < PAIRS_NEEDED:
        verdict = "too few pairs"
    else:
        verdict = "different" if p < ALPHA else "not shown"
    return Difference(its.mean, its.low, its.high, p, len(differences), PAIRS_NEEDED, verdict)


def _sign_flip(differences: list[float]) -> float:
    """Return the two-sided p-value: exact for few pairs, from a seeded sample for many."""
    import numpy as np

    sizes = np.array(differences)
    if len(sizes) <= _EXACT_UP_TO:
        signs = np.array(list(itertools.product((1, -1), repeat=len(sizes))))
        sums = np.abs(signs @ sizes)
        return float(np.mean(sums >= abs(sizes.sum()) - _ROUNDING))
    signs = np.random.default_rng(0).choice((1, -1), size=(_RESAMPLES, len(sizes)))
    extreme = int(np.sum(np.abs(signs @ sizes) >= abs(sizes.sum()) - _ROUNDING))
    # The observed assignment is one of them, so that no p-value is zero (Phipson, Smyth, 2010).
    return (extreme + 1) / (_RESAMPLES + 1)
