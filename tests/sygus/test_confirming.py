"""A misread file or a misprinted answer is never told: z3 reads the file and the answer itself."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from dlcompare.synthesis.sygus import printer
from dlcompare.synthesis.sygus.confirm import RefutedError, confirm, confirm_reading
from dlcompare.synthesis.sygus.membership import in_grammar
from dlcompare.synthesis.sygus.reader import read, read_definitions
from dlcompare.synthesis.sygus.solve import solve
from dlcompare.synthesis.sygus.syntax import INT, Term, constant
from dlcompare.synthesis.sygus.term_reader import TermReader
from dlcompare.synthesis.sygus.verification import UndecidedError

DATA = Path(__file__).parent / "data"
FILES = sorted(DATA.glob("*/*.sy"))


def soon() -> float:
    return time.monotonic() + 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_files_mean_here_what_they_mean_to_z3(file: Path) -> None:
    confirm_reading(read(file.read_text(encoding="utf-8")), soon())


def misread(monkeypatch: pytest.MonkeyPatch, one: str, other: str) -> None:
    """Let one operator be read as another."""
    applied = TermReader.applied

    def wrongly(
        self: TermReader, op: str, indices: tuple[int, ...], args: Sequence[Term], line: int
    ) -> Term:
        return applied(self, other if op == one else op, indices, args, line)

    monkeypatch.setattr(TermReader, "applied", wrongly)


INTEGERS = """(set-logic LIA)(synth-fun f ((x Int) (y Int)) Int)
(declare-var x Int)(declare-var y Int)(constraint (= (f x y) {}))(check-synth)"""
BITS = """(set-logic BV)(synth-fun f ((x (_ BitVec 4)) (y (_ BitVec 4))) (_ BitVec 4))
(declare-var x (_ BitVec 4))(declare-var y (_ BitVec 4))(constraint (= (f x y) {}))(check-synth)"""
TEXTS = """(set-logic SLIA)(synth-fun f ((x String)) String)
(constraint (= (f "ab") {}))(constraint (= (f "x") {}))(check-synth)"""


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (INTEGERS.format("(ite (< x y) 1 0)"), "<", "<="),
        (INTEGERS.format("(+ x (* 2 y))"), "+", "-"),
        (INTEGERS.format("(ite (and (> x 0) (> y 0)) x y)"), "and", "or"),
        (INTEGERS.format("(ite (distinct x y) x 3)"), "distinct", "="),
        (BITS.format("(bvor x y)"), "bvor", "bvand"),
        (BITS.format("(bvsub x y)"), "bvsub", "bvadd"),
        (TEXTS.format('(str.++ "ab" "c")', '(str.++ "x" "c")'), "str.++", "str.at"),
    ],
    ids=lambda value: value if len(str(value)) < 10 else "",
)
def test_an_answer_to_what_was_misread_is_thrown_away(
    monkeypatch: pytest.MonkeyPatch, text: str, one: str, other: str
) -> None:
    if other == "str.at":  # takes other operands: what is misread is the name of a function
        text = text.replace(
            "(synth-fun", "(define-fun g ((a String)(b String)) String b)(synth-fun"
        )
        other = "g"
    misread(monkeypatch, one, other)
    answer = solve(read(text), 20)
    assert answer.status == "unknown"
    assert "an answer was found and thrown away" in answer.reason


def test_a_proof_about_what_was_misread_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    text = """(set-logic LIA)(synth-fun f ((x Int)) Int)(declare-var x Int)
    (constraint (<= (f x) x))(constraint (>= (f x) x))(check-synth)"""
    assert solve(read(text), 20).status == "solved"
    misread(monkeypatch, "<=", "<")
    answer = solve(read(text), 20)
    assert answer.status == "unknown"
    assert "the file may be read otherwise" in answer.reason


@pytest.mark.parametrize(
    ("name", "wrongly"),
    [
        ("print_symbol", lambda _: "x"),
        ("print_value", lambda value, _: str(value + 1)),
        ("_params", lambda params: f"({' '.join(f'({n} Int)' for n, _ in params[::-1])})"),
    ],
    ids=["symbols", "numbers", "parameters"],
)
def test_an_answer_that_is_misprinted_is_thrown_away(
    monkeypatch: pytest.MonkeyPatch, name: str, wrongly: Any
) -> None:
    monkeypatch.setattr(printer, name, wrongly)
    answer = solve(read(INTEGERS.format("(+ x x y 7)")), 20)
    assert answer.status == "unknown"
    assert "an answer was found and thrown away" in answer.reason


def test_parameters_count_by_place_and_by_sort() -> None:
    problem = read(INTEGERS.format("(- x y)"))
    (right,) = read_definitions("(define-fun f ((y Int) (x Int)) Int (- y x))", problem)
    confirm(problem, [right], soon())
    (wrong,) = read_definitions("(define-fun f ((x Int) (y Bool)) Int x)", problem)
    with pytest.raises(RefutedError, match="z3 cannot read"):
        confirm(problem, [wrong], soon())


def test_an_answer_outside_its_grammar_is_refuted() -> None:
    problem = read("""(set-logic LIA)(synth-fun f ((x Int)) Int ((S Int)) ((S Int (x 1 (+ S S)))))
    (declare-var x Int)(constraint (= (f x) (+ x 2)))(check-synth)""")
    (inside,) = read_definitions("(define-fun f ((x Int)) Int (+ x (+ 1 1)))", problem)
    (outside,) = read_definitions("(define-fun f ((x Int)) Int (+ x 2))", problem)
    confirm(problem, [inside], soon())
    with pytest.raises(RefutedError, match="f is no word of its grammar"):
        confirm(problem, [outside], soon())


def test_negative_numbers_are_words_however_the_grammar_writes_them() -> None:
    text = "(set-logic LIA)(synth-fun f () Int ((S Int)) ((S Int ({}))))(check-synth)"
    for rules in ("(- 3)", "-3", "3 (- S)", "(Constant Int)"):
        grammar = read(text.format(rules)).functions[0].grammar
        assert grammar is not None
        assert in_grammar(grammar, constant(-3, INT)), rules
        assert not in_grammar(grammar, Term("+", INT, (constant(3, INT),) * 2)), rules


def test_z3s_own_doubt_is_said_and_the_answer_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(*_: Any) -> None:
        raise UndecidedError("out of time")

    monkeypatch.setattr("dlcompare.synthesis.sygus.solve.confirm", undecided)
    answer = solve(read(INTEGERS.format("(- x y)")), 20)
    assert answer.status == "solved"
    assert "z3 did not decide the printed text: out of time" in answer.reason
