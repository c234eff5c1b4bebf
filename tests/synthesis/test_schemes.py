"""Recursion schemes: what is found through them answers what it was not shown."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.schemes import (
    COUNTDOWN,
    DIVIDE,
    LIST,
    MERGE,
    NONEMPTY,
    PARAMORPHISM,
    RECURRENCE,
    SCHEMES,
    UNFOLD,
    UNTIL,
    ZIP,
)
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.recursion_schemes import SchemeSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, list_of

INTS = list_of(INT)
WITHOUT = {"sort", "smallest", "largest", "smaller", "larger"}


def first(scheme, signature, columns, function, most=45, without=()):
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    examples = Examples.from_rows(list(columns), rows, [function(**row) for row in rows])
    grammar, budget = grammar_for(signature, without=without), SearchBudget(10**7, 2**30)
    search = SchemeSearch(SearchProblem(signature, examples, grammar, budget), [scheme])
    for program in (each for cost in range(most) for each in search.advance(cost)):
        wrong = first_wrong(program, examples)
        if wrong is None:
            return program
        search.reject(wrong)
    raise AssertionError(f"{scheme.name} does not give {signature.name}")


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
    program = first(UNFOLD, signature, columns, lambda state, x: sorted(state))  # noqa: ARG005
    assert program.compile()([5, 4, 5], 0) == [4, 5, 5]


def test_templates_name_every_hole_once():
    for scheme in SCHEMES:
        for hole in scheme.holes:
            assert scheme.template.count(f"${hole.name}") == 1
            assert {name for name, _ in hole.parameters} <= set(scheme.names)


def drawn(types, count=80):
    """Draw inputs: short lists over few values, often with a common beginning."""
    rng = random.Random(0)

    def some(most):
        return [rng.randrange(4) for _ in range(rng.randrange(most + 1))]

    for _ in range(count):
        shared = some(2)
        yield [rng.randrange(6) if type_ == INT else shared + some(5) for type_ in types]


def zipped(function, xs, ys):
    shared = min(len(xs), len(ys))
    joined = [z for x, y in zip(xs, ys, strict=False) for z in function(x, y)]
    return joined + xs[shared:] + ys[shared:]


def removed(n, xs):
    return [x for i, x in enumerate(xs) if i != (xs.index(n) if n in xs else None)]


TWO = (INTS, INTS)
FUNCTIONS = {
    "merge": (MERGE, TWO, INTS, lambda xs, ys: sorted(xs + ys)),
    "interleave": (ZIP, TWO, INTS, lambda xs, ys: zipped(lambda x, y: [x, y], xs, ys)),
    "sums_with_rest": (ZIP, TWO, INTS, lambda xs, ys: zipped(lambda x, y: [x + y], xs, ys)),
    "dot_product": (ZIP, TWO, INT, lambda xs, ys: sum(map(int.__mul__, xs, ys))),
    "common_prefix": (
        MERGE,
        TWO,
        INTS,
        lambda xs, ys: [
            x for x, _ in itertools.takewhile(lambda p: p[0] == p[1], zip(xs, ys, strict=False))
        ],
    ),
    "not_after": (MERGE, TWO, BOOL, lambda xs, ys: xs <= ys),
    "take": (COUNTDOWN, (INT, INTS), INTS, lambda n, xs: xs[:n]),
    "nth": (COUNTDOWN, (INT, INTS), INT, lambda n, xs: xs[n]),
    "remove": (LIST, (INT, INTS), INTS, removed),
    "least": (NONEMPTY, (INTS,), INT, min),
    "quick_sort": (DIVIDE, (INTS,), INTS, sorted),
}


def prepared(name, row):
    """Return an input in the domain of a function."""
    if name == "merge":
        return [sorted(xs) for xs in row]
    if name == "nth":
        return [row[0] % 4, [*row[1], 3, 1, 4, 2]]
    return [[*row[0], 2]] if name == "least" else row


@pytest.fixture(scope="module")
def programs():
    found = {}
    for name, (scheme, types, result, function) in FUNCTIONS.items():
        rows = [prepared(name, row) for row in drawn(types)]
        names = ["n" if type_ == INT else f"xs{i}" for i, type_ in enumerate(types)]
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        signature = Signature(name, tuple(zip(names, types, strict=True)), result)

        def answer(*, function=function, **row):
            return function(*row.values())

        found[name] = first(scheme, signature, columns, answer, without=WITHOUT)
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
@given(data=st.data())
def test_direct_recursion_is_found_from_examples(programs, name, data):
    _, types, _, function = FUNCTIONS[name]
    values = {INT: st.integers(0, 9), INTS: st.lists(st.integers(-5, 5), max_size=9)}
    row = prepared(name, [data.draw(values[type_]) for type_ in types])
    assert programs[name].compile()(*row) == function(*row)


def test_direct_recursion_prints_as_python_that_runs(programs):
    for name, program in programs.items():
        namespace = {}
        exec(program.python, namespace)
        (row,) = (prepared(name, each) for each in drawn(FUNCTIONS[name][1], 1))
        assert namespace[name](*row) == FUNCTIONS[name][3](*row)
        assert "lambda" not in program.python
        assert program.dsl.count("(") == program.dsl.count(")")
