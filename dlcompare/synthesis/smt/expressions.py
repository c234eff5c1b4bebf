"""How symbolic execution evaluates an expression: every way it may turn out, with its path.

One method a kind of expression, all in one file because they call one another.
"""

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from dlcompare.synthesis.smt import arithmetic
from dlcompare.synthesis.smt.builtins import KEYED
from dlcompare.synthesis.smt.methods import METHODS
from dlcompare.synthesis.smt.operators import compared, unary
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.scopes import (
    Names,
    Scope,
    looked_up,
    scoped,
)
from dlcompare.synthesis.smt.sums import summed
from dlcompare.synthesis.smt.symbols import Bool, all_of, any_of, choose, negation
from dlcompare.synthesis.smt.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    is_concrete,
    is_integer,
    is_truth,
    items,
    truth,
    whole,
)

__all__ = ["Closure", "Expressions", "OutOfTimeError", "Outcome"]

Outcome = tuple[Path, Value]

MISSING = object()


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
        self.cut = False
        self._depth = 0

    @abstractmethod
    def call(self, function: Value, arguments: list[Value], path: Path) -> Iterator[Outcome]:
        """Call a function."""

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
            return looked_up(node.id, names)  # type: ignore[attr-defined]
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
            yield after, unary(node.op, value)

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
                    element, first, rest, scoped(names), items(sequence), after, ()
                )

    def _elements(
        self,
        element: ast.expr,
        generator: ast.comprehension,
        rest: list[ast.comprehension],
        names: Scope,
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
        names: Scope,
        value: Value,
        path: Path,
    ) -> tuple[Value, ...] | None:
        """What a value adds to a comprehension, where that is seen at once."""
        if rest:
            return None
        target = generator.target
        if isinstance(target, ast.Name):
            inner = Scope({target.id: value}, names)
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
    ast.Attribute: Expressions._attribute,
    ast.BinOp: Expressions._operation,
    ast.BoolOp: Expressions._joining,
    ast.Call: Expressions._call,
    ast.Compare: Expressions._compare,
    ast.GeneratorExp: Expressions._listed,
    ast.IfExp: Expressions._choice,
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
