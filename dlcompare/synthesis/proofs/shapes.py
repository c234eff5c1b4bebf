"""Symbolic inputs: values of every shape up to a length, and their values in a model."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.paths import EMPTY, Path
from dlcompare.synthesis.proofs.symbolic.symbols import Linear, all_of, atom, less, truth_variable
from dlcompare.synthesis.proofs.symbolic.values import (
    Sequence,
    UnsupportedError,
    Value,
    is_integer,
    is_text,
    is_truth,
    text,
)
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import Type

__all__ = ["CHARACTERS", "characters_of", "inputs_of", "is_of", "shapes_of", "value_in"]

FIRST, LAST = " ", "~"
"""The first and the last character of symbolic texts, by code point."""

CHARACTERS = f"'{FIRST}' to '{LAST}'"


def characters_of(values: Iterable[Value]) -> Path:
    """Return the path on which every unknown character is printable ASCII."""
    path = EMPTY
    for value in values:
        if isinstance(value, Sequence) and value.kind == "text":
            for code in value.items:
                above, below = less(ord(FIRST) - 1, code), less(code, ord(LAST) + 1)
                inside = path.assume(all_of([above, below]))
                path = path if inside is None else inside
        elif isinstance(value, Sequence):
            inner = characters_of(value.items)
            for each in inner.assumed:
                path = path.assume(each) or path
    return path


def inputs_of(signature: Signature, length: int) -> Iterator[dict[str, Value]]:
    """Yield symbolic inputs of every shape whose longest list has this length."""
    shapes = [list(_shapes(type_, length)) for _, type_ in signature.parameters]
    names = [name for name, _ in signature.parameters]
    for chosen in itertools.product(*shapes):
        if length == 0 or any(longest == length for longest, _ in chosen):
            numbers = itertools.count()
            values = (make(name, numbers) for name, (_, make) in zip(names, chosen, strict=True))
            yield dict(zip(names, values, strict=True))


def _shapes(type_: Type, length: int) -> Iterator[tuple[int, Callable[..., Value]]]:
    """Yield each shape's longest list, with a constructor of its values."""
    match type_.name:
        case "int":
            yield 0, lambda name, numbers: atom("variable", f"{name}{next(numbers)}")
        case "bool":
            yield 0, lambda name, numbers: truth_variable(f"{name}{next(numbers)}")
        case "str":
            for count in range(length + 1):
                yield count, _text_of(count)
        case "list":
            inner = list(_shapes(type_.element, length))
            for count in range(length + 1):
                for chosen in itertools.product(inner, repeat=count):
                    yield max([count, *(depth for depth, _ in chosen)]), _of("list", chosen)
        case "tuple":
            for chosen in itertools.product(*(_shapes(t, length) for t in type_.parameters)):
                yield max(depth for depth, _ in chosen), _of("tuple", chosen)
        case _:
            raise UnsupportedError(f"inputs of type {type_} are not covered")


def shapes_of(type_: Type, length: int, name: str) -> Iterator[Value]:
    """Yield symbolic values of a type, for every shape whose longest list has this length."""
    for longest, make in _shapes(type_, length):
        if length in (0, longest):
            yield make(name, itertools.count())


def _of(kind: str, chosen: tuple[tuple[int, Callable[..., Value]], ...]) -> Callable[..., Value]:
    return lambda name, numbers: Sequence(kind, tuple(make(name, numbers) for _, make in chosen))


def _text_of(count: int) -> Callable[..., Value]:
    return lambda name, numbers: text(
        tuple(atom("variable", f"{name}{next(numbers)}") for _ in range(count))
    )


def is_of(value: Value, type_: Type) -> bool:
    """Return whether a symbolic value is of a type, all the way down."""
    match type_.name:
        case "int":
            return is_integer(value) and not is_truth(value)
        case "bool":
            return is_truth(value)
        case "str":
            return is_text(value)
    if not isinstance(value, Sequence) or value.kind != type_.name:
        return False
    if type_.name == "list":
        return all(is_of(each, type_.element) for each in value.items)
    parts = type_.parameters
    return len(value.items) == len(parts) and all(map(is_of, value.items, parts))


def value_in(value: Value, model: Any, terms: Any) -> Value:
    """Return the Python value that a model gives to a symbolic one."""
    import z3

    if isinstance(value, Sequence):
        made = [value_in(item, model, terms) for item in value.items]
        if value.kind == "text":
            return "".join(map(chr, made))
        kinds = {"list": list, "tuple": tuple, "set": set}
        if value.kind not in kinds:
            raise UnsupportedError(f"a {value.kind} is no value of a task")
        return kinds[value.kind](made)
    if value is None or isinstance(value, bool | int | str):
        return value
    if is_truth(value):
        return bool(z3.is_true(model.eval(terms.truth(value), model_completion=True)))
    if not isinstance(value, Linear):
        raise UnsupportedError(f"{type(value).__name__} is no value of a task")
    return model.eval(terms.integer(value), model_completion=True).as_long()
