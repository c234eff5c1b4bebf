"""Wrong examples that a short predicate tells from the right ones are a case, and never noise."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.program import Apply, Constant, Fold, Program, Variable
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.noise import Partial, wrong_examples
from dlcompare.synthesis.strategies.separation import separate
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, list_of

INTS = list_of(INT)
SIGNATURE = Signature("f", (("xs", INTS),), INTS)
REVERSE = Program(SIGNATURE, Apply(PRIMITIVES["reverse"], (Variable("xs"),)), 5)
ANY = [[91, 17, 58], [4, 76, 33], [62, 5, 49], [28, 83, 70]]
"""Outputs that no short term makes."""


def lists(count, seed=0):
    """Distinct lists, every fifth of them empty or of one element."""
    numbers = random.Random(seed)
    found = {
        tuple(numbers.choices(range(100), k=numbers.choice([0, 1, *range(2, 7), *range(2, 7)])))
        for _ in range(3 * count)
    }
    chosen = sorted(found)
    numbers.shuffle(chosen)
    return [list(xs) for xs in chosen[:count]]


def examples_of(function, columns):
    return Examples({"xs": tuple(columns)}, tuple(function(xs) for xs in columns))


def separated(examples, least=8, candidates=150_000):
    wrong = tuple(wrong_examples(REVERSE, examples))
    budget = SearchBudget(candidates, 2**29)
    return separate(Partial(REVERSE, wrong), examples, grammar_for(SIGNATURE), budget, least)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_case_with_a_branch_is_added_and_one_without_is_named(size):
    columns = lists(80)
    with_branch = separated(examples_of(lambda xs: xs if len(xs) == size else xs[::-1], columns))
    assert with_branch.partial.wrong == with_branch.missing == ()
    function = with_branch.partial.program.compile()
    assert function(xs=[7] * (size - 1) + [8]) == [7] * (size - 1) + [8]
    assert function(xs=[1, 2, 3, 4]) == [4, 3, 2, 1]
    without = separated(
        examples_of(lambda xs: ANY[sum(xs) % 4] if len(xs) == size else xs[::-1], columns)
    )
    (case,) = without.missing
    holds = case.compile()
    assert [bool(holds(xs=xs)) for xs in columns] == [len(xs) == size for xs in columns]


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10**6), st.integers(1, 8))
def test_what_is_mislabelled_by_chance_is_no_case(seed, wrong):
    columns = lists(64, seed)
    outputs = [xs[::-1] for xs in columns]
    numbers = random.Random(seed)
    for place in numbers.sample(range(64), wrong):
        outputs[place] = [*outputs[(place + 1 + numbers.randrange(62)) % 64], 5]
    found = separated(Examples({"xs": tuple(columns)}, tuple(outputs)), candidates=50_000)
    assert found.missing == ()
    assert len(found.partial.wrong) == wrong


def test_a_learner_has_no_program_where_a_case_is_missing_and_takes_the_same_many_for_noise():
    columns = lists(64)
    rare = [len(xs) == 6 for xs in columns]
    assert 4 <= sum(rare) <= 12
    case = examples_of(lambda xs: ANY[sum(xs) % 4] if len(xs) == 6 else xs[::-1], columns)
    with pytest.raises(NoProgramError, match=r"misses a case of its own: .*length xs"):
        SynthesisLearner().fit(Problem(SIGNATURE, case), Budget(500_000), 0)
    random.Random(1).shuffle(rare)
    outputs = [ANY[sum(xs) % 4] if odd else xs[::-1] for xs, odd in zip(columns, rare, strict=True)]
    noise = Examples({"xs": tuple(columns)}, tuple(outputs))
    found = SynthesisLearner().fit(Problem(SIGNATURE, noise), Budget(500_000), 0)
    assert found.source.noise == tuple(i for i, odd in enumerate(rare) if odd)
    assert found.program.wrong == sum(rare)


def test_a_program_with_a_case_may_have_a_loop_as_its_other_branch():
    body = Apply(PRIMITIVES["cons"], (Variable("x"), Variable("acc")))
    empty = Apply(PRIMITIVES["empty"], ())
    turned = Fold(Variable("xs"), False, False, empty, "x", "acc", body)
    odd = Apply(PRIMITIVES["is_odd"], (Apply(PRIMITIVES["length"], (Variable("xs"),)),))
    single = Apply(
        PRIMITIVES["less"], (Apply(PRIMITIVES["length"], (Variable("xs"),)), Constant(2))
    )
    choice = PRIMITIVES["if_list"]
    inner = Apply(choice, (odd, Variable("xs"), turned))
    program = Program(SIGNATURE, Apply(choice, (single, empty, inner)), 9)
    function = program.compile()
    given = ([1, 2, 3], [1, 2], [7], [])
    assert [function(xs) for xs in given] == [[1, 2, 3], [2, 1], [], []]


def test_a_program_says_which_examples_it_gets_wrong():
    """Three of 60 labels are wrong, and no rule tells which."""
    rng = random.Random(5)
    rows = [[rng.randrange(100) for _ in range(rng.randrange(2, 8))] for _ in range(60)]
    outputs = [max(xs) - min(xs) for xs in rows]
    for place in (7, 21, 44):
        outputs[place] += rng.randrange(5, 50)
    signature = Signature("spread", (("xs", INTS),), INT)
    examples = Examples({"xs": tuple(rows)}, tuple(outputs))
    found = SynthesisLearner().fit(Problem(signature, examples), Budget(1_000_000), 0)
    wrong = tuple(wrong_examples(found.source, examples))
    assert wrong == (7, 21, 44)
    assert found.source.noise == wrong
    assert found.program.wrong == len(wrong)
    assert "Treated as mislabelled" in found.program.python
