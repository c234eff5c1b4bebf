"""Plain Python has the last word: whatever a symbolic proof says, a program is run before."""

import itertools
import re
import sys

import pytest

from dlcompare.synthesis.proofs.bounded import Attempt
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.trying import Criterion, tried
from dlcompare.synthesis.proofs.verify import verify
from dlcompare.tasks.catalog.sorting import sorting
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.types import BOOL, INT, STR, list_of, tuple_of

INTS = list_of(INT)
NUMBER = Signature("f", (("x", INT),), INT)
LIST = Signature("f", (("xs", INTS),), INTS)


@pytest.fixture
def gullible(monkeypatch):
    """Symbolic execution that calls everything proved."""
    monkeypatch.setattr(
        Attempt,
        "up_to",
        lambda self, longest, open_: Proof("proved", bound={"length": 7}, covered={"paths": 9}),  # noqa: ARG005
    )


WRONG = {
    "empty": ("[] if xs else [0]", lambda xs: []),  # noqa: ARG005
    "one element": ("sorted(xs) if len(xs) != 1 else [0]", sorted),
    "duplicates": ("sorted(set(xs))", sorted),
    "negative": ("sorted(xs, key=abs)", sorted),
    "nine elements": ("sorted(xs) if len(xs) < 9 else xs", sorted),
    "25 elements": ("sorted(xs) if len(xs) < 25 else xs", sorted),
    "60 elements": ("sorted(xs) if len(xs) < 60 else xs", sorted),
    "descending": ("sorted(xs) if xs != sorted(xs, reverse=True) else xs", sorted),
    "all equal": ("sorted(xs) if len(set(xs)) != 1 else xs + xs[:1]", sorted),
    "raising": ("sorted(xs) if sum(xs) != 3 else xs[100]", sorted),
    "a large number": ("[x for x in xs if x < 9999]", list),
}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.usefixtures("gullible")
def test_what_is_wrong_beyond_a_proof_is_refuted(kind):
    body, reference = WRONG[kind]
    proof = verify(f"def f(xs): return {body}", LIST, reference=reference, longest=7)
    assert proof.status == "refuted"
    given = proof.counterexample["inputs"]["xs"]
    try:
        assert eval(body, {"xs": list(given)}) == proof.counterexample["output"]
        assert proof.counterexample["output"] != reference(given)
    except IndexError:
        assert proof.counterexample["raises"] == "IndexError"


@pytest.mark.usefixtures("gullible")
def test_texts_tuples_and_arguments_that_belong_together_are_tried():
    words = Signature("f", (("a", STR), ("b", STR)), BOOL)
    proof = verify(
        "def f(a, b): return set(a) == set(b)", words, reference=lambda a, b: sorted(a) == sorted(b)
    )
    assert proof.status == "refuted"
    inside = Signature("f", (("xs", INTS), ("k", INT)), BOOL)
    wrong = "def f(xs, k): return k in xs[:12]"
    assert verify(wrong, inside, reference=lambda xs, k: k in xs).status == "refuted"
    pairs = Signature("f", (("rows", list_of(tuple_of(INT, BOOL))),), INT)
    proof = verify(
        "def f(rows): return len(rows)", pairs, reference=lambda rows: sum(b for _, b in rows)
    )
    assert proof.status == "refuted"


def endless(x):
    while x < 100 or x > 0:
        x = abs(x)
    return x


def raising(x):
    raise ValueError(x)


def leaving(x):
    sys.exit(x)


def one(x):  # noqa: ARG001
    return 1


@pytest.mark.parametrize(
    ("source", "ensures", "reference"),
    [
        ("while True: x = x + 1", None, abs),
        ("while x == x: pass", lambda x, result: result > x, None),
        ("return f(x)", None, abs),
        ("import itertools\n    return sum(1 for _ in itertools.count())", None, abs),
        ("return x", None, endless),
        ("return x", None, raising),
        ("return x", None, leaving),
        ("return x", lambda x, result: result == 2, one),  # noqa: ARG005
        ("return x", lambda x, result: endless(result - x), one),
        ("return x", lambda x, result: True, one),  # noqa: ARG005
        ("return x", lambda x, result: result == result, None),  # noqa: ARG005, PLR0124
    ],
)
@pytest.mark.parametrize("believing", [False, True])
def test_what_covers_nothing_is_unknown(request, believing, source, ensures, reference):
    """As symbolic execution finds it, and as running the program does when that is blind."""
    if believing:
        request.getfixturevalue("gullible")
    proof = verify(f"def f(x):\n    {source}\n", NUMBER, ensures, reference, 20)
    assert proof.status == "unknown", proof
    assert proof.reason
    assert not proof.covered


@pytest.mark.usefixtures("gullible")
def test_a_program_that_returns_now_and_then_only_is_unknown():
    source = "def f(x):\n    if x == 5:\n        return 5\n    while True: x += 1\n"
    proof = verify(source, NUMBER, reference=lambda x: x)
    assert proof.status == "unknown"
    assert "100,000 steps at {'x': 0}" in proof.reason


def test_what_is_read_otherwise_than_python_runs_is_unknown_with_both(monkeypatch):
    """Symbolic execution that reads one number too many, where the answer does not hang on it."""
    keep = Attempt._witness

    def misread(self, inputs, result, path):
        keep(self, inputs, result, path)
        given, read = self.witnesses[-1]
        self.witnesses[-1] = given, read + 1

    monkeypatch.setattr(Attempt, "_witness", misread)
    proof = verify("def f(x): return x * 2", NUMBER, lambda x, result: result % 2 == x - x)
    assert proof.status == "unknown"
    read, given = re.search(r"reads (-?\d+), but Python gives (-?\d+)", proof.reason).groups()
    assert int(read) == int(given) + 1


