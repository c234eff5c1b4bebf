"""Loops whose step is a choice are found from their number of steps."""

import random
from collections.abc import Callable

import pytest

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.columns.choice_loops import choice_loops
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, Type, Value


def states(n: int, step: Callable[[int], int]) -> list[int]:
    found = []
    while n > 0:
        found.append(n)
        n = step(n)
    return found


def half_or_less_one(n: int) -> int:
    return n // 2 if n % 2 == 0 else n - 1


def third_or_less_one(n: int) -> int:
    return n // 3 if n % 2 == 0 else n - 1


STEPS = {"half or one less": half_or_less_one, "a third or one less": third_or_less_one}


def columns_of(function: Callable[[int], Value], result: Type) -> list[Column]:
    rng = random.Random(0)
    numbers = tuple(rng.randrange(1, 10 ** rng.randrange(1, 5)) for _ in range(16))
    parameters = (("n", INT),)
    signature = Signature("f", parameters, result)
    examples = Examples({"n": numbers}, tuple(map(function, numbers)))
    budget = SearchBudget(2_000_000, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    drafts = choice_loops(problem, problem.rows, 1)
    return [
        Column("column", draft.type, draft.bits, draft.bits, draft.value, parameters)
        for draft in drafts
    ]


@pytest.mark.parametrize("name", STEPS)
def test_a_choice_is_found_from_the_number_of_its_steps(name: str) -> None:
    found = columns_of(lambda n: len(states(n, STEPS[name])), INT)
    larger = [1, 2, 12_345, 99_999, 2**20 - 1]
    expected = [len(states(n, STEPS[name])) for n in larger]
    assert any([column.at((n,)) for n in larger] == expected for column in found)


def test_a_choice_is_found_from_the_states_it_runs_through() -> None:
    found = columns_of(lambda n: states(n, half_or_less_one), INTS)
    larger = [1, 2, 12_345, 99_999, 2**20 - 1]
    expected = [states(n, half_or_less_one) for n in larger]
    assert any([column.at((n,)) for n in larger] == expected for column in found)
    assert all(len(column.at((999,)) or ()) > 5 for column in found)


@pytest.mark.parametrize("function", [lambda n: n * n, lambda n: -n, lambda _: 5])
def test_outputs_that_no_number_of_steps_explains_cost_nothing(
    function: Callable[[int], int],
) -> None:
    assert columns_of(function, INT) == []
