"""Designs of sorting algorithms: recursion schemes whose steps are functions to be found.

A design says how a list is taken apart and how the results for its parts are used. What its steps
must do follows from the specification of the whole (Smith, 1985). Let ``ensures(xs, ys)`` say that
``ys`` is right for ``xs``. If ``ys`` is right for the tail of a list, the step of a fold must turn
the head and ``ys`` into a result for the list; as ``ys`` is right for itself, too, it may stand for
the tail. So the contract of the step is ``ensures([x] + ys, result)``, given ``ensures(ys, ys)``.
The other contracts follow likewise. That they suffice is not taken for granted: the whole program
is proved from them.
"""

from dataclasses import dataclass

from dlcompare.synthesis.dsl.holes import RESULT, Hole, Scheme
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.schemes import DIVIDE, LIST, MERGE, NONEMPTY
from dlcompare.synthesis.proofs.proof import Contract
from dlcompare.tasks.types import INT, Type

__all__ = ["DESIGNS", "Design", "DesignStep"]


@dataclass(frozen=True)
class DesignStep:
    """A function that a design calls.

    Attributes
    ----------
    name : str
    parameters : tuple of (str, Type)
    result : Type
    arguments : tuple of str
        The names of the scheme that it is called with.
    contract : Contract
    scheme : Scheme
        The scheme that it is searched in.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    arguments: tuple[str, ...]
    contract: Contract
    scheme: Scheme


@dataclass(frozen=True)
class Design:
    """A way to sort.

    Attributes
    ----------
    name : str
        The name of the function.
    scheme : Scheme
        The scheme of the whole.
    steps : tuple of DesignStep
        A function for each hole of the scheme; without any, the holes are searched as terms.
    """

    name: str
    scheme: Scheme
    steps: tuple[DesignStep, ...] = ()


def _hole(name: str, *parameters: tuple[str, Type], result: Type = INTS) -> Hole:
    return Hole(name, parameters, result, lambda *_: [])


INSERTION = Design(
    "insertion_sort",
    Scheme(
        "fold_right",
        (INTS,),
        (INTS,),
        """\
if not $source:
    return []
$first, $rest = $source[0], $source[1:]
return $step""",
        (_hole("step", ("first", INT), ("again", RESULT)),),
        calls={"again": ("$rest",)},
    ),
    (
        DesignStep(
            "insert",
            (("x", INT), ("ys", INTS)),
            INTS,
            ("first", "again"),
            Contract(("ensures(ys, ys)",), ("ensures([x] + ys, result)",)),
            LIST,
        ),
    ),
)
"""A fold: solve the tail, and put the head into its result."""

SELECTION = Design(
    "selection_sort",
    Scheme(
        "unfold_right",
        (INTS,),
        (INTS,),
        """\
if not $source:
    return []
$x = $pick
return [$x] + $again""",
        (_hole("pick", result=INT), _hole("remaining", ("x", INT))),
        calls={"again": ("$remaining",)},
    ),
    (
        DesignStep(
            "select",
            (("xs", INTS),),
            INT,
            ("source",),
            Contract(("xs",), ("ensures(xs, [result] + others)",)),
            NONEMPTY,
        ),
        DesignStep(
            "remove",
            (("x", INT), ("xs", INTS)),
            INTS,
            ("x", "source"),
            Contract(("ensures(xs, [x] + others)",), ("ensures(result, others)",)),
            LIST,
        ),
    ),
)
"""An unfold: pick the first element of the result, and solve what remains."""

MERGING = Design(
    "merge_sort",
    Scheme(
        "halving",
        (INTS,),
        (INTS,),
        """\
if len($source) < 2:
    return $source
$middle = len($source) // 2
return $combine""",
        (_hole("combine", ("left", RESULT), ("right", RESULT)),),
        calls={"left": ("$source[:$middle]",), "right": ("$source[$middle:]",)},
    ),
    (
        DesignStep(
            "merge",
            (("xs", INTS), ("ys", INTS)),
            INTS,
            ("left", "right"),
            Contract(("ensures(xs, xs)", "ensures(ys, ys)"), ("ensures(xs + ys, result)",)),
            MERGE,
        ),
    ),
)
"""Solve the halves, and combine their results."""

PARTITION = Design("quick_sort", DIVIDE)
"""Divide the tail by the head, solve both parts, and combine their results."""

DESIGNS = (INSERTION, SELECTION, MERGING, PARTITION)
