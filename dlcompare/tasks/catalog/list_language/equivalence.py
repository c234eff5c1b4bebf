"""Decide whether two programs of the list language are the same function.

First by what they do: equal results on fresh inputs, drawn anew for every pair. Programs that agree
there are then run on lists of unknown integers (symbolic execution): at every comparison z3 says
which outcomes are possible and each is followed, and at the end of every path z3 is asked for
integers that tell the results apart. Programs without such integers are proved equal for all lists
up to that length. A proof takes a bounded number of paths and of solver steps, so that the answer
is the same on every machine.
"""

import hashlib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from dlcompare.tasks.catalog.list_language.evaluator import ProgramError, run

__all__ = ["PROVED_LENGTH", "Verdict", "agree", "prove", "same"]

Verdict = Literal["proved", "refuted", "unknown"]

FRESH = 48
PROVED_LENGTH = 3
"""A proof holds for all integers and all lists up to this length."""

MOST_PATHS = 150
SOLVER_STEPS = 100_000


def same(one: str, other: str) -> bool:
    """Return whether two programs count as the same function.

    They agree on fresh inputs, and z3 does not refute that they are equal on all short lists.

    Examples
    --------
    >>> same("sorted(xs)[::-1]", "sorted(xs, reverse=True)"), same("xs[:2]", "xs[:3]")
    (True, False)
    """
    return one == other or (agree(one, other) and prove(one, other) != "refuted")


def agree(one: str, other: str) -> bool:
    """Return whether two programs give equal results, or both give none, on fresh inputs."""
    return all(_result(one, xs) == _result(other, xs) for xs in _fresh(one + "\n" + other))


def _fresh(key: str) -> Iterator[list[int]]:
    digest = hashlib.sha256(key.encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "little"))
    for i in range(FRESH):
        width = (3, 20, 200)[i % 3]
        yield rng.integers(-width, width + 1, size=i % 13).tolist()


def _result(text: str, xs: list[Any]) -> list[Any] | None:
    try:
        return run(text, xs)
    except ProgramError:
        return None


def prove(one: str, other: str, length: int = PROVED_LENGTH) -> Verdict:
    """Return whether two programs are equal on all lists of at most `length` integers.

    Returns
    -------
    {"proved", "refuted", "unknown"}
        ``unknown`` where a program does what the solver does not follow, or takes too many paths.

    Examples
    --------
    >>> prove("[x * 2 for x in xs]", "[x + x for x in xs]")
    'proved'
    >>> prove("[x for x in xs if x < 1000000]", "xs"), prove("xs[sum(xs):]", "xs[sum(xs):]")
    ('refuted', 'unknown')
    """
    from dlcompare.tasks.catalog.list_language.symbolic import Explorer, UnfollowedError

    explorer = Explorer(MOST_PATHS, SOLVER_STEPS)
    try:
        for size in range(length + 1):
            for unknowns in explorer.paths(size):
                if explorer.differ(_result(one, unknowns), _result(other, unknowns)):
                    return "refuted"
    except UnfollowedError:
        return "unknown"
    return "proved"
