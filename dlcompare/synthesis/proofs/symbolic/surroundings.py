"""The names in symbolic execution: those of a call, and those around a function."""

import ast
import builtins
import functools
import itertools
import math
import operator
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from dlcompare.synthesis.proofs.symbolic.name_analysis import escaping, read_in
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.values import (
    Closure,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    fingerprint,
    items,
    storable,
    symbolic,
)

__all__ = [
    "CallScope",
    "Names",
    "Surroundings",
    "imported",
    "looked_up",
    "met",
    "scoped",
    "seen_by",
]

Names = Mapping[str, Value]

_MODULES = {"functools": functools, "itertools": itertools, "math": math, "operator": operator}
"""The modules that a program may import."""


def imported(node: ast.stmt) -> dict[str, Value]:
    """Return the names that an import statement binds, with their values."""
    names: dict[str, Value] = {}
    if isinstance(node, ast.Import | ast.ImportFrom):
        for each in node.names:
            module = node.module if isinstance(node, ast.ImportFrom) else each.name
            if module not in _MODULES or (isinstance(node, ast.ImportFrom) and node.level):
                raise UnsupportedError(f"the module {module} is not covered")
            found: Any = _MODULES[module]
            if isinstance(node, ast.ImportFrom):
                if not hasattr(found, each.name):
                    raise UnsupportedError(f"{module}.{each.name} is not known")
                found = getattr(found, each.name)
            names[each.asname or each.name] = found
    return names


SPENT = object()
"""The value of a name whose iterator has been read."""


class CallScope(dict[str, Value]):
    """The names of a call; other names are looked up outside.

    Attributes
    ----------
    outer : mapping
    local : frozenset of str
        The names that are never looked up outside, whether bound yet or not.
    owned : frozenset of str
        The names whose list or set has no other reference, so that a mutation rebinds the name.
    """

    def __init__(
        self,
        names: Mapping[str, Value],
        outer: Names,
        local: frozenset[str] = frozenset(),
        owned: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(names)
        self.outer = outer
        self.local = local
        self.owned = owned

    def __missing__(self, name: str) -> Value:
        if name in self.local:
            raise UnsupportedError(f"the name {name} is read before it is bound")
        value = self.outer[name]
        if isinstance(value, Stream):
            raise UnsupportedError(f"the iterator {name} is read where that may happen again")
        return value

    def bound(self, name: str, value: Value, fresh: bool = False) -> "CallScope":
        """Return the scope with a name bound to a value."""
        for other, held in self.items():
            late = held.captured if isinstance(held, Closure) else ()
            late = held.reads if isinstance(held, Stream) else late
            if name in late and other != name:
                raise UnsupportedError(f"{other} reads {name}, which is bound again later")
        owned = self.owned | {name} if fresh else self.owned - {name}
        return CallScope({**self, name: value}, self.outer, self.local, owned)

    def after(self, *nodes: ast.expr | None, kept: bool = True) -> "CallScope":
        """Return the scope after evaluating expressions: iterators spent, lists maybe shared."""
        spent: set[str] = set()
        shared: set[str] = set()
        for node in nodes:
            if node is None:
                continue
            for name, times in read_in(node).items():
                if isinstance(self.get(name), Stream):
                    if times > 1 or name in spent:
                        raise UnsupportedError(f"the iterator {name} is read more than once")
                    spent.add(name)
            if self.owned:
                shared |= escaping(node, kept) & self.owned
        if any(not self[name].group for name in spent):
            # It may be the iterator whose groups these are; reading on loses them.
            groups = {n for n, value in self.items() if isinstance(value, Stream) and value.group}
            if groups & spent:
                raise UnsupportedError("a group that is read beside another iterator")
            spent |= groups
        if not spent and not shared:
            return self
        names = {**self, **dict.fromkeys(spent, SPENT)}
        return CallScope(names, self.outer, self.local, self.owned - shared)

    def advanced(self) -> "CallScope":
        """Return the scope after a step of `itertools.groupby`, without the earlier groups."""
        lost = [n for n, value in self.items() if isinstance(value, Stream) and value.group]
        names = {**self, **dict.fromkeys(lost, SPENT)}
        return CallScope(names, self.outer, self.local, self.owned) if lost else self

    def unpacked(self, target: ast.expr, value: Value, fresh: bool = False) -> "CallScope":
        """Return the scope after an assignment to a name or to several."""
        if isinstance(target, ast.Name):
            if isinstance(value, Sequence) and value.kind == "group":
                raise UnsupportedError("a group of groupby that is not unpacked is not covered")
            return self.bound(target.id, value, fresh)
        if isinstance(target, ast.Tuple | ast.List):
            grouped = isinstance(value, Sequence) and value.kind == "group"
            parts: tuple[Value, ...] = value.items if grouped else items(value)
            if not grouped and any(isinstance(p, Sequence) and p.kind == "group" for p in parts):
                raise UnsupportedError("groups of groupby that are unpacked together")
            scope, targets = self, list(target.elts)
            for place, each in enumerate(targets):
                if isinstance(each, ast.Starred) and len(parts) >= len(targets) - 1:
                    end = len(parts) - (len(targets) - 1 - place)
                    taken = Sequence("list", tuple(map(storable, parts[place:end])))
                    parts, targets[place] = (*parts[:place], taken, *parts[end:]), each.value
            if len(parts) != len(targets):
                raise UnsupportedError("an assignment to too many or too few names")
            for each, part in zip(targets, parts, strict=True):
                scope = scope.unpacked(each, part)
            return scope
        raise UnsupportedError(f"an assignment to `{ast.unparse(target)}` is not covered")


class Surroundings(dict[str, Value]):
    """The names that a function sees besides its own."""

    def __init__(self, function: FunctionType) -> None:
        super().__init__({name: symbolic(value) for name, value in _enclosed(function).items()})
        self._globals = function.__globals__

    def __missing__(self, name: str) -> Value:
        if name in self._globals:
            return symbolic(self._globals[name])
        return getattr(builtins, name)  # an AttributeError if there is none


def _enclosed(function: FunctionType) -> dict[str, Any]:
    """The names of the functions around a function that it reads."""
    cells = function.__closure__ or ()
    named = zip(function.__code__.co_freevars, cells, strict=True)
    try:
        return {name: cell.cell_contents for name, cell in named}
    except ValueError:
        raise UnsupportedError("a name around the function is not bound yet") from None


def seen_by(function: FunctionType) -> dict[str, Any]:
    """The names beside its own that a function sees, builtins aside."""
    return {**function.__globals__, **_enclosed(function)}


def met(states: list[tuple[Path, CallScope]]) -> list[tuple[Path, CallScope]]:
    """Return the states with those of equal values joined, where their paths meet again."""
    groups: dict[object, list[tuple[Path, CallScope]]] = {}
    for path, names in states:
        key = (names.owned, *((name, fingerprint(value)) for name, value in names.items()))
        groups.setdefault(key, []).append((path, names))
    return [(Path.joined([path for path, _ in each]), each[0][1]) for each in groups.values()]


def scoped(names: Names) -> CallScope:
    """Return an empty inner scope, for code that may be evaluated more than once."""
    return CallScope({}, names)


def looked_up(name: str, names: Names) -> Value:
    """Return the value of a name; raise `UnsupportedError` if it is unknown or spent."""
    try:
        value = names[name]
    except (KeyError, AttributeError):
        raise UnsupportedError(f"the name {name} is not known") from None
    if value is SPENT:
        raise UnsupportedError(f"the iterator {name} is read again")
    return value
