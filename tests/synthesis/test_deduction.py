"""Bodies whose examples follow from the output: the rules, and what they make possible."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.strategies.deduction import RULES
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, list_of

INTS = list_of(INT)
FUNCTIONS = {
    "map": lambda y: 3 * y - 1,
    "map_indexed": lambda y, z: y - 2 * z,
    "scan": lambda y, z: max(y, z) - 1,
    "filter": lambda y: y % 3 == 1,
    "filter_indexed": lambda y, z: y < z,
    "take_while": lambda y: y > 0,
    "drop_while": lambda y: y > 0,
    "zip_with": lambda y, z: y * z,
    "flat_map": lambda y: [y, y * y],
}
"""Some function for every rule."""


def applied(name, function, *lists):
    primitive = PRIMITIVES[name]
    names = [parameter for parameter, _ in primitive.parameters]
    imports = "\n".join("from {} import {}".format(*i.rsplit(".", 1)) for i in primitive.imports)
    namespace = dict(zip(names, (function, *lists), strict=True))
    exec(imports, namespace)
    return eval(primitive.python, namespace)


def test_every_rule_is_tested():
    assert RULES.keys() == FUNCTIONS.keys()


@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(st.lists(st.integers(-9, 9)), min_size=2))
def test_a_function_does_what_is_deduced_from_what_it_did(name, lists):
    function = FUNCTIONS[name]
    lists = lists[: len(PRIMITIVES[name].parameters) - 1]
    steps = RULES[name](*lists, applied(name, function, *lists))
    assert all(function(*arguments) == result for arguments, result in steps)


@given(
    st.sampled_from(["map", "scan", "zip_with"]), st.lists(st.integers()), st.lists(st.integers())
)
def test_nothing_is_deduced_from_an_output_of_another_length(name, xs, output):
    assume(len(xs) != len(output))
    lists = [xs] * (len(PRIMITIVES[name].parameters) - 1)
    assert RULES[name](*lists, output) is None


@pytest.mark.parametrize(
    ("function", "question"),
    [
        (lambda xs: [x // 2 if x % 2 == 0 else 3 * x + 1 for x in xs], [10, 11, 0]),
        (lambda xs: [x for x in xs if xs.count(x) > 1], [1, 2, 1, 3, 3, 1]),
    ],
    ids=["a choice", "a function inside a function"],
)
def test_bodies_that_are_programs(function, question):
    columns = ([3, 8, 8, 5], [2, 2, 7, 4, 6], [9], [12, 1, 12, 5, 1], [20, 13, 6, 7])
    signature = Signature("f", (("xs", INTS),), INTS)
    examples = Examples({"xs": columns}, tuple(map(function, columns)))
    found = SynthesisLearner().fit(Problem(signature, examples), Budget(2_000_000), 0)
    assert found.predict([{"xs": question}]) == [function(question)]


def test_two_terms_meet_in_the_middle():
    """Both halves of the quotient are differences: 35 bits."""
    rows = [
        {"xs": xs, "ys": ys}
        for xs, ys in [
            ([9, 2], [58, 23]),
            ([-3, 1], [45, -79]),
            ([37, 32], [-15, 50]),
            ([-17, -14], [-46, -4]),
            ([6, -3], [5, 77]),
        ]
    ]
    outputs = [(r["ys"][1] - r["ys"][0]) // (r["xs"][1] - r["xs"][0]) for r in rows]
    signature = Signature("slope", (("xs", INTS), ("ys", INTS)), INT)
    problem = Problem(signature, Examples.from_rows(["xs", "ys"], rows, outputs))
    found = SynthesisLearner().fit(problem, Budget(20_000_000), 0)
    assert found.predict([{"xs": [14, 9], "ys": [67, -66]}]) == [26]
