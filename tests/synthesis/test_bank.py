"""The bank: what it holds is true, distinct, complete and in order."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis import engine
from dlcompare.synthesis.bank import (
    OP_KINDS,
    Budget,
    BudgetSpentError,
    Scope,
    ScopeVariable,
    TermBank,
)
from dlcompare.synthesis.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.packing import LIST_KIND
from dlcompare.synthesis.program import Program, Variable
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, list_of

TYPES = [INT, BOOL, list_of(INT)]
ALL = range(len(engine.OPS))


def scope_of(rows):
    ks, lists = zip(*rows, strict=True)
    return Scope(
        (ScopeVariable(Variable("k"), 0, 1, ks), ScopeVariable(Variable("xs"), 2, 1, lists))
    )


def bank_of(rows, ops=ALL, candidates=200_000):
    scope, budget = scope_of(rows), Budget(candidates, 2**30)
    functions = FunctionBodies(scope, ops, "y", budget)
    return TermBank(scope, ops, functions, budget), functions


def value_of(bank, term, kind, row):
    rows, words = bank.scope.rows, bank.packed.words
    start = int(bank.packed.starts[term])
    if kind != LIST_KIND:
        return [int, bool][kind](words[start + row])
    lengths = words[start : start + rows]
    at = start + rows + int(lengths[:row].sum())
    return [int(v) for v in words[at : at + lengths[row]]]


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
    ops = [i for i, op in enumerate(engine.OPS) if op.name in names]
    rows = [(2, [1]), (5, [2]), (-3, [3])]
    ks = tuple(k for k, _ in rows)
    terms = {1: {ks}}
    for cost in range(2, 14):
        found = {(0,) * 3, (1,) * 3} if cost == 3 else set()
        for op, (name, symbol) in itertools.product(
            ops, {"add": "+", "multiply": "*", "subtract": "-"}.items()
        ):
            if engine.OPS[op].name == name:
                for left in range(1, cost - engine.OPS[op].cost):
                    right = cost - engine.OPS[op].cost - left
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


def test_the_order_of_primitives_changes_no_behaviour():
    rows = [(3, [5, 1, 5]), (0, [2]), (7, [])]
    found = []
    for seed in range(3):
        ops = list(np.random.default_rng(seed).permutation(len(engine.OPS)))
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
                    for kind, argument in zip(OP_KINDS[op], bank.packed.args[term], strict=True):
                        assert not 0 <= kind <= LIST_KIND or argument < term
