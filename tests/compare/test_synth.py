"""`dlcompare synth`: what it prints of files of examples and of SyGuS files."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time

import pytest

REVERSE = {
    "name": "turn around",
    "inputs": {"xs": [[1, 2, 3], [], [4, 5], [9, 8, 7, 6]]},
    "outputs": [[3, 2, 1], [], [5, 4], [6, 7, 8, 9]],
    "held_out": {"inputs": {"xs": [[5, 6, 5, 7]]}, "outputs": [[7, 5, 6, 5]]},
}
SUCCESSOR = {"name": "next", "inputs": {"x": [1, 5, 9]}, "outputs": [2, 6, 10]}
MIXED = {
    "name": "mixed",
    "inputs": {
        "xs": [[4, 1, 7], [5], [2, 2, 8, 3], [9, 6], [3, 5, 4], [7, 8]],
        "k": [2, 0, 5, 1, 4, 3],
    },
    "outputs": [13, -5, 38, 3, 17, 17],
}  # max(xs) * k - min(xs)
ODD = {  # no short program makes these
    "name": "hard",
    "inputs": {"xs": [[3, 1, 4], [1, 5, 9, 2], [6, 5], [3, 5, 8, 9, 7], [9, 3], [2, 3, 8]]},
    "outputs": [
        [271, 82, 81], [828, 4, 590], [452, 353, 6, 0], [287, 47], [135, 266], [249, 775, 7]
    ],
}  # fmt: skip
KEYS = [
    "name", "status", "dsl", "python", "cost", "seconds", "candidates", "held_out_accuracy",
    "answered", "examples", "reason", "wrong",
]  # fmt: skip
SYGUS = """(set-logic LIA)
(synth-fun most ((x Int) (y Int)) Int)
(declare-var x Int)
(declare-var y Int)
(constraint (>= (most x y) x))
(constraint (>= (most x y) y))
(constraint (or (= (most x y) x) (= (most x y) y)))
(check-synth)
"""


def write(folder, *records):
    file = folder / "problems.jsonl"
    file.write_text("\n".join(json.dumps(record) for record in records))
    return str(file)


def run(source, name, *arguments):
    namespace = {}
    exec(source, namespace)
    return namespace[name](*arguments)


def test_a_line_of_json_has_exactly_its_keys_and_its_program_is_right(tmp_path, command):
    done = command("synth", write(tmp_path, REVERSE, SUCCESSOR), "--json")
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert list(first) == list(second) == KEYS
    assert (first["name"], first["status"], first["held_out_accuracy"]) == ("turn around", "ok", 1)
    assert run(first["python"], "turn_around", [1, 2]) == [2, 1]
    assert (second["name"], second["status"], second["held_out_accuracy"]) == ("next", "ok", None)
    assert run(second["python"], "next", 41) == 42


def test_the_output_in_python_is_a_python_file(tmp_path, command):
    done = command("synth", write(tmp_path, REVERSE, ODD), "--format", "python", "--timeout", "1")
    assert done.returncode == 1, done.stderr
    assert run(done.stdout, "turn_around", [1, 2]) == [2, 1]
    assert "# hard: " in done.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_table_names_every_problem_in_order(tmp_path, command, jobs):
    done = command("synth", write(tmp_path, ODD, REVERSE), "--timeout", "1", "--jobs", jobs)
    assert done.returncode == 1, done.stderr
    assert done.stdout.index("hard") < done.stdout.index("turn around")
    assert "(reverse xs)" in done.stdout
    assert "1 of 2 solved" in done.stdout


def test_a_program_that_is_wrong_on_an_example_held_out_is_not_counted_as_solved(tmp_path, command):
    square = {"name": "square", "inputs": {"x": [1, 2, 3, 4]}, "outputs": [1, 4, 9, 16]}
    odd = {**square, "held_out": {"inputs": {"x": [5, 0]}, "outputs": [25, 7]}}
    done = command("synth", write(tmp_path, odd))
    assert "50%" in done.stdout
    assert "0 of 1 solved, 1 but for examples held out" in done.stdout


def test_several_cores_find_the_same_program_for_one_problem(tmp_path, command):
    lists = [[3, 1, 4], [1, 5, 9, 2], [6, 5], [3, 5, 8, 9, 7], [9, 3], [2, 3, 8]]
    gaps = [[(y - z) ** 2 for y, z in itertools.pairwise(xs)] for xs in lists]
    file = write(tmp_path, {"name": "gaps", "inputs": {"xs": lists}, "outputs": gaps})
    found = [json.loads(command("synth", file, "--json", "--jobs", n).stdout) for n in ("1", "2")]
    assert found[0]["status"] == "ok"
    one, two = ({**each, "seconds": None} for each in found)
    assert one == two


def test_a_problem_is_ended_at_its_limit(tmp_path, command):
    done = command("synth", write(tmp_path, ODD), "--json", "--timeout", "1.5")
    assert json.loads(done.stdout)["status"] == "timeout"


def test_no_problem_takes_more_than_its_memory(tmp_path, command):
    done = command("synth", write(tmp_path, ODD), "--json", "--timeout", "20", "--memory", "0.4")
    answer = json.loads(done.stdout)
    assert answer["status"] in ("out_of_memory", "no_program", "timeout")


def test_an_interrupt_prints_what_is_done(tmp_path):
    words = [sys.executable, "-m", "dlcompare", "synth", write(tmp_path, REVERSE, ODD), "--json"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        first = json.loads(process.stdout.readline())
        time.sleep(1)
        os.killpg(process.pid, signal.SIGINT)
        rest = [json.loads(line) for line in process.stdout.read().splitlines()]
        assert process.wait(10) == 130
    assert first["status"] == "ok"
    assert [(each["name"], each["status"]) for each in rest] == [("hard", "interrupted")]
    assert list(rest[0]) == KEYS


def test_the_best_program_so_far_is_shown_when_the_time_is_over(tmp_path, command):
    # Most of it is the identity; one output is no short program's.
    nearly = {
        "name": "nearly",
        "inputs": {"xs": [[3, 1], [4], [], [5, 9, 2], [8, 7, 6, 5]]},
        "outputs": [[3, 1], [4], [], [5, 9, 2], [612, 77, 30, 2, 9124, 5, 33]],
    }
    file = write(tmp_path, nearly)
    done = command("synth", file, "--timeout", "3", "--format", "python")
    assert done.returncode == 1, done.stderr
    assert "best so far" in done.stdout


def test_a_sygus_file_gives_a_definition(tmp_path, command):
    file = tmp_path / "most.sy"
    file.write_text(SYGUS)
    done = command("synth", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("(define-fun most ((x Int) (y Int)) Int ")
    done = command("synth", str(file), "--format", "python")
    assert run(done.stdout, "most", 3, 7) == 7
    answer = json.loads(command("synth", str(file), "--json").stdout)
    assert list(answer) == KEYS
    assert answer["status"] == "ok"
    assert answer["dsl"].startswith("(define-fun most")


def test_a_sygus_file_without_an_answer_is_a_sentence(tmp_path, command):
    file = tmp_path / "none.sy"
    file.write_text(SYGUS.replace("(check-synth)", "(constraint (< (most x y) x))(check-synth)"))
    done = command("synth", str(file), "--timeout", "5")
    assert done.returncode == 1
    assert "define-fun" not in done.stdout
    assert done.stdout.startswith("infeasible: ")


X = "(set-logic LIA)\n(synth-fun f ((x Int)) Int)\n(declare-var x Int)\n"
NUMBERS = "".join(f"(constraint (= (f {n}) {n**3 * 7919 % 10007}))\n" for n in range(3, 15))
NARROW = "(set-logic LIA)\n(synth-fun f ((x Int)) Int ((S Int)) ((S Int (x 1 (+ S S) (* S S)))))\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            X + "(constraint (= (* 2 (f x)) x))\n",
            "infeasible: no result meets the constraints at x",
        ),
        (
            X + "(constraint (> (f x) x))\n(constraint (< (f x) x))\n",
            "infeasible: no result meets the constraints at x",
        ),
        (
            X + "(constraint (= (f 1) 2))\n(constraint (= (f 1) 3))\n",
            "infeasible: two constraints want different results of (f 1)",
        ),
        (NARROW + NUMBERS, "unknown: no answer in 1 s"),
    ],
    ids=["no function", "inconsistent", "two results", "time-out"],
)
def test_no_answer_is_one_line_that_says_why(tmp_path, command, text, sentence):
    file = tmp_path / "none.sy"
    file.write_text(text + "(check-synth)\n")
    done = command("synth", str(file), "--timeout", "1" if "1 s" in sentence else "10")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(sentence)
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("x.jsonl", "", "x.jsonl, line 1: the file is empty"),
        ("x.jsonl", json.dumps({**SUCCESSOR, "outputs": [1]}), "x.jsonl, line 1: the column 'x'"),
        ("x.jsonl", json.dumps({**SUCCESSOR, "outputs": [1, "a", 2]}), "line 1: the outputs are"),
        ("x.csv", "a,b\n1,2\n3\n", "x.csv, line 3: the header has 2 columns, this row 1"),
        ("x.sy", SYGUS.replace("(declare-var y Int)", "(declare-var y"), "x.sy, line 4"),
        ("x.sy", SYGUS.replace("(>= (most x y) y)", "(>= (most x y) z)"), "x.sy, line 6"),
        ("x.sy", SYGUS.replace("LIA", "LRA"), "x.sy, line 1: the logic LRA is not supported"),
        ("x.txt", "", "x.txt cannot be read by its name"),
        ("x.jsonl", None, "there is no file x.jsonl"),
    ],
)
def test_bad_input_is_a_sentence_with_its_line_and_status_2(
    tmp_path, command, name, text, sentence
):
    if text is not None:
        (tmp_path / name).write_text(text)
    done = command("synth", name)
    assert done.returncode == 2, done.stderr
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_learned_costs_are_searched_with(tmp_path, command):
    file = write(tmp_path, REVERSE)
    plain = json.loads(command("synth", file, "--json").stdout)
    done = command("synth", file, "--learn", "costs.json")
    assert done.returncode == 0, done.stderr
    assert "costs learned from 1 programs are in costs.json" in done.stderr
    again = json.loads(command("synth", file, "--grammar", "costs.json", "--json").stdout)
    assert again["dsl"] == plain["dsl"]
    assert again["cost"] < plain["cost"]
    assert again["candidates"] < plain["candidates"]


def test_costs_learned_on_the_way_change_the_search_and_not_what_a_program_costs(tmp_path):
    words = [sys.executable, "-m", "dlcompare", "synth", write(tmp_path, MIXED), "--json"]
    plain, reweighed = (
        json.loads(subprocess.run([*words, *more], capture_output=True, check=True).stdout)
        for more in ([], ["--reweigh"])
    )
    for answer in (plain, reweighed):
        assert answer["status"] == "ok"
        assert run(answer["python"], "mixed", [6, 2, 9], 3) == 25
    assert reweighed["cost"] == plain["cost"]
    assert reweighed["candidates"] != plain["candidates"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "costs.json is not JSON: "),
        ("[4]", "costs.json must hold names with their bits"),
        ('{"tial": 4}', "costs.json: there is no primitive 'tial'; did you mean 'tail'?"),
        ('{"add": 0}', "costs.json: add=0 must be an integer from 1 to 60, in bits"),
        ('{"add": 2.5}', "costs.json: add=2.5 must be an integer"),
        ('{"add": true}', "costs.json: add=True must be an integer"),
        ('{"add":' * 100_000 + "1" + "}" * 100_000, "costs.json is nested too deeply; it must"),
        ('{"add":' + "[" * 900 + "]" * 900 + "}", "costs.json: add=[[[[[[[...]]]]]]] must be"),
        ('{"add":' + "9" * 5_000 + "}", "costs.json is not JSON: "),
        (None, "there is no file costs.json"),
    ],
)
def test_bad_costs_are_a_sentence_and_status_2(tmp_path, command, text, sentence):
    if text is not None:
        (tmp_path / "costs.json").write_text(text)
    done = command("synth", write(tmp_path, REVERSE), "--grammar", "costs.json")
    assert done.returncode == 2, done.stderr
    assert sentence in " ".join(done.stderr.split())
    assert not done.stdout


NESTED = "(set-logic LIA)(synth-fun |f'| ((x Int)) Int)(declare-var x Int)(constraint (= (|f'| x) "


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (f"{NESTED}{'(+ 1 ' * 400}x{')' * 400}))(check-synth)".encode("utf-8-sig"), 0, ""),
        (NESTED.encode() + b"(+ 1 " * 100_000, 2, "line 1: parentheses are nested more than"),
        (b"\xff\xfe(\x00", 2, "is not text in UTF-8"),
    ],
    ids=["400 deep, with a byte order mark", "100,000 deep", "no UTF-8"],
)
def test_odd_sygus_files_end_in_an_answer_or_a_sentence(
    tmp_path, command, content, status, sentence
):
    (tmp_path / "odd.sy").write_bytes(content)
    done = command("synth", "odd.sy")
    assert done.returncode == status, done.stderr
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    if status == 0:
        assert done.stdout == "(define-fun |f'| ((x Int)) Int (+ x 400))\n"


def test_costs_that_cannot_be_written_are_a_sentence_before_any_search(tmp_path, command):
    done = command("synth", write(tmp_path, REVERSE), "--learn", "nowhere/costs.json")
    assert done.returncode == 2, done.stderr
    assert "nowhere" in done.stderr
    assert not done.stdout


def test_costs_are_not_for_sygus_files(tmp_path, command):
    file = tmp_path / "most.sy"
    file.write_text(SYGUS)
    wrong = (["--learn", "costs.json"], ["--library", "core"], ["--reweigh"], ["--noise", "0.1"])
    for words in wrong:
        done = command("synth", str(file), *words)
        assert done.returncode == 2
        assert "--library, --reweigh and --noise are for files of examples" in done.stderr


def test_a_program_uses_the_library_that_is_named(tmp_path, command):
    file = tmp_path / "sums.csv"
    file.write_text("x,out\n[1],1\n[1 2],3\n".replace("[1 2]", '"[1, 2]"') + '"[4, 5, 6]",15\n')
    assert "sum" in json.loads(command("synth", str(file), "--json").stdout)["dsl"]
    core = json.loads(command("synth", str(file), "--json", "--library", "core").stdout)["dsl"]
    assert "sum" not in core
    assert "add" in core
