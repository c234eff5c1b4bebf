"""Integers of any size: the search finds a program or says that there is none; it never breaks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR, list_of, tuple_of

EDGES = [2**30, 2**31, 2**32, 2**40, 2**62, 2**63, 2**64, 10**15, 10**30, 2125550199, 1_700_000_000]
NEAR_EDGES = st.builds(
    lambda edge, sign, offset: sign * edge + offset,
    st.sampled_from(EDGES),
    st.sampled_from([1, -1]),
    st.integers(-3, 3),
)
NUMBERS = st.one_of(NEAR_EDGES, st.integers(-100, 100))


def fit(type_, result, inputs, outputs, candidates=20_000):
    examples = Examples({"n": tuple(inputs)}, tuple(outputs))
    problem = Problem(Signature("f", (("n", type_),), result), examples)
    return SynthesisLearner().fit(problem, Budget(candidates=candidates), 0)


SHAPES = [
    (INT, INT, lambda n: n, lambda n: n + 1),
    (INT, INT, lambda n: n, lambda n: 3 * n),
    (INT, STR, lambda n: n, str),
    (STR, INT, str, int),
    (list_of(INT), list_of(INT), lambda n: [n, 1, n], lambda xs: xs[::-1]),
    (list_of(list_of(INT)), INT, lambda n: [[n], [2, n]], len),
    (tuple_of(INT, INT), INT, lambda n: (n, 5), lambda p: p[0] - p[1]),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHAPES), st.lists(NUMBERS, min_size=1, max_size=6, unique=True))
def test_a_search_over_integers_of_any_size_ends_with_a_program_or_without(shape, numbers):
    type_, result, make, function = shape
    inputs = [make(n) for n in numbers]
    try:
        predictor = fit(type_, result, inputs, [function(x) for x in inputs])
    except NoProgramError:
        return
    predictor.predict([{"n": x} for x in inputs])


@pytest.mark.parametrize(
    "first", [2**30 - 2, 2**30, 2125550199, 2**31 - 5, -(2**31) + 1, 1_600_000_000]
)
def test_large_integers_that_fit_into_a_word_are_counted_on(first):
    numbers = [first, first + 2, first + 3, 7]
    predictor = fit(INT, INT, numbers, [n + 1 for n in numbers])
    assert predictor.predict([{"n": n} for n in (0, -5, 10**12)]) == [1, -4, 10**12 + 1]
