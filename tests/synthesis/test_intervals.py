"""Thresholds come from between neighbouring inputs, and chains of them are programs."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.grammar.constants import thresholds
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.intervals import intervals
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR

SCORE = Signature("label", (("score", INT),), STR)


def problem_of(scores: list[int], labels: list[str]) -> SearchProblem:
    examples = Examples({"score": tuple(scores)}, tuple(labels))
    return SearchProblem(SCORE, examples, grammar_for(SCORE), SearchBudget(10**6, 2**28))


def label(score: int, limits: list[int]) -> str:
    return "abcdef"[sum(score >= limit for limit in limits)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-40, 140), min_size=1, max_size=4, unique=True), st.integers(0, 99))
def test_limits_are_between_the_neighbours_that_they_separate(limits: list[int], seed: int) -> None:
    rng = random.Random(seed)
    limits.sort()
    scores = [rng.randrange(-60, 160) for _ in range(60)]
    found = thresholds(scores, [label(score, limits) for score in scores])
    for limit in found:
        below = max((score for score in scores if score < limit), default=None)
        above = min((score for score in scores if score >= limit), default=None)
        assert below is not None
        assert above is not None
        assert label(below, limits) != label(above, limits)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(10, 90), min_size=1, max_size=4, unique=True))
def test_a_chain_of_limits_is_right_on_every_example(limits: list[int]) -> None:
    limits.sort()
    scores = list(range(0, 100, 3))
    problem = problem_of(scores, [label(score, limits) for score in scores])
    for program in intervals(problem):
        assert first_wrong(program, problem.examples) is None


def test_a_round_number_is_taken_where_any_would_do() -> None:
    assert thresholds([12, 57, 63, 88], ["F", "F", "P", "P"]) == [60]
    assert thresholds([12, 58, 59, 88], ["F", "F", "P", "P"]) == [59]
    assert thresholds([0, 87, 96, 98, 61, 74], ["F", "B", "A", "A", "F", "B"]) == [70, 90]


def test_outputs_that_are_no_classes_have_no_limits() -> None:
    assert thresholds([1, 2, 3, 4], ["a", "b", "c", "d"]) == []
    assert thresholds([1, 1, 2, 2], ["a", "b", "a", "b"]) == []


def test_letters_for_scores_are_learned_from_examples_near_the_limits() -> None:
    limits = [60, 70, 80, 90]
    scores = [3, 41, 59, 60, 66, 69, 70, 75, 79, 80, 84, 89, 90, 95, 100, 20]
    examples = Examples({"score": tuple(scores)}, tuple(label(s, limits) for s in scores))
    found = SynthesisLearner().fit(Problem(SCORE, examples), Budget(candidates=2_000_000), 0)
    every = list(range(101))
    assert [found.source.compile()(s) for s in every] == [label(s, limits) for s in every]
