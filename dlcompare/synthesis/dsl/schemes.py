"""Recursion schemes: patterns of recursion with holes for the terms of each step.

A scheme is data: the Python that it prints as, its holes, and the contexts that each hole can meet
on the examples. `strategies.recursion_schemes` fills the holes. The names are those of Meijer,
Fokkinga and Paterson (1991); divide and conquer is a hylomorphism over a binary tree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Template

import numpy as np

from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["RESULT", "SCHEMES", "SOURCES", "Hole", "Scheme"]

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
    """Return an element with the elements after it, and one that is equal to one of these."""
    xs = row[0]
    return [(x, xs[i + 1 :]) for i in range(len(xs[:2])) for x in (xs[i], *xs[i + 1 : i + 2])]


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


def _nothing(_row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [()]


def _first(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [(x,) for x in row[0][:1]]


def _elements(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [(x,) for x in dict.fromkeys(row[0][:8])]


def _first_and_rest(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    return [(x, row[0][1:]) for x in row[0][:1]]


def _first_and_result(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    """Return an element with a result: that of the example itself, or of another."""
    other = rows[int(rng.integers(len(rows)))][1]
    return [(x, result) for x in row[0][:1] for result in (row[1], other)]


def _two(row: Row, _rows: Sequence[Row], _rng: np.random.Generator) -> Contexts:
    """Return the first elements of two lists, in either order, and equal ones."""
    return [pair for x, y in _heads(row) for pair in ((x, y), (y, x), (x, x))]


def _two_and_result(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    return [(x, y, result) for x, y in _heads(row) for result in _some(1, rows, rng)]


def _two_and_results(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    return [(x, y, *_some(3, rows, rng)) for x, y in _heads(row)]


def _element_and_result(row: Row, rows: Sequence[Row], rng: np.random.Generator) -> Contexts:
    return [(x, result) for x in row[0][1][:1] for result in _some(1, rows, rng)]


def _heads(row: Row) -> list[tuple[Value, Value]]:
    first, second = row[0]
    return list(zip(first[:1], second[:1], strict=False))


def _some(count: int, rows: Sequence[Row], rng: np.random.Generator) -> list[Value]:
    return [rows[int(rng.integers(len(rows)))][1] for _ in range(count)]


PARAMORPHISM = Scheme(
    "paramorphism",
    (INTS,),
    (INT, BOOL, INTS),
    """\
$acc = $initial
for $i in reversed(range(len($source))):
    $x, $rest = $source[$i], $source[$i + 1:]
    $acc = $body
return $acc""",
    (
        Hole("initial", (), None, _nothing),
        Hole("body", (("x", INT), ("rest", INTS), ("acc", RESULT)), None, _steps),
    ),
)
"""A fold whose body also sees the rest of the list."""

UNFOLD = Scheme(
    "unfold",
    (INTS,),
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
    (INTS,),
    (INTS,),
    """\
if not $source:
    return []
$x, $rest = $source[0], $source[1:]
$before, $after = $left, $right
return $combine""",
    (
        Hole(
            "left", (("x", INT), ("rest", INTS)), INTS, _parts, _no_longer, whole=True, hidden=(0,)
        ),
        Hole(
            "right", (("x", INT), ("rest", INTS)), INTS, _parts, _no_longer, whole=True, hidden=(0,)
        ),
        Hole(
            "combine",
            (("x", INT), ("a", INTS), ("b", INTS)),
            INTS,
            _halves,
            whole=True,
            hidden=(0,),
        ),
    ),
    together=lambda values: all(map(_disjoint, values["left"], values["right"], values["rest"])),
    calls={"a": ("$before",), "b": ("$after",)},
)
"""Solves two parts of the list's tail and combines the results."""

UNTIL = Scheme(
    "accumulate_until",
    (INT,),
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
    (INT,),
    (INT,),
    """\
$a, $b = $first, $second
for _ in range($source):
    $a, $b = $b, $step
return $a""",
    (
        Hole("first", (), INT, _nothing),
        Hole("second", (), INT, _nothing),
        Hole("step", (("a", INT), ("b", INT)), INT, _last_two),
    ),
    counts=True,
)
"""Computes each number from the previous two: a histomorphism of bounded depth."""

