"""Four sorts from one specification, proved for every length."""

import ast

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.growth import comparisons, fitted
from dlcompare.compare.cli.algorithms import command
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError
from dlcompare.synthesis.specifications.designs import DESIGNS, INSERTION, MERGING, PARTITION
from dlcompare.synthesis.specifications.sorting_algorithms import WITHOUT, sorting_algorithms
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.registry import catalogue

GROWTH = {
    "insertion_sort": "n²",
    "selection_sort": "n²",
    "merge_sort": "n log n",
    "quick_sort": "n log n",
}


@pytest.fixture(scope="module")
def found():
    return {each.name: each for each in sorting_algorithms(catalogue()["sorting"].ensures)}


@pytest.fixture(scope="module")
def falling():
    return list(sorting_algorithms(catalogue()["descending"].ensures, [MERGING, PARTITION]))


def test_every_design_gives_a_program_proved_for_every_length(found):
    assert list(found) == [design.name for design in DESIGNS] == list(GROWTH)
    for each in found.values():
        assert (each.proof.status, each.proof.method, each.proof.bound) == (
            "proved",
            "induction",
            {},
        )


@given(xs=st.lists(st.integers(-4, 4) | st.integers(), max_size=30))
def test_they_sort(found, falling, xs):
    for each in found.values():
        assert each.compile()(xs) == sorted(xs)
    for each in falling:
        assert each.compile()(xs) == sorted(xs, reverse=True)


def test_their_comparisons_grow_as_they_should(found):
    assert {
        name: fitted(list(comparisons(each.compile()))) for name, each in found.items()
    } == GROWTH


def test_they_are_plain_functions_without_what_is_withheld(found):
    for each in found.values():
        tree = ast.parse(each.python)
        assert [node.name for node in tree.body] == [*each.contracts, each.name]
        assert not any(isinstance(node, ast.Lambda) for node in ast.walk(tree))
        called = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert called <= {*each.contracts, each.name, "len"}
    assert {"sort", "smallest", "largest"} <= WITHOUT


def test_what_is_no_specification_of_sorting_is_refused():
    with pytest.raises(UnsupportedError):
        next(sorting_algorithms(lambda xs, result: len(xs) == len(result), [INSERTION]))


@pytest.mark.parametrize("task", ["reverse", "addition", "no_such_task"])
def test_the_command_refuses_what_does_not_sort(task):
    result = CliRunner().invoke(command, [task])
    assert isinstance(result.exception, InputError)
