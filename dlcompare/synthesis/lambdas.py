"""Function bodies: what a lambda may do with its argument and the integers in scope.

The bodies are terms of a bank of their own, whose rows pair every row of the outer scope with
values that the argument may take there. The values include every integer in scope and its
neighbours, so that `<` and `<=` are told apart.
"""

from collections.abc import Sequence

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
)
from dlcompare.synthesis.packing import (
    BOOL_KIND,
    INT_KIND,
    LIST_KIND,
    MAPPING_KIND,
    PREDICATE_KIND,
)
from dlcompare.synthesis.program import Apply, Expression, Lambda, Variable
from dlcompare.tasks.types import Value

__all__ = ["FunctionBodies", "term_expression"]

MOST = 2_000
"""Bodies after which no further level is taken up."""

_ROWS = 64
_VALUES_A_ROW = 6


class FunctionBodies(FunctionPool):
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
        super().__init__(len(inner.variables) - 1, scope.rows)
        self.bank = TermBank(inner, scalar, FunctionPool(0, 1), budget)
        self.bodies: list[int] = []
        self.uses = np.zeros(0, np.bool_)
        self.reached = 0

    def reach(self, cost: int) -> None:
        """Have all bodies of at most this cost, or all levels up to `MOST` bodies."""
        kernels = self.bank.kernels
        while self.reached < cost and len(self.bodies) < MOST:
            self.reached += 1
            for kind, terms, _ in self.bank.level(self.reached):
                packed = self.bank.packed
                if len(self.uses) < len(packed.ops):
                    self.uses = np.concatenate([self.uses, np.zeros_like(packed.ops, np.bool_)])
                kernels.uses_first(packed, OP_KINDS, terms, self.uses)
                bodies = terms[self.uses[terms] & (packed.ops[terms] >= 0)]
                first = len(self.bodies)
                self.bodies += [int(body) for body in bodies]
                while len(self.packed.sizes) < len(self.bodies):
                    self.enlarge()
                kernels.write_functions(packed, OP_KINDS, bodies, first, self.packed)
                pool = self.by_cost[PREDICATE_KIND if kind == BOOL_KIND else MAPPING_KIND]
                numbers = np.arange(first, len(self.bodies), dtype=np.int64)
                pool[self.reached] = np.append(pool.get(self.reached, numbers[:0]), numbers)

    def expression(self, function: int) -> Lambda:
        """The function as an expression."""
        return Lambda(self.parameter, term_expression(self.bank, self.bodies[function], None))


def term_expression(bank: TermBank, term: int, functions: FunctionBodies | None) -> Expression:
    """A term of a bank as an expression."""
    op = int(bank.packed.ops[term])
    if op < 0:
        return bank.scope.variables[-1 - op].expression
    arguments: list[Expression] = []
    for place, kind in enumerate(OP_KINDS[op]):
        argument = int(bank.packed.args[term, place])
        if kind >= PREDICATE_KIND:
            assert functions is not None
            arguments.append(functions.expression(argument))
        elif kind >= 0:
            arguments.append(term_expression(bank, argument, functions))
    return Apply(engine.OPS[op], tuple(arguments))


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

    argument = ScopeVariable(Variable(parameter), INT_KIND, 1, tuple(value for _, value in rows))
    free_variables = (
        ScopeVariable(v.expression, INT_KIND, v.cost, column(v.values))
        for v in (scope.variables[i] for i in scope.integers)
    )
    return Scope((argument, *free_variables))
