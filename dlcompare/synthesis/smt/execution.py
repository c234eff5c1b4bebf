"""Symbolic execution of Python: the functions that programs print as, specifications, references.

A function is run on values whose shape is known and whose numbers are not. Where the shape of what
comes next hangs on a number (a filter keeps it, a branch returns), the execution goes on along two
paths; where it does not, it stays one and the value hangs on the condition. So every primitive has
its reading in logic from its Python, which is its meaning.

What comes out is a list of pairs, a path and the value on it; the paths exclude each other and
together are all inputs, but for those cut off because a loop went on longer than allowed.
"""

import ast
import time
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from dlcompare.synthesis.smt.builtins import BUILTINS
from dlcompare.synthesis.smt.expressions import (
    Closure,
    Expressions,
    Outcome,
    OutOfTimeError,
)
from dlcompare.synthesis.smt.operators import natively
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.scopes import (
    Names,
    Scope,
    Surroundings,
    imported,
    met,
)
from dlcompare.synthesis.smt.source import definition_of
from dlcompare.synthesis.smt.values import (
    Raised,
    UnsupportedError,
    Value,
    is_concrete,
    items,
)

__all__ = ["Closure", "Execution", "OutOfTimeError", "Outcome"]

Flow = tuple[Path, dict[str, Value], "_Exit | None"]


class _Exit:
    """How a statement leaves its block: ``return`` or ``raise`` with a value, ``break`` …"""

    def __init__(self, kind: str, value: Value = None) -> None:
        self.kind = kind
        self.value = value


