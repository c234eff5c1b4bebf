"""The source that is compiled for a set of families: every kernel behind one function.

Bodies of functions are run by the same functions that call them. The text is Python for numba; the
engine writes it to a file, so that numba can cache what it compiles.
"""

from collections.abc import Sequence

from dlcompare.synthesis.primitives.primitive import SCALAR, SCALAR_TOO, Primitive
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["dispatch_source"]

_CALLS = """
class Call(NamedTuple):
    \'\'\'A place where a function is applied: in which row, and all that its body needs.\'\'\'

    context: Any
    function: Any
    free: Any
    deepest: Any
    row: Any
    table: Any
    start: Any
    code: Any
    sizes: Any
    registers: Any
    variables: Any
    scratch: Any
    result: Any


@inner
def called(context, function, row):
    \'\'\'The place where function number `function` is applied in a row.\'\'\'
    free, rows, start = context[FREE], context[ROWS], np.int64(-1)
    table = int64_at(context[READY])[function] if rows > 0 else np.int64(0)
    if table > 0:
        start = ((table - 1) * rows + row) * TABULATED
    scratch = int32_at(context[SCRATCH])
    return Call(
        context, function, free, context[DEEPEST_BODY], row, int32_at(context[VALUES]), start,
        int64_at(context[CODE]), int64_at(context[SIZES]), int64_at(context[REGISTERS]),
        moved(int32_at(context[VARIABLES]), row * free * SLOT), scratch,
        moved(scratch, 2 * SLOT + 1),
    )


@inner
def run_general(here, first):
    \'\'\'Run a body that looks at lists or makes one; its result is then in ``here.result``.\'\'\'
    code, scratch, variables, free = here.code, here.scratch, here.variables, here.free
    forms, address = int64_at(here.context[FORMS]), here.context[EVALUATE]
    result = np.int64(INVALID)
    for i in range(-here.sizes[here.function] - 1, -1, -1):
        node = 4 * (here.function * here.deepest + i)
        kernel = code[node]
        pa, pb, pc = scratch, scratch, scratch
        for k in range(3):
            if forms[4 * kernel + k] < 0:
                break
            register = code[node + 1 + k]
            if register == 0:
                place = first
            elif register == 1:
                place = moved(scratch, SLOT)
            elif register < 2 + free:
                place = moved(variables, (register - 2) * SLOT)
            else:
                place = moved(scratch, (register - free) * SLOT)
            if k == 0:
                pa = place
            elif k == 1:
                pb = place
            else:
                pc = place
        out = moved(scratch, (2 + i) * SLOT)
        one, longest, no_function = np.int64(1), np.int64(LONGEST), np.int64(-1)
        arguments = (kernel, one, longest, pa, pb, pc, no_function, here.context, out)
        if invoke(address, arguments) < 0:
            return np.int64(INVALID)
        result = np.int64(out[0])
    return result


@inner
def run_scalar(here):
    \'\'\'Run a body over scalars; its parameters are in the first two registers.\'\'\'
    registers, size = here.registers, here.sizes[here.function]
    first = 2 + here.free
    for i in range(size - 1, -1, -1):
        node = 4 * (here.function * here.deepest + i)
        value = pure_result(
            here.code[node],
            registers[here.code[node + 1]],
            registers[here.code[node + 2]],
            registers[here.code[node + 3]],
        )
        if value < -LARGEST or value > LARGEST:
            return np.int64(INVALID)
        registers[first + i] = value
    return registers[first]


@inner
def prepare(here):
    \'\'\'Put the free variables of the row where a body over scalars finds them.\'\'\'
    for v in range(here.free):
        here.registers[2 + v] = here.variables[v * SLOT]


@inner
def apply1(here, y):
    size = here.sizes[here.function]
    if size > 0:
        prepare(here)
        here.registers[0] = y
        return run_scalar(here)
    if size == 0:
        return np.int64(INVALID)
    here.scratch[0] = y
    return run_general(here, here.scratch)


@inner
def call(here, y):
    place = np.int64(y) - TABULATED_FROM
    if here.start >= 0 and 0 <= place < TABULATED:
        value = np.int64(here.table[here.start + place])
        return np.int64(INVALID) if value == UNDEFINED else value
    return apply1(here, np.int64(y))


@inner
def call2(here, y, z):
    size = here.sizes[here.function]
    if size > 0:
        here.registers[0] = y
        here.registers[1] = z
        return run_scalar(here)
    if size == 0:
        return np.int64(INVALID)
    here.scratch[0] = y
    here.scratch[SLOT] = z
    return run_general(here, here.scratch)


@inner
def call_wide(here, words, at):
    if here.sizes[here.function] >= 0:
        return np.int64(INVALID)
    return run_general(here, moved(words, at))


@inner
def call_character(here, character):
    if here.sizes[here.function] >= 0:
        return np.int64(INVALID)
    here.scratch[0] = 1
    here.scratch[1] = character
    return run_general(here, here.scratch)
"""

