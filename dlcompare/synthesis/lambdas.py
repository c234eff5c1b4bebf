"""Function bodies: what a lambda may do with its argument and the integers in scope.

The bodies are terms of a bank of their own, whose rows pair every row of the outer scope with
values that the argument may take there. The values include every integer in scope and its
neighbours, so that `<` and `<=` are told apart.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from dlcompare.synthesis import engine
from dlcompare.synthesis.bank import (
    OP_KINDS,
    OP_RESULTS,
    Budget,
    FunctionPool,
    Scope,
    ScopeVariable,
    TermBank,
    Terms,
)
from dlcompare.synthesis.packing import (
    BOOL_KIND,
    INT_KIND,
    LIST_KIND,
    MAPPING_KIND,
    PREDICATE_KIND,
    TABULATED,
)
from dlcompare.synthesis.program import Apply, Expression, Lambda, Variable
from dlcompare.tasks.types import Value

__all__ = ["FunctionBodies", "no_functions"]

MAX_COST = 12
MOST = 400
"""Bodies kept of each kind; the cheapest."""

_ROWS = 64
_VALUES_A_ROW = 6


class FunctionBodies:
    """The pool of function bodies of a scope, and how to print them.

    Parameters
    ----------
    scope : Scope
        What surrounds the function; its integers are free in the body.
    ops : sequence of int
        The operations in use; only those on int and bool serve.
    parameter : str
        The name of the argument.
    budget : Budget
        Shared with the rest of the search.
    """

    def __init__(self, scope: Scope, ops: Sequence[int], parameter: str, budget: Budget) -> None:
        self.parameter = parameter
        inner = _inner_scope(scope, parameter)
        scalar = [
            op
            for op in ops
            if OP_RESULTS[op] < LIST_KIND and all(kind < LIST_KIND for kind in OP_KINDS[op])
        ]
        self.bank = TermBank(inner, scalar, no_functions(), budget)
        self.bodies: list[int] = []
        by_cost: dict[int, dict[int, Terms]] = {PREDICATE_KIND: {}, MAPPING_KIND: {}}
        kept = {PREDICATE_KIND: 0, MAPPING_KIND: 0}
        for cost in range(1, MAX_COST + 1):
            if min(kept.values()) >= MOST:
                break
            for kind, terms, _ in self.bank.level(cost):
                pool = PREDICATE_KIND if kind == BOOL_KIND else MAPPING_KIND
                for term in map(int, terms):
                    trivial = self.bank.packed.ops[term] < 0
                    if kept[pool] >= MOST or trivial or not self._uses_parameter(term):
                        continue
                    kept[pool] += 1
                    ids = by_cost[pool].get(cost, np.zeros(0, np.int64))
                    by_cost[pool][cost] = np.append(ids, len(self.bodies))
                    self.bodies.append(term)
        self.pool = FunctionPool(self._pack(len(inner.variables) - 1, scope.rows), by_cost)

    def expression(self, function: int) -> Lambda:
        """The function as an expression."""
        return Lambda(self.parameter, term_expression(self.bank, self.bodies[function], None))

    def _uses_parameter(self, term: int) -> bool:
        return any(self.bank.packed.ops[part] == -1 for part in _parts(self.bank, term))

    def _pack(self, free: int, rows: int) -> object:
        kernels = self.bank.kernels
        code = np.zeros((len(self.bodies) + 1, kernels.DEEPEST, 4), np.int64)
        sizes = np.zeros(len(self.bodies) + 1, np.int64)
        ops, args = self.bank.packed.ops, self.bank.packed.args
        for number, body in enumerate(self.bodies):
            # Children first; register 0 is the argument, then the free variables, then these.
            order = [part for part in _parts(self.bank, body) if ops[part] >= 0][::-1]
            register = {part: 1 + free + place for place, part in enumerate(order)}
            for place, part in enumerate(order):
                code[number, place, 0] = ops[part]
                for k in range(int((OP_KINDS[ops[part]] >= 0).sum())):
                    child = int(args[part, k])
                    is_variable = ops[child] < 0
                    code[number, place, 1 + k] = -1 - ops[child] if is_variable else register[child]
            sizes[number] = len(order)
        return kernels.Functions(code, sizes, free, *_workspace(len(sizes), rows))


def no_functions() -> FunctionPool:
    """A pool without functions."""
    kernels = engine.load()
    nothing = kernels.Functions(
        np.zeros((1, kernels.DEEPEST, 4), np.int64), np.zeros(1, np.int64), 0, *_workspace(1, 1)
    )
    return FunctionPool(nothing, {PREDICATE_KIND: {}, MAPPING_KIND: {}})


def _workspace(functions: int, rows: int) -> tuple[Any, ...]:
    """The last fields of `Functions`: what a bank writes to."""
    return (
        np.zeros(functions * rows * TABULATED, np.int32),
        np.zeros(functions, np.bool_),
        np.zeros(256, np.int64),
    )


def term_expression(bank: TermBank, term: int, functions: FunctionBodies | None) -> Expression:
    """A term of a bank as an expression."""
    op = int(bank.packed.ops[term])
    if op < 0:
        return Variable(bank.scope.variables[-1 - op].name)
    arguments: list[Expression] = []
    for place, kind in enumerate(OP_KINDS[op]):
        argument = int(bank.packed.args[term, place])
        if kind >= PREDICATE_KIND:
            assert functions is not None
            arguments.append(functions.expression(argument))
        elif kind >= 0:
            arguments.append(term_expression(bank, argument, functions))
    return Apply(engine.OPS[op], tuple(arguments))


def _parts(bank: TermBank, term: int) -> list[int]:
    """The terms that a term is made of, each before its arguments, each as often as it occurs."""
    parts = [term]
    for part in parts:
        op = bank.packed.ops[part]
        if op >= 0:
            arguments = bank.packed.args[part, : int((OP_KINDS[op] >= 0).sum())]
            parts += map(int, arguments)
    last = {part: place for place, part in enumerate(parts)}
    return [part for place, part in enumerate(parts) if last[part] == place]


def _inner_scope(scope: Scope, parameter: str) -> Scope:
    """The scope of a body: the argument, then the integers of the outer scope."""
    rows: list[tuple[int, int]] = []
    for row in range(scope.rows):
        free = [scope.variables[i].values[row] for i in scope.integers]
        lists = [v.values[row] for v in scope.variables if v.kind == LIST_KIND]
        values = {near for value in free for near in (value, value + 1, value - 1)}
        rows += [(row, value) for value in sorted(values)[:_VALUES_A_ROW]]
        elements = sorted({element for values in lists for element in values})
        step = -(-len(elements) // _VALUES_A_ROW) or 1
        rows += [(row, value) for value in elements[::step]]
    if len(rows) > _ROWS:  # any rule that steps through them could miss the equal ones
        chosen = np.random.default_rng(0).permutation(len(rows))[:_ROWS]
        rows = [rows[i] for i in sorted(chosen)]
    rows = rows or [(0, 0)]

    def column(values: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(values[row] for row, _ in rows)

    argument = ScopeVariable(parameter, INT_KIND, 1, tuple(value for _, value in rows))
    free_variables = (
        ScopeVariable(v.name, INT_KIND, v.cost, column(v.values))
        for v in (scope.variables[i] for i in scope.integers)
    )
    return Scope((argument, *free_variables))
