"""Programs without a proof are tried on inputs beyond those drawn, and reports say how it went."""

import json
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace

import pytest
from rich.console import Console

from dlcompare import run
from dlcompare.compare.experiment.proving import Known, Prove, prove_all
from dlcompare.compare.report.headline import proof_in_brief, proof_sentence
from dlcompare.compare.report.terminal import render_summary
from dlcompare.compare.summary.learner_result import ProgramResult
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.trying import Tried

TASKS = '''
from dlcompare import ints, lists, task


def narrow(rng, setting):
    """Rows of at most three columns."""
    rows, columns = setting.get("rows", int(rng.integers(1, 6))), int(rng.integers(1, 4))
    return {"rows": rng.integers(0, 10, (rows, columns)).tolist()}


@task(inputs=narrow, test={"rows": [6]})
def transpose(rows: list[list[int]]) -> list[list[int]]:
    "Columns as rows."
    return [[row[i] for row in rows] for i in range(len(rows[0]))]


@task(inputs=lists(ints(1, 9)), train={"length": range(1, 6)}, test={"length": [8]})
def first(xs: list[int]) -> int:
    "The first element, or zero."
    return xs[0] if xs else 0


@task(
    inputs=lists(ints(1, 9)),
    train={"length": range(1, 6)},
    test={"length": [8]},
    ensures=lambda xs, result: f"{result}" == f"{sum(xs)}",
)
def total(xs: list[int]) -> int:
    "The sum."
    return sum(xs)
'''


class Heard:
    """The end of a channel that keeps what is sent."""

    def __init__(self):
        self.messages = []

    def send(self, message):
        self.messages.append(Known(**json.loads(json.dumps(asdict(message)))))


class Here:
    """A backend that runs everything in this process, and may lose what was said."""

    def __init__(self, cause="done", kept=None):
        self.cause, self.kept = cause, kept
        self.ended, self.launched = [], []

    def room(self):
        return 1

    def launch(self, assignment, hear):  # noqa: ARG002
        heard = Heard()
        assignment.job.run(heard)
        self.launched.append(assignment.job)
        messages = heard.messages[: self.kept]
        ending = SimpleNamespace(cause=self.cause, messages=messages, last_words="")
        self.ended.append((len(self.launched), ending))
        return len(self.launched)

    def wait(self):
        ended, self.ended = self.ended, []
        return ended


@dataclass(frozen=True)
class Found:
    """As much of a trial as proving looks at."""

    task: str
    program: dict


@pytest.fixture
def file(tmp_path):
    """Three tasks whose samplers leave things out."""
    path = tmp_path / "tasks.py"
    path.write_text(TASKS)
    return path


def program(python, proof, tried):
    """A program with what is known of it, each None or a mapping."""
    return ProgramResult(
        python=python,
        n=8,
        seed=0,
        proof=Proof(**proof) if proof else None,
        tried=Tried(**tried) if tried else None,
    )


def said(address, source):
    """Return what is known of a program of a task, and the sentence for it."""
    heard = Heard()
    Prove(address, source).run(heard)
    known = asdict(heard.messages[-1])
    return known, proof_sentence(program(source, known["proof"], known["tried"]))


THREE = """
def f(rows):
    columns = []
    if len(rows[0]) > 0:
        columns = [[row[0] for row in rows]]
    if len(rows[0]) > 1:
        columns = columns + [[row[1] for row in rows]]
    if len(rows[0]) > 2:
        columns = columns + [[row[2] for row in rows]]
    return columns
"""


def test_wrong_programs_that_no_drawn_input_shows_are_told(file):
    known, sentence = said(f"{file}:transpose", THREE)
    rows = known["tried"]["wrong_at"]["inputs"]["rows"]
    assert len(rows[0]) > 3
    assert len(known["tried"]["wrong_at"]["output"]) == 3
    assert sentence == f"not proved; wrong at rows={rows!r}"
    _, sentence = said(f"{file}:first", "def f(xs): return xs[0]")
    assert sentence == "not proved; wrong at xs=[]"
    known, _ = said(f"{file}:first", "def f(xs): return xs[0] if xs else 0 // 1 + 0 * len(xs)")
    assert known["tried"]["wrong_at"] is None


def test_right_programs_are_right_beyond_what_is_drawn(file):
    source = "def f(rows): return [list(column) for column in zip(*rows)] if rows[0] else []"
    known, sentence = said(f"{file}:transpose", source)
    count = known["tried"]["inputs"]
    assert count > 100
    assert sentence == f"not proved; right on {count} inputs beyond those drawn"


def test_the_wrong_programs_of_a_sampler_that_changes_one_letter():
    """A proof refutes them; where there is none (the text is not covered) they are tried."""
    source = "def f(first, second): return sum(map(ord, first)) == sum(map(ord, second))"
    known, _ = said("is_anagram", source)
    at = (known["tried"] or {}).get("wrong_at") or known["proof"]["counterexample"]
    first, second = at["inputs"]["first"], at["inputs"]["second"]
    assert at["output"] != (sorted(first) == sorted(second))


