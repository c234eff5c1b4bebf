"""A recursion scheme: the Python that it prints as, and its holes for the terms of each step."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template

import numpy as np

from dlcompare.tasks.types import Type, Value

__all__ = ["RESULT", "SOURCES", "Contexts", "Hole", "Row", "Scheme"]

SOURCES = ("source", "other")
"""The names of the sources in a template."""

RESULT = Type("result")
"""The type of the program's result, among the parameters of a hole."""

Row = tuple[Value, Value]
"""The source and the output of an example."""

Contexts = list[tuple[Value, ...]]


@dataclass(frozen=True)
class Hole:
    """A place in a scheme for a term.

    Attributes
    ----------
    name : str
        Its name in the template.
    parameters : tuple of (str, Type)
        The variables of the term, in addition to the other parameters of the program.
    result : Type
        The type of the term; ``None`` for the result type of the program.
    contexts : callable
        Yields values of `parameters` that the term can meet, from an example and a generator.
    fits : callable
        Whether the term may have a value (the last argument) in a context; a term whose value is
        ruled out is not tried.
    whole : bool
        Whether the term must use all its parameters.
    answers : callable
        Whether the term alone gives the output of an example with this source.
    hidden : tuple of int
        The sources, by their places, that the term does not see.
    calls : int
        The most results of recursive calls that the term may use.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type | None
    contexts: Callable[[Row, Sequence[Row], np.random.Generator], Contexts]
    fits: Callable[..., bool] = lambda *_: True
    whole: bool = False
    answers: Callable[[Value], bool] = lambda _: False
    hidden: tuple[int, ...] = ()
    calls: int = 2


@dataclass(frozen=True)
class Scheme:
    """A pattern of recursion.

    Attributes
    ----------
    name : str
        Its name in prefix notation.
    sources : tuple of Type
        The types of the parameters that it recurs over, one or two.
    results : tuple of Type
        The types of its result.
    template : str
        Python statements over ``$source`` and ``$other`` (the second source), the names of the
        holes and the names that it binds.
    holes : tuple of Hole
        The holes, in the order of the search.
    cost : int
        Bits.
    together : callable, optional
        Whether values of all holes in their contexts, by name, are compatible.
    counts : bool
        Whether the int that it recurs over is the number of its steps.
    calls : mapping of str to tuple of str
        The recursive calls, by names for their results, each with the Python of its sources. A
        hole that takes a result calls the program there.
    """

    name: str
    sources: tuple[Type, ...]
    results: tuple[Type, ...]
    template: str
    holes: tuple[Hole, ...]
    cost: int = 14
    together: Callable[[Mapping[str, Sequence[Value]]], bool] | None = None
    counts: bool = False
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that the template binds, and those of the results of its calls."""
        taken = {*SOURCES, *(hole.name for hole in self.holes)}
        found = [*Template(self.template).get_identifiers(), *self.calls]
        return tuple(name for name in dict.fromkeys(found) if name not in taken)

    @property
    def result(self) -> str:
        """Return the name of the result in the template, or "" if it is not a name."""
        last = self.template.rstrip().splitlines()[-1].removeprefix("return $")
        return last if last in self.names else ""

    def python(self, parts: Mapping[str, str]) -> list[str]:
        """Return the statements with all names and parts filled in."""
        return Template(self.template).substitute(parts).splitlines()

    def recursive_calls(
        self, parts: Mapping[str, str], function: str, parameters: Sequence[str]
    ) -> dict[str, str]:
        """Return the Python of each call of a function with these parameters."""
        written = {}
        for name, arguments in self.calls.items():
            smaller = (Template(argument).substitute(parts) for argument in arguments)
            given = dict(
                zip((parts[source] for source in SOURCES if source in parts), smaller, strict=True)
            )
            values = (given.get(parameter, parameter) for parameter in parameters)
            written[name] = f"{function}({', '.join(values)})"
        return written
