"""Names are kept apart, whatever they are: scopes, quoting, operators, and names made here."""

from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.sygus.literals import print_symbol
from dlcompare.synthesis.sygus.outcome import SygusAnswer
from dlcompare.synthesis.sygus.printer import print_define_fun, print_python
from dlcompare.synthesis.sygus.reader import read
from dlcompare.synthesis.sygus.solve import solve

PARAMS = (
    *("x", "x!", "x!!", "and", "not", "ite", "str.len", "str", "len", "max", "abs", "int", "Int"),
    *("|let|", "|_|", "|a,b|", "|x y|", "|f'|", "|5|", '|"a"|', "|#b1|", "k!0", "_p", "|hole 0|"),
    *(
        "p0",
        "h0",
        "t0",
        "v0",
        "c0",
        "|größe|",
        "|名|",
        "lambda",
        "None",
        "any",
        "div",
        "const",
    ),
    *("var", "nonterminal", "hole", "choice", "operand", "|f result|", "|operand 0|", "String"),
    *("|held (0, 0)|", "|clause 0|", "|(|", "|;|", "result", "greatest!0", "|x of the file|"),
)
FUNCTIONS = [
    *("f", "const", "var", "hole", "choice", "implies", "select", "bv2int", "seq.len", "|a b|"),
    *("int.to.str", "str.to.int", "re.nostr", "Int", "max", "any", "|f'|", "div_", "|let|", "x"),
]


def own_text(problem: str, answer: SygusAnswer) -> list[Any]:
    """The assertions that z3 reads in a text of our own with the printed answers in it."""
    printed = "\n".join(map(print_define_fun, answer.definitions))
    return list(z3.parse_smt2_string(problem.replace("@", printed)))


def valid(claims: list[Any]) -> bool:
    solver = z3.Solver()
    solver.add(z3.Not(z3.And(*claims)))
    return bool(solver.check() == z3.unsat)


def python(answer: SygusAnswer, problem: str) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    exec(print_python(answer.definitions, read(problem).definitions), scope)
    return scope


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([name for name in FUNCTIONS if "re." not in name]),
    st.lists(st.sampled_from(PARAMS), min_size=2, max_size=4, unique=True),
    st.sampled_from(["sum", "maximum", "let", "grammar", "defined", "bits", "texts"]),
)
def test_answers_are_right_under_any_names(function: str, params: list[str], kind: str) -> None:
    params = [name for name in params if name != function] or ["p"]
    first, last = params[0], params[-1]
    if first == last:
        params, last = [first, "p"], "p"
    sort = {"bits": "(_ BitVec 8)", "texts": "String"}.get(kind, "Int")
    declared = " ".join(f"({name} {sort})" for name in params)
    grammar, defined = "", ""
    if kind == "grammar":
        grammar = f"((G Int)(B Bool)) ((G Int ({first} {last} 1 (+ G G))) (B Bool ((<= G G))))"
    if kind == "defined":
        other = "int.to.str" if function != "int.to.str" else "str.to.int"
        body = f"(ite (< {first} 0) (- {last}) (+ {last} 1))"
        defined = f"(define-fun {other} ({declared}) Int {body})"
    wanted = {
        "sum": "(+ u0 u1 1)",
        "maximum": "(ite (> u0 u1) u0 u1)",
        "let": "(let ((u0 u1) (u1 u0)) (+ u0 u0 (- u1)))",
        "grammar": "(+ u0 (+ u1 1))",
        "defined": "(ite (< u0 0) (- u1) (+ u1 1))",
        "bits": "(bvor u0 (bvnot u1))",
        "texts": "(str.++ u1 u0)",
    }[kind].replace("u1", f"u{len(params) - 1}")
    call = " ".join(f"u{i}" for i in range(len(params)))
    right = f"({other} {call})" if kind == "defined" else wanted
    variables = [f"(declare-var u{i} {sort})" for i in range(len(params))]
    text = (
        f"(set-logic ALL){defined}(synth-fun {function} ({declared}) {sort} {grammar})"
        f"{''.join(variables)}(constraint (= ({function} {call}) {right}))(check-synth)"
    )
    answer = solve(read(text), 20)
    assert answer.status == "solved", (text, answer.reason)
    # An independent reading: parameters by place, under names that mean nothing.
    printed = print_define_fun(answer.definitions[0])
    name = print_symbol(answer.definitions[0].name)
    assert printed.startswith(f"(define-fun {name} (")
    renamed = printed.replace(f"(define-fun {name} (", "(define-fun the-answer (", 1)
    constants = "".join(v.replace("declare-var", "declare-const") for v in variables)
    claim = f"{renamed}{constants}(assert (= (the-answer {call}) {wanted}))"
    assert valid(list(z3.parse_smt2_string(claim))), printed
    if sort == "Int":
        scope = python(answer, text)
        run = next(v for k, v in reversed(scope.items()) if callable(v))
        values = [3, *[0] * (len(params) - 2), -8]
        expected = {"sum": -4, "maximum": 3, "let": -19, "grammar": -4, "defined": -7}[kind]
        assert run(*values) == expected