class Execution(Expressions):
    """Runs functions on symbolic values.

    Parameters
    ----------
    rounds : int
        How often a loop may go round where that is not known beforehand.
    deadline : float
        Of `time.monotonic`.

    Attributes
    ----------
    ended : int
        Paths on which a call from outside returned a value or raised an exception.
    cut : int
        Paths that were given up because a loop went on.
    """

    def call(self, function: Value, arguments: list[Value], path: Path) -> Iterator[Outcome]:
        """Call a function from outside, and count the paths on which it ends.

        Parameters
        ----------
        function : callable or Closure
        arguments : list of values
            Symbolic or not.
        path : Path
            What is assumed of the arguments.

        Yields
        ------
        tuple of Path and value
            The value, or what was raised (`Raised`), on that path.

        Raises
        ------
        UnsupportedError
            If the function does what is not modelled; it names the construct and its line.
        OutOfTimeError
            When the time is over.
        """
        for outcome in self.apply(function, arguments, path):
            self.ended += 1
            yield outcome

    def apply(self, function: Value, arguments: list[Value], path: Path) -> Iterator[Outcome]:
        """Call a function from within the execution."""
        if time.monotonic() > self.deadline:
            raise OutOfTimeError
        if isinstance(function, Closure):
            yield from self._enter(function.node, function.names, arguments, path)
        elif isinstance(function, FunctionType):
            node = definition_of(function)
            if node is None:
                raise UnsupportedError(f"the source of {function.__name__} cannot be found")
            yield from self._enter(node, Surroundings(function), arguments, path)
        elif function in BUILTINS:
            yield from BUILTINS[function](self, path, arguments)
        elif all(map(is_concrete, arguments)) and not any(map(callable, arguments)):
            yield path, natively(function, arguments)
        else:
            name = getattr(function, "__name__", type(function).__name__)
            raise UnsupportedError(f"{name} of what is not known is not covered")

    def _enter(
        self,
        node: ast.Lambda | ast.FunctionDef,
        outer: Names,
        arguments: list[Value],
        path: Path,
    ) -> Iterator[Outcome]:
        parameters = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
        if node.args.kwonlyargs or node.args.vararg or len(parameters) != len(arguments):
            raise UnsupportedError("calls with optional arguments are not covered")
        names = Scope(dict(zip(parameters, arguments, strict=True)), outer)
        self._depth += 1
        if self._depth > 60:
            raise UnsupportedError("the recursion is too deep")
        try:
            if isinstance(node, ast.Lambda):
                yield from self.evaluate(node.body, names, path)
                return
            for after, _, leaving in self._block(node.body, names, path):
                if leaving is None:
                    yield after, None
                else:
                    yield after, leaving.value
        finally:
            self._depth -= 1

    # Statements. A block yields where it can end, with the names then.

    def _block(self, body: list[ast.stmt], names: Scope, path: Path) -> Iterator[Any]:
        if not body:
            yield path, names, None
            return
        first, *rest = body
        for after, then, leaving in self._statement(first, names, path):
            if leaving is not None:
                yield after, then, leaving
            else:
                yield from self._block(rest, then, after)

    def _statement(self, node: ast.stmt, names: Scope, path: Path) -> Iterator[Any]:
        match node:
            case ast.Return(value):
                if value is None:
                    yield path, names, _Exit("return", None)
                    return
                for after, result in self.evaluate(value, names, path):
                    yield after, names, _Exit("return", result)
            case ast.Expr(ast.Constant()) | ast.Pass():
                yield path, names, None
            case ast.Assign(targets, value):
                for after, result in self.evaluate(value, names, path):
                    yield _stored(targets, result, names, after)
            case ast.AnnAssign(target, _, value) if value is not None:
                for after, result in self.evaluate(value, names, path):
                    yield _stored([target], result, names, after)
            case ast.AugAssign(ast.Name(name) as target, sign, value):
                changed = ast.BinOp(ast.Name(name), sign, value)
                for after, result in self.evaluate(changed, names, path):
                    yield _stored([target], result, names, after)
            case ast.If(test, body, orelse):
                for after, verdict in self.verdicts(test, names, path):
                    if isinstance(verdict, Raised):
                        yield after, names, _Exit("raise", verdict)
                    else:
                        yield from self._block(body if verdict else orelse, names, after)
            case ast.For(target, iterable, body, [], _):
                for after, sequence in self.evaluate(iterable, names, path):
                    if isinstance(sequence, Raised):
                        yield after, names, _Exit("raise", sequence)
                    else:
                        yield from self._for(target, items(sequence), body, names, after)
            case ast.While(test, body, []):
                yield from self._while(test, body, names, path, 0)
            case ast.Break():
                yield path, names, _Exit("break")
            case ast.Continue():
                yield path, names, _Exit("continue")
            case ast.Import() | ast.ImportFrom():
                for name, value in imported(node).items():
                    names = names.bound(name, value)
                yield path, names, None
            case ast.FunctionDef(name):
                yield path, names.bound(name, Closure(node, names)), None
            case ast.Raise():
                yield path, names, _Exit("raise", Raised("an exception of its own"))
            case _:
                raise UnsupportedError(f"the statement `{ast.unparse(node)[:60]}` is not covered")

    def _for(
        self,
        target: ast.expr,
        values: tuple[Value, ...],
        body: list[ast.stmt],
        names: Scope,
        path: Path,
    ) -> Iterator[Any]:
        states: list[tuple[Path, Scope]] = [(path, names)]
        for value in values:
            ends: list[tuple[Path, Scope]] = []
            for before, known in states:
                inner = known.unpacked(target, value)
                for after, then, leaving in self._block(body, inner, before):
                    if leaving is None or leaving.kind == "continue":
                        ends.append((after, then))
                    elif leaving.kind == "break":
                        yield after, then, None
                    else:
                        yield after, then, leaving
            states = met(ends)
        for after, then in states:
            yield after, then, None

    def _while(
        self, test: ast.expr, body: list[ast.stmt], names: Scope, path: Path, done: int
    ) -> Iterator[Any]:
        for after, verdict in self.verdicts(test, names, path):
            if isinstance(verdict, Raised):
                yield after, names, _Exit("raise", verdict)
            elif not verdict:
                yield after, names, None
            elif done >= self.rounds:
                self.cut += 1
            else:
                for end, then, leaving in self._block(body, names, after):
                    if leaving is None or leaving.kind == "continue":
                        yield from self._while(test, body, then, end, done + 1)
                    elif leaving.kind == "break":
                        yield end, then, None
                    else:
                        yield end, then, leaving

    # Expressions.


def _stored(targets: list[ast.expr], value: Value, names: Scope, path: Path) -> Any:
    if isinstance(value, Raised):
        return path, names, _Exit("raise", value)
    for target in targets:
        names = names.unpacked(target, value)
    return path, names, None
