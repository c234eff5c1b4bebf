"""Candidates evaluated on several cores: nothing of what is found depends on how many there are."""

import random
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank import expansion
from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.lambdas import FunctionBodies
from dlcompare.synthesis.bank.language import language_of
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable
from dlcompare.synthesis.dsl.program import Variable
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import search
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, list_of

INTS = list_of(INT)
LANGUAGE = language_of([INT, BOOL, INTS])
ALL = range(len(LANGUAGE.operations))
GOALS = {
    "none": None,
    "a list": (INTS, lambda k, xs: [k, *(x + k for x in xs), k + 1]),
    "a truth": (BOOL, lambda *row: len(row) == 2),
}
ROWS = st.lists(
    st.tuples(st.integers(-3, 9), st.lists(st.integers(-9, 99), max_size=6)),
    min_size=1,
    max_size=4,
)


def enumerated(rows, threads, candidates, size, goal):
    """All that a bank yields, its terms, and what it took."""
    ks, lists = zip(*rows, strict=True)
    variables = (("k", INT, ks), ("xs", INTS, lists))
    scope = Scope(
        tuple(ScopeVariable(Variable(name), type_, 1, column) for name, type_, column in variables)
    )
    budget = SearchBudget(candidates, size, threads=threads)
    functions = FunctionBodies(LANGUAGE, scope, ALL, ("y", "z"), budget)
    wanted = None if GOALS[goal] is None else (GOALS[goal][0], [GOALS[goal][1](*r) for r in rows])
    bank = TermBank(LANGUAGE, scope, ALL, functions, budget, wanted)
    found = []
    try:
        for cost in range(1, 40):
            for kind, terms, met in bank.level(cost):
                found.append((cost, kind, terms.tolist(), met))
    except BudgetSpentError as spent:
        found.append(str(spent))
    terms, words = map(int, bank.packed.state[:2])
    parts = (
        bank.packed.ops[:terms],
        bank.packed.args[:terms],
        bank.packed.words[:words],
        bank.packed.table,
    )
    return found, budget.spent, bank.frozen, [part.tolist() for part in parts]


@settings(max_examples=12, deadline=None)
@given(
    ROWS,
    st.integers(2, 4),
    st.integers(1, 60_000),
    st.sampled_from([1_200_000, 2**30]),
    st.sampled_from(sorted(GOALS)),
    st.sampled_from([512, 4_096]),
)
def test_a_bank_is_the_same_entry_by_entry(rows, threads, candidates, size, goal, stretch):
    alone = enumerated(rows, 1, candidates, size, goal)
    with mock.patch.object(expansion, "STRETCH", stretch):
        assert enumerated(rows, threads, candidates, size, goal) == alone


def test_what_finds_no_room_ahead_is_evaluated_in_its_turn():
    rows = [(3, [5, 1, 5, 8]), (1, [2, 2]), (2, [9, 4, 7])]
    alone = enumerated(rows, 1, 100_000, 2**30, "none")
    with mock.patch.multiple(expansion, STRETCH=2_048, _WORDS=1):
        assert enumerated(rows, 2, 100_000, 2**30, "none") == alone


FUNCTIONS = {
    "larger ones": lambda xs, k: [a + k for a in xs if a > k],
    "large ones": lambda xs, k: [x for x in xs if x > k],
    "by place": lambda xs, k: sum(x * i for i, x in enumerate(xs)) + k,
    "a choice": lambda xs, k: k if xs and xs[0] > 5 else len(xs),
    "no short program": lambda xs, k: hash((*xs, k)) % 1000,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_search_ends_with_the_same_program_after_as_many_candidates(name):
    rng = random.Random(name)
    rows = [
        {"xs": [rng.randrange(20) for _ in range(rng.randrange(1, 8))], "k": rng.randrange(10)}
        for _ in range(8)
    ]
    outputs = [FUNCTIONS[name](**row) for row in rows]
    examples = Examples.from_rows(["xs", "k"], rows, outputs)
    result = INTS if isinstance(outputs[0], list) else INT
    signature = Signature("f", (("xs", INTS), ("k", INT)), result)

    def searched(threads):
        budget = SearchBudget(400_000, 2**30, threads=threads)
        try:
            program = search(SearchProblem(signature, examples, grammar_for(signature), budget))
        except Exception as error:
            return type(error).__name__, str(error), budget.spent
        return program.text.dsl, program.cost, budget.spent

    alone = searched(1)
    with mock.patch.object(expansion, "STRETCH", 1_024):
        assert searched(2) == searched(3) == alone
