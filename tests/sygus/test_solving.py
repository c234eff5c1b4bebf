"""Answers are right, infeasible problems are said to be so, and nothing else is claimed."""

import importlib.util
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import z3

from dlcompare.synthesis.sygus.outcome import SygusAnswer
from dlcompare.synthesis.sygus.printer import print_define_fun, print_problem, print_python
from dlcompare.synthesis.sygus.reader import read
from dlcompare.synthesis.sygus.solve import solve
from dlcompare.synthesis.sygus.syntax import (
    CONSTANT,
    NONTERMINAL,
    SygusProblem,
)
from dlcompare.synthesis.sygus.verification import find_counterexample

DATA = Path(__file__).parent / "data"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "sygus"
ROOT = Path(__file__).parents[2]
FILES = sorted(DATA.glob("*/*.sy"))


def proved_independently(problem: SygusProblem, answer: SygusAnswer) -> bool:
    """Let z3 read the printed answer and the printed constraints itself, as SMT-LIB."""
    lines = [
        line
        for line in print_problem(problem).splitlines()
        if line.startswith(("(define-fun", "(declare-var"))
    ]
    text = "\n".join(lines).replace("(declare-var", "(declare-const")
    text += "\n".join(["", *map(print_define_fun, answer.definitions)])
    claims = [
        line.removeprefix("(constraint ")[:-1]
        for line in print_problem(problem).splitlines()
        if line.startswith("(constraint ")
    ]
    solver = z3.SimpleSolver()
    solver.from_string(f"{text}\n(assert (not (and true {' '.join(claims)})))")
    return bool(solver.check() == z3.unsat)


def in_grammar(problem: SygusProblem, answer: SygusAnswer) -> bool:
    """Return whether each answer with a grammar can be derived in it, by cutting at every rule."""

    def derives(grammar: Any, name: str, term: Any) -> bool:
        if term.op == CONSTANT and name in grammar.any_constant:
            return True
        return any(matches(grammar, rule, term) for rule in grammar.rules[name])

    def matches(grammar: Any, rule: Any, term: Any) -> bool:
        if rule.op == NONTERMINAL:
            return derives(grammar, rule.value, term)
        same = (rule.op, rule.value, rule.indices) == (term.op, term.value, term.indices)
        return (
            same
            and len(rule.args) == len(term.args)
            and all(matches(grammar, r, t) for r, t in zip(rule.args, term.args, strict=True))
        )

    return all(
        function.grammar is None or derives(function.grammar, function.grammar.start, d.body)
        for function, d in zip(problem.functions, answer.definitions, strict=True)
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_answer_is_proved_and_in_its_grammar(file: Path) -> None:
    problem = read(file.read_text(encoding="utf-8"))
    answer = solve(problem, 60)
    assert answer.status == "solved", answer.reason
    assert find_counterexample(problem, answer.definitions, time.monotonic() + 20) is None
    assert proved_independently(problem, answer)
    assert in_grammar(problem, answer)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample of cvc5's tests is not there")
def test_no_answer_to_the_sample_of_cvc5s_tests_is_wrong() -> None:
    """Short limits: what is tested is that an answer is right, not that there is one."""
    solved = 0
    for file in sorted(SHARED.glob("*.sy")):
        text = file.read_text(encoding="utf-8")
        try:
            problem = read(text)
        except ValueError:
            continue
        answer = solve(problem, 0.5)
        if answer.status == "solved":
            solved += 1
            assert find_counterexample(problem, answer.definitions, time.monotonic() + 9) is None
            assert in_grammar(problem, answer), file.name
        expected = "infeasible" if "EXPECT: infeasible" in text else "feasible"
        assert answer.status != ("solved" if expected == "infeasible" else "infeasible"), file.name
    assert solved


def lia(body: str) -> SygusAnswer:
    return solve(read(f"(set-logic LIA)\n(declare-var x Int)\n{body}\n(check-synth)"), 5)


@pytest.mark.parametrize(
    "body",
    [
        "(synth-fun h ((x Int)) Int)(constraint (= x (* 2 (h x))))",
        "(synth-fun h ((x Int)) Int)(constraint (< (h x) x))(constraint (> (h x) x))",
        "(synth-fun f ((x Int)) Int)(constraint (= (f 1) 2))(constraint (= (f 1) 3))",
        "(synth-fun f ((x Int)) Int ((S Int)) ((S Int (x 0))))(constraint (> (f x) 0))",
        "(synth-fun f ((x Int)) Int ((S Int)) ((S Int (0 1))))(constraint (= (f x) (f (f x))))"
        "(constraint false)",
    ],
    ids=["parity", "contradiction", "examples", "grammar", "false"],
)
def test_what_no_function_meets_is_infeasible(body: str) -> None:
    answer = lia(body)
    assert answer.status == "infeasible"
    assert answer.reason
    assert answer.definitions == ()


def test_time_out_is_no_answer_and_says_so() -> None:
    grammar = "((S Int)) ((S Int (x (* S S))))"
    answer = lia(f"(synth-fun f ((x Int)) Int {grammar})(constraint (= (f x) (+ x 1)))")
    assert answer.status in ("unknown", "infeasible")
    assert answer.definitions == ()
    assert answer.reason


def test_invariants_are_found() -> None:
    answer = solve(
        read("""(set-logic LIA)
        (synth-inv inv ((i Int) (s Int)))
        (define-fun pre ((i Int) (s Int)) Bool (and (= i 0) (= s 5)))
        (define-fun step ((i Int) (s Int) (i! Int) (s! Int)) Bool
            (and (< i 9) (= i! (+ i 1)) (= s! (+ s 1))))
        (define-fun post ((i Int) (s Int)) Bool (=> (>= i 9) (>= s i)))
        (inv-constraint inv pre step post)
        (check-synth)""")
    )
    assert answer.status == "solved"


def test_bit_vectors_without_a_grammar() -> None:
    problem = read("""(set-logic BV)
    (synth-fun f ((x (_ BitVec 16))) (_ BitVec 16))
    (declare-var x (_ BitVec 16))
    (constraint (= (f x) (bvor x (bvsub x #x0001))))
    (check-synth)""")
    answer = solve(problem)
    assert answer.status == "solved"
    assert answer.definition is not None
    scope: dict[str, Any] = {}
    exec(print_python(answer.definitions, problem.definitions), scope)
    assert scope["f"](0b1010000) == 0b1011111


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("cvc5") is None, reason="cvc5 is not installed (extra: peers)"
)
def test_the_benchmark_counts_both_solvers(tmp_path: Path) -> None:
    for name in ("clia/distance.sy", "strings/initials.sy"):
        source = DATA / name
        (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "broken.sy").write_text("(set-logic LIA)\n(nonsense)", encoding="utf-8")
    command = ["-m", "benchmarks.sygus", str(tmp_path), "--timeout", "8", "--peer", "cvc5"]
    done = subprocess.run(
        [sys.executable, *command, "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    counts = json.loads(done.stdout.splitlines()[-1])
    assert counts["files"] == 3
    assert counts["ours"] == 2
    assert counts["both"] == counts["peer"]
    assert counts["wrong"] == 0
    assert counts["unsupported"] == 1
    assert "broken.sy: line 2: the command nonsense is not supported" in done.stdout
