"""Execution of a term as the body of a fold."""

from typing import Any, NamedTuple

import numpy as np

from dlcompare.synthesis.compiled.loops.jit import from_python, inlined, inner
from dlcompare.synthesis.compiled.loops.pointers import int64_at, invoke, moved, pointer
from dlcompare.synthesis.compiled.loops.term_table import Functions, TermTable, linearise
from dlcompare.synthesis.compiled.packing import EVALUATE, MAX_STEPS, SLOT, WIDE_FROM
from dlcompare.synthesis.dsl.primitives.primitive import INVALID, LONGEST


class Folds(NamedTuple):
    """Examples, packed as one slot per value, and the ways to fold over them."""

    inputs: Any  # (examples, parameters, SLOT) int32
    targets: Any  # (examples, SLOT) int32
    ways: Any  # (ways, 4) int64: parameter, is it a range, backwards, initial value


class Body(NamedTuple):
    """The context that runs a body: signatures of operations, variables, and working memory."""

    kinds: Any  # (operations, 3) int64
    numbers: Any  # (operations,) int64: kernels
    variables: Any  # (variables,) int64: kinds of element, accumulator, parameters, constants
    code: Any  # (DEEPEST, 4) int64: kernel and three registers
    stack: Any  # (DEEPEST + 1,) int64
    slots: Any  # (variables + DEEPEST, SLOT) int32: the registers; constants are set


@inner
def run_code(body: Body, count: int, functions: Functions) -> bool:
    """Run the register code of a term; the slot after the variables receives its value."""
    code, slots = pointer(body.code), pointer(body.slots)
    forms, context = pointer(functions.forms), pointer(functions.context)
    evaluate = int64_at(functions.context[EVALUATE])
    variables = body.variables.size
    for at in range(count - 1, -1, -1):
        kernel, function = code[4 * at], np.int64(-1)
        pa, pb, pc = slots, slots, slots
        for k in range(3):
            form, register = forms[4 * kernel + k], code[4 * at + 1 + k]
            if form < 0:
                break
            if form == 2:
                function = register
            elif k == 0:
                pa = moved(slots, register * SLOT)
            elif k == 1:
                pb = moved(slots, register * SLOT)
            else:
                pc = moved(slots, register * SLOT)
        out = moved(slots, (variables + at) * SLOT)
        one, longest = np.int64(1), np.int64(LONGEST)
        if invoke(evaluate[kernel], (kernel, one, longest, pa, pb, pc, function, context, out)) < 0:
            return False
    return True


@from_python
def register_code(bank: TermTable, body: Body, term: int) -> int:
    """Write the register code of a body; return its length, 0 for a variable, or INVALID.

    The code of a variable is its register.

    Parameters
    ----------
    bank : TermTable
    body : Body
        Receives the code.
    term : int
    """
    if bank.ops[term] < 0:
        body.code[0, 0] = -1 - bank.ops[term]
        return 0
    variables = body.variables.size
    return linearise(bank, body.kinds, body.numbers, variables, term, body.code, body.stack)


@inlined
def copy_slot(source: Any, start: int, target: Any, to: int, kind: int) -> None:
    """Copy a value of a kind from one place in memory to another.

    Parameters
    ----------
    source, target : pointer
        The memory of the slots, int32.
    start, to : int
        Where the slots begin.
    kind : int
    """
    target[to] = source[start]
    if kind >= WIDE_FROM:
        for i in range(source[start]):
            target[to + 1 + i] = source[start + 1 + i]


@from_python
def run_fold(
    body: Body,
    count: int,
    functions: Functions,
    folds: Folds,
    way: int,
    example: int,
    trace: Any,
) -> int:
    """Fold a body over one example into slot 1; return the number of steps, or INVALID.

    Parameters
    ----------
    body : Body
        The context, with the register code of the term.
    count : int
        The number of operations; 0 for a variable.
    functions : Functions
    folds : Folds
    way : int
        The way to fold, an index into ``folds.ways``.
    example : int
    trace : array
        Receives element and accumulator before each step (steps, 2, SLOT) int32; may be empty.
    """
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
        result = variables if count > 0 else body.code[0, 0]
        copy_slot(slots, result * SLOT, slots, SLOT, kind)
    return int(max(steps, 0))


@from_python
def same_slot(one: Any, at: int, other: Any, kind: int) -> bool:
    """Return whether two slots hold the same value of a kind.

    Parameters
    ----------
    one : array
        The memory of the first slot, flat.
    at : int
        Where the slot begins.
    other : array
        The second slot (SLOT,).
    kind : int
    """
    if one[at] != other[0]:
        return False
    if kind >= WIDE_FROM:
        for i in range(1, other[0] + 1):
            if one[at + i] != other[i]:
                return False
    return True


@from_python
def try_bodies(
    bank: TermTable,
    terms: Any,
    start: int,
    body: Body,
    functions: Functions,
    folds: Folds,
    best: Any,
) -> int:
    """Run new bodies in the folds; return the position of one that answers all examples, or -1.

    A body that fails one of the first two examples is dropped; the best of the others is kept.

    Parameters
    ----------
    bank : TermTable
    terms : array
        The terms of the bodies' kind (terms,).
    start : int
        The position of the first new one.
    body : Body
    functions : Functions
    folds : Folds
    best : array
        Examples right, term, and way of the best so far (3,) int64; overwritten.
    """
    kind = body.variables[1]
    trace = np.empty((0, 2, SLOT), np.int32)
    examples = folds.targets.shape[0]
    for at in range(start, terms.size):
        count = register_code(bank, body, terms[at])
        if count < 0:
            continue
        for way in range(folds.ways.shape[0]):
            right = 0
            for example in range(examples):
                steps = run_fold(body, count, functions, folds, way, example, trace)
                if steps >= 0 and same_slot(body.slots.ravel(), SLOT, folds.targets[example], kind):
                    right += 1
                elif example < 2:
                    break
            if right > best[0] or right == examples:
                best[0], best[1], best[2] = right, terms[at], way
            if right == examples:
                return at
    return -1
