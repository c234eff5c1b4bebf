"""Tables whose entries follow a rule, and weighted sums of numbers, hold beyond the examples."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.strategies.weighted_sums import weighted_sums
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR, list_of

TABLE = list_of(INTS)


def table(rng, height, width):
    return [[rng.randrange(10) for _ in range(width)] for _ in range(height)]


def transposed(rows):
    return [list(column) for column in zip(*rows, strict=True)]


def turned(rows):
    return transposed(rows[::-1])


def mirrored(rows):
    return [row[::-1] for row in rows]


def shift(rows):
    return [[2 * entry + i for entry in row] for i, row in enumerate(rows)]


@pytest.mark.parametrize("function", [transposed, turned, mirrored, shift])
def test_a_rule_for_the_entries_of_a_table_is_found(function):
    rng = random.Random(2)
    tables = [table(rng, rng.randrange(1, 4), rng.randrange(1, 4)) for _ in range(8)]
    signature = Signature("f", (("rows", TABLE),), TABLE)
    examples = Examples({"rows": tuple(tables)}, tuple(map(function, tables)))
    program = SynthesisLearner().fit(Problem(signature, examples), Budget(candidates=10**6), 0)
    larger = table(rng, 9, 6)
    assert program.predict([{"rows": larger}]) == [function(larger)]


@pytest.mark.parametrize(
    "function",
    [
        lambda n: [[int(i == j) for j in range(n)] for i in range(n)],
        lambda n: [[(i + 1) * (j + 1) for j in range(n)] for i in range(n)],
    ],
    ids=["identity", "multiplication"],
)
def test_a_table_is_made_of_its_size(function):
    signature = Signature("f", (("n", INT),), TABLE)
    sizes = (1, 2, 3, 4, 5)
    examples = Examples({"n": sizes}, tuple(map(function, sizes)))
    program = SynthesisLearner().fit(Problem(signature, examples), Budget(candidates=10**6), 0)
    assert program.predict([{"n": 9}]) == [function(9)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-50, 3600), min_size=1, max_size=4).filter(any),
    st.integers(-9, 9),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_weights_are_determined_by_one_example_more_than_there_are(weights, constant, text, rng):
    rows = [[rng.randrange(1000) for _ in weights] for _ in range(len(weights) + 4)]
    outputs = tuple(sum(map(int.__mul__, weights, row)) + constant for row in rows)
    column = tuple(" and ".join(f"{n}x" for n in row) if text else row for row in rows)
    signature = Signature("f", (("xs", STR if text else INTS),), INT)
    for program in weighted_sums(signature, Examples({"xs": column}, outputs)):
        assert [program.compile()(value) for value in column] == list(outputs)
        assert program.cost > 0


def test_a_duration_is_a_weighted_sum():
    texts = ("2d 3h 4m", "0d 1h 30m", "1d 0h 0m", "0d 10h 5m")
    signature = Signature("minutes", (("text", STR),), INT)
    examples = Examples({"text": texts}, (3064, 90, 1440, 605))
    program = SynthesisLearner().fit(Problem(signature, examples), Budget(candidates=10**6), 0)
    assert program.predict([{"text": "5d 20h 59m"}]) == [5 * 1440 + 20 * 60 + 59]
