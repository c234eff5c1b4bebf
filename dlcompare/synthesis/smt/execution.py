"""Symbolic execution of Python: the functions that programs print as, specifications, references.

A function is run on values whose shape is known and whose numbers are not. Where the shape of what
comes next hangs on a number (a filter keeps it, a branch returns), the execution goes on along two
paths; where it does not, it stays one and the value hangs on the condition. So every primitive has
its reading in logic from its Python, which is its meaning.

What comes out is a list of pairs, a path and the value on it; the paths exclude each other and
together are all inputs, but for those cut off because a loop went on longer than allowed.
"""

import ast
import builtins
import functools
import itertools
import math
import operator
import time
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any

from dlcompare.synthesis.smt import arithmetic
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.source import definition_of
from dlcompare.synthesis.smt.symbols import Bool, all_of, any_of, choose, negation
from dlcompare.synthesis.smt.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    concrete,
    equality,
    is_concrete,
    is_integer,
    is_truth,
    order,
    symbolic,
    truth,
    whole,
)

__all__ = ["Closure", "Execution", "OutOfTimeError", "Outcome", "Surroundings", "imported"]

Outcome = tuple[Path, Value]
Names = Mapping[str, Value]
Flow = tuple[Path, dict[str, Value], "_Exit | None"]

MISSING = object()


class OutOfTimeError(Exception):
    """The execution's time is over."""


class _Exit:
    """How a statement leaves its block: ``return`` or ``raise`` with a value, ``break`` …"""

    def __init__(self, kind: str, value: Value = None) -> None:
        self.kind = kind
        self.value = value


class Closure:
    """A lambda, or a function defined in a function."""

    def __init__(self, node: ast.Lambda | ast.FunctionDef, names: Names) -> None:
        self.node = node
        self.names = names


