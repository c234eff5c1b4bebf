"""Costs learned from programs: bits, ordered by use, and worth it for what is used."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.grammar.costs import MOST, USUAL, learned, read, uses, write
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import search
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

INTS = list_of(INT)
NAMES = sorted(USUAL)
PROGRAMS = st.lists(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 9)), max_size=9)


@given(PROGRAMS)
def test_costs_are_positive_integers_for_every_production(programs):
    costs = learned(programs)
    assert costs.keys() == USUAL.keys()
    assert all(type(cost) is int and 1 <= cost <= MOST for cost in costs.values())


def test_without_programs_nothing_changes():
    assert learned([]) == USUAL


@given(PROGRAMS, st.sampled_from(NAMES), st.integers(1, 1000))
def test_what_is_used_more_costs_no_more_and_all_else_no_less(programs, name, more):
    before, after = learned(programs), learned([*programs, {name: more}])
    assert after[name] <= before[name]
    assert all(after[other] >= before[other] for other in NAMES if other != name)


@given(PROGRAMS, st.floats(1, 1e6))
def test_a_heavier_prior_stays_closer_to_the_usual_costs(programs, weight):
    light, heavy = learned(programs, weight), learned(programs, 2 * weight)
    assert all(abs(heavy[name] - USUAL[name]) <= abs(light[name] - USUAL[name]) for name in NAMES)


@given(PROGRAMS)
def test_what_is_written_is_what_is_read(tmp_path_factory, programs):
    file = tmp_path_factory.mktemp("costs") / "costs.json"
    write(file, learned(programs))
    assert read(file) == learned(programs)
    assert json.loads(file.read_text()) == learned(programs)


def found(function, costs=None):
    signature = Signature("f", (("xs", INTS),), INTS)
    lists = [[3, 1, 2], [5], [], [4, 4, 9, 0], [7, 1], [2, 8, 6, 5, 3]]
    examples = Examples.from_rows(["xs"], [{"xs": xs} for xs in lists], list(map(function, lists)))
    budget = SearchBudget(3_000_000, 2**30)
    program = search(
        SearchProblem(signature, examples, grammar_for(signature, costs=costs), budget)
    )
    assert [program.compile()(xs) for xs in lists] == list(map(function, lists))
    return program, budget.spent


def test_a_program_of_what_is_often_used_is_found_with_fewer_candidates():
    def pyramid(xs):
        return sorted(set(xs)) + sorted(set(xs))[::-1]

    program, candidates = found(pyramid)
    again, fewer = found(pyramid, learned([uses(program.expression)] * 20))
    assert fewer < candidates / 2
    assert again.cost < program.cost


@settings(max_examples=5, deadline=None)
@given(PROGRAMS)
def test_any_costs_find_programs_that_are_right(programs):
    found(lambda xs: [x + 1 for x in xs if x > 2], learned(programs))
