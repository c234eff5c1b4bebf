"""Recursion schemes: patterns of recursion with holes for the terms of each step.

A scheme is data: the Python that it prints as, its holes, and the contexts that each hole can meet
on the examples. `strategies.recursion_schemes` fills the holes. The names are those of Meijer,
Fokkinga and Paterson (1991); divide and conquer is a hylomorphism over a binary tree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import Template

import numpy as np

from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["SCHEMES", "SELECTION", "Hole", "Scheme"]

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
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type | None
    contexts: Callable[[Row, Sequence[Row], np.random.Generator], Contexts]
    fits: Callable[..., bool] = lambda *_: True
    whole: bool = False


@dataclass(frozen=True)
class Scheme:
    """A pattern of recursion.

    Attributes
    ----------
    name : str
        Its name in prefix notation.
    source : Type
        The type of the parameter that it recurs over.
    results : tuple of Type
        The types of its result.
    template : str
        Python statements over ``$source``, the names of the holes and the names that it binds.
    holes : tuple of Hole
        The holes, in the order of the search.
    cost : int
        Bits.
    together : callable
        Whether values of all holes in their contexts, by name, are compatible.
    counts : bool
        Whether the int that it recurs over is the number of its steps.
    """

    name: str
    source: Type
    results: tuple[Type, ...]
    template: str
    holes: tuple[Hole, ...]
    cost: int = 14
    together: Callable[[Mapping[str, Sequence[Value]]], bool] = lambda _: True
    counts: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names that the template binds, except ``source`` and the holes."""
        taken = {"source", *(hole.name for hole in self.holes)}
        found = Template(self.template).get_identifiers()
        return tuple(name for name in found if name not in taken)

    @property
    def result(self) -> str:
        """Return the name of the result in the template, or "" if it is not a name."""
        last = self.template.rstrip().splitlines()[-1].removeprefix("return $")
        return last if last in self.names else ""

    def python(self, parts: Mapping[str, str]) -> list[str]:
        """Return the statements with all names and parts filled in."""
        return Template(self.template).substitute(parts).splitlines()


def _steps(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    """Return contexts of an element, the rest of the list, and an output as accumulator."""
    xs = row[0]
    return [
        (xs[i], xs[i + 1 :], rows[int(rng.integers(len(rows)))][1]) for i in range(min(len(xs), 4))
    ]


def _states(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [(row[0],), (row[0][1:],)] if len(row[0]) > 1 else [(row[0],)] * len(row[0])


def _picked(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    """Return a value picked from a state, likely the output's first element, and the state."""
    values = [*row[1][:1], row[0][int(rng.integers(len(row[0])))]] if row[0] else []
    return [(value, state) for value in values for (state,) in _states(row, rows, rng)]


def _no_longer(*values: Value) -> bool:
    return len(values[-1]) <= len(values[-2])


def _disjoint(left: Value, right: Value, rest: Value) -> bool:
    """Return whether two parts hold no more elements than the list, lest the work double."""
    return len(left) + len(right) <= len(rest)


def _parts(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [(row[0][i], row[0][i + 1 :]) for i in range(len(row[0][:2]))]


def _halves(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    """Return an element between two solved parts."""
    first, second = (rows[int(rng.integers(len(rows)))][1] for _ in range(2))
    return [(x, first, second) for x in row[0][:1]]


def _numbers(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [(value,) for value in dict.fromkeys(row)]


def _last_two(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    """Return contexts of two consecutive results: outputs, or small numbers."""
    first, second = (rows[int(rng.integers(len(rows)))][1] for _ in range(2))
    return [(first, second), (0, 1), (1, row[1])]


PARAMORPHISM = Scheme(
    "paramorphism",
    INTS,
    (INT, BOOL, INTS),
    """\
$acc = $initial
for $i in reversed(range(len($source))):
    $x, $rest = $source[$i], $source[$i + 1:]
    $acc = $body
return $acc""",
    (
        Hole("initial", (), None, lambda *_: [()]),
        Hole("body", (("x", INT), ("rest", INTS), ("acc", Type("result"))), None, _steps),
    ),
)
"""A fold whose body also sees the rest of the list."""

UNFOLD = Scheme(
    "unfold",
    INTS,
    (INTS,),
    """\
$out, $state = [], $source
for _ in range(len($source)):
    if not $state:
        break
    $x = $pick
    $out += $chunk
    $state = $next
return $out""",
    (
        Hole("pick", (("state", INTS),), INT, _states),
        Hole("chunk", (("x", INT), ("state", INTS)), INTS, _picked, _no_longer),
        Hole("next", (("x", INT), ("state", INTS)), INTS, _picked, _no_longer),
    ),
)
"""Unfolds a shrinking state, piece by piece."""

DIVIDE = Scheme(
    "divide_and_conquer",
    INTS,
    (INTS,),
    """\
def $solve($part):
    if not $part:
        return []
    $x, $rest = $part[0], $part[1:]
    $a, $b = $solve($left), $solve($right)
    return $combine
return $solve($source)""",
    (
        Hole("left", (("x", INT), ("rest", INTS)), INTS, _parts, _no_longer, whole=True),
        Hole("right", (("x", INT), ("rest", INTS)), INTS, _parts, _no_longer, whole=True),
        Hole("combine", (("x", INT), ("a", INTS), ("b", INTS)), INTS, _halves, whole=True),
    ),
    together=lambda values: all(map(_disjoint, values["left"], values["right"], values["rest"])),
)
"""Solves two parts of the list's tail and combines the results."""

UNTIL = Scheme(
    "accumulate_until",
    INT,
    (INT,),
    """\
$acc = $source
for _ in range(1000):
    if $stop:
        break
    $acc = $step
return $acc""",
    (
        Hole("stop", (("acc", INT),), BOOL, _numbers),
        Hole("step", (("acc", INT),), INT, _numbers),
    ),
)
"""Repeats a step until a condition holds."""

RECURRENCE = Scheme(
    "recurrence",
    INT,
    (INT,),
    """\
$a, $b = $first, $second
for _ in range($source):
    $a, $b = $b, $step
return $a""",
    (
        Hole("first", (), INT, lambda *_: [()]),
        Hole("second", (), INT, lambda *_: [()]),
        Hole("step", (("a", INT), ("b", INT)), INT, _last_two),
    ),
    counts=True,
)
"""Computes each number from the previous two: a histomorphism of bounded depth."""

SELECTION = Scheme(
    "selection",
    INTS,
    (),
    """\
$out, $rest = [], list($source)
while $rest:
    $x = next($y for $y in $rest if all($before for $z in $rest))
    $rest.remove($x)
    $out.append($x)
return $out""",
    (Hole("before", (("y", INT), ("z", INT)), BOOL, lambda *_: []),),
    cost=8,
)
"""Picks, again and again, the first element that stands before all that are left."""

SCHEMES = (PARAMORPHISM, UNFOLD, DIVIDE, UNTIL, RECURRENCE)
