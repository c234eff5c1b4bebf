"""The source compiled for a set of families: a few functions that dispatch to all kernels.

The same functions run the bodies of lambdas. The text is Python for numba; the engine writes it to
a file, so that numba can cache the compiled code.
"""

from collections.abc import Mapping, Sequence

from dlcompare.synthesis.dsl.primitives.primitive import SCALAR, SCALAR_TOO, Primitive
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["dispatch_source"]

_CALLS = """
class Call(NamedTuple):
    \'\'\'A place where a function is applied: in which row, and where its results are.\'\'\'

    context: Any
    function: Any
    row: Any
    size: Any  # operations in its body; negative where one takes or makes a list
    table: Any  # its results in the row, where they are tabulated
    start: Any  # where they begin, -1 for nowhere
    result: Any  # a list that it made


@inner
def run_general(here, first):
    \'\'\'Run a body that looks at lists or makes one; its result is then in ``here.result``.\'\'\'
    context = here.context
    scratch, free, deepest = int32_at(context[SCRATCH]), context[FREE], context[DEEPEST_BODY]
    code, forms = int64_at(context[CODE]), int64_at(context[FORMS])
    variables = moved(int32_at(context[VARIABLES]), here.row * free * SLOT)
    result = np.int64(INVALID)
    for i in range(-here.size - 1, -1, -1):
        node = 4 * (here.function * deepest + i)
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
        arguments = (kernel, one, longest, pa, pb, pc, no_function, context, out)
        if invoke(int64_at(context[EVALUATE])[kernel], arguments) < 0:
            return np.int64(INVALID)
        result = np.int64(out[0])
    return result


@inner
def run_scalar(context, function, size):
    \'\'\'Run a body over scalars; its parameters are in the first two registers.\'\'\'
    registers = int64_at(context[REGISTERS])
    code = moved(int64_at(context[CODE]), 4 * function * context[DEEPEST_BODY])
    first = 2 + context[FREE]
    for i in range(size - 1, -1, -1):
        node = 4 * i
        a, b, c = registers[code[node + 1]], registers[code[node + 2]], registers[code[node + 3]]
        value = pure_result(code[node], a, b, c)
        if value < -LARGEST or value > LARGEST:
            return np.int64(INVALID)
        registers[first + i] = value
    return registers[first]


@inner
def prepare(context, row):
    \'\'\'Put the free variables of the row where a body over scalars finds them.\'\'\'
    registers, free = int64_at(context[REGISTERS]), context[FREE]
    variables = moved(int32_at(context[VARIABLES]), row * free * SLOT)
    for v in range(free):
        registers[2 + v] = variables[v * SLOT]


@inner
def called(context, function, row):
    \'\'\'The place where function number `function` is applied in a row.\'\'\'
    start = np.int64(-1)
    table = int64_at(context[READY])[function] if context[ROWS] > 0 else np.int64(0)
    size = int64_at(context[SIZES])[function]
    if table > 0:
        start = ((table - 1) * context[ROWS] + row) * TABULATED
    elif size > 0:
        prepare(context, row)
    scratch = int32_at(context[SCRATCH])
    return Call(
        context, function, row, size, int32_at(context[VALUES]), start,
        moved(scratch, 2 * SLOT + 1),
    )


@inner
def apply1(here, y):
    if here.size > 0:
        if here.start >= 0:
            prepare(here.context, here.row)
        int64_at(here.context[REGISTERS])[0] = y
        return run_scalar(here.context, here.function, here.size)
    if here.size == 0:
        return np.int64(INVALID)
    scratch = int32_at(here.context[SCRATCH])
    scratch[0] = y
    return run_general(here, scratch)


@inner
def call(here, y):
    place = np.int64(y) - TABULATED_FROM
    if here.start >= 0 and 0 <= place < TABULATED:
        value = np.int64(here.table[here.start + place])
        return np.int64(INVALID) if value == UNDEFINED else value
    return apply1(here, np.int64(y))


@inner
def call2(here, y, z):
    if here.size > 0:
        registers = int64_at(here.context[REGISTERS])
        registers[0] = y
        registers[1] = z
        return run_scalar(here.context, here.function, here.size)
    if here.size == 0:
        return np.int64(INVALID)
    scratch = int32_at(here.context[SCRATCH])
    scratch[0] = y
    scratch[SLOT] = z
    return run_general(here, scratch)


@inner
def call_wide(here, words, at):
    if here.size >= 0:
        return np.int64(INVALID)
    return run_general(here, moved(words, at))


@inner
def call_character(here, character):
    if here.size >= 0:
        return np.int64(INVALID)
    scratch = int32_at(here.context[SCRATCH])
    scratch[0] = 1
    scratch[1] = character
    return run_general(here, scratch)
"""

_EVALUATE_PARAMETERS = "kernel, rows, longest, pa, pb, pc, f, context, out"

_EVALUATE_PURE = f"""
@evaluator
def evaluate_pure({_EVALUATE_PARAMETERS}):
    for row in range(rows):
        value = pure_result(kernel, np.int64(pa[row]), np.int64(pb[row]), np.int64(pc[row]))
        if value < -LARGEST or value > LARGEST:
            return np.int64(INVALID)
        out[row] = value
    return rows
"""

