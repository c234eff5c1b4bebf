"""Equations that hold in all states are found, and no others."""

from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.affine import equations

NUMBERS = st.integers(-9, 9)
STATES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[NUMBERS] * width), min_size=1, max_size=8)
)


@given(STATES)
def test_every_equation_holds_in_every_state(states: list[tuple[int, ...]]) -> None:
    for *coefficients, offset in equations(states):
        assert any(coefficients)
        for state in states:
            assert sum(c * x for c, x in zip(coefficients, state, strict=True)) + offset == 0


@given(NUMBERS, NUMBERS, NUMBERS, st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=9))
def test_a_relation_between_three_variables_is_among_them(
    a: int, b: int, c: int, pairs: list[tuple[int, int]]
) -> None:
    states = [(x, y, a * x + b * y + c) for x, y in pairs]
    found = equations(states)
    assert found
    # What they leave open is no more than a plane: four numbers, one relation at least.
    if len(found) == 1:
        *coefficients, offset = found[0]
        scale = coefficients[2]
        assert [coefficients[0], coefficients[1], offset] == [-a * scale, -b * scale, -c * scale]


def test_no_states_have_no_equations() -> None:
    assert equations([]) == []
