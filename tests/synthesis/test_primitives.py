"""A kernel gives what Python gives, or rejects; and it rejects only what it must."""

import ctypes

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.bank.lambdas import FunctionBodies
from dlcompare.synthesis.bank.language import language_of
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable
from dlcompare.synthesis.compiled.packing import (
    BOOL_KIND,
    INT_KIND,
    SLOT,
    pack_slot,
    pack_words,
    unpack_slot,
)
from dlcompare.synthesis.dsl.limits import StepLimitError
from dlcompare.synthesis.dsl.primitives import FAMILIES
from dlcompare.synthesis.dsl.primitives.primitive import INTS, LARGEST, LONGEST
from dlcompare.synthesis.dsl.program import Apply, Lambda, Program, Variable
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, STR, list_of, tuple_of

LANGUAGE = language_of(
    [
        STR,
        list_of(BOOL),
        list_of(INTS),
        list_of(tuple_of(INT, INT)),
        tuple_of(INT, INTS),
        tuple_of(STR, BOOL),
        tuple_of(INTS, STR),
        tuple_of(INTS, INTS),
    ]
)
SMALL = st.integers(-6, 20)
LARGE = st.integers(-LARGEST, LARGEST)
TEXT = st.text("abAB1 -.,9", max_size=12)
FREE = {
    "k": (INT, 3),
    "free": (INTS, [4, -2, 4]),
    "t": (STR, "a-B"),
    "more": (list_of(INTS), [[1], [2, 2], []]),
    "pairs": (list_of(tuple_of(INT, INT)), [(1, 2), (3, 3)]),
    "texts": (list_of(STR), ["a", "Bc 9", ""]),
}


