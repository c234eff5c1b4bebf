"""The operators in Python mean what they mean in z3."""

import itertools
import random
from typing import Any

import pytest
import z3
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.operators import result_sort
from dlcompare.synthesis.sygus.printer import compiled, print_python, python_expression
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    INT,
    STRING,
    Definition,
    Sort,
    Term,
    Value,
    constant,
    variable,
)
from dlcompare.synthesis.sygus.verification import to_z3, z3_value

B4 = Sort("BitVec", 4)
NUMBERS: tuple[Value, ...] = (-7, -2, -1, 0, 1, 2, 3, 10)
WORDS: tuple[Value, ...] = ("", "a", "ab", "aba", "7", "07", "x7", "-7", "b")
VALUES: dict[Sort, tuple[Value, ...]] = {
    INT: NUMBERS,
    BOOL: (False, True),
    STRING: WORDS,
    B4: tuple(range(16)),
}
BIT = "bvadd bvsub bvmul bvudiv bvurem bvsdiv bvsrem bvsmod bvshl bvlshr bvashr bvand bvor bvxor"
COMPARE = "bvult bvule bvugt bvuge bvslt bvsle bvsgt bvsge bvcomp concat = distinct"
TEXT = "str.prefixof str.suffixof str.contains str.< str.<= str.++ = distinct"
CASES: list[tuple[str, tuple[int, ...], tuple[Sort, ...]]] = [
    *((op, (), (B4, B4)) for op in (*BIT.split(), *COMPARE.split())),
    *((op, (), (B4,)) for op in ("bvneg", "bvnot")),
    ("extract", (2, 1), (B4,)),
    ("zero_extend", (3,), (B4,)),
    ("sign_extend", (3,), (B4,)),
    *((op, (), (INT, INT)) for op in ("+", "-", "*", "<", "<=", ">", ">=", "=", "distinct")),
    *((op, (), (INT,)) for op in ("-", "abs", "str.from_int", "str.from_code")),
    *((op, (), (BOOL, BOOL)) for op in ("and", "or", "xor", "=>", "=")),
    ("not", (), (BOOL,)),
    ("ite", (), (BOOL, INT, INT)),
    *((op, (), (STRING, STRING)) for op in TEXT.split()),
    *((op, (), (STRING,)) for op in ("str.len", "str.to_int", "str.to_code", "str.is_digit")),
    ("str.at", (), (STRING, INT)),
    ("str.substr", (), (STRING, INT, INT)),
    ("str.indexof", (), (STRING, STRING, INT)),
    ("str.replace", (), (STRING, STRING, STRING)),
    ("str.replace_all", (), (STRING, STRING, STRING)),
]


def call(op: str, *args: Term) -> Term:
    sort = result_sort(op, (), [arg.sort for arg in args])
    assert sort is not None
    return Term(op, sort, args)


EXPRESSIONS = st.recursive(
    st.one_of(
        st.text("ab", max_size=2).map(lambda s: call("str.to_re", constant(s, STRING))),
        st.sampled_from(["re.none", "re.all", "re.allchar"]).map(call),
        st.sampled_from(["ab", "aa", "ba", "bb"]).map(
            lambda s: call("re.range", *(constant(c, STRING) for c in s))
        ),
    ),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["re.*", "re.+", "re.opt", "re.comp"]), inner),
        st.tuples(st.sampled_from(["re.++", "re.union", "re.inter", "re.diff"]), inner, inner),
    ).map(lambda parts: call(*parts)),
    max_leaves=5,
)


@settings(deadline=None)
@given(EXPRESSIONS, st.text("abc", max_size=4))
def test_a_regular_expression_matches_what_it_does_in_z3(expression: Term, word: str) -> None:
    term = call("str.in_re", constant(word, STRING), expression)
    solver = z3.Solver()
    solver.add(to_z3(term, {}, {}))
    solver.set("timeout", 5000)
    verdict = solver.check()
    assume(verdict != z3.unknown)
    definition = Definition("f", (), BOOL, term)
    scope: dict[str, Any] = {}
    exec(print_python([definition], {}), scope)
    assert scope["f"]() == (verdict == z3.sat)


def both(
    op: str, indices: tuple[int, ...], sorts: tuple[Sort, ...], values: Any
) -> tuple[Any, Any]:
    sort = result_sort(op, indices, sorts)
    assert sort is not None
    args = tuple(constant(value, s) for value, s in zip(values, sorts, strict=True))
    term = Term(op, sort, args, indices=indices)
    ours = compiled(f"lambda: {python_expression(term, {})}")()
    # z3 leaves an equation of constants behind when it decides an order of strings.
    return ours, z3_value(z3.simplify(z3.simplify(to_z3(term, {}, {}))), sort)


@pytest.mark.parametrize(("op", "indices", "sorts"), CASES, ids=str)
def test_python_and_z3_agree(op: str, indices: tuple[int, ...], sorts: tuple[Sort, ...]) -> None:
    rows = list(itertools.product(*(VALUES[sort] for sort in sorts)))
    for values in random.Random(0).sample(rows, min(len(rows), 120)):
        ours, theirs = both(op, indices, sorts, values)
        assert ours == theirs, (op, values)


@pytest.mark.parametrize("op", ["div", "mod"])
def test_division_agrees_where_it_is_defined(op: str) -> None:
    for x, y in itertools.product(NUMBERS, NUMBERS):
        if y:
            ours, theirs = both(op, (), (INT, INT), (x, y))
            assert ours == theirs, (op, x, y)


def test_a_printed_function_stands_alone() -> None:
    s, i = variable("s", STRING), variable("class", INT)
    body = Term("str.substr", STRING, (s, i, Term("str.len", INT, (s,))))
    source = print_python(
        [Definition("rest of", (("s", STRING), ("class", INT)), STRING, body)], {}
    )
    scope: dict[str, Any] = {}
    exec(source, scope)
    assert scope["rest_of"]("abcdef", 2) == "cdef"
    assert scope["rest_of"]("abcdef", 9) == ""
