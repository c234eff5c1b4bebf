"""Which primitives a program may use, and what everything in it costs.

Costs are bits. A program that is cheaper is tried first.
"""

from dataclasses import dataclass

from dlcompare.synthesis.engine import OPS
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Problem

__all__ = ["CORE", "LIBRARIES", "Grammar", "grammar_of"]

CORE = frozenset({
    "zero", "one", "increment", "add", "subtract", "less", "equal", "if_int", "if_list",
    "empty", "cons", "concatenate", "head", "tail", "filter",
})  # fmt: skip
"""The frozen small library."""

LIBRARIES = {"core": CORE, "full": frozenset(op.name for op in OPS)}


@dataclass(frozen=True)
class Grammar:
    """What programs are made of.

    Attributes
    ----------
    ops : tuple of int
        The operation numbers in use, in the order they are tried.
    library : str
        The name of the set that they were taken from.
    variable : int
        Cost of a parameter of the program, or of a name bound by a fold or a lambda.
    outer : int
        Cost of a parameter of the program where it is used inside a body.
    fold : int
        Cost of a fold, its direction and source included.
    initial : int
        Cost of its first accumulator.
    """

    ops: tuple[int, ...]
    library: str
    variable: int = 1
    outer: int = 3
    fold: int = 3
    initial: int = 1


def grammar_of(problem: Problem, library: str | None = None) -> Grammar:
    """The grammar of a problem: its library, or the one named, less what it withholds.

    Raises
    ------
    InputError
        If there is no such library.
    """
    library = library or problem.library
    if library not in LIBRARIES:
        raise InputError(f"library={library!r} must be one of {', '.join(sorted(LIBRARIES))}")
    names = LIBRARIES[library] - problem.without
    ops = tuple(number for number, op in enumerate(OPS) if op.name in names)
    return Grammar(ops, library)