_EVALUATE = """
@inner
def forms_of(kernel, context):
    forms = int64_at(context[FORMS])
    return forms[4 * kernel], forms[4 * kernel + 1], forms[4 * kernel + 2]


@cfunc(evaluate_signature, cache=True, error_model="numpy")
def evaluate(kernel, rows, longest, pa, pb, pc, f, context, out):
    form_a, form_b, form_c = forms_of(kernel, context)
    wide_a, wide_b, wide_c = form_a == 1, form_b == 1, form_c == 1
    next_a, next_b, next_c = rows, rows, rows
    end = rows
    wide_result = int64_at(context[FORMS])[4 * kernel + 3] == 1
    if form_a <= 0 and form_b <= 0 and form_c <= 0 and not wide_result:
        for row in range(rows):
            value = pure_result(kernel, np.int64(pa[row]), np.int64(pb[row]), np.int64(pc[row]))
            if value < -LARGEST or value > LARGEST:
                return np.int64(INVALID)
            out[row] = value
        return rows
    for row in range(rows):
        s0, s1, s2 = np.int64(pa[row]), np.int64(pb[row]), np.int64(pc[row])
        x0, n, xs = next_a, s0, pa
        y0, m, ys = next_b, s1, pb
        z0, l, zs = next_c, s2, pc
        if wide_a:
            next_a += n
        if wide_b:
            next_b += m
            if not wide_a:
                x0, n, xs = y0, m, ys
        if wide_c:
            next_c += l
            if not wide_a and not wide_b:
                x0, n, xs = z0, l, zs
            elif not wide_a or not wide_b:
                y0, m, ys = z0, l, zs
        if form_a == 2:
            function = called(context, f, row)
            if function.start < 0 and function.sizes[f] > 0:
                prepare(function)
            if wide_result:
                length = applied_list(kernel, s1, s2, xs, x0, n, ys, y0, m, function, out, end)
                value = np.int64(0)
            else:
                value = applied_scalar(kernel, s1, s2, xs, x0, n, ys, y0, m, function)
                length = np.int64(0)
        elif wide_result:
            length = list_result(kernel, s0, s1, s2, xs, x0, n, ys, y0, m, zs, z0, l, out, end)
            value = np.int64(0)
        else:
            value = scalar_result(kernel, s0, s1, s2, xs, x0, n, ys, y0, m, zs, z0, l)
            length = np.int64(0)
        if wide_result:
            if length < 0 or length > longest:
                return np.int64(INVALID)
            out[row] = length
            end += length
        else:
            if value < -LARGEST or value > LARGEST:
                return np.int64(INVALID)
            out[row] = value
    return end


@cfunc(tabulate_signature, cache=True, error_model="numpy")
def tabulate(f, context):
    rows, table, ready = context[ROWS], context[TABLES], int64_at(context[READY])
    values = int32_at(context[VALUES])
    for row in range(rows):
        here, start = called(context, f, row), (table * rows + row) * TABULATED
        for i in range(TABULATED):
            value = apply1(here, TABULATED_FROM + i)
            inside = -LARGEST <= value <= LARGEST
            values[start + i] = value if inside else UNDEFINED
    context[TABLES] = table + 1
    ready[f] = table + 1
    return np.int64(0)
"""

