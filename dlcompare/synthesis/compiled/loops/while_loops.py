"""Execution of loops over integers: their states, and the steps until a condition fails."""

from typing import Any, NamedTuple

import numpy as np

from dlcompare.synthesis.compiled.loops.fold_bodies import Body, run_code
from dlcompare.synthesis.compiled.loops.jit import from_python, inlined, inner
from dlcompare.synthesis.compiled.loops.pointers import pointer
from dlcompare.synthesis.compiled.loops.term_table import (
    DEEPEST,
    Functions,
    TermTable,
    known_pointer,
    linearise,
)
from dlcompare.synthesis.compiled.packing import SLOT

LEAST_STEPS = 3
"""The fewest steps of a loop on the row where it takes most."""


class Loops(NamedTuple):
    """The rows that loops run on, and working memory."""

    starts: Any  # (rows, variables) int32: the first states
    parameters: Any  # (rows, parameters) int32
    codes: Any  # (variables, DEEPEST, 4) int64: the steps
    states: Any  # (rows, states, variables) int32
    counts: Any  # (rows,) int64: the states in use
    table: Any  # (power of two,) uint64: hashes of what loops did
    identity: int  # the kernel of a primitive that gives its argument if both are the same


class FoundLoops(NamedTuple):
    """Loops that end and behave unlike those before."""

    loops: Any  # (room, 2) int64: the step and the condition
    hashes: Any  # (room,) uint64: of the states but the last
    lengths: Any  # (room, rows) int64: steps
    last: Any  # (room, rows, variables) int32


@inlined
def mixed(total: Any, value: Any) -> Any:
    """Return a hash with one more value mixed in."""
    total = (total ^ np.uint64(np.int64(value))) * np.uint64(0x9E3779B97F4A7C15)
    return total ^ (total >> np.uint64(29))


@inner
def write_code(bank: TermTable, body: Body, term: int, identity: int, code: Any) -> int:
    """Write a term as register code, also one that is a single variable; return its length.

    Parameters
    ----------
    bank : TermTable
        Holds the term.
    body : Body
        The signatures of operations, and working memory.
    term : int
        The number of the term.
    identity : int
        The kernel that gives its argument if both are the same.
    code : array
        Receives the code (DEEPEST, 4).
    """
    alone = -1 - bank.ops[term]
    if alone < 0:
        return int(
            linearise(bank, body.kinds, body.numbers, body.variables.size, term, code, body.stack)
        )
    code[0, 0], code[0, 1], code[0, 2] = identity, alone, alone
    return 1


@inner
def write_states(body: Body, sizes: Any, functions: Functions, loops: Loops, row: int) -> None:
    """Write the states that the steps reach on a row, until one is undefined or stays.

    Parameters
    ----------
    body : Body
        The context of the steps.
    sizes : array
        The length of the code of each step (variables,).
    functions : Functions
        There are none in use.
    loops : Loops
        Receives the states.
    row : int
        The row.
    """
    slots, variables = pointer(body.slots), loops.starts.shape[1]
    for p in range(loops.parameters.shape[1]):
        slots[(variables + p) * SLOT] = loops.parameters[row, p]
    for v in range(variables):
        loops.states[row, 0, v] = loops.starts[row, v]
    loops.counts[row] = 1
    for step in range(1, loops.states.shape[1]):
        for v in range(variables):
            slots[v * SLOT] = loops.states[row, step - 1, v]
        same = True
        for v in range(variables):
            one = Body(
                body.kinds, body.numbers, body.variables, loops.codes[v], body.stack, body.slots
            )
            if not run_code(one, sizes[v], functions):
                return
            value = slots[body.variables.size * SLOT]
            loops.states[row, step, v] = value
            same = same and value == loops.states[row, step - 1, v]
        if same:
            return
        loops.counts[row] = step + 1


