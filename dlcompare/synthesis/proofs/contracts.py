"""Recursive programs proved for every length, function by function, from contracts.

A contract says what a function requires and ensures, in terms of the specification of sorting:
``ensures(xs, result)`` is the specification itself, and ``ensures([x] + ys, result)`` says that the
result sorts a list with one element more. A name that is no parameter stands for some list. Each
function is proved on its own: contracts stand for its calls (Hoare, 1971), the recursive ones
included, which must get shorter lists. The depth of Python's stack is not modelled.
"""

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import z3

from dlcompare.synthesis.proofs.contract_values import (
    assigned,
    check_type,
    computed,
    list_in,
    measure_of,
    number_in,
    parameters_of,
    refusal,
    sides_of,
    truth_of,
)
from dlcompare.synthesis.proofs.list_logic import Facts, ListBlock, Parts, Relation, size
from dlcompare.synthesis.proofs.proof import Contract, Obligation
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError

__all__ = ["proved_by_contracts"]

_COMPARED: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
}


@dataclass(frozen=True)
class _State:
    """The values of names on one path of a function, and the facts there."""

    facts: Facts
    names: Mapping[str, Any]
    parted: Mapping[Any, tuple[Any, Any]] = field(default_factory=dict)

    def bound(self, **values: Any) -> "_State":
        return replace(self, names={**self.names, **values})


Paths = Iterator[tuple[_State, Any]]
"""The values of an expression, each with the state in which it has the value."""


def proved_by_contracts(
    functions: Sequence[ast.FunctionDef],
    contracts: Mapping[str, Contract],
    relation: Relation,
    outer: Mapping[str, object],
) -> list[Obligation]:
    """Return the obligations of functions that shall meet their contracts.

    Parameters
    ----------
    functions : sequence of ast.FunctionDef
        Each calls only itself and earlier ones.
    contracts : mapping of str to Contract
        The contract of each function, by its name.
    relation : callable
        The order that ``ensures`` asks for, as a formula about two elements.
    outer : mapping of str to object
        The objects of all other names.

    Raises
    ------
    UnsupportedError
        If a function has a statement or an expression outside those that the rules cover.
    """
    shown: list[Obligation] = []
    for place, function in enumerate(functions):
        known = {each.name: each for each in functions[: place + 1]}
        if function.name not in contracts:
            raise UnsupportedError(f"the function {function.name} has no contract")
        shown += _ContractedFunction(function, known, contracts, relation, outer).obligations()
    return shown


