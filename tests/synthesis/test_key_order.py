"""Orders and picks by a key are found from what outputs show, and hold for other lists."""

import random

import pytest

from dlcompare.synthesis.dsl.primitives.primitive import INTS, STRINGS
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR, list_of, tuple_of

PAIRS = list_of(tuple_of(INT, INT))


def integers(rng, size):
    return [rng.randrange(-9, 10) for _ in range(size)]


def words(rng, size):
    return ["".join(rng.choices("abc", k=rng.randrange(1, 5))) for _ in range(size)]


def pairs(rng, size):
    return [(rng.randrange(5), rng.randrange(9)) for _ in range(size)]


ORDERS = {
    "by length, then by letters": (
        STRINGS,
        words,
        lambda ws: sorted(ws, key=lambda w: (len(w), w)),
    ),
    "last letters of the alphabet first": (STRINGS, words, lambda ws: sorted(ws, reverse=True)),
    "by the last digit": (INTS, integers, lambda xs: sorted(xs, key=lambda x: x % 10)),
    "frequent ones first": (INTS, integers, lambda xs: sorted(xs, key=lambda x: (-xs.count(x), x))),
    "by the second of a pair": (PAIRS, pairs, lambda ps: sorted(ps, key=lambda p: p[1])),
}

PICKS = {
    "nearest to zero": (INTS, INT, integers, lambda xs: min(xs, key=lambda x: (abs(x), x))),
    "longest": (STRINGS, STR, words, lambda ws: max(ws, key=len)),
    "last in the alphabet": (STRINGS, STR, words, max),
    "rarest": (INTS, INT, integers, lambda xs: min(xs, key=xs.count)),
}


def found(type_, result, make, function, without):
    rng = random.Random(7)
    values = [make(rng, size) for size in range(2, 8) for _ in range(12)]
    examples = Examples({"xs": tuple(values)}, tuple(map(function, values)))
    signature = Signature("f", (("xs", type_),), result)
    problem = Problem(signature, examples, without=frozenset(without))
    program = SynthesisLearner().fit(problem, Budget(candidates=2_000_000), 0).source
    for size in (1, 2, 12, 30):
        for _ in range(20):
            xs = make(rng, size)
            assert program.compile()(xs) == function(xs), program.python
    return program


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("without", [(), ("sort",)], ids=["sorting", "no sorting"])
def test_lists_are_ordered_by_keys(name, without):
    type_, make, function = ORDERS[name]
    program = found(type_, type_, make, function, without)
    assert ("sorted" in program.python) is not bool(without)


@pytest.mark.parametrize("name", PICKS)
def test_elements_are_picked_by_keys(name):
    found(*PICKS[name], ())


def test_a_list_that_is_derived_is_ordered():
    def common(xs, ys):
        return sorted({*xs} & {*ys})

    rng = random.Random(3)
    rows = [(integers(rng, rng.randrange(9)), integers(rng, rng.randrange(9))) for _ in range(48)]
    xs, ys = zip(*rows, strict=True)
    examples = Examples({"xs": xs, "ys": ys}, tuple(common(*row) for row in rows))
    signature = Signature("f", (("xs", INTS), ("ys", INTS)), INTS)
    problem = Problem(signature, examples, without=frozenset({"sort"}))
    program = SynthesisLearner().fit(problem, Budget(candidates=10_000_000), 0).source
    for size in (5, 20, 60):
        row = integers(rng, size), integers(rng, size)
        assert program.compile()(*row) == common(*row)
