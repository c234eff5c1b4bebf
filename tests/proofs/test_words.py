"""Bit operations are proved or refuted as Python's own integers have them."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError
from dlcompare.synthesis.proofs.verify import verify
from dlcompare.synthesis.proofs.words import differing
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.types import INT

BITS = 3
OPERATORS = ["+", "-", "*", "&", "|", "^", ">>", "<<", "//", "%", "<", "=="]


def expressions():
    leaves = st.sampled_from(["x", "y", "0", "1", "2", "5", "-3"])

    def larger(inner):
        pairs = st.tuples(inner, st.sampled_from(OPERATORS), inner)
        return st.one_of(
            pairs.map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            inner.map(lambda each: f"(~{each})"),
            inner.map(lambda each: f"(-{each})"),
            st.tuples(inner, inner).map(lambda p: f"min({p[0]}, {p[1]})"),
            st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
            st.tuples(inner, inner).map(lambda p: f"int({p[0]} > 0 and {p[1]} != 2)"),
        )

    return st.recursive(leaves, larger, max_leaves=5)


def answer(function, x, y):
    try:
        return function(x, y)
    except (ZeroDivisionError, ValueError):
        return None


@given(expressions(), expressions())
def test_a_difference_is_found_where_there_is_one(program, reference):
    written = [ast.parse(f"def f(x, y): return {e}").body[0] for e in (program, reference)]
    run = [eval(f"lambda x, y: {e}") for e in (program, reference)]
    differs = {
        (x, y)
        for x in range(2**BITS)
        for y in range(2**BITS)
        if answer(run[1], x, y) not in (None, answer(run[0], x, y))
    }
    try:
        found = differing(*written, ({}, {}), 20, BITS)
    except UnsupportedError:
        return
    assert (tuple(found.values()) in differs) if found else not differs


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return x & (x - 1)",
        "def f(x): return x & ~(x & -x)",
        "def f(x):\n    low = x & -x\n    return (x - low) & 0xffffffff if x else 0",
        "def f(x):\n    if x == 0:\n        return 0\n    x ^= x & -x\n    return x",
    ],
)
def test_the_rightmost_one_is_turned_off(source):
    task = catalogue()["hd01_rightmost_one_off"]
    proof = verify(source, task.signature, task.ensures, task.function)
    assert (proof.status, proof.bound) == ("proved", {"bits": 32}), proof.reason


@pytest.mark.parametrize(
    "source", ["def f(x): return x & (x - 2)", "def f(x): return 7 // (x & 1024)"]
)
def test_a_counterexample_is_an_input_that_it_fails_on(source):
    task = catalogue()["hd01_rightmost_one_off"]
    proof = verify(source, task.signature, task.ensures, task.function)
    assert proof.status == "refuted"
    inputs = proof.counterexample["inputs"]
    assert proof.counterexample.get("output") != task.function(**inputs)


def test_what_is_not_covered_is_said():
    task = catalogue()["hd01_rightmost_one_off"]
    proof = verify("def f(x): return 1 << x & 0", task.signature, task.ensures, task.function)
    assert proof.status == "unknown"
    assert "shift to the left" in proof.reason


def around(mask, absolute=abs):
    abs = absolute  # noqa: A001

    def inner(x):
        return (x & mask) + abs(x & 0)

    return inner


mask = 0


def test_names_of_a_function_around_the_reference_hide_those_of_its_module():
    signature = Signature("f", (("x", INT),), INT)
    top = 1 << 31  # no input that is tried has this bit
    wrong = verify("def f(x): return x & 0", signature, reference=around(top))
    assert (wrong.status, wrong.counterexample["inputs"]) == ("refuted", {"x": top})
    right = f"def f(x): return x & {top}"
    assert verify(right, signature, reference=around(top)).bound == {"bits": 32}
    own = around(top, lambda value: value + 1)
    assert verify(right, signature, reference=own).status != "proved"
