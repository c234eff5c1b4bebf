"""How symbolic execution evaluates an expression: every way it may turn out, with its path.

One method a kind of expression, all in one file because they call one another.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from dlcompare.synthesis.smt import arithmetic, texts
from dlcompare.synthesis.smt.builtins import KEYED
from dlcompare.synthesis.smt.comprehensions import listed
from dlcompare.synthesis.smt.methods import METHODS
from dlcompare.synthesis.smt.operators import compared, unary
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.scopes import (
    Names,
    looked_up,
)
from dlcompare.synthesis.smt.sums import summed
from dlcompare.synthesis.smt.symbols import Bool, all_of, any_of, choose, negation
from dlcompare.synthesis.smt.values import (
    MISSING,
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    codes,
    is_concrete,
    is_integer,
    is_text,
    is_truth,
    items,
    text,
    truth,
    whole,
)

__all__ = ["Closure", "Expressions", "OutOfTimeError", "Outcome"]

Outcome = tuple[Path, Value]


class OutOfTimeError(Exception):
    """The execution's time is over."""


class Closure:
    """A lambda, or a function defined in a function."""

    def __init__(self, node: ast.Lambda | ast.FunctionDef, names: Names) -> None:
        self.node = node
        self.names = names


class Expressions(ABC):
    """Evaluates expressions; calling a function is left to `Execution`."""

    def __init__(self, rounds: int, deadline: float) -> None:
        self.rounds = rounds
        self.deadline = deadline
        self.ended = 0
        self.cut = 0
        self._depth = 0

    @abstractmethod
    def apply(self, function: Value, arguments: list[Value], path: Path) -> Iterator[Outcome]:
        """Call a function from within the execution."""

    def evaluate(self, node: ast.expr, names: Names, path: Path) -> Iterator[Outcome]:
        """The value of an expression, on every path."""
        value = self.at_once(node, names, path)
        if value is not MISSING:
            yield path, value
            return
        rule = _RULES.get(type(node))
        if rule is None:
            raise UnsupportedError(f"the expression `{ast.unparse(node)[:60]}` is not covered")
        yield from rule(self, node, names, path)

    def at_once(self, node: ast.expr, names: Names, path: Path) -> Value:
        """The value of an expression that cannot split the path; `MISSING` of any other."""
        kind = type(node)
        if kind is ast.Name:
            return looked_up(node.id, names)  # type: ignore[attr-defined]
        if kind is ast.Constant:
            return node.value  # type: ignore[attr-defined]
        if kind is ast.Compare:
            return self._comparison(node, names, path)  # type: ignore[arg-type]
        return MISSING

    def _comparison(self, node: ast.Compare, names: Names, path: Path) -> Value:
        left = self.at_once(node.left, names, path)
        if left is MISSING:
            return MISSING
        verdicts = []
        for comparison, other in zip(node.ops, node.comparators, strict=True):
            right = self.at_once(other, names, path)
            if right is MISSING:
                return MISSING
            verdicts.append(compared(comparison, left, right))
            left = right
        return path.simplified(verdicts[0] if len(verdicts) == 1 else all_of(verdicts))

    def _compare(self, node: ast.Compare, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in self.each([node.left, *node.comparators], names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            pairs = zip(node.ops, values, values[1:], strict=False)
            yield after, after.simplified(all_of(compared(*pair) for pair in pairs))

    def _operation(self, node: ast.BinOp, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in self.each([node.left, node.right], names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            left, right = values
            if isinstance(node.op, ast.Mult) and isinstance(left, Sequence | str):
                for end, count in self.counts(right, after):
                    yield from arithmetic.operate(node.op, left, count, end)
            else:
                yield from arithmetic.operate(node.op, left, right, after)

    def counts(self, value: Value, path: Path) -> Iterator[tuple[Path, int]]:
        """The path for each number of rounds that a value can stand for."""
        for after, rounds in arithmetic.integers_of(whole(value), 0, self.rounds + 1, path):
            if rounds > self.rounds and not isinstance(value, int):
                self.cut += 1
            else:
                yield after, rounds

    def _prefixed(self, node: ast.UnaryOp, names: Names, path: Path) -> Iterator[Outcome]:
        for after, value in self.evaluate(node.operand, names, path):
            yield after, unary(node.op, value)

    def _literal(self, node: ast.List | ast.Tuple, names: Names, path: Path) -> Iterator[Outcome]:
        kind = "list" if isinstance(node, ast.List) else "tuple"
        for after, values in self.each(node.elts, names, path):
            yield after, values if isinstance(values, Raised) else Sequence(kind, tuple(values))

    def _listed(
        self, node: ast.ListComp | ast.GeneratorExp, names: Names, path: Path
    ) -> Iterator[Outcome]:
        for after, values in listed(self, node.elt, node.generators, names, path):
            yield after, values if isinstance(values, Raised) else Sequence("list", values)

    def _formatted(self, node: ast.JoinedStr, names: Names, path: Path) -> Iterator[Outcome]:
        parts: list[ast.expr] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.conversion != -1 or part.format_spec is not None:
                    raise UnsupportedError(f"the format `{ast.unparse(node)[:60]}` is not covered")
                parts.append(part.value)
            else:
                parts.append(part)
        for after, values in self.each(parts, names, path):
            if isinstance(values, Raised):
                yield after, values
            else:
                points = (code for value in values for code in codes(texts.shown(value)))
                yield after, text(tuple(points))

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

    def verdicts(self, test: ast.expr, names: Names, path: Path) -> Iterator[Any]:
        """A condition, decided on every path."""
        at_once = self.at_once(test, names, path)
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
        function, arguments, keywords = node.func, node.args, node.keywords
        if isinstance(function, ast.Name) and not keywords and len(arguments) == 1:
            called = looked_up(function.id, names)
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
                if is_text(owner) and not all(map(is_concrete, values)):
                    if function.attr not in texts.METHODS:
                        raise UnsupportedError(f"the method {function.attr} is not covered")
                    yield from texts.METHODS[function.attr](after, codes(owner), *values[1:])
                elif isinstance(owner, Sequence):
                    if function.attr not in METHODS:
                        raise UnsupportedError(f"the method {function.attr} is not covered")
                    yield from METHODS[function.attr](self, after, values)
                else:
                    yield from self.apply(getattr(owner, function.attr), values[1:], after)
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
                yield from self.apply(values[0], values[1:], after)


_RULES: dict[type[ast.expr], Any] = {
    ast.Attribute: Expressions._attribute,
    ast.BinOp: Expressions._operation,
    ast.BoolOp: Expressions._joining,
    ast.Call: Expressions._call,
    ast.Compare: Expressions._compare,
    ast.GeneratorExp: Expressions._listed,
    ast.IfExp: Expressions._choice,
    ast.JoinedStr: Expressions._formatted,
    ast.Lambda: Expressions._lambda,
    ast.List: Expressions._literal,
    ast.ListComp: Expressions._listed,
    ast.Subscript: Expressions._subscript,
    ast.Tuple: Expressions._literal,
    ast.UnaryOp: Expressions._prefixed,
}
"""How each kind of expression is evaluated."""


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
