"""Programs that linear algebra finds: parities and additive tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.dsl.reading import read
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.additive_tables import additive_tables
from dlcompare.synthesis.strategies.elimination import PRIME, solve
from dlcompare.synthesis.strategies.parities import parities
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Budget, Examples, HasProgram, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of

SEEDS = st.integers(0, 2**32 - 1)
SUBSETS = st.sets(st.integers(0, 11), min_size=1)
SEQUENCES = st.sampled_from([list_of(INT), list_of(BOOL), STR])


def examples_of(type_: Type, rows: list[list[int]], outputs: list[Value], name: str) -> Examples:
    form = {
        STR: lambda row: "".join("ab"[bit] for bit in row),
        list_of(BOOL): lambda row: list(map(bool, row)),
    }
    return Examples({name: tuple(map(form.get(type_, list), rows))}, tuple(outputs))


def answers(program: Program, examples: Examples) -> bool:
    """Whether the program is right on all examples, run as such and read from its text."""
    reading = read(program.python)
    pairs = zip(examples.rows(), examples.outputs, strict=True)
    return first_wrong(program, examples) is None and all(
        reading(*row.values()) == out for row, out in pairs
    )


@settings(max_examples=40, deadline=None)
@given(
    SUBSETS,
    SEQUENCES,
    st.sampled_from([BOOL, INT]),
    st.booleans(),
    SEEDS,
    st.sampled_from(["xs", "y", "sum"]),
)
def test_a_parity_of_any_positions_is_recovered(
    subset: set[int], type_: Type, result: Type, even: bool, seed: int, name: str
) -> None:
    rows = np.random.default_rng(seed).integers(0, 2, size=(300, 12)).tolist()
    outputs = [(sum(row[place] for place in subset) + even) % 2 for row in rows]
    outputs = list(map(bool, outputs)) if result == BOOL else outputs
    every = examples_of(type_, rows, outputs, name)
    [program] = parities(Signature("f", ((name, type_),), result), every[:100])
    assert answers(program, every)
    assert isinstance(program.compile()(**next(every.rows())), bool) == (result == BOOL)


@settings(max_examples=40, deadline=None)
@given(SUBSETS, SEQUENCES, st.booleans(), SEEDS)
def test_positions_are_counted_from_either_end_of_lists_of_several_lengths(
    subset: set[int], type_: Type, backwards: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = [rng.integers(0, 2, size=rng.integers(0, 14)).tolist() for _ in range(400)]
    ordered = [row[::-1] if backwards else row for row in rows]
    outputs = [sum(row[k] for k in subset if k < len(row)) % 2 == 1 for row in ordered]
    every = examples_of(type_, rows, outputs, "xs")
    found = list(parities(Signature("f", (("xs", type_),), BOOL), every[:200]))
    assert found
    assert all(answers(program, every[:200]) for program in found)
    assert any(answers(program, every) for program in found)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 2**20 - 1), st.booleans(), SEEDS)
def test_a_parity_of_bits_and_truth_values_is_recovered(mask: int, also: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    numbers, flags = rng.integers(2**20, size=200).tolist(), rng.integers(2, size=200).tolist()
    outputs = [
        bool(((number & mask).bit_count() + (flag and also)) % 2)
        for number, flag in zip(numbers, flags, strict=True)
    ]
    every = Examples({"n": tuple(numbers), "flag": tuple(map(bool, flags))}, tuple(outputs))
    [program] = parities(Signature("f", (("n", INT), ("flag", BOOL)), BOOL), every[:100])
    assert answers(program, every)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["and", "random", "majority"]))
def test_what_is_no_parity_is_refused(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 2, size=(100, 12)).tolist()
    makes = {
        "and": lambda row: row[0] & row[1] | row[2] & row[3],
        "random": lambda _: int(rng.integers(2)),
        "majority": lambda row: int(sum(row) > 6),
    }
    examples = examples_of(list_of(INT), rows, list(map(makes[kind], rows)), "xs")
    assert not list(parities(Signature("f", (("xs", list_of(INT)),), INT), examples))


@settings(max_examples=40, deadline=None)
@given(SUBSETS, SEEDS)
def test_too_few_examples_determine_no_parity(subset: set[int], seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 2, size=(20, 12)).tolist()
    outputs = [sum(row[place] for place in subset) % 2 for row in rows]
    examples = examples_of(list_of(INT), rows, outputs, "xs")
    assert not list(parities(Signature("f", (("xs", list_of(INT)),), INT), examples))


KEYS: dict[Type, list[Value]] = {
    STR: list("abc'{x"),
    list_of(INT): [-3, 0, 1, 2, 70, 10**12],
    list_of(STR): ["", "up", "down", "it's", "{}", "a"],
}
TABLES = st.lists(st.integers(-20, 20), min_size=6, max_size=6).filter(
    lambda row: len(set(row)) > 1
)


def drawn(type_: Type, seed: int, count: int) -> list[Value]:
    rng = np.random.default_rng(seed)
    rows = [[KEYS[type_][k] for k in rng.integers(6, size=rng.integers(9))] for _ in range(count)]
    return ["".join(row) for row in rows] if type_ == STR else rows


@settings(max_examples=40, deadline=None)
@given(TABLES, st.sampled_from(list(KEYS)), st.integers(-9, 9), SEEDS)
def test_an_additive_table_is_recovered(
    table: list[int], type_: Type, constant: int, seed: int
) -> None:
    weights = dict(zip(KEYS[type_], table, strict=True))
    rows = drawn(type_, seed, 200)
    outputs = [sum(weights[each] for each in row) + constant for row in rows]
    every = Examples({"y": tuple(rows)}, tuple(outputs))
    [program] = additive_tables(Signature("f", (("y", type_),), INT), every[:100])
    assert answers(program, every)
    assert program.cost < table_bits(every[:100].outputs)


@settings(max_examples=40, deadline=None)
@given(TABLES, st.integers(2, 12), st.booleans(), SEEDS)
def test_a_table_modulo_a_number_is_recovered(
    table: list[int], modulus: int, truth: bool, seed: int
) -> None:
    modulus = 2 if truth else modulus
    weights = {key: entry % modulus for key, entry in zip(KEYS[STR], table, strict=True)}
    rows = drawn(STR, seed, 300)
    outputs = [sum(weights[each] for each in row) % modulus for row in rows]
    every = Examples({"xs": tuple(rows)}, tuple(map(bool, outputs) if truth else outputs))
    found = list(additive_tables(Signature("f", (("xs", STR),), BOOL if truth else INT), every))
    if len(set(weights.values())) > 1 and set(outputs) == set(range(modulus)):
        assert len(found) == 1
    assert all(answers(program, every) for program in found)
    withheld = additive_tables(Signature("f", (("xs", STR),), INT), every, remainders=False)
    assert not any("%" in program.python for program in withheld)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.sampled_from(["random", "distinct", "product"]))
def test_what_is_no_sum_over_the_elements_is_refused(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    rows = drawn(STR, seed, 100)
    makes = {
        "random": lambda _: int(rng.integers(50)),
        "distinct": lambda row: len(set(row)),
        "product": lambda row: row.count("a") * row.count("b"),
    }
    examples = Examples({"xs": tuple(rows)}, tuple(map(makes[kind], rows)))
    assert not list(additive_tables(Signature("f", (("xs", STR),), INT), examples))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([2, 3, 7, 8, 12, PRIME]), st.integers(1, 8), SEEDS)
def test_a_solution_meets_every_equation(modulus: int, unknowns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    system = rng.integers(modulus, size=(rng.integers(1, 12), unknowns))
    hidden = rng.integers(modulus, size=unknowns)
    outputs = np.array(
        [sum(int(a) * int(b) for a, b in zip(row, hidden, strict=True)) % modulus for row in system]
    )
    solution = solve(system, outputs, modulus)
    if solution is None:
        assert modulus in (8, 12)
        return
    made = [
        sum(int(a) * int(b) for a, b in zip(row, solution.values, strict=True)) % modulus
        for row in system
    ]
    assert made == outputs.tolist()
    if not solution.free:
        assert solution.values.tolist() == hidden.tolist()


def test_the_learner_finds_a_parity_that_no_short_term_is() -> None:
    rows = np.random.default_rng(0).integers(0, 2, size=(80, 16)).tolist()
    outputs = tuple(sum(row[k] for k in (1, 2, 5, 11, 12)) % 2 == 1 for row in rows)
    signature = Signature("f", (("xs", list_of(INT)),), BOOL)
    examples = Examples({"xs": tuple(rows)}, outputs)
    predictor = SynthesisLearner().fit(Problem(signature, examples), Budget(candidates=20_000), 0)
    assert isinstance(predictor, HasProgram)
    assert "(1, 2, 5, 11, 12)" in predictor.program.python


@pytest.mark.parametrize("name", ["sum", "count", "contains"])
def test_a_table_is_withheld_with_what_it_expresses(name: str) -> None:
    rows = drawn(STR, 0, 80)
    signature = Signature("f", (("text", STR),), INT)
    examples = Examples({"text": tuple(rows)}, tuple(r.count("a") + 3 * r.count("b") for r in rows))
    budget = Budget(candidates=20_000)
    assert SynthesisLearner().fit(Problem(signature, examples), budget, 0)
    with pytest.raises(NoProgramError):
        SynthesisLearner().fit(Problem(signature, examples, without=frozenset({name})), budget, 0)
