"""Loops over integers: their columns are what their printed programs compute."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.loops import DIGITS, FINAL, FIRST, GREATEST, SECOND, TRACE
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.program import Apply, Constant, Program, Recursion, Variable, walk
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.traces import loops_over_one, loops_over_two
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT

AB = (("a", INT), ("b", INT))
LOOPS = {scheme.name for scheme in (TRACE, FINAL, DIGITS, FIRST, SECOND, GREATEST)}


def gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


def in_threes(n: int) -> int:
    return n % 3 + in_threes(n // 3) if n else 0


def reversed_digits(n: int) -> int:
    return int(str(n)[::-1])


FUNCTIONS: dict[str, tuple[Any, int]] = {
    "the greatest common divisor": (gcd, 2),
    "the sum of the digits to the base of three": (in_threes, 1),
    "the number of binary digits": (lambda n: n.bit_length(), 1),
    "the largest power of two": (lambda n: 1 << n.bit_length() - 1, 1),
    "the square root, rounded down": (lambda n: int(n**0.5), 1),
}


def problem_of(function: Any, count: int, seed: int = 0, digits: int = 4) -> Problem:
    """Examples of a function of positive numbers, of as many digits each as likely as any."""
    rng = random.Random(seed)
    rows = [
        [rng.randrange(1, 10 ** rng.randrange(1, digits + 1)) for _ in range(count)]
        for _ in range(48)
    ]
    names = ("a", "b")[:count]
    inputs = {name: tuple(row[place] for row in rows) for place, name in enumerate(names)}
    outputs = tuple(function(*row) for row in rows)
    return Problem(Signature("f", AB[:count], INT), Examples(inputs, outputs))


@pytest.fixture(scope="module")
def columns() -> list[Column]:
    """The columns from loops over two parameters."""
    problem = problem_of(lambda a, b: a + b, 2)
    search = SearchProblem(
        problem.signature,
        problem.examples,
        grammar_for(problem.signature),
        SearchBudget(10**7, 2**30),
    )
    rows = search.rows[:12]
    drafts = [
        draft for source in (loops_over_one, loops_over_two) for draft in source(search, rows, 0)
    ]
    return [
        Column(f"column{at}", draft.type, draft.bits, draft.bits, draft.value, AB)
        for at, draft in enumerate(drafts[::7])
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2_000), st.integers(0, 2_000))
def test_a_loop_is_what_its_printed_program_computes(columns: list[Column], a: int, b: int) -> None:
    for column in columns:
        value = column.at((a, b))
        if value is not None:  # otherwise it is undefined, too long or does not end
            namespace: dict[str, Any] = {}
            exec(column.program.python, namespace)
            assert namespace[column.program.name](a, b) == value


def test_loops_come_in_the_order_of_their_bits_and_are_defined_on_the_rows(
    columns: list[Column],
) -> None:
    assert len(columns) > 10
    bits = [column.bits for column in columns if isinstance(column.value, Recursion)]
    assert len(bits) == len(columns)
    assert min(bits) > 5
    shown = problem_of(lambda a, b: a + b, 2).examples
    some = list(zip(*shown.inputs.values(), strict=True))[:12]
    assert all(column.on(some) is not None for column in columns)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_loop_is_found_and_holds_on_larger_numbers(name: str) -> None:
    function, count = FUNCTIONS[name]
    problem = problem_of(function, count)
    found = SynthesisLearner().fit(problem, Budget(candidates=20_000_000), 0)
    larger = problem_of(function, count, 1, 6).examples
    assert found.predict(list(larger.rows())) == list(larger.outputs)
    schemes = {
        each.scheme.name for each in walk(found.source.expression) if isinstance(each, Recursion)
    }
    assert schemes & LOOPS or "recurrence" in schemes


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 12), st.integers(0, 5_000))
def test_names_of_a_loop_never_hide_a_parameter(base: int, n: int) -> None:
    """A parameter may be called as the loop's own variable."""
    parameters = (("state", INT), ("trace", INT))
    state = Variable("state2")
    more = Apply(PRIMITIVES["less"], (Apply(PRIMITIVES["zero"], ()), state))
    step = Apply(PRIMITIVES["divide"], (state, Constant(base)))
    names = (("trace", "trace2"), ("state", "state2"))
    loop = Recursion(TRACE, names, (), (Variable("state"), more, step))
    program = Program(Signature("f", parameters, TRACE.results[0]), loop, 1)
    expected, left = [], n
    while left > 0:
        expected.append(left)
        left //= base
    assert program.compile()(n, 0) == expected
