"""Symbolic execution of statements.

A block yields the states in which it can end: path, names and exit. Lists have no identity here, so
a mutation rebinds the list's name. That is sound only while nothing else refers to the list
(`CallScope.owned`); any other mutation is refused. All statements are in one file because they
contain one another.
"""

import ast
import builtins
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.proofs.symbolic.evaluation import Expressions, unexpected
from dlcompare.synthesis.proofs.symbolic.iterators import drawn
from dlcompare.synthesis.proofs.symbolic.mutation import CHANGES, assigned_at
from dlcompare.synthesis.proofs.symbolic.name_analysis import (
    DRAINING,
    escaping,
    free_in,
    is_fresh,
    read_in,
)
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.surroundings import CallScope, imported, looked_up, met
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    items,
)

__all__ = ["Exit", "Statements"]

MUTABLE = ("list", "set", "keys")


class Exit:
    """An early exit from a block: ``return`` or ``raise`` with a value, ``break`` …"""

    def __init__(self, kind: str, value: Value = None) -> None:
        self.kind = kind
        self.value = value


class Statements(Expressions):
    """Executes statements; calling a function is left to `Execution`."""

    def block(self, body: list[ast.stmt], names: CallScope, path: Path) -> Iterator[Any]:
        """Execute statements; yield the path, the scope, and the `Exit` or None, on every path."""
        if not body:
            yield path, names, None
            return
        first, *rest = body
        for after, then, leaving in self._placed(first, names, path):
            if leaving is not None:
                yield after, then, leaving
            else:
                yield from self.block(rest, then, after)

    def _placed(self, node: ast.stmt, names: CallScope, path: Path) -> Iterator[Any]:
        """Execute a statement; an error names the construct and its line."""
        try:
            yield from self._statement(node, names, path)
        except UnsupportedError as error:
            raise error.at(node.lineno, ast.unparse(node).splitlines()[0]) from None
        except (OutOfTimeError, RecursionError):
            raise
        except Exception as error:
            shown = ast.unparse(node).splitlines()[0]
            raise unexpected().at(node.lineno, shown) from error

    def _statement(self, node: ast.stmt, names: CallScope, path: Path) -> Iterator[Any]:
        match node:
            case ast.Return(None):
                yield path, names, Exit("return", None)
            case ast.Return(value) if value is not None:
                names.after(value)
                for after, result in self.evaluate(value, names, path):
                    left = "raise" if isinstance(result, Raised) else "return"
                    yield after, names, Exit(left, result)
            case ast.Expr(ast.Constant()) | ast.Pass():
                yield path, names, None
            case ast.Expr(value):
                yield from self._stored([], value, names, path)
            case ast.Assign(targets, value):
                yield from self._stored(targets, value, names, path)
            case ast.AnnAssign(target, _, value) if value is not None:
                yield from self._stored([target], value, names, path)
            case ast.AugAssign(ast.Name(name), sign, value):
                yield from self._augmented(node, name, sign, value, names, path)
            case ast.AugAssign(ast.Subscript(ast.Name()) as target):
                yield from self._stored([target], _operation(node), names, path, once=True)
            case ast.If(test, body, orelse):
                then = names.after(test, kept=False)
                for after, verdict in self.verdicts(test, names, path):
                    if isinstance(verdict, Raised):
                        yield after, then, Exit("raise", verdict)
                    else:
                        yield from self.block(body if verdict else orelse, then, after)
            case ast.For(target, iterable, body, orelse, _):
                yield from self._for(target, iterable, body, orelse, names, path)
            case ast.While(test, body, orelse):
                if names.after(test, kept=False) is not names:
                    raise UnsupportedError("a condition that reads an iterator or shares a list")
                yield from self._while(test, body, orelse, names, path, 0)
            case ast.Break():
                yield path, names, Exit("break")
            case ast.Continue():
                yield path, names, Exit("continue")
            case ast.Import() | ast.ImportFrom():
                for name, value in imported(node).items():
                    names = names.bound(name, value)
                yield path, names, None
            case ast.FunctionDef(name):
                for after, closure in self.closure(node, names, path):
                    shared = names.owned - free_in(node)
                    then = CallScope(names, names.outer, names.local, shared)
                    if isinstance(closure, Raised):
                        yield after, then, Exit("raise", closure)
                    else:
                        then = then.bound(name, closure)
                        closure.names = then  # it may call itself
                        yield after, then, None
            case ast.Assert(test, message) if _is_harmless(message):
                then = names.after(test, kept=False)
                for after, verdict in self.verdicts(test, names, path):
                    if verdict is True:
                        yield after, then, None
                    else:
                        failed = (
                            verdict if isinstance(verdict, Raised) else Raised("AssertionError")
                        )
                        yield after, then, Exit("raise", failed)
            case ast.Raise(exception, None) if exception is not None:
                yield path, names, Exit("raise", Raised(_exception(exception, names).__name__))
            case ast.Try(body, handlers, orelse, []):
                yield from self._try(body, handlers, orelse, names, path)
            case _:
                raise UnsupportedError(f"the statement {type(node).__name__} is not covered")

    # Assignments.

    def _stored(
        self,
        targets: list[ast.expr],
        value: ast.expr,
        names: CallScope,
        path: Path,
        once: bool = False,
    ) -> Iterator[Any]:
        """Yield the states after an assignment; ``+=`` must not change a list within a list."""
        match value:
            case ast.NamedExpr(ast.Name() as target, inner):
                yield from self._stored([target, *targets], inner, names, path)
                return
            case ast.Call(ast.Name(called), [ast.Name(name), *default], []) if (
                len(default) < 2
                and isinstance(names.get(name), Stream)
                and looked_up(called, names) is next
            ):
                yield from self._taken(targets, name, default, names, path)
                return
            case ast.Call(ast.Attribute(ast.Name(name), method), arguments, keywords) if (
                method in CHANGES and _is_mutable(names.get(name))
            ):
                yield from self._changed(targets, name, method, arguments, keywords, names, path)
                return
        then = names.after(value)
        fresh = is_fresh(value) and len(targets) == 1
        for after, result in self.evaluate(value, names, path):
            if isinstance(result, Raised):
                yield after, then, Exit("raise", result)
            elif once and _is_mutable(result):
                raise UnsupportedError("changing a list within a list is not covered")
            else:
                yield from self._bound(targets, result, then, after, fresh)

    def _bound(
        self,
        targets: list[ast.expr],
        value: Value,
        names: CallScope,
        path: Path,
        fresh: bool = False,
    ) -> Iterator[Any]:
        """Yield the states after a value is assigned to several targets."""
        if isinstance(value, Stream) and len(targets) > 1:
            raise UnsupportedError("an iterator under two names is not covered")
        if not targets:
            yield path, names, None
            return
        first, *rest = targets
        if isinstance(first, ast.Subscript) and isinstance(first.value, ast.Name):
            name = first.value.id
            owner = self._owned(name, names)
            then = names.after(first.slice)
            for after, index in self.evaluate(first.slice, names, path):
                if isinstance(index, Raised):
                    yield after, then, Exit("raise", index)
                    continue
                for end, changed in assigned_at(owner, index, value, after):
                    if isinstance(changed, Raised):
                        yield end, then, Exit("raise", changed)
                    else:
                        yield from self._bound(rest, value, then.bound(name, changed, True), end)
            return
        if isinstance(first, ast.Tuple | ast.List) and not _fits(first, value):
            yield path, names, Exit("raise", Raised("ValueError"))
        else:
            yield from self._bound(rest, value, names.unpacked(first, value, fresh), path)

    def _taken(
        self,
        targets: list[ast.expr],
        name: str,
        default: list[ast.expr],
        names: CallScope,
        path: Path,
    ) -> Iterator[Any]:
        """Execute ``target = next(name)``, which leaves the rest of the iterator to the name."""
        stream = names[name]
        names = names.advanced()
        if any(name in read_in(each) for each in default):
            raise UnsupportedError(f"the iterator {name} is read more than once")
        if stream.items:
            if not stream.ordered and len(stream.items) > 1:
                raise UnsupportedError("the order of a set is not defined")
            first, *rest = stream.items
            left = Stream(tuple(rest), stream.ending, stream.reads, stream.ordered, stream.group)
            then = names.after(*default).advanced() if _is_group(first) else names.after(*default)
            then = CallScope({**then, name: left}, then.outer, then.local, then.owned)
            for after, values in self.each(default, names, path):
                if isinstance(values, Raised):
                    yield after, names, Exit("raise", values)
                else:
                    yield from self._bound(targets, first, then, after)
        elif stream.ending is not None or not default:
            yield path, names, Exit("raise", stream.ending or Raised("StopIteration"))
        else:
            then = names.after(*default)
            for after, value in self.evaluate(default[0], names, path):
                if isinstance(value, Raised):
                    yield after, names, Exit("raise", value)
                else:
                    yield from self._bound(targets, value, then, after)

    def _augmented(
        self,
        node: ast.AugAssign,
        name: str,
        sign: ast.operator,
        value: ast.expr,
        names: CallScope,
        path: Path,
    ) -> Iterator[Any]:
        held = looked_up(name, names)
        if not _is_mutable(held):
            yield from self._stored([node.target], _operation(node), names, path)
            return
        owner = self._owned(name, names)
        if name in read_in(value):
            raise UnsupportedError(f"{name} is read while it is changed")
        if owner.kind == "list" and isinstance(sign, ast.Add):
            yield from self._changed([], name, "extend", [value], [], names, path)
            return
        then = names.after(value)
        for after, result in self.evaluate(_operation(node), names, path):
            if isinstance(result, Raised):
                yield after, then, Exit("raise", result)
            else:
                yield after, then.bound(name, result, True), None

    def _owned(self, name: str, names: CallScope) -> Sequence:
        """Return the list of a name if it may be mutated."""
        held = looked_up(name, names)
        if not isinstance(held, Sequence) or held.kind not in MUTABLE:
            raise UnsupportedError(f"changing {name} in place is not covered")
        renamed = [each for each in DRAINING if looked_up(each, names) is not vars(builtins)[each]]
        if name not in names.owned or renamed:
            raise UnsupportedError(f"{name} is changed in place, and something else may hold it")
        return held

    def _changed(
        self,
        targets: list[ast.expr],
        name: str,
        method: str,
        arguments: list[ast.expr],
        keywords: list[ast.keyword],
        names: CallScope,
        path: Path,
    ) -> Iterator[Any]:
        """Execute ``target = name.method(arguments)`` for a method that mutates the list."""
        owner = self._owned(name, names)
        nodes = [*arguments, *(each.value for each in keywords)]
        named = [each.arg for each in keywords]
        if None in named or any(isinstance(each, ast.Starred) for each in arguments):
            raise UnsupportedError("arguments unpacked by * are not covered here")
        if any(name in escaping(each) for each in nodes):
            raise UnsupportedError(f"{name} is given to its own method")
        then = names.after(*nodes)
        for after, values in self.each(nodes, names, path):
            if isinstance(values, Raised):
                yield after, then, Exit("raise", values)
                continue
            given = dict(zip(map(str, named), values[len(arguments) :], strict=True))
            outcomes = CHANGES[method](self, after, owner, *values[: len(arguments)], **given)
            for end, changed, result in outcomes:
                if isinstance(result, Raised):
                    yield end, then, Exit("raise", result)
                else:
                    yield from self._bound(targets, result, then.bound(name, changed, True), end)

    # Loops.

    def _for(
        self,
        target: ast.expr,
        iterable: ast.expr,
        body: list[ast.stmt],
        orelse: list[ast.stmt],
        names: CallScope,
        path: Path,
    ) -> Iterator[Any]:
        then = names.after(iterable)
        # The loop must not mutate the list that it iterates over.
        then = CallScope(then, then.outer, then.local, then.owned - set(read_in(iterable)))
        for after, sequence in self.evaluate(iterable, names, path):
            if isinstance(sequence, Raised):
                yield after, then, Exit("raise", sequence)
                continue
            if isinstance(sequence, Stream) and sequence.reads & _bound_in(body, target):
                raise UnsupportedError("a loop binds what its iterator reads")
            values, ending = drawn(sequence)
            for end, last, leaving in self._rounds(target, values, body, then, after):
                if leaving is not None:
                    done = None if leaving.kind == "break" else leaving
                    yield end, last, done
                elif ending is not None:
                    yield end, last, Exit("raise", ending)
                else:
                    yield from self.block(orelse, last, end)

    def _rounds(
        self,
        target: ast.expr,
        values: tuple[Value, ...],
        body: list[ast.stmt],
        names: CallScope,
        path: Path,
    ) -> Iterator[Any]:
        states: list[tuple[Path, CallScope]] = [(path, names)]
        for value in values:
            ends: list[tuple[Path, CallScope]] = []
            for before, known in states:
                free = known.advanced() if _is_group(value) else known
                inner = free.unpacked(target, value)
                for after, then, leaving in self.block(body, inner, before):
                    if leaving is None or leaving.kind == "continue":
                        ends.append((after, then))
                    else:
                        yield after, then, leaving
            states = met(ends)
        for after, then in states:
            yield after, then.advanced() if any(map(_is_group, values)) else then, None

    def _while(
        self,
        test: ast.expr,
        body: list[ast.stmt],
        orelse: list[ast.stmt],
        names: CallScope,
        path: Path,
        done: int,
    ) -> Iterator[Any]:
        if names.after(test, kept=False) is not names:
            raise UnsupportedError("a condition that reads an iterator or shares a list")
        for after, verdict in self.verdicts(test, names, path):
            if isinstance(verdict, Raised):
                yield after, names, Exit("raise", verdict)
            elif not verdict:
                yield from self.block(orelse, names, after)
            elif done >= self.rounds:
                self.cut += 1
            else:
                for end, then, leaving in self.block(body, names, after):
                    if leaving is None or leaving.kind == "continue":
                        yield from self._while(test, body, orelse, then, end, done + 1)
                    elif leaving.kind == "break":
                        yield end, then, None
                    else:
                        yield end, then, leaving

    # Exceptions.

    def _try(
        self,
        body: list[ast.stmt],
        handlers: list[ast.ExceptHandler],
        orelse: list[ast.stmt],
        names: CallScope,
        path: Path,
    ) -> Iterator[Any]:
        caught: list[tuple[tuple[type[BaseException], ...], list[ast.stmt]]] = []
        for each in handlers:
            if each.name is not None:
                raise UnsupportedError("the name of an exception is not covered")
            kinds = each.type.elts if isinstance(each.type, ast.Tuple) else [each.type]
            classes = tuple(
                BaseException if kind is None else _exception(kind, names) for kind in kinds
            )
            caught.append((classes, each.body))
        for after, then, leaving in self.block(body, names, path):
            if leaving is None:
                yield from self.block(orelse, then, after)
            elif leaving.kind != "raise":
                yield after, then, leaving
            else:
                raised = getattr(builtins, leaving.value.exception, None)
                if raised is None:
                    raise UnsupportedError("catching an exception of one's own is not covered")
                handler = next((b for c, b in caught if issubclass(raised, c)), None)
                if handler is None:
                    yield after, then, leaving
                else:
                    yield from self.block(handler, then, after)


