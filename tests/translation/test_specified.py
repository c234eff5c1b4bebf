"""Inputs that are specifications: formulas, and examples beside a text."""

import numpy as np
import pytest

from dlcompare.synthesis.specifications.examples_as_inputs import TextAndExamples
from dlcompare.synthesis.specifications.formulas import Relation, SpecifiedByFormula, relations
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.catalog.list_language import logic
from dlcompare.tasks.catalog.list_language.equivalence import same
from dlcompare.tasks.catalog.list_language.evaluator import ProgramError, run
from dlcompare.tasks.catalog.list_language.programs import XS, ListTerm, draw_program, tokens
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, HasProgram
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.splits import draw_tests, draw_training

READER = SpecifiedByFormula(Budget(candidates=2_000_000))
TERMS = {
    "sort, then the last four": ListTerm("last", (ListTerm("sort", (XS,)), 4)),
    "multiples of three, squared": ListTerm(
        "square", (ListTerm("keep", (XS, ListTerm("multiple", (3,)))),)
    ),
    "seven dropped, joined with itself": ListTerm("join", (ListTerm("drop", (XS, 7)), XS)),
}


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_a_formula_is_answered_by_a_program_that_does_what_it_says(term):
    (answer,) = READER.predict([{"formula": logic.formula(term)}])
    assert same(" ".join(answer), " ".join(tokens(term)))


def test_what_the_lists_between_are_called_changes_nothing():
    term = draw_program(np.random.default_rng(3), 4, False)
    words = logic.formula(term)
    other = [{"a": "c", "b": "a", "c": "b"}.get(word, word) for word in words]
    texts = [[each.text for each in relations(" ".join(each))] for each in (words, other)]
    assert texts[0] == texts[1]


def test_a_relation_holds_of_what_its_program_gives_and_of_nothing_else():
    (relation,) = relations(" ".join(logic.formula(ListTerm("reverse", (XS,)))))
    assert isinstance(relation, Relation)
    assert relation(list0=[1, 2, 3], result=[3, 2, 1])
    assert not relation(list0=[1, 2, 3], result=[3, 1, 2])


@pytest.mark.parametrize("formula", ["result ==", "len(a) == len(b)", "result == open('x')"])
def test_what_is_no_formula_has_no_answer(formula):
    assert READER.predict([{"formula": formula.split(" ")}]) == [None]


def test_a_formula_about_lists_that_nothing_defines_is_refused_in_a_sentence():
    with pytest.raises(NoProgramError, match="does not relate one list after the other"):
        relations("result == a + b")


def test_examples_choose_among_the_readings_of_a_text():
    task = catalogue()["spec_to_code_english_and_examples"]
    tests = draw_tests(task, 16, 8)
    shown = draw_training(task, 256, 0, tests.reserved)
    found = SynthesisLearner().fit(task.problem(shown), Budget(candidates=100_000), 0)
    assert isinstance(found, TextAndExamples)
    assert isinstance(found, HasProgram)
    rows = list(tests.inside.rows())
    for row, answer in zip(rows, found.predict(rows), strict=True):
        readings = [each for each in found.grammar.readings(row) if does(each, row)]
        assert not readings or answer == readings[0]


def does(program, row):
    try:
        return [run(" ".join(program), xs) for xs in row["given"]] == row["wanted"]
    except ProgramError:
        return False
