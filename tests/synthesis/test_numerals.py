"""Digits of integers, and the numbers that digits write, are columns."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.numerals import numerals
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR, Type, Value

NUMBERS = (0, 7, 10, 58, 120, 409, 777, 1_204, 3_050, 9_999, 12, 340)


def columns_of(type_: Type, values: tuple[Value, ...], earlier: bool = False) -> list[Column]:
    """The columns over one parameter; with `earlier`, those over the columns of the first stage."""
    parameters = (("n", type_),)
    signature = Signature("f", parameters, INT)
    examples = Examples({"n": values}, tuple(range(len(values))))
    budget = SearchBudget(10**6, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    for stage in (0, 1) if earlier else (0,):
        found = [
            Column(f"column{at}", draft.type, draft.bits, draft.bits, draft.value, parameters)
            for at, draft in enumerate(numerals(problem, problem.rows, stage))
        ]
        problem.columns.extend(found)
    return found


def written(n: int, base: int) -> list[int]:
    return [*written(n // base, base), n % base] if n else []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000))
def test_digits_are_those_of_both_bases(n: int) -> None:
    assert [column.at((n,)) for column in columns_of(INT, NUMBERS)] == [
        written(n, 10),
        written(n, 2),
    ]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000))
def test_lists_of_digits_are_read_from_both_ends(n: int) -> None:
    decimal = columns_of(INTS, tuple(written(each, 10) for each in NUMBERS))
    digits = written(n, 10)
    mirrored = int(str(n)[::-1])
    assert [column.at((digits,)) for column in decimal] == [n, mirrored]
    binary = columns_of(INTS, tuple(written(each, 2) for each in NUMBERS))
    assert n in [column.at((written(n, 2),)) for column in binary]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100_000))
def test_derived_digits_are_read_in_the_other_direction(n: int) -> None:
    found = [column.at((n,)) for column in columns_of(INT, NUMBERS, earlier=True)]
    assert int(str(n)[::-1]) in found
    assert n >= 2**9 or int(f"{n:b}") in found


def test_what_is_no_digit_is_not_read() -> None:
    assert columns_of(INTS, ([1, 2], [3, -4], [5])) == []
    assert columns_of(INTS, ([1, 2], [3, 10], [5])) == []
    assert columns_of(STR, ("12", "x", "7")) == []
    assert columns_of(INT, (1, -2, 3)) == []


@pytest.mark.parametrize("base", [2, 10])
def test_the_sum_of_digits_is_found(base: int) -> None:
    numbers = (*NUMBERS, *range(1, 4_000, 97))
    sums = tuple(sum(written(n, base)) for n in numbers)
    problem = Problem(Signature("f", (("n", INT),), INT), Examples({"n": numbers}, sums))
    found = SynthesisLearner().fit(problem, Budget(candidates=20_000_000), 0)
    larger = [12_345, 99_999, 4_096, 65_535, 100_001]
    expected = [sum(written(n, base)) for n in larger]
    assert found.predict([{"n": n} for n in larger]) == expected


def test_a_text_in_base_two_is_read() -> None:
    texts = tuple(f"{n:b}" for n in (*NUMBERS, *range(1, 2_000, 97)))
    numbers = tuple(int(text, 2) for text in texts)
    problem = Problem(Signature("f", (("t", STR),), INT), Examples({"t": texts}, numbers))
    found = SynthesisLearner().fit(problem, Budget(candidates=20_000_000), 0)
    larger = ["1" * 20, "10" * 9, "100000"]
    assert found.predict([{"t": text} for text in larger]) == [int(text, 2) for text in larger]