def test_an_unknown_proof_and_a_trial_stand_side_by_side(file):
    known, sentence = said(f"{file}:total", "def f(xs): return sum(xs)")
    assert known["proof"]["status"] == "unknown"
    assert known["tried"]["inputs"] > 100
    assert known["proof"]["reason"] in sentence
    assert sentence.endswith("inputs beyond those drawn")
    known, sentence = said(f"{file}:total", "def f(xs): return sum(xs) if len(xs) < 20 else 0")
    assert len(known["tried"]["wrong_at"]["inputs"]["xs"]) >= 20
    assert "wrong at xs=[" in sentence


def test_text_that_is_not_read_is_not_run(file, tmp_path):
    touched = tmp_path / "touched"
    source = f"def f(xs: open({str(touched)!r}, 'w')):\n    import os\n    return os.getpid()\n"
    known, sentence = said(f"{file}:first", source)
    assert "line 2" in known["tried"]["reason"]
    assert sentence.startswith("not proved; not tried: line 2")
    assert not touched.exists()


@pytest.mark.parametrize(("cause", "kept"), [("timeout", 0), ("memory", 0), ("crash", 1)])
def test_what_a_lost_process_leaves_is_told(file, cause, kept):
    from dlcompare.tasks.registry import load

    drawn = {task.name: SimpleNamespace(task=task) for task in load(str(file))}
    trials = (
        Found("total", {"python": "def f(xs): return sum(xs)"}),
        Found("first", {"python": "def f(xs): return xs[0]"}),
        Found("first", {"python": "def f(xs): return xs[0]"}),
    )
    kept_trials = []
    backend = Here(cause, kept)
    prove_all(trials, drawn, backend, 1 << 30, kept_trials.append)
    assert len(backend.launched) == 2  # each program once
    assert len(kept_trials) == 3
    for each in kept_trials:
        tried = each.program["tried"]
        assert (each.program["proof"] is None) == (each.task == "first")
        assert tried["reason"] or tried["wrong_at"]
    again = Here()
    prove_all(tuple(kept_trials), drawn, again, 1 << 30, kept_trials.append)
    assert not again.launched


def test_a_task_of_examples_only_says_so(tmp_path):
    numbers = list(range(24))
    record = {"name": "double", "inputs": {"x": numbers}, "outputs": [2 * x for x in numbers]}
    file = tmp_path / "given.jsonl"
    file.write_text(json.dumps(record))
    done = run(str(file), ["synthesis"], train_sizes=[8], seeds=1, out=tmp_path / "run")
    (task,) = done.summary["tasks"].values()
    (program,) = task["learners"]["synthesis"]["programs"]
    assert program["proof"] is None
    assert program["tried"]["reason"] == "no reference to try it on"
    console = Console(width=200)
    with console.capture() as printed:
        console.print(render_summary(done.results))
    assert "not proved; no reference to try it on" in printed.get()


def test_what_was_tried_is_in_every_report(file, tmp_path):
    out = tmp_path / "run"
    options = {"train_sizes": [8], "seeds": 1, "out": out}
    done = run(f"{file}:first", ["synthesis"], **options)
    ((found,),) = (x.programs for x in done.results.tasks[0].learners)
    sentence = proof_sentence(found)
    assert sentence.startswith("not proved; ")
    html = (out / "report.html").read_text()
    assert f"N{sentence[1:]}." in html.replace("&#39;", "'")
    assert all(
        "tried" in each
        for each in json.loads((out / "summary.json").read_text())["tasks"]["first"]["learners"][
            "synthesis"
        ]["programs"]
    )
    again = run(f"{file}:first", ["synthesis"], resume=True, **options)
    assert again.summary["tasks"] == done.summary["tasks"]


@pytest.mark.parametrize(
    ("proof", "tried", "sentence", "brief"),
    [
        (
            {"status": "proved", "bound": {"length": 7}, "covered": {"paths": 1204, "inputs": 900}},
            {},
            "proved right for every input up to length 7 (1,204 paths, 900 inputs tried)",
            "proved up to length 7",
        ),
        (
            {"status": "proved", "method": "induction", "covered": {"inputs": 700}},
            {},
            "proved right for every input by induction (700 inputs tried)",
            "proved",
        ),
        (
            {},
            {"inputs": 512, "wrong_at": None, "reason": None},
            "not proved; right on 512 inputs beyond those drawn",
            "not proved",
        ),
        (
            {"status": "unknown", "reason": "time"},
            {"inputs": 2, "wrong_at": {"inputs": {"k": 1, "xs": []}, "raises": "IndexError"}},
            "not proved: time; wrong at k=1, xs=[]",
            "wrong beyond",
        ),
        (
            {},
            {"inputs": 0, "wrong_at": None, "reason": "out of time"},
            "not proved; out of time",
            "not proved",
        ),
    ],
)
def test_what_is_known_is_a_sentence(proof, tried, sentence, brief):
    its = program("def f(xs): ...", proof, tried)
    assert proof_sentence(its) == sentence
    assert proof_in_brief(its) == brief
    grammar = replace(its, python="jump -> JUMP")
    assert bool(proof_sentence(grammar)) == bool(proof)
