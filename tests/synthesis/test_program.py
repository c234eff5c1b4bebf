"""Programs print as Python that can be pasted and run."""

import pytest

from dlcompare.synthesis.dsl.limits import MAX_ROUNDS, StepLimitError, function_of
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.program import (
    Apply,
    Fold,
    Lambda,
    Program,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.noise import wrong_examples
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of


def apply(name, *arguments):
    return Apply(PRIMITIVES[name], arguments)


X, ACC, XS = Variable("x"), Variable("acc"), Variable("xs")
SMALLER = Lambda("y", apply("less", Variable("y"), X))
OTHERS = Lambda("y", apply("less_equal", X, Variable("y")))
QUICK = apply(
    "concatenate",
    apply("filter", SMALLER, ACC),
    apply("filter", OTHERS, apply("cons", X, ACC)),
)
SORTING = Program(
    Signature("sorting", (("xs", list_of(INT)),), list_of(INT)),
    Fold(XS, False, True, apply("empty"), "x", "acc", QUICK),
    27,
)


def test_a_fold_prints_as_a_loop_that_runs():
    assert SORTING.python == (
        "def sorting(xs: list[int]) -> list[int]:\n"
        "    acc = []\n"
        "    for x in reversed(xs):\n"
        "        acc = [y for y in acc if y < x] + [y for y in [x] + acc if x <= y]\n"
        "    return acc\n"
    )
    namespace = {}
    exec(SORTING.python, namespace)
    assert namespace["sorting"]([3, 1, 2, 3]) == [1, 2, 3, 3]


def test_the_prefix_form_and_its_size():
    assert SORTING.dsl.startswith("(fold_right xs (empty) (lambda x acc (concatenate (filter")
    assert SORTING.nodes == 18


def test_operators_keep_their_grouping():
    signature = Signature("f", (("a", INT), ("b", INT)), INT)
    a, b = Variable("a"), Variable("b")
    grouped = apply("multiply", a, apply("subtract", a, apply("subtract", b, a)))
    program = Program(signature, grouped, 0)
    assert program.python == "def f(a: int, b: int) -> int:\n    return a * (a - (b - a))\n"
    assert program.compile()(5, 7) == 15


def test_a_loop_without_end_gives_no_answer():
    signature = Signature("count", (("a", INT),), INT)
    body = apply("increment", ACC)
    program = Program(signature, Fold(Variable("a"), True, False, X, "i", "acc", body), 0)
    counting = Fold(Variable("a"), True, False, Variable("a"), "i", "acc", body)
    assert Program(signature, counting, 0).compile()(21) == 42
    with pytest.raises((StepLimitError, NameError)):
        program.compile()(10**12)
    with pytest.raises(StepLimitError):
        Program(signature, counting, 0).compile()(10**12)


def test_nobody_waits_for_a_loop_nearly_without_end():
    signature = Signature("count", (("a", INT),), INT)
    counting = Fold(Variable("a"), True, False, Variable("a"), "i", "acc", apply("increment", ACC))
    numbers = (3, 4, 10**12, 5, *[MAX_ROUNDS] * 1_000)
    examples = Examples({"a": numbers}, tuple(2 * n for n in numbers))
    wrong = list(wrong_examples(Program(signature, counting, 0), examples))
    assert wrong == list(range(2, len(numbers)))


@pytest.mark.parametrize(
    ("type_", "expression", "inputs"),
    [
        (list_of(INT), apply("repeat", Variable("n"), Variable("xs")), ([1, 2], 10**12)),
        (list_of(INT), apply("concatenate", XS, apply("repeat", Variable("n"), XS)), ([1], 10**8)),
        (INT, apply("multiply", Variable("n"), Variable("n")), ([], 1 << 600_000)),
        (INT, apply("square", Variable("n")), ([], 1 << 600_000)),
    ],
    ids=["repeat", "concatenate", "multiply", "square"],
)
def test_a_value_too_large_is_not_made(type_, expression, inputs):
    signature = Signature("large", (("xs", list_of(INT)), ("n", INT)), type_)
    with pytest.raises(StepLimitError):
        Program(signature, expression, 0).compile()(*inputs)


@pytest.mark.parametrize("name", ["multiply", "square"])
def test_integers_have_as_many_bits_as_are_allowed(name):
    arguments = [Variable("n")] * (2 if name == "multiply" else 1)
    program = Program(Signature("large", (("n", INT),), INT), apply(name, *arguments), 0)
    few = program.compile(64)
    assert few(2**31 - 1) == (2**31 - 1) ** 2
    assert program.compile()(2**40) == 2**80
    with pytest.raises(StepLimitError, match="64 bits"):
        few(2**40)


def test_a_value_that_doubles_at_every_step_is_not_made():
    signature = Signature("large", (("xs", list_of(INT)),), list_of(INT))
    body = apply("concatenate", ACC, ACC)
    doubling = Fold(XS, False, False, XS, "x", "acc", body)
    with pytest.raises(StepLimitError):
        Program(signature, doubling, 0).compile()([1] * 60)


def test_bound_names_avoid_the_parameters():
    assert fresh_names({"acc", "y", "y2"}, ("x", "acc", "y")) == ("x", "acc2", "y3")


def test_a_program_named_like_a_builtin_does_not_call_itself():
    signature = Signature("range", (("n", INT),), list_of(INT))
    program = Program(signature, Apply(PRIMITIVES["range"], (Variable("n"),)), 7)
    assert program.compile()(3) == [0, 1, 2]


def test_a_comprehension_over_two_lists_is_limited_before_it_fills_the_memory():
    """Each of 40 rounds squares the length; only the guard ends it in a moment."""
    source = """\
def grow(xs):
    for _ in range(40):
        xs = [z for y in xs for z in xs]
    return len(xs)
"""
    function = function_of(source, "grow")
    assert function([7]) == 1
    with pytest.raises(StepLimitError, match="more than 10000000 elements"):
        function([1, 2])
