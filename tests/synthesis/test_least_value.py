"""Linear searches are found from the values before the outputs."""

import math
import random
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.loops import GREATEST, LEAST
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Apply, Constant, Program, Recursion, Variable
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.least_values import least_values
from dlcompare.synthesis.strategies.least_value import LeastSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, Value

Row = tuple[Value, ...]

FUNCTIONS: dict[str, tuple[int, Callable[..., int]]] = {
    "the integer square root": (1, math.isqrt),
    "the cube root, rounded up": (1, lambda n: next(v for v in count() if v**3 >= n)),
    "the next multiple": (2, lambda n, k: -(-n // k) * k),
    "the smallest divisor": (1, lambda n: next(v for v in count(2) if n % v == 0)),
    "the greatest divisor up to a limit": (
        2,
        lambda n, k: next(v for v in range(k, 0, -1) if n % v == 0),
    ),
    "the least triangular side": (1, lambda n: next(v for v in count() if v * (v + 1) >= 2 * n)),
}


def examples_of(function: Callable[..., int], size: int, seed: int, digits: int = 3) -> Examples:
    """Examples of a function of integers from 2 on, of as many digits each as likely as any."""
    rng = random.Random(seed)
    rows = [
        [rng.randrange(2, 10 ** rng.randrange(1, digits + 1)) for _ in range(size)]
        for _ in range(40)
    ]
    inputs = {name: tuple(row[at] for row in rows) for at, name in enumerate("nk"[:size])}
    return Examples(inputs, tuple(function(*row) for row in rows))


def problem_of(examples: Examples, types: tuple[object, ...] | None = None) -> SearchProblem:
    kinds = types or (INT,) * len(examples.inputs)
    parameters: tuple[tuple[str, object], ...] = tuple(zip(examples.inputs, kinds, strict=True))
    signature = Signature("f", parameters, INT)  # type: ignore[arg-type]
    budget = SearchBudget(10**8, 2**30)
    return SearchProblem(signature, examples, grammar_for(signature), budget)


def found(problem: SearchProblem) -> Program | None:
    """Return the first program that answers all examples; the search gets no more than its part."""
    search = LeastSearch(problem)
    problem.budget.spent = 3_000_000  # by others
    for cost in range(1, 25):
        for program in search.advance(cost):
            wrong = first_wrong(program, problem.examples)
            if wrong is None:
                return program
            search.reject(wrong)
    return None


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_least_value_is_found_and_holds_on_larger_numbers(name: str) -> None:
    size, function = FUNCTIONS[name]
    program = found(problem_of(examples_of(function, size, 0)))
    assert program is not None
    larger = examples_of(function, size, 1, 5)
    assert first_wrong(program, larger) is None
    assert isinstance(program.expression, Recursion)
    assert program.expression.scheme in (LEAST, GREATEST)


def test_conditions_may_be_about_the_length_of_a_list() -> None:
    rng = random.Random(3)
    lists = [[rng.randrange(60) for _ in range(rng.randrange(1, 9))] for _ in range(40)]
    outputs = tuple(next(v for v in count() if v * len(xs) >= sum(xs)) for xs in lists)
    problem = problem_of(Examples({"xs": tuple(lists)}, outputs), (INTS,))
    program = found(problem)
    assert program is not None
    assert program.compile()([7] * 200) == 7
    assert program.compile()([0, 0, 1]) == 1


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(-900, -1), min_size=8, max_size=20))
def test_outputs_before_every_start_cost_nothing(outputs: list[int]) -> None:
    inputs = tuple(range(len(outputs)))
    problem = problem_of(Examples({"n": inputs}, tuple(outputs)))
    assert all(each.start.scheme is GREATEST for each in LeastSearch(problem).counts)
    immediate = LeastSearch(problem_of(Examples({"n": inputs}, inputs)))
    assert all(each.start.expression != Variable("n") for each in immediate.counts)


@settings(max_examples=30, deadline=None)
@given(st.integers(-50, 50), st.integers(0, 40))
def test_a_loop_ends_at_the_first_value_without_the_condition(start: int, steps: int) -> None:
    signature = Signature("f", (("v", INT),), INT)
    for scheme, step in ((LEAST, 1), (GREATEST, -1)):
        end = Constant(start + step * steps)
        below = PRIMITIVES["less"]
        ends = (Variable("w"), end)
        more = Apply(below, ends if step > 0 else ends[::-1])
        loop = Recursion(scheme, (("v", "w"),), (), (Variable("v"), more))
        assert Program(signature, loop, 1).compile()(start) == end.value


def test_the_synthesizer_uses_linear_searches() -> None:
    size, function = FUNCTIONS["the integer square root"]
    examples = examples_of(function, size, 0)
    problem = Problem(Signature("f", (("n", INT),), INT), examples)
    program = SynthesisLearner().fit(problem, Budget(candidates=2_000_000), 0)
    larger = examples_of(function, size, 1, 5)
    assert program.predict(list(larger.rows())) == list(larger.outputs)


@pytest.fixture(scope="module")
def columns() -> list[Column]:
    """The columns from linear searches over two parameters."""
    problem = problem_of(examples_of(lambda n, k: n + k, 2, 0))
    rows = sorted(problem.rows)[:16]
    parameters = problem.signature.parameters
    found = [
        Column("column", draft.type, draft.bits, draft.bits, draft.value, parameters)
        for draft in least_values(problem, rows, 0)
    ]
    assert len({each.on([row[:-1] for row in rows[:3]]) for each in found}) > 10
    return found


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 60), st.integers(2, 60))
def test_a_column_ends_at_the_first_value_without_its_condition(
    columns: list[Column], n: int, k: int
) -> None:
    for column in columns:
        value = column.at((n, k))
        assert isinstance(column.value, Recursion)
        scheme, (start, more) = column.value.scheme, column.value.parts
        parameters = (*column.parameters, (dict(column.value.names)["v"], INT))
        holds = Program(Signature("holds", parameters, BOOL), more, 1).compile()
        first = Program(column.program.signature, start, 1).compile()(n, k)
        step = 1 if scheme is LEAST else -1
        if value is not None:  # otherwise the search does not end, or the condition is undefined
            assert not holds(n, k, value)
            assert all(holds(n, k, v) for v in range(first, value, step))


def test_a_number_is_prime_if_it_is_its_least_divisor_from_two_on() -> None:
    rng = random.Random(4)
    numbers = tuple(rng.randrange(2, 400) for _ in range(64))
    prime = tuple(all(n % v for v in range(2, n)) for n in numbers)
    problem = Problem(Signature("f", (("n", INT),), BOOL), Examples({"n": numbers}, prime))
    program = SynthesisLearner().fit(problem, Budget(candidates=20_000_000), 0)
    larger = [2, 3, 997, 1009, 7919, 7917, 6557, 10_403, 9_409]
    expected = [True, True, True, True, True, False, False, False, False]
    assert program.predict([{"n": n} for n in larger]) == expected
