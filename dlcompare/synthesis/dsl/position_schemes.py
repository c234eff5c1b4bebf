"""Schemes over the positions of a list: a rule at every position, and segments of neighbours.

A hole sees a position ``i`` and the element ``x`` there. A *segment* is a maximal stretch of a list
in which a relation joins all neighbours: equal ones, rising ones, or those that are not zero.
"""

from functools import cache

from dlcompare.synthesis.dsl.holes import Hole, Scheme
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = [
    "ARRANGED",
    "BLOCKS",
    "CHOSEN",
    "CHOSEN_TWO",
    "COMMONEST",
    "EVERY",
    "EVERY_TWO",
    "MARKER",
    "RAREST",
    "SEGMENT_ENDINGS",
    "blocks",
    "of_blocks",
    "of_starts",
    "segments",
]

_BITS = 6
"""Bits of a scheme, apart from its holes."""


def _hole(name: str, variables: str, result: Type | None = None) -> Hole:
    return Hole(name, tuple((each, INT) for each in variables.split()), result, lambda *_: [])


EVERY = Scheme(
    "every",
    (INTS,),
    (),
    "return [$value for $i, $x in enumerate($source)]",
    (_hole("value", "i x"),),
    _BITS,
)
"""A value for every position."""

CHOSEN = Scheme(
    "chosen",
    (INTS,),
    (),
    "return [$value for $i, $x in enumerate($source) if $keep]",
    (_hole("value", "i x"), _hole("keep", "i x", BOOL)),
    _BITS,
)
"""A value for every position that passes a test."""

EVERY_TWO = Scheme(
    "every_two",
    (INTS,),
    (),
    "return [$y for $i, $x in enumerate($source) for $y in ($value, $second)]",
    (_hole("value", "i x"), _hole("second", "i x")),
    _BITS,
)
"""Two values for every position."""

CHOSEN_TWO = Scheme(
    "chosen_two",
    (INTS,),
    (),
    "return [$y for $i, $x in enumerate($source) if $keep for $y in ($value, $second)]",
    (_hole("value", "i x"), _hole("second", "i x"), _hole("keep", "i x", BOOL)),
    _BITS,
)
"""Two values for every position that passes a test."""

ARRANGED = Scheme(
    "arranged",
    (INTS,),
    (INTS,),
    """\
$keys = [$key for $i, $x in enumerate($source)]
return [$source[$i] for $i in sorted(range(len($keys)), key=lambda $i: $keys[$i])]""",
    (_hole("key", "i x"),),
    _BITS,
)
"""The elements in the order of a key of their positions; those with equal keys keep theirs."""

_NONZERO = "($x for $x in $source if $x)"

RAREST = Scheme(
    "rarest", (INTS,), (INT,), f"return min({_NONZERO}, key=$source.count, default=0)", (), _BITS
)
"""The element other than zero that occurs least often."""

MARKER = Scheme(
    "marker",
    (INTS,),
    (INT,),
    f"""\
$rare = min({_NONZERO}, key=$source.count, default=0)
return $source.index($rare) if $source else 0""",
    (),
    _BITS,
)
"""The place of that element."""

COMMONEST = Scheme(
    "commonest", (INTS,), (INT,), f"return max({_NONZERO}, key=$source.count, default=0)", (), _BITS
)
"""The element other than zero that occurs most often."""

SEGMENT_ENDINGS: dict[str, tuple[Type, str]] = {
    "starts": (INTS, "$starts"),
    "offsets": (INTS, "[$i - $start for $i, $start in enumerate($starts)]"),
    "rests": (
        INTS,
        "[$start + $starts.count($start) - 1 - $i for $i, $start in enumerate($starts)]",
    ),
    "lengths": (INTS, "[$starts.count($start) for $start in $starts]"),
    "numbers": (INTS, "[sorted(set($starts)).index($start) for $start in $starts]"),
    "longest": (INT, "max([$starts.count($start) for $start in $starts], default=0)"),
    "segments": (INT, "len(set($starts))"),
    "sizes": (INTS, "[$starts.count($start) for $start in sorted(set($starts))]"),
}
"""What becomes of the start of every position's segment: its type, and its Python.

These are the starts; how many positions of its segment are before every position, and how many are
behind it; the length and the number of its segment; the largest length, the number of segments, and
the length of each.
"""

_JOINED = _hole("joined", "a b", BOOL)

_STARTS = """\
$starts = []
for $i, $b in enumerate($source):
    $a = $source[$i - 1]
    $starts.append($starts[-1] if $i and ($joined) else $i)
"""


@cache
def segments(ending: str) -> Scheme:
    """Return the scheme that divides a list into segments, with one of `SEGMENT_ENDINGS`."""
    result, python = SEGMENT_ENDINGS[ending]
    template = f"{_STARTS}return {python}"
    return Scheme(ending, (INTS,), (result,), template, (_JOINED,), _BITS)


@cache
def of_starts(ending: str) -> Scheme:
    """Return the scheme for one of `SEGMENT_ENDINGS`, over the starts of segments."""
    result, python = SEGMENT_ENDINGS[ending]
    template = "return " + python.replace("$starts", "$source")
    return Scheme(ending, (INTS,), (result,), template, (), _BITS)


_SIZED = "($source.count($start), $x) for $start, $x in zip($source, $other) if $x"

BLOCKS: dict[str, tuple[Type, str]] = {
    "widest": (INT, f"max([{_SIZED}], default=(0, 0))[0]"),
    "narrowest": (INT, f"min([{_SIZED}], default=(0, 0))[0]"),
    "of_widest": (INT, f"max([{_SIZED}], default=(0, 0))[1]"),
    "of_narrowest": (INT, f"min([{_SIZED}], default=(0, 0))[1]"),
    "begun": (
        INTS,
        "[len({$start for $start, $x in zip($source[: $i + 1], $other) if $x}) "
        "for $i in range(len($source))]",
    ),
}
"""What follows from the starts of segments and from the list itself.

It is about the segments of elements other than zero: the largest and the smallest length, the
element of a segment of this length, and how many segments have begun up to every position.
"""


@cache
def of_blocks(ending: str) -> Scheme:
    """Return the scheme for one of `BLOCKS`, over the starts of segments and over the list."""
    result, python = BLOCKS[ending]
    return Scheme(ending, (INTS, INTS), (result,), f"return {python}", (), _BITS)


_BLOCKS = """\
$blocks = []
for $i, $x in enumerate($source):
    if $x and $i and $source[$i - 1]:
        $blocks[-1].append($x)
    elif $x:
        $blocks.append([$x])
"""


@cache
def blocks(ordered: bool, spaced: bool, ahead: bool) -> Scheme:
    """Return the scheme that moves the blocks of a list to one of its ends.

    A block is a segment of elements other than zero.

    Parameters
    ----------
    ordered : bool
        Whether they are put in the order of a key first, a hole over a block.
    spaced : bool
        Whether a zero stands between two blocks.
    ahead : bool
        Whether they move to the end of the list.
    """
    source = "sorted($blocks, key=lambda $block: $key)" if ordered else "$blocks"
    parts = f"for $block in {source} for $x in {'[*$block, 0]' if spaced else '$block'}"
    template = f"""\
{_BLOCKS}$joined = [$x {parts}]{"[:-1]" if spaced else ""}
$zeros = [0] * (len($source) - len($joined))
return {"$zeros + $joined" if ahead else "$joined + $zeros"}"""
    holes = (Hole("key", (("block", INTS),), INT, lambda *_: []),) if ordered else ()
    return Scheme("blocks", (INTS,), (INTS,), template, holes, _BITS)
