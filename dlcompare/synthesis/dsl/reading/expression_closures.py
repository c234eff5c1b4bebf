"""Expressions of Python as closures over frames.

A subclass in `statement_closures` adds the statements and the lambda, which holds a function.
"""

import ast
import operator
from collections.abc import Callable, Iterator
from typing import Any

from dlcompare.synthesis.dsl.limits import StepLimitError
from dlcompare.synthesis.dsl.reading.allowed import (
    METHODS,
    StepMeter,
    builtins,
    metered_method,
    operators,
)
from dlcompare.synthesis.dsl.reading.frames import Frame, NameScope, Run, Store, refuse, targets
from dlcompare.tasks.types import Value

__all__ = ["ExpressionClosures"]

WIDEST = 1_000
"""The largest width in a format specification."""

KNOWN_METHODS = frozenset().union(*METHODS.values())


class ExpressionClosures:
    """A compiler from expressions to closures.

    Parameters
    ----------
    meter : StepMeter
        The meter that all closures charge.
    """

    def __init__(self, meter: StepMeter) -> None:
        self.meter = meter
        self.operators = operators(meter)
        self.in_place = operators(meter, in_place=True)
        self.builtins = builtins(meter)

    def closure(self, node: ast.expr | ast.stmt, scope: NameScope) -> Run:
        """Return the closure of a syntax node, made by the method named after its class.

        Raises
        ------
        ReadingError
            If the subset does not contain the construct.
        """
        method = getattr(self, f"_closure_{type(node).__name__.lower()}", None)
        if method is None:
            refuse(node)
        run: Run = method(node, scope)
        return run

    def _closure_constant(self, node: ast.Constant, _scope: NameScope) -> Run:
        value = node.value
        if value is not None and type(value) not in (bool, int, str, float):
            refuse(node, f"the constant {value!r} is not known")
        return lambda _: value

    def _closure_name(self, node: ast.Name, scope: NameScope) -> Run:
        return scope.load(node.id, node)

    def _closure_namedexpr(self, node: ast.NamedExpr, scope: NameScope) -> Run:
        value = self.closure(node.value, scope)
        depth, at, name = 0, scope, node.target.id
        while at.comprehension and at.outer is not None:
            depth, at = depth + 1, at.outer
        if name not in at.names:
            refuse(node, "an assignment expression to a name of an outer function is not known")

        def run(frame: Frame) -> Value:
            assigned = value(frame)
            for _ in range(depth):
                assert frame.outer is not None
                frame = frame.outer
            frame.names[name] = assigned
            return assigned

        return run

    def _closure_binop(self, node: ast.BinOp, scope: NameScope) -> Run:
        name = type(node.op).__name__
        if name not in self.operators:
            refuse(node.op)
        combine = self.operators[name]
        left, right = self.closure(node.left, scope), self.closure(node.right, scope)
        return lambda frame: combine(left(frame), right(frame))

    def _closure_unaryop(self, node: ast.UnaryOp, scope: NameScope) -> Run:
        change = _UNARY[type(node.op)]
        value = self.closure(node.operand, scope)
        return lambda frame: change(value(frame))

    def _closure_boolop(self, node: ast.BoolOp, scope: NameScope) -> Run:
        parts = [self.closure(each, scope) for each in node.values]
        stops = isinstance(node.op, ast.Or)

        def run(frame: Frame) -> Value:
            value = None
            for part in parts:
                value = part(frame)
                if bool(value) is stops:
                    return value
            return value

        return run

    def _closure_compare(self, node: ast.Compare, scope: NameScope) -> Run:
        first = self.closure(node.left, scope)
        rest = [
            (self.operators[type(each).__name__], self.closure(right, scope))
            for each, right in zip(node.ops, node.comparators, strict=True)
        ]

        def run(frame: Frame) -> Value:
            left, holds = first(frame), True
            for compare, part in rest:
                right = part(frame)
                holds = compare(left, right)
                if not holds:
                    return holds
                left = right
            return holds

        return run

    def _closure_ifexp(self, node: ast.IfExp, scope: NameScope) -> Run:
        test = self.closure(node.test, scope)
        then, otherwise = self.closure(node.body, scope), self.closure(node.orelse, scope)
        return lambda frame: then(frame) if test(frame) else otherwise(frame)

    def _closure_call(self, node: ast.Call, scope: NameScope) -> Run:
        function = self.closure(node.func, scope)
        positional = [
            (isinstance(each, ast.Starred), self.closure(_unstarred(each), scope))
            for each in node.args
        ]
        if any(each.arg is None for each in node.keywords):
            refuse(node, "** in a call is not known")
        named = [(str(each.arg), self.closure(each.value, scope)) for each in node.keywords]
        meter = self.meter

        def run(frame: Frame) -> Value:
            called = function(frame)
            args: list[Value] = []
            for starred, part in positional:
                if starred:
                    args.extend(meter.elements(part(frame)))
                else:
                    args.append(part(frame))
            return called(*args, **{name: part(frame) for name, part in named})

        return run

    def _closure_attribute(self, node: ast.Attribute, scope: NameScope) -> Run:
        of, name, meter = self.closure(node.value, scope), node.attr, self.meter
        if name.startswith("_") or name not in KNOWN_METHODS:
            refuse(node, f"the attribute {name!r} is not known")

        def run(frame: Frame) -> Value:
            value = of(frame)
            method = metered_method(value, name, meter)
            if method is None:
                raise AttributeError(f"{type(value).__name__} has no method {name!r} here")
            return method

        return run

    def _closure_subscript(self, node: ast.Subscript, scope: NameScope) -> Run:
        of, at = self.closure(node.value, scope), self.closure(node.slice, scope)
        return lambda frame: operator.getitem(of(frame), at(frame))

    def _closure_slice(self, node: ast.Slice, scope: NameScope) -> Run:
        parts = [
            self.closure(each, scope) if each else lambda _: None
            for each in (node.lower, node.upper, node.step)
        ]
        return lambda frame: slice(*(part(frame) for part in parts))

    def _elements(self, nodes: list[ast.expr], scope: NameScope) -> Callable[[Frame], list[Value]]:
        parts = [
            (isinstance(each, ast.Starred), self.closure(_unstarred(each), scope)) for each in nodes
        ]
        meter = self.meter

        def run(frame: Frame) -> list[Value]:
            values: list[Value] = []
            for starred, part in parts:
                if starred:
                    values.extend(meter.elements(part(frame)))
                else:
                    values.append(part(frame))
            return values

        return run

    def _closure_list(self, node: ast.List, scope: NameScope) -> Run:
        return self._elements(node.elts, scope)

    def _closure_tuple(self, node: ast.Tuple, scope: NameScope) -> Run:
        elements = self._elements(node.elts, scope)
        return lambda frame: tuple(elements(frame))

    def _closure_set(self, node: ast.Set, scope: NameScope) -> Run:
        elements = self._elements(node.elts, scope)
        return lambda frame: set(elements(frame))

    def _closure_dict(self, node: ast.Dict, scope: NameScope) -> Run:
        pairs = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                refuse(node, "** in a dictionary is not known")
            pairs.append((self.closure(key, scope), self.closure(value, scope)))
        return lambda frame: {key(frame): value(frame) for key, value in pairs}

    def _closure_joinedstr(self, node: ast.JoinedStr, scope: NameScope) -> Run:
        parts = [self.closure(each, scope) for each in node.values]
        return lambda frame: "".join(part(frame) for part in parts)

    def _closure_formattedvalue(self, node: ast.FormattedValue, scope: NameScope) -> Run:
        value = self.closure(node.value, scope)
        spec = self.closure(node.format_spec, scope) if node.format_spec else lambda _: ""
        convert = _CONVERSIONS[node.conversion]

        def run(frame: Frame) -> str:
            how = spec(frame)
            digits = "".join(c if c.isdigit() else " " for c in how).split()
            if any(len(each) > 4 or int(each) > WIDEST for each in digits):
                raise StepLimitError(f"a width of more than {WIDEST} characters")
            shown = convert(value(frame))
            if type(shown) not in (bool, int, str, float, list, tuple):
                raise TypeError(f"a value of type {type(shown).__name__} cannot be formatted here")
            return format(shown, how)

        return run

    def target(self, node: ast.expr, scope: NameScope) -> Store:
        """Return the closure that assigns to a target."""
        if isinstance(node, ast.Name):
            return scope.store(node.id)
        if isinstance(node, ast.Subscript):
            of, at = self.closure(node.value, scope), self.closure(node.slice, scope)
            return lambda frame, value: operator.setitem(of(frame), at(frame), value)
        if not isinstance(node, ast.Tuple | ast.List):
            refuse(node)
        starred = [i for i, each in enumerate(node.elts) if isinstance(each, ast.Starred)]
        if len(starred) > 1:
            refuse(node, "two starred targets are not known")
        parts = [
            self.target(each.value if isinstance(each, ast.Starred) else each, scope)
            for each in node.elts
        ]
        meter = self.meter

        def run(frame: Frame, value: Value) -> None:
            values = list(meter.elements(value))
            if starred:
                after = len(parts) - starred[0] - 1
                if len(values) < len(parts) - 1:
                    raise ValueError("not enough values to unpack")
                end = len(values) - after
                values[starred[0] : end] = [values[starred[0] : end]]
            if len(values) != len(parts):
                raise ValueError("too many or too few values to unpack")
            for part, each in zip(parts, values, strict=True):
                part(frame, each)

        return run

    def _comprehension(
        self, node: Any, results: list[ast.expr], scope: NameScope
    ) -> Callable[[Frame], Iterator[list[Value]]]:
        """Return the closure that yields the results per iteration; it reads the first source."""
        inner = NameScope(set(), scope, comprehension=True)
        for each in node.generators:
            if each.is_async:
                refuse(node)
            inner.names |= targets(each.target)
        sources = [
            self.closure(each.iter, inner if i else scope) for i, each in enumerate(node.generators)
        ]
        stores = [self.target(each.target, inner) for each in node.generators]
        tests = [[self.closure(test, inner) for test in g.ifs] for g in node.generators]
        parts = [self.closure(each, inner) for each in results]
        last = len(sources) - 1
        meter = self.meter

        def rounds(frame: Frame, level: int, values: Iterator[Value]) -> Iterator[list[Value]]:
            for value in values:
                meter.charge(1)
                stores[level](frame, value)
                if all(test(frame) for test in tests[level]):
                    if level == last:
                        yield [part(frame) for part in parts]
                    else:
                        yield from rounds(frame, level + 1, iter(sources[level + 1](frame)))

        def run(frame: Frame) -> Iterator[list[Value]]:
            return rounds(Frame(frame), 0, iter(sources[0](frame)))

        return run

    def _closure_listcomp(self, node: ast.ListComp, scope: NameScope) -> Run:
        rounds = self._comprehension(node, [node.elt], scope)
        return _unwrapped(lambda frame: [value for (value,) in rounds(frame)])

    def _closure_setcomp(self, node: ast.SetComp, scope: NameScope) -> Run:
        rounds = self._comprehension(node, [node.elt], scope)
        return _unwrapped(lambda frame: {value for (value,) in rounds(frame)})

    def _closure_dictcomp(self, node: ast.DictComp, scope: NameScope) -> Run:
        rounds = self._comprehension(node, [node.key, node.value], scope)
        return _unwrapped(lambda frame: {key: value for key, value in rounds(frame)})  # noqa: C416

    def _closure_generatorexp(self, node: ast.GeneratorExp, scope: NameScope) -> Run:
        rounds = self._comprehension(node, [node.elt], scope)

        def run(frame: Frame) -> Iterator[Value]:
            made = rounds(frame)
            return (value for (value,) in made)

        return run


def _unwrapped(run: Run) -> Run:
    """Return a closure that lets a `StopIteration` inside an iteration pass unchanged.

    The iterations are a generator, which Python lets it leave only as a `RuntimeError`.
    """

    def unwrapped(frame: Frame) -> Value:
        try:
            return run(frame)
        except RuntimeError as error:
            if isinstance(error.__cause__, StopIteration):
                raise error.__cause__ from None
            raise

    return unwrapped


def _unstarred(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Starred) else node


_UNARY: dict[type[ast.unaryop], Callable[[Value], Value]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}

_CONVERSIONS: dict[int, Callable[[Value], Value]] = {
    -1: lambda value: value,
    ord("s"): str,
    ord("r"): repr,
    ord("a"): ascii,
}