_HEAD = """
from typing import Any, NamedTuple

import numpy as np
from numba import cfunc, njit, types

from dlcompare.synthesis.engine import with_calls
from dlcompare.synthesis.kernels.compiling import inner
from dlcompare.synthesis.kernels.pointers import int32_at, int64_at, invoke, moved
from dlcompare.synthesis.packing import *
from dlcompare.synthesis.primitives.primitive import INVALID, LARGEST, LONGEST

words, numbers, integer = types.CPointer(types.int32), types.CPointer(types.int64), types.int64
evaluate_signature = integer(
    integer, integer, integer, words, words, words, integer, numbers, words
)
tabulate_signature = integer(integer, numbers)
"""


def dispatch_source(families: tuple[str, ...], ops: Sequence[Primitive]) -> str:
    """Python source of the functions that call a kernel by its number.

    Parameters
    ----------
    families : tuple of str
    ops : sequence of Primitive
        Those of the families, in the order of their numbers.
    """
    everything = range(len(ops))
    scalar = {i for i in everything if _is_scalar(ops[i].result)}
    wide = {*everything} - scalar
    pure = {i for i in scalar if all(map(_is_scalar, _types(ops[i])))}
    first_order = {i for i in everything if all(t.name != "function" for t in _types(ops[i]))}
    two = "s1, s2, xs, x0, n, ys, y0, m"  # behind a function come at most two arguments
    wides = "xs, x0, n, ys, y0, m, zs, z0, l"
    return "\n".join(
        [
            '"""Made by dlcompare.synthesis.dispatch."""',
            _HEAD,
            f"FAMILIES = {families!r}",
            *(
                f"kernel_{i} = njit(inline='always')(with_calls(FAMILIES, {i}))"
                for i in sorted(first_order)
            ),
            _dispatcher("pure_result", "s0, s1, s2", ops, pure),
            _CALLS,
            *(
                f"kernel_{i} = njit(inline='always')(with_calls("
                f"FAMILIES, {i}, call=call, call2=call2, call_wide=call_wide, "
                "call_character=call_character))"
                for i in everything
                if i not in first_order
            ),
            _dispatcher(
                "scalar_result", f"s0, s1, s2, {wides}", ops, (scalar & first_order) - pure
            ),
            _dispatcher("list_result", f"s0, s1, s2, {wides}, out, at", ops, wide & first_order),
            _dispatcher("applied_scalar", f"{two}, function", ops, scalar - first_order),
            _dispatcher("applied_list", f"{two}, function, out, at", ops, wide - first_order),
            _EVALUATE,
        ]
    )


def _dispatcher(name: str, parameters: str, ops: Sequence[Primitive], chosen: set[int]) -> str:
    branches = [
        f"    if kernel == {i}:\n        return kernel_{i}({', '.join(_arguments(ops[i]))})"
        for i in sorted(chosen)
    ]
    head = f"@inner\ndef {name}(kernel, {parameters}):"
    return "\n".join([head, *branches, "    return np.int64(INVALID)", ""])


def _arguments(op: Primitive) -> list[str]:
    """How the kernel of `op` is called: scalars by position, lists in order, then the output."""
    lists = iter(["xs, x0, n", "ys, y0, m", "zs, z0, l"])
    arguments = []
    for position, type_ in enumerate(_types(op)):
        if _is_scalar(type_):
            arguments.append(f"s{position}")
        else:
            arguments.append("function" if type_.name == "function" else next(lists))
    return arguments if _is_scalar(op.result) else [*arguments, "out, at"]


def _types(op: Primitive) -> list[Type]:
    return [type_ for _, type_ in op.parameters]


def _is_scalar(type_: Type) -> bool:
    return type_ in (INT, BOOL, SCALAR, SCALAR_TOO)
