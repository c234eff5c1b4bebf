"""The types of values, read from annotations.

A value is a ``bool``, an ``int``, a ``str``, a list of values of one type, or a tuple of values.
Everything else follows from these: the tokens of the network, the goal type of the search, the
checks with their messages. ``bool`` is not an ``int`` here.
"""

import types as python_types
import typing
from dataclasses import dataclass

from dlcompare.tasks.calling import shown
from dlcompare.tasks.errors import InputError

__all__ = [
    "BOOL",
    "INT",
    "STR",
    "Type",
    "Value",
    "check",
    "conforms",
    "described",
    "freeze",
    "from_annotation",
    "list_of",
    "tuple_of",
]

Value = typing.Any
"""A Python value of one of the types of this module."""


@dataclass(frozen=True)
class Type:
    """A value type; prints as its annotation.

    Attributes
    ----------
    name : str
        ``"bool"``, ``"int"``, ``"str"``, ``"list"`` or ``"tuple"``.
    parameters : tuple of Type
        The element type of a list; the component types of a tuple.

    Examples
    --------
    >>> print(list_of(tuple_of(INT, STR)))
    list[tuple[int, str]]
    """

    name: str
    parameters: tuple["Type", ...] = ()

    @property
    def element(self) -> "Type":
        """Return the element type of a list."""
        if self.name != "list":
            raise TypeError(f"{self} has no element type; only a list has")
        return self.parameters[0]

    def __str__(self) -> str:
        inner = ", ".join(map(str, self.parameters))
        return f"{self.name}[{inner}]" if inner else self.name


BOOL, INT, STR = Type("bool"), Type("int"), Type("str")
_ATOMS = {bool: BOOL, int: INT, str: STR}
_KINDS = {type_: kind for kind, type_ in _ATOMS.items()}
_HOLDING = frozenset({list, tuple})
_PLAIN = frozenset({bool, int, str, list, tuple})
_DIGITS = 4_300
"""The most digits of a number that Python writes: no store and no report has a longer one."""
_BEYOND = 10**_DIGITS


def list_of(element: Type) -> Type:
    """Return the type of lists of `element`."""
    return Type("list", (element,))


def tuple_of(*components: Type) -> Type:
    """Return the type of tuples with these `components`."""
    return Type("tuple", components)


def from_annotation(annotation: object) -> Type:
    """Return the value type that a Python annotation names.

    Raises
    ------
    InputError
        If the annotation is not made of bool, int, str, list and tuple.

    Examples
    --------
    >>> from_annotation(list[list[int]]) == list_of(list_of(INT))
    True
    """
    if isinstance(annotation, type) and annotation in _ATOMS:
        return _ATOMS[annotation]
    if isinstance(annotation, python_types.GenericAlias):
        arguments = typing.get_args(annotation)
        if annotation.__origin__ is list and len(arguments) == 1:
            return list_of(from_annotation(arguments[0]))
        if annotation.__origin__ is tuple and arguments and Ellipsis not in arguments:
            return tuple_of(*map(from_annotation, arguments))
    raise InputError(
        f"the annotation {annotation!r} cannot be used; "
        "a value type is bool, int, str, list[...] or tuple[...]"
    )


def conforms(value: Value, type_: Type) -> bool:
    """Return whether `value` is of type `type_` at every depth; a subclass is another type.

    A number that Python does not write, one of more than 4,300 digits, is of no type.
    """
    if type(value).__name__ != type_.name or type(value) not in _PLAIN:
        return False
    match type_.name:
        case "list":
            # Kind by kind, not element by element: most lists are long lists of numbers.
            element = type_.element
            if element in _KINDS:
                alike = set(map(type, value)) <= {_KINDS[element]}
                return alike and (element != INT or _writable(value))
            return all(conforms(each, element) for each in value)
        case "tuple":
            return len(value) == len(type_.parameters) and all(
                map(conforms, value, type_.parameters)
            )
        case "int":
            return bool(-_BEYOND < value < _BEYOND)
        case _:
            return True


def _writable(numbers: list[int]) -> bool:
    return not numbers or -_BEYOND < min(numbers) <= max(numbers) < _BEYOND


def check(value: Value, type_: Type, where: str) -> None:
    """Raise an error unless `value` is of type `type_`.

    Raises
    ------
    InputError
        If it is not; the message names the place `where`, the value and the type.
    """
    if not conforms(value, type_):
        if _long(value):
            raise InputError(
                f"{where} has a number of more than {_DIGITS:,} digits, which no task can have"
            )
        mend = "" if _plain(value) else "; make plain values of it by int(…), list(…) or .tolist()"
        raise InputError(f"{where} is {described(value)}, which is not of type {type_}{mend}")


def described(value: object) -> str:
    """Return a value for a sentence, with its class unless that is Python's own."""
    kind = type(value)
    known = value is None or kind.__module__ == "builtins"
    return shown(value) if known else f"{shown(value)}, a {kind.__module__}.{kind.__qualname__}"


def _plain(value: Value, depth: int = 8) -> bool:
    """Return whether a value consists of Python's own types throughout; it may contain itself."""
    if type(value) in (list, tuple) and depth:
        return all(_plain(each, depth - 1) for each in value)
    return value is None or type(value) in _PLAIN


def _long(value: Value, depth: int = 8) -> bool:
    """Return whether a number anywhere in a value is too long to be written."""
    if type(value) in (list, tuple) and depth:
        return any(_long(each, depth - 1) for each in value)
    return type(value) is int and not -_BEYOND < value < _BEYOND


def freeze(value: Value) -> Value:
    """Return a hashable copy of a value, equal for equal values of one type."""
    if isinstance(value, list | tuple):
        holds_others = not _HOLDING.isdisjoint(map(type, value))
        return tuple(map(freeze, value)) if holds_others else tuple(value)
    return value
