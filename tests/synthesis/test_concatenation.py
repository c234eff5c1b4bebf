"""A concatenation gives the outputs, and is the cheapest that there is."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.program import Constant
from dlcompare.synthesis.strategies.concatenation import Concatenation, Piece
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR, list_of

JOINT = 3
VALUES = st.lists(st.sampled_from("ab"), min_size=1, max_size=2).map("".join)
PIECES = st.lists(st.tuples(VALUES, VALUES, st.integers(1, 20)), min_size=1, max_size=5)


def cost_of(way):
    return sum(piece.cost for piece in way) + JOINT * (len(way) - 1)


@settings(deadline=None)
@given(PIECES, st.lists(st.integers(0, 4), min_size=2, max_size=4))
def test_the_cheapest_way_is_found(table, order):
    pieces = [Piece(i, cost, False, (a, b)) for i, (a, b, cost) in enumerate(table)]
    way = [pieces[i % len(pieces)] for i in order]
    outputs = ["".join(piece.values[row] for piece in way) for row in range(2)]
    search = Concatenation(outputs, JOINT)
    for piece in pieces:
        search.add(piece)
    cost, found = search.cheapest() or (0, way)
    for row, output in enumerate(outputs):
        assert "".join(piece.values[row] for piece in found) == output
    if cost:
        assert cost == cost_of(found)
        assert all(cost <= cost_of(other) for other in ways(pieces, outputs, len(way)))


def ways(pieces, outputs, longest):
    """Every concatenation of at least two of the pieces that gives the outputs."""
    for size in range(2, longest + 1):
        for way in itertools.product(pieces, repeat=size):
            joined = ["".join(piece.values[row] for piece in way) for row in range(2)]
            if joined == outputs:
                yield way


def test_a_literal_stands_where_all_outputs_go_on_alike():
    search = Concatenation(["<x>", "<yz>"], JOINT)
    search.add(Piece(0, 1, False, ("x", "yz")))
    _, way = search.cheapest()
    assert [piece.term for piece in way] == [Constant("<"), 0, Constant(">")]


def test_without_pieces_there_is_no_concatenation():
    assert Concatenation(["ab", "ab"], JOINT).cheapest() is None


@pytest.mark.parametrize(
    ("type_", "columns", "outputs", "question", "answer"),
    [
        (
            list_of(INT),
            ([13, 6, 15, 16, 4], [6, 7, 6, 12, 4, 8, 16], [15, 9, 4, 8, 5], [1, 2, 3, 4]),
            ([15, 16, 4, 13, 6], [4, 8, 16, 6, 7, 6, 12], [4, 8, 5, 15, 9], [2, 3, 4, 1]),
            [1, 2, 3, 4, 5, 6],
            [4, 5, 6, 1, 2, 3],
        ),
        (
            STR,
            ("Ada Lovelace", "Alan Turing", "Grace Hopper"),
            ("Lovelace, A.", "Turing, A.", "Hopper, G."),
            "Kurt Goedel",
            "Goedel, K.",
        ),
    ],
    ids=["lists", "text"],
)
def test_programs_are_put_together(type_, columns, outputs, question, answer):
    problem = Problem(Signature("f", (("x", type_),), type_), Examples({"x": columns}, outputs))
    predictor = SynthesisLearner().fit(problem, Budget(3_000_000), 0)
    assert predictor.predict([{"x": question}]) == [answer]
