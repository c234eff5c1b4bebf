"""The compiled part of enumeration: operations are connected into programs and run on numbers.

Programs of one length are enumerated depth first, without disguised shorter ones: a branch is
pruned if no later step uses a result, or if a result equals an earlier value on all examples, since
the program without it was tried at a smaller length. Independent neighbouring steps come in one
order only, and so do the operands of commutative operations. The position is an array, so that the
enumeration can pause and resume, with more examples if necessary.
The explicit signatures make numba compile on import, outside the time of a search.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

__all__ = ["CODES", "EXHAUSTED", "FOUND", "PAUSED", "advance", "operate"]

Ints = npt.NDArray[np.int64]

ADD, SUB, MUL, AND, OR, XOR, NOT, NEG, SHL, LSHR, ASHR, UDIV, ULE, ULT, REDOR, ISZERO = range(16)

CODES = {
    "add": ADD,
    "sub": SUB,
    "mul": MUL,
    "and": AND,
    "or": OR,
    "xor": XOR,
    "not": NOT,
    "neg": NEG,
    "shl": SHL,
    "lshr": LSHR,
    "ashr": ASHR,
    "udiv": UDIV,
    "ule": ULE,
    "ult": ULT,
    "redor": REDOR,
    "iszero": ISZERO,
}
"""Codes of the operations in `domain.BITS`, which the tests compare with `operate`."""

FOUND, EXHAUSTED, PAUSED = range(3)


@njit("int64(int64, int64, int64, int64)", cache=True)
def operate(code: int, x: int, y: int, bits: int) -> int:
    """Apply an operation to numbers of up to 32 bits, in 64-bit arithmetic.

    Parameters
    ----------
    code : int
        The code of the operation.
    x, y : int
        The operands, unsigned; an operation with one operand ignores `y`.
    bits : int
        The width of operands and result.
    """
    mask = (1 << bits) - 1
    if code == ADD:
        return (x + y) & mask
    if code == SUB:
        return (x - y) & mask
    if code == MUL:
        return (x * y) & mask
    if code == AND:
        return x & y
    if code == OR:
        return x | y
    if code == XOR:
        return x ^ y
    if code == NOT:
        return x ^ mask
    if code == NEG:
        return -x & mask
    if code == SHL:
        return (x << min(y, bits)) & mask
    if code == LSHR:
        return x >> min(y, bits)
    if code == ASHR:
        sign = 1 << (bits - 1)
        return (((x ^ sign) - sign) >> min(y, bits)) & mask
    if code == UDIV:
        return x // y if y else mask
    if code == ULE:
        return 1 if x <= y else 0
    if code == ULT:
        return 1 if x < y else 0
    if code == REDOR:
        return 1 if x != 0 else 0
    return 1 if x == 0 else 0


@njit("int64(int64)", cache=True)
def _ones(number: int) -> int:
    count = 0
    while number:
        number &= number - 1
        count += 1
    return count


@njit("boolean(int64[:, ::1], int64)", cache=True)
def _known(values: Ints, ready: int) -> bool:
    """Return whether a result equals an earlier value on all examples."""
    for k in range(ready):
        same = True
        for e in range(values.shape[1]):
            if values[k, e] != values[ready, e]:
                same = False
                break
        if same:
            return True
    return False


@njit(
    "boolean(int64[:, ::1], int64[::1], int64, int64[:, ::1], int64, int64, int64, int64)",
    cache=True,
)
def _next(
    operations: Ints,
    left: Ints,
    joining: int,
    steps: Ints,
    depth: int,
    known: int,
    pending: int,
    rest: int,
) -> bool:
    """Move a step to its next operation and operands; False if there are none.

    A single operand counts as both. A step must use the pending results that the remaining steps
    cannot, and must use the previous step's result if it would otherwise precede that step.
    """
    c, a, b = steps[depth, 0], steps[depth, 1], steps[depth, 2]
    ready = known + depth
    every = (1 << ready) - 1
    latest = 1 << (ready - 1)
    waiting = _ones(pending)
    while c < len(operations):
        two = operations[c, 1] == 2
        need = waiting - min(rest, joining - two)
        late = depth > 0 and c < steps[depth - 1, 0]
        if left[c] and need <= 1 + two:
            while a < ready:
                free = every
                mine = pending >> a & 1
                if need > mine:
                    free = pending & ~(1 << a) if mine or need == 1 else 0
                if late and a != ready - 1:
                    free &= latest
                if not two:
                    free &= 1 << a
                elif operations[c, 2]:
                    free &= -(1 << a)
                free &= -(1 << (b + 1))
                if free:
                    b = 0
                    while not free >> b & 1:
                        b += 1
                    if (
                        depth == 0
                        or c != steps[depth - 1, 0]
                        or a == ready - 1
                        or b == ready - 1
                        or a > steps[depth - 1, 1]
                        or (a == steps[depth - 1, 1] and b > steps[depth - 1, 2])
                    ):
                        steps[depth, 0], steps[depth, 1], steps[depth, 2] = c, a, b
                        return True
                else:
                    a, b = a + 1, -1
        c, a, b = c + 1, 0, -1
    return False


@njit(
    "UniTuple(int64, 2)"
    "(int64[:, ::1], int64[:, ::1], int64[::1], int64, int64[:, ::1], int64, int64)",
    cache=True,
)
def advance(
    operations: Ints,
    given: Ints,
    outputs: Ints,
    bits: int,
    steps: Ints,
    depth: int,
    patience: int,
) -> Any:
    """Move on to the next program of this length that answers the examples.

    Parameters
    ----------
    operations : (operations, 4) array
        Code, arity, commutativity, and the most uses; all distinct.
    given : (values, examples) array
        Inputs and constants.
    outputs : (examples,) array
    bits : int
        Bits of a value, at most 32.
    steps : (length, 3) array
        The operation of each step and its operands, initially 0, 0 and -1. Modified in place.
    depth : int
        The next step to change, initially 0.
    patience : int
        The number of trials before a pause.

    Returns
    -------
    tuple of int
        ``FOUND``, ``EXHAUSTED`` or ``PAUSED``, and the depth to resume from.
    """
    length, known, examples = len(steps), len(given), len(outputs)
    values = np.empty((known + length, examples), np.int64)
    values[:known] = given
    left = operations[:, 3].copy()
    pending = np.zeros(length + 1, np.int64)  # results that no step has used yet, as bits
    for d in range(depth):  # restore the state after the earlier steps
        c, a, b = steps[d, 0], steps[d, 1], steps[d, 2]
        left[c] -= 1
        taken = (1 << a) | (1 << b)
        pending[d + 1] = (pending[d] & ~taken) | (1 << (known + d))
        for e in range(examples):
            values[known + d, e] = operate(operations[c, 0], values[a, e], values[b, e], bits)
    joining = 0  # the number of binary operations left
    for i in range(len(operations)):
        joining += left[i] * (operations[i, 1] == 2)
    while patience > 0:
        patience -= 1
        ready, rest = known + depth, length - depth - 1
        if not _next(operations, left, joining, steps, depth, known, pending[depth], rest):
            if depth == 0:
                return EXHAUSTED, 0
            depth -= 1
            c = steps[depth, 0]
            left[c] += 1
            joining += operations[c, 1] == 2
            continue
        c, a, b = steps[depth, 0], steps[depth, 1], steps[depth, 2]
        code = operations[c, 0]
        if rest == 0:
            right = True
            for e in range(examples):
                if operate(code, values[a, e], values[b, e], bits) != outputs[e]:
                    right = False
                    break
            if right:
                return FOUND, depth
            continue
        for e in range(examples):
            values[ready, e] = operate(code, values[a, e], values[b, e], bits)
        if _known(values, ready):
            continue
        left[c] -= 1
        joining -= operations[c, 1] == 2
        pending[depth + 1] = (pending[depth] & ~((1 << a) | (1 << b))) | (1 << ready)
        depth += 1
        steps[depth, 0], steps[depth, 1], steps[depth, 2] = 0, 0, -1
    return PAUSED, depth
