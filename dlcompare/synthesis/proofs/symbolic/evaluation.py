"""Symbolic evaluation of expressions: every possible outcome, with its path.

There is one method per kind of expression, all in one file because they call one another.
"""

import ast
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.proofs.symbolic import symbolic_arithmetic as arithmetic
from dlcompare.synthesis.proofs.symbolic import texts
from dlcompare.synthesis.proofs.symbolic.builtins import distinct
from dlcompare.synthesis.proofs.symbolic.comparisons import compared, natively, unary
from dlcompare.synthesis.proofs.symbolic.comprehensions import listed
from dlcompare.synthesis.proofs.symbolic.interface import Evaluator, Outcome
from dlcompare.synthesis.proofs.symbolic.methods import METHODS
from dlcompare.synthesis.proofs.symbolic.name_analysis import free_in, read_in
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.sums import summed
from dlcompare.synthesis.proofs.symbolic.surroundings import CallScope, Names, looked_up
from dlcompare.synthesis.proofs.symbolic.symbols import Bool, all_of, any_of, choose, negation
from dlcompare.synthesis.proofs.symbolic.values import (
    MISSING,
    Closure,
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    codes,
    equality,
    fingerprint,
    is_concrete,
    is_data,
    is_integer,
    is_text,
    is_truth,
    items,
    storable,
    symbolic,
    text,
    truth,
    unordered,
    whole,
)

__all__ = ["Expressions", "unexpected"]


