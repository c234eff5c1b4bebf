"""A kernel gives what Python gives, or rejects; and it rejects only what it must."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis import engine
from dlcompare.synthesis.bank import OP_RESULTS, Budget, Scope, ScopeVariable
from dlcompare.synthesis.lambdas import FunctionBodies
from dlcompare.synthesis.packing import KINDS, LIST_KIND, MAPPING_KIND, PREDICATE_KIND
from dlcompare.synthesis.primitives.primitive import INTS, INVALID, LARGEST, LONGEST, PREDICATE
from dlcompare.synthesis.program import Apply, Lambda, Program, StepLimitError, Variable
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT

SMALL = st.integers(-6, 20)
LARGE = st.integers(-LARGEST, LARGEST)
STRATEGIES = {
    INT: {"small": SMALL, "large": SMALL | LARGE},
    BOOL: {"small": st.booleans(), "large": st.booleans()},
    INTS: {
        "small": st.lists(SMALL, max_size=8),
        "large": st.lists(SMALL | LARGE, max_size=LONGEST),
    },
}


@pytest.fixture(scope="module")
def bodies():
    """Function bodies over one free integer, `k`."""
    scope = Scope(
        (
            ScopeVariable("k", 0, 1, (0, 3, -2)),
            ScopeVariable("xs", 2, 1, ([1, 2, 3], [3, 3], [7, -1])),
        )
    )
    ops = range(len(engine.OPS))
    return FunctionBodies(scope, ops, "y", Budget(10**6, 2**30))


def in_python(op, arguments, types, k):
    """What the printed program answers, or None where Python raises."""
    parameters = (("k", INT), *((name, t) for name, t in types if t in (INT, BOOL, INTS)))
    expression = Apply(
        op,
        tuple(
            argument if isinstance(argument, Lambda) else Variable(name)
            for (name, _), argument in zip(types, arguments, strict=True)
        ),
    )
    program = Program(Signature("program", parameters, op.result), expression, 0)
    values = {
        name: argument
        for (name, _), argument in zip(types, arguments, strict=True)
        if not isinstance(argument, Lambda)
    }
    try:
        return program.compile()(k=k, **values)
    except (IndexError, ZeroDivisionError, ValueError, StepLimitError):
        return None


def in_kernel(number, op, arguments, bodies, function, k):
    """What the compiled kernel answers, or None where it rejects."""
    kernels = engine.load()
    words = np.zeros(4 * LONGEST, np.int64)
    scalars, lists, used = [0, 0, 0], [], 0
    for place, argument in enumerate(arguments):
        if isinstance(argument, list):
            words[used : used + len(argument)] = argument
            lists += [used, len(argument)]
            used += len(argument)
        elif not isinstance(argument, Lambda):
            scalars[place] = int(argument)
    x0, n, y0, m = [*lists, 0, 0, 0, 0][:4]
    registers = np.zeros(256, np.int64)
    registers[1] = k
    packed = bodies.pool.packed
    call = (packed.code, packed.sizes, packed.free, function, registers)
    if OP_RESULTS[number] == LIST_KIND:
        out = np.zeros(2 * LONGEST, np.int64)
        size = kernels.list_result(number, *scalars, words, x0, n, words, y0, m, call, out, 5)
        return None if size == INVALID else [int(v) for v in out[5 : 5 + size]]
    value = kernels.scalar_result(number, *scalars, words, x0, n, words, y0, m, call)
    if value < -LARGEST or value > LARGEST:
        return None
    return bool(value) if op.result == BOOL else int(value)


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize("number", range(len(engine.OPS)), ids=lambda i: engine.OPS[i].name)
def test_a_kernel_answers_as_python_does_or_rejects(number, size, bodies):
    op = engine.OPS[number]

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def agree(data):
        k = data.draw(STRATEGIES[INT][size])
        arguments, function = [], 0
        for _, type_ in op.parameters:
            if type_ in STRATEGIES:
                arguments.append(data.draw(STRATEGIES[type_][size]))
            else:
                kind = PREDICATE_KIND if type_ == PREDICATE else MAPPING_KIND
                pool = np.concatenate(list(bodies.pool.by_cost[kind].values()))
                function = int(data.draw(st.sampled_from(list(pool))))
                arguments.append(bodies.expression(function))
        expected = in_python(op, arguments, op.parameters, k)
        answer = in_kernel(number, op, arguments, bodies, function, k)
        if answer is not None:
            assert answer == expected
            assert type(answer) is type(expected)
        elif size == "small" and expected is not None:
            negative_count = op.name in {"get", "take", "drop"} and arguments[0] < 0
            overflow = not isinstance(expected, list) and abs(expected) > LARGEST
            nested = any(isinstance(argument, Lambda) for argument in arguments)
            assert negative_count or overflow or nested

    agree()


def test_every_type_of_a_primitive_has_a_kind():
    for op in engine.OPS:
        assert op.result in KINDS
        assert all(type_ in KINDS for _, type_ in op.parameters)
        assert len(op.parameters) <= 3


def test_a_symmetric_primitive_is_symmetric():
    for op in engine.OPS:
        if op.symmetric:
            (_, first), (_, second) = op.parameters
            assert first == second
            values = {INT: [-3, 0, 7], BOOL: [False, True]}[first]
            names = [name for name, _ in op.parameters]
            function = eval(f"lambda {', '.join(names)}: {op.python}")
            assert all(function(a, b) == function(b, a) for a in values for b in values)
