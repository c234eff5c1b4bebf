"""Rules at the positions of a list are found from few examples, and hold on other lists."""

import random
from collections.abc import Callable
from itertools import groupby
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.dsl.program import Program, Recursion, walk
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.positions import position_columns, segmentations
from dlcompare.synthesis.strategies.position_rules import Choice, PositionRules, Predicates, Rule
from dlcompare.synthesis.strategies.position_search import PositionSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, Type, list_of, tuple_of

XS = (("xs", INTS),)

Function = Callable[[list[int]], Any]

LISTS = st.lists(st.sampled_from([0, 0, 0, 1, 2, 3]), min_size=1, max_size=14)


def drawn(seed: int, sizes: tuple[int, ...]) -> list[list[int]]:
    """Lists of runs of equal elements, half of them zeros."""
    rng = random.Random(seed)
    lists = []
    for size in sizes:
        xs: list[int] = []
        while len(xs) < size:
            xs += [rng.choice((0, rng.randrange(1, 5)))] * rng.randrange(1, 7)
        lists.append(xs[:size])
    return lists


def runs(xs: list[int], key: Callable[[int], Any] | None = None) -> list[list[int]]:
    return [list(run) for _, run in groupby(xs, key)]


RULES: dict[str, tuple[Function, Type, str]] = {
    "the first half of every run": (
        lambda xs: [
            7 if x and i < len(run) // 2 else x for run in runs(xs) for i, x in enumerate(run)
        ],
        INTS,
        "every",
    ),
    "the ends of runs": (
        lambda xs: [i in (0, len(run) - 1) for run in runs(xs) for i in range(len(run))],
        list_of(BOOL),
        "every",
    ),
    "the longest run": (
        lambda xs: [
            9 if len(run) == max(map(len, runs(xs))) else x for run in runs(xs) for x in run
        ],
        INTS,
        "every",
    ),
    "no second zero in a row": (
        lambda xs: [x for before, x in zip([0, *xs], xs, strict=False) if x or before],
        INTS,
        "chosen",
    ),
    "the length of every run": (lambda xs: [len(run) for run in runs(xs)], INTS, "sizes"),
    "runs as pairs": (
        lambda xs: [(run[0], len(run)) for run in runs(xs)],
        list_of(tuple_of(INT, INT)),
        "chosen",
    ),
    "look and say": (
        lambda xs: [each for run in runs(xs) for each in (len(run), run[0])],
        INTS,
        "chosen_two",
    ),
    "odd places first": (lambda xs: xs[1::2] + xs[::2], INTS, "arranged"),
}


def found_for(function: Function, result: Type) -> Any:
    lists = drawn(0, (4, 6, 9, 12, 15, 18))
    examples = Examples({"xs": tuple(lists)}, tuple(map(function, lists)))
    problem = Problem(Signature("f", XS, result), examples, without=frozenset({"runs", "sort_by"}))
    found: Any = SynthesisLearner().fit(problem, Budget(candidates=2_000_000), 0)
    return found.source


@pytest.mark.parametrize("name", RULES)
def test_a_rule_found_from_few_lists_holds_on_others(name: str) -> None:
    rule, result, scheme = RULES[name]
    found = found_for(rule, result)
    kinds = [each.scheme.name for each in walk(found.expression) if isinstance(each, Recursion)]
    assert scheme in kinds
    for xs in drawn(1, (1, 5, 20, 40)):
        assert found.compile()(xs) == rule(xs)


def test_elements_are_not_put_in_order_where_sorting_is_withheld() -> None:
    lists = drawn(2, (5, 9, 12))
    outputs = tuple(sorted(xs) for xs in lists)
    examples = Examples({"xs": tuple(lists)}, outputs)
    problem = Problem(Signature("f", XS, INTS), examples, without=frozenset({"sort"}))
    found: Any = SynthesisLearner().fit(problem, Budget(candidates=2_000_000), 0)
    assert "sorted(" not in found.source.python


@pytest.mark.parametrize("seed", range(4))
def test_outputs_drawn_at_random_follow_no_rule(seed: int) -> None:
    rng = random.Random(seed)
    lists = [[rng.randrange(4) for _ in range(9)] for _ in range(3)]
    outputs = tuple([rng.choice(xs) for _ in xs] for xs in lists)
    signature, examples = Signature("f", XS, INTS), Examples({"xs": tuple(lists)}, outputs)
    budget = SearchBudget(10**6, 2**30, spent=150_000)
    search = PositionSearch(SearchProblem(signature, examples, grammar_for(signature), budget))
    assert not list(search.advance(1))
    assert budget.spent > 150_000


