"""Terms of any depth, numbers of any length and damaged text end in an answer or a sentence."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.outcome import SygusAnswer
from dlcompare.synthesis.sygus.printer import print_define_fun, print_python
from dlcompare.synthesis.sygus.reader import read, read_definitions
from dlcompare.synthesis.sygus.semantics import from_int, to_int
from dlcompare.synthesis.sygus.solve import solve
from dlcompare.tasks.errors import InputError

DATA = Path(__file__).parent / "data"
HEAD = "(set-logic ALL)(synth-fun f ((x Int)) Int)(declare-var x Int)"


def equal_to(term: str) -> str:
    return f"{HEAD}(constraint (= (f x) {term}))(check-synth)"


def python(answer: SygusAnswer) -> Any:
    scope: dict[str, Any] = {}
    exec(print_python(answer.definitions, {}), scope)
    return scope["f"]


@pytest.mark.parametrize("depth", [199, 200, 230, 400, 3_000])
def test_deep_sums_are_solved(depth: int) -> None:
    answer = solve(read(equal_to("(+ 1 " * depth + "x" + ")" * depth)), 60)
    assert answer.status == "solved", answer.reason
    assert python(answer)(5) == 5 + depth


@pytest.mark.parametrize("depth", [90, 260])
def test_deep_conditionals_are_solved_and_printed(depth: int) -> None:
    opened = "".join(f"(ite (= x {i}) {i * i} " for i in range(depth))
    problem = read(equal_to(f"{opened}x{')' * depth}"))
    answer = solve(problem, 60)
    assert answer.status == "solved", answer.reason
    function = python(answer)
    assert [function(x) for x in (-1, 7, depth - 1, depth)] == [-1, 49, (depth - 1) ** 2, depth]
    (again,) = read_definitions(print_define_fun(answer.definitions[0]), problem)
    assert again.body is answer.definitions[0].body


def test_a_tree_of_shared_parts_is_as_small_as_its_parts() -> None:
    count = 300  # as a tree, 2 to the power of 300 nodes
    opened = "".join(f"(let ((y{i + 1} (+ y{i} y{i}))) " for i in range(count))
    answer = solve(read(equal_to(f"(let ((y0 x)) {opened}y{count}{')' * count})")), 60)
    assert answer.status == "solved", answer.reason
    assert python(answer)(3) == 3 * 2**count


@pytest.mark.parametrize(
    "term",
    [
        "(+ 1 " * 100_000 + "x" + ")" * 100_000,
        "(+ 1 " * 9_000 + "x" + ")" * 9_000,
        "(let ((x (+ x 1))) " * 9_000 + "x" + ")" * 9_000,
        "(" * 100_000,
        "(" * 9_000 + ")" * 9_000,
        "(! " * 30_000 + "x" + ")" * 30_000,
    ],
    ids=["sum", "shorter sum", "let", "open", "empty", "annotated"],
)
def test_what_is_too_deep_is_refused(term: str) -> None:
    with pytest.raises(InputError, match=r"^line 1: .*(deep|not closed|not an operator)"):
        read(equal_to(term))


def test_what_is_deep_in_text_only_is_read() -> None:
    problem = read(equal_to("(let ((x x)) " * 15_000 + "x" + ")" * 15_000))
    assert problem.constraints[0].size == 4


@pytest.mark.parametrize("digits", [4_299, 4_301, 12_345])
@pytest.mark.parametrize("sign", [1, -1])
def test_long_numbers_are_solved_and_printed(digits: int, sign: int) -> None:
    term = f"(+ x {'7' * digits})" if sign > 0 else f"(- x {'7' * digits})"
    problem = read(equal_to(term))
    answer = solve(problem, 60)
    assert answer.status == "solved", answer.reason
    assert python(answer)(1) == 1 + sign * (7 * (10**digits - 1) // 9)
    assert "7" * digits in print_define_fun(answer.definitions[0])


@pytest.mark.parametrize("digits", [1, 3_899, 3_900, 3_913, 4_000, 4_001, 4_301, 7_801, 12_000])
def test_long_numbers_become_text_and_come_back(digits: int) -> None:
    for text in ("9" * digits, "1" + "0" * (digits - 1), ("1203" * digits)[:digits]):
        number = sum(int(digit) * 10**place for place, digit in enumerate(reversed(text)))
        assert to_int(text) == number
        assert from_int(number) == text


BITS = "(set-logic BV)(synth-fun f ((x (_ BitVec {0}))) (_ BitVec {0}))(declare-var x (_ BitVec 8))"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: the file ends without a function"),
        ("(set-logic\0 LIA)", r"line 1: the control character U\+0000"),
        ("(set-logic LIA)\n(\x1b[2J)", r"line 2: the control character U\+001B"),
        (BITS.format("65537"), "line 1: 65537 must be a width from 1 to 65536"),
        (BITS.format("9" * 9_999), "line 1: 9+… must be a width"),
        (BITS.format("0"), "line 1: 0 must be a width"),
        (BITS.format("²"), "line 1: ² must be a width"),
        (f"{BITS.format('8')}(constraint (= x #x{'f' * 40_000}))", "line 1: .* must be a width"),
        (f"{BITS.format('8')}(constraint (= x (_ bv3 x)))", "line 1: x must be a width"),
        (
            f"{BITS.format('8')}(constraint (= x ((_ zero_extend {'9' * 5_000}) x)))",
            "line 1: bit-vectors of more than 65536 bits",
        ),
        (f"{HEAD}(constraint (= (f x) ((_ + 3) x x)))", r"line 1: \(\+ Int Int\) is unknown"),
        (f"{HEAD}(constraint (= (f x) 1.5))", "line 1: 1.5 must be a term, and is no symbol"),
        (f"{HEAD}(constraint (= (f x) ٣))", "line 1: the symbol ٣ is unknown"),
        (f"{HEAD}(constraint (= (f x) (let ((y 1)(y 2)) y)))", "line 1: let binds y twice"),
        (f"{HEAD}(constraint (= (f x) (let ((y)) y)))", r"line 1: \(y\) must be a binding"),
        (f"{HEAD}(define-fun + ((a Int)) Int a)", r"line 1: \+ is an operator"),
        (f"{HEAD}(define-fun f ((a Int)) Int a)", "line 1: f is defined twice"),
        (f"{HEAD}(define-fun x () Int 1)", "line 1: x is defined twice"),
        (f"{HEAD}(define-fun g ((a Int)) Int (g a))", r"line 1: \(g Int\) is unknown"),
        (f"{HEAD}(define-fun g ((a Int)(a Int)) Int a)", "line 1: two parameters are called a"),
        (f"{HEAD}(define-fun let ((a Int)) Int a)", "line 1: let must be a name, and is no symbol"),
        (f"{HEAD}(define-sort Int () Bool)", "line 1: the sort Int is defined twice"),
        (f"{HEAD}(inv-constraint f f f f)", "line 1: f is Int, and no invariant"),
        (f"{HEAD}(synth-fun g () Int ((S Int)) ((S Int ((Constant Bool)))))", "line 1: .* not Int"),
        (f"{HEAD}(synth-fun g () Int ((S Int)) ((S Int ((f S)))))", "line 1: f is to be synthes"),
    ],
    ids=range(25),
)
def test_odd_texts_are_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as caught:
        read(text)
    assert len(str(caught.value)) < 300


TOKENS = re.compile(r'"(?:[^"]|"")*"|\|[^|]*\||;[^\n]*|[()]|[^\s()]+|\s+')
TEXTS = sorted(DATA.glob("*/*.sy"), key=lambda file: file.stat().st_size)[:30]
OWN = [TOKENS.findall(file.read_text(encoding="utf-8")) for file in TEXTS]
ODD = ["(", ")", "()", "let", "((", "|", '"', "-", "|a b|", "(Constant Int)", "(_ bv3 0)", "true"]


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(OWN), st.data())
def test_a_damaged_file_ends_in_an_answer_or_a_sentence(tokens: list[str], data: Any) -> None:
    damaged = list(tokens)
    for _ in range(data.draw(st.integers(1, 3))):
        first, second = (data.draw(st.integers(0, len(damaged) - 1)) for _ in "12")
        change = data.draw(st.sampled_from(["delete", "double", "swap", "odd", "replace"]))
        if change == "delete":
            damaged[first] = ""
        elif change == "double":
            damaged[first] *= 2
        elif change == "swap":
            damaged[first], damaged[second] = damaged[second], damaged[first]
        else:
            damaged[first] = data.draw(st.sampled_from(ODD)) if change == "odd" else damaged[second]
    said = "line 1: "
    try:
        answer = solve(read("".join(damaged)), 0.1)
    except InputError as error:
        answer, said = SygusAnswer("unknown", (), str(error), 0), str(error)
    assert re.match(r"line \d+: ", said), said
    assert (answer.status == "solved") == bool(answer.definitions)
    assert answer.definitions or answer.reason
