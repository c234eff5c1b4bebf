"""Meet in the middle: the terms with a partner in the bank that makes the goal with them."""

from typing import Any

import numpy as np

from dlcompare.synthesis.compiled.loops.jit import from_python
from dlcompare.synthesis.compiled.loops.pointers import int32_at, pointer
from dlcompare.synthesis.compiled.loops.term_table import TermTable, hash_pointer
from dlcompare.synthesis.dsl.primitives.primitive import LARGEST

# The forms in which a term `a` and its partner `b` make the goal.
SUM, LESS, FROM = 0, 1, 2  # a + b, a - b, b - a
PRODUCT, OVER, UNDER = 3, 4, 5  # a * b, a // b, b // a


@from_python
def partners(
    bank: TermTable, terms: Any, rows: int, target: Any, kind: int, way: int, limit: int
) -> Any:
    """Return the first terms with a partner, and the partner's values. Shape (found, 1 + rows).

    For quotients, only exact divisions are considered.

    Parameters
    ----------
    bank : TermTable
    terms : array
        The terms to find partners for (terms,).
    rows : int
    target : array
        The values of the goal (rows,).
    kind : int
        The kind of the goal and of the partners.
    way : int
        The form of the goal, `SUM` to `UNDER`.
    limit : int
        The most terms to return.
    """
    found = np.zeros((limit, 1 + rows), np.int64)
    count = 0
    wanted = np.zeros(rows, np.int64)
    table, mask, keys = pointer(bank.table), np.uint64(bank.table.size - 1), pointer(bank.keys)
    for term in terms:
        words, fits = int32_at(bank.starts[term]), True
        for row in range(rows):
            a, goal = np.int64(words[row]), np.int64(target[row])
            if way == SUM:
                b = goal - a
            elif way == LESS:
                b = a - goal
            elif way == FROM:
                b = a + goal
            elif way == UNDER:
                b = a * goal
                fits = fits and a != 0
            else:
                dividend, divisor = (goal, a) if way == PRODUCT else (a, goal)
                fits = fits and divisor != 0
                b = dividend // divisor if fits else np.int64(0)
                fits = fits and b * divisor == dividend and (way == PRODUCT or b != 0)
            fits = fits and -LARGEST <= b <= LARGEST
            if not fits:
                break
            wanted[row] = b
        if not fits:
            continue
        value = hash_pointer(pointer(wanted), 0, rows, keys, kind)
        at = (value >> np.uint64(1)) & mask
        while table[at] != value and table[at] != np.uint64(0):
            at = (at + np.uint64(1)) & mask
        if table[at] == value:
            found[count, 0] = term
            found[count, 1:] = wanted
            count += 1
            if count == limit:
                break
    return found[:count]


@from_python
def with_values(bank: TermTable, terms: Any, values: Any) -> int:
    """Return the first term with these values on the rows, or -1."""
    for term in terms:
        words, same = int32_at(bank.starts[term]), True
        for row in range(values.size):
            same = same and words[row] == values[row]
        if same:
            return np.int64(term)
    return np.int64(-1)
