"""The candidates of a level: their values, and the cursor that passes them.

They are numbered from cell to cell (`cells`) and evaluated in batches. Evaluation only reads the
bank; `enumeration` looks the values up and keeps the new ones.
"""

from typing import Any, NamedTuple

import numpy as np

from dlcompare.synthesis.compiled.loops.cells import (
    AT_A,
    AT_B,
    AT_C,
    CELL,
    END_A,
    END_B,
    END_C,
    FROM_A,
    FROM_B,
    FROM_C,
    OPERATION,
    SYMMETRIC,
    Level,
)
from dlcompare.synthesis.compiled.loops.jit import from_python, inlined, inner
from dlcompare.synthesis.compiled.loops.pointers import (
    int32_at,
    int64_at,
    invoke,
    moved,
    pointer,
    prefetch,
)
from dlcompare.synthesis.compiled.loops.term_table import Functions, TermTable, hash_pointer
from dlcompare.synthesis.compiled.packing import EVALUATE, MOST_TABLES, TABLES, TABULATE
from dlcompare.synthesis.dsl.primitives.primitive import LONGEST

WORTH_A_TABLE = 24
"""A function with at least this many applications is tabulated first."""

BATCH = 64
"""Candidates evaluated before their hashes are looked up, so that the look-ups overlap."""


class Drafts(NamedTuple):
    """Candidates with their values, before the look-up."""

    words: Any  # (words,) int32
    entries: Any  # (candidates, 6) int64: arguments, number of words, operation, first word
    hashes: Any  # (candidates,) uint64
    ends: Any  # (batches,) int64: of a stretch, the number of candidates to the end of each batch


@inlined
def room_of(level: Level) -> int:
    """Return the most words of a term under evaluation."""
    return level.rows * (1 + level.longest) + LONGEST


@inner
def tabulate(functions: Functions, function: int) -> None:
    """Tabulate a function of one scalar, if there is room for one more."""
    context = functions.context
    wanted = functions.tabulated[function] and not functions.ready[function]
    if wanted and context[TABLES] < context[MOST_TABLES]:
        invoke(context[TABULATE], (np.int64(function), pointer(context)))


