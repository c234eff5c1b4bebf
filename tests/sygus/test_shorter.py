"""A formula written otherwise means the same; a shortened answer is right and no longer."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.linear import value_of
from dlcompare.synthesis.sygus.paths import paths
from dlcompare.synthesis.sygus.shorter import shortened, tidied
from dlcompare.synthesis.sygus.syntax import BOOL, INT, Term, constant, variable

X, Y = variable("x", INT), variable("y", INT)
SMALL = range(-4, 5)

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
