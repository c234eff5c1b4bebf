# ruff: noqa: F821 (the dispatchers are put in by the engine)
"""Growing the bank: evaluate candidates, hash what they give, keep what is new.

A long file: what the loop of `expand` calls stands beside it, to be compiled as one.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from dlcompare.synthesis.kernels.pointers import pointer, prefetch
from dlcompare.synthesis.packing import LIST_KIND, TABULATED, TABULATED_FROM, UNDEFINED
from dlcompare.synthesis.primitives.primitive import INVALID, LARGEST, LONGEST

if TYPE_CHECKING:
    call: Any
    scalar_result: Any
    list_result: Any

# Why `expand` returned.
DONE, FULL, SPENT, MATCH = 0, 1, 2, 3

# The words of `Bank.state`.
TERMS, WORDS, CANDIDATES, MATCHED = 0, 1, 2, 3

DEEPEST = 48
"""The most operations in one body."""

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
    batch: Any  # (BATCH, 4) int64: the arguments and the number of words of each candidate
    hashes: Any  # (BATCH,) uint64


class Call(NamedTuple):
    """A place where operations are applied: all ``call`` needs to run a function body."""

    code: Any  # int64*, from Functions
    sizes: Any  # int64*
    values: Any  # int32*
    registers: Any  # int64*
    free: Any  # int
    deepest: Any  # int
    function: Any  # int: which
    start: Any  # int: where its results in this row begin, or -1


class Functions(NamedTuple):
    """Function bodies over scalars, as register code.

    Register 0 is the argument; then come the free variables, then one register an operation. In the
    rows of a bank the results of a function are tabulated when it is first used: bodies are pure,
    and their arguments are mostly small.
    """

    code: Any  # (functions, deepest, 4) int64: op and three registers
    sizes: Any  # (functions,) int64: operations
    free: Any  # int: free variables
    values: Any  # (functions * rows * TABULATED,) int32: results in every row
    ready: Any  # (functions,) bool: whether they are there
    registers: Any  # (256,) int64: for running a body


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
def linearise(bank: Bank, kinds: Any, variables: int, root: int, code: Any, stack: Any) -> int:
    """Write the operations of a term as register code, parents first; their number, or INVALID.

    Registers: the variables, then one an operation. Run it from the last operation to the first;
    the result is then in the register after the variables.
    """
    stack[0] = root
    count, at = 1, 0
    while at < count:
        term = stack[at]
        op = bank.ops[term]
        code[at, 0] = op
        for k in range(3):
            kind = kinds[op, k]
            if kind < 0:
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
def write_functions(bank: Bank, kinds: Any, bodies: Any, first: int, functions: Functions) -> None:
    """Write the code of bodies, numbered from `first`; one too deep gives no answer."""
    stack = np.zeros(DEEPEST + 1, np.int64)
    for at in range(bodies.size):
        variables = 1 + functions.free
        count = linearise(bank, kinds, variables, bodies[at], functions.code[first + at], stack)
        functions.sizes[first + at] = max(count, 0)


@njit(cache=True)
def uses_first(bank: Bank, kinds: Any, terms: Any, uses: Any) -> None:
    """Note for each term whether the first variable occurs in it; its arguments are noted."""
    for at in range(terms.size):
        term = terms[at]
        op = bank.ops[term]
        found = op == -1
        if op >= 0:
            for k in range(3):
                if kinds[op, k] >= 0 and uses[bank.args[term, k]]:
                    found = True
        uses[term] = found


@njit(cache=True)
def tabulate(functions: Functions, f: int, environment: Any) -> None:
    """Write the results of function `f` in every row into `functions.values`."""
    functions.ready[f] = True
    registers, values = pointer(functions.registers), pointer(functions.values)
    here = Call(
        pointer(functions.code), pointer(functions.sizes), values, registers,
        functions.free, functions.code.shape[1], f, -1,
    )  # fmt: skip
    rows = environment.shape[0]
    for row in range(rows):
        for i in range(functions.free):
            registers[1 + i] = environment[row, i]
        for i in range(TABULATED):
            value = call(here, TABULATED_FROM + i)
            inside = -LARGEST <= value <= LARGEST
            values[(f * rows + row) * TABULATED + i] = value if inside else UNDEFINED


@njit(cache=True)
def commit(bank: Bank, op: int, size: int, room: int, goal: Any) -> bool:
    """Look up a batch of candidates and keep the new ones; whether one of them is the goal."""
    state, words, drafts = bank.state, pointer(bank.words), pointer(bank.drafts)
    table, mask = pointer(bank.table), np.uint64(bank.table.size - 1)
    met = False
    for place in range(size):
        value = bank.hashes[place]
        if known_pointer(table, mask, value):
            continue
        term, start, count = state[TERMS], state[WORDS], bank.batch[place, 3]
        bank.ops[term] = op
        for k in range(3):
            bank.args[term, k] = bank.batch[place, k]
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
    longest: int,
    environment: Any,  # (rows, free variables)
    functions: Functions,
    goal: Any,  # (2,) uint64: is there one, its hash
    limit: int,
) -> int:
    """Evaluate an operation on all combinations of arguments and keep the new behaviours.

    Returns `DONE`; `FULL` when an array must grow; `SPENT` when `limit` candidates have been
    evaluated; `MATCH` when the goal was met, as term ``state[MATCHED]``. All but the first leave
    the cursor where to go on.
    """
    state = pointer(bank.state)
    words, starts, drafts = pointer(bank.words), pointer(bank.starts), pointer(bank.drafts)
    table, mask, keys = pointer(bank.table), np.uint64(bank.table.size - 1), pointer(bank.keys)
    batch, hashes = pointer(bank.batch), pointer(bank.hashes)
    code, sizes, free = pointer(functions.code), pointer(functions.sizes), functions.free
    values, registers = pointer(functions.values), pointer(functions.registers)
    free_values = pointer(environment)
    terms_full = bank.ops.size - BATCH
    terms_full = min(terms_full, bank.table.size // 2 - BATCH)
    room = rows * (1 + longest) + LONGEST
    words_full = bank.words.size - BATCH * room
    kind_a, kind_b, kind_c = kinds[0], kinds[1], kinds[2]
    i, j, k = cursor[0], cursor[1], cursor[2]
    size = 0
    while i < first.size:
        a = first[i]
        if kind_a > LIST_KIND and not functions.ready[a]:
            tabulate(functions, a, environment)
        while j < second.size:
            b = second[j]
            while k < third.size:
                if size == 0 and (state[TERMS] >= terms_full or state[WORDS] >= words_full):
                    cursor[0], cursor[1], cursor[2] = i, j, k
                    return FULL
                if state[CANDIDATES] >= limit:
                    cursor[0], cursor[1], cursor[2] = i, j, k
                    return MATCH if commit(bank, op, size, room, goal) else SPENT
                state[CANDIDATES] += 1
                c = third[k]
                k += 1
                base = size * room
                end = base + rows
                at_a = starts[a] if 0 <= kind_a <= LIST_KIND else 0
                at_b = starts[b] if 0 <= kind_b <= LIST_KIND else 0
                at_c = starts[c] if 0 <= kind_c <= LIST_KIND else 0
                next_a, next_b, next_c = at_a + rows, at_b + rows, at_c + rows
                valid = True
                for row in range(rows):
                    s0, s1, s2, x0, n, y0, m, start = 0, 0, 0, 0, 0, 0, 0, -1
                    if kind_a == LIST_KIND:
                        x0, n = next_a, np.int64(words[at_a + row])
                        next_a += n
                    elif kind_a > LIST_KIND:
                        start = (a * rows + row) * TABULATED
                        for v in range(free):
                            registers[1 + v] = free_values[row * free + v]
                    else:
                        s0 = np.int64(words[at_a + row])
                    if kind_b == LIST_KIND:
                        length = np.int64(words[at_b + row])
                        if kind_a == LIST_KIND:
                            y0, m = next_b, length
                        else:
                            x0, n = next_b, length
                        next_b += length
                    else:
                        s1 = np.int64(words[at_b + row])
                    if kind_c == LIST_KIND:
                        length = np.int64(words[at_c + row])
                        y0, m = next_c, length
                        next_c += length
                    else:
                        s2 = np.int64(words[at_c + row])
                    here = Call(
                        code, sizes, values, registers, free, functions.code.shape[1], a, start
                    )
                    if result == LIST_KIND:
                        length = list_result(
                            op, s0, s1, s2, words, x0, n, words, y0, m, here, drafts, end
                        )
                        if length < 0 or length > longest:
                            valid = False
                            break
                        drafts[base + row] = length
                        end += length
                    else:
                        value = scalar_result(op, s0, s1, s2, words, x0, n, words, y0, m, here)
                        if value < -LARGEST or value > LARGEST:
                            valid = False
                            break
                        drafts[base + row] = value
                if not valid:
                    continue
                found = hash_pointer(drafts, base, end - base, keys, result)
                prefetch(table, np.int64((found >> np.uint64(1)) & mask))
                hashes[size] = found
                batch[4 * size] = a
                batch[4 * size + 1] = b
                batch[4 * size + 2] = c
                batch[4 * size + 3] = end - base
                size += 1
                if size == BATCH:
                    size = 0
                    if commit(bank, op, BATCH, room, goal):
                        cursor[0], cursor[1], cursor[2] = i, j, k
                        return MATCH
            k = 0
            j += 1
        i += 1
        j = i if symmetric else 0
    cursor[0], cursor[1], cursor[2] = i, j, k
    return MATCH if commit(bank, op, size, room, goal) else DONE


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
            if kind == LIST_KIND:
                for i in range(size if same else 0):
                    same = same and words[here + i] == target[there + i]
                here += size
                there += wanted
            if same:
                masks[at] |= np.int64(1) << row
    return masks
