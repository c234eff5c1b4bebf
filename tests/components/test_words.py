"""Programs on words of 32 bits from examples alone."""

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.components.domain import BITS
from dlcompare.synthesis.components.word_search import CONSTANTS, WORD, connect, operations
from dlcompare.synthesis.synthesizer import Answering, SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, HasProgram, Problem, Signature
from dlcompare.tasks.types import INT

MASK = 2**32 - 1
WORDS = st.integers(0, MASK) | st.integers(0, 255) | st.integers(2**32 - 256, MASK)
CANDIDATES = 300_000

Term = tuple[str, int, Callable[[int], int]]
"""Source, cost and meaning of a term over ``x``."""


def leaf(source: str, cost: int) -> Term:
    return source, cost, lambda x: x if source == "x" else int(source)


def applied(name: str, *operands: Term) -> Term:
    sources = [f"({source})" for source, _, _ in operands]
    shown = {"mask": hex(MASK), "sign": hex(2**31), "bits": "32"}
    source = BITS[name].python.format(*sources, **shown)
    cost = operations()[name] + sum(cost for _, cost, _ in operands)
    return source, cost, lambda x: int(eval(source, {"x": x}))


LEAVES = st.sampled_from([leaf("x", 1), *(leaf(str(n), cost) for n, cost in CONSTANTS.items())])
ONE = [name for name, each in BITS.items() if each.arity == 1]
TWO = [name for name, each in BITS.items() if each.arity == 2]
TERMS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(applied, st.sampled_from(ONE), inner)
        | st.builds(applied, st.sampled_from(TWO), inner, inner)
    ),
    max_leaves=3,
)


def word_problem(function: Callable[[int], int], numbers: list[int], **given: object) -> Problem:
    examples = Examples({"x": tuple(numbers)}, tuple(map(function, numbers)))
    return Problem(Signature("f", (("x", INT),), INT), examples, **given)  # type: ignore[arg-type]


def random_words(seed: int, count: int = 40) -> list[int]:
    rng = np.random.default_rng(seed)
    return [MASK, 0, *(int(n) >> int(k) for n, k in rng.integers((2**32, 30), size=(count, 2)))]


@settings(max_examples=25, deadline=None)
@given(TERMS, st.integers(0, 99))
def test_a_program_no_dearer_than_a_small_term_is_found(term: Term, seed: int) -> None:
    _, cost, function = term
    problem = word_problem(function, random_words(seed))
    found = connect(problem.signature, problem.examples, CANDIDATES)
    if found.program is None:
        assert found.spent == CANDIDATES
        assert cost > 12
        return
    namespace: dict[str, Callable[[int], int]] = {}
    exec(found.program.python(WORD), namespace)
    assert tuple(map(namespace["f"], problem.examples.inputs["x"])) == problem.examples.outputs
    assert found.bits <= 1.5 * cost
    assert found.spent <= CANDIDATES


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_random_outputs_have_no_program(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = {n: int(rng.integers(2**32)) for n in random_words(seed, 20)}
    problem = word_problem(table.__getitem__, list(table))
    assert connect(problem.signature, problem.examples, 50_000).program is None


def learned(problem: Problem, candidates: int = 1_000_000) -> Answering:
    return SynthesisLearner().fit(problem, Budget(candidates=candidates), 0)


def test_words_beyond_the_packed_integers_wrap_around() -> None:
    predictor = learned(word_problem(lambda x: x | (x + 1) & MASK, random_words(1)))
    assert isinstance(predictor, HasProgram)
    assert predictor.predict([{"x": MASK}, {"x": 2**31 + 1}]) == [MASK, 2**31 + 3]
    assert predictor.prior["engine"] == "words"
    assert predictor.cost.candidates <= 1_000_000


def test_a_cheaper_program_on_integers_is_preferred_to_one_on_words() -> None:
    numbers = [0, 1, 2, 5, 9, 2**16 - 1, 300, 40_000, 12_345, 60_000]
    predictor = learned(word_problem(lambda x: x * x, numbers))
    assert predictor.predict([{"x": 10**6}]) == [10**12]


def test_small_numbers_are_words_when_no_program_on_integers_is_found() -> None:
    numbers = [int(n) for n in np.random.default_rng(0).integers(2**20, size=40)]
    predictor = learned(word_problem(lambda x: x ^ x >> 1, numbers), 3_000_000)
    assert predictor.predict([{"x": 2**24 + 1}]) == [2**24 + 2**23 + 1]


@settings(max_examples=10, deadline=None)
@given(st.sampled_from(["add", "subtract", "modulo", "divide", "multiply"]), st.integers(0, 99))
def test_no_operation_expresses_a_withheld_primitive(name: str, seed: int) -> None:
    assert operations({name}).items() < operations().items()
    kept = operations({name})
    problem = word_problem(lambda x: x & (x + 1), random_words(seed))
    found = connect(problem.signature, problem.examples, CANDIDATES, kept)
    assert found.program is None or {each.name for each, _ in found.program.steps} <= kept.keys()
