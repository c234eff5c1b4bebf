"""Proofs hold, and counterexamples are wrong when they are run."""

import pytest

from dlcompare.synthesis.proofs.verify import verify
from dlcompare.tasks.catalog.sorting import sorting
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.types import BOOL, INT, STR, list_of

INTS = list_of(INT)
PARTITION = """
def sorting(xs):
    acc = xs
    for x in xs:
        acc = [y for y in acc if y < x] + [y for y in acc if x <= y]
    return acc
"""
INSERTION = PARTITION.replace("acc = xs", "acc = []").replace("+ [y", "+ [x] + [y")


@pytest.mark.parametrize("source", [PARTITION, INSERTION])
def test_sorting_is_proved_for_all_integer_lists(source):
    proof = verify(source, sorting.signature, sorting.ensures, sorting.function, 60, 5, False)
    assert (proof.status, proof.bound) == ("proved", {"length": 5})


@pytest.mark.slow
def test_sorting_is_proved_up_to_length_seven():
    proof = verify(
        INSERTION, sorting.signature, sorting.ensures, sorting.function, 120, by_induction=False
    )
    assert (proof.status, proof.bound) == ("proved", {"length": 7})


@pytest.mark.parametrize(
    "source",
    [
        PARTITION.replace("x <= y", "x < y"),  # loses equal values
        PARTITION.replace("y < x", "x < y").replace("x <= y", "y <= x"),  # descends
        PARTITION.replace("acc = xs", "acc = xs[:4]"),  # right for short lists
        PARTITION.replace("return acc", "return acc if sum(xs) != 12345 else xs[::-1]"),
        "def sorting(xs): return [xs[0]]",  # raises on the empty list
        "def sorting(xs): return sorted(set(xs))",
    ],
)
def test_a_counterexample_is_wrong_when_it_is_run(source):
    proof = verify(source, sorting.signature, sorting.ensures, sorting.function, 60, 6)
    assert proof.status == "refuted"
    inputs = proof.counterexample["inputs"]
    namespace = {}
    exec(source, namespace)
    if "raises" in proof.counterexample:
        with pytest.raises(IndexError):
            namespace["sorting"](**inputs)
    else:
        output = namespace["sorting"](**inputs)
        assert output == proof.counterexample["output"]
        assert output != sorted(inputs["xs"])


def test_numbers_alone_are_proved_without_a_bound():
    signature = Signature("f", (("a", INT), ("b", INT)), INT)
    right = "def f(a, b): return a if b < a else b"
    assert verify(right, signature, reference=max).bound == {}
    assert verify(right, signature, reference=max).status == "proved"
    wrong = verify("def f(a, b): return a if a > 1000 else b", signature, reference=max)
    assert wrong.status == "refuted"


def test_outside_the_domain_nothing_is_asked():
    signature = Signature("f", (("xs", INTS),), INT)
    head = Signature("head", (("xs", INTS),), INT)
    assert verify("def f(xs): return xs[0]", head, reference=lambda xs: xs[0]).status == "proved"
    proof = verify("def f(xs): return max(xs + [0])", signature, reference=max)
    assert proof.status == "refuted"
    assert proof.counterexample["inputs"]["xs"]
    assert max(proof.counterexample["inputs"]["xs"]) < 0


def test_truth_values_and_nested_lists_are_covered():
    bools = Signature("f", (("p", BOOL), ("q", BOOL)), BOOL)
    assert verify("def f(p, q): return p != q", bools, reference=lambda p, q: p ^ q is True)
    nested = Signature("f", (("rows", list_of(INTS)),), INT)
    source = "def f(rows): return sum(x for row in rows for x in row)"
    same = verify(source, nested, reference=lambda rows: sum(sum(row) for row in rows), longest=3)
    assert (same.status, same.bound) == ("proved", {"length": 3})


