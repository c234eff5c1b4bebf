"""The budget of a run: it stops every learner, the run states it, and a resumed run keeps it."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dlcompare import load_run


def dlcompare(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "dlcompare", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.fixture
def words(tiny: Path) -> list[str]:
    learners = ["--learner", "transformer", "--learner", "synthesis"]
    folder = str(tiny.parent / "run")
    return ["run", str(tiny), *learners, "--preset", "smoke", "--train-sizes", "8", "--out", folder]


def test_updates_and_candidates_stop_learners_and_the_run_states_them(
    words: list[str], tiny: Path
) -> None:
    done = dlcompare(*words, "--updates", "7", "--candidates", "40")
    assert done.returncode == 0, done.stderr
    run = load_run(tiny.parent / "run")
    trials = {trial.learner: trial for trial in run.trials}
    assert trials["transformer"].spent.gradient_steps == 7
    assert trials["synthesis"].status == "no_program"
    assert 0 < trials["synthesis"].spent.candidates <= 40
    page = run.report.read_text()
    for stated in ("up to 7 updates", "up to 40 candidates"):
        assert stated in page
    typed = shlex.split(run.summary["run"]["command"])
    for option, limit in (("--updates", "7"), ("--candidates", "40")):
        assert typed[typed.index(option) + 1] == limit

    other = dlcompare(*words, "--updates", "8", "--candidates", "40", "--resume")
    assert other.returncode == 2
    assert "gradient_steps 7 (now 8)" in other.stderr
    assert load_run(tiny.parent / "run").trials == run.trials


def test_a_budget_that_was_not_given_is_the_presets(words: list[str], tiny: Path) -> None:
    done = dlcompare(*words, "--updates", "3")
    assert done.returncode == 0, done.stderr
    run = load_run(tiny.parent / "run")
    trials = {trial.learner: trial for trial in run.trials}
    assert trials["transformer"].spent.gradient_steps == 3
    assert trials["synthesis"].status == "ok"
    assert "--candidates" not in run.summary["run"]["command"]


@pytest.mark.parametrize("option", ["--updates", "--candidates"])
@pytest.mark.parametrize("limit", ["0", "many", str(2**63)])
def test_a_budget_is_a_count(words: list[str], option: str, limit: str, tiny: Path) -> None:
    done = dlcompare(*words, option, limit)
    assert done.returncode == 2
    assert option.strip("-") in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tiny.parent / "run").exists()
