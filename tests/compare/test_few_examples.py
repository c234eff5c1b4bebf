"""Tasks with fewer examples than the training sizes of a run: they run with all that there are."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Command = Callable[..., subprocess.CompletedProcess[str]]

DOUBLE = {
    "name": "double",
    "inputs": {"x": [1, 2, 3, 4, 5, 6, 7, 8]},
    "outputs": [2, 4, 6, 8, 10, 12, 14, 16],
}
TURN = {
    "name": "turn",
    "inputs": {"xs": [[n, n + 1] for n in range(40)]},
    "outputs": [[n + 1, n] for n in range(40)],
}
NOTHING_LEFT = """
import itertools
from dlcompare import task

COUNT = itertools.count()

def drawn(rng, setting):
    count = next(COUNT)
    return {"x": count if count < 128 else 0}

@task(inputs=drawn)
def follower(x: int) -> int:
    "Add one."
    return x + 1
"""


def test_eight_examples_are_learned_from_and_the_sizes_are_told(
    tmp_path: Path, command: Command
) -> None:
    (tmp_path / "few.jsonl").write_text(f"{json.dumps(DOUBLE)}\n{json.dumps(TURN)}\n")
    done = command("run", "few.jsonl", "--learner", "copy", "--seeds", "2", "--out", "out")
    assert done.returncode == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    for name, sizes in (("double", [1, 4, 6]), ("turn", [1, 4, 16, 30])):
        its = summary["tasks"][name]["learners"]["copy"]
        assert [point["n"] for point in its["curve"]] == sizes
        assert its["trials"]["ok"] == 2 * len(sizes)
        assert its["trials"]["skipped"] == 0
        listed = ", ".join(map(str, sizes))
        assert (
            f"{name} has {sizes[-1]} examples to learn from: the training sizes are {listed}\n"
            in (done.stderr)
        )
        said = f"There are {sizes[-1]} examples to learn from: the training sizes are {listed}."
        assert said in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        assert said in " ".join(done.stdout.split())
    assert summary["run"]["finished"] == summary["run"]["planned"] == 2 * 7


def test_a_larger_size_asked_for_later_adds_the_trials_that_there_are_examples_for(
    tmp_path: Path, command: Command
) -> None:
    (tmp_path / "few.jsonl").write_text(json.dumps(DOUBLE))
    words = ("run", "few.jsonl", "--learner", "copy", "--seeds", "1", "--out", "out", "--json")
    first = json.loads(command(*words, "--train-sizes", "2").stdout)
    then = json.loads(command(*words, "--train-sizes", "100", "--resume").stdout)
    found = [
        [point["n"] for point in each["tasks"]["double"]["learners"]["copy"]["curve"]]
        for each in (first, then)
    ]
    assert found == [[2], [2, 6]]


def test_a_run_with_nothing_to_learn_from_is_an_error_and_leaves_nothing(
    tmp_path: Path, command: Command
) -> None:
    """The sampler goes on to draw what is reserved for the tests."""
    (tmp_path / "none.py").write_text(NOTHING_LEFT)
    words = ("--learner", "copy", "--preset", "smoke", "--train-sizes", "3,5", "--out", "out")
    done = command("run", "none.py", *words)
    assert done.returncode == 2
    assert "no trial can be made: follower: no example is left" in done.stderr
    assert "--train-sizes 3,5" in done.stderr
    assert not (tmp_path / "out").exists()
