"""Growth of the bank: look up the values of candidates, and keep new behaviours.

Candidates are evaluated and kept in batches that begin at multiples of `BATCH`. The values of a
batch depend on cheaper levels alone, so another core can evaluate any stretch of a level ahead of
its turn; the terms kept, their order, and the growth of arrays are the same as in sequential
evaluation.
"""

from typing import Any

import numpy as np

from dlcompare.synthesis.compiled.loops.candidates import (
    BATCH,
    Drafts,
    evaluate_batch,
    room_of,
)
from dlcompare.synthesis.compiled.loops.cells import CELL, Level
from dlcompare.synthesis.compiled.loops.jit import from_python, inlined, inner
from dlcompare.synthesis.compiled.loops.pointers import pointer, prefetch
from dlcompare.synthesis.compiled.loops.term_table import (
    CANDIDATES,
    MATCHED,
    TERMS,
    WORDS,
    Functions,
    TermTable,
    known_pointer,
)

# Why `expand` or `keep_drafts` returned.
DONE, FULL, SPENT, MATCH = 0, 1, 2, 3


@inlined
def is_full(bank: TermTable, room: int) -> bool:
    """Return whether an array must grow before another batch is kept."""
    terms_full = min(bank.ops.size - 2 * BATCH, bank.table.size // 2 - BATCH)
    words_full = bank.words.size - 2 * BATCH * room
    return bool(bank.state[TERMS] >= terms_full or bank.state[WORDS] >= words_full)


@inner
def commit(bank: TermTable, drafts: Drafts, start: int, end: int, frozen: bool, goal: Any) -> bool:
    """Look up candidates and keep the new ones; return whether one of them is the goal.

    Parameters
    ----------
    bank : TermTable
    drafts : Drafts
    start, end : int
        The range of candidates in `drafts`.
    frozen : bool
        Whether the bank keeps only the goal.
    goal : array
        Whether there is a goal, its hash, and its kind (3,) uint64.
    """
    state, words, values = bank.state, pointer(bank.words), pointer(drafts.words)
    address = np.int64(bank.words.ctypes.data)
    table, mask = pointer(bank.table), np.uint64(bank.table.size - 1)
    entries, hashes = pointer(drafts.entries), pointer(drafts.hashes)
    met = False
    for place in range(start, end):
        value = hashes[place]
        if frozen and (not goal[0] or value != goal[1]):
            continue
        if known_pointer(table, mask, value):
            continue
        term, at, count = state[TERMS], state[WORDS], entries[6 * place + 3]
        for k in range(3):
            bank.args[term, k] = entries[6 * place + k]
        bank.ops[term] = entries[6 * place + 4]
        bank.starts[term] = address + 4 * at
        draft = entries[6 * place + 5]
        for i in range(count):
            words[at + i] = values[draft + i]
        state[WORDS] += count
        state[TERMS] += 1
        if goal[0] and value == goal[1]:
            state[MATCHED] = term
            met = True
    return met


@from_python
def expand(
    bank: TermTable,
    level: Level,
    cursor: Any,
    functions: Functions,
    drafts: Drafts,
    goal: Any,
    limit: int,
    frozen: bool,
) -> int:
    """Evaluate the candidates of a level, from the cursor on, and keep new behaviours.

    Return `DONE`; `FULL` if an array must grow; `SPENT` after `limit` candidates; `MATCH` if the
    goal is met, as term ``state[MATCHED]``. The cursor is then at the next candidate.

    Parameters
    ----------
    bank : TermTable
    level : Level
    cursor : array
        The position in the level (4,) int64.
    functions : Functions
    drafts : Drafts
        Working memory of one batch.
    goal : array
        Whether there is a goal, its hash, and its kind (3,) uint64.
    limit : int
        The most candidates since the beginning.
    frozen : bool
        Whether the bank keeps only the goal.
    """
    state, room = bank.state, room_of(level)
    while cursor[CELL] < level.cells.shape[0]:
        if not frozen and is_full(bank, room):
            return FULL
        count = min(BATCH, limit - state[CANDIDATES])
        if count <= 0:
            return SPENT
        count, size = evaluate_batch(bank, level, cursor, count, functions, drafts, True)
        state[CANDIDATES] += count
        if commit(bank, drafts, 0, size, frozen, goal):
            return MATCH
    return DONE


@from_python
def evaluate_ahead(
    bank: TermTable,
    level: Level,
    cursor: Any,
    count: int,
    functions: Functions,
    drafts: Drafts,
    stretch: Drafts,
    goal: Any,
    frozen: bool,
) -> int:
    """Evaluate up to `count` candidates from the cursor on; return the number that fit.

    Only whole batches are evaluated. Possibly new candidates go into `stretch`; they are looked up
    again in their turn, since the bank may grow meanwhile.

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
        Working memory of one batch.
    stretch : Drafts
        Filled from the front.
    goal : array
        Whether there is a goal, its hash, and its kind (3,) uint64.
    frozen : bool
        Whether the bank keeps only the goal.
    """
    table, mask = pointer(bank.table), np.uint64(bank.table.size - 1)
    room = BATCH * room_of(level)
    kept, used, done, batch = 0, np.int64(0), 0, 0
    while done < count and used + room <= stretch.words.size:
        wanted = min(BATCH, count - done)
        _, size = evaluate_batch(bank, level, cursor, wanted, functions, drafts, False)
        for place in range(size):
            value = drafts.hashes[place]
            if frozen and (not goal[0] or value != goal[1]):
                continue
            at = (value >> np.uint64(1)) & mask
            while table[at] != value and table[at] != np.uint64(0):
                at = (at + np.uint64(1)) & mask
            if table[at] == value:
                continue
            start, length = drafts.entries[place, 5], drafts.entries[place, 3]
            for i in range(length):
                stretch.words[used + i] = drafts.words[start + i]
            for i in range(5):
                stretch.entries[kept, i] = drafts.entries[place, i]
            stretch.entries[kept, 5] = used
            stretch.hashes[kept] = value
            used += length
            kept += 1
        stretch.ends[batch] = kept
        batch += 1
        done += wanted
    return done


@from_python
def keep_drafts(
    bank: TermTable,
    level: Level,
    stretch: Drafts,
    batch: int,
    count: int,
    goal: Any,
    frozen: bool,
) -> int:
    """Keep the new candidates of a stretch; return as `expand` does, except `SPENT`.

    Parameters
    ----------
    bank : TermTable
    level : Level
    stretch : Drafts
        Candidates that `evaluate_ahead` has found.
    batch : int
        The first batch of the stretch to keep.
    count : int
        The number of candidates evaluated from there on, kept in the stretch or not.
    goal : array
        Whether there is a goal, its hash, and its kind (3,) uint64.
    frozen : bool
        Whether the bank keeps only the goal.
    """
    state, room, hashes = bank.state, room_of(level), stretch.hashes
    table, mask = pointer(bank.table), np.uint64(bank.table.size - 1)
    start, left = stretch.ends[batch - 1] if batch else np.int64(0), np.int64(count)
    while left > 0:
        if not frozen and is_full(bank, room):
            return FULL
        size = min(BATCH, left)
        end = stretch.ends[batch]
        for place in range(start, end):
            prefetch(table, np.int64((hashes[place] >> np.uint64(1)) & mask))
        state[CANDIDATES] += size
        met = commit(bank, stretch, start, end, frozen, goal)
        start = end
        left -= size
        batch += 1
        if met:
            return MATCH
    return DONE
