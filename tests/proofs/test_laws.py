"""Primitives keep the laws that they declare of their elements, and programs are read by them."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import SCALAR
from dlcompare.synthesis.proofs.laws import applications

DECLARED = [each for each in PRIMITIVES.values() if each.elements is not None]
NUMBERS = st.integers(-3, 3)


@pytest.mark.parametrize("primitive", DECLARED, ids=lambda each: each.name)
@given(data=st.data())
def test_the_elements_come_from_where_it_is_declared(primitive, data):
    values = {
        name: (lambda y: y % 2 == 0)
        if type_.name == "function"
        else data.draw(NUMBERS if type_ == SCALAR else st.lists(NUMBERS, max_size=4), name)
        for name, type_ in primitive.parameters
    }
    expected = []
    for element in primitive.elements:
        source, _, test = element.partition(" if ")
        part = values[source] if isinstance(values[source], list) else [values[source]]
        expected += [y for y in part if not test or values[test](y)]
    assert eval(primitive.python, values) == expected


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("[z for z in acc if z < x]", {"filter"}),
        ("[x] + acc", {"cons", "concatenate"}),
        ("[z for z in acc]", set()),
        ("[z + 1 for z in acc if z < x]", set()),
        ("acc - [x]", set()),
    ],
)
def test_an_expression_is_read_as_what_it_is(source, names):
    node = ast.parse(source, mode="eval").body
    assert {each.primitive.name for each in applications(node)} == names
