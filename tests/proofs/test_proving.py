"""A run proves the programs it found, where the task has a specification, and says so."""

import io
import json

from rich.console import Console

from dlcompare import run
from dlcompare.compare.report.terminal import render_summary

TASK = """
from dlcompare import ints, lists, task

@task(
    inputs=lists(ints(0, 9)),
    train={"length": range(2, 6)},
    test={"length": [8]},
    without={"reverse"},
    ensures=lambda xs, result: len(xs) == len(result) and all(
        result[-1 - i] == x for i, x in enumerate(xs)
    ),
)
def turned(xs: list[int]) -> list[int]:
    "The list from its end."
    return xs[::-1]
"""


def test_the_proof_stands_beside_the_program(tmp_path):
    file, out = tmp_path / "turned.py", tmp_path / "out"
    file.write_text(TASK)
    done = run(str(file), ["synthesis"], train_sizes=[1, 8], seeds=1, out=out)
    printed = io.StringIO()
    Console(file=printed, width=80).print(render_summary(done.results))
    assert "proved right for every input up to length 7" in " ".join(printed.getvalue().split())
    written = json.loads((out / "summary.json").read_text())
    programs = written["tasks"]["turned"]["learners"]["synthesis"]["programs"]
    proofs = {program["n"]: program["proof"] for program in programs}
    assert proofs[8]["status"] == "proved"
    assert proofs[8]["bound"] == {"length": 7}
    assert all(proof["status"] in ("proved", "refuted") for proof in proofs.values())
    again = run(str(file), ["synthesis"], train_sizes=[1, 8], seeds=1, out=out, resume=True).summary
    assert again["tasks"]["turned"]["learners"]["synthesis"]["programs"] == programs