class _ContractedFunction:
    """One function against its contract."""

    def __init__(
        self,
        node: ast.FunctionDef,
        known: Mapping[str, ast.FunctionDef],
        contracts: Mapping[str, Contract],
        relation: Relation,
        outer: Mapping[str, object],
    ) -> None:
        self.node, self.known, self.contracts = node, known, contracts
        self.relation, self.outer = relation, outer
        self.shown: dict[str, bool] = {}

    def obligations(self) -> list[Obligation]:
        """Return what was to be shown, and whether it was."""
        contract = self.contracts[self.node.name]
        names = [each for each in ast.walk(self.node) if isinstance(each, ast.Name)]
        stored = {each.id for each in names if isinstance(each.ctx, ast.Store)}
        for hidden in stored & {*self.known, "len", "abs"}:
            raise UnsupportedError(f"{self.node.name} has a name {hidden} of its own")
        state = _State(Facts(self.relation), {})
        for argument in parameters_of(self.node):
            state, value = _unknown(state, argument.annotation)
            state = state.bound(**{argument.arg: value})
        self.measure = measure_of(state.names.values())
        for required in contract.requires:
            state = self._assume(state, required)
        for after, result in self._run(self.node.body, state):
            check_type(result, self.node.returns, self.node)
            end = replace(after, names={**state.names, "result": result})
            for ensured in contract.ensures:
                self._show(f"{ensured}", self._holds(end, ensured))
        return [Obligation(f"{self.node.name}: {what}", ok) for what, ok in self.shown.items()]

    def _show(self, what: str, shown: bool) -> None:
        self.shown[what] = self.shown.get(what, True) and shown

    def _run(self, body: Sequence[ast.stmt], state: _State) -> Paths:
        """Yield the paths through statements with the value returned, None if there is none."""
        if not body:
            yield state, None
            return
        first, rest = body[0], body[1:]
        match first:
            case ast.Expr(ast.Constant(str())):
                yield from self._run(rest, state)
            case ast.Return(ast.expr() as value):
                yield from self._evaluate(value, state)
            case ast.If(test, then, other):
                for after, holds in self._truths(test, state):
                    for condition, branch in ((holds, then), (z3.Not(holds), other)):
                        inside = replace(after, facts=after.facts.assume(condition))
                        yield from self._run([*branch, *rest], inside)
            case ast.Assign([target], value):
                for after, given in self._evaluate(value, state):
                    yield from self._run(rest, after.bound(**assigned(target, given, first)))
            case _:
                raise refusal(first)

    def _evaluate(self, node: ast.expr, state: _State) -> Paths:
        match node:
            case ast.Name(name) if name in state.names:
                yield state, state.names[name]
            case ast.Constant(bool() as value):
                yield state, z3.BoolVal(value)
            case ast.Constant(int() as value):
                yield state, z3.IntVal(value)
            case ast.Tuple(elements):
                yield from self._each(elements, state)
            case ast.List(elements):
                for after, values in self._each(elements, state):
                    yield after, tuple(number_in(value, node) for value in values)
            case ast.BinOp(left, operator, right):
                for after, (a, b) in self._each([left, right], state):
                    yield after, computed(operator, a, b, node)
            case ast.UnaryOp(ast.USub(), inner):
                for after, value in self._evaluate(inner, state):
                    yield after, -number_in(value, node)
            case ast.UnaryOp(ast.Not()) | ast.BoolOp() | ast.Compare():
                yield from self._condition(node, state)
            case ast.IfExp(test, then, other):
                for after, holds in self._truths(test, state):
                    for condition, branch in ((holds, then), (z3.Not(holds), other)):
                        inside = replace(after, facts=after.facts.assume(condition))
                        yield from self._evaluate(branch, inside)
            case ast.Subscript(source, index):
                for after, parts in self._evaluate(source, state):
                    yield from self._part(list_in(parts, node), index, after, node)
            case ast.ListComp(
                ast.Name(kept), [ast.comprehension(ast.Name(name), source, [test], 0)]
            ):
                if kept != name:
                    raise refusal(node)
                for after, parts in self._evaluate(source, state):
                    yield self._filtered(list_in(parts, node), name, test, after)
            case ast.Call(ast.Name(name), arguments, []) if name not in state.names:
                for after, values in self._each(arguments, state):
                    yield self._called(name, values, after, node)
            case _:
                raise refusal(node)

    def _each(self, nodes: Sequence[ast.expr], state: _State) -> Iterator[tuple[_State, list[Any]]]:
        """Yield the values of several expressions, from left to right."""
        if not nodes:
            yield state, []
            return
        for after, value in self._evaluate(nodes[0], state):
            for end, values in self._each(nodes[1:], after):
                yield end, [value, *values]

    def _truths(self, node: ast.expr, state: _State) -> Paths:
        for after, value in self._evaluate(node, state):
            yield after, truth_of(value)

    def _condition(self, node: ast.expr, state: _State) -> Paths:
        match node:
            case ast.UnaryOp(ast.Not(), inner):
                for after, holds in self._truths(inner, state):
                    yield after, z3.Not(holds)
            case ast.BoolOp(operator, parts):
                join: Any = z3.And if isinstance(operator, ast.And) else z3.Or
                for after, values in self._each(parts, state):
                    yield after, join(*map(truth_of, values))
            case ast.Compare(left, operators, others):
                for after, values in self._each([left, *others], state):
                    if any(type(each) not in _COMPARED for each in operators):
                        raise refusal(node)
                    numbers = [number_in(value, node) for value in values]
                    pairs = zip(operators, numbers, numbers[1:], strict=False)
                    yield after, z3.And(*(_COMPARED[type(op)](a, b) for op, a, b in pairs))

    def _part(self, parts: Parts, index: ast.expr, state: _State, node: ast.expr) -> Paths:
        """Yield an element or a slice of a list."""
        match index:
            case ast.Constant(0):
                after, (first, _) = self._split(parts, state, node)
                yield after, first
            case ast.Slice(ast.Constant(1), None, None):
                after, (_, rest) = self._split(parts, state, node)
                yield after, rest
            case ast.Slice(None, ast.expr() as bound, None) | ast.Slice(
                ast.expr() as bound, None, None
            ):
                for after, value in self._evaluate(bound, state):
                    end, halves = self._cut(parts, number_in(value, node), after, node)
                    yield end, halves[0 if index.lower is None else 1]
            case _:
                raise refusal(node)

    def _split(
        self, parts: Parts, state: _State, node: ast.expr
    ) -> tuple[_State, tuple[Any, Parts]]:
        """Return the first element of a list, and the others."""
        if not parts:
            raise refusal(node)
        block, others = parts[0], parts[1:]
        if not isinstance(block, ListBlock):
            return state, (block, others)
        self._show(
            "a list is not empty where its first element is taken",
            state.facts.show(block.size >= 1),
        )
        if block not in state.parted:
            facts, first = state.facts.element()
            facts, rest = facts.block()
            whole = (first, rest)
            facts = facts.same((block,), whole).in_order(whole, block.ordered)
            state = replace(state, facts=facts, parted={**state.parted, block: whole})
        first, rest = state.parted[block]
        return state, (first, (rest, *others))

    def _cut(
        self, parts: Parts, at: Any, state: _State, node: ast.expr
    ) -> tuple[_State, tuple[Parts, Parts]]:
        """Return the first elements of a list, so many, and the others."""
        if len(parts) != 1 or not isinstance(parts[0], ListBlock):
            raise refusal(node)
        (block,) = parts
        self._show("no slice counts from the end", state.facts.show(at >= 0))
        key = block, at.sexpr()
        if key not in state.parted:
            facts, before = state.facts.block()
            facts, after = facts.block()
            facts = facts.same((block,), (before, after)).in_order((before, after), block.ordered)
            facts = facts.assume(before.size == z3.If(at < block.size, at, block.size))
            state = replace(state, facts=facts, parted={**state.parted, key: (before, after)})
        before, after = state.parted[key]
        return state, ((before,), (after,))

    def _filtered(
        self, parts: Parts, name: str, test: ast.expr, state: _State
    ) -> tuple[_State, Parts]:
        def holds(value: Any) -> Any:
            ((_, truth),) = self._truths(test, state.bound(**{name: value}))
            return truth

        made: list[ListBlock] = []
        for part in parts:
            if not isinstance(part, ListBlock):
                raise refusal(test)
            facts, kept = state.facts.filtered(part, holds)
            state = replace(state, facts=facts)
            made.append(kept)
        return state, tuple(made)

    def _called(
        self, name: str, values: list[Any], state: _State, node: ast.expr
    ) -> tuple[_State, Any]:
        """Return the state after a call, and its value."""
        called = self.known.get(name)
        if called is None:
            function = self.outer.get(name, vars(builtins).get(name))
            if function is len and len(values) == 1:
                return state, size(list_in(values[0], node))
            if function is abs and len(values) == 1:
                number = number_in(values[0], node)
                return state, z3.If(number < 0, -number, number)
            raise refusal(node)
        parameters = parameters_of(called)
        if len(parameters) != len(values):
            raise refusal(node)
        for parameter, value in zip(parameters, values, strict=True):
            check_type(value, parameter.annotation, node)
        names = [each.arg for each in parameters]
        if called is self.node:
            shorter = state.facts.show(measure_of(values) < self.measure)
            self._show("the lists of a recursive call are shorter", shorter)
        inside = replace(state, names=dict(zip(names, values, strict=True)))
        for required in self.contracts[name].requires:
            self._show(f"{name} gets what it requires: {required}", self._holds(inside, required))
            inside = self._assume(inside, required)
        inside, result = _unknown(inside, called.returns)
        inside = inside.bound(result=result)
        for ensured in self.contracts[name].ensures:
            inside = self._assume(inside, ensured)
        return replace(state, facts=inside.facts, parted=inside.parted), result

    def _holds(self, state: _State, text: str) -> bool:
        """Return whether a condition of a contract follows from the facts."""
        sides = sides_of(text)
        if sides is None:
            ((after, holds),) = self._truths(ast.parse(text, mode="eval").body, state)
            return after.facts.show(holds)
        given, wanted = sides
        parts = self._value(given, state)
        match wanted:
            case ast.BinOp(ast.List([first]), ast.Add(), ast.Name(others)) if (
                others not in state.names
            ):
                return state.facts.show_first(number_in(self._value(first, state), first), parts)
        arranged = self._value(wanted, state)
        facts = state.facts
        return facts.show_same(parts, arranged) and facts.show_in_order(arranged)

    def _assume(self, state: _State, text: str) -> _State:
        """Return the state in which a condition of a contract holds; new names get values."""
        sides = sides_of(text)
        if sides is None:
            ((after, holds),) = self._truths(ast.parse(text, mode="eval").body, state)
            return replace(after, facts=after.facts.assume(holds))
        for side in sides:
            for name in ast.walk(side):
                if isinstance(name, ast.Name) and name.id not in state.names:
                    facts, block = state.facts.block()
                    state = replace(state, facts=facts).bound(**{name.id: (block,)})
        parts, arranged = (self._value(side, state) for side in sides)
        return replace(state, facts=state.facts.same(parts, arranged).in_order(arranged))

    def _value(self, node: ast.expr, state: _State) -> Any:
        ((_, value),) = self._evaluate(node, state)
        return value


def _unknown(state: _State, annotation: ast.expr | None) -> tuple[_State, Any]:
    """Return any value of an annotated type."""
    match annotation and ast.unparse(annotation):
        case "int":
            facts, value = state.facts.element()
            return replace(state, facts=facts), value
        case "list[int]":
            facts, block = state.facts.block()
            return replace(state, facts=facts), (block,)
    raise UnsupportedError("a parameter or a result is neither int nor list[int]")
