"""Make problems from examples alone: names, and types read off the values.

A type is read off all values of a column together: an empty list goes with lists of anything, and
if all lists are empty, they are lists of integers.
"""

import json
import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, Type, Value, from_annotation, list_of

__all__ = ["GivenProblem", "given_problem"]

_ANY = Type("any")
"""The element type of an empty list."""


@dataclass(frozen=True)
class GivenProblem:
    """A problem without a reference function.

    Attributes
    ----------
    title : str
        Its name as written in the file.
    signature : Signature
        Names are Python identifiers; types are read off the values.
    examples : Examples
        The examples to learn from.
    held_out : Examples, optional
        Further examples that no learner gets.
    notes : tuple of str
        Remarks for a reader of the file: columns that were renamed or read as text.
    lines : tuple of int
        The lines of the examples in the file; empty if they share one.
    """

    title: str
    signature: Signature
    examples: Examples
    held_out: Examples | None = None
    notes: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()

    def where(self, place: int) -> str:
        """Say where an example stands in its file, for people.

        Examples
        --------
        >>> problem = given_problem("double", Examples({"x": (1, 2)}, (2, 4)))
        >>> problem.where(1)
        'example 2'
        """
        return f"line {self.lines[place]}" if self.lines else f"example {place + 1}"


def given_problem(title: str, examples: Examples, held_out: Examples | None = None) -> GivenProblem:
    """Make a problem from columns with any names.

    Raises
    ------
    InputError
        If there is no example, a column has mixed types, or the held-out columns differ.

    Examples
    --------
    >>> print(given_problem("add one", Examples({"x": (1, 2)}, ([], [3]))).signature)
    add_one(x: int) -> list[int]
    """
    if not len(examples):
        raise InputError("there is no example to learn from")
    parts = [examples] if held_out is None else [examples, held_out]
    if held_out is not None and list(held_out.inputs) != list(examples.inputs):
        raise InputError(
            f"the held_out columns are {list(held_out.inputs)}, the others "
            f"{list(examples.inputs)}; they must be the same"
        )
    types = [
        _type([value for part in parts for value in part.inputs[name]], f"the inputs {name!r}")
        for name in examples.inputs
    ]
    result = _type([output for part in parts for output in part.outputs], "the outputs")
    names = _identifiers(list(examples.inputs))
    signature = Signature(_identifiers([title])[0], tuple(zip(names, types, strict=True)), result)
    renamed = [
        Examples(dict(zip(names, part.inputs.values(), strict=True)), part.outputs)
        for part in parts
    ]
    return GivenProblem(title, signature, renamed[0], renamed[1] if held_out else None)


def _type(values: Sequence[Value], where: str) -> Type:
    """Return the type that all values share; empty lists alone are lists of integers."""
    found = _ANY
    for value in values:
        joined = _join(found, _type_of(value, where))
        if joined is None:
            raise InputError(
                f"{where} are of mixed types: {value!r} is {_plain(_type_of(value, where))}, "
                f"others are {_plain(found)}; a column must have one type"
            )
        found = joined
    return _plain(found)


def _type_of(value: Value, where: str) -> Type:
    if isinstance(value, bool | int | str):
        return from_annotation(type(value))
    if not isinstance(value, list):
        raise InputError(
            f"{where} have {json.dumps(value)}; a value is true or false, an integer, a text, or a "
            "list of these"
        )
    found = _ANY
    for element in value:
        joined = _join(found, _type_of(element, where))
        if joined is None:
            raise InputError(
                f"{where} have {value!r}, a list of mixed types; a list must have one type"
            )
        found = joined
    return list_of(found)


def _join(first: Type, second: Type) -> Type | None:
    """Return the more specific of two compatible types; None if they differ."""
    if first in (_ANY, second):
        return second
    if second == _ANY:
        return first
    if first.name == second.name == "list":
        element = _join(first.element, second.element)
        return element and list_of(element)
    return None


def _plain(type_: Type) -> Type:
    if type_ == _ANY:
        return INT
    return list_of(_plain(type_.element)) if type_.name == "list" else type_


def _identifiers(names: Sequence[str]) -> list[str]:
    """Return distinct Python names, as close as possible to the given ones."""
    made: list[str] = []
    for name in names:
        word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "task"
        if not word.isidentifier() or keyword.iskeyword(word):
            word = f"_{word}"
        while word in made:
            word += "_"
        made.append(word)
    return made