@inner
def steps_of(body: Body, count: int, functions: Functions, loops: Loops, row: int) -> int:
    """Return the steps until a condition fails on a row; -1 if it does not, or is undefined.

    Parameters
    ----------
    body : Body
        The context of the condition, with its code.
    count : int
        The length of the code.
    functions : Functions
        There are none in use.
    loops : Loops
        Has the states.
    row : int
        The row.
    """
    slots, variables = pointer(body.slots), loops.starts.shape[1]
    for p in range(loops.parameters.shape[1]):
        slots[(variables + p) * SLOT] = loops.parameters[row, p]
    for step in range(loops.counts[row]):
        for v in range(variables):
            slots[v * SLOT] = loops.states[row, step, v]
        if not run_code(body, count, functions):
            return -1
        if not slots[body.variables.size * SLOT]:
            return int(step)
    return -1


@inner
def behaviour(loops: Loops, lengths: Any) -> Any:
    """Return the hashes of the states but the last, and of the last states."""
    rows, variables = loops.starts.shape
    whole, last = np.uint64(variables), np.uint64(variables)
    for row in range(rows):
        whole = mixed(whole, lengths[row])
        for v in range(variables):
            for step in range(lengths[row]):
                whole = mixed(whole, loops.states[row, step, v])
            last = mixed(last, loops.states[row, lengths[row], v])
    return whole, last


@from_python
def try_loops(
    bank: TermTable,
    steps: Any,  # (loops, variables) int64: the terms of the next state
    tests: TermTable,
    conditions: Any,  # (conditions,) int64: terms of another bank, over the same variables
    body: Body,
    functions: Functions,
    loops: Loops,
    found: FoundLoops,
    progress: Any,  # (3,) int64: steps done, loops tried, loops found
) -> None:
    """Run every step with every condition; record loops that end and behave unlike those before.

    A loop must take a step on a quarter of the rows, and `LEAST_STEPS` on one of them. The function
    returns early if there is no room for the loops of another step.

    Parameters
    ----------
    bank, tests : TermTable
        The terms of the steps, and those of the conditions, over the same variables.
    steps : array
        The terms of the next state (loops, variables).
    conditions : array
        The terms of the conditions (conditions,).
    body, functions
        The context of the terms.
    loops : Loops
        The rows, and working memory.
    found : FoundLoops
        Receives the loops.
    progress : array
        Steps done, loops tried and loops found so far (3,).
    """
    rows, variables = loops.starts.shape
    sizes = np.empty(variables, np.int64)
    lengths = np.empty((conditions.size, rows), np.int64)
    alive = np.empty(conditions.size, np.int64)
    counts = np.empty(conditions.size, np.int64)
    codes = np.empty((conditions.size, DEEPEST, 4), np.int64)
    table, mask = pointer(loops.table), np.uint64(loops.table.size - 1)
    for which in range(conditions.size):
        code = codes[which]
        counts[which] = write_code(tests, body, conditions[which], loops.identity, code)
    for at in range(progress[0], steps.shape[0]):
        if progress[2] + conditions.size > found.loops.shape[0]:
            return
        progress[0] += 1
        progress[1] += conditions.size
        left = 0
        for which in range(conditions.size):
            if counts[which] > 0:
                alive[left] = which
                left += 1
        for v in range(variables):
            sizes[v] = write_code(bank, body, steps[at, v], loops.identity, loops.codes[v])
            left = left if sizes[v] > 0 else 0
        for row in range(rows):
            if not left:
                break
            write_states(body, sizes, functions, loops, row)
            ending = 0
            for place in range(left):
                which = alive[place]
                test = Body(
                    body.kinds, body.numbers, body.variables, codes[which], body.stack, body.slots
                )
                taken = steps_of(test, counts[which], functions, loops, row)
                if taken >= 0:
                    lengths[which, row] = taken
                    alive[ending] = which
                    ending += 1
            left = ending
        for place in range(left):
            which = alive[place]
            taken = lengths[which]
            if taken.max() < LEAST_STEPS or 4 * (taken > 0).sum() < rows:
                continue
            whole, last = behaviour(loops, taken)
            if known_pointer(table, mask, mixed(whole, last) | np.uint64(1)):
                continue
            free = progress[2]
            found.loops[free, 0], found.loops[free, 1] = at, which
            found.hashes[free] = whole
            for row in range(rows):
                found.lengths[free, row] = taken[row]
                for v in range(variables):
                    found.last[free, row, v] = loops.states[row, taken[row], v]
            progress[2] += 1
