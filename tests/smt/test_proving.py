"""A run proves the programs it found, where the task has a specification, and says so."""

import json
import subprocess
import sys

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
    (tmp_path / "turned.py").write_text(TASK)
    words = ["run", "turned.py", "--learner", "synthesis", "--train-sizes", "1,8", "--seeds", "1"]

    def run(*more):
        return subprocess.run(
            [sys.executable, "-m", "dlcompare", *words, "--out", "out", *more],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )

    printed = run().stdout
    assert "proved right for every input up to length 7" in " ".join(printed.split())
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    programs = summary["tasks"]["turned"]["learners"]["synthesis"]["programs"]
    proofs = {program["n"]: program["proof"] for program in programs}
    assert proofs[8]["status"] == "proved"
    assert proofs[8]["bound"] == {"length": 7}
    assert all(proof["status"] in ("proved", "refuted") for proof in proofs.values())
    run("--resume")
    again = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert again["tasks"]["turned"]["learners"]["synthesis"]["programs"] == programs
