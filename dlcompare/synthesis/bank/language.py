"""The language of a problem: its types, and the primitives on them.

A primitive may be generic; a language has one *operation* for every instance of its type variables
by types of the problem. In the kernels a type is a number, its *kind*: int is 0, bool 1; lists and
strings begin at `WIDE_FROM`, functions at `FUNCTIONS_FROM`.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.compiled import engine
from dlcompare.synthesis.compiled.packing import FUNCTIONS_FROM
from dlcompare.synthesis.dsl.primitives.primitive import (
    ELEMENT,
    FLAT,
    INTS,
    SCALAR,
    SCALAR_TOO,
    STRINGS,
    WIDE,
    WIDE_TOO,
    Primitive,
)
from dlcompare.tasks.types import BOOL, INT, STR, Type

__all__ = ["Language", "Operation", "language_of"]


@dataclass(frozen=True)
class Operation:
    """An instance of a primitive on types of a language.

    Attributes
    ----------
    primitive : Primitive
        The primitive, with its name, cost and interpretations.
    number : int
        The number of its kernel.
    parameters : tuple of Type
        Without type variables.
    result : Type
        Without type variables.
    """

    primitive: Primitive
    number: int
    parameters: tuple[Type, ...]
    result: Type


@dataclass(frozen=True)
class Language:
    """Types and operations.

    Attributes
    ----------
    types : tuple of Type
        The value types by kind.
    functions : tuple of Type
        The function types; their kinds begin at `FUNCTIONS_FROM`.
    families : tuple of str
        The families of primitives compiled for the language.
    operations : tuple of Operation
        The operations by number.
    """

    types: tuple[Type, ...]
    functions: tuple[Type, ...]
    families: tuple[str, ...]
    operations: tuple[Operation, ...]

    def kind(self, type_: Type) -> int:
        """Return the number of a type in the kernels."""
        if type_.name == "function":
            return FUNCTIONS_FROM + self.functions.index(type_)
        return self.types.index(type_)

    @cached_property
    def kinds(self) -> npt.NDArray[np.int64]:
        """Return the kinds of each operation's arguments, -1 for none. Shape (ops, 3)."""
        kinds = np.full((len(self.operations), 3), -1, np.int64)
        for number, operation in enumerate(self.operations):
            for place, type_ in enumerate(operation.parameters):
                kinds[number, place] = self.kind(type_)
        return kinds

    @cached_property
    def results(self) -> npt.NDArray[np.int64]:
        """Return kinds of the results of every operation. Shape (ops,)."""
        return np.array([self.kind(op.result) for op in self.operations], np.int64)

    @cached_property
    def numbers(self) -> npt.NDArray[np.int64]:
        """Return the kernel number of each operation. Shape (ops,)."""
        return np.array([op.number for op in self.operations], np.int64)

    @cached_property
    def forms(self) -> npt.NDArray[np.int64]:
        """Return forms of the arguments and the result of every kernel. Shape (kernels, 4).

        0 is a scalar, 1 a list or a string, 2 a function, -1 none.
        """
        primitives = engine.primitives_of(self.families)
        forms = np.full((len(primitives), 4), -1, np.int64)
        for number, primitive in enumerate(primitives):
            for place, (_, type_) in enumerate(primitive.parameters):
                forms[number, place] = _form(type_)
            forms[number, 3] = _form(primitive.result)
        return forms

    @cached_property
    def kernels(self) -> Any:
        """Return the compiled loops."""
        return engine.kernels()

    @cached_property
    def evaluate(self) -> npt.NDArray[np.int64]:
        """Return the address of the compiled function that evaluates each kernel, (kernels,)."""
        return np.array(engine.load(self.families)[0], np.int64)

    @cached_property
    def tabulate(self) -> int:
        """Return the address of the compiled function that tabulates functions of a scalar."""
        return engine.load(self.families)[1]

    def priced(self, costs: Mapping[str, int]) -> "Language":
        """Return the language with other costs for some primitives."""
        if not costs:
            return self
        operations = (
            replace(op, primitive=replace(op.primitive, cost=costs[op.primitive.name]))
            if op.primitive.name in costs
            else op
            for op in self.operations
        )
        return replace(self, operations=tuple(operations))

    def named(self, name: str) -> tuple[int, ...]:
        """Return the numbers of the operations of a primitive."""
        return tuple(i for i, op in enumerate(self.operations) if op.primitive.name == name)


def language_of(types: Iterable[Type]) -> Language:
    """Return the language for values of these types; lists of integers are always in it."""
    chosen = {INT, BOOL, INTS}
    for type_ in types:
        chosen |= set(_parts(type_))
    if STR in chosen:
        chosen.add(STRINGS)
    wide = sorted(chosen - {INT, BOOL}, key=str)
    return _language((INT, BOOL, *wide))


@cache
def _language(types: tuple[Type, ...]) -> Language:
    families = ["base"]
    if STR in types:
        families.append("strings")
    if any(t.name == "list" and t.element not in (INT, BOOL) for t in types):
        families.append("nested")
    if any(t.name == "tuple" for t in types):
        families.append("pairs")
    operations = tuple(
        Operation(primitive, number, parameters, result)
        for number, primitive in enumerate(engine.primitives_of(tuple(families)))
        for parameters, result in _instances(primitive, types)
    )
    functions = dict.fromkeys(
        type_ for op in operations for type_ in op.parameters if type_.name == "function"
    )
    return Language(types, tuple(functions), tuple(families), operations)


def _instances(
    primitive: Primitive, types: tuple[Type, ...]
) -> Iterator[tuple[tuple[Type, ...], Type]]:
    """Yield the instances of the type variables, as parameters and result."""
    signature = (*(type_ for _, type_ in primitive.parameters), primitive.result)
    parts = {part for type_ in signature for part in _parts(type_)}
    variables = [variable for variable in _MATCHES if variable in parts]
    choices = [[t for t in types if _MATCHES[variable](t)] for variable in variables]
    for chosen in itertools.product(*choices):
        put = dict(zip(variables, chosen, strict=True))
        *parameters, result = (_substitute(type_, put) for type_ in signature)
        values = [value for type_ in (*parameters, result) for value in _values(type_)]
        if all(value in types for value in values):
            yield tuple(parameters), result


def _is_scalar(type_: Type) -> bool:
    return type_ in (INT, BOOL)


def _is_flat(type_: Type) -> bool:
    return type_ == STR or (type_.name == "list" and _is_scalar(type_.element))


def _is_wide(type_: Type) -> bool:
    return type_.name in ("list", "str")


def _is_element(type_: Type) -> bool:
    return not _is_scalar(type_)


_MATCHES = {
    SCALAR: _is_scalar,
    SCALAR_TOO: _is_scalar,
    FLAT: _is_flat,
    WIDE: _is_wide,
    WIDE_TOO: _is_wide,
    ELEMENT: _is_element,
}


def _substitute(type_: Type, put: Mapping[Type, Type]) -> Type:
    if type_ in put:
        return put[type_]
    return Type(type_.name, tuple(_substitute(part, put) for part in type_.parameters))


def _values(type_: Type) -> tuple[Type, ...]:
    """Return the value types in a type: the type itself, or those of a function type."""
    return type_.parameters if type_.name == "function" else (type_,)


def _parts(type_: Type) -> Iterator[Type]:
    yield type_
    for part in type_.parameters:
        yield from _parts(part)


def _form(type_: Type) -> int:
    if type_.name == "function":
        return 2
    return 0 if type_ in (INT, BOOL, SCALAR, SCALAR_TOO) else 1
