"""The estimates that statistics return: means with intervals, counts of examples, differences.

An interval is None where there are too few seeds, tasks or pairs for one.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Aggregate", "Difference", "ExamplesNeeded", "HorizonInterval", "Rate", "SolveRate"]


@dataclass(frozen=True)
class Rate:
    """A share over seeds.

    Attributes
    ----------
    mean : float
    low, high : float, optional
        The ends of its 95 % interval.
    seeds : tuple of float
        The share of each seed.
    """

    mean: float
    low: float | None
    high: float | None
    seeds: tuple[float, ...]


@dataclass(frozen=True)
class SolveRate:
    """The share of seeds with every answer right, with its 95 % interval."""

    mean: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ExamplesNeeded:
    """The examples that a learner needs for 90 %, with what is not known of that number.

    Attributes
    ----------
    n : int, optional
        The number; None if it is censored on the right.
    censored : {"right", "left"}, optional
        ``"right"``: more than `most_tried` are needed; ``"left"``: no fewer were tried.
    fewest_tried, most_tried : int, optional
        None if nothing was tried.
    low, high : int, optional
        The ends of the 95 % interval; a `high` of None stands for more than `most_tried`.
    interval : bool
        Whether there is an interval.
    seeds : tuple of (int or None)
        The number of each seed; None where it is censored on the right.
    """

    n: int | None = None
    censored: Literal["right", "left"] | None = None
    fewest_tried: int | None = None
    most_tried: int | None = None
    low: int | None = None
    high: int | None = None
    interval: bool = False
    seeds: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class HorizonInterval:
    """The 95 % interval of a horizon over seeds.

    Attributes
    ----------
    low, high : int or float, optional
        Levels; None stands for a horizon before the first level.
    seeds : int
        The number of seeds; below two there is no interval.
    """

    low: int | float | None = None
    high: int | float | None = None
    seeds: int = 0


@dataclass(frozen=True)
class Aggregate:
    """The interquartile mean over tasks and seeds, with its 95 % interval.

    Attributes
    ----------
    mean : float
    low, high : float, optional
        None where a task has one seed only.
    tasks : tuple of str
    scores : int
        The number of scores, one for each task and seed.
    """

    mean: float
    low: float | None
    high: float | None
    tasks: tuple[str, ...]
    scores: int


@dataclass(frozen=True)
class Difference:
    """The mean difference over pairs, and whether chance explains it.

    Attributes
    ----------
    difference : float, optional
        First minus second; None without a pair.
    low, high : float, optional
        The ends of its 95 % interval.
    p : float, optional
        The two-sided p-value of the sign-flip test; None without a pair.
    pairs, pairs_needed : int
        The number of pairs, and the fewest with which p can be below 0.05.
    verdict : {"different", "not shown", "too few pairs"}
    """

    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    pairs: int
    pairs_needed: int
    verdict: Literal["different", "not shown", "too few pairs"]
