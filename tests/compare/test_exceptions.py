"""A program that is wrong on examples of its own says of how many, wherever it is shown."""

import json
from pathlib import Path

import pytest

LEARNER = f"{Path(__file__).with_name('exceptional.py')}:sure"


@pytest.mark.parametrize(("noise", "rate"), [("", 0.0), ("noise=0.2, ", 1.0)])
def test_a_run_says_how_many_examples_a_program_answers_and_never_that_it_is_solved(
    tiny_source, tmp_path, command, noise, rate
):
    (tmp_path / "tiny.py").write_text(tiny_source.replace("@task(", f"@task({noise}"))
    words = ("--learner", LEARNER, "--preset", "smoke", "--train-sizes", "16", "--out", "run")
    done = command("run", "tiny.py", *words)
    assert done.returncode == 0, done.stderr
    said = "answers 14 of 16 examples"
    assert f"1.00 exact inside, {said}" in done.stderr
    assert said in " ".join(done.stdout.split())
    assert said in (tmp_path / "run/report.html").read_text().lower()
    summary = json.loads((tmp_path / "run/summary.json").read_text())
    (learner,) = summary["tasks"]["tiny"]["learners"].values()
    assert [program["wrong"] for program in learner["programs"]] == [2]
    (point,) = learner["curve"]
    assert point["exact_match"]["mean"] == 1
    # Without label noise the examples are right, and the program is not.
    assert point["solve_rate"]["mean"] == rate
    shown = command("report", "run", "--format", "md", "-o", "-")
    assert said in shown.stdout
    assert " solved" not in shown.stdout
