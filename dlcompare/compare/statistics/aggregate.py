"""Aggregate several tasks: the interquartile mean with a stratified bootstrap.

The mean over tasks follows its outliers, the median ignores nearly half of the scores. The
interquartile mean takes the middle half of all (task, seed) scores; its interval resamples seeds
within each task, because the tasks are the ones of interest and the seeds are a sample (Agarwal,
Schwarzer, Castro, Courville, Bellemare: Deep reinforcement learning at the edge of the statistical
precipice, 2021).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from dlcompare.compare.statistics.estimates import Aggregate
from dlcompare.compare.statistics.seeds import CONFIDENCE, RESAMPLES

__all__ = ["aggregate", "interquartile_mean"]


def interquartile_mean(scores: Sequence[float]) -> float:
    """Return the mean of the middle half: a quarter of the scores is left out at each end.

    If a quarter is not a whole number, the scores at the border count in part, so that no score
    jumps in or out.

    Examples
    --------
    >>> interquartile_mean([0.0, 0.4, 0.6, 1.0]), interquartile_mean([0.0, 0.5, 1.0])
    (0.5, 0.5)
    """
    import numpy as np

    return float(_interquartile_means(np.array([scores], dtype=float))[0])


def aggregate(scores: Mapping[str, Mapping[int, float]]) -> Aggregate | None:
    """Return the interquartile mean over tasks and seeds, with a 95 % bootstrap interval.

    Parameters
    ----------
    scores : mapping of str to (mapping of int to float)
        The scores by task and seed.

    Returns
    -------
    Aggregate or None
        None without a score.

    Examples
    --------
    >>> its = aggregate({"sorting": {0: 1.0, 1: 1.0}, "reverse": {0: 0.0, 1: 0.5}})
    >>> its.mean, its.tasks, its.scores
    (0.75, ('sorting', 'reverse'), 4)
    """
    strata = {task: by_seed for task, by_seed in scores.items() if by_seed}
    if not strata:
        return None
    every = [value for by_seed in strata.values() for value in by_seed.values()]
    low = high = None
    if all(len(by_seed) > 1 for by_seed in strata.values()):
        import numpy as np

        rng = np.random.default_rng(0)
        columns = []
        for by_seed in strata.values():
            values = np.array(list(by_seed.values()))
            columns.append(rng.choice(values, size=(RESAMPLES, len(values))))  # (resamples, seeds)
        means = _interquartile_means(np.concatenate(columns, axis=1))
        tail = 50 * (1 - CONFIDENCE)
        low, high = (float(each) for each in np.percentile(means, [tail, 100 - tail]))
    return Aggregate(interquartile_mean(every), low, high, tuple(strata), len(every))


def _interquartile_means(rows: Any) -> Any:
    """Return the interquartile mean of each row."""
    import numpy as np

    count = rows.shape[1]
    edges = np.arange(count + 1)
    low, high = count / 4, 3 * count / 4
    # The part of each rank that lies between the quartiles.
    weights = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, 1)
    return np.sort(rows, axis=1) @ weights / weights.sum()
