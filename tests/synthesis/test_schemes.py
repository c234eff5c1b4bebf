"""Recursion schemes: what is found through them, and how it grows."""

import pytest

from benchmarks.growth import comparisons, exponent, found_by, sorting
from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.schemes import PARAMORPHISM, RECURRENCE, SCHEMES, UNTIL
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.recursion_schemes import SchemeSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

INTS = list_of(INT)


@pytest.fixture(scope="module")
def found():
    problem = sorting(16, 0)
    return {scheme: found_by(scheme, problem) for scheme in ("unfold", "divide_and_conquer")}


@pytest.mark.parametrize(
    ("scheme", "least", "most"), [("unfold", 1.9, 2.1), ("divide_and_conquer", 1.05, 1.35)]
)
def test_two_ways_to_sort_grow_as_they_should(found, scheme, least, most):
    """Selection as n², quicksort as n log n: between these lengths a power of 1.15."""
    assert least < exponent(list(comparisons(found[scheme]))) < most


def test_they_sort_equal_values_and_print_as_python(found):
    for program in found.values():
        namespace = {}
        exec(program.python, namespace)
        assert namespace[program.name]([3, 1, 3, -2, 1]) == [-2, 1, 1, 3, 3]
        assert program.dsl.count("(") == program.dsl.count(")")


def first(scheme, signature, columns, function, most=45):
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    examples = Examples.from_rows(list(columns), rows, [function(**row) for row in rows])
    budget = SearchBudget(10**7, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    search = SchemeSearch(problem, [scheme])
    programs = (p for cost in range(most) for p in search.advance(cost))
    return next(p for p in programs if first_wrong(p, examples) is None)


def test_a_fold_that_sees_the_rest():
    """For every element what comes after it in sum."""
    columns = {"xs": ([1, 2, 1], [3, 3, 3, 4], [5], [2, 7, 7, 2, 8], [6, 4])}
    signature = Signature("after", (("xs", INTS),), INTS)

    def after(xs):
        return [sum(xs[i + 1 :]) for i in range(len(xs))]

    program = first(PARAMORPHISM, signature, columns, after)
    assert program.compile()([9, 1, 9, -9]) == [1, 0, -9, 0]


def test_a_step_again_and_again():
    columns = {"n": (4_321, 7, 98, 650, 10, 99_999, 1_000)}
    signature = Signature("first_digit", (("n", INT),), INT)
    program = first(UNTIL, signature, columns, lambda n: int(str(n)[0]))
    assert program.compile()(56_789_012) == 5


def test_every_number_from_the_two_before_it():
    """The numbers of Jacobsthal, 0 1 1 3 5 11 21 43 …"""
    columns = {"n": (2, 3, 5, 6, 8)}
    signature = Signature("jacobsthal", (("n", INT),), INT)
    program = first(RECURRENCE, signature, columns, lambda n: (2**n - (-1) ** n) // 3)
    assert program.compile()(20) == (2**20 - 1) // 3


def test_a_bound_name_is_never_that_of_a_parameter():
    columns = {"state": ([2, 1], [3], [1, 5, 4, 4], [6, 0, 2]), "x": (1, 2, 3, 4)}
    signature = Signature("out", (("state", INTS), ("x", INT)), INTS)
    program = first(SCHEMES[1], signature, columns, lambda state, x: sorted(state))  # noqa: ARG005
    assert program.compile()([5, 4, 5], 0) == [4, 5, 5]


def test_templates_name_every_hole_once():
    for scheme in SCHEMES:
        for hole in scheme.holes:
            assert scheme.template.count(f"${hole.name}") == 1
            assert {name for name, _ in hole.parameters} <= set(scheme.names)