_TABULATE = """
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

from dlcompare.synthesis.compiled.engine import with_calls
from dlcompare.synthesis.compiled.loops.jit import inner
from dlcompare.synthesis.compiled.loops.pointers import int32_at, int64_at, invoke, moved
from dlcompare.synthesis.compiled.packing import *
from dlcompare.synthesis.dsl.primitives.primitive import INVALID, LARGEST, LONGEST

words, numbers, integer = types.CPointer(types.int32), types.CPointer(types.int64), types.int64
evaluate_signature = integer(
    integer, integer, integer, words, words, words, integer, numbers, words
)
evaluator = cfunc(evaluate_signature, cache=True, error_model="numpy")
tabulate_signature = integer(integer, numbers)
"""

_CALL_FUNCTIONS = ("call", "call2", "call_wide", "call_character")


def dispatch_source(families: tuple[str, ...], ops: Sequence[Primitive]) -> str:
    """Return the Python source of the functions that evaluate a kernel by its number.

    Each function has the kernels of one form, with a loop over the rows for each. The list
    ``EVALUATORS`` has the function of each kernel.

    Parameters
    ----------
    families : tuple of str
    ops : sequence of Primitive
        The primitives of the families, in the order of their numbers.
    """
    forms = [_form(op) for op in ops]
    calls = "".join(f", {name}={name}" for name in _CALL_FUNCTIONS)
    applied = [i for i, form in enumerate(forms) if form in _APPLIED]
    others = [i for i, form in enumerate(forms) if form not in _APPLIED]
    pure = {i: _one_result(i, ops[i]) for i, form in enumerate(forms) if form == "pure"}
    return "\n".join(
        [
            '"""Made by dlcompare.synthesis.compiled.dispatch."""',
            _HEAD,
            f"FAMILIES = {families!r}",
            *(f"kernel_{i} = njit(inline='always')(with_calls(FAMILIES, {i}))" for i in others),
            _dispatcher("@inner\ndef pure_result(kernel, s0, s1, s2):", pure),
            _CALLS,
            *(
                f"kernel_{i} = njit(inline='always')(with_calls(FAMILIES, {i}{calls}))"
                for i in applied
            ),
            _EVALUATE_PURE,
            *(
                _dispatcher(
                    f"@evaluator\ndef evaluate_{form}({_EVALUATE_PARAMETERS}):",
                    {i: _results(i, ops[i]) for i in range(len(ops)) if forms[i] == form},
                )
                for form in sorted({*forms} - {"pure"})
            ),
            f"EVALUATORS = [{', '.join(f'evaluate_{form}' for form in forms)}]",
            _TABULATE,
        ]
    )


_APPLIED = ("applied_scalar", "applied_list")


def _form(op: Primitive) -> str:
    """Return the form that kernels share when they are compiled together."""
    result = "scalar" if _is_scalar(op.result) else "list"
    if any(type_.name == "function" for type_ in _types(op)):
        return f"applied_{result}"
    return "pure" if all(map(_is_scalar, (op.result, *_types(op)))) else result


def _dispatcher(head: str, branches: Mapping[int, Sequence[str]]) -> str:
    lines = [head]
    for number, branch in branches.items():
        lines += [f"    if kernel == {number}:", *(f"        {line}" for line in branch)]
    return "\n".join([*lines, "    return np.int64(INVALID)", ""])


def _one_result(number: int, op: Primitive) -> list[str]:
    """Return the lines that compute one result from scalars."""
    return [f"return kernel_{number}({', '.join(f's{k}' for k in range(len(op.parameters)))})"]


def _results(number: int, op: Primitive) -> list[str]:
    """Return the lines that compute the results on all rows, with the loop inside the branch."""
    before, each, arguments, after = [], [], [], []
    for k, type_ in enumerate(_types(op)):
        words = f"p{'abc'[k]}"
        if type_.name == "function":
            arguments.append("called(context, f, row)")
        elif _is_scalar(type_):
            arguments.append(f"np.int64({words}[row])")
        else:
            before.append(f"from_{k} = rows")
            each.append(f"size_{k} = np.int64({words}[row])")
            arguments.append(f"{words}, from_{k}, size_{k}")
            after.append(f"from_{k} += size_{k}")
    if _is_scalar(op.result):
        end = "return rows"
        each += [
            f"value = kernel_{number}({', '.join(arguments)})",
            "if value < -LARGEST or value > LARGEST:",
            "    return np.int64(INVALID)",
            "out[row] = value",
        ]
    else:
        before.append("end = rows")
        each += [
            f"length = kernel_{number}({', '.join([*arguments, 'out, end'])})",
            "if length < 0 or length > longest:",
            "    return np.int64(INVALID)",
            "out[row] = length",
            "end += length",
        ]
        end = "return end"
    return [*before, "for row in range(rows):", *(f"    {line}" for line in [*each, *after]), end]


def _types(op: Primitive) -> list[Type]:
    return [type_ for _, type_ in op.parameters]


def _is_scalar(type_: Type) -> bool:
    return type_ in (INT, BOOL, SCALAR, SCALAR_TOO)