LIST = Scheme(
    "list_recursion",
    (INTS,),
    (INT, BOOL, INTS),
    """\
if not $source:
    return $base
$first, $rest = $source[0], $source[1:]
if $test:
    return $found
return $step""",
    (
        Hole("base", (), None, _nothing, answers=lambda xs: not xs, hidden=(0,)),
        Hole("test", (("first", INT),), BOOL, _elements, hidden=(0,)),
        Hole("found", (("first", INT), ("rest", INTS)), None, _first_and_rest),
        Hole("step", (("first", INT), ("again", RESULT)), None, _first_and_result, hidden=(0,)),
    ),
    calls={"again": ("$rest",)},
)
"""Goes through a list until an element passes a test."""

NONEMPTY = Scheme(
    "nonempty_recursion",
    (INTS,),
    (INT, BOOL, INTS),
    """\
$first, $rest = $source[0], $source[1:]
if not $rest:
    return $base
$result = $again
return $found if $test else $step""",
    (
        Hole("base", (("first", INT),), None, _first, answers=lambda xs: len(xs) == 1, hidden=(0,)),
        Hole("test", (("first", INT), ("result", RESULT)), BOOL, _first_and_result, hidden=(0,)),
        Hole("found", (("first", INT), ("result", RESULT)), None, _first_and_result, hidden=(0,)),
        Hole("step", (("first", INT), ("result", RESULT)), None, _first_and_result, hidden=(0,)),
    ),
    calls={"again": ("$rest",)},
)
"""Chooses between two values by the first element and the result for the others."""

_NEXT = {
    "again": ("$rest", "$others"),
    "left": ("$rest", "$other"),
    "right": ("$source", "$others"),
}
_HEADS = (("x", INT), ("y", INT))
_RESULTS = tuple((name, RESULT) for name in _NEXT)

ZIP = Scheme(
    "zip_recursion",
    (INTS, INTS),
    (INT, BOOL, INTS),
    """\
if not $source:
    return $second
if not $other:
    return $first
$x, $rest = $source[0], $source[1:]
$y, $others = $other[0], $other[1:]
return $step""",
    (
        Hole("second", (), None, _nothing, answers=lambda both: not both[0], hidden=(0,)),
        Hole(
            "first", (), None, _nothing, answers=lambda both: both[0] and not both[1], hidden=(1,)
        ),
        Hole("step", (*_HEADS, ("again", RESULT)), None, _two_and_result, hidden=(0, 1)),
    ),
    calls={"again": _NEXT["again"]},
)
"""Goes through two lists together."""

MERGE = Scheme(
    "merge_recursion",
    ZIP.sources,
    ZIP.results,
    ZIP.template.replace("return $step", "if $test:\n    return $found\nreturn $step"),
    (
        *ZIP.holes[:2],
        Hole("test", _HEADS, BOOL, _two, hidden=(0, 1)),
        Hole("found", (*_HEADS, *_RESULTS), None, _two_and_results, hidden=(0, 1), calls=1),
        Hole("step", (*_HEADS, *_RESULTS), None, _two_and_results, hidden=(0, 1), calls=1),
    ),
    calls=_NEXT,
)
"""Goes through two lists; a test on their first elements says what comes next, and from which."""

COUNTDOWN = Scheme(
    "countdown_recursion",
    (INT, INTS),
    (INT, BOOL, INTS),
    """\
if $source <= 0:
    return $zero
if not $other:
    return $empty
$x, $rest = $other[0], $other[1:]
return $step""",
    (
        Hole("zero", (), None, _nothing, answers=lambda both: both[0] <= 0, hidden=(0,)),
        Hole(
            "empty",
            (),
            None,
            _nothing,
            answers=lambda both: both[0] > 0 and not both[1],
            hidden=(1,),
        ),
        Hole("step", (("x", INT), ("again", RESULT)), None, _element_and_result, hidden=(0, 1)),
    ),
    calls={"again": ("$source - 1", "$rest")},
    counts=True,
)
"""Counts a number down along a list."""

SCHEMES = (
    PARAMORPHISM, UNFOLD, DIVIDE, UNTIL, RECURRENCE, LIST, NONEMPTY, ZIP, MERGE, COUNTDOWN,
)  # fmt: skip
