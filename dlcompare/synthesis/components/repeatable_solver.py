"""A solver that gives up after so much work, not after so many seconds.

What a query may cost is counted in z3's own resources, of which two to six million go by in a
second: the machine's load is no part of an answer, as long as no deadline is reached. The order in
which terms were made steers z3, and so each solver has a context of its own. That does not make an
answer independent of the rest of the process: with the same conditions, a hard query sometimes went
another way when other work was done before or between. It was not found out why.
"""

import time
from typing import Any

import z3

from dlcompare.synthesis.dsl.limits import OutOfTimeError

__all__ = ["OutOfEffortError", "RepeatableSolver"]

FIRST_EFFORT = 13_000_000
"""That a query has before it is tried again with another seed."""

MOST_EFFORT = 2**32 - 1
"""The largest limit that z3 takes."""


class OutOfEffortError(Exception):
    """z3 did not answer with the resources that it was given."""


class RepeatableSolver:
    """A solver for a logic by its SMT-LIB name, or for any (None)."""

    def __init__(self, logic: str | None, seed: int = 0) -> None:
        self._context, self._seed = z3.Context(), seed
        if logic:
            self._solver = z3.SolverFor(logic, ctx=self._context)
        else:
            self._solver = z3.Solver(ctx=self._context)

    def add(self, *conditions: Any) -> None:
        """Demand conditions, terms of z3's main context."""
        self._solver.add(*(condition.translate(self._context) for condition in conditions))

    def check(self, deadline: float, effort: int | None = None) -> bool:
        """Return whether the conditions can be met together.

        Parameters
        ----------
        deadline : float
            By the monotonic clock.
        effort : int, optional
            Resources to give up after; without it, other seeds are tried up to the deadline.

        Raises
        ------
        OutOfEffortError, OutOfTimeError
        """
        allowed, seed = effort or FIRST_EFFORT, self._seed
        while (remaining := deadline - time.monotonic()) > 0:
            self._solver.set("timeout", max(1, int(remaining * 1000)))
            self._solver.set("rlimit", allowed)
            self._solver.set("random_seed", seed)
            answer = self._solver.check()
            if answer != z3.unknown:
                return bool(answer == z3.sat)
            if effort:
                raise OutOfEffortError
            # The cost of hard queries varies a hundredfold with the seed: better luck next time.
            allowed, seed = min(2 * allowed, MOST_EFFORT), seed + 1
        raise OutOfTimeError

    def model(self) -> Any:
        """Return a model of the conditions, in z3's main context."""
        return self._solver.model().translate(z3.main_ctx())
