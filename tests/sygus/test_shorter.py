"""A formula written otherwise means the same; a shortened answer is right and no longer."""

import math
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.linear import value_of
from dlcompare.synthesis.sygus.membership import in_grammar
from dlcompare.synthesis.sygus.reader import read
from dlcompare.synthesis.sygus.shorter import shortened, shorter_answers, tidied
from dlcompare.synthesis.sygus.syntax import BOOL, INT, Definition, Term, constant, variable
from dlcompare.synthesis.sygus.transition_paths import paths
from dlcompare.synthesis.sygus.verification import find_counterexample

X, Y = variable("x", INT), variable("y", INT)
SMALL = range(-4, 5)
SUM = read("""(set-logic LIA)
(synth-fun f ((x Int) (y Int)) Int
  ((I Int) (B Bool))
  ((I Int (x y (+ I I) (ite B I I))) (B Bool ((< I I)))))
(declare-var x Int) (declare-var y Int)
(constraint (= (f x y) (+ x y)))
(check-synth)""")

leaves = st.one_of(st.sampled_from([X, Y]), st.integers(-3, 3).map(lambda n: constant(n, INT)))
numbers = st.recursive(
    leaves,
    lambda parts: st.builds(
        lambda op, a, b: Term(op, INT, (a, b)), st.sampled_from("+-"), parts, parts
    ),
    max_leaves=4,
)
comparisons = st.builds(
    lambda op, a, b: Term(op, BOOL, (a, b)),
    st.sampled_from(["<", "<=", ">", ">=", "=", "distinct"]),
    numbers,
    numbers,
)
formulas = st.recursive(
    comparisons,
    lambda parts: st.one_of(
        st.builds(lambda a: Term("not", BOOL, (a,)), parts),
        st.builds(
            lambda op, given: Term(op, BOOL, tuple(given)),
            st.sampled_from(["and", "or", "=>"]),
            st.lists(parts, min_size=2, max_size=3),
        ),
        st.builds(lambda a, b, c: Term("ite", BOOL, (a, b, c)), parts, parts, parts),
    ),
    max_leaves=6,
)


def truths(term: Term) -> list[bool]:
    return [bool(value_of(term, {"x": x, "y": y})) for x in SMALL for y in SMALL]


@given(formulas)
def test_a_formula_written_shorter_is_true_at_the_same_points(formula: Term) -> None:
    assert truths(tidied(formula)) == truths(formula)


@given(formulas)
def test_the_paths_of_a_formula_cover_it(formula: Term) -> None:
    found = paths(formula)
    assert found is not None
    every = [Term("and", BOOL, (constant(True, BOOL), *path.atoms())) for path in found]
    assert truths(Term("or", BOOL, (constant(False, BOOL), *every))) == truths(formula)


@given(formulas)
def test_a_path_without_a_variable_holds_where_some_value_of_it_does(formula: Term) -> None:
    """Equations define values within the range that is tried: x is a sum or difference of y."""
    wide = range(-60, 61)
    for path in (paths(formula) or [])[:4]:
        without = path.without_locals({Y})
        left = {p for atom in without.atoms() for p in atom.subterms()}
        if X in left:
            continue  # no equation defines it
        whole, rest = (
            Term("and", BOOL, (constant(True, BOOL), *p.atoms())) for p in (path, without)
        )
        if not any(equation and X in e.coefficients for e, equation in path.literals):
            continue
        for y in SMALL:
            some = any(value_of(whole, {"x": x, "y": y}) for x in wide)
            assert some == value_of(rest, {"y": y})


@settings(max_examples=60)
@given(formulas, formulas)
def test_a_shortened_formula_serves_and_is_no_longer(formula: Term, relevant: Term) -> None:
    """It has to agree with the given one where another formula holds."""
    where, wanted = truths(relevant), truths(formula)

    def serves(term: Term) -> bool:
        return all(a == b for a, b, here in zip(truths(term), wanted, where, strict=True) if here)

    short = shortened(formula, serves, math.inf)
    assert serves(short)
    assert short.size <= formula.size
    if not any(where):
        assert short.size == 1


@settings(max_examples=20, deadline=None)
@given(st.integers(-20, 20), st.lists(comparisons, min_size=1, max_size=3))
def test_a_shorter_answer_is_right_and_keeps_to_the_grammar(n: int, tests: list[Term]) -> None:
    """Conditionals that do not matter, around an answer, go."""
    (f,) = (problem := SUM).functions
    body = Term("+", INT, (X, Y))
    for test in tests:
        wrong = Term("ite", INT, (test, body, constant(n, INT)))
        body = Term("ite", INT, (test, wrong, Term("+", INT, (X, Y))))
    answer = Definition(f.name, f.params, INT, body)
    (short,) = shorter_answers(problem, [answer], time.monotonic() + 60)
    assert find_counterexample(problem, [short], time.monotonic() + 20) is None
    assert short.body.size == 3
    assert f.grammar is not None
    assert in_grammar(f.grammar, short.body)


def test_an_answer_to_examples_stays_as_it_is() -> None:
    problem = read("""(set-logic LIA) (synth-fun f ((x Int)) Int)
    (constraint (= (f 1) 2)) (constraint (= (f 2) 4)) (check-synth)""")
    (f,) = problem.functions
    answer = Definition(f.name, f.params, INT, Term("+", INT, (X, X, constant(0, INT))))
    assert shorter_answers(problem, [answer], time.monotonic() + 60) == (answer,)