def values(type_, size):
    """Values of a type; large ones may overflow, or be longer than the packed form allows."""
    if type_ == INT:
        return SMALL if size == "small" else SMALL | LARGE
    if type_ == BOOL:
        return st.booleans()
    if type_ == STR:
        return TEXT if size == "small" else TEXT | st.text(max_size=LONGEST)
    if type_.name == "tuple":
        return st.tuples(*(values(part, size) for part in type_.parameters))
    most = 8 if type_.element in (INT, BOOL) else 4
    return st.lists(values(type_.element, size), max_size=most if size == "small" else LONGEST // 4)


@pytest.fixture(scope="module")
def bodies():
    """Function bodies over some free variables."""
    scope = Scope(tuple(ScopeVariable(Variable(n), t, 1, (v,) * 3) for n, (t, v) in FREE.items()))
    ops = range(len(LANGUAGE.operations))
    functions = FunctionBodies(LANGUAGE, scope, ops, ("y", "z"), SearchBudget(10**6, 2**30))
    functions.reach(9)
    return functions


def in_python(op, arguments):
    """Return the answer of the printed program, or None where Python raises."""
    names = [f"argument_{i}" for i in range(len(arguments))]
    given = {
        name: (type_, argument)
        for name, type_, argument in zip(names, op.parameters, arguments, strict=True)
        if not isinstance(argument, Lambda)
    } | {name: FREE[name] for name in FREE}
    parts = tuple(
        argument if isinstance(argument, Lambda) else Variable(name)
        for name, argument in zip(names, arguments, strict=True)
    )
    signature = Signature("program", tuple((n, t) for n, (t, _) in given.items()), op.result)
    function = Program(signature, Apply(op.primitive, parts), 0).compile()
    try:
        return function(**{name: value for name, (_, value) in given.items()})
    except (IndexError, ZeroDivisionError, ValueError, StopIteration, StepLimitError):
        return None


def in_kernel(op, arguments, bodies, function):
    """Return the answer of the compiled kernel on one row, or None where it rejects."""
    packed = bodies.untabulated(bodies.packed.variables)
    slots = np.zeros((4, SLOT), np.int32)
    for place, (type_, argument) in enumerate(zip(op.parameters, arguments, strict=True)):
        if not isinstance(argument, Lambda):
            slots[place] = pack_slot(argument, type_)
    word, address = ctypes.c_int64, ctypes.c_void_p
    kinds = [word, word, word, address, address, address, word, address, address]
    evaluate = ctypes.CFUNCTYPE(word, *kinds)(int(LANGUAGE.evaluate[op.number]))
    rows = [slot.ctypes.data for slot in slots]
    size = evaluate(op.number, 1, LONGEST, *rows[:3], function, packed.context.ctypes.data, rows[3])
    return None if size < 0 else unpack_slot(slots[3], op.result)


def words(value, type_):
    """Return the number of words that a value takes, whether or not they hold its integers."""
    return len(pack_words(value, type_))


# Functions that make pairs are left out: their cheapest bodies are dear.
NUMBERS = [
    number
    for number, op in enumerate(LANGUAGE.operations)
    if all(t.name != "function" or t.parameters[-1].name != "tuple" for t in op.parameters)
]


def label(number):
    op = LANGUAGE.operations[number]
    return f"{op.primitive.name}-{'-'.join(map(str, op.parameters))}"


@pytest.mark.parametrize("number", NUMBERS, ids=label)
def test_a_kernel_answers_as_python_does_or_rejects(number, bodies):
    op = LANGUAGE.operations[number]

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def agree(data):
        # A body that repeats what it is given could ask Python for more than there is.
        applied = any(type_.name == "function" for type_ in op.parameters)
        size = "small" if applied else data.draw(st.sampled_from(["small", "large"]))
        arguments, function = [], -1
        for type_ in op.parameters:
            if type_.name != "function":
                arguments.append(data.draw(values(type_, size)))
                assume(words(arguments[-1], type_) <= LONGEST)
                continue
            pools = [p for p in bodies.by_cost[LANGUAGE.kind(type_)].values() if len(p)]
            function = int(data.draw(st.sampled_from(list(np.concatenate(pools)))))
            arguments.append(bodies.expression(function))
        if op.primitive.name == "repeat":
            assume(arguments[0] < LONGEST)  # Python would make what nobody can hold
        expected = in_python(op, arguments)
        answer = in_kernel(op, arguments, bodies, function)
        if answer is not None:
            assert answer == expected
            assert type(answer) is type(expected)
        elif size == "small" and expected is not None:
            negative = any(
                t == INT and a < 0 for t, a in zip(op.parameters, arguments, strict=True)
            )
            overflow = isinstance(expected, int) and abs(expected) > LARGEST
            nested = any(isinstance(argument, Lambda) for argument in arguments)
            empty = any(argument == "" for argument in arguments)
            too_long = words(expected, op.result) > LONGEST
            spelled = op.primitive.name == "to_number"  # Python reads "1_0", " 7" and "+7" too
            assert negative or overflow or nested or too_long or empty or spelled

    agree()


def test_every_primitive_has_an_operation_here():
    covered = {op.primitive for op in LANGUAGE.operations}
    assert {p for family in FAMILIES.values() for p in family} == covered


def test_primitives_that_share_a_name_share_their_python_and_cost():
    by_name = {}
    for family in FAMILIES.values():
        for primitive in family:
            by_name.setdefault(primitive.name, []).append(primitive)
    for same in by_name.values():
        assert len({(p.python, len(p.parameters)) for p in same}) == 1


def test_a_symmetric_primitive_is_symmetric():
    some = {INT: [-3, 0, 7], BOOL: [False, True], STR: ["", "a", "ab"]}
    for op in LANGUAGE.operations:
        if op.primitive.symmetric:
            first, second = op.parameters
            assert first == second
            names = [name for name, _ in op.primitive.parameters]
            function = eval(f"lambda {', '.join(names)}: {op.primitive.python}")
            pairs = [(a, b) for a in some.get(first, [[], [1]]) for b in some.get(first, [[], [1]])]
            if op.primitive.name != "concatenate":
                assert all(function(a, b) == function(b, a) for a, b in pairs)


@pytest.mark.parametrize("type_", LANGUAGE.types, ids=str)
def test_packing_loses_nothing(type_):
    @settings(max_examples=60, deadline=None)
    @given(values(type_, "small"))
    def round_trip(value):
        assume(words(value, type_) <= LONGEST)
        assert unpack_slot(pack_slot(value, type_), type_) == value

    round_trip()


def test_scalars_have_the_kinds_that_the_kernels_expect():
    assert (LANGUAGE.kind(INT), LANGUAGE.kind(BOOL)) == (INT_KIND, BOOL_KIND)


def test_any_number_of_copies_of_nothing_are_made_without_counting_them(bodies):
    """Counted one by one, these two thousand million would not come to an end here."""
    for number in LANGUAGE.named("repeat"):
        op = LANGUAGE.operations[number]
        nothing = "" if op.result == STR else []
        for copies in range(LARGEST - 1_000, LARGEST):
            assert in_kernel(op, (copies, nothing), bodies, -1) == nothing