def _bound_in(body: list[ast.stmt], target: ast.expr) -> frozenset[str]:
    """Return the names that a loop binds."""
    stored = [target, *body]
    return frozenset(
        each.id
        for node in stored
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
    )


def _fits(target: ast.Tuple | ast.List, value: Value) -> bool:
    """Return whether a value has as many elements as a target has names."""
    count, wanted = len(value.items if _is_group(value) else items(value)), len(target.elts)
    spread = any(isinstance(each, ast.Starred) for each in target.elts)
    return count >= wanted - 1 if spread else count == wanted


@lru_cache(maxsize=1 << 12)
def _operation(node: ast.AugAssign) -> ast.expr:
    """Return the operation of an assignment such as ``x += 1``."""
    left = ast.parse(ast.unparse(node.target), mode="eval").body
    return ast.copy_location(ast.BinOp(ast.copy_location(left, node), node.op, node.value), node)


def _is_harmless(node: ast.expr | None) -> bool:
    """Return whether an expression, such as an exception's message, cannot raise."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return all(
        part is None
        or isinstance(part, ast.Constant)
        or (
            isinstance(part, ast.FormattedValue)
            and isinstance(part.value, ast.Name)
            and part.format_spec is None
        )
        for part in parts
    )


def _is_group(value: Value) -> bool:
    return isinstance(value, Sequence) and value.kind == "group"


def _is_mutable(value: Value) -> bool:
    return isinstance(value, Sequence) and value.kind in MUTABLE


def _exception(node: ast.expr, names: CallScope) -> type[BaseException]:
    """Return the exception class that an expression names or instantiates."""
    match node:
        case ast.Call(ast.Name(name), arguments, []) if all(map(_is_harmless, arguments)):
            found = looked_up(name, names)
        case ast.Name(name):
            found = looked_up(name, names)
        case _:
            raise UnsupportedError(f"the exception `{ast.unparse(node)}` is not covered")
    known = isinstance(found, type) and issubclass(found, BaseException)
    if not known or vars(builtins).get(found.__name__) is not found:
        raise UnsupportedError(f"the exception {name} is not covered")
    kind: Any = found
    return kind  # type: ignore[no-any-return]
