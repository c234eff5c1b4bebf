"""A derived term is a word of the grammar and means what the term meant."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.derivation import derived
from dlcompare.synthesis.sygus.reader import read
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    VARIABLE,
    Definition,
    SygusGrammar,
    SygusProblem,
    Term,
    constant,
    variable,
)
from dlcompare.synthesis.sygus.verification import find_counterexample

X, Y = variable("x", INT), variable("y", INT)


def grammar(text: str) -> SygusGrammar:
    problem = read(f"(set-logic LIA) (synth-fun f ((x Int) (y Int)) Int {text}) (check-synth)")
    found = problem.functions[0].grammar
    assert found is not None
    return found


SMALL = grammar(
    "((I Int) (B Bool)) ((I Int (x y 0 1 (+ I I) (- I I) (ite B I I))) (B Bool ((<= I I))))"
)


def conditions(depth: int) -> st.SearchStrategy[Term]:
    numbers = st.one_of(st.sampled_from([X, Y]), st.integers(-9, 9).map(lambda n: constant(n, INT)))
    compared = st.builds(
        lambda op, x, y: Term(op, BOOL, (x, y)),
        st.sampled_from(["<", "<=", ">", ">=", "=", "distinct"]),
        numbers,
        numbers,
    )
    if not depth:
        return compared
    inner = conditions(depth - 1)
    return st.one_of(
        compared,
        inner.map(lambda c: Term("not", BOOL, (c,))),
        st.builds(
            lambda op, c, d: Term(op, BOOL, (c, d)),
            st.sampled_from(["and", "or", "=>"]),
            inner,
            inner,
        ),
    )


@given(conditions(2), st.integers(-20, 20))
def test_conditions_are_written_without_connectives(condition: Term, factor: int) -> None:
    product = Term("*", INT, (constant(factor, INT), X))
    term = Term("ite", INT, (condition, product, Y))
    found = derived(term, SMALL)
    assert found is not None
    assert {part.op for part in found.subterms()} <= {VARIABLE, CONSTANT, "+", "-", "ite", "<="}
    assert {part.value for part in found.subterms() if part.op == CONSTANT} <= {0, 1}
    params = (("x", INT), ("y", INT))
    same = Term("=", BOOL, (Term("f", INT, (X, Y)), term))
    problem = SygusProblem("LIA", (), params, (same,))
    answer = Definition("f", params, INT, found)
    assert find_counterexample(problem, [answer], time.monotonic() + 10) is None


@pytest.mark.parametrize("rules", ["x 1 (+ I I)", "x 0", "y (- I 1)"])
def test_a_term_that_no_rewriting_brings_into_the_grammar_is_not_derived(rules: str) -> None:
    assert derived(Term("-", INT, (X, Y)), grammar(f"((I Int)) ((I Int ({rules})))")) is None
