"""The compiled part of the search for terms on words: a bank of terms that differ on the examples.

Terms come in order of cost, and of several with equal values on all examples only the first is
kept (observational equivalence). Each new term also meets the goal in the middle. If an operation
is a bijection in one operand, the value of its other operand follows and is looked up; a
conjunction takes two terms that have every 1 of the goal, a disjunction two that have no other.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from dlcompare.synthesis.components.compiled_enumeration import ADD, AND, OR, SUB, XOR, operate

__all__ = [
    "CODE",
    "COST",
    "FIRST",
    "LEAF",
    "SECOND",
    "SPENT",
    "TERMS",
    "Ints",
    "WordBank",
    "bank_of",
    "extend",
    "insert",
]

BITS: Final = 32
LEAF: Final = -1
NONE: Final = -1
MASK: Final = (1 << BITS) - 1

TERMS, SPENT, ABOVE, BELOW = range(4)
COST, CODE, FIRST, SECOND = range(4)

Ints = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]


class WordBank(NamedTuple):
    """Terms on words by their values on some examples, in order of cost.

    Attributes
    ----------
    goal : (rows,) array
        The outputs of the examples.
    operations : (operations, 4) array
        Code, arity, commutativity and cost.
    starts : (costs,) array
        The number of the first term of each cost.
    values : (capacity, rows) array
        The value of each term on each example.
    terms : (capacity, 3) array
        The operation and the operands of each term; `LEAF` and its number for a leaf.
    costs : (capacity,) array
        The cost of each term.
    table : (slots,) array
        A hash table of the terms by their values; `NONE` in an empty slot.
    partners : (2, partners) array
        Terms that have every 1 of the goal, and terms that have no other.
    counters : (4,) array
        Terms in the bank, candidates evaluated, and partners of the two sorts.
    met : (4,) array
        Cost, operation and operands of the cheapest pair that makes the goal; cost 0 for none.
    """

    goal: Ints
    operations: Ints
    starts: Ints
    values: npt.NDArray[np.uint32]
    terms: Short
    costs: Short
    table: Short
    partners: Short
    counters: Ints
    met: Ints


def bank_of(goal: Ints, operations: Ints, dearest: int, capacity: int, partners: int) -> WordBank:
    """Return an empty bank of terms.

    Parameters
    ----------
    goal : array of uint32
        The wanted word on each row (rows,).
    operations : array of int
        The operations in use.
    dearest : int
        The largest cost of a term.
    capacity : int
        The most terms.
    partners : int
        The room for pairs that make the goal.
    """
    return WordBank(
        goal,
        operations,
        np.zeros(dearest + 2, np.int64),
        np.zeros((capacity, len(goal)), np.uint32),
        np.zeros((capacity, 3), np.int32),
        np.zeros(capacity, np.int32),
        np.full(4 * capacity, NONE, np.int32),
        np.zeros((2, partners), np.int32),
        np.zeros(4, np.int64),
        np.zeros(4, np.int64),
    )


@njit(cache=True)
def _value(bank: Any, term: int, row: int) -> Any:
    return np.int64(bank.values[term, row])


@njit(cache=True)
def _slot(row: Any, bank: Any) -> int:
    """Return the slot of these values, or the empty one where they belong."""
    mixed = 1469598103934665603
    for value in row:
        mixed = (mixed ^ value) * 0x2127599BF4325C37
        mixed ^= (mixed >> 31) & 0x1FFFFFFFF
    last = len(bank.table) - 1
    slot = mixed & last
    while bank.table[slot] != NONE:
        known = bank.values[bank.table[slot]]
        same = True
        for i in range(len(row)):
            if known[i] != row[i]:
                same = False
                break
        if same:
            break
        slot = (slot + 1) & last
    return slot


@njit(cache=True)
def insert(bank: Any, row: Any, cost: int, code: int, first: int, second: int) -> int:
    """Add a term, unless one of the bank has its values; return its number, or `NONE`.

    The last place is for a term that makes the goal.

    Parameters
    ----------
    bank : WordBank
        The terms so far.
    row : array of uint32
        The values of the term (rows,).
    cost : int
        Its cost.
    code : int
        Its operation.
    first, second : int
        The numbers of its operands.
    """
    right = True
    for i in range(len(row)):
        if row[i] != bank.goal[i]:
            right = False
            break
    slot, new = _slot(row, bank), bank.counters[TERMS]
    if bank.table[slot] != NONE or (new >= len(bank.values) - 1 and not right):
        return NONE
    bank.counters[TERMS] += 1
    bank.table[slot] = new
    bank.costs[new] = cost
    bank.terms[new, 0], bank.terms[new, 1], bank.terms[new, 2] = code, first, second
    for i in range(len(row)):
        bank.values[new, i] = row[i]
    if right:
        bank.met[COST], bank.met[CODE] = cost, LEAF
        bank.met[FIRST] = bank.met[SECOND] = new
    return int(new)


@njit(cache=True)
def _offer(bank: Any, code: int, first: int, second: int, price: int) -> None:
    """Keep a pair that makes the goal if it is the cheapest so far."""
    cost = bank.costs[first] + bank.costs[second] + price
    if bank.met[COST] == 0 or cost < bank.met[COST]:
        bank.met[COST], bank.met[CODE] = cost, code
        bank.met[FIRST], bank.met[SECOND] = first, second


@njit(cache=True)
def _look_up(bank: Any, new: int, prices: Any, need: Any) -> None:
    """Look for the other operand of an addition, a subtraction or an exclusive or."""
    for way in range(4):
        for i in range(len(need)):
            value = _value(bank, new, i)
            if way == 0:
                need[i] = (bank.goal[i] - value) & MASK
            elif way == 1:
                need[i] = (bank.goal[i] + value) & MASK
            elif way == 2:
                need[i] = (value - bank.goal[i]) & MASK
            else:
                need[i] = value ^ bank.goal[i]
        other = bank.table[_slot(need, bank)]
        code = ADD if way == 0 else XOR if way == 3 else SUB
        if other == NONE or prices[code] == 0:
            continue
        first, second = (other, new) if way == 1 else (new, other)
        _offer(bank, code, first, second, prices[code])


@njit(cache=True)
def _pair_up(bank: Any, new: int, prices: Any) -> None:
    """Look for the other operand of a conjunction or a disjunction."""
    rows = len(bank.goal)
    for sort in range(2):
        code = OR if sort else AND
        partner = prices[code] > 0
        for i in range(rows):
            if operate(code, _value(bank, new, i), bank.goal[i], BITS) != bank.goal[i]:
                partner = False
                break
        if not partner:
            continue
        known = bank.counters[ABOVE + sort]
        for k in range(known):
            bank.counters[SPENT] += 1
            other, right = bank.partners[sort, k], True
            for i in range(rows):
                value, given = _value(bank, new, i), _value(bank, other, i)
                if operate(code, given, value, BITS) != bank.goal[i]:
                    right = False
                    break
            if right:
                _offer(bank, code, other, new, prices[code])
        if known < bank.partners.shape[1]:
            bank.partners[sort, known] = new
            bank.counters[ABOVE + sort] += 1


@njit(cache=True)
def extend(bank: Any, cost: int, most: int) -> None:
    """Add the terms of a cost, beyond the leaves, while at most this many candidates are spent."""
    prices = np.zeros(16, np.int64)
    for code, _, _, price in bank.operations:
        prices[code] = price
    row = np.empty(len(bank.goal), np.int64)
    for new in range(bank.starts[cost], bank.counters[TERMS]):  # the leaves
        _look_up(bank, new, prices, row)
        _pair_up(bank, new, prices)
    for code, arity, symmetric, price in bank.operations:
        rest = cost - price
        for left in range(1, rest) if arity == 2 else range(max(rest, 1), rest + 1):
            right = rest - left if arity == 2 else left
            if symmetric and left > right:
                break
            for a in range(bank.starts[left], bank.starts[left + 1]):
                start, end = bank.starts[right], bank.starts[right + 1]
                if arity == 1:
                    start, end = a, a + 1
                elif symmetric and left == right:
                    start = a
                for b in range(start, end):
                    if bank.counters[SPENT] >= most:
                        return
                    bank.counters[SPENT] += 1
                    for i in range(len(row)):
                        one, two = _value(bank, a, i), _value(bank, b, i)
                        row[i] = operate(code, one, two, BITS)
                    new = insert(bank, row, cost, code, a, b)
                    if bank.met[COST] == cost:
                        return
                    if new != NONE:
                        _look_up(bank, new, prices, row)
                        _pair_up(bank, new, prices)
