"""Derived columns are values of the printed programs, and displace no other program."""

import contextlib
import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Let, Program, Variable
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.column_search import STAGES
from dlcompare.synthesis.strategies.columns.column import Column, columns_in
from dlcompare.synthesis.strategies.columns.derive import derive
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, Type, Value

XS = (("xs", INTS),)
WITH_K = (("xs", INTS), ("k", INT))


def drawn(function: Any, parameters: Any, count: int, most: int = 8, seed: int = 0) -> Examples:
    """Examples of a function of lists, and of a position in the list named ``xs``."""
    rng = random.Random(seed)
    rows = []
    for _ in range(count):
        xs = [rng.randrange(12) for _ in range(rng.randrange(1, most + 1))]
        values: list[Value] = [xs]
        for _, type_ in parameters[1:]:
            values.append(rng.randrange(len(xs)) if type_ == INT else rng.sample(xs, len(xs)))
        rows.append(values)
    names = [name for name, _ in parameters]
    columns = {name: tuple(row[i] for row in rows) for i, name in enumerate(names)}
    return Examples(columns, tuple(function(*row) for row in rows))


def problem_of(parameters: Any, result: Type, examples: Examples) -> SearchProblem:
    signature = Signature("f", parameters, result)
    return SearchProblem(signature, examples, grammar_for(signature), SearchBudget(10**7, 2**30))


@pytest.fixture(scope="module")
def derived() -> SearchProblem:
    """A problem over a list and a number, with the columns of the first stage."""
    problem = problem_of(WITH_K, INT, drawn(lambda xs, k: xs[k], WITH_K, 32))
    assert derive(problem, 0)
    return problem


LISTS = st.lists(st.integers(-50, 50), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None)
@given(LISTS, st.integers(-5, 20))
def test_a_column_is_what_its_printed_program_computes(
    derived: SearchProblem, xs: list[int], k: int
) -> None:
    for column in derived.columns:
        value = column.at((xs, k))
        if value is not None:  # otherwise it is undefined, too large or does not end
            namespace: dict[str, Any] = {}
            exec(column.program.python, namespace)
            assert namespace[column.program.name](list(xs), k) == value


def test_columns_differ_from_each_other_and_from_the_parameters(derived: SearchProblem) -> None:
    inputs = [row[:-1] for row in derived.rows]
    values = [repr(column.on(inputs)) for column in derived.columns]
    assert len(set(values)) == len(values)
    assert not {repr(column) for column in zip(*inputs, strict=True)} & set(values)


def test_later_columns_cost_more_and_none_costs_more_than_its_description(
    derived: SearchProblem,
) -> None:
    costs = [column.cost for column in derived.columns]
    assert all(column.cost <= column.bits for column in derived.columns)
    assert max(costs[:8]) < max(costs[-8:])
    names = [column.name for column in derived.columns]
    assert len(set(names)) == len(names)


def test_a_program_counts_the_bits_of_each_column_once(derived: SearchProblem) -> None:
    column = derived.columns[0]
    add = derived.grammar.primitive("add", INT, INT)
    assert add is not None
    program = derived.program(Variable(column.name), column.cost)
    assert program.cost == column.bits
    assert isinstance(program.expression, Let)
    assert derived.program(Variable("k"), 1).cost == 1


def test_a_column_over_a_column_is_bound_after_it() -> None:
    first = Column("first", INT, 9, 7, Variable("k"), WITH_K)
    second = Column("second", INT, 9, 7, Variable("first"), WITH_K)
    assert columns_in(Variable("second"), [first, second]) == [second, first]
    problem = SearchProblem(
        Signature("f", WITH_K, INT),
        Examples({"xs": ([1],), "k": (3,)}, (3,)),
        grammar_for(Signature("f", WITH_K, INT)),
        SearchBudget(1, 1),
        columns=[first, second],
    )
    program = problem.program(Variable("second"), 7)
    assert program.compile()([1], 3) == 3
    assert program.python.index("first = k") < program.python.index("second = first")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["chosen", "chosen3", "chosen17"]), min_size=1, unique=True))
def test_bindings_are_numbered_afresh_and_never_hide_a_parameter(names: list[str]) -> None:
    parameters = (("chosen", INT),)
    expression: Any = Variable(names[-1])
    for name in reversed(names):
        expression = Let(name, Variable("chosen"), expression)
    program = Program(Signature("f", parameters, INT), expression, 1)
    if "chosen" not in names:  # a binding of that name would hide the parameter
        assert program.compile()(7) == 7
        bound = {f"chosen{number}" for number in range(2, len(names) + 2)}
        assert set(re.findall(r"chosen\d+", program.python)) == bound


FUNCTIONS = {
    "the k-th smallest": (lambda xs, k: sorted(xs)[k], WITH_K, INT),
    "the upper median": (lambda xs: sorted(xs)[len(xs) // 2], XS, INT),
    "inversions": (
        lambda xs: sum(a > b for i, a in enumerate(xs) for b in xs[i:]),
        XS,
        INT,
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_programs_nest_a_comprehension_and_hold_on_longer_lists(name: str) -> None:
    function, parameters, result = FUNCTIONS[name]
    examples = drawn(function, parameters, 64)
    problem = Problem(Signature("f", parameters, result), examples, without=frozenset({"sort"}))
    found = SynthesisLearner().fit(problem, Budget(candidates=10_000_000), 0)
    longer = drawn(function, parameters, 50, most=20, seed=1)
    assert found.predict(list(longer.rows())) == list(longer.outputs)
    assert (
        "for y in xs" in found.source.python or "for i, y in enumerate(xs)" in found.source.python
    )


def test_a_program_with_columns_must_be_shorter_than_the_outputs() -> None:
    """Of 8 truth values nearly any comprehension gives some; none of them explains anything."""
    examples = drawn(lambda xs: sum(x % 3 for x in xs) % 5 in (1, 4), XS, 8)
    problem = Problem(Signature("f", XS, BOOL), examples)
    program = None
    with contextlib.suppress(NoProgramError):
        budget = Budget(candidates=2 * STAGES[0])
        program = SynthesisLearner().fit(problem, budget, 0).source
    assert program is None or not isinstance(program.expression, Let)
