# ruff: noqa: F821 (the dispatchers are put in by the engine)
"""The inner loops of the search, compiled by numba.

`engine.load` executes this file with the dispatchers of the primitives (`scalar_result`,
`list_result`) put into its namespace first; it is not imported otherwise.

Packed values
-------------
A *term* is an entry of the bank: an operation, its arguments, and the value it takes on each of the
*rows* (examples, or contexts of a function body). A value of type int or bool is one word; the
words of a term stand together. A term of type list has first one word a row, the length, then the
elements of all rows. Two terms with the same words are observationally equivalent, and the bank
keeps the first. The words are hashed by a sum of products with random odd keys, 64 bits wide;
equality of hashes is taken for equality of words, which can lose a candidate (about once in 10⁵
runs of 20 million terms) but never makes a wrong one right: programs are run before they are
returned.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from dlcompare.synthesis.primitives.primitive import INVALID, LARGEST, LONGEST

if TYPE_CHECKING:
    scalar_result: Any
    list_result: Any

# The numbers of the kinds of arguments and results.
NONE, INT_KIND, BOOL_KIND, LIST_KIND, PREDICATE_KIND, MAPPING_KIND = -1, 0, 1, 2, 3, 4

# Why `expand` returned.
DONE, FULL, SPENT, MATCH = 0, 1, 2, 3

# The words of `Bank.state`.
TERMS, WORDS, CANDIDATES, MATCHED = 0, 1, 2, 3

SLOT = 1 + LONGEST
"""Words of a register: a scalar or a length, then elements."""

DEEPEST = 48
"""The most operations in one function body."""


class Bank(NamedTuple):
    """The terms met so far; ops below zero are variables, -1 - index."""

    ops: Any  # (capacity,) int16
    args: Any  # (capacity, 3) int32: terms, or functions
    starts: Any  # (capacity,) int64: where the words of a term begin
    words: Any  # (capacity in words,) int64
    table: Any  # (power of two,) uint64: hashes met, 0 is free
    keys: Any  # (rows * SLOT,) uint64: odd, random
    state: Any  # (4,) int64


class Functions(NamedTuple):
    """Function bodies over scalars, as register code.

    Register 0 is the argument; then come the free variables, then one register an operation.
    """

    code: Any  # (functions, DEEPEST, 4) int64: op and three registers
    sizes: Any  # (functions,) int64: operations
    free: Any  # int: free variables


class Folds(NamedTuple):
    """Examples, packed one slot a value, and the ways to fold over them."""

    inputs: Any  # (examples, parameters, SLOT) int64
    targets: Any  # (examples, SLOT) int64
    ways: Any  # (ways, 4) int64: parameter, is it a range, backwards, initial value


MAX_STEPS = 4096


@njit(cache=True)
def hash_words(words: Any, start: int, count: int, keys: Any, salt: int) -> Any:
    total = np.uint64(salt)
    for i in range(count):
        total += np.uint64(words[start + i]) * keys[i]
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    total ^= total >> np.uint64(29)
    return total | np.uint64(1)


@njit(cache=True)
def known(table: Any, value: Any) -> bool:
    """Whether a hash is in the table; puts it there if not."""
    mask = np.uint64(table.size - 1)
    at = (value >> np.uint64(1)) & mask
    while True:
        there = table[at]
        if there == value:
            return True
        if there == np.uint64(0):
            table[at] = value
            return False
        at = (at + np.uint64(1)) & mask


@njit(cache=True)
def rehash(old: Any, table: Any) -> None:
    for value in old:
        if value != np.uint64(0):
            known(table, value)


@njit(cache=True)
def evaluate(
    bank: Bank,
    op: int,
    kinds: Any,  # (3,)
    result: int,
    a: int,
    b: int,
    c: int,
    rows: int,
    environment: Any,  # (rows, free variables)
    functions: Functions,
    registers: Any,
) -> int:
    """Write the words of one candidate behind the last term; returns their number, or INVALID."""
    words = bank.words
    base = bank.state[WORDS]
    end = base + rows
    kind_a, kind_b, kind_c = kinds[0], kinds[1], kinds[2]
    at_a = bank.starts[a] if NONE < kind_a <= LIST_KIND else 0
    at_b = bank.starts[b] if NONE < kind_b <= LIST_KIND else 0
    at_c = bank.starts[c] if NONE < kind_c <= LIST_KIND else 0
    next_a, next_b, next_c = at_a + rows, at_b + rows, at_c + rows
    function = (functions.code, functions.sizes, functions.free, a, registers)
    for row in range(rows):
        s0, s1, s2, x0, n, y0, m = 0, 0, 0, 0, 0, 0, 0
        if kind_a == LIST_KIND:
            x0, n = next_a, words[at_a + row]
            next_a += n
        elif kind_a > LIST_KIND:
            for i in range(functions.free):
                registers[1 + i] = environment[row, i]
        elif kind_a >= 0:
            s0 = words[at_a + row]
        if kind_b == LIST_KIND:
            length = words[at_b + row]
            if kind_a == LIST_KIND:
                y0, m = next_b, length
            else:
                x0, n = next_b, length
            next_b += length
        elif kind_b >= 0:
            s1 = words[at_b + row]
        if kind_c == LIST_KIND:
            length = words[at_c + row]
            y0, m = next_c, length
            next_c += length
        elif kind_c >= 0:
            s2 = words[at_c + row]
        if result == LIST_KIND:
            length = list_result(op, s0, s1, s2, words, x0, n, words, y0, m, function, words, end)
            if length < 0:
                return INVALID
            words[base + row] = length
            end += length
        else:
            value = scalar_result(op, s0, s1, s2, words, x0, n, words, y0, m, function)
            if value < -LARGEST or value > LARGEST:
                return INVALID
            words[base + row] = value
    return int(end - base)


@njit(cache=True)
def expand(
    bank: Bank,
    op: int,
    kinds: Any,  # (3,)
    result: int,
    symmetric: bool,
    first: Any,  # the terms or functions to take as each argument
    second: Any,
    third: Any,
    cursor: Any,  # (3,) int64: where to go on
    rows: int,
    environment: Any,
    functions: Functions,
    registers: Any,
    goal: Any,  # (2,) uint64: is there one, its hash
    limit: int,
) -> int:
    """Evaluate an operation on all combinations of arguments and keep the new behaviours.

    Returns `DONE`; `FULL` when an array must grow; `SPENT` when `limit` candidates have been
    evaluated; `MATCH` when the goal was met, as term ``state[MATCHED]``. All but the first leave
    the cursor where to go on.
    """
    state = bank.state
    i, j, k = cursor[0], cursor[1], cursor[2]
    room = rows * SLOT
    while i < first.size:
        while j < second.size:
            while k < third.size:
                term = state[TERMS]
                if (
                    term + 1 >= bank.ops.size
                    or state[WORDS] + room >= bank.words.size
                    or 2 * term >= bank.table.size
                ):
                    cursor[0], cursor[1], cursor[2] = i, j, k
                    return FULL
                if state[CANDIDATES] >= limit:
                    cursor[0], cursor[1], cursor[2] = i, j, k
                    return SPENT
                state[CANDIDATES] += 1
                a, b, c = first[i], second[j], third[k]
                k += 1
                count = evaluate(
                    bank, op, kinds, result, a, b, c, rows, environment, functions, registers
                )
                if count < 0:
                    continue
                value = hash_words(bank.words, state[WORDS], count, bank.keys, result)
                if known(bank.table, value):
                    continue
                bank.ops[term] = op
                bank.args[term, 0] = a
                bank.args[term, 1] = b
                bank.args[term, 2] = c
                bank.starts[term] = state[WORDS]
                state[WORDS] += count
                state[TERMS] += 1
                if goal[0] and value == goal[1]:
                    state[MATCHED] = term
                    cursor[0], cursor[1], cursor[2] = i, j, k
                    return MATCH
            k = 0
            j += 1
        i += 1
        j = i if symmetric else 0
    return DONE


@njit(cache=True)
def linearise(bank: Bank, all_kinds: Any, root: int, variables: int, code: Any, stack: Any) -> int:
    """Write the operations of a term as register code, parents first; their number, or INVALID.

    Registers: the variables, then one an operation. Run it from the last operation to the first.
    """
    stack[0] = root
    count, at = 1, 0
    while at < count:
        term = stack[at]
        op = bank.ops[term]
        code[at, 0] = op
        for k in range(3):
            kind = all_kinds[op, k]
            if kind == NONE:
                break
            child = bank.args[term, k]
            if kind > LIST_KIND:
                code[at, 1 + k] = child
            elif bank.ops[child] < 0:
                code[at, 1 + k] = -1 - bank.ops[child]
            else:
                if count == DEEPEST:
                    return INVALID
                code[at, 1 + k] = variables + count
                stack[count] = child
                count += 1
        at += 1
    return count


@njit(cache=True)
def run_code(
    code: Any,
    count: int,
    all_kinds: Any,
    results: Any,
    variables: int,
    slots: Any,  # ((variables + DEEPEST) * SLOT,) int64
    free: Any,  # the variables that are free in function bodies
    functions: Functions,
    registers: Any,
) -> bool:
    """Run the register code of a term; its value is then in the slot after the variables."""
    for i in range(free.size):
        registers[1 + i] = slots[free[i] * SLOT]
    for at in range(count - 1, -1, -1):
        op = code[at, 0]
        s0, s1, s2, x0, n, y0, m, lists, f = 0, 0, 0, 0, 0, 0, 0, 0, 0
        for k in range(3):
            kind = all_kinds[op, k]
            if kind == NONE:
                break
            if kind > LIST_KIND:
                f = code[at, 1 + k]
                continue
            slot = code[at, 1 + k] * SLOT
            if kind == LIST_KIND:
                if lists == 0:
                    x0, n = slot + 1, slots[slot]
                else:
                    y0, m = slot + 1, slots[slot]
                lists += 1
            elif k == 0:
                s0 = slots[slot]
            elif k == 1:
                s1 = slots[slot]
            else:
                s2 = slots[slot]
        function = (functions.code, functions.sizes, functions.free, f, registers)
        out = (variables + at) * SLOT
        if results[op] == LIST_KIND:
            length = list_result(
                op, s0, s1, s2, slots, x0, n, slots, y0, m, function, slots, out + 1
            )
            if length < 0:
                return False
            slots[out] = length
        else:
            value = scalar_result(op, s0, s1, s2, slots, x0, n, slots, y0, m, function)
            if value < -LARGEST or value > LARGEST:
                return False
            slots[out] = value
    return True


@njit(cache=True)
def copy_slot(source: Any, start: int, target: Any, to: int, kind: int) -> None:
    target[to] = source[start]
    if kind == LIST_KIND:
        for i in range(source[start]):
            target[to + 1 + i] = source[start + 1 + i]


@njit(cache=True)
def run_fold(
    code: Any,
    count: int,
    all_kinds: Any,
    results: Any,
    variable_kinds: Any,  # element, accumulator, then the parameters
    folds: Folds,
    way: int,
    example: int,
    slots: Any,
    free: Any,
    functions: Functions,
    registers: Any,
    trace: Any,  # (steps, 2, SLOT): element and accumulator before each step; may be empty
) -> int:
    """Fold a body over one example; the result is then in slot 1. Steps made, or INVALID."""
    variables = variable_kinds.size
    inputs = folds.inputs[example].ravel()
    parameter, is_range = folds.ways[way, 0], folds.ways[way, 1]
    backwards, initial = folds.ways[way, 2], folds.ways[way, 3]
    kind = variable_kinds[1]
    for p in range(variables - 2):
        copy_slot(inputs, p * SLOT, slots, (2 + p) * SLOT, variable_kinds[2 + p])
    if initial >= 0:
        copy_slot(inputs, initial * SLOT, slots, SLOT, kind)
    else:
        slots[SLOT] = -1 - initial
    source = parameter * SLOT
    steps = inputs[source]
    if steps > MAX_STEPS:
        return INVALID
    for step in range(steps):
        if is_range:
            element = step
        elif backwards:
            element = inputs[source + steps - step]
        else:
            element = inputs[source + 1 + step]
        slots[0] = element
        if step < trace.shape[0]:
            trace[step, 0, 0] = element
            copy_slot(slots, SLOT, trace[step, 1], 0, kind)
        if not run_code(
            code, count, all_kinds, results, variables, slots, free, functions, registers
        ):
            return INVALID
        copy_slot(slots, variables * SLOT, slots, SLOT, kind)
    return int(max(steps, 0))


@njit(cache=True)
def same_slot(one: Any, at: int, other: Any, kind: int) -> bool:
    if one[at] != other[0]:
        return False
    if kind == LIST_KIND:
        for i in range(1, other[0] + 1):
            if one[at + i] != other[i]:
                return False
    return True


@njit(cache=True)
def try_bodies(
    bank: Bank,
    terms: Any,
    start: int,
    all_kinds: Any,
    results: Any,
    variable_kinds: Any,
    folds: Folds,
    free: Any,
    functions: Functions,
    registers: Any,
    code: Any,
    stack: Any,
    slots: Any,
    best: Any,  # (3,) int64: examples right, term, way
) -> int:
    """Run new bodies inside the folds; the position of one that answers every example, or -1.

    A body that fails one of the first two examples is dropped; of the others the best is kept.
    """
    variables = variable_kinds.size
    kind = variable_kinds[1]
    trace = np.empty((0, 2, SLOT), np.int64)
    examples = folds.targets.shape[0]
    for at in range(start, terms.size):
        count = linearise(bank, all_kinds, terms[at], variables, code, stack)
        if count < 0:
            continue
        for way in range(folds.ways.shape[0]):
            right = 0
            for example in range(examples):
                steps = run_fold(
                    code, count, all_kinds, results, variable_kinds, folds, way, example,
                    slots, free, functions, registers, trace,
                )  # fmt: skip
                if steps >= 0 and same_slot(slots, SLOT, folds.targets[example], kind):
                    right += 1
                elif example < 2:
                    break
            if right > best[0]:
                best[0], best[1], best[2] = right, terms[at], way
            if right == examples:
                best[0], best[1], best[2] = right, terms[at], way
                return at
    return -1