@inner
def evaluate_batch(
    bank: TermTable,
    level: Level,
    cursor: Any,
    count: int,
    functions: Functions,
    drafts: Drafts,
    tabulating: bool,
) -> Any:
    """Evaluate the next `count` candidates, or as many as there are.

    Return the number of candidates and of those with a value. The bank is only read. The cursor
    moves past the last candidate.

    Parameters
    ----------
    bank : TermTable
    level : Level
    cursor : array
        The position in the level (4,) int64.
    count : int
        The number of candidates wanted.
    functions : Functions
    drafts : Drafts
        Filled with the candidates that have a value.
    tabulating : bool
        Whether frequently applied functions may be tabulated on the way.
    """
    operations, cells = level.operations, level.cells
    rows, longest = level.rows, level.longest
    words, starts = pointer(bank.words), pointer(bank.starts)
    table, mask, keys = pointer(bank.table), np.uint64(bank.table.size - 1), pointer(bank.keys)
    values, entries, hashes = pointer(drafts.words), pointer(drafts.entries), pointer(drafts.hashes)
    context = pointer(functions.context)
    cell, i, j, k = cursor[CELL], cursor[AT_A], cursor[AT_B], cursor[AT_C]
    size, used, left = 0, np.int64(0), np.int64(count)
    while left and cell < cells.shape[0]:
        number = cells[cell, OPERATION]
        from_a, end_a = cells[cell, FROM_A], cells[cell, END_A]
        from_b, end_b = cells[cell, FROM_B], cells[cell, END_B]
        from_c, end_c = cells[cell, FROM_C], cells[cell, END_C]
        symmetric = cells[cell, SYMMETRIC]
        op, kernel = operations.numbers[number], operations.kernels[number]
        evaluate = int64_at(functions.context[EVALUATE])[kernel]
        kinds, result = operations.kinds[number], operations.results[number]
        takes_function = operations.functions[number]
        first, second = int64_at(level.members[kinds[0]]), int64_at(level.members[kinds[1]])
        third = int64_at(level.members[kinds[2]])
        value_a = kinds[0] >= 0 and not takes_function
        value_b, value_c = kinds[1] >= 0, kinds[2] >= 0
        tabulates = tabulating and takes_function
        tabulates = tabulates and (end_b - from_b) * (end_c - from_c) >= WORTH_A_TABLE
        if i < 0:
            i, k = from_a, from_c
            j = i if symmetric else from_b
        while i < end_a:
            a = first[i]
            pa = int32_at(starts[a]) if value_a else words
            if tabulates:
                tabulate(functions, a)
            while j < end_b:
                b = second[j]
                pb = int32_at(starts[b]) if value_b else words
                stop = min(end_c, k + left)
                left -= stop - k
                while k < stop:
                    c = third[k]
                    k += 1
                    pc = int32_at(starts[c]) if value_c else words
                    f, out = np.int64(a), moved(values, used)
                    arguments = (kernel, rows, longest, pa, pb, pc, f, context, out)
                    length = invoke(evaluate, arguments)
                    if length < 0:
                        continue
                    found = hash_pointer(values, used, length, keys, result)
                    prefetch(table, np.int64((found >> np.uint64(1)) & mask))
                    hashes[size] = found
                    entries[6 * size] = a
                    entries[6 * size + 1] = b
                    entries[6 * size + 2] = c
                    entries[6 * size + 3] = length
                    entries[6 * size + 4] = op
                    entries[6 * size + 5] = used
                    used += length
                    size += 1
                if k < end_c:
                    cursor[CELL], cursor[AT_A], cursor[AT_B], cursor[AT_C] = cell, i, j, k
                    return count - left, size
                k = from_c
                j += 1
            i += 1
            j = i if symmetric else from_b
        i = np.int64(-1)
        cell += 1
    cursor[CELL], cursor[AT_A], cursor[AT_B], cursor[AT_C] = cell, i, j, k
    return count - left, size


@from_python
def advance(level: Level, cursor: Any, count: int, functions: Functions) -> int:
    """Advance the cursor by `count` candidates, or to the end; return the number passed.

    Functions with many applications on the way are tabulated, since threads share the tables.

    Parameters
    ----------
    level : Level
    cursor : array
        The position in the level (4,) int64.
    count : int
        The number of candidates to pass.
    functions : Functions
    """
    operations, cells, left = level.operations, level.cells, np.int64(count)
    cell, i, j, k = cursor[CELL], cursor[AT_A], cursor[AT_B], cursor[AT_C]
    while left and cell < cells.shape[0]:
        number, symmetric = cells[cell, OPERATION], cells[cell, SYMMETRIC]
        from_a, end_a = cells[cell, FROM_A], cells[cell, END_A]
        from_b, end_b = cells[cell, FROM_B], cells[cell, END_B]
        from_c, end_c = cells[cell, FROM_C], cells[cell, END_C]
        width = end_c - from_c
        tabulates = operations.functions[number] and (end_b - from_b) * width >= WORTH_A_TABLE
        first = int64_at(level.members[operations.kinds[number, 0]])
        if i < 0:
            i, k = from_a, from_c
            j = i if symmetric else from_b
        while left and i < end_a:
            if tabulates:
                tabulate(functions, first[i])
            row = (end_b - j) * width - (k - from_c)
            if left < row:
                k += left
                j += (k - from_c) // width
                k = from_c + (k - from_c) % width
                left = np.int64(0)
            else:
                left -= row
                i += 1
                j, k = i if symmetric else from_b, from_c
        if i == end_a:
            i = np.int64(-1)
            cell += 1
    cursor[CELL], cursor[AT_A], cursor[AT_B], cursor[AT_C] = cell, i, j, k
    return count - left
