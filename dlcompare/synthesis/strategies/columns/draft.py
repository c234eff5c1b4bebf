"""A derived column as its source makes it."""

from dataclasses import dataclass

from dlcompare.synthesis.dsl.program import Expression
from dlcompare.tasks.types import Type

__all__ = ["Draft"]


@dataclass(frozen=True)
class Draft:
    """A column before it is compared with others.

    Attributes
    ----------
    stem : str
        A name that says what it is, such as ``"trace"``.
    type : Type
        The type of its value.
    bits : int
        Description length.
    value : Expression
        The computation over the parameters.
    """

    stem: str
    type: Type
    bits: int
    value: Expression
