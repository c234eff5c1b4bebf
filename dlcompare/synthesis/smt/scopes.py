"""The names that symbolic execution knows: those of a call, and what a function sees around it."""

import ast
import builtins
import functools
import itertools
import math
import operator
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.values import Sequence, UnsupportedError, Value, items, symbolic

__all__ = ["Names", "Scope", "Surroundings", "imported", "looked_up", "met", "scoped"]

Names = Mapping[str, Value]

_MODULES = {"functools": functools, "itertools": itertools, "math": math, "operator": operator}
"""What a program may import."""


def imported(node: ast.stmt) -> dict[str, Value]:
    """The names that an import statement makes known."""
    names: dict[str, Value] = {}
    if isinstance(node, ast.Import | ast.ImportFrom):
        for each in node.names:
            module = node.module if isinstance(node, ast.ImportFrom) else each.name
            if module not in _MODULES:
                raise UnsupportedError(f"the module {module} is not covered")
            found: Any = _MODULES[module]
            if isinstance(node, ast.ImportFrom):
                found = getattr(found, each.name)
            names[each.asname or each.name] = found
    return names


class Scope(dict[str, Value]):
    """Names of a call; those not in it are looked up outside."""

    def __init__(self, names: Mapping[str, Value], outer: Names) -> None:
        super().__init__(names)
        self.outer = outer

    def __missing__(self, name: str) -> Value:
        return self.outer[name]

    def bound(self, name: str, value: Value) -> "Scope":
        return Scope({**self, name: value}, self.outer)

    def unpacked(self, target: ast.expr, value: Value) -> "Scope":
        if isinstance(target, ast.Name):
            return self.bound(target.id, value)
        if isinstance(target, ast.Tuple):
            parts: tuple[Value, ...] = items(value)
            scope, targets = self, list(target.elts)
            for place, each in enumerate(targets):
                if isinstance(each, ast.Starred) and len(parts) >= len(targets) - 1:
                    end = len(parts) - (len(targets) - 1 - place)
                    taken = Sequence("list", parts[place:end])
                    parts, targets[place] = (*parts[:place], taken, *parts[end:]), each.value
            if len(parts) != len(targets):
                raise UnsupportedError("an assignment to too many or too few names")
            for each, part in zip(targets, parts, strict=True):
                scope = scope.unpacked(each, part)
            return scope
        raise UnsupportedError(f"an assignment to `{ast.unparse(target)}` is not covered")


class Surroundings(dict[str, Value]):
    """What a function sees beside its own names."""

    def __init__(self, function: FunctionType) -> None:
        super().__init__()
        cells = function.__closure__ or ()
        for name, cell in zip(function.__code__.co_freevars, cells, strict=True):
            self[name] = symbolic(cell.cell_contents)
        self._globals = function.__globals__

    def __missing__(self, name: str) -> Value:
        if name in self._globals:
            return symbolic(self._globals[name])
        return getattr(builtins, name)


def met(states: list[tuple[Path, Scope]]) -> list[tuple[Path, Scope]]:
    """States with the same values are one: where the paths to it meet again."""
    groups: dict[object, list[tuple[Path, Scope]]] = {}
    for path, names in states:
        groups.setdefault(tuple(names.items()), []).append((path, names))
    return [(Path.joined([path for path, _ in each]), each[0][1]) for each in groups.values()]


def scoped(names: Names) -> Scope:
    return names if isinstance(names, Scope) else Scope({}, names)


def looked_up(name: str, names: Names) -> Value:
    try:
        return names[name]
    except (KeyError, AttributeError):
        raise UnsupportedError(f"the name {name} is not known") from None
