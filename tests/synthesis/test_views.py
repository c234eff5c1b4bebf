"""Programs over views of texts and numbers are right on other texts and numbers."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.program import Program, Variable
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.strategies.views import looks
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, STR, list_of


def word(rng, size):
    return "".join(rng.choices("abcd", k=size))


FUNCTIONS = {
    "letters in order": (STR, STR, word, lambda s: "".join(sorted(s))),
    "every letter once": (STR, STR, word, lambda s: "".join(dict.fromkeys(s))),
    "every letter twice": (STR, STR, word, lambda s: "".join(c + c for c in s)),
    "no letter twice": (STR, BOOL, word, lambda s: len({*s}) == len(s)),
    "the commonest letter": (STR, STR, word, lambda s: min(s, key=lambda c: (-s.count(c), c))),
    "largest digit": (INT, INT, lambda rng, n: rng.randrange(10**n), lambda n: int(max(str(n)))),
    "digits": (
        INT,
        list_of(INT),
        lambda rng, n: rng.randrange(10**n),
        lambda n: list(map(int, str(n))),
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_program_over_what_a_view_shows_is_found(name):
    type_, result, make, function = FUNCTIONS[name]
    rng = random.Random(9)
    values = [make(rng, rng.randrange(1, 6)) for _ in range(40)]
    examples = Examples({"x": tuple(values)}, tuple(map(function, values)))
    problem = Problem(Signature("f", (("x", type_),), result), examples)
    found = SynthesisLearner().fit(problem, Budget(candidates=5_000_000), 0)
    for size in (1, 3, 8):
        for value in [make(rng, size) for _ in range(20)]:
            assert found.predict([{"x": value}]) == [function(value)], found.source.python


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=8), min_size=2, max_size=6))
def test_what_a_view_shows_turns_back_into_the_text(texts):
    signature = Signature("f", (("s", STR),), STR)
    examples = Examples({"s": tuple(texts)}, tuple(texts))
    budget = SearchBudget(10**6, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    for look in looks(problem):
        same = Program(look.problem.signature, Variable(look.problem.names[0]), 1)
        program = look.program(same).compile()
        assert [program(text) for text in problem.packed.inputs["s"]] == [*problem.packed.outputs]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=6))
def test_digits_turn_back_into_the_number(numbers):
    signature = Signature("f", (("n", INT),), INT)
    examples = Examples({"n": tuple(numbers)}, tuple(numbers))
    budget = SearchBudget(10**6, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    for look in looks(problem):
        if look.problem.signature.result != INT:
            same = Program(look.problem.signature, Variable(look.problem.names[0]), 1)
            assert [look.program(same).compile()(number) for number in numbers] == numbers