@pytest.fixture(scope="module")
def problem() -> SearchProblem:
    signature = Signature("f", XS, INTS)
    examples = Examples({"xs": ([1, 2],)}, ([1, 2],))
    return SearchProblem(signature, examples, grammar_for(signature), SearchBudget(10**6, 2**30))


@pytest.fixture(scope="module")
def columns(problem: SearchProblem) -> list[Column]:
    return list(position_columns(problem, 0))


@pytest.fixture(scope="module")
def moved(problem: SearchProblem) -> list[Program]:
    """The columns of blocks that move, as programs."""
    drafts = [each for each in segmentations(problem, [], 0) if each.stem == "moved"]
    return [Program(problem.signature, each.value, each.bits) for each in drafts]


@settings(max_examples=40, deadline=None)
@given(LISTS)
def test_a_column_has_a_value_for_every_position_or_one_for_the_list(
    columns: list[Column], xs: list[int]
) -> None:
    for column in columns:
        value = column.at((xs,))
        namespace: dict[str, Any] = {}
        exec(column.program.python, namespace)
        assert namespace[column.program.name](list(xs)) == value
        assert isinstance(value, int) if column.type == INT else len(value) == len(xs)


@given(LISTS)
def test_segments_are_the_groups_of_equal_neighbours(columns: list[Column], xs: list[int]) -> None:
    known = {column.name: column.at((xs,)) for column in columns}
    for number, key in (("", lambda x: x), ("2", bool)):
        groups = runs(xs, key)
        places = [(n, i, len(run)) for n, run in enumerate(groups) for i in range(len(run))]
        assert known[f"numbers{number}"] == [n for n, _, _ in places]
        assert known[f"offsets{number}"] == [i for _, i, _ in places]
        assert known[f"rests{number}"] == [size - 1 - i for _, i, size in places]
        assert known[f"lengths{number}"] == [size for _, _, size in places]
        assert known[f"segments{number}"] == len(groups)
        assert known[f"longest{number}"] == max(map(len, groups))


@given(LISTS)
def test_blocks_are_the_segments_without_zeros(columns: list[Column], xs: list[int]) -> None:
    known = {column.name: column.at((xs,)) for column in columns}
    sized = [(len(run), run[0]) for run in runs(xs) if run[0]]
    assert (known["widest"], known["of_widest"]) == max(sized, default=(0, 0))
    assert (known["narrowest"], known["of_narrowest"]) == min(sized, default=(0, 0))
    begun = [i for i, x in enumerate(xs) if x and (i == 0 or xs[i - 1] != x)]
    assert known["begun"] == [sum(each <= i for each in begun) for i in range(len(xs))]


@given(LISTS)
def test_blocks_move_to_an_end_with_all_their_elements(moved: list[Program], xs: list[int]) -> None:
    parts = [run for run in runs(xs, bool) if run[0]]
    orders = [parts]
    for key in (len, lambda block: block[0]):
        orders += [sorted(parts, key=key), sorted(parts, key=lambda block: -key(block))]
    wanted = set()
    for order in orders:
        for gap in ([], [0]):
            joined = [x for block in order for x in (*gap, *block)][len(gap) :]
            zeros = [0] * (len(xs) - len(joined))
            wanted |= {str(joined + zeros), str(zeros + joined)}
    assert {str(program.compile()(xs)) for program in moved} == wanted


def value_of(rule: Rule, table: Any, row: int) -> int:
    """The value of a rule whose leaves are not places, on a row."""
    if isinstance(rule, Choice):
        return value_of(rule.then if table[rule.predicate, row] else rule.other, table, row)
    return int(table[rule.term, row])


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_the_rule_gives_the_output_on_all_rows_and_costs_no_more_than_the_right_one(
    seed: int, leaves: int
) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 3, (9, 30)).astype(np.int32)
    table[6:] = table[6:] > 0  # the last three are predicates
    if leaves == 1:
        outputs = table[0]
    elif leaves == 2:
        outputs = np.where(table[6], table[0], table[1])
    else:
        outputs = np.where(table[6], table[0], np.where(table[7], table[1], table[2]))
    numbers, uses = np.arange(9), np.zeros(9, np.int64)
    rules = PositionRules(
        np.arange(30),
        outputs,
        lambda places, _: (places, places > 9),
        None,
        4,
        lambda rule: rule.cost,
    )
    predicates = Predicates(30)
    predicates.add(table[6:], numbers[6:], uses[6:], 2)
    rules.add(table[:6], numbers[:6], uses[:6], 3)
    rules.unify(predicates, 0)
    rules.nest(predicates)
    assert rules.best is not None
    assert [value_of(rules.best, table, row) for row in range(30)] == outputs.tolist()
    assert rules.best.cost <= 3 * leaves + (4 + 2) * (leaves - 1)
