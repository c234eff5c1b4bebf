"""A program need not be shorter than a table that lists the whole domain."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.grammar.description_length import lists_whole_domain
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, STR, list_of, tuple_of

TRUTHS = (False, True)


def truth_table(count, outputs):
    """A signature of so many truth values, and the examples of a function of them."""
    names = [f"p{k}" for k in range(count)]
    rows = [dict(zip(names, row, strict=True)) for row in itertools.product(TRUTHS, repeat=count)]
    signature = Signature("f", tuple((name, BOOL) for name in names), BOOL)
    return signature, Examples.from_rows(names, rows, outputs)


@pytest.mark.parametrize(
    "outputs", [*itertools.product(TRUTHS, repeat=2), *itertools.product(TRUTHS, repeat=4)], ids=str
)
def test_every_function_of_one_or_two_truth_values_is_found_from_its_truth_table(outputs):
    signature, examples = truth_table(len(outputs) // 2, outputs)
    found = SynthesisLearner().fit(Problem(signature, examples), Budget(200_000), 0)
    assert tuple(found.predict(list(examples.rows()))) == outputs
    assert found.source.noise == ()


@settings(deadline=None, max_examples=8)
@given(st.tuples(*[st.booleans()] * 8))
def test_no_row_of_a_truth_table_is_taken_for_mislabelled(outputs):
    signature, examples = truth_table(3, outputs)
    try:
        found = SynthesisLearner().fit(Problem(signature, examples), Budget(300_000), 0)
    except NoProgramError:
        assert len(set(outputs)) == 2
        return
    assert tuple(found.predict(list(examples.rows()))) == outputs


def test_a_table_with_a_row_missing_or_twice_must_be_undercut():
    signature, examples = truth_table(1, (True, False))
    for part in (examples[:1], Examples({"p0": (True, True)}, (False, False))):
        assert not lists_whole_domain(signature, part)
    with pytest.raises(NoProgramError, match="the table of the examples takes no more"):
        SynthesisLearner().fit(Problem(signature, examples[:1]), Budget(50_000), 0)


def test_domains_are_finite_where_they_are_made_of_truth_values_alone():
    pair = tuple_of(BOOL, BOOL)
    pairs = tuple(itertools.product(TRUTHS, repeat=2))
    cells = tuple(itertools.product(pairs, TRUTHS))
    signature = Signature("f", (("pq", pair), ("r", BOOL)), INT)
    columns = dict(zip(("pq", "r"), zip(*cells, strict=True), strict=True))
    whole = Examples(columns, tuple(range(8)))
    assert lists_whole_domain(signature, whole)
    assert not lists_whole_domain(signature, whole[:7])
    for type_ in (INT, STR, list_of(BOOL), tuple_of(BOOL, INT)):
        other = Signature("f", (("x", type_),), BOOL)
        assert not lists_whole_domain(other, Examples({"x": (0, 1)}, (True, False)))