WORDS = {
    "initials": (
        "def f(text): return ''.join(word[0] + '.' for word in text.split())",
        "def f(text): return ''.join(word[0] + '.' for word in text.split(' '))",
    ),
    "reverse_words": (
        "def f(text): return ' '.join(text.split()[::-1])",
        "def f(text): return ' '.join(text.split()[::-1]).lower()",
    ),
    "extract_between": (
        "def f(text): return text.partition('[')[2].partition(']')[0]",
        "def f(text): return text.partition('[')[2][:-1]",
    ),
    "camel_case": (
        "def f(text):\n    first, *rest = text.split('_')\n"
        "    return first + ''.join(map(lambda word: word.capitalize(), rest))",
        "def f(text): return text.title().replace('_', '')",
    ),
    "count_vowels": (
        "def f(text): return text.count('a') + text.count('e')",
        "def f(text): return text.count('a') + text.upper().count('E')",
    ),
    "longest_word": (
        "def f(text): return max(text.split(), key=len)",
        "def f(text): return max(text.split(), key=lambda word: word.strip('.'))",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_programs_over_texts_are_proved_or_refuted(name):
    task, (right, wrong) = catalogue()[name], WORDS[name]

    def judged(source):
        return verify(source, task.signature, task.ensures, task.function, 30, 4)

    proof = judged(right)
    assert (proof.status, proof.bound) == ("proved", {"length": 4}), proof
    assert "' ' to '~'" in proof.reason
    refuted = judged(wrong)
    assert refuted.status == "refuted"
    inputs = refuted.counterexample["inputs"]
    assert all(" " <= character <= "~" for character in inputs["text"])
    assert task.ensures(**inputs, result=task.function(**inputs))
    assert "raises" in refuted.counterexample or not task.ensures(
        **inputs, result=refuted.counterexample["output"]
    )


def test_a_program_over_texts_against_another():
    signature = Signature("f", (("s", STR), ("n", INT)), STR)
    one = "def f(s, n): return s[:n] + s[n:].upper() if n >= 0 else s"

    def other(s, n):
        return "".join(c.upper() if 0 <= n <= i else c for i, c in enumerate(s))

    assert verify(one, signature, reference=other, longest=4).status == "proved"
    wrong = verify(one.replace("n >= 0", "n > 0"), signature, reference=other, longest=4)
    assert wrong.counterexample["inputs"]["n"] == 0


def test_what_is_not_covered_is_unknown_with_a_reason():
    signature = Signature("f", (("n", INT),), STR)
    proof = verify("def f(n): return str(n)", signature, reference=lambda n: f"{n}")
    assert proof.status == "unknown"
    assert proof.reason == ("line 1, `str(n)`: writing numbers that are not known is not covered")
    loop = Signature("f", (("n", INT),), INT)
    source = "def f(n):\n    while n > 0: n -= 1\n    return n\n"
    proof = verify(source, loop, ensures=lambda n, result: result <= 0)  # noqa: ARG005
    assert proof.status == "proved"
    assert set(proof.bound) == {"rounds"}


def test_when_the_time_is_over_the_proof_says_how_far_it_came():
    # Thirty lengths would take hours, so that a proof which ignores its time ends at the suite's.
    proof = verify(PARTITION, sorting.signature, sorting.ensures, sorting.function, 1, 30, False)
    assert proof.status == "unknown" or proof.bound["length"] < 30


@pytest.mark.parametrize("name", ["descending", "by_absolute_value", "inversions", "rotate"])
def test_the_definition_of_a_task_meets_its_specification(name):
    task = catalogue()[name]
    source = {
        "descending": "def f(xs): return sorted(xs, reverse=True)",
        "by_absolute_value": "def f(xs): return sorted(xs, key=lambda x: (abs(x), x))",
        "inversions": "def f(xs): return sum(y < x for i, x in enumerate(xs) for y in xs[i:])",
        "rotate": "def f(k, xs): return xs[k % len(xs):] + xs[:k % len(xs)] if xs else xs",
    }[name]
    assert verify(source, task.signature, task.ensures, task.function, 60, 4).status == "proved"
