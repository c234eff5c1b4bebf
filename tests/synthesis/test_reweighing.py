"""Costs learned on the way: what fits gets cheaper, and programs keep their usual costs."""

import contextlib
import random
import time
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.bank import expansion
from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.dsl.program import Apply, Constant, Lambda, Variable
from dlcompare.synthesis.grammar.constants import constants_of
from dlcompare.synthesis.grammar.costs import MOST, competing
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import NoProgramYetError, first_wrong, search
from dlcompare.synthesis.strategies.reweighing import ReweighedSearch, reweighed
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.strategies.terms import TermSearch
from dlcompare.synthesis.synthesizer import SynthesisLearner, create
from dlcompare.tasks import problem as contract
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import Examples, Problem, Signature
from dlcompare.tasks.types import INT, list_of

INTS = list_of(INT)
GRAMMAR = grammar_for(Signature("f", (("xs", INTS),), INTS))
USUAL = {each.name: each.cost for each in GRAMMAR.primitives}
GROUP = {each.name: competing(each.result) for each in GRAMMAR.primitives}
NAMES = sorted(USUAL)
FITS = st.dictionaries(st.sampled_from(NAMES), st.floats(0, 1), max_size=12)

FUNCTIONS = {
    "a list": lambda xs, k: sorted(x for x in xs if x > k),
    "a choice": lambda xs, k: sum(xs) if k > 4 else max(xs),
    "a difference": lambda xs, k: max(xs) * k - min(xs),
    "pieces": lambda xs, k: [*xs, k, *xs[4:]],
    "most of a list": lambda xs, k: xs[:k] if k < 5 else xs[::-1],
}

LISTS = ("a list", "pieces", "most of a list")


def problem_of(function, size=10):
    rng = random.Random(0)
    rows = [
        {"xs": [rng.randrange(20) for _ in range(rng.randrange(1, 8))], "k": rng.randrange(10)}
        for _ in range(size)
    ]
    outputs = [function(**row) for row in rows]
    result = INTS if isinstance(outputs[0], list) else INT
    signature = Signature("f", (("xs", INTS), ("k", INT)), result)
    return signature, Examples.from_rows(["xs", "k"], rows, outputs)


def without_a_rule():
    rng = random.Random(0)
    return problem_of(lambda xs, k: sorted(xs) if rng.random() < 0.5 else [rng.randrange(10**6), k])


@given(FITS)
def test_costs_are_positive_integers_for_every_primitive(fit):
    costs = reweighed(GRAMMAR, fit)
    assert costs.keys() == USUAL.keys()
    assert all(type(cost) is int and cost >= 1 for cost in costs.values())


def test_without_partial_solutions_nothing_changes():
    assert reweighed(GRAMMAR, {}) == USUAL


@given(FITS)
def test_what_fits_gets_cheaper_beside_what_it_competes_with_and_that_never_cheaper(fit):
    costs = reweighed(GRAMMAR, fit)
    others = [name for name in NAMES if not fit.get(name)]
    assert all(costs[other] >= USUAL[other] for other in others)
    for name in fit:
        for other in others:
            if GROUP[name] == GROUP[other]:
                assert costs[name] - USUAL[name] <= costs[other] - USUAL[other]


@given(FITS, st.sampled_from(NAMES), st.floats(0, 1))
def test_a_better_fit_costs_no_more_and_all_else_no_less(fit, name, more):
    before, after = (
        reweighed(GRAMMAR, {**fit, name: each(fit.get(name, 0), more)}) for each in (min, max)
    )
    assert after[name] <= before[name]
    assert all(after[other] >= before[other] for other in NAMES if other != name)


@pytest.mark.parametrize("name", [name for name in NAMES if USUAL[name] > 2])
def test_what_all_examples_speak_for_gets_cheaper(name):
    assert reweighed(GRAMMAR, {name: 1})[name] < USUAL[name]


