"""The compiled part of the kernel search: breadth first over sets of configurations.

Rows of the pool are sets, sorted and without duplicates. A hash table that compares whole rows
finds them, so that different sets are never confused.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["search"]

Int16s = npt.NDArray[np.int16]


@njit(cache=True)
def _sorts(
    codes: npt.NDArray[np.int8],
    inputs: npt.NDArray[np.int8],
    program: npt.NDArray[np.int64],
    length: int,
) -> bool:
    """Return whether a program (last instruction first) sorts every input, including ties."""
    values = inputs.shape[1] - 1
    registers = np.empty(values + 1, np.int8)
    for row in range(inputs.shape[0]):
        registers[:] = inputs[row]
        order = 0
        for k in range(length - 1, -1, -1):
            code, target, source = codes[program[k]]
            if code == 1:
                order = 0
                if registers[target] < registers[source]:
                    order = -1
                elif registers[target] > registers[source]:
                    order = 1
            elif code == 0 or (code == 2 and order < 0) or (code == 3 and order > 0):
                registers[target] = registers[source]
        given = np.sort(inputs[row, :values])
        for k in range(values):
            if registers[k] != given[k]:
                return False
    return True


@njit(cache=True)
def search(
    moves: Int16s,
    contents: Int16s,
    distance: Int16s,
    start: Int16s,
    codes: npt.NDArray[np.int8],
    inputs: npt.NDArray[np.int8],
    longest: int,
    cut: float,
    capacity: int,
) -> Any:
    """Find a shortest program.

    Parameters
    ----------
    moves : (instructions, configurations) array
        The next configuration, or -1 for a dead end.
    contents : (configurations,) array
        Identifiers of register contents.
    distance : (configurations,) array
        The fewest instructions that sort each configuration.
    start : (permutations,) array
        The initial set of configurations.
    codes : array
        The instructions, for the test of candidates.
    inputs : array
        The inputs that a candidate must sort.
    longest : int
        The most instructions.
    cut : float
        The most distinct register contents of a kept set, relative to the best.
    capacity : int
        The most sets.

    Returns
    -------
    tuple
        The row of the goal (-1: none); the number of lengths searched to the end; the number of
        sets kept; for every row its predecessor and the instruction between.
    """
    width = start.size
    pool = np.empty((capacity, width), np.int16)
    sizes = np.empty(capacity, np.int16)
    spread = np.empty(capacity, np.int16)
    parent = np.empty(capacity, np.int32)
    taken = np.empty(capacity, np.int16)
    slots = np.int64(1)
    while slots < 2 * capacity:
        slots *= 2
    table = np.full(slots, -1, np.int32)
    seen = np.zeros(moves.shape[1], np.int64)
    held = np.zeros(moves.shape[1], np.int64)
    row = np.empty(width, np.int16)
    program = np.empty(longest, np.int64)
    stamp = 0
    pool[0] = start
    sizes[0] = width
    spread[0] = width
    parent[0] = -1
    taken[0] = -1
    first, last, total, level, best = 0, 1, 1, 0, width
    only_ties_fail = longest + 1
    while first < last and level < longest:
        level += 1
        best_here = width
        for i in range(first, last):
            if spread[i] > cut * best:
                continue
            compared = taken[i] >= 0 and codes[taken[i], 0] == 1
            for a in range(moves.shape[0]):
                if compared and codes[a, 0] == 1:
                    continue  # the second comparison would overwrite the first
                stamp += 1
                size = 0
                distinct = 0
                key = np.uint64(0)
                alive, changed, sorted_all = True, False, True
                for j in range(sizes[i]):
                    state = moves[a, pool[i, j]]
                    if state < 0 or distance[state] + level > longest:
                        alive = False
                        break
                    if state != pool[i, j]:
                        changed = True
                    if seen[state] == stamp:
                        continue
                    seen[state] = stamp
                    at = size
                    while at > 0 and row[at - 1] > state:
                        row[at] = row[at - 1]
                        at -= 1
                    row[at] = state
                    size += 1
                    mixed = np.uint64(state + 1) * np.uint64(0x9E3779B97F4A7C15)
                    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
                    key += mixed ^ (mixed >> np.uint64(32))
                    if held[contents[state]] != stamp:
                        held[contents[state]] = stamp
                        distinct += 1
                    if distance[state] != 0:
                        sorted_all = False
                if not alive or not changed or distinct > cut * best_here:
                    continue
                slot = np.int64(key & np.uint64(slots - 1))
                found = False
                while table[slot] >= 0 and not found:
                    other = table[slot]
                    if sizes[other] == size:
                        found = True
                        for j in range(size):
                            if pool[other, j] != row[j]:
                                found = False
                                break
                    if not found:
                        slot = (slot + np.int64(1)) & np.int64(slots - 1)
                if found:
                    continue
                if sorted_all:
                    length = 1
                    program[0] = a
                    back = i
                    while back > 0:
                        program[length] = taken[back]
                        length += 1
                        back = parent[back]
                    if not _sorts(codes, inputs, program, length):
                        # Another program to an earlier set might sort ties too, so longer lengths
                        # exclude nothing.
                        only_ties_fail = min(only_ties_fail, level)
                        continue
                parent[total] = i
                taken[total] = a
                if sorted_all:
                    return total, min(level, only_ties_fail) - 1, total + 1, parent, taken
                pool[total, :size] = row[:size]
                sizes[total] = size
                spread[total] = distinct
                table[slot] = total
                best_here = min(best_here, distinct)
                total += 1
                if total >= capacity:
                    return -1, min(level, only_ties_fail) - 1, total, parent, taken
        first, last, best = last, total, best_here
    return -1, min(longest, only_ties_fail - 1), total, parent, taken
