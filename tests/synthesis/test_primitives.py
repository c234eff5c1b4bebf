"""A kernel gives what Python gives, or rejects; and it rejects only what it must."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis import engine
from dlcompare.synthesis.bank import (
    OP_RESULTS,
    Budget,
    FunctionPool,
    Scope,
    ScopeVariable,
    TermBank,
)
from dlcompare.synthesis.lambdas import FunctionBodies
from dlcompare.synthesis.packing import KINDS, LIST_KIND, MAPPING_KIND, PREDICATE_KIND, TABULATED
from dlcompare.synthesis.primitives.primitive import INTS, LARGEST, LONGEST, PREDICATE
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
            ScopeVariable(Variable("k"), 0, 1, (0, 3, -2)),
            ScopeVariable(Variable("xs"), 2, 1, ([1, 2, 3], [3, 3], [7, -1])),
        )
    )
    ops = range(len(engine.OPS))
    functions = FunctionBodies(scope, ops, "y", Budget(10**6, 2**30))
    functions.reach(12)
    return functions


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
    """What the compiled kernel answers on one row, or None where it rejects."""
    values = [(k, 0)]
    values += [
        (argument, KINDS[type_])
        for (_, type_), argument in zip(op.parameters, arguments, strict=True)
        if not isinstance(argument, Lambda)
    ]
    scope = Scope(
        tuple(
            ScopeVariable(Variable(f"v{i}"), kind, 1, (value,))
            for i, (value, kind) in enumerate(values)
        )
    )
    bank = TermBank(scope, [], one_row(bodies), Budget(10**6, 2**30))
    list(bank.level(1))
    terms = {
        (kind, repr(value_of(bank, int(term), kind))): int(term)
        for kind in range(3)
        for term in bank.members[kind][1]
    }
    chosen = [
        function if isinstance(argument, Lambda) else terms[KINDS[type_], repr(argument)]
        for (_, type_), argument in zip(op.parameters, arguments, strict=True)
    ]
    columns = [np.array([term], np.int64) for term in [*chosen, 0, 0, 0][:3]]
    bank.packed.batch[0, 3] = -1
    list(bank._expand(number, int(OP_RESULTS[number]), False, *columns))
    count = int(bank.packed.batch[0, 3])
    if count < 0:
        return None
    draft = [int(word) for word in bank.packed.drafts[:count]]
    if OP_RESULTS[number] == LIST_KIND:
        return draft[1:]
    return bool(draft[0]) if op.result == BOOL else draft[0]


def bank_longest(arguments):
    return max([16, *(2 * len(a) for a in arguments if isinstance(a, list))])


def one_row(bodies):
    """The same function bodies, with a table for one row."""
    pool = FunctionPool(bodies.packed.free, 1)
    values = np.zeros(len(bodies.packed.sizes) * TABULATED, np.int32)
    pool.packed = bodies.packed._replace(values=values, ready=np.zeros_like(bodies.packed.ready))
    return pool


def value_of(bank, term, kind):
    start = int(bank.packed.starts[term])
    if kind == LIST_KIND:
        return [int(v) for v in bank.packed.words[start + 1 : start + 1 + bank.packed.words[start]]]
    return [int, bool][kind](bank.packed.words[start])


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
                pool = np.concatenate(list(bodies.by_cost[kind].values()))
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
            too_long = isinstance(expected, list) and len(expected) > bank_longest(arguments)
            assert negative_count or overflow or nested or too_long

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
