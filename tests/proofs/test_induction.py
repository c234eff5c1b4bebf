"""A program proved for every length is right at every length tried; a failed step is named."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.proofs.induction import obligations
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError
from dlcompare.synthesis.proofs.verify import parsed, verify
from dlcompare.tasks.catalog.sorting import sorting
from dlcompare.tasks.registry import catalogue

SIGNS = ("<", "<=", ">", ">=")
STARTS = ("[]", "xs")
BODIES = (
    "[y for y in acc if y {} x] + [y for y in acc if y {} x]",
    "[y for y in acc if y {} x] + [x] + [y for y in acc if y {} x]",
    "[y for y in [x] + acc if y {} x] + [y for y in acc if y {} x]",
)


def source(start, body, direction="xs"):
    lines = [f"acc = {start}", f"for x in {direction}:", f"    acc = {body}", "return acc"]
    return "def f(xs):\n" + "".join(f"    {line}\n" for line in lines)


PROGRAMS = [
    source(start, body.format(*signs))
    for start, body, signs in itertools.product(STARTS, BODIES, itertools.product(SIGNS, SIGNS))
]


def proved(program, task):
    return all(each.proved for each in obligations(parsed(program), catalogue()[task].ensures))


@pytest.fixture(scope="module")
def sorters():
    return {task: [p for p in PROGRAMS if proved(p, task)] for task in ("sorting", "descending")}


def test_both_kinds_of_fold_are_proved(sorters):
    for task in sorters:
        assert any("acc = []" in program for program in sorters[task])
        assert any("acc = xs" in program for program in sorters[task])


@given(xs=st.lists(st.integers(-3, 3), max_size=12))
def test_what_is_proved_sorts(sorters, xs):
    for task, programs in sorters.items():
        for program in programs:
            namespace = {}
            exec(program, namespace)
            assert namespace["f"](xs) == sorted(xs, reverse=task == "descending")


def test_what_is_not_proved_is_wrong(sorters):
    """Of these programs; in general an obligation may fail though the program is right."""
    lists = [list(xs) for n in range(5) for xs in itertools.product(range(3), repeat=n)]
    for program in PROGRAMS:
        namespace = {}
        exec(program, namespace)
        right = all(namespace["f"](xs) == sorted(xs) for xs in lists)
        assert right == (program in sorters["sorting"])


def test_a_failed_obligation_is_named():
    loses = source("xs", BODIES[0].format("<", ">"))
    failed = [each.name for each in obligations(parsed(loses), sorting.ensures) if not each.proved]
    assert failed == ["the elements stay the same"]


def test_a_proof_says_which_kind_it_is():
    program = source("xs", BODIES[0].format("<", ">="))
    proof = verify(program, sorting.signature, sorting.ensures)
    assert (proof.status, proof.method, proof.bound) == ("proved", "induction", {})
    other = "def f(xs): return sorted(xs)"
    proof = verify(other, sorting.signature, sorting.ensures, longest=4)
    assert (proof.status, proof.method, proof.bound) == ("proved", "bounded", {"length": 4})


@pytest.mark.parametrize(
    "program",
    [
        "def f(xs): return xs",
        source("xs[1:]", "acc"),
        source("[]", "acc[:3] + [x]"),
        source("[]", "acc + [max(acc)]"),
        source("[]", "[y for y in acc if y in xs]"),
    ],
)
def test_another_form_is_refused(program):
    with pytest.raises(UnsupportedError):
        obligations(parsed(program), sorting.ensures)
