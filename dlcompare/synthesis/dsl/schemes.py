"""Recursion schemes: patterns of recursion, with the contexts that their holes can meet.

`strategies.recursion_schemes` fills the holes. The names are those of Meijer,
Fokkinga and Paterson (1991); divide and conquer is a hylomorphism over a binary tree.
"""

from collections.abc import Sequence

import numpy as np

from dlcompare.synthesis.dsl.holes import RESULT, Contexts, Hole, Row, Scheme
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = [
    "COUNTDOWN",
    "DIVIDE",
    "LIST",
    "MERGE",
    "NONEMPTY",
    "PARAMORPHISM",
    "RECURRENCE",
    "SCHEMES",
    "SELECTION",
    "UNFOLD",
    "UNTIL",
    "ZIP",
]


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
if $test:
    return $found
return $step""",
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

SELECTION = Scheme(
    "selection",
    (INTS,),
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

SCHEMES = (
    PARAMORPHISM, UNFOLD, DIVIDE, UNTIL, RECURRENCE, LIST, NONEMPTY, ZIP, MERGE, COUNTDOWN,
)  # fmt: skip
