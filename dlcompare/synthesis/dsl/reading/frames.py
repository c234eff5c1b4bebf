"""Scopes and frames: the names in a piece of Python text, and the storage of their values."""

import ast
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.types import Value

__all__ = [
    "Frame",
    "NameScope",
    "ReadingError",
    "Run",
    "Store",
    "assigned",
    "nonlocal_names",
    "refuse",
    "targets",
]


class ReadingError(InputError):
    """The text is not Python, or uses a construct outside the subset."""


def refuse(node: ast.AST, what: str = "") -> NoReturn:
    """Raise a `ReadingError` that names the line of a construct."""
    what = what or f"{type(node).__name__} is not known"
    raise ReadingError(f"line {getattr(node, 'lineno', '?')}: {what}")


class Frame:
    """The local variables of a call, and the enclosing frame."""

    __slots__ = ("names", "outer")

    def __init__(self, outer: "Frame | None") -> None:
        self.names: dict[str, Value] = {}
        self.outer = outer


Run = Callable[[Frame], Any]
"""The closure of an expression, which returns its value, or of a statement: a signal or None."""

Store = Callable[[Frame, Value], None]
"""A closure that assigns a value to a name or another target."""


class NameScope:
    """The names that a function, a comprehension or the module assigns, known before it runs.

    Parameters
    ----------
    names : set of str
    outer : NameScope or None
        The scope around it.
    comprehension : bool
        Whether the scope is a comprehension's, which an assignment expression bypasses.
    """

    def __init__(
        self, names: set[str], outer: "NameScope | None", comprehension: bool = False
    ) -> None:
        self.names = names
        self.outer = outer
        self.comprehension = comprehension

    def depth(self, name: str) -> int | None:
        """Return the number of frames outward to a name; None if no scope assigns it."""
        depth, scope = 0, self
        while name not in scope.names:
            if scope.outer is None:
                return None
            depth, scope = depth + 1, scope.outer
        return depth

    def load(self, name: str, node: ast.AST) -> Run:
        """Return the closure that looks a name up in the scope where Python does."""
        depth = self.depth(name)
        if depth is None:
            refuse(node, f"the name {name!r} is not known")

        def load(frame: Frame) -> Value:
            for _ in range(depth):
                assert frame.outer is not None
                frame = frame.outer
            try:
                return frame.names[name]
            except KeyError:
                raise UnboundLocalError(f"{name!r} is used before it is assigned") from None

        return load

    def store(self, name: str) -> Store:
        """Return the closure that assigns a name in the scope where Python does."""
        depth = self.depth(name) or 0

        def store(frame: Frame, value: Value) -> None:
            for _ in range(depth):
                assert frame.outer is not None
                frame = frame.outer
            frame.names[name] = value

        return store


def assigned(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements assign in their own scope, on any path."""
    return {name for node in body for name in _assigned(node)} - nonlocal_names(body)


def _assigned(node: ast.AST, comprehension: bool = False) -> Iterator[str]:
    inner = comprehension or isinstance(node, _COMPREHENSIONS)
    match node:
        case ast.FunctionDef(name=name):
            yield name
            return
        case ast.Lambda():
            return
        case ast.ImportFrom(names=names):
            yield from (each.asname or each.name for each in names)
        case ast.ExceptHandler(name=str(name)):
            yield name
        case ast.NamedExpr(target=target):
            yield target.id
        case ast.Name(id=name, ctx=ast.Store()) if not comprehension:
            yield name
    for child in ast.iter_child_nodes(node):
        yield from _assigned(child, inner)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def nonlocal_names(body: list[ast.stmt]) -> set[str]:
    """Return the names that statements declare nonlocal."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, ast.Nonlocal):
            names |= set(node.names)
        elif not isinstance(node, ast.FunctionDef):
            inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
            names |= nonlocal_names(inner)
    return names


def targets(node: ast.expr) -> set[str]:
    """Return the names that a target assigns."""
    return {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
