"""Rules at the positions of a list are found from few examples, and hold on other lists."""

import random
from collections.abc import Callable
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.position_schemes import ARRANGED, CHOSEN, EVERY
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Recursion, walk
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.columns.positions import position_columns
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, Type, list_of, tuple_of

XS = (("xs", INTS),)


def drawn(seed: int, sizes: list[int]) -> list[list[int]]:
    """Lists with runs of equal elements, and runs of zeros."""
    rng = random.Random(seed)
    lists = []
    for size in sizes:
        xs: list[int] = []
        while len(xs) < size:
            xs += [rng.choice((0, 0, rng.randrange(1, 10)))] * rng.randrange(1, 5)
        lists.append(xs[:size])
    return lists


def runs(xs: list[int]) -> list[list[int]]:
    return [list(run) for _, run in groupby(xs)]


def halves(xs: list[int]) -> list[int]:
    return [
        8 if x and i < len(run) // 2 else x for run in runs(xs) for i, x in enumerate(run)
    ]


def mirrored(xs: list[int]) -> list[int]:
    """Turn round the part between the zeros at both ends."""
    places = [i for i, x in enumerate(xs) if x]
    return [xs[places[0] + places[-1] - i] if x else x for i, x in enumerate(xs)] if places else xs


def peaks(xs: list[int]) -> list[int]:
    around = [0, *xs, 0]
    return [
        int(around[i] < x > around[i + 2]) for i, x in enumerate(xs)
    ]


RULES: dict[str, tuple[Callable[[Any], Any], Type, str]] = {
    "the first half of every run": (halves, INTS, EVERY.name),
    "local maxima": (peaks, INTS, EVERY.name),
    "the length of every run": (lambda xs: [len(run) for run in runs(xs)], INTS, CHOSEN.name),
    "runs as pairs": (
        lambda xs: [(run[0], len(run)) for run in runs(xs)],
        list_of(tuple_of(INT, INT)),
        CHOSEN.name,
    ),
    "gaps between neighbours": (
        lambda xs: [b - a for a, b in pairwise(xs)], INTS, CHOSEN.name
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_found_from_few_lists_holds_on_others(name: str) -> None:
    rule, result, _ = RULES[name]
    lists = drawn(0, [3, 6, 9, 12, 15, 15])
    examples = Examples({"xs": tuple(lists)}, tuple(map(rule, lists)))
    problem = Problem(Signature("f", XS, result), examples, without=frozenset({"runs"}))
    found = SynthesisLearner().fit(problem, Budget(candidates=3_000_000), 0)
    for xs in drawn(1, [1, 5, 20, 40]):
        assert found.source.compile()(xs) == rule(xs)
