"""The bank: what it holds is true, distinct, complete and in order."""

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.bank.language import language_of
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, ScopeVariable
from dlcompare.synthesis.compiled.packing import FUNCTIONS_FROM
from dlcompare.synthesis.dsl.program import Program, Variable
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, list_of

TYPES = [INT, BOOL, list_of(INT)]
LANGUAGE = language_of(TYPES)
ALL = range(len(LANGUAGE.operations))


def scope_of(rows):
    ks, lists = zip(*rows, strict=True)
    return Scope(
        (
            ScopeVariable(Variable("k"), INT, 1, ks),
            ScopeVariable(Variable("xs"), list_of(INT), 1, lists),
        )
    )


def bank_of(rows, ops=ALL, candidates=400_000, size=2**30, goal=None):
    scope, budget = scope_of(rows), SearchBudget(candidates, size)
    functions = FunctionBodies(LANGUAGE, scope, ops, ("y", "z"), budget)
    return TermBank(LANGUAGE, scope, ops, functions, budget, goal), functions


def value_of(bank, term, kind, row):
    return bank.values(term, TYPES[kind])[row]


ROWS = st.lists(
    st.tuples(st.integers(-3, 9), st.lists(st.integers(-9, 99), max_size=6)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_the_value_of_a_term_is_what_its_python_gives(rows):
    bank, functions = bank_of(rows)
    seen = 0
    for cost in range(1, 9):
        for kind, terms, _ in bank.level(cost):
            for term in map(int, terms[:: max(1, len(terms) // 40)]):
                seen += 1
                signature = Signature("f", (("k", INT), ("xs", list_of(INT))), TYPES[kind])
                expression = term_expression(bank, term, functions)
                function = Program(signature, expression, cost).compile()
                for row, (k, xs) in enumerate(rows):
                    assert function(k, xs) == value_of(bank, term, kind, row)
    assert seen >= 5


@settings(max_examples=12, deadline=None)
@given(ROWS)
def test_no_behaviour_is_kept_twice(rows):
    bank, _ = bank_of(rows)
    behaviours = set()
    for cost in range(1, 9):
        for kind, terms, _ in bank.level(cost):
            for term in map(int, terms):
                behaviour = (kind, repr([value_of(bank, term, kind, r) for r in range(len(rows))]))
                assert behaviour not in behaviours
                behaviours.add(behaviour)


def test_every_value_of_a_small_language_is_found():
    """Against a brute-force enumeration of integer terms in plain Python."""
    names = ("zero", "one", "add", "multiply", "subtract")
    primitives = [op.primitive for op in LANGUAGE.operations]
    ops = [i for i, primitive in enumerate(primitives) if primitive.name in names]
    rows = [(2, [1]), (5, [2]), (-3, [3])]
    ks = tuple(k for k, _ in rows)
    terms = {1: {ks}}
    for cost in range(2, 14):
        found = {(0,) * 3, (1,) * 3} if cost == 3 else set()
        for op, (name, symbol) in itertools.product(
            ops, {"add": "+", "multiply": "*", "subtract": "-"}.items()
        ):
            if primitives[op].name == name:
                for left in range(1, cost - primitives[op].cost):
                    right = cost - primitives[op].cost - left
                    for a, b in itertools.product(terms.get(left, ()), terms.get(right, ())):
                        found.add(
                            tuple(eval(f"{x} {symbol} ({y})") for x, y in zip(a, b, strict=True))
                        )
        terms[cost] = found - set().union(*terms.values())
    bank, _ = bank_of(rows, ops)
    for cost in range(1, 14):
        got = {
            tuple(value_of(bank, int(term), 0, row) for row in range(3))
            for kind, new, _ in bank.level(cost)
            for term in new
            if kind == 0
        }
        assert got == terms[cost]


@pytest.mark.parametrize("name", ["map", "zip_with", "scan"])
@pytest.mark.parametrize("value", ["k", "one"])
def test_a_function_may_pass_over_its_elements(name, value):
    rows = [(7, [1, 2, 5]), (8, [6, 6, 0, 3, 1])]
    primitives = [op.primitive for op in LANGUAGE.operations]
    ops = [i for i, primitive in enumerate(primitives) if primitive.name in (name, "one")]
    cost = {primitive.name: primitive.cost for primitive in primitives} | {"k": 1}
    lists = {"map": ["xs"], "scan": ["xs"], "zip_with": ["xs", "xs"]}[name]
    bank, _ = bank_of(rows, ops)
    wanted = [[*xs[:1]] * (name == "scan") for _, xs in rows]
    for row, (k, xs) in enumerate(rows):
        wanted[row] += [{"k": k, "one": 1}[value]] * (len(xs) - len(wanted[row]))
    found = {
        at: [bank.values(int(term), list_of(INT)) for term in terms]
        for at in range(1, cost[name] + cost[value] + len(lists) + 1)
        for kind, terms, _ in bank.level(at)
        if TYPES[kind] == list_of(INT)
    }
    assert wanted in found[cost[name] + cost[value] + len(lists)]


def test_the_order_of_primitives_changes_no_behaviour():
    rows = [(3, [5, 1, 5]), (0, [2]), (7, [])]
    found = []
    for seed in range(3):
        ops = list(np.random.default_rng(seed).permutation(len(ALL)))
        bank, _ = bank_of(rows, ops)
        found.append(
            {
                (cost, kind, repr([value_of(bank, int(term), kind, row) for row in range(3)]))
                for cost in range(1, 10)
                for kind, terms, _ in bank.level(cost)
                for term in terms
            }
        )
    assert found[0] == found[1] == found[2]


def test_the_budget_holds_to_the_candidate():
    bank, _ = bank_of([(3, [5, 1, 5]), (0, [2, 2])], candidates=5_000)
    levels = itertools.chain.from_iterable(bank.level(cost) for cost in range(1, 40))
    with pytest.raises(BudgetSpentError, match="5,000 candidates"):
        list(levels)
    assert bank.budget.spent == 5_000


def test_arguments_stand_before_the_terms_made_of_them():
    bank, _ = bank_of([(3, [5, 1, 5]), (0, [2, 2])])
    for cost in range(1, 10):
        for _, terms, _ in bank.level(cost):
            for term in terms:
                op = bank.packed.ops[term]
                if op >= 0:
                    for kind, argument in zip(
                        LANGUAGE.kinds[op], bank.packed.args[term], strict=True
                    ):
                        assert not 0 <= kind < FUNCTIONS_FROM or argument < term


def test_a_bank_at_its_memory_limit_goes_on_without_growing():
    rows = [(3, [5, 1, 5, 8]), (1, [2, 2]), (2, [9, 4, 7])]
    goal = (list_of(INT), tuple([k, *(x + k for x in xs), k + 1] for k, xs in rows))
    bank, functions = bank_of(rows, candidates=30_000_000, size=1_000_000, goal=goal)
    levels = itertools.chain.from_iterable(bank.level(cost) for cost in range(1, 40))
    term = next(met for _, _, met in levels if met is not None)
    assert bank.frozen
    assert sum(array.nbytes for array in bank.packed) <= 1_000_000
    signature = Signature("f", (("k", INT), ("xs", list_of(INT))), list_of(INT))
    function = Program(signature, term_expression(bank, term, functions), 0).compile()
    assert [function(*row) for row in rows] == list(goal[1])


def test_a_bank_at_its_memory_limit_meets_its_goal_once():
    """Of its many terms that are true on every row it has room for few."""
    bank, _ = bank_of([(3, [5]), (1, [2])], candidates=3_000_000, size=1_000_000)
    budget = SearchBudget(3_000_000, 1_000_000)
    bank = TermBank(LANGUAGE, bank.scope, ALL, bank.functions, budget, (BOOL, [True, True]))
    bank.frozen = True
    levels = itertools.chain.from_iterable(bank.level(cost) for cost in range(1, 40))
    met = [term for _, _, term in levels if term is not None]
    assert len(met) == 1


def test_the_clock_ends_a_search():
    bank, _ = bank_of([(3, [5, 1, 5]), (0, [2, 2])], candidates=10**9)
    bank.budget.deadline = time.monotonic() + 0.5
    levels = itertools.chain.from_iterable(bank.level(cost) for cost in range(1, 40))
    with pytest.raises(BudgetSpentError, match="time"):
        list(levels)


def test_a_bank_has_room_for_all_its_variables():
    """More than it has room for at the start."""
    count = 9_000
    variables = tuple(
        ScopeVariable(Variable(f"v{n}"), INT, 1, (n + 10, 2 * n + 10)) for n in range(count)
    )
    scope, budget = Scope(variables), SearchBudget(10**6, 2**30)
    bank = TermBank(LANGUAGE, scope, ALL, FunctionPool(LANGUAGE, Scope(())), budget)
    terms = [int(term) for _, found, _ in bank.level(1) for term in found]
    assert [tuple(bank.values(term, INT)) for term in terms] == [v.values for v in variables]
