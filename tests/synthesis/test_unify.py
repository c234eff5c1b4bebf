"""Conditionals: the cheapest tree that is right on all rows."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.grammar.constants import MOST_SHARED, SMALL, constants_of
from dlcompare.synthesis.strategies.unification import Leaf, Split, Unifier
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, list_of

ROWS = 4
SETS = st.lists(st.tuples(st.integers(0, 2**ROWS - 1), st.integers(1, 9)), max_size=6)


def brute_force(terms, predicates, choice, rows):
    """The cost of the cheapest tree, by trying all; sets of rows are bits."""
    best = [c for mask, c in terms if mask & rows == rows]
    for mask, cost in predicates:
        inside, outside = rows & mask, rows & ~mask
        if inside and outside:
            parts = [brute_force(terms, predicates, choice, part) for part in (inside, outside)]
            if None not in parts:
                best.append(choice + cost + sum(parts))
    return min(best, default=None)


def cost_of(tree, terms, predicates, choice, rows):
    """The cost of a tree; asserts that it is right on the rows."""
    if isinstance(tree, Leaf):
        mask, cost = terms[tree.term]
        assert mask & rows == rows
        return cost
    mask, cost = predicates[tree.predicate]
    return (
        choice
        + cost
        + cost_of(tree.then, terms, predicates, choice, rows & mask)
        + cost_of(tree.other, terms, predicates, choice, rows & ~mask)
    )


@settings(max_examples=200, deadline=None)
@given(SETS, SETS, st.integers(1, 5))
def test_the_tree_is_right_and_none_is_cheaper(terms, predicates, choice):
    unifier = Unifier(ROWS, choice)
    for number, (mask, cost) in enumerate(terms):
        unifier.add_terms(np.array([mask]), np.array([number]), cost)
    for number, (mask, cost) in enumerate(predicates):
        unifier.add_predicates(np.array([mask]), np.array([number]), cost)
    everything = 2**ROWS - 1
    expected = brute_force(terms, predicates, choice, everything)
    found = unifier.cheapest()
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found[0] == expected
        assert cost_of(found[1], terms, predicates, choice, everything) == expected


def test_a_function_with_three_cases_is_found():
    def pieces(x: int) -> int:
        return x * x if x < 4 else x + 3 if x < 9 else 2

    xs = [-7, -2, 3, 4, 6, 8, 9, 10, 44, 90]
    signature = Signature("pieces", (("x", INT),), INT)
    examples = Examples.from_rows(["x"], [{"x": x} for x in xs], list(map(pieces, xs)))
    predictor = SynthesisLearner().fit(Problem(signature, examples), Budget(2_000_000), 0)
    assert predictor.predict([{"x": x} for x in xs]) == list(map(pieces, xs))
    assert predictor.program.python.count(" if ") == 2


@given(st.lists(st.lists(st.integers(-99, 99), max_size=5), max_size=8))
def test_constants_are_small_or_shared(outputs):
    signature = Signature("f", (("x", INT),), list_of(INT))
    examples = Examples({"x": tuple(range(len(outputs)))}, tuple(outputs))
    found = [value for type_, value in constants_of(signature, examples) if type_ == INT]
    for value in set(found) - SMALL.keys():
        holders = sum(value in output for output in outputs)
        assert holders >= 2
        assert 2 * holders >= len(outputs)
    assert len(found) <= len(SMALL) + MOST_SHARED


def test_examples_are_not_spelt_out():
    """Ten unrelated outputs take more bits as a program than as a table."""
    rows = [{"xs": [i, 7 * i % 5]} for i in range(10)]
    outputs = [(i * i * 37 + 11) % 101 for i in range(10)]
    signature = Signature("hash", (("xs", list_of(INT)),), INT)
    problem = Problem(signature, Examples.from_rows(["xs"], rows, outputs))
    with pytest.raises(NoProgramError):
        SynthesisLearner().fit(problem, Budget(300_000), 0)


def test_splits_and_leaves_are_values():
    pairs = itertools.product([Leaf(1), Leaf(2)], repeat=2)
    assert len({Split(0, one, other) for one, other in pairs}) == 4
