"""Programs from specifications alone: right everywhere, and every example is one that was made."""

import pytest

from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.grammar.grammar import grammar_of
from dlcompare.synthesis.specifications import cegis
from dlcompare.synthesis.specifications.cegis import from_specification, meeting
from dlcompare.tasks.catalog.sorting import ordered
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, list_of, tuple_of

INTS = list_of(INT)


def maximum(a, b, result):
    return result >= a and result >= b and (result in (a, b))


def absolute(x, result):
    return result >= 0 and result in (x, -x)


def clamp(low, high, x, result):
    if low > high:
        return True
    return (
        low <= result <= high
        and result == (x if low <= x <= high else result)
        and (result == (low if x < low else high if x > high else x))
    )


def found_in(xs, x, result):
    return result == any(x == y for y in xs)


def quotient_of_small(a, b, result):
    return not 0 <= a <= 6 or b < 1 or result * b <= a < result * b + b


def lowest_bit_cleared(x, result):
    return result == x // 2 * 2


KNOWN = {
    "maximum": (("a", INT), ("b", INT)),
    "absolute": (("x", INT),),
    "clamp": (("low", INT), ("high", INT), ("x", INT)),
    "lowest_bit_cleared": (("x", INT),),
}
SPECIFICATIONS = {
    "maximum": (maximum, max),
    "absolute": (absolute, abs),
    "clamp": (clamp, lambda low, high, x: min(max(x, low), high)),
    "lowest_bit_cleared": (lowest_bit_cleared, lambda x: x - x % 2),
}


def synthesized(signature, ensures, without=frozenset(), most=64):
    grammar = grammar_of(Problem(signature, Examples({}, ()), without=frozenset(without)))
    budget = SearchBudget(20_000_000, 2 * 2**30)
    return from_specification(signature, ensures, grammar, budget, most)


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_a_program_of_numbers_is_proved_for_all_of_them(name):
    ensures, right = SPECIFICATIONS[name]
    found = synthesized(Signature(name, KNOWN[name], INT), ensures)
    assert found.proof.status == "proved"
    assert not found.proof.bound
    function = found.program.compile()
    for values in [(3, 8, 5), (-4, 4, -9), (0, 0, 7), (-2, 10**9, 10**12)]:
        arguments = values[: len(KNOWN[name])]
        assert function(*arguments) == right(*arguments)
    for row, output in zip(found.examples.rows(), found.examples.outputs, strict=True):
        assert ensures(**row, result=output)


def test_search_in_a_list():
    signature = Signature("search", (("xs", INTS), ("x", INT)), BOOL)
    found = synthesized(signature, found_in, {"contains"})
    assert found.proof.status == "proved"
    assert found.proof.bound["length"] >= 5
    function = found.program.compile()
    assert function([5, 7, 9], 7) is True
    assert not function([5, 7, 9], 8)


@pytest.mark.slow
def test_sorting_from_ordered_and_a_permutation_alone():
    signature = Signature("sorting", (("xs", INTS),), INTS)
    found = synthesized(signature, ordered, {"sort"})
    assert found.proof.status == "proved"
    assert found.program.compile()([5, 3, 9, 3, -1, 8, 0]) == [-1, 0, 3, 3, 5, 8, 9]
    assert len(found.examples) < 20


@pytest.mark.slow
def test_division_from_its_products_alone():
    signature = Signature("quotient", (("a", INT), ("b", INT)), INT)
    found = synthesized(signature, quotient_of_small, {"divide", "modulo"})
    assert found.program.compile()(17, 5) == 3
    assert found.program.compile()(100, 7) == 14


@pytest.mark.parametrize(
    "ensures",
    [
        lambda x, result: x < result < x,  # of no output at all
        lambda x, result: 2 * result == x,  # of none for odd numbers
    ],
)
def test_a_specification_that_nothing_meets_is_a_sentence(ensures):
    with pytest.raises(NoProgramError, match=r"no output meets the specification at \{'x': "):
        synthesized(Signature("f", (("x", INT),), INT), ensures)


def test_what_cannot_be_checked_is_a_sentence():
    with pytest.raises(NoProgramError, match="the specification cannot be checked: "):
        synthesized(
            Signature("f", (("x", INT),), INT), lambda x, result: hex(x) == hex(result) + ""
        )


def cubes(a, b, c):
    """Return whether the cubes add up to 30, which takes numbers of nine digits and more."""
    return a * a * a + b * b * b + c * c * c == 30


@pytest.mark.parametrize(
    ("inputs", "type_", "ensures", "sentence"),
    [
        (
            ("x",),
            tuple_of(INT, INT, INT),
            lambda x, result: cubes(*result),  # noqa: ARG005
            "no output that meets the specification at .* was found in 1 s",
        ),
        (
            ("a", "b", "c"),
            INT,
            lambda a, b, c, result: result == 1 or not cubes(a, b, c),
            "the specification cannot be checked: its time of 1 s is over",
        ),
    ],
    ids=["an output", "a counterexample"],
)
def test_what_the_solver_does_not_find_in_time_is_a_sentence(
    monkeypatch, inputs, type_, ensures, sentence
):
    monkeypatch.setattr(cegis, "CHECK_SECONDS", 1.0)
    with pytest.raises(NoProgramError, match=sentence):
        synthesized(Signature("f", tuple((name, INT) for name in inputs), type_), ensures)


def test_no_program_within_the_budget_is_a_sentence():
    signature = Signature("f", (("a", INT), ("b", INT)), INT)
    grammar = grammar_of(Problem(signature, Examples({}, ()), library="core"))
    with pytest.raises(NoProgramError, match="no program"):
        from_specification(
            signature,
            lambda a, b, result: result == a**3 * b**3,
            grammar,
            SearchBudget(20_000, 2**28),
        )


def test_an_output_that_meets_a_specification_does():
    signature = Signature("sorting", (("xs", INTS),), INTS)
    assert meeting(signature, ordered, {"xs": [3, 1, 2, 1]}, 30) == [1, 1, 2, 3]
    assert meeting(Signature("f", (("x", INT),), BOOL), lambda x, result: result != (x > 3),
                   {"x": 2}, 5) is True  # fmt: skip


def test_the_learner_counts_the_examples_it_makes_and_reads_none():
    learner = create(parse("synthesis:spec"), "cpu")
    signature = Signature("maximum", KNOWN["maximum"], INT)
    wrong = Examples({"a": tuple(range(8)), "b": (0,) * 8}, (99,) * 8)
    predictor = learner.fit(Problem(signature, wrong, specification=maximum), Budget(), 0)
    assert predictor.predict([{"a": 3, "b": 4}]) == [4]
    assert 1 <= predictor.prior["examples made"] <= 8
    with pytest.raises(NoProgramError, match="has no specification"):
        learner.fit(Problem(signature, wrong), Budget(), 0)
