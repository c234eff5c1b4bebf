"""An exercise: a function that a course sets, and how to draw inputs for it.

A sampler is called with a generator and whether the input is a larger one. Inputs to learn from are
small ones, as in a worksheet; those that are judged are larger, where the exercise has larger ones.
"""

import inspect
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from dlcompare.tasks.declaration import signature_of
from dlcompare.tasks.given import GivenProblem
from dlcompare.tasks.problem import Examples, Inputs, Signature
from dlcompare.tasks.splits import canonical

__all__ = ["EXERCISES", "Exercise", "Sampler", "exercise"]

TRAINING, HELD_OUT = 16, 64
"""The examples of a problem, fewer where there are no more inputs."""

_PATIENCE = 500
"""The draws in a row without a new input after which there are no more."""

Sampler: TypeAlias = Callable[[random.Random, bool], Any]
"""``(rng, larger) -> value``."""

Function: TypeAlias = Callable[..., Any]


@dataclass(frozen=True)
class Exercise:
    """A function that a course sets.

    Attributes
    ----------
    function : callable
        The reference, annotated; its docstring ends with an example.
    sampler : Sampler
        Draws a tuple with a value for each parameter.
    """

    function: Function
    sampler: Sampler

    @property
    def signature(self) -> Signature:
        """Name, parameters and result, as annotated."""
        return signature_of(self.function)

    @property
    def worked_example(self) -> str:
        """The example of the docstring: an expression that is true."""
        return inspect.getdoc(self.function).split("``")[-2]  # type: ignore[union-attr]

    def problem(self) -> GivenProblem:
        """Return the problem: examples to learn from, and distinct, larger ones held out.

        They are the same every time.
        """
        signature = self.signature
        rng = random.Random(signature.name)
        seen: set[Any] = set()
        training = self._examples(rng, TRAINING, False, seen)
        held_out = self._examples(rng, HELD_OUT, True, seen)
        return GivenProblem(signature.name, signature, training, held_out)

    def _examples(self, rng: random.Random, count: int, larger: bool, seen: set[Any]) -> Examples:
        names = [name for name, _ in self.signature.parameters]
        rows: list[Inputs] = []
        misses = 0
        while len(rows) < count and misses < _PATIENCE:
            row = dict(zip(names, self.sampler(rng, larger), strict=True))
            misses += 1
            if canonical(row) not in seen:
                misses = 0
                seen.add(canonical(row))
                rows.append(row)
        return Examples.from_rows(names, rows, [self.function(**row) for row in rows])


EXERCISES: dict[str, Exercise] = {}
"""Every exercise of the modules imported so far, by name."""


def exercise(together: Sampler | None = None, **each: Sampler) -> Callable[[Function], Function]:
    """Declare a function as an exercise.

    Parameters
    ----------
    together : Sampler, optional
        Draws all arguments, as a tuple.
    **each : Sampler
        Draws the argument of that name.
    """

    def separately(rng: random.Random, larger: bool) -> tuple[Any, ...]:
        return tuple(sampler(rng, larger) for sampler in each.values())

    def declare(function: Function) -> Function:
        parameters = list(inspect.signature(function).parameters)
        if together is None and parameters != list(each):
            raise ValueError(f"{function.__name__} takes {parameters}, {list(each)} are drawn")
        EXERCISES[function.__name__] = Exercise(function, together or separately)
        return function

    return declare
