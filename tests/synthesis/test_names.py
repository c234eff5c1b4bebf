"""Whatever its parameters are called, a program prints as Python that means the same."""

import builtins
import keyword
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.language import language_of
from dlcompare.synthesis.dsl import limits
from dlcompare.synthesis.dsl.expression import (
    Apply,
    Constant,
    Expression,
    Fold,
    Lambda,
    Recursion,
    Variable,
)
from dlcompare.synthesis.dsl.names import fresh_names
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.dsl.schemes import SCHEMES
from dlcompare.synthesis.synthesizer import SynthesisLearner
from dlcompare.tasks.given import given_problem
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, STR, list_of, tuple_of

CALLED = ["abs", "dict", "enumerate", "int", "len", "list", "max", "min", "next", "range", "reduce"]
CALLED += ["reversed", "sorted", "str", "sum", "zip", "all", "any", "accumulate", "groupby"]
BOUND = [
    "y",
    "yy",
    "y2",
    "yy2",
    "z",
    "zz",
    "x",
    "x2",
    "_",
    "__",
    "acc",
    "i",
    "rest",
    "out",
    "state",
]
BOUND += ["solve", "part", "a", "b", "initial", "body", "first", "stop", "step", "left", "next_"]
HOSTILE = st.sampled_from([*CALLED, *BOUND, "f", "len_", "sum_", "p0", "parameter_0", "total"])

TYPES = [INT, BOOL, STR, list_of(INT), list_of(STR), list_of(list_of(INT)), tuple_of(INT, INT)]
PARAMETERS = [*TYPES, list_of(INT)]
LANGUAGE = language_of(TYPES)
VALUES = {
    INT: [0, 1, 2, -3, 17],
    BOOL: [True, False],
    STR: ["", "a b", "12", "Ab,c"],
    list_of(INT): [[], [3, 1, 2, 2], [-1]],
    list_of(BOOL): [[], [True, False]],
    list_of(STR): [[], ["a", "12", "a"]],
    list_of(list_of(INT)): [[], [[1], [], [2, 3]]],
    tuple_of(INT, INT): [(1, 2), (-1, 5)],
}


class Writer:
    """Writes random expressions over some parameters."""

    def __init__(self, seed, parameters):
        self.random = random.Random(seed)
        self.taken = {name for name, _ in parameters}

    def term(self, type_, depth, scope) -> Expression:
        known = [Variable(name) for name, its in scope if its == type_]
        made = [op for op in LANGUAGE.operations if op.result == type_]
        if known and (depth <= 0 or self.random.random() < 0.4):
            return self.random.choice(known)
        if depth <= 0:
            made = [op for op in made if not op.parameters]
        if not made:
            return self.random.choice(known or [Variable(name) for name, _ in scope])
        return self.apply(self.random.choice(made), depth, scope)

    def apply(self, op, depth, scope):
        arguments = (self.argument(type_, depth - 1, scope) for type_ in op.parameters)
        return Apply(op.primitive, tuple(arguments))

    def argument(self, type_, depth, scope):
        if type_.name != "function":
            return self.term(type_, depth, scope)
        *parameters, result = type_.parameters
        names = fresh_names({name for name, _ in scope}, ("y", "z")[: len(parameters)])
        bound = tuple(zip(names, parameters, strict=True))
        return Lambda(names, self.term(result, depth, (*bound, *scope)))

    def fold(self, scope):
        (source, its) = self.random.choice([(n, t) for n, t in scope if t in (INT, list_of(INT))])
        element, accumulator = fresh_names(self.taken | {"f"}, ("x", "acc"))
        bound = ((element, INT), (accumulator, INT), *scope)
        backwards = its != INT and self.random.random() < 0.5
        first, body = self.term(INT, 1, scope), self.term(INT, 2, bound)
        return Fold(Variable(source), its == INT, backwards, first, element, accumulator, body)

    def recursion(self, scheme, scope):
        chosen = fresh_names({*self.taken, "f"}, scheme.names)
        names = dict(zip(scheme.names, chosen, strict=True))
        named = [Variable(name) for name, _ in scope]
        types = [type_ for _, type_ in scope]
        sources = [named[types.index(scheme.sources[0])]]
        if scheme.sources[1:]:
            sources.append(named[len(types) - 1 - types[::-1].index(scheme.sources[1])])
        result, parts = scheme.results[-1], []
        for hole in scheme.holes:
            bound = [(names[n], result if t.name == "result" else t) for n, t in hole.parameters]
            parts.append(self.term(hole.result or result, 1, (*bound, *scope)))
        return result, Recursion(scheme, tuple(names.items()), tuple(sources), tuple(parts))


