"""Types come from annotations, and values are checked against them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.types import BOOL, INT, STR, check, freeze, from_annotation, list_of, tuple_of

ANNOTATIONS = st.recursive(
    st.sampled_from([bool, int, str]),
    lambda inner: (
        inner.map(lambda t: list[t]) | st.lists(inner, min_size=1).map(lambda ts: tuple[tuple(ts)])
    ),
    max_leaves=6,
)


@given(ANNOTATIONS)
def test_a_type_prints_as_its_annotation(annotation):
    type_ = from_annotation(annotation)
    assert from_annotation(eval(str(type_))) == type_


@pytest.mark.parametrize("annotation", [float, list, dict[str, int], tuple[int, ...], None, "int"])
def test_other_annotations_are_refused_with_a_sentence(annotation):
    with pytest.raises(InputError, match="cannot be used"):
        from_annotation(annotation)


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (True, INT),
        (1, BOOL),
        (1.0, INT),
        ([1, "a"], list_of(INT)),
        ((1,), tuple_of(INT, STR)),
        ([1], tuple_of(INT)),
        (None, STR),
    ],
)
def test_a_value_of_another_type_is_named(value, type_):
    with pytest.raises(InputError, match=r"the answer is .* not of type"):
        check(value, type_, "the answer")


@given(st.lists(st.lists(st.integers())))
def test_frozen_values_are_hashable_and_tell_values_apart(value):
    assert hash(freeze(value)) == hash(freeze([list(inner) for inner in value]))
    assert freeze([*value, []]) != freeze(value)