def test_a_proof_says_what_it_covered():
    numbers = verify("def f(x):\n    if x > 0: return x\n    return -x", NUMBER, reference=abs)
    assert numbers.covered["paths"] >= 2
    assert numbers.covered["inputs"] >= 500
    cleared = catalogue()["hd01_rightmost_one_off"]
    words = verify(
        "def f(x): return x & (x - 1)", cleared.signature, cleared.ensures, cleared.function
    )
    assert words.bound == {"bits": 32}
    assert words.covered["inputs"] >= 100
    source = "def f(xs):\n    a = []\n    for x in xs:\n        a = [y for y in a if y < x] + [x] + [y for y in a if y >= x]\n    return a\n"  # noqa: E501
    by_induction = verify(source, sorting.signature, sorting.ensures, sorting.function)
    assert by_induction.method == "induction"
    assert by_induction.covered["inputs"] >= 500
    longer = verify(source, sorting.signature, sorting.ensures, sorting.function, 30, 4, False)
    shorter = verify(source, sorting.signature, sorting.ensures, sorting.function, 30, 3, False)
    assert longer.covered["paths"] > shorter.covered["paths"] > 0


def test_functions_that_change_print_or_keep_their_arguments_do_no_harm(capsys):
    kept = []

    def changing(xs):
        print("reference")
        xs.sort()
        kept.append(xs)
        return xs

    def specification(xs, result):
        print("specification")
        right = result == sorted(xs)
        result.clear()
        xs.append(9)
        return right

    criterion = Criterion(
        lambda row: changing(row["xs"]), lambda row, output, _: specification(row["xs"], output)
    )
    found = tried("def f(xs):\n    xs.sort()\n    return xs", LIST, criterion, 20)
    assert found.wrong_at is None
    assert found.inputs >= 500
    assert capsys.readouterr().out == ""


def test_a_trace_that_was_set_before_is_set_again():
    def trace(frame, event, argument):  # noqa: ARG001
        return None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        tried("def f(x): return x", NUMBER, Criterion(lambda row: row["x"], lambda *_: True), 5)
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("import os\ndef f(x): return os.getpid()", "line 1"),
        ("class A: pass\ndef f(x): return x", "line 1"),
        ("@staticmethod\ndef f(x): return x", "line"),
        ("def f(x):\n    with open('a') as g: return x", "line 2"),
        ("def f(x: __import__('os').system('touch hacked')): return eval('x')", "line 1"),
        ("x -> x x", "line 1"),
        ("f = 3", "line 1"),
        ("def f(x): return x\ndef f(x): return x + 1", "line 2"),
    ],
)
def test_text_that_cannot_be_read_is_unknown_and_never_run(source, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    proof = verify(source, NUMBER, reference=lambda x: x)
    assert proof.status == "unknown"
    assert named in proof.reason
    assert not list(tmp_path.iterdir())


def test_references_and_right_programs_of_sorting_are_not_refuted():
    """Permutations of a sort, all the same function, are right and are not called wrong."""
    for ascending, copying in itertools.product(("xs", "xs[::-1]"), ("list({})", "[*{}]")):
        source = f"def f(xs): return sorted({copying.format(ascending)})"
        proof = verify(source, sorting.signature, sorting.ensures, sorting.function, 20, 3)
        assert proof.status == "proved", source


def is_as_long(xs, result):
    return sum(1 for _ in result) == len(xs)


def says_nothing(xs, result):
    """It has no statement."""


@pytest.mark.parametrize(
    "source",
    [
        "def f(xs): return tuple(xs)",
        "def f(xs): return range(len(xs))",
        "def f(xs): return (x for x in xs)",
        "def f(xs): return [x > 0 for x in xs]",
        "def f(xs): return xs if sum(xs) != 12345 else tuple(xs)",  # not met by trying
    ],
)
def test_an_answer_of_another_type_is_wrong_whatever_the_specification_says(source):
    signature = Signature("f", (("xs", list_of(INT)),), list_of(INT))
    proof = verify(source, signature, is_as_long, longest=3)
    assert proof.status == "refuted", proof.reason


def test_an_answer_of_the_right_type_is_judged_by_the_specification():
    signature = Signature("f", (("xs", list_of(INT)),), list_of(INT))
    same = "def f(xs): return xs[:]"
    assert verify(same, signature, is_as_long, longest=2).status == "proved"
    assert verify(same, signature, says_nothing, lambda xs: xs, longest=2).status == "unknown"


def test_a_truth_value_is_no_number():
    signature = Signature("f", (("x", INT),), INT)
    proof = verify("def f(x): return x > 0", signature, reference=lambda x: 1 if x > 0 else 0)
    assert proof.status == "refuted"


def test_a_proof_about_lists_of_texts_names_the_characters_that_it_covers():
    signature = Signature("f", (("words", list_of(STR)),), list_of(STR))
    proof = verify("def f(words): return words[::-1]", signature, is_as_long, longest=2)
    assert proof.status == "proved"
    assert "texts are of the characters ' ' to '~'" in proof.reason
    assert "for longer lists nothing is shown" in proof.reason
