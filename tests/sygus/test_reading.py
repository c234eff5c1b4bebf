"""The reader and the printer: what is read is printed and read again; faults are named by line."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.printer import print_problem
from dlcompare.synthesis.sygus.reader import read, read_definitions
from dlcompare.synthesis.sygus.sexpr import parse
from dlcompare.tasks.errors import InputError

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "sygus"
FILES = sorted([*DATA.glob("*/*.sy"), *SHARED.glob("*.sy")])

UNSUPPORTED = {
    "incremental-modify-ex.sy": "the command push is not supported",
    "issue3320-quant.sy": r"quantifiers \(exists\) are not supported",
}

START = "(set-logic LIA)\n(synth-fun f ((x Int)) Int)\n(declare-var x Int)\n"
END = "\n(check-synth)\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_printed_problem_reads_as_itself(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    if file.name in UNSUPPORTED:
        with pytest.raises(InputError, match=UNSUPPORTED[file.name]):
            read(text)
        return
    problem = read(text)
    assert read(print_problem(problem)) == problem


def test_expressions_know_their_lines() -> None:
    forms = parse('; a comment\n(a\n (b "two\nlines"))\n(c)')
    assert [form.line for form in forms] == [2, 5]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (START + "(constraint (> (f x) x)" + END, "line 4: a parenthesis opened here is not clos"),
        (START + "(constraint (> (f x) x)))" + END, "line 4: a closing parenthesis closes nothin"),
        ('(set-logic SLIA)\n(define-fun c () String "a', "line 2: a string is not closed"),
        (START + "(constraint (> (f x) z))" + END, "line 4: the symbol z is unknown"),
        (START + "(constraint (> (f x x) 1))" + END, "line 4: f takes Int"),
        (START + "(constraint (+ (f x) 1))" + END, "line 4: a constraint must be Bool, .* is Int"),
        (START + "(constraint (str.len x))" + END, r"line 4: \(str.len Int\) is unknown or not"),
        (START + "(constraint)" + END, "line 4: constraint has too few or too many parts"),
        (START + "(push 1)" + END, "line 4: the command push is not supported"),
        (START + "(constraint (forall ((y Int)) true))" + END, "line 4: quantifiers .* not supp"),
        ("(set-logic QF_FP)", "line 1: the logic QF_FP is not supported"),
        (
            "(set-logic SLIA)\n(declare-var r RegLan)",
            "line 2: variables of the sort RegLan are",
        ),
        ("(set-logic LIA)\n(declare-var r Real)", "line 2: the sort Real is not supported"),
        (START, "line 4: the file ends without check-synth"),
        ("(set-logic LIA)(check-synth)", "line 1: the file ends without a function"),
        (
            "(set-logic LIA)\n(synth-fun f () Int\n((S Int))\n((S Int (true))))" + END,
            "line 4: true is Bool, but S is Int",
        ),
        (START + START.splitlines()[1] + END, "line 4: f is to be synthesized twice"),
    ],
)
def test_a_fault_is_a_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        read(text)


TOKENS = re.compile(r'"(?:[^"]|"")*"|[()]|[^\s()]+|\s+')
OWN = [TOKENS.findall(file.read_text(encoding="utf-8")) for file in sorted(DATA.glob("*/*.sy"))]
ODD = ["(", ")", "let", "_", "(_ extract 9 0)", "re.*", "(Constant Int)", "#xZZ", "(_ bv3 0)", "()"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(OWN), st.data())
def test_a_damaged_file_is_read_or_refused_with_its_line(tokens: list[str], data: Any) -> None:
    damaged = list(tokens)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.sampled_from(["", *ODD, *tokens]))
    said = "line 1: "
    try:
        read("".join(damaged))
    except InputError as error:
        said = str(error)
    assert re.match(r"line \d+: ", said), said


def test_answers_of_other_solvers_are_read() -> None:
    problem = read(START + "(constraint (> (f x) x))" + END)
    (definition,) = read_definitions(
        "(\n(define-fun f ((x Int)) Int (let ((y (+ x 1))) (+ y y)))\n)", problem
    )
    assert definition.body.size == 7
    with pytest.raises(InputError, match="defines no f"):
        read_definitions("(define-fun g () Int 1)", problem)
