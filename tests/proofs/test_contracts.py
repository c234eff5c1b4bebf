"""What is proved from contracts sorts; a wrong step, or a call that need not end, is not proved."""

import ast
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.synthesis.proofs.contracts import proved_by_contracts
from dlcompare.synthesis.proofs.proof import Contract
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError
from dlcompare.synthesis.proofs.verify import verify
from dlcompare.tasks.registry import catalogue

SORTS = Contract((), ("ensures(xs, result)",))
INSERT = Contract(("ensures(ys, ys)",), ("ensures([x] + ys, result)",))

INSERTION = """
def insert(x: int, ys: list[int]) -> list[int]:
    if not ys:
        return [x]
    first, rest = ys[0], ys[1:]
    if x {} first:
        return [x] + ys
    return [first] + insert(x, {})


def sort(xs: list[int]) -> list[int]:
    if not xs:
        return []
    return insert(xs[0], sort(xs[1:]))
"""
PARTITION = """
def sort(xs: list[int]) -> list[int]:
    if not xs:
        return []
    x, rest = xs[0], xs[1:]
    return sort([y for y in rest if y {} x]) + [x] + sort([y for y in {} if x {} y])
"""
SIGNS = ("<", "<=", ">", ">=", "==", "!=")
PROGRAMS = [
    *(INSERTION.format(*hole) for hole in itertools.product(SIGNS, ("rest", "ys"))),
    *(PARTITION.format(*hole) for hole in itertools.product(SIGNS, ("rest", "xs"), SIGNS)),
]
CONTRACTS = {"insert": INSERT, "sort": SORTS}


def shown(source, relation=lambda a, b: a <= b):
    functions = ast.parse(source).body
    return proved_by_contracts(functions, CONTRACTS, relation, {})


@pytest.fixture(scope="module")
def proved():
    return [each for each in PROGRAMS if all(what.proved for what in shown(each))]


def compiled(source):
    namespace = {}
    exec(source, namespace)
    return namespace["sort"]


@given(xs=st.lists(st.integers(-3, 3), max_size=9))
def test_what_is_proved_sorts(proved, xs):
    assert {INSERTION.format("<=", "rest"), PARTITION.format("<=", "rest", "<")} <= set(proved)
    for source in proved:
        assert compiled(source)(xs) == sorted(xs)


def test_what_is_not_proved_is_wrong(proved):
    """Of these programs; in general an obligation may fail though the program is right."""
    lists = [list(xs) for n in range(4) for xs in itertools.product(range(3), repeat=n)]

    def right(function, xs):
        try:
            return function(xs) == sorted(xs)
        except RecursionError:
            return False

    for source in set(PROGRAMS) - set(proved):
        function = compiled(source)
        assert not all(right(function, xs) for xs in lists), source


def test_a_call_with_as_long_a_list_is_named():
    failed = [each.name for each in shown(INSERTION.format("<=", "ys")) if not each.proved]
    assert any("shorter" in name for name in failed)


def test_an_order_that_is_not_total_has_no_first_element():
    source = """
def pick(xs: list[int]) -> int:
    return xs[0]
"""
    contract = Contract(("xs",), ("ensures(xs, [result] + others)",))
    functions = ast.parse(source).body
    for relation in (lambda a, b: a <= b, lambda a, b: a < b):
        found = proved_by_contracts(functions, {"pick": contract}, relation, {})
        assert not all(each.proved for each in found)


@pytest.mark.parametrize(
    "body",
    [
        "while xs:\n        xs = xs[1:]\n    return xs",
        "len = 3\n    return xs",
        "return sorted(xs)",
        "return xs[::2]",
        "return [x + 1 for x in xs if x]",
        "return [[]]",
        "xs.sort()\n    return xs",
        "global sort\n    return sort(xs)",
    ],
)
def test_what_the_rules_do_not_cover_is_refused(body):
    with pytest.raises(UnsupportedError):
        shown(f"def sort(xs: list[int]) -> list[int]:\n    {body}\n")


@pytest.mark.parametrize("task", ["sorting", "descending"])
def test_a_recursive_program_alone_is_proved_by_its_specification(task):
    of = catalogue()[task]
    for signs, wanted in ((("<=", "rest", "<"), "sorting"), ((">", "rest", ">="), "descending")):
        proof = verify(PARTITION.format(*signs), of.signature, of.ensures, of.function)
        if wanted == task:
            assert (proof.status, proof.method, proof.bound) == ("proved", "induction", {})
        else:
            assert proof.status == "refuted"