class Execution:
    """Runs functions on symbolic values.

    Parameters
    ----------
    rounds : int
        How often a loop may go round where that is not known beforehand.
    deadline : float
        Of `time.monotonic`.

    Attributes
    ----------
    cut : bool
        Whether a path was cut off because a loop went on.
    """

    def __init__(self, rounds: int, deadline: float) -> None:
        self.rounds = rounds
        self.deadline = deadline
        self.cut = False
        self._depth = 0

    def call(self, function: Value, arguments: list[Value], path: Path) -> Iterator[Outcome]:
        """Call a function.

        Raises
        ------
        UnsupportedError
            If it does what is not covered.
        OutOfTimeError
            When the time is over.
        """
        from dlcompare.synthesis.smt.builtins import BUILTINS

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
            yield path, _natively(function, arguments)
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
        names = _Scope(dict(zip(parameters, arguments, strict=True)), outer)
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

    def _block(self, body: list[ast.stmt], names: "_Scope", path: Path) -> Iterator[Any]:
        if not body:
            yield path, names, None
            return
        first, *rest = body
        for after, then, leaving in self._statement(first, names, path):
            if leaving is not None:
                yield after, then, leaving
            else:
                yield from self._block(rest, then, after)

    def _statement(self, node: ast.stmt, names: "_Scope", path: Path) -> Iterator[Any]:
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
                for after, verdict in self._verdicts(test, names, path):
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
        names: "_Scope",
        path: Path,
    ) -> Iterator[Any]:
        states: list[tuple[Path, _Scope]] = [(path, names)]
        for value in values:
            ends: list[tuple[Path, _Scope]] = []
            for before, known in states:
                inner = known.unpacked(target, value)
                for after, then, leaving in self._block(body, inner, before):
                    if leaving is None or leaving.kind == "continue":
                        ends.append((after, then))
                    elif leaving.kind == "break":
                        yield after, then, None
                    else:
                        yield after, then, leaving
            states = _met(ends)
        for after, then in states:
            yield after, then, None

    def _while(
        self, test: ast.expr, body: list[ast.stmt], names: "_Scope", path: Path, done: int
    ) -> Iterator[Any]:
        for after, verdict in self._verdicts(test, names, path):
            if isinstance(verdict, Raised):
                yield after, names, _Exit("raise", verdict)
            elif not verdict:
                yield after, names, None
            elif done >= self.rounds:
                self.cut = True
            else:
                for end, then, leaving in self._block(body, names, after):
                    if leaving is None or leaving.kind == "continue":
                        yield from self._while(test, body, then, end, done + 1)
                    elif leaving.kind == "break":
                        yield end, then, None
                    else:
                        yield end, then, leaving

    # Expressions.

    def evaluate(self, node: ast.expr, names: Names, path: Path) -> Iterator[Outcome]:
        """The value of an expression, on every path."""
        value = self._at_once(node, names, path)
        if value is not MISSING:
            yield path, value
            return
        rule = _RULES.get(type(node))
        if rule is None:
            raise UnsupportedError(f"the expression `{ast.unparse(node)[:60]}` is not covered")
        yield from rule(self, node, names, path)

    def _at_once(self, node: ast.expr, names: Names, path: Path) -> Value:
        """The value of an expression that cannot split the path; `MISSING` of any other."""
        kind = type(node)
        if kind is ast.Name:
            return _looked_up(node.id, names)  # type: ignore[attr-defined]
        if kind is ast.Constant:
            return node.value  # type: ignore[attr-defined]
        if kind is ast.Compare:
            return self._comparison(node, names, path)  # type: ignore[arg-type]
        return MISSING

    def _comparison(self, node: ast.Compare, names: Names, path: Path) -> Value:
        left = self._at_once(node.left, names, path)
        if left is MISSING:
            return MISSING
        verdicts = []
        for comparison, other in zip(node.ops, node.comparators, strict=True):
            right = self._at_once(other, names, path)
            if right is MISSING:
                return MISSING
            verdicts.append(_compared(comparison, left, right))
            left = right
        return path.simplified(verdicts[0] if len(verdicts) == 1 else all_of(verdicts))

    def _compare(self, node: ast.Compare, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in self.each([node.left, *node.comparators], names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            pairs = zip(node.ops, values, values[1:], strict=False)
            yield after, after.simplified(all_of(_compared(*pair) for pair in pairs))

    def _operation(self, node: ast.BinOp, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in self.each([node.left, node.right], names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            left, right = values
            if isinstance(node.op, ast.Mult) and isinstance(left, Sequence):
                for end, count in self.counts(right, after):
                    yield from arithmetic.operate(node.op, left, count, end)
            else:
                yield from arithmetic.operate(node.op, left, right, after)

    def counts(self, value: Value, path: Path) -> Iterator[tuple[Path, int]]:
        """The path for each number of rounds that a value can stand for."""
        for after, rounds in arithmetic.integers_of(whole(value), 0, self.rounds + 1, path):
            if rounds > self.rounds and not isinstance(value, int):
                self.cut = True
            else:
                yield after, rounds

    def _prefixed(self, node: ast.UnaryOp, names: Names, path: Path) -> Iterator[Outcome]:
        for after, value in self.evaluate(node.operand, names, path):
            yield after, _unary(node.op, value)

    def _literal(self, node: ast.List | ast.Tuple, names: Names, path: Path) -> Iterator[Outcome]:
        kind = "list" if isinstance(node, ast.List) else "tuple"
        for after, values in self.each(node.elts, names, path):
            yield after, values if isinstance(values, Raised) else Sequence(kind, tuple(values))

    def _listed(
        self, node: ast.ListComp | ast.GeneratorExp, names: Names, path: Path
    ) -> Iterator[Outcome]:
        for after, values in self._comprehension(node.elt, node.generators, names, path):
            yield after, values if isinstance(values, Raised) else Sequence("list", values)

    def _lambda(self, node: ast.Lambda, names: Names, path: Path) -> Iterator[Outcome]:
        yield path, Closure(node, names)

    def _attribute(self, node: ast.Attribute, names: Names, path: Path) -> Iterator[Outcome]:
        for after, owner in self.evaluate(node.value, names, path):
            if isinstance(owner, Sequence):
                raise UnsupportedError(f"the method {node.attr} as a value is not covered")
            yield after, owner if isinstance(owner, Raised) else getattr(owner, node.attr)

    def each(self, nodes: list[ast.expr], names: Names, path: Path) -> Iterator[Any]:
        """The values of several expressions, evaluated from left to right."""
        if not nodes:
            yield path, []
            return
        first, *others = nodes
        spread = isinstance(first, ast.Starred)
        node = first.value if isinstance(first, ast.Starred) else first
        for after, value in self.evaluate(node, names, path):
            if isinstance(value, Raised):
                yield after, value
                continue
            parts = list(items(value)) if spread else [value]
            if not others:
                yield after, parts
                continue
            for end, rest in self.each(others, names, after):
                yield end, rest if isinstance(rest, Raised) else [*parts, *rest]

    def _verdicts(self, test: ast.expr, names: Names, path: Path) -> Iterator[Any]:
        """A condition, decided on every path."""
        at_once = self._at_once(test, names, path)
        if at_once is not MISSING:
            yield from path.split(truth(at_once))
            return
        for after, value in self.evaluate(test, names, path):
            if isinstance(value, Raised):
                yield after, value
            else:
                yield from after.split(truth(value))

    def _alone(self, node: ast.expr, names: Names, path: Path | None) -> list[Outcome]:
        return [] if path is None else list(self.evaluate(node, names, path))

    def _joining(self, node: ast.BoolOp, names: Names, path: Path) -> Iterator[Outcome]:
        yield from self._bool(isinstance(node.op, ast.And), node.values, names, path)

    def _bool(
        self, conjunction: bool, operands: list[ast.expr], names: Names, path: Path
    ) -> Iterator[Outcome]:
        for after, value in self.evaluate(operands[0], names, path):
            if isinstance(value, Raised) or len(operands) == 1:
                yield after, value
                continue
            verdict = after.simplified(truth(value))
            if isinstance(verdict, bool):
                if verdict is conjunction:
                    yield from self._bool(conjunction, operands[1:], names, after)
                else:
                    yield after, value
                continue
            on, off = after.assume(verdict), after.assume(negation(verdict))
            further, done = (on, off) if conjunction else (off, on)
            rest = (
                []
                if further is None
                else list(self._bool(conjunction, operands[1:], names, further))
            )
            if (
                len(rest) == 1
                and rest[0][0] is further
                and is_truth(rest[0][1])
                and is_truth(value)
            ):
                join = all_of if conjunction else any_of
                yield after, join([verdict, rest[0][1]])
                continue
            yield from rest
            if done is not None:
                yield done, value

    def _choice(self, node: ast.IfExp, names: Names, path: Path) -> Iterator[Outcome]:
        then, other = node.body, node.orelse
        for after, value in self.evaluate(node.test, names, path):
            if isinstance(value, Raised):
                yield after, value
                continue
            verdict = after.simplified(truth(value))
            if isinstance(verdict, bool):
                yield from self.evaluate(then if verdict else other, names, after)
                continue
            on, off = after.assume(verdict), after.assume(negation(verdict))
            first, second = self._alone(then, names, on), self._alone(other, names, off)
            joined = _joined(verdict, first, second, on, off)
            if joined is MISSING:
                yield from first
                yield from second
            else:
                yield after, joined

    def _comprehension(
        self, element: ast.expr, generators: list[ast.comprehension], names: Names, path: Path
    ) -> Iterator[Any]:
        """The elements, as a tuple."""
        first, *rest = generators
        for after, sequence in self.evaluate(first.iter, names, path):
            if isinstance(sequence, Raised):
                yield after, sequence
            else:
                yield from self._elements(
                    element, first, rest, _scoped(names), items(sequence), after, ()
                )

    def _elements(
        self,
        element: ast.expr,
        generator: ast.comprehension,
        rest: list[ast.comprehension],
        names: "_Scope",
        values: tuple[Value, ...],
        path: Path,
        done: tuple[Value, ...],
    ) -> Iterator[Any]:
        place = 0
        for value in values:  # as far as the path does not split
            more = self._seen(element, generator, rest, names, value, path)
            if more is None:
                break
            done += more
            place += 1
        if place == len(values):
            yield path, done
            return
        values = values[place:]
        inner = names.unpacked(generator.target, values[0])
        for after, verdict in self._all_hold(generator.ifs, inner, path):
            made: Iterator[Any]
            if isinstance(verdict, Raised):
                yield after, verdict
                continue
            if not verdict:
                made = iter([(after, ())])
            elif rest:
                made = self._comprehension(element, rest, inner, after)
            else:
                made = (
                    (end, value if isinstance(value, Raised) else (value,))
                    for end, value in self.evaluate(element, inner, after)
                )
            for end, more in made:
                if isinstance(more, Raised):
                    yield end, more
                else:
                    yield from self._elements(
                        element, generator, rest, names, values[1:], end, done + more
                    )

    def _seen(
        self,
        element: ast.expr,
        generator: ast.comprehension,
        rest: list[ast.comprehension],
        names: "_Scope",
        value: Value,
        path: Path,
    ) -> tuple[Value, ...] | None:
        """What a value adds to a comprehension, where that is seen at once."""
        if rest:
            return None
        target = generator.target
        if isinstance(target, ast.Name):
            inner = _Scope({target.id: value}, names)
        else:
            inner = names.unpacked(target, value)
        for test in generator.ifs:
            verdict = self._at_once(test, inner, path)
            decided = None if verdict is MISSING else path.decided(truth(verdict))
            if not decided:
                return None if decided is None else ()
        made = self._at_once(element, inner, path)
        return None if made is MISSING else (made,)

    def _all_hold(self, tests: list[ast.expr], names: Names, path: Path) -> Iterator[Any]:
        if not tests:
            yield path, True
            return
        for after, verdict in self._verdicts(tests[0], names, path):
            if isinstance(verdict, Raised) or not verdict:
                yield after, verdict
            else:
                yield from self._all_hold(tests[1:], names, after)

    def _subscript(self, node: ast.Subscript, names: Names, path: Path) -> Iterator[Outcome]:
        value, index = node.value, node.slice
        parts = [index.lower, index.upper, index.step] if isinstance(index, ast.Slice) else [index]
        nodes = [part or ast.Constant(None) for part in parts]
        for after, values in self.each([value, *nodes], names, path):
            if isinstance(values, Raised):
                yield after, values
            elif isinstance(index, ast.Slice):
                yield from arithmetic.cut_out(values[0], values[1:], after)
            else:
                yield from arithmetic.element(values[0], values[1], after)

    def _call(self, node: ast.Call, names: Names, path: Path) -> Iterator[Outcome]:
        from dlcompare.synthesis.smt.builtins import KEYED, METHODS, summed

        function, arguments, keywords = node.func, node.args, node.keywords
        if isinstance(function, ast.Name) and not keywords and len(arguments) == 1:
            called = _looked_up(function.id, names)
            argument = arguments[0]
            if called in (sum, all, any) and isinstance(argument, ast.GeneratorExp):
                yield from summed(self, called, argument, names, path)
                return
        if isinstance(function, ast.Attribute) and not keywords:
            for after, values in self.each([function.value, *arguments], names, path):
                if isinstance(values, Raised):
                    yield after, values
                    continue
                owner = values[0]
                if isinstance(owner, Sequence):
                    if function.attr not in METHODS:
                        raise UnsupportedError(f"the method {function.attr} is not covered")
                    yield from METHODS[function.attr](self, after, values)
                else:
                    yield from self.call(getattr(owner, function.attr), values[1:], after)
            return
        nodes = [function, *arguments, *(keyword.value for keyword in keywords)]
        for after, values in self.each(nodes, names, path):
            if isinstance(values, Raised):
                yield after, values
            elif keywords:
                named = dict(
                    zip([str(k.arg) for k in keywords], values[-len(keywords) :], strict=True)
                )
                if values[0] not in KEYED:
                    raise UnsupportedError("calls with keywords are not covered")
                positional = values[1 : len(values) - len(keywords)]
                yield from KEYED[values[0]](self, after, positional, **named)
            else:
                yield from self.call(values[0], values[1:], after)


_RULES: dict[type[ast.expr], Any] = {
    ast.Attribute: Execution._attribute,
    ast.BinOp: Execution._operation,
    ast.BoolOp: Execution._joining,
    ast.Call: Execution._call,
    ast.Compare: Execution._compare,
    ast.GeneratorExp: Execution._listed,
    ast.IfExp: Execution._choice,
    ast.Lambda: Execution._lambda,
    ast.List: Execution._literal,
    ast.ListComp: Execution._listed,
    ast.Subscript: Execution._subscript,
    ast.Tuple: Execution._literal,
    ast.UnaryOp: Execution._prefixed,
}
"""How each kind of expression is evaluated."""


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


def items(value: Value) -> tuple[Value, ...]:
    """The elements that a loop over a value meets."""
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, str):
        return tuple(value)
    if isinstance(value, range):
        return tuple(value)
    raise UnsupportedError(f"going through {type(value).__name__} is not covered")


class _Scope(dict[str, Value]):
    """Names of a call; those not in it are looked up outside."""

    def __init__(self, names: Mapping[str, Value], outer: Names) -> None:
        super().__init__(names)
        self.outer = outer

    def __missing__(self, name: str) -> Value:
        return self.outer[name]

    def bound(self, name: str, value: Value) -> "_Scope":
        return _Scope({**self, name: value}, self.outer)

    def unpacked(self, target: ast.expr, value: Value) -> "_Scope":
        if isinstance(target, ast.Name):
            return self.bound(target.id, value)
        if isinstance(target, ast.Tuple):
            parts = items(value)
            if len(parts) != len(target.elts):
                raise UnsupportedError("an assignment to too many or too few names")
            scope = self
            for each, part in zip(target.elts, parts, strict=True):
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


def _met(states: list[tuple[Path, _Scope]]) -> list[tuple[Path, _Scope]]:
    """States with the same values are one: where the paths to it meet again."""
    groups: dict[object, list[tuple[Path, _Scope]]] = {}
    for path, names in states:
        groups.setdefault(tuple(names.items()), []).append((path, names))
    return [(Path.joined([path for path, _ in each]), each[0][1]) for each in groups.values()]


def _scoped(names: Names) -> _Scope:
    return names if isinstance(names, _Scope) else _Scope({}, names)


def _looked_up(name: str, names: Names) -> Value:
    try:
        return names[name]
    except (KeyError, AttributeError):
        raise UnsupportedError(f"the name {name} is not known") from None


def _stored(targets: list[ast.expr], value: Value, names: _Scope, path: Path) -> Any:
    if isinstance(value, Raised):
        return path, names, _Exit("raise", value)
    for target in targets:
        names = names.unpacked(target, value)
    return path, names, None


def _joined(
    verdict: Bool, first: list[Outcome], second: list[Outcome], on: Path | None, off: Path | None
) -> Value:
    """One value for both sides of a choice, where both have one and it is of one shape."""
    if len(first) != 1 or len(second) != 1 or first[0][0] is not on or second[0][0] is not off:
        return MISSING
    then, other = first[0][1], second[0][1]
    if then == other and is_concrete(then) and type(then) is type(other):
        return then
    if is_truth(then) and is_truth(other):
        return any_of([all_of([verdict, then]), all_of([negation(verdict), other])])
    if is_integer(then) and is_integer(other):
        return choose(verdict, whole(then), whole(other))
    return MISSING


def _natively(function: Callable[..., Any], arguments: list[Value]) -> Value:
    try:
        return symbolic(function(*map(concrete, arguments)))
    except UnsupportedError:
        raise
    except Exception as error:  # whatever Python raises: the program is undefined there
        return Raised(type(error).__name__)


def _compared(comparison: ast.cmpop, left: Value, right: Value) -> Bool:
    match comparison:
        case ast.Eq():
            return equality(left, right)
        case ast.NotEq():
            return negation(equality(left, right))
        case ast.Lt():
            return order(left, right)
        case ast.Gt():
            return order(right, left)
        case ast.LtE():
            return negation(order(right, left))
        case ast.GtE():
            return negation(order(left, right))
        case ast.In() | ast.NotIn():
            if isinstance(left, str) and isinstance(right, str):
                inside: Bool = left in right
            else:
                inside = any_of(equality(left, each) for each in items(right))
            return inside if isinstance(comparison, ast.In) else negation(inside)
        case ast.Is() if left is None or right is None:
            return left is right
        case ast.IsNot() if left is None or right is None:
            return left is not right
        case _:
            raise UnsupportedError(f"the comparison {type(comparison).__name__} is not covered")


def _unary(sign: ast.unaryop, value: Value) -> Value:
    if isinstance(value, Raised):
        return value
    match sign:
        case ast.Not():
            return negation(truth(value))
        case ast.USub():
            return arithmetic.plus(0, whole(value), -1)
        case ast.UAdd():
            return whole(value)
        case _:
            raise UnsupportedError(f"the operator {type(sign).__name__} is not covered")
