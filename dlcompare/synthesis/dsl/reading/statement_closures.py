"""Statements and functions of Python as closures over frames.

A statement returns None, or a signal to the enclosing statement: break, continue, or a `Return`.
"""

import ast
import operator
from collections.abc import Callable
from typing import Any

from dlcompare.synthesis.dsl.limits import StepLimitError
from dlcompare.synthesis.dsl.reading.allowed import EXCEPTIONS, MODULES, imported
from dlcompare.synthesis.dsl.reading.expression_closures import ExpressionClosures
from dlcompare.synthesis.dsl.reading.frames import (
    Frame,
    NameScope,
    ReadingError,
    Run,
    assigned,
    nonlocal_names,
    refuse,
)
from dlcompare.tasks.types import Value

__all__ = ["StatementClosures"]

_BREAK, _CONTINUE = object(), object()


class Return:
    """The signal that a function returns a value."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class StatementClosures(ExpressionClosures):
    """A compiler from statements, functions and their module to closures."""

    def module(self, tree: ast.Module) -> tuple[str, Callable[..., Value]]:
        """Return the name and the closure of the last function of a text."""
        allowed = ast.FunctionDef | ast.Import | ast.ImportFrom
        body = [node for node in tree.body if not _is_docstring(node)]
        for node in body:
            if not isinstance(node, allowed):
                refuse(node, f"{type(node).__name__} outside a function is not known")
        functions = [node for node in body if isinstance(node, ast.FunctionDef)]
        if not functions:
            raise ReadingError("the text defines no function")
        scope = NameScope(assigned(body) | self.builtins.keys(), None)
        run = self.block(body, scope)
        frame = Frame(None)
        frame.names.update(self.builtins)
        self.meter.left = self.meter.limit
        run(frame)
        name = functions[-1].name
        return name, frame.names[name]

    def block(self, body: list[ast.stmt], scope: NameScope) -> Run:
        """Return the closure that runs statements up to the first signal."""
        statements = [self.closure(node, scope) for node in body]

        def run(frame: Frame) -> Any:
            for statement in statements:
                signal = statement(frame)
                if signal is not None:
                    return signal
            return None

        return run

    def _closure_pass(self, _node: ast.Pass, _scope: NameScope) -> Run:
        return lambda _: None

    _closure_nonlocal = _closure_pass  # `nonlocal_names` has read it

    def _closure_break(self, _node: ast.Break, _scope: NameScope) -> Run:
        return lambda _: _BREAK

    def _closure_continue(self, _node: ast.Continue, _scope: NameScope) -> Run:
        return lambda _: _CONTINUE

    def _closure_expr(self, node: ast.Expr, scope: NameScope) -> Run:
        value = self.closure(node.value, scope)

        def run(frame: Frame) -> None:
            value(frame)

        return run

    def _closure_return(self, node: ast.Return, scope: NameScope) -> Run:
        value = self.closure(node.value, scope) if node.value else lambda _: None
        return lambda frame: Return(value(frame))

    def _closure_assign(self, node: ast.Assign, scope: NameScope) -> Run:
        value = self.closure(node.value, scope)
        stores = [self.target(each, scope) for each in node.targets]

        def run(frame: Frame) -> None:
            assigned = value(frame)
            for store in stores:
                store(frame, assigned)

        return run

    def _closure_annassign(self, node: ast.AnnAssign, scope: NameScope) -> Run:
        if node.value is None:
            return lambda _: None
        value, store = self.closure(node.value, scope), self.target(node.target, scope)
        return lambda frame: store(frame, value(frame))

    def _closure_augassign(self, node: ast.AugAssign, scope: NameScope) -> Run:
        value = self.closure(node.value, scope)
        name = type(node.op).__name__
        if name not in self.in_place:
            refuse(node.op)
        combine = self.in_place[name]
        if isinstance(node.target, ast.Subscript):
            of = self.closure(node.target.value, scope)
            at = self.closure(node.target.slice, scope)

            def run_at(frame: Frame) -> None:
                values, place = of(frame), at(frame)
                values[place] = combine(values[place], value(frame))

            return run_at
        if not isinstance(node.target, ast.Name):
            refuse(node)
        load = scope.load(node.target.id, node)
        store = self.target(node.target, scope)

        def run(frame: Frame) -> None:
            store(frame, combine(load(frame), value(frame)))

        return run

    def _closure_delete(self, node: ast.Delete, scope: NameScope) -> Run:
        pairs = []
        for each in node.targets:
            if not isinstance(each, ast.Subscript):
                refuse(node)
            pairs.append((self.closure(each.value, scope), self.closure(each.slice, scope)))

        def run(frame: Frame) -> None:
            for of, at in pairs:
                operator.delitem(of(frame), at(frame))

        return run

    def _closure_if(self, node: ast.If, scope: NameScope) -> Run:
        test = self.closure(node.test, scope)
        then, otherwise = self.block(node.body, scope), self.block(node.orelse, scope)
        return lambda frame: then(frame) if test(frame) else otherwise(frame)

    def _closure_for(self, node: ast.For, scope: NameScope) -> Run:
        source, store = self.closure(node.iter, scope), self.target(node.target, scope)
        body, otherwise = self.block(node.body, scope), self.block(node.orelse, scope)
        meter = self.meter

        def run(frame: Frame) -> Any:
            for value in source(frame):
                meter.charge(1)
                store(frame, value)
                signal = body(frame)
                if signal is _BREAK:
                    return None
                if signal is not None and signal is not _CONTINUE:
                    return signal
            return otherwise(frame)

        return run

    def _closure_while(self, node: ast.While, scope: NameScope) -> Run:
        test = self.closure(node.test, scope)
        body, otherwise = self.block(node.body, scope), self.block(node.orelse, scope)
        meter = self.meter

        def run(frame: Frame) -> Any:
            while test(frame):
                meter.charge(1)
                signal = body(frame)
                if signal is _BREAK:
                    return None
                if signal is not None and signal is not _CONTINUE:
                    return signal
            return otherwise(frame)

        return run

    def _closure_assert(self, node: ast.Assert, scope: NameScope) -> Run:
        test = self.closure(node.test, scope)

        def run(frame: Frame) -> None:
            if not test(frame):
                raise AssertionError

        return run

    def _closure_raise(self, node: ast.Raise, scope: NameScope) -> Run:
        if node.exc is None:
            refuse(node, "raise without an exception is not known")
        raised = self.closure(node.exc, scope)

        def run(frame: Frame) -> None:
            error = raised(frame)
            kind = error if isinstance(error, type) else type(error)
            if EXCEPTIONS.get(kind.__name__) is not kind:
                raise TypeError("exceptions must derive from BaseException")
            raise error

        return run

    def _closure_try(self, node: ast.Try, scope: NameScope) -> Run:
        body, otherwise = self.block(node.body, scope), self.block(node.orelse, scope)
        final = self.block(node.finalbody, scope)
        handlers = [
            (
                self.closure(each.type, scope) if each.type else lambda _: Exception,
                each.name,
                self.block(each.body, scope),
            )
            for each in node.handlers
        ]

        def attempt(frame: Frame) -> Any:
            try:
                signal = body(frame)
            except (StepLimitError, RecursionError, MemoryError):
                raise
            except Exception as error:
                for kind, name, handle in handlers:
                    if isinstance(error, kind(frame)):
                        if name:
                            frame.names[name] = error
                        signal = handle(frame)
                        frame.names.pop(name or "", None)
                        return signal
                raise
            return otherwise(frame) if signal is None else signal

        def run(frame: Frame) -> Any:
            try:
                signal = attempt(frame)
            except (StepLimitError, RecursionError, MemoryError):
                raise
            except Exception:
                last = final(frame)
                if last is not None:
                    return last
                raise
            last = final(frame)
            return signal if last is None else last

        return run

    def _closure_importfrom(self, node: ast.ImportFrom, scope: NameScope) -> Run:
        names = []
        for each in node.names:
            if node.level or each.name not in MODULES.get(node.module or "", {}):
                refuse(node, f"the import of {each.name} from {node.module} is not known")
            value = imported(node.module or "", each.name, self.meter)
            names.append((scope.store(each.asname or each.name), value))

        def run(frame: Frame) -> None:
            for store, value in names:
                store(frame, value)

        return run

    def _closure_functiondef(self, node: ast.FunctionDef, scope: NameScope) -> Run:
        if node.decorator_list:
            refuse(node.decorator_list[0], "a decorator is not known")
        if node.args.vararg or node.args.kwarg:
            refuse(node, "a function with * or ** parameters is not known")
        make = self.function(node.args, node.body, scope)
        store = scope.store(node.name)
        return lambda frame: store(frame, make(frame))

    def function(
        self, args: ast.arguments, body: list[ast.stmt] | ast.expr, scope: NameScope
    ) -> Run:
        """Return the closure that makes the function when execution reaches its definition."""
        parameters = [each.arg for each in (*args.posonlyargs, *args.args)]
        keyword_only = [each.arg for each in args.kwonlyargs]
        statements = body if isinstance(body, list) else []
        names = {*parameters, *keyword_only} | assigned(statements)
        if isinstance(body, ast.expr):
            names |= assigned([ast.Expr(body)])
        inner = NameScope(names - nonlocal_names(statements), scope)
        defaults = [self.closure(each, scope) for each in args.defaults]
        keyword_defaults = {
            name: self.closure(each, scope)
            for name, each in zip(keyword_only, args.kw_defaults, strict=True)
            if each is not None
        }
        block = self.block(statements, inner) if isinstance(body, list) else None
        value = None if isinstance(body, list) else self.closure(body, inner)
        positional_only = {each.arg for each in args.posonlyargs}
        meter = self.meter

        def make(frame: Frame) -> Callable[..., Value]:
            known = dict(
                zip(
                    parameters[len(parameters) - len(defaults) :],
                    (d(frame) for d in defaults),
                    strict=True,
                )
            )
            known |= {name: each(frame) for name, each in keyword_defaults.items()}

            def call(*given: Value, **named: Value) -> Value:
                meter.charge(1)
                if len(given) > len(parameters):
                    raise TypeError(f"too many arguments: {len(given)}")
                local = Frame(frame)
                local.names.update(zip(parameters, given, strict=False))
                for name, each in named.items():
                    taken = name in local.names or name in positional_only
                    if taken or name not in (*parameters, *keyword_only):
                        raise TypeError(f"an unexpected argument: {name}")
                    local.names[name] = each
                for name in (*parameters, *keyword_only):
                    if name not in local.names:
                        if name not in known:
                            raise TypeError(f"a missing argument: {name}")
                        local.names[name] = known[name]
                if value is not None:
                    return value(local)
                assert block is not None
                signal = block(local)
                return signal.value if isinstance(signal, Return) else None

            return call

        return make

    def _closure_lambda(self, node: ast.Lambda, scope: NameScope) -> Run:
        if node.args.vararg or node.args.kwarg:
            refuse(node, "a function with * or ** parameters is not known")
        return self.function(node.args, node.body, scope)


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
