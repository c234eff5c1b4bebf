"""Selections are found from the picks that outputs show."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Recursion, walk
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature

XS = (("xs", INTS),)

ORDERS: dict[str, Callable[[list[int]], list[int]]] = {
    "positions in the order of their elements": lambda xs: sorted(
        range(len(xs)), key=lambda i: xs[i]
    ),
    "positions, the largest element first": lambda xs: sorted(range(len(xs)), key=lambda i: -xs[i]),
}


def problem_of(order: Callable[[list[int]], list[int]], seed: int = 0) -> Problem:
    rng = random.Random(seed)
    lists = [[rng.randrange(40) for _ in range(rng.randrange(1, 9))] for _ in range(24)]
    examples = Examples({"xs": tuple(lists)}, tuple(map(order, lists)))
    return Problem(Signature("f", XS, INTS), examples, without=frozenset({"sort"}))


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_of_any_length_is_found_without_sorting(name: str) -> None:
    found = SynthesisLearner().fit(problem_of(ORDERS[name]), Budget(candidates=5_000_000), 0)
    kinds = [each for each in walk(found.source.expression) if isinstance(each, Recursion)]
    assert [each.scheme.name for each in kinds] == ["selection"]
    rng = random.Random(1)
    for size in (0, 1, 20, 60):
        xs = [rng.randrange(1_000) for _ in range(size)]
        assert found.source.compile()(xs) == ORDERS[name](xs)


def test_what_is_no_rearrangement_of_a_source_is_no_selection() -> None:
    rng = random.Random(2)
    lists = [[rng.randrange(40) for _ in range(5)] for _ in range(12)]
    noise = [[rng.randrange(90) for _ in range(4)] for _ in lists]
    problem: Any = Problem(Signature("f", XS, INTS), Examples({"xs": tuple(lists)}, tuple(noise)))
    with pytest.raises(NoProgramError):
        SynthesisLearner().fit(problem, Budget(candidates=200_000), 0)
