"""Tidy functions compute what the functions as composed compute, on short lines."""

import ast
import re
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.layout import WIDTH, text_of
from dlcompare.synthesis.dsl.tidy import tidied

HEADER = "def f(a: int, b: int, p: bool, s: str, xs: list[int], ys: list[int]):\n    return "
VARIABLES = ("y", "z", "yy", "y2", "a", "xs")

# Each operation by the kind of its result: a pattern, and the kinds of its operands.
OPERATIONS = {
    "int": [
        *((f"({{}} {op} {{}})", ("int", "int")) for op in ("+", "-", "*", "//", "%")),
        ("(-{})", ("int",)),
        ("abs({})", ("int",)),
        ("min({}, {})", ("int", "int")),
        ("max({}, {})", ("int", "int")),
        ("len({})", ("list",)),
        ("len({}[::-1])", ("str",)),
        ("len(list(dict.fromkeys({})))", ("list",)),
        ("sum({})", ("list",)),
        ("sum({}[::-1])", ("list",)),
        ("sum((1 for y in {} if {}))", ("list", "bool")),
        ("({} if {} else {})", ("int", "bool", "int")),
        ("(lambda y: {})({})", ("int", "int")),
        ("{}[{}]", ("list", "int")),
        ("min({})", ("list",)),
        ("int({})", ("str",)),
    ],
    "bool": [
        *((f"({{}} {op} {{}})", ("int", "int")) for op in ("<", "<=", ">", ">=", "==", "!=")),
        *((f"({{}} {op} {{}})", ("list", "list")) for op in ("==", "<")),
        ("(not {})", ("bool",)),
        ("(not not {})", ("bool",)),
        ("({} and {})", ("bool", "bool")),
        ("({} or {})", ("bool", "bool")),
        ("({} in {})", ("int", "list")),
        ("({} in list(range({})))", ("int", "int")),
        ("any(({} for z in {}))", ("bool", "list")),
        ("(True if {} else False)", ("bool",)),
        ("(False if {} else True)", ("bool",)),
        ("({} in {})", ("str", "str")),
        ("({} if {} else {})", ("bool", "bool", "bool")),
    ],
    "str": [
        ("({} + {})", ("str", "str")),
        ("({} * {})", ("str", "int")),
        ("{}[:{}]", ("str", "int")),
        ("{}[{}:]", ("str", "int")),
        ("{}[::-1]", ("str",)),
        ("str({})", ("int",)),
        ("{}.upper()", ("str",)),
        ("({} if {} else {})", ("str", "bool", "str")),
    ],
    "list": [
        ("({} + {})", ("list", "list")),
        ("[{}]", ("int",)),
        ("[{}, {}]", ("int", "int")),
        ("([] + {})", ("list",)),
        ("({} + [])", ("list",)),
        ("list(range({}))", ("int",)),
        ("list(range({}, {}))", ("int", "int")),
        ("list(dict.fromkeys({}))", ("list",)),
        ("{}[::-1]", ("list",)),
        ("{}[{}:]", ("list", "int")),
        ("sorted({}, key=lambda y: abs(y))", ("list",)),
        ("sorted({}, key=lambda z: {})", ("list", "int")),
        ("sorted(list(dict.fromkeys({})))", ("list",)),
        ("[y for y in {} if {}]", ("list", "bool")),
        ("[{} for y in {}]", ("int", "list")),
        ("[{} for z in {} for y in {}]", ("int", "list", "list")),
        ("[{} for a in {} if {}]", ("int", "list", "bool")),
        ("[{} for y2, yy in enumerate({})]", ("int", "list")),
        ("[len(y) for y in [list(y) for _, y in groupby({}, lambda y: 0)]]", ("list",)),
        ("({} if {} else {})", ("list", "bool", "list")),
    ],
}
LEAVES = {
    "int": ["a", "b", "0", "1", "2", "8", "(-1)"],
    "bool": ["p", "True", "False"],
    "str": ["s", "''", "'ab'", "'1'"],
    "list": ["xs", "ys", "[]", "[1]"],
}
BOUND = {"y": "y", "z": "z", "a": "a", "y2": "y2", "yy": "yy"}


@st.composite
def expressions(draw, kind=None, depth=4, bound=()):
    """Draw the text of an expression; a comprehension's variables may occur in its parts."""
    kind = kind or draw(st.sampled_from(sorted(OPERATIONS)))
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(LEAVES[kind] + (list(bound) if kind == "int" else [])))
    pattern, kinds = draw(st.sampled_from(OPERATIONS[kind]))
    own = [
        name for name in ("y", "z", "y2", "yy") if re.search(rf"(for|lambda|,) {name}\b", pattern)
    ]
    inner = tuple(dict.fromkeys([*bound, *own]))
    parts = [
        draw(expressions(part, depth - 1, bound if outside else inner))
        for part, outside in zip(kinds, _outside(pattern), strict=True)
    ]
    return pattern.format(*parts)


def _outside(pattern):
    """Return for each part whether it stands outside of the scope of the bound variables."""
    before = pattern.split("{}")[:-1]
    called = pattern.startswith("(lambda")
    return [
        each.endswith(("in ", "enumerate(", "groupby(", "sorted(")) or (called and place == 1)
        for place, each in enumerate(before)
    ]


def result(function, values):
    """Return the value with its types, or that the function raises."""
    try:
        return repr(function(*values))
    except (ArithmeticError, LookupError, ValueError, TypeError, NameError):
        return "raises"


def compiled(source):
    namespace = {"groupby": groupby}
    exec(source, namespace)
    return namespace["f"]


NUMBERS = st.lists(st.integers(-3, 9), max_size=5)
INPUTS = st.tuples(
    st.integers(-3, 9), st.integers(-3, 9), st.booleans(), st.text("ab1", max_size=3), NUMBERS,
    NUMBERS,
)  # fmt: skip


@given(expressions(), st.lists(INPUTS, min_size=1, max_size=4))
@settings(max_examples=600, deadline=None)
def test_tidy_functions_compute_the_same(expression, inputs):
    (function,) = ast.parse(HEADER + expression).body
    text = "\n".join(text_of(tidied(function)))
    raw, tidy = compiled(HEADER + expression), compiled(text)
    for values in inputs:
        assert result(tidy, values) == result(raw, values), text


@given(expressions(depth=6))
@settings(max_examples=400, deadline=None)
def test_layout_keeps_the_tree_on_short_lines(expression):
    (function,) = ast.parse(HEADER + expression).body
    lines = text_of(function)
    (again,) = ast.parse("\n".join(lines)).body
    assert ast.dump(again) == ast.dump(function)
    assert all(len(line) <= WIDTH for line in lines)
