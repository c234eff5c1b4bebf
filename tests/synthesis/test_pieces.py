"""Pieces that decide between true and false, and reductions by pairs that cancel out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.reductions import reductions
from dlcompare.synthesis.strategies.pieces import pieces
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, STR


def search_problem(signature, examples):
    return SearchProblem(signature, examples, grammar_for(signature), SearchBudget(10**6, 2**30))


TESTS = {
    "holds": lambda piece, text: piece in text,
    "begins": lambda piece, text: text.startswith(piece),
    "ends": lambda piece, text: text.endswith(piece),
    "lacks": lambda piece, text: piece not in text,
}


@settings(max_examples=40, deadline=None)
@given(
    st.text("ab'{\\", min_size=2, max_size=3),
    st.sampled_from(sorted(TESTS)),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_a_piece_is_found_in_texts_and_lists(piece, test, as_list, rng):
    holds = TESTS[test]
    texts = ["".join(rng.choices("ab'{\\", k=rng.randrange(4, 12))) for _ in range(60)]
    for number in range(0, 60, 2):
        cut = {"begins": 0, "ends": len(texts[number])}.get(test, rng.randrange(4))
        texts[number] = texts[number][:cut] + piece + texts[number][cut:]
    outputs = [holds(piece, text) for text in texts]
    if len(set(outputs)) < 2:
        return
    type_, column = (INTS, [list(map(ord, text)) for text in texts]) if as_list else (STR, texts)
    signature = Signature("f", (("s", type_),), BOOL)
    problem = search_problem(signature, Examples({"s": tuple(column)}, tuple(outputs)))
    programs = list(pieces(problem))
    assert programs
    for program in programs:
        assert [program.compile()(value) for value in column] == outputs


def balanced(text):
    depth = []
    for each in text:
        if each in "([":
            depth.append(each)
        elif depth and depth[-1] + each in ("()", "[]"):
            depth.pop()
        else:
            return False
    return not depth


def nested(rng, size):
    if size < 2:
        return ""
    inside = rng.randrange(0, size - 1, 2)
    left, right = rng.choice(["()", "[]"])
    return left + nested(rng, inside) + right + nested(rng, size - 2 - inside)


def spoilt(rng, text):
    at = rng.randrange(len(text))
    return text[:at] + rng.choice("()[]") + text[at + 1 :]


@pytest.mark.slow
def test_balanced_brackets_of_two_kinds_are_learned():
    rng = random.Random(5)
    texts = [nested(rng, rng.randrange(2, 17, 2)) for _ in range(60)]
    texts += [spoilt(rng, text) for text in texts]
    signature = Signature("f", (("s", STR),), BOOL)
    problem = Problem(signature, Examples({"s": tuple(texts)}, tuple(map(balanced, texts))))
    program = SynthesisLearner().fit(problem, Budget(candidates=8_000_000), 0).source
    longer = [nested(rng, 60) for _ in range(50)]
    for text in [*longer, *(spoilt(rng, text) for text in longer)]:
        assert program.compile()(text) == balanced(text)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abc", max_size=12), min_size=3, max_size=8))
def test_what_a_reduction_leaves_has_no_pair_that_cancels_out(texts):
    signature = Signature("f", (("s", STR),), BOOL)
    outputs = tuple(len(text) % 2 == 0 for text in texts)
    problem = search_problem(signature, Examples({"s": tuple(texts)}, outputs))
    rows = [(text, out) for text, out in zip(texts, outputs, strict=True)]
    for draft in reductions(problem, rows, 0):
        column = Column(draft.stem, draft.type, draft.bits, 0, draft.value, signature.parameters)
        for text in texts:
            left = column.at((text,))
            again = column.at(("".join(left),))
            assert again == left
            assert (len(text) - len(left)) % 2 == 0