@pytest.mark.parametrize("function", ["int.to.str", "str.to.int", "str.in.re", "re.nostr"])
def test_a_function_of_an_old_builtins_name_is_the_files_own(function: str) -> None:
    text = f"""(set-logic ALL)
    (define-fun {function} ((n Int)) Int (+ n 40))
    (synth-fun f ((n Int)) Int)
    (declare-var n Int)
    (constraint (= (f n) ({function} ({function} n))))
    (check-synth)"""
    answer = solve(read(text), 10)
    assert answer.status == "solved", answer.reason
    assert python(answer, text)["f"](2) == 82


def test_an_old_name_means_the_builtin_until_the_file_takes_it() -> None:
    text = """(set-logic ALL)
    (define-fun before ((n Int)) String (int.to.str n))
    (define-fun int.to.str ((n Int)) String (str.++ "<" (before n)))
    (synth-fun f ((n Int)) String)
    (constraint (= (f 12) (int.to.str 12)))
    (constraint (= (f 5) "<5"))
    (check-synth)"""
    answer = solve(read(text), 10)
    assert answer.status == "solved", answer.reason
    assert python(answer, text)["f"](12) == "<12"


@pytest.mark.parametrize(
    ("x", "y", "extra"),
    [("x", "x!", ""), ("x!", "x", ""), ("x!", "x!!", ""), ("inv", "|inv!|", ""), ("x", "y", "x")],
)
def test_invariants_are_inductive_whatever_their_parameters_are_called(
    x: str, y: str, extra: str
) -> None:
    declared = f"(declare-var {extra} Bool)(assume (not {extra}))" if extra else ""
    text = f"""(set-logic LIA){declared}
    (synth-inv inv (({x} Int) ({y} Int)))
    (define-fun pre (({x} Int) ({y} Int)) Bool (and (= {x} 0) (= {y} 10)))
    (define-fun step (({x} Int) ({y} Int) (a Int) (b Int)) Bool
        (and (< {x} {y}) (= a (+ {x} 1)) (= b {y})))
    (define-fun post (({x} Int) ({y} Int)) Bool (=> (>= {x} {y}) (= {x} 10)))
    (inv-constraint inv pre step post)(check-synth)"""
    answer = solve(read(text), 30)
    assert answer.status == "solved", answer.reason
    claims = own_text(
        """@(declare-const p Int)(declare-const q Int)
        (assert (=> (and (= p 0) (= q 10)) (inv p q)))
        (assert (=> (and (inv p q) (< p q)) (inv (+ p 1) q)))
        (assert (=> (and (inv p q) (>= p q)) (= p 10)))""",
        answer,
    )
    assert valid(claims)


def test_functions_of_similar_names_are_one_python_module() -> None:
    names = ["|f'|", "|f,|", "f_", "len", "at", "to_int", "|é|", "|ü|"]
    functions = "".join(f"(synth-fun {name} ((x Int)) Int)" for name in names)
    claims = "".join(f"(constraint (= ({n} x) (+ x {i})))" for i, n in enumerate(names))
    text = f"(set-logic LIA){functions}(declare-var x Int){claims}(check-synth)"
    answer = solve(read(text), 20)
    assert answer.status == "solved", answer.reason
    scope = python(answer, text)
    found = [value for key, value in scope.items() if callable(value) and key != "__builtins__"]
    assert [function(100) for function in found] == list(range(100, 100 + len(names)))
