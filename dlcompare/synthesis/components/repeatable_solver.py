"""A solver with a limit on work rather than on seconds.

The limit is in z3's own resource units, of which a second takes two to six million, so the
machine's load does not affect an answer as long as no deadline is reached. The order in which terms
are made influences z3, and so each solver has a separate context. This does not make an answer
fully independent of the rest of the process: with the same conditions, a hard query sometimes ended
differently after other work, for reasons unknown.
"""

import time
from typing import Any

import z3

from dlcompare.synthesis.dsl.limits import OutOfTimeError

__all__ = ["OutOfEffortError", "RepeatableSolver"]

FIRST_EFFORT = 13_000_000
"""The resources of a query before a retry with another seed."""

MOST_EFFORT = 2**32 - 1
"""The largest limit that z3 accepts."""


class OutOfEffortError(Exception):
    """z3 did not answer within its resource limit."""


class RepeatableSolver:
    """A solver for a logic by its SMT-LIB name, or for any (None)."""

    def __init__(self, logic: str | None, seed: int = 0) -> None:
        self._context, self._seed = z3.Context(), seed
        if logic:
            self._solver = z3.SolverFor(logic, ctx=self._context)
        else:
            self._solver = z3.Solver(ctx=self._context)

    def add(self, *conditions: Any) -> None:
        """Add conditions, as terms of z3's main context."""
        self._solver.add(*(condition.translate(self._context) for condition in conditions))

    def check(self, deadline: float, effort: int | None = None) -> bool:
        """Return whether the conditions are satisfiable.

        Parameters
        ----------
        deadline : float
            Time limit, by the monotonic clock, in seconds.
        effort : int, optional
            Resource limit; without it, other seeds are tried up to the deadline.

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
            # The cost of hard queries varies a hundredfold with the seed, so try another.
            allowed, seed = min(2 * allowed, MOST_EFFORT), seed + 1
        raise OutOfTimeError

    def model(self) -> Any:
        """Return a model of the conditions, in z3's main context."""
        return self._solver.model().translate(z3.main_ctx())