class Expressions(Evaluator):
    """Evaluates expressions; calling a function is left to `Execution`."""

    def __init__(self, rounds: int, deadline: float) -> None:
        self.rounds = rounds
        self.deadline = deadline
        self.ended = 0
        self.cut = 0
        self._depth = 0

    def evaluate(self, node: ast.expr, names: Names, path: Path) -> Iterator[Outcome]:
        """Yield the value of an expression on every path.

        Raises
        ------
        UnsupportedError
            If it has no exact model; the message names the innermost construct and its line.
        """
        try:
            value = self.at_once(node, names, path)
            if value is not MISSING:
                yield path, value
                return
            rule = _RULES.get(type(node))
            if rule is None:
                raise UnsupportedError(f"the expression {type(node).__name__} is not covered")
            yield from rule(self, node, names, path)
        except UnsupportedError as error:
            raise error.at(node.lineno, ast.unparse(node)) from None
        except (OutOfTimeError, RecursionError):
            raise
        except Exception as error:
            # A call with arguments that are not modelled, or an unexpected value.
            raise unexpected().at(node.lineno, ast.unparse(node)) from error

    def at_once(self, node: ast.expr, names: Names, path: Path) -> Value:
        """Return the value of an expression that cannot split the path, else `MISSING`."""
        kind = type(node)
        if kind is ast.Name:
            return looked_up(node.id, names)  # type: ignore[attr-defined]
        if kind is ast.Constant:
            return symbolic(node.value)  # type: ignore[attr-defined]
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
            if right is MISSING or isinstance(right, Stream):
                return MISSING
            verdicts.append(compared(comparison, left, right))
            left = right
        return path.simplified(verdicts[0] if len(verdicts) == 1 else all_of(verdicts))

    def _compare(self, node: ast.Compare, names: Names, path: Path) -> Iterator[Outcome]:
        for after, left in self.evaluate(node.left, names, path):
            if isinstance(left, Raised):
                yield after, left
            else:
                yield from self._chain(left, node.ops, node.comparators, names, after)

    def _chain(
        self,
        left: Value,
        comparisons: list[ast.cmpop],
        others: list[ast.expr],
        names: Names,
        path: Path,
    ) -> Iterator[Outcome]:
        """Yield a chain of comparisons, which short-circuits at the first that fails."""
        for after, right in self.evaluate(others[0], names, path):
            if isinstance(right, Raised):
                yield after, right
                continue
            for end, holds in self._contained(comparisons[0], left, right, after):
                if isinstance(holds, Raised) or holds is False or not others[1:]:
                    yield end, holds
                    continue
                on, off = end.assume(holds), end.assume(negation(holds))
                rest = (
                    []
                    if on is None
                    else list(self._chain(right, comparisons[1:], others[1:], names, on))
                )
                if len(rest) == 1 and rest[0][0] is on and is_truth(rest[0][1]):
                    yield end, all_of([holds, rest[0][1]])
                    continue
                yield from rest
                if off is not None:
                    yield off, False

    def _contained(
        self, comparison: ast.cmpop, left: Value, right: Value, path: Path
    ) -> Iterator[tuple[Path, Any]]:
        """Yield a comparison; ``in`` may find an element before an iterator raises."""
        if not isinstance(right, Stream) or right.ending is None:
            yield path, path.simplified(compared(comparison, left, right))
            return
        inside = any_of(equality(left, each) for each in items(replace(right, ending=None)))
        for after, found in path.split(inside):
            yield after, isinstance(comparison, ast.In) if found else right.ending

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
        """Yield the path for each number of iterations that a value can mean."""
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
            raised = isinstance(values, Raised)
            yield after, values if raised else Sequence(kind, tuple(map(storable, values)))

    def _set(self, node: ast.Set, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in self.each(node.elts, names, path):
            if isinstance(values, Raised):
                yield after, values
            else:
                yield from distinct(after, tuple(values), "set")

    def _listed(self, node: ast.ListComp, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in listed(self, node.elt, node.generators, names, path):
            if isinstance(values, Raised):
                yield after, values
            elif not values.ordered and len(values.items) > 1:
                raise UnsupportedError("the order of a set is not defined")
            else:
                raised = values.ending
                yield after, raised or Sequence("list", tuple(map(storable, values.items)))

    def _set_listed(self, node: ast.SetComp, names: Names, path: Path) -> Iterator[Outcome]:
        for after, values in listed(self, node.elt, node.generators, names, path):
            if isinstance(values, Raised):
                yield after, values
            elif values.ending is not None:
                yield after, values.ending
            else:
                yield from distinct(after, unordered(values), "set")

    def _generated(self, node: ast.GeneratorExp, names: Names, path: Path) -> Iterator[Outcome]:
        first = read_in(node.generators[0].iter)
        reads = frozenset(name for name, times in read_in(node).items() if times > first[name])
        for after, values in listed(self, node.elt, node.generators, names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            ending = values.ending
            if ending is not None and ending.exception == "StopIteration":
                ending = Raised("RuntimeError")
            for each in values.items:
                storable(each)
            yield after, replace(values, ending=ending, reads=reads)

    def _formatted(self, node: ast.JoinedStr, names: Names, path: Path) -> Iterator[Outcome]:
        parts: list[ast.expr] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                if part.format_spec is not None and not isinstance(part.format_spec, ast.JoinedStr):
                    raise UnsupportedError("this format is not covered")
                parts.append(part.value)
                parts.append(part.format_spec or ast.copy_location(ast.Constant(""), part))
            else:
                parts.append(part)
        for after, values in self.each(parts, names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            rest = iter(values)
            points: list[Any] = []
            shown: Value = ""
            for part in node.values:
                shown = next(rest)
                if isinstance(part, ast.FormattedValue):
                    shown = texts.formatted(shown, part.conversion, next(rest))
                if isinstance(shown, Raised):
                    break
                points.extend(codes(shown))
            yield after, shown if isinstance(shown, Raised) else text(tuple(points))

    def _lambda(self, node: ast.Lambda, names: Names, path: Path) -> Iterator[Outcome]:
        yield from self.closure(node, names, path)

    def closure(
        self, node: ast.Lambda | ast.FunctionDef, names: Names, path: Path
    ) -> Iterator[Outcome]:
        """Yield the function that a definition makes, and evaluate its defaults."""
        arguments = node.args
        positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        with_default = positional[len(positional) - len(arguments.defaults) :]
        nodes = list(arguments.defaults)
        for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if default is not None:
                with_default.append(parameter.arg)
                nodes.append(default)
        captured = frozenset(name for name in free_in(node) if _is_local(name, names))
        for after, values in self.each(nodes, names, path):
            if isinstance(values, Raised):
                yield after, values
            else:
                defaults = dict(zip(with_default, map(storable, values), strict=True))
                yield after, Closure(node, names, defaults, captured)

    def _attribute(self, node: ast.Attribute, names: Names, path: Path) -> Iterator[Outcome]:
        for after, owner in self.evaluate(node.value, names, path):
            if isinstance(owner, Raised):
                yield after, owner
            elif isinstance(owner, ModuleType) or owner in (str, dict, itertools.chain):
                yield after, symbolic(getattr(owner, node.attr))
            else:
                raise UnsupportedError(f"the attribute {node.attr} is not covered")

    def each(self, nodes: list[ast.expr], names: Names, path: Path) -> Iterator[Any]:
        """Yield the values of several expressions, evaluated from left to right."""
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
            if spread and isinstance(value, Stream) and value.ending is not None:
                yield after, value.ending
                continue
            parts = list(items(value)) if spread else [value]
            if not others:
                yield after, parts
                continue
            for end, rest in self.each(others, names, after):
                yield end, rest if isinstance(rest, Raised) else [*parts, *rest]

    def verdicts(self, test: ast.expr, names: Names, path: Path) -> Iterator[Any]:
        """Yield a condition, decided on every path."""
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
            # By identity, since `==` of the callee is arbitrary code.
            known = any(called is each for each in (sum, all, any))
            if known and isinstance(argument, ast.GeneratorExp):
                yield from summed(self, called, argument, names, path)
                return
        named = [keyword.arg for keyword in keywords]
        if None in named:
            raise UnsupportedError("keywords unpacked by ** are not covered")
        method = isinstance(function, ast.Attribute)
        owner = function.value if isinstance(function, ast.Attribute) else function
        nodes = [owner, *arguments, *(keyword.value for keyword in keywords)]
        for after, values in self.each(nodes, names, path):
            if isinstance(values, Raised):
                yield after, values
                continue
            end = len(values) - len(keywords)
            first, positional = values[0], values[1:end]
            given = dict(zip(map(str, named), values[end:], strict=True))
            if method and not isinstance(first, ModuleType | type):
                yield from self._method(function.attr, first, positional, given, after)  # type: ignore[attr-defined]
            elif method:
                found = symbolic(getattr(first, function.attr))  # type: ignore[attr-defined]
                yield from self.apply(found, positional, after, given)
            else:
                yield from self.apply(first, positional, after, given)

    def _method(
        self,
        name: str,
        owner: Value,
        arguments: list[Value],
        named: Mapping[str, Value],
        path: Path,
    ) -> Iterator[Outcome]:
        if is_text(owner):
            if isinstance(owner, str) and not named and all(map(is_data, arguments)):
                yield path, natively(getattr(owner, name), arguments)
            else:
                yield from texts.called(name, path, [owner, *arguments], named)
        elif isinstance(owner, Sequence) and name in METHODS:
            yield from METHODS[name](self, path, owner, *arguments, **named)
        else:
            raise UnsupportedError(f"the method {name} is not covered")


_RULES: dict[type[ast.expr], Any] = {
    ast.Attribute: Expressions._attribute,
    ast.BinOp: Expressions._operation,
    ast.BoolOp: Expressions._joining,
    ast.Call: Expressions._call,
    ast.Compare: Expressions._compare,
    ast.GeneratorExp: Expressions._generated,
    ast.IfExp: Expressions._choice,
    ast.JoinedStr: Expressions._formatted,
    ast.Lambda: Expressions._lambda,
    ast.List: Expressions._literal,
    ast.ListComp: Expressions._listed,
    ast.Set: Expressions._set,
    ast.SetComp: Expressions._set_listed,
    ast.Subscript: Expressions._subscript,
    ast.Tuple: Expressions._literal,
    ast.UnaryOp: Expressions._prefixed,
}
"""How each kind of expression is evaluated."""


def unexpected() -> UnsupportedError:
    """Return the refusal that stands for an exception of the executor's own."""
    return UnsupportedError("it is not covered with these values or arguments")


def _is_local(name: str, names: Names) -> bool:
    """Return whether a name is local to an enclosing call."""
    while isinstance(names, CallScope):
        if name in names or name in names.local:
            return True
        names = names.outer
    return False


def _joined(
    verdict: Bool, first: list[Outcome], second: list[Outcome], on: Path | None, off: Path | None
) -> Value:
    """Return one value for both sides of a choice, if they have the same shape."""
    if len(first) != 1 or len(second) != 1 or first[0][0] is not on or second[0][0] is not off:
        return MISSING
    then, other = first[0][1], second[0][1]
    if is_concrete(then) and fingerprint(then) == fingerprint(other):
        return then
    if is_truth(then) and is_truth(other):
        return any_of([all_of([verdict, then]), all_of([negation(verdict), other])])
    if is_truth(then) or is_truth(other):
        return MISSING  # True and 1 are equal but not identical
    if is_integer(then) and is_integer(other):
        return choose(verdict, whole(then), whole(other))
    return MISSING
