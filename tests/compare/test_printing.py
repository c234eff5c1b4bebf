"""Programs are printed whole, whatever the width, and several of them as one module."""

import ast
import io
import json
import os
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, Group

from dlcompare.compare.report.code import Code
from dlcompare.compare.synth.python_module import module_of
from dlcompare.tasks.jsonl import problems

LONG = "This sentence is the greater part of each output and longer than most terminals are wide"


def synth(file, *words, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "dlcompare", "synth", str(file), "--timeout", "60", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded(source):
    namespace = {}
    exec(compile(source, "<printed>", "exec"), namespace)
    return namespace


@pytest.mark.parametrize("columns", ["20", "200"])
def test_a_program_with_a_long_literal_is_printed_whole(tmp_path, columns):
    file = tmp_path / "wide.csv"
    file.write_text("word,text\n" + "".join(f"{w},{w} {LONG}\n" for w in ("ant", "bee", "wasp")))
    printed = synth(file, COLUMNS=columns)
    source = printed[printed.index("def wide(") :]
    assert loaded(source)["wide"]("gnat") == f"gnat {LONG}"


PROBLEMS = [
    ("len", {"xs": [[1, 2], [3], []]}, [2, 1, 0]),
    ("sorted", {"xs": [[2, 1], [3], [], [5, 9, 1]]}, [[1, 2], [3], [], [1, 5, 9]]),
    ("class", {"max": [1, 2, 3]}, [3, 4, 5]),
    ("中文", {"x": [1, 2, 3]}, [2, 4, 6]),
    ("日本", {"sum": [[1], [2, 2], [3, 4, 5]]}, [1, 4, 12]),
    ("list", {"n": [1, 3, 2]}, [[0], [0, 1, 2], [0, 1]]),
    ("accumulate", {"xs": [[1, 2, 3], [2, 5], [4, 4, 4, 4]]}, [[1, 3, 6], [2, 7], [4, 8, 12, 16]]),
    ("scan", {"xs": [[3, 1], [2, 5, 2], [7]]}, [[3, 4], [2, 7, 9], [7]]),
    ("a\nb \u2028c", {"len": [[1, 2], [3], []]}, [2, 1, 0]),
]


def test_several_programs_are_a_module_whose_functions_are_all_right(tmp_path):
    file = tmp_path / "problems.jsonl"
    lines = [json.dumps({"name": n, "inputs": i, "outputs": o}) for n, i, o in PROBLEMS]
    file.write_text("\n".join(lines))
    printed = synth(file, "--format", "python", "--quiet")
    module = loaded(printed)
    functions = [node.name for node in ast.parse(printed).body if isinstance(node, ast.FunctionDef)]
    assert len(functions) == len(set(functions)) == len(PROBLEMS)
    for name, problem in zip(functions, problems(file), strict=True):
        for row, output in zip(problem.examples.rows(), problem.examples.outputs, strict=True):
            assert module[name](*row.values()) == output
    imports = [line for line in printed.splitlines() if line.startswith(("from ", "import "))]
    assert imports == ["from itertools import accumulate"]
    assert printed.startswith(imports[0])


BODIES = {
    "lengths": ("{}(xs):\n    return [len(x) for x in xs]\n", [["a", "bc"]], [1, 2]),
    "order": ("{}(xs):\n    return sorted(xs, key=lambda y: -y)\n", [[1, 2]], [2, 1]),
    "sums": ("{}(xs):\n    return list(accumulate(xs))\n", [[1, 2]], [1, 3]),
    "again": ("{0}(n):\n    return 0 if n < 1 else n + {0}(n - 1)\n", [3], 6),
    "method": ("{}(s):\n    return s.index('b')\n", ["ab"], 1),
}
IMPORTS = {"sums": "from itertools import accumulate\n\n"}
CALLED = {"lengths": {"len"}, "order": {"sorted", "key"}, "sums": {"list", "accumulate"}}
NAMES = st.sampled_from(["len", "sorted", "accumulate", "list", "f", "f_", "key", "index", "xs"])


@given(st.lists(st.tuples(st.sampled_from([*BODIES]), NAMES), max_size=6))
def test_no_name_in_a_module_hides_another(chosen):
    programs = []
    for kind, wanted in chosen:
        name = f"{wanted}_" if wanted in CALLED.get(kind, ()) else wanted  # as a program alone is
        programs.append(f"{IMPORTS.get(kind, '')}def {BODIES[kind][0].format(name)}")
    text = module_of([("# remark", source) for source in programs])
    module = loaded(text)
    functions = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    for name, (kind, _) in zip(functions, chosen, strict=True):
        _, arguments, right = BODIES[kind]
        assert module[name](*arguments) == right


@pytest.mark.parametrize(
    ("source", "arguments", "right"),
    [
        ("def list(list: list[int]) -> list[int]:\n    return list[::-1]\n", ([1, 2],), [2, 1]),
        ("def str(s: str) -> str:\n    return s.upper()\n", ("a",), "A"),
        ("def bool(bool: bool) -> bool:\n    return not bool\n", (True,), False),
        ("def int(int: int, int_: int) -> int:\n    return int - int_\n", (5, 2), 3),
        ("def f(f: str) -> str:\n    return 'é' + f + 'f'\n", ("f",), "éff"),
        ("def max(n):\n    return 'é' * n and max(n - 1)\n", (3,), ""),
    ],
)
def test_parameters_and_types_may_be_called_what_the_function_is_called(source, arguments, right):
    text = module_of([("# one", source), ("# two", "def g(f, str):\n    return f\n")])
    function = next(n.name for n in ast.parse(text).body if isinstance(n, ast.FunctionDef))
    assert loaded(text)[function](*arguments) == right
    assert text.split("(", 1)[1].startswith(source.split("(", 1)[1].split(")", 1)[0])


@pytest.mark.parametrize("width", [20, 40, 80])
def test_code_in_a_report_is_neither_wrapped_nor_cut(width):
    source = f"def f(x):\n    return x + {LONG!r}\n"
    output = io.StringIO()
    Console(file=output, width=width).print(Group(Code(source, "python", indent=2)), crop=False)
    assert textwrap.dedent(output.getvalue()) == source


@pytest.mark.slow
def test_compiling_counts_against_no_limit_and_is_told(tmp_path):
    file = tmp_path / "label.csv"
    file.write_text("n,label\n7,id-7\n42,id-42\n100,id-100\n8,id-8\n")
    environment = {**os.environ, "DLCOMPARE_CACHE": str(tmp_path / "cache")}
    words = [sys.executable, "-m", "dlcompare", "synth", str(file), "--timeout", "8", "--json"]

    def answered():
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        return json.loads(done.stdout)["status"], "compiling" in done.stderr

    assert answered() == ("ok", True)
    assert answered() == ("ok", False)
