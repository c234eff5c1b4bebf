"""Growing the bank: evaluate candidates, hash what they give, keep what is new.

A long file: what the loop of `expand` calls stands beside it, to be compiled as one.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from dlcompare.synthesis.kernels.pointers import int64_at, invoke, moved, pointer, prefetch
from dlcompare.synthesis.packing import (
    EVALUATE,
    FUNCTIONS_FROM,
    MOST_TABLES,
    TABLES,
    TABULATE,
    WIDE_FROM,
)
from dlcompare.synthesis.primitives.primitive import INVALID, LONGEST

# Why `expand` returned.
DONE, FULL, SPENT, MATCH = 0, 1, 2, 3

# The words of `Bank.state`.
TERMS, WORDS, CANDIDATES, MATCHED = 0, 1, 2, 3

DEEPEST = 48
"""The most operations in one body."""

WORTH_A_TABLE = 24
"""Applications of a function from which on its results are tabulated first."""

BATCH = 32
"""Candidates evaluated before their hashes are looked up, so that the look-ups overlap."""


class Bank(NamedTuple):
    """The terms met so far; ops below zero are variables, -1 - index."""

    ops: Any  # (capacity,) int16
    args: Any  # (capacity, 3) int32: terms, or functions
    starts: Any  # (capacity,) int64: where the words of a term begin
    words: Any  # (capacity in words,) int32
    table: Any  # (power of two,) uint64: hashes met, 0 is free
    keys: Any  # (words of the largest term,) uint64: odd, random
    state: Any  # (4,) int64
    drafts: Any  # (BATCH * words of the largest term,) int32: the values of the batch
    batch: Any  # (BATCH, 5) int64: arguments, number of words, and operation of each candidate
    hashes: Any  # (BATCH,) uint64


class Functions(NamedTuple):
    """Function bodies as register code.

    The first two registers are the parameters; then come the free variables, then one register an
    operation. In the rows of a bank the results of a function of one scalar are tabulated when it
    has much use: bodies are pure, and their arguments are mostly small.
    """

    code: Any  # (functions, deepest, 4) int64: kernel and three registers
    sizes: Any  # (functions,) int64: operations; negative where one takes or makes a list
    tabulated: Any  # (functions,) int64: whether it takes one scalar and gives one
    values: Any  # (tables * rows * TABULATED,) int32: results in every row
    ready: Any  # (functions,) int64: in which table they are, from 1; 0 is in none
    registers: Any  # (2 + free + DEEPEST,) int64: for running a body over scalars
    scratch: Any  # ((2 + DEEPEST) * SLOT,) int32: for running another
    forms: Any  # (kernels, 4) int64: forms of arguments and result
    variables: Any  # (rows, free, SLOT) int32: the free variables
    context: Any  # (CONTEXT,) int64


class Operations(NamedTuple):
    """The operations in use, in the order in which they are tried."""

    numbers: Any  # (operations,) int64: which they are
    kernels: Any  # (operations,) int64
    costs: Any  # (operations,) int64
    results: Any  # (operations,) int64: kinds
    kinds: Any  # (operations, 3) int64: the pools of the arguments, -1 (the last one) for none
    functions: Any  # (operations,) bool: whether the first argument is a function
    symmetric: Any  # (operations,) bool


class Pools(NamedTuple):
    """The terms or functions of each kind, cheapest first."""

    members: Any  # (pools,) int64: addresses of int64
    ends: Any  # (pools, levels) int64: how many cost at most so much


@njit(cache=True, forceinline=True)
def hash_pointer(words: Any, start: int, count: int, keys: Any, salt: int) -> Any:
    total = np.uint64(salt)
    for i in range(count):
        total += np.uint64(np.int64(words[start + i])) * keys[i]
    total ^= total >> np.uint64(32)
    total *= np.uint64(0xD6E8FEB86659FD93)
    total ^= total >> np.uint64(29)
    return total | np.uint64(1)


@njit(cache=True)
def hash_words(words: Any, start: int, count: int, keys: Any, salt: int) -> Any:
    """The hash of a term of kind `salt`."""
    return hash_pointer(pointer(words), start, count, pointer(keys), salt)


@njit(cache=True, forceinline=True)
def known_pointer(table: Any, mask: Any, value: Any) -> bool:
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
def known(table: Any, value: Any) -> bool:
    """Whether a hash is in the table; puts it there if not."""
    return known_pointer(pointer(table), np.uint64(table.size - 1), value)


@njit(cache=True)
def rehash(old: Any, table: Any) -> None:
    """Put the hashes of one table into a larger one."""
    memory, mask = pointer(table), np.uint64(table.size - 1)
    for value in old:
        if value != np.uint64(0):
            known_pointer(memory, mask, value)


@njit(cache=True)
def linearise(
    bank: Bank, kinds: Any, numbers: Any, variables: int, root: int, code: Any, stack: Any
) -> int:
    """Write the operations of a term as register code, parents first; their number, or INVALID.

    Registers: the variables, then one an operation. Run it from the last operation to the first;
    the result is then in the register after the variables.
    """
    if bank.ops[root] < 0:
        return INVALID
    stack[0] = root
    count, at = 1, 0
    while at < count:
        term = stack[at]
        op = bank.ops[term]
        code[at, 0] = numbers[op]
        for k in range(3):
            kind = kinds[op, k]
            if kind < 0:
                break
            child = bank.args[term, k]
            if kind >= FUNCTIONS_FROM:
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
def write_functions(
    bank: Bank,
    kinds: Any,
    numbers: Any,
    bodies: Any,
    first: int,
    parameters: int,
    tabulated: bool,
    functions: Functions,
) -> None:
    """Write the code of bodies, numbered from `first`; one too deep gives no answer.

    The bank's variables are the parameters, one or two, and then the free variables; in the code
    there are always two parameters.
    """
    stack = np.zeros(DEEPEST + 1, np.int64)
    for at in range(bodies.size):
        f = first + at
        variables = parameters + functions.variables.shape[1]
        code = functions.code[f]
        count = max(linearise(bank, kinds, numbers, variables, bodies[at], code, stack), 0)
        listless = True
        for i in range(count):
            for k in range(4):
                form = functions.forms[code[i, 0], k]
                listless = listless and form != 1
            for k in range(1, 4):
                if code[i, k] >= parameters:
                    code[i, k] += 2 - parameters
        functions.sizes[f] = count if listless else -count
        functions.tabulated[f] = tabulated


@njit(cache=True)
def uses_parameters(bank: Bank, kinds: Any, terms: Any, parameters: int, uses: Any) -> None:
    """Note for each term which parameters occur in it, as bits; those of its arguments are."""
    for at in range(terms.size):
        term = terms[at]
        op = bank.ops[term]
        found = 0
        if op < 0:
            found = 1 << (-1 - op) if -1 - op < parameters else 0
        else:
            for k in range(3):
                if kinds[op, k] >= 0:
                    found |= uses[bank.args[term, k]]
        uses[term] = found


@njit(cache=True)
def commit(bank: Bank, size: int, room: int, frozen: bool, goal: Any) -> bool:
    """Look up a batch of candidates and keep the new ones; whether one of them is the goal.

    A frozen bank keeps nothing but the goal.
    """
    state, words, drafts = bank.state, pointer(bank.words), pointer(bank.drafts)
    table, mask = pointer(bank.table), np.uint64(bank.table.size - 1)
    met = False
    for place in range(size):
        value = bank.hashes[place]
        if frozen and (not goal[0] or value != goal[1]):
            continue
        if known_pointer(table, mask, value):
            continue
        term, start, count = state[TERMS], state[WORDS], bank.batch[place, 3]
        for k in range(3):
            bank.args[term, k] = bank.batch[place, k]
        bank.ops[term] = bank.batch[place, 4]
        bank.starts[term] = start
        draft = place * room
        for i in range(count):
            words[start + i] = drafts[draft + i]
        state[WORDS] += count
        state[TERMS] += 1
        if goal[0] and value == goal[1]:
            state[MATCHED] = term
            met = True
    return met


@njit(cache=True, forceinline=True)
def span(ends: Any, kind: int, cost: int) -> Any:
    """From and to where the terms of a cost stand among those of a kind; 0 is no argument."""
    if cost == 0:
        return np.int64(0), np.int64(1)
    return ends[kind, cost - 1], ends[kind, cost]


@njit(cache=True, forceinline=True)
def leave(cursor: Any, number: int, cost_a: int, cost_b: int, i: int, j: int, k: int) -> None:
    """Note where to go on."""
    cursor[0], cursor[1], cursor[2], cursor[3] = number, cost_a, cost_b, i
    cursor[4], cursor[5] = j, k


@njit(cache=True)
def expand(
    bank: Bank,
    operations: Operations,
    pools: Pools,
    cost: int,
    cursor: Any,  # (6,) int64: where to go on: operation, costs of two arguments, their places
    rows: int,
    longest: int,
    functions: Functions,
    goal: Any,  # (3,) uint64: is there one, its hash, its kind
    limit: int,
    frozen: bool,
) -> int:
    """Evaluate the operations on all arguments with which they have a cost; keep new behaviours.

    Returns `DONE`; `FULL` when an array must grow; `SPENT` when `limit` candidates have been
    evaluated; `MATCH` when the goal was met, as term ``state[MATCHED]``. All leave the cursor where
    to go on. A frozen bank tries only what may be the goal.
    """
    state, words, starts = pointer(bank.state), pointer(bank.words), pointer(bank.starts)
    table, mask, keys = pointer(bank.table), np.uint64(bank.table.size - 1), pointer(bank.keys)
    batch, hashes, drafts = pointer(bank.batch), pointer(bank.hashes), pointer(bank.drafts)
    context, ready = pointer(functions.context), pointer(functions.ready)
    tabulated, evaluate = pointer(functions.tabulated), functions.context[EVALUATE]
    terms_full = min(bank.ops.size - 2 * BATCH, bank.table.size // 2 - BATCH)
    room = rows * (1 + longest) + LONGEST
    words_full = bank.words.size - 2 * BATCH * room
    ends = pools.ends
    number, cost_a, cost_b = cursor[0], cursor[1], cursor[2]
    i, j, k = cursor[3], cursor[4], cursor[5]
    size = 0
    while number < operations.numbers.size:
        op, kernel = operations.numbers[number], operations.kernels[number]
        kinds, result = operations.kinds[number], operations.results[number]
        kind_a, kind_b, kind_c = kinds[0], kinds[1], kinds[2]
        arity = (kind_a >= 0) + (kind_b >= 0) + (kind_c >= 0)
        rest = cost - operations.costs[number]
        takes_function, swaps = operations.functions[number], operations.symmetric[number]
        first = int64_at(pools.members[kind_a])
        second = int64_at(pools.members[kind_b])
        third = int64_at(pools.members[kind_c])
        value_a, value_b, value_c = kind_a >= 0 and not takes_function, kind_b >= 0, kind_c >= 0
        if rest < arity or (arity == 0 and rest) or (frozen and result != np.int64(goal[2])):
            number += 1
            continue
        last_a = rest - arity + 1 if arity else rest
        if cost_a < 0:
            cost_a = np.int64(1) if arity > 1 else rest
        while cost_a <= last_a:
            last_b = rest - cost_a - 1 if arity == 3 else rest - cost_a
            if cost_b < 0:
                cost_b = np.int64(1) if arity == 3 else last_b
            while cost_b <= last_b:
                from_a, end_a = span(ends, kind_a, cost_a)
                from_b, end_b = span(ends, kind_b, cost_b)
                from_c, end_c = span(ends, kind_c, rest - cost_a - cost_b)
                symmetric = swaps and cost_a == cost_b
                worth_it = (end_b - from_b) * (end_c - from_c) >= WORTH_A_TABLE
                if (swaps and cost_a > cost_b) or from_b == end_b or from_c == end_c:
                    end_a = from_a
                if i < 0:
                    i, k = from_a, from_c
                    j = i if symmetric else from_b
                while i < end_a:
                    a = first[i]
                    pa = moved(words, starts[a]) if value_a else words
                    wanted = takes_function and worth_it and tabulated[a] and not ready[a]
                    if wanted and context[TABLES] < context[MOST_TABLES]:
                        invoke(context[TABULATE], (np.int64(a), context))
                    while j < end_b:
                        b = second[j]
                        pb = moved(words, starts[b]) if value_b else words
                        while k < end_c:
                            if size == BATCH:
                                size = 0
                                if commit(bank, BATCH, room, frozen, goal):
                                    leave(cursor, number, cost_a, cost_b, i, j, k)
                                    return MATCH
                            full = state[TERMS] >= terms_full or state[WORDS] >= words_full
                            if size == 0 and full and not frozen:
                                leave(cursor, number, cost_a, cost_b, i, j, k)
                                return FULL
                            if state[CANDIDATES] >= limit:
                                leave(cursor, number, cost_a, cost_b, i, j, k)
                                return MATCH if commit(bank, size, room, frozen, goal) else SPENT
                            state[CANDIDATES] += 1
                            c = third[k]
                            k += 1
                            pc = moved(words, starts[c]) if value_c else words
                            base = size * room
                            f, out = np.int64(a), moved(drafts, base)
                            count = invoke(
                                evaluate, (kernel, rows, longest, pa, pb, pc, f, context, out)
                            )
                            if count < 0:
                                continue
                            found = hash_pointer(drafts, base, count, keys, result)
                            prefetch(table, np.int64((found >> np.uint64(1)) & mask))
                            hashes[size] = found
                            batch[5 * size] = a
                            batch[5 * size + 1] = b
                            batch[5 * size + 2] = c
                            batch[5 * size + 3] = count
                            batch[5 * size + 4] = op
                            size += 1
                        k = from_c
                        j += 1
                    i += 1
                    j = i if symmetric else from_b
                i = np.int64(-1)
                cost_b += 1
            cost_b = np.int64(-1)
            cost_a += 1
        cost_a = np.int64(-1)
        number += 1
    leave(cursor, number, cost_a, cost_b, i, j, k)
    return MATCH if commit(bank, size, room, frozen, goal) else DONE


@njit(cache=True)
def agreement(bank: Bank, terms: Any, kind: int, rows: int, target: Any) -> Any:
    """For each term the set of rows, as bits, on which it has the value of `target`, (words,)."""
    words = bank.words
    masks = np.zeros(terms.size, np.int64)
    for at in range(terms.size):
        start = bank.starts[terms[at]]
        here, there = start + rows, rows
        for row in range(rows):
            size, wanted = words[start + row], target[row]
            same = size == wanted
            if kind >= WIDE_FROM:
                for i in range(size if same else 0):
                    same = same and words[here + i] == target[there + i]
                here += size
                there += wanted
            if same:
                masks[at] |= np.int64(1) << row
    return masks


@njit(cache=True)
def inside(bank: Bank, terms: Any, kind: int, rows: int, target: Any) -> Any:
    """For each term whether it occurs in the words of `target` on every row, (terms,) bool.

    A scalar occurs as a word, a list or a string as a run of words; all empty is no occurrence.
    """
    words = bank.words
    found = np.zeros(terms.size, np.bool_)
    for at in range(terms.size):
        start = bank.starts[terms[at]]
        here, there, everywhere, empty = start + rows, rows, True, True
        for row in range(rows):
            size = words[start + row] if kind >= WIDE_FROM else 1
            first = here if kind >= WIDE_FROM else start + row
            somewhere = False
            for place in range(target[row] - size + 1):
                same = True
                for i in range(size):
                    same = same and words[first + i] == target[there + place + i]
                somewhere = somewhere or same
            everywhere = everywhere and somewhere
            empty = empty and size == 0
            here += size if kind >= WIDE_FROM else 0
            there += target[row]
            if not everywhere:
                break
        found[at] = everywhere and not empty
    return found