def in_step(function, highest, candidates=3_000_000):
    """The programs of a search, and of one that learns from it; the latter, and the examples."""
    signature, examples = problem_of(function)
    budget = SearchBudget(candidates, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    terms = TermSearch(problem, rows=len(examples))
    other = ReweighedSearch(terms)
    usual, learned = [], []
    for cost in range(1, highest):
        usual += terms.advance(cost)
        learned += other.advance(cost)
    usual += terms.best()
    learned += other.best()
    return usual, learned, other, examples


def bits(expression, constants, inside=False):
    """The usual cost of an expression; inside a function a list from outside it is dearer."""
    match expression:
        case Variable(name):
            return 3 if inside and name == "xs" else 1
        case Constant(value):
            return constants[INT, value]
        case Apply(primitive, arguments):
            parts = (bits(each, constants, inside) for each in arguments)
            return USUAL[primitive.name] + sum(parts)
        case Lambda(_, body):
            return bits(body, constants, True)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in LISTS])
def test_a_program_costs_the_sum_of_the_usual_costs(name):
    _, learned, other, examples = in_step(FUNCTIONS[name], 19)
    constants = constants_of(other.terms.signature, examples)
    assert learned
    for program in learned:
        assert program.cost == bits(program.expression, constants)


@pytest.mark.parametrize("name", LISTS)
def test_a_program_costs_what_it_does_in_the_search_at_the_usual_costs(name):
    usual, learned, *_ = in_step(FUNCTIONS[name], 19)
    costs = {program.dsl: program.cost for program in usual}
    both = [program for program in learned if program.dsl in costs]
    assert both
    assert all(program.cost == costs[program.dsl] for program in both)


def test_primitives_of_partial_solutions_are_rewarded():
    *_, other, _ = in_step(lambda xs, k: xs[::-1] if k else [9, 8, 7, k, *xs], 14)
    assert 0 < other.fit["reverse"] < 1
    assert other.costs["reverse"] < USUAL["reverse"]
    assert "sort" in other.costs
    assert other.costs["range"] >= USUAL["range"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_any_number_of_threads_ends_with_the_same_program_which_is_right(name):
    signature, examples = problem_of(FUNCTIONS[name])

    def searched(threads):
        budget = SearchBudget(2_000_000, 2**30, threads=threads)
        program = search(
            SearchProblem(signature, examples, grammar_for(signature), budget), reweigh=True
        )
        assert first_wrong(program, examples) is None
        return program.text, budget.spent

    alone = searched(1)
    with mock.patch.object(expansion, "STRETCH", 1_024):
        assert searched(2) == searched(3) == alone


def test_it_spends_as_many_candidates_as_it_may():
    signature, examples = without_a_rule()
    for reweigh in (False, True):
        with pytest.raises(NoProgramError, match="100,000 candidates") as caught:
            SynthesisLearner(reweigh=reweigh).fit(
                Problem(signature, examples), contract.Budget(candidates=100_000), 0
            )
        assert caught.value.cost.candidates == 100_000


def test_no_bank_grows_when_the_memory_for_all_is_used_up():
    signature, examples = without_a_rule()

    def banks(size):
        budget = SearchBudget(600_000, size)
        terms = TermSearch(SearchProblem(signature, examples, grammar_for(signature), budget))
        other = ReweighedSearch(terms)
        with contextlib.suppress(BudgetSpentError):
            for cost in range(1, MOST):
                list(terms.advance(cost))
                list(other.advance(cost))
        return sum(bank.nbytes for bank in budget.banks), terms.bank.frozen, other.inner.bank.frozen

    small, *frozen = banks(2**25)
    large, *growing = banks(2**30)
    assert all(frozen)
    assert not any(growing)
    assert small < large / 2


def test_it_ends_when_its_time_is_over():
    signature, examples = without_a_rule()
    budget = SearchBudget(10**12, 2**30, deadline=time.monotonic())
    with pytest.raises(NoProgramYetError, match="its time"):
        search(SearchProblem(signature, examples, grammar_for(signature), budget), reweigh=True)


def test_the_option_is_yes_or_no():
    assert create({"reweigh": "yes"}, "cpu") == SynthesisLearner(reweigh=True)
    assert create({"reweigh": "no"}, "cpu") == create({}, "cpu") == SynthesisLearner()
    with pytest.raises(InputError, match=r"reweigh=maybe: .*reweigh \(no, yes\)"):
        create({"reweigh": "maybe"}, "cpu")
