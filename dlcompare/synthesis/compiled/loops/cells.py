"""The cells of a level: ranges of cheaper terms that its candidates combine.

A level of the bank is a list of *cells*: an operation with the range of terms of each of its
arguments.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcompare.synthesis.compiled.loops.jit import from_python, inlined

# The words of a cell: an operation (its index), the start and end of each argument's range in its
# pool, and whether the operation is commutative.
OPERATION, FROM_A, END_A, FROM_B, END_B, FROM_C, END_C, SYMMETRIC = range(8)

# The words of a cursor: a cell and the indices of the arguments; below zero is its beginning.
CELL, AT_A, AT_B, AT_C = range(4)


class Operations(NamedTuple):
    """The operations in use, in the order of enumeration."""

    numbers: Any  # (operations,) int64
    kernels: Any  # (operations,) int64
    costs: Any  # (operations,) int64
    results: Any  # (operations,) int64: kinds
    kinds: Any  # (operations, 3) int64: the pools of the arguments, -1 (the last one) for none
    functions: Any  # (operations,) bool: whether the first argument is a function
    symmetric: Any  # (operations,) bool


class Level(NamedTuple):
    """The operands of the candidates of one cost, constant until all are evaluated."""

    operations: Operations
    members: Any  # (pools,) int64: addresses of the terms or functions of each kind, cheapest first
    cells: Any  # (cells, 8) int64
    rows: int
    longest: int  # the most words that a term may have in a row


@inlined
def span(ends: Any, kind: int, cost: int) -> Any:
    """Return the start and end of the terms of a cost within their kind; 0 is no argument."""
    if cost == 0:
        return np.int64(0), np.int64(1)
    return ends[kind, cost - 1], ends[kind, cost]


@from_python
def write_cells(operations: Operations, ends: Any, cost: int, cells: Any) -> int:
    """Write as many cells of a cost as there is room for; return the number of all cells.

    Parameters
    ----------
    operations : Operations
    ends : array
        The end of the terms of each kind and cost (pools, costs) int64.
    cost : int
        The cost of the candidates, in bits.
    cells : array
        Filled from the front (cells, 8) int64.
    """
    count = 0
    for number in range(operations.numbers.size):
        kinds = operations.kinds[number]
        kind_a, kind_b, kind_c = kinds[0], kinds[1], kinds[2]
        arity = (kind_a >= 0) + (kind_b >= 0) + (kind_c >= 0)
        rest, swaps = cost - operations.costs[number], operations.symmetric[number]
        if rest < arity or (arity == 0 and rest):
            continue
        first_a, last_a = (1, rest - arity + 1) if arity > 1 else (rest, rest)
        for cost_a in range(first_a, last_a + 1):
            last_b = rest - cost_a - 1 if arity == 3 else rest - cost_a
            for cost_b in range(1 if arity == 3 else last_b, last_b + 1):
                from_a, end_a = span(ends, kind_a, cost_a)
                from_b, end_b = span(ends, kind_b, cost_b)
                from_c, end_c = span(ends, kind_c, rest - cost_a - cost_b)
                empty = from_a == end_a or from_b == end_b or from_c == end_c
                if empty or (swaps and cost_a > cost_b):
                    continue
                if count < cells.shape[0]:
                    cells[count, OPERATION] = number
                    cells[count, FROM_A], cells[count, END_A] = from_a, end_a
                    cells[count, FROM_B], cells[count, END_B] = from_b, end_b
                    cells[count, FROM_C], cells[count, END_C] = from_c, end_c
                    cells[count, SYMMETRIC] = swaps and cost_a == cost_b
                count += 1
    return count
