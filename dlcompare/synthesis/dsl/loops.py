"""Loops while a condition holds.

The searches in `strategies.columns.traces` and `strategies.least_value` fill the holes.
"""

from dlcompare.synthesis.dsl.holes import Hole, Scheme
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["DIGITS", "FINAL", "FIRST", "GREATEST", "LEAST", "SECOND", "STEPS", "TRACE"]


def _hole(name: str, variables: str, result: Type = INT) -> Hole:
    return Hole(name, tuple((each, INT) for each in variables.split()), result, lambda *_: [])


_START = _hole("start", "")
_WHILE, _NEXT = _hole("more", "state", BOOL), _hole("next", "state")

TRACE = Scheme(
    "trace",
    (),
    (INTS,),
    """\
$trace, $state = [], $start
while $more:
    $trace.append($state)
    $state = $next
return $trace""",
    (_START, _WHILE, _NEXT),
)
"""The states of a loop, without the last."""

FINAL = Scheme(
    "final",
    (),
    (INT,),
    """\
$state = $start
while $more:
    $state = $next
return $state""",
    (_START, _WHILE, _NEXT),
)
"""The last state of a loop."""

STEPS = Scheme(
    "steps",
    (),
    (INT,),
    """\
$steps, $state = 0, $start
while $more:
    $steps, $state = $steps + 1, $next
return $steps""",
    (_START, _WHILE, _NEXT),
)
"""The number of steps of a loop."""

DIGITS = Scheme(
    "digits",
    (),
    (INTS,),
    """\
$digits, $state = [], $start
while $more:
    $digits = [$digit] + $digits
    $state = $next
return $digits""",
    (_START, _WHILE, _hole("digit", "state"), _NEXT),
)
"""A value for every state of a loop, the last one first: an anamorphism."""

_PAIR = """\
$a, $b = $start, $other
while $more:
    $a, $b = $next, $following
"""

_TWO = (
    _START,
    _hole("other", ""),
    _hole("more", "a b", BOOL),
    _hole("next", "a b"),
    _hole("following", "a b"),
)

FIRST = Scheme("first_of_two", (), (INT,), f"{_PAIR}return $a", _TWO)
SECOND = Scheme("second_of_two", (), (INT,), f"{_PAIR}return $b", _TWO)
"""The last value of one of two variables that a loop changes together."""

_RANGE = (_START, _hole("more", "v", BOOL))

LEAST = Scheme(
    "least",
    (),
    (INT,),
    """\
$v = $start
while $more:
    $v += 1
return $v""",
    _RANGE,
    cost=8,
)
"""The least value, from a start on, at which a condition does not hold."""

GREATEST = Scheme("greatest", (), (INT,), LEAST.template.replace("+=", "-="), _RANGE, cost=8)
"""The greatest value, from a start down, at which a condition does not hold."""
