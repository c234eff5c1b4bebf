"""Typed expressions, the abstract syntax of programs.

Expression = Variable | Constant | Apply | Lambda | Fold | Recursion | Let
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dlcompare.synthesis.dsl.holes import Scheme
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = [
    "Apply",
    "Constant",
    "Expression",
    "Fold",
    "Lambda",
    "Let",
    "Recursion",
    "Variable",
    "walk",
]


@dataclass(frozen=True)
class Variable:
    """A parameter of the program, or a name bound by a fold or a lambda."""

    name: str


@dataclass(frozen=True)
class Constant:
    """An integer or a string literal of the program."""

    value: int | str


@dataclass(frozen=True)
class Apply:
    """A primitive applied to its arguments."""

    primitive: Primitive
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Lambda:
    """A function of one or two arguments, which only a primitive can take."""

    parameters: tuple[str, ...]
    body: "Expression"


@dataclass(frozen=True)
class Fold:
    """``accumulator = initial``, then ``accumulator = body`` for every element of the source.

    Attributes
    ----------
    source : Variable
        A list, or, if `over_range`, an int `n` that stands for 0, 1, …, n − 1.
    over_range, backwards : bool
        Whether the source is an int, and whether the elements come in reverse.
    initial : Expression
        The accumulator before the first element.
    element, accumulator : str
        Their names in `body`.
    body : Expression
        The next accumulator.
    """

    source: Variable
    over_range: bool
    backwards: bool
    initial: "Expression"
    element: str
    accumulator: str
    body: "Expression"


@dataclass(frozen=True)
class Recursion:
    """A recursion scheme with its holes filled.

    Attributes
    ----------
    scheme : Scheme
        The recursion scheme.
    names : tuple of (str, str)
        The names that the scheme binds, each with its name in this expression.
    sources : tuple of Variable
        The parameters that the recursion is over; none if it starts from a hole.
    parts : tuple of Expression
        A term for each hole, over these names and the parameters of the program.
    """

    scheme: Scheme
    names: tuple[tuple[str, str], ...]
    sources: tuple[Variable, ...]
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Let:
    """``name = value``, then the body; it stands only at the top of a program.

    Attributes
    ----------
    name : str
        The name of the value in `body`.
    value : Expression
        A term, a fold or a recursion.
    body : Expression
        The expression that uses it.
    """

    name: str
    value: "Expression"
    body: "Expression"


Expression = Variable | Constant | Apply | Lambda | Fold | Recursion | Let


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and all its parts."""
    yield expression
    match expression:
        case Apply(_, arguments):
            for argument in arguments:
                yield from walk(argument)
        case Lambda(_, body):
            yield from walk(body)
        case Fold(source=source, initial=initial, body=body):
            for part in (source, initial, body):
                yield from walk(part)
        case Recursion(sources=sources, parts=parts):
            for part in (*sources, *parts):
                yield from walk(part)
        case Let(_, value, body):
            yield from walk(value)
            yield from walk(body)
