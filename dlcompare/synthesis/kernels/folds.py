# ruff: noqa: F821 (the dispatchers are put in by the engine)
"""Running a term as the body of a fold."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba import njit

from dlcompare.synthesis.kernels.pointers import pointer
from dlcompare.synthesis.packing import LIST_KIND, SLOT
from dlcompare.synthesis.primitives.primitive import INVALID, LARGEST

if TYPE_CHECKING:
    from dlcompare.synthesis.kernels.terms import Bank, Call, Functions, linearise

    scalar_result: Any
    list_result: Any

MAX_STEPS = 4096
"""The longest walk of a fold on an example."""


class Folds(NamedTuple):
    """Examples, packed one slot a value, and the ways to fold over them."""

    inputs: Any  # (examples, parameters, SLOT) int32
    targets: Any  # (examples, SLOT) int32
    ways: Any  # (ways, 4) int64: parameter, is it a range, backwards, initial value


class Body(NamedTuple):
    """What runs a body: the signatures of operations, the variables, and room to work in."""

    kinds: Any  # (operations, 3) int64
    results: Any  # (operations,) int64
    variables: Any  # (variables,) int64: kinds of element, accumulator, parameters, constants
    free: Any  # (free,) int64: the variables that are free in functions
    code: Any  # (DEEPEST, 4) int64: op and three registers
    stack: Any  # (DEEPEST + 1,) int64
    slots: Any  # ((variables + DEEPEST) * SLOT,) int32: the registers; constants are set


@njit(cache=True)
def run_code(body: Body, count: int, functions: "Functions") -> bool:
    """Run the register code of a term; its value is then in the slot after the variables."""
    code, slots, kinds = pointer(body.code), pointer(body.slots), pointer(body.kinds)
    results, registers = pointer(body.results), pointer(functions.registers)
    bodies, sizes, values = (
        pointer(functions.code),
        pointer(functions.sizes),
        pointer(functions.values),
    )
    variables = body.variables.size
    for i in range(body.free.size):
        registers[1 + i] = slots[body.free[i] * SLOT]
    for at in range(count - 1, -1, -1):
        op = code[4 * at]
        s0, s1, s2, x0, n, y0, m, lists, f = 0, 0, 0, 0, 0, 0, 0, 0, 0
        for k in range(3):
            kind = kinds[3 * op + k]
            if kind < 0:
                break
            if kind > LIST_KIND:
                f = code[4 * at + 1 + k]
                continue
            slot = code[4 * at + 1 + k] * SLOT
            if kind == LIST_KIND:
                if lists == 0:
                    x0, n = slot + 1, np.int64(slots[slot])
                else:
                    y0, m = slot + 1, np.int64(slots[slot])
                lists += 1
            elif k == 0:
                s0 = np.int64(slots[slot])
            elif k == 1:
                s1 = np.int64(slots[slot])
            else:
                s2 = np.int64(slots[slot])
        here = Call(
            bodies, sizes, values, registers, functions.free, functions.code.shape[1], f, -1
        )
        out = (variables + at) * SLOT
        if results[op] == LIST_KIND:
            length = list_result(op, s0, s1, s2, slots, x0, n, slots, y0, m, here, slots, out + 1)
            if length < 0:
                return False
            slots[out] = length
        else:
            value = scalar_result(op, s0, s1, s2, slots, x0, n, slots, y0, m, here)
            if value < -LARGEST or value > LARGEST:
                return False
            slots[out] = value
    return True


@njit(cache=True, forceinline=True)
def copy_slot(source: Any, start: int, target: Any, to: int, kind: int) -> None:
    target[to] = source[start]
    if kind == LIST_KIND:
        for i in range(source[start]):
            target[to + 1 + i] = source[start + 1 + i]


@njit(cache=True)
def run_fold(
    body: Body,
    count: int,
    functions: "Functions",
    folds: Folds,
    way: int,
    example: int,
    trace: Any,  # (steps, 2, SLOT) int32: element and accumulator before each step; may be empty
) -> int:
    """Fold a body over one example; the result is then in slot 1. Steps made, or INVALID."""
    slots, inputs, record = pointer(body.slots), pointer(folds.inputs), pointer(trace)
    kinds = body.variables
    variables = kinds.size
    first = example * folds.inputs.shape[1] * SLOT
    parameter, is_range = folds.ways[way, 0], folds.ways[way, 1]
    backwards, initial = folds.ways[way, 2], folds.ways[way, 3]
    kind = kinds[1]
    for p in range(folds.inputs.shape[1]):
        copy_slot(inputs, first + p * SLOT, slots, (2 + p) * SLOT, kinds[2 + p])
    if initial >= 0:
        copy_slot(inputs, first + initial * SLOT, slots, SLOT, kind)
    else:
        slots[SLOT] = -1 - initial
    source = first + parameter * SLOT
    steps = np.int64(inputs[source])
    if steps > MAX_STEPS:
        return INVALID
    for step in range(steps):
        if is_range:
            slots[0] = step
        elif backwards:
            slots[0] = inputs[source + steps - step]
        else:
            slots[0] = inputs[source + 1 + step]
        if step < trace.shape[0]:
            record[2 * step * SLOT] = slots[0]
            copy_slot(slots, SLOT, record, (2 * step + 1) * SLOT, kind)
        if not run_code(body, count, functions):
            return INVALID
        copy_slot(slots, variables * SLOT, slots, SLOT, kind)
    return int(max(steps, 0))


@njit(cache=True)
def same_slot(one: Any, at: int, other: Any, kind: int) -> bool:
    """Whether two slots hold the same value of a kind."""
    if one[at] != other[0]:
        return False
    if kind == LIST_KIND:
        for i in range(1, other[0] + 1):
            if one[at + i] != other[i]:
                return False
    return True


@njit(cache=True)
def try_bodies(
    bank: "Bank",
    terms: Any,
    start: int,
    body: Body,
    functions: "Functions",
    folds: Folds,
    best: Any,  # (3,) int64: examples right, term, way
) -> int:
    """Run new bodies inside the folds; the position of one that answers every example, or -1.

    A body that fails one of the first two examples is dropped; of the others the best is kept.
    """
    kind = body.variables[1]
    trace = np.empty((0, 2, SLOT), np.int32)
    examples = folds.targets.shape[0]
    for at in range(start, terms.size):
        count = linearise(bank, body.kinds, body.variables.size, terms[at], body.code, body.stack)
        if count < 0:
            continue
        for way in range(folds.ways.shape[0]):
            right = 0
            for example in range(examples):
                steps = run_fold(body, count, functions, folds, way, example, trace)
                if steps >= 0 and same_slot(body.slots, SLOT, folds.targets[example], kind):
                    right += 1
                elif example < 2:
                    break
            if right > best[0] or right == examples:
                best[0], best[1], best[2] = right, terms[at], way
            if right == examples:
                return at
    return -1
