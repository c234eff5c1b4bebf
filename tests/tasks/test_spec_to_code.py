"""The list language: what a program means, what is said of it, and how it is judged."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.tasks.catalog.list_language import english, logic
from dlcompare.tasks.catalog.list_language.equivalence import agree, prove, same
from dlcompare.tasks.catalog.list_language.evaluator import ProgramError, evaluate, run
from dlcompare.tasks.catalog.list_language.programs import (
    OPERATIONS,
    draw_program,
    held_out,
    operations,
    pairs,
    tokens,
)
from dlcompare.tasks.problem import Unfinished
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.splits import draw_training

LISTS = st.lists(st.integers(-30, 30), max_size=8)
SEEDS = st.integers(0, 2**32)
PARTITION = """
def program(values):
    acc = []
    for x in values:
        acc = [y for y in acc if y < x] + [x] + [y for y in acc if x <= y]
    return acc
"""


def drawn(seed, count=3, unseen=False):
    return draw_program(np.random.default_rng(seed), count, unseen)


@settings(deadline=None)
@given(SEEDS, st.integers(1, 8), LISTS)
def test_a_program_means_what_it_means_in_python(seed, count, xs):
    code = " ".join(tokens(drawn(seed, count)))
    assert run(code, xs) == eval(code, {"xs": xs})


@settings(deadline=None)
@given(LISTS)
def test_functions_with_loops_are_understood(xs):
    assert run(PARTITION, xs) == sorted(xs)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('file')",
        "xs.__class__",
        "(lambda: xs)()",
        "[x for x in xs",
        "",
        "ys",
        "7",
        "xs[9]",
        "[0] * 10 ** 9",
        "[x for a in range(2000) for b in range(2000) for x in xs]",
        "(" * 500 + "xs" + ")" * 500,
        "[sum(range(9999999999))]",
        "def f(a):\n  for x in range(2000):\n    for y in range(2000):\n      b = x\n  return a",
    ],
)
def test_what_is_not_of_the_language_or_never_ends_is_an_error(text):
    with pytest.raises(ProgramError):
        run(text, [3, 1, 2])


@settings(deadline=None)
@given(SEEDS, st.integers(1, 8), st.booleans(), st.booleans())
def test_every_text_reads_back_as_its_program(seed, count, unseen_pair, unseen_wording):
    term = drawn(seed, count, unseen_pair)
    text = english.describe(term, np.random.default_rng(seed), unseen_wording)
    assert english.read(text) == term


@settings(deadline=None)
@given(SEEDS, st.integers(1, 8))
def test_every_formula_reads_back_as_its_program(seed, count):
    term = drawn(seed, count)
    assert tokens(logic.read(logic.formula(term))) == tokens(term)


@settings(deadline=None, max_examples=200)
@given(SEEDS, LISTS, st.lists(st.integers(-30, 30), max_size=8), st.randoms())
def test_a_formula_holds_for_the_result_and_for_nothing_else(seed, xs, other, shuffler):
    term = drawn(seed, 1)
    formula, result = " ".join(logic.formula(term)), run(" ".join(tokens(term)), xs)
    assert evaluate(formula, {"xs": xs, "result": result})
    for wrong in (other, shuffler.sample(result, len(result)), result[:-1], [*result, 0]):
        if wrong != result:
            # A position that is not there: the formula does not hold.
            with contextlib.suppress(ProgramError):
                assert not evaluate(formula, {"xs": xs, "result": wrong})


@given(SEEDS, st.integers(1, 8))
def test_programs_have_the_operations_and_the_pairs_asked_for(seed, count):
    for unseen in (False, True):
        term = drawn(seed, count, unseen)
        assert operations(term) == max(count, 1 + unseen)
        assert any(held_out(*pair) for pair in pairs(term)) == unseen


def test_every_operation_is_trained_on_before_and_after_others():
    names = list(OPERATIONS)
    assert all(sum(not held_out(name, other) for other in names) > 6 for name in names)
    assert all(sum(not held_out(other, name) for other in names) > 6 for name in names)
    assert 0.1 < np.mean([held_out(a, b) for a in names for b in names]) < 0.2


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("sorted(xs)[::-1]", "sorted(xs, reverse=True)", "proved"),
        ("[x * 2 for x in xs]", "[x + x for x in xs]", "proved"),
        (PARTITION, "sorted(xs)", "proved"),
        ("[x for x in xs if x < 123456]", "xs", "refuted"),
        ("[x * x for x in xs]", "[x * x * x for x in xs]", "refuted"),
        ("xs[sum(xs):]", "xs[sum(xs):]", "unknown"),
    ],
)
def test_z3_proves_refutes_or_says_that_it_does_not_know(one, other, verdict):
    assert prove(one, other) == verdict


def test_a_difference_that_random_inputs_do_not_show_is_found_by_z3():
    one, other = "[x for x in xs if not x == 123456]", "xs"
    assert agree(one, other)
    assert not same(one, other)


def test_a_difference_in_longer_lists_is_found_by_running():
    assert prove("xs[: 9]", "xs") == "proved"  # up to the length that proofs go
    assert not same("xs[: 9]", "xs")


def test_any_program_that_does_the_same_is_right():
    task = catalogue()["spec_to_code"]
    inputs = {"text": ["sort", "the", "list", ",", "then", "reverse", "it"]}
    right = task.answer(inputs)
    for answer in (["sorted(xs, reverse=True)"], right, ["sorted", "(", "xs", ")", "[::-1]"]):
        assert task.right(inputs, answer, right)
    for answer in (["sorted(xs)"], [], ["xs", "xs"], None, ["import os"], Unfinished(right)):
        assert not task.right(inputs, answer, right)


def test_programs_from_examples_are_judged_on_inputs_that_the_examples_do_not_have():
    task = catalogue()["spec_to_code_examples"]
    inputs = {"given": [[3, 1], [2, 9, 4]], "wanted": [[1, 3], [4, 9, 2]]}
    right = task.answer(inputs)
    assert task.right(inputs, ["xs[::-1]"], right)
    assert not task.right(inputs, ["sorted(xs) if len(xs) < 3 else xs[::-1]"], right)


def test_a_program_that_was_drawn_answers_the_examples_it_was_drawn_with():
    task = catalogue()["spec_to_code_examples"]
    examples = draw_training(task, 40, 0, frozenset())
    for row, output in zip(examples.rows(), examples.outputs, strict=True):
        assert [run(" ".join(output), xs) for xs in row["given"]] == row["wanted"]