def outcome(function, row):
    try:
        value = function(**row)
        return type(value), value
    except Exception as error:
        return "raises", type(error)


def means_the_same(write, names, types, result, rounds=20):
    """Write the same expression over neutral and over given names, and run both.

    Random programs may double a list at every step: their rounds are few.
    """
    neutral = [f"parameter_{i}_of_many" for i in range(len(names))]
    programs = []
    for chosen in (neutral, names):
        parameters = tuple(zip(chosen, types, strict=True))
        signature = Signature("f", parameters, result)
        program = Program(signature, write(parameters), 0)
        programs.append((chosen, program, program.compile(bits=200)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "MAX_ROUNDS", rounds)
        for place in range(4):
            values = [VALUES[type_][place % len(VALUES[type_])] for type_ in types]
            (one, plain), (other, hostile) = [
                (outcome(function, dict(zip(chosen, values, strict=True))), program)
                for chosen, program, function in programs
            ]
            assert one == other, f"{plain.python}\n{hostile.python}"


NAMES = st.lists(HOSTILE, min_size=len(PARAMETERS), max_size=len(PARAMETERS), unique=True)


@pytest.mark.parametrize("form", ["term", "fold", *(scheme.name for scheme in SCHEMES)])
@settings(max_examples=60, deadline=None)
@given(NAMES, st.integers(0, 10**9))
def test_hostile_names_change_nothing(form, names, seed):
    result = random.Random(seed).choice(TYPES)
    if form == "fold":
        result = INT
    scheme = next((each for each in SCHEMES if each.name == form), None)
    if scheme is not None:
        result = scheme.results[-1]

    def write(parameters):
        writer = Writer(seed, parameters)
        if scheme is not None:
            return writer.recursion(scheme, parameters)[1]
        return writer.fold(parameters) if form == "fold" else writer.term(result, 3, parameters)

    means_the_same(write, names, PARAMETERS, result, 1_000 if scheme else 20)


@settings(max_examples=3, deadline=None)
@given(NAMES, st.integers(0, 10**9))
def test_every_primitive_keeps_its_meaning_under_hostile_names(names, seed):
    for operation in LANGUAGE.operations:

        def write(parameters, operation=operation):
            return Writer(seed, parameters).apply(operation, 2, parameters)

        means_the_same(write, names, PARAMETERS, operation.result)


def test_a_name_that_is_no_longer_free_gets_an_underscore_everywhere():
    signature = Signature("f", (("len", list_of(INT)), ("len_", INT)), INT)
    length = Apply(PRIMITIVES["length"], (Variable("len"),))
    program = Program(signature, Apply(PRIMITIVES["add"], (length, Variable("len_"))), 0)
    assert program.python == (
        "def f(len__: list[int], len_: int) -> int:\n    return len(len__) + len_\n"
    )
    assert program.compile()(len=[1, 2], len_=5) == 7


def test_a_comprehension_captures_no_parameter():
    signature = Signature("f", (("xs", list_of(INT)), ("yy", INT)), list_of(INT))
    twice = Apply(PRIMITIVES["range_from"], (Variable("y"), Variable("yy")))
    mapped = Apply(PRIMITIVES["flat_map"], (Lambda(("y",), twice), Variable("xs")))
    assert Program(signature, mapped, 0).compile()(xs=[1, 2], yy=3) == [1, 2, 2]


@pytest.mark.parametrize("name", ["n", "str", "len", "int", "range", "_", "yy", "class", "body"])
def test_synthesis_answers_whatever_a_column_is_called(name):
    made = given_problem(
        "label", Examples({name: (7, 42, 100, 8)}, ("id-7", "id-42", "id-100", "id-8"))
    )
    ((parameter, _),) = made.signature.parameters
    found = SynthesisLearner().fit(
        Problem(made.signature, made.examples), Budget(candidates=50_000), 0
    )
    assert found.predict([{parameter: 12}]) == ["id-12"]
    assert isinstance(found.source.expression, Apply | Constant)


@given(st.text(max_size=8) | st.sampled_from([*keyword.kwlist, *dir(builtins), "1st", "über"]))
def test_any_header_becomes_an_identifier_that_can_be_a_parameter(name):
    made = given_problem(name, Examples({name: (1,), name + " ": (2,)}, (3,)))
    code = f"def {made.signature}: pass"
    compile(code, "<signature>", "exec")
    assert len({parameter for parameter, _ in made.signature.parameters}) == 2
