"""A learner's process is not handed the reference, and nothing in it leads there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcompare import run
from dlcompare.compare.cli.control import command
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.learners.learner_table import LEARNERS
from dlcompare.compare.trials.draws import draw
from dlcompare.compare.trials.protocol import plan
from dlcompare.compare.trials.trial import job
from dlcompare.tasks.registry import load

CHEAT = Path(__file__).with_name("cheating.py")

SPECIFIED = """
from dlcompare import ints, lists, task

def is_kept(xs, result):
    return result == [x for x in xs if x % 2 == 0]

def accepted(inputs, prediction):
    return prediction == [x for x in inputs["xs"] if x % 2 == 0]

reference_MARK = 0

@task(
    inputs=lists(ints(0, 9)),
    train={"length": range(2, 6)},
    test={"length": [8, 12]},
    ensures=is_kept,
    accepts=accepted,
)
def kept(xs: list[int]) -> list[int]:
    "Keep the even numbers."
    return [x for x in xs if x % 2 == reference_MARK]
"""


@pytest.fixture
def specified(tmp_path: Path) -> Path:
    """The file of a task with a specification."""
    file = tmp_path / "specified.py"
    # The number is in no other file, so that it tells this one.
    file.write_text(SPECIFIED.replace("MARK", "marked_57005"))
    return file


def looked(log: Path) -> list[dict[str, int]]:
    """For each fit, by way, how often it led to the reference."""
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.parametrize("stack", [False, True])
def test_no_way_leads_from_a_learner_s_process_to_the_reference(
    specified: Path, stack: bool
) -> None:
    log = specified.parent / "log"
    targets = [str(specified), "sorting"]
    done = run(
        targets,
        [f"{CHEAT}:create:log={log}"],
        "smoke",
        [8],
        stack=stack,
        out=specified.parent / "run",
    )
    assert [trial.status for trial in done.trials] == ["ok", "ok"], done.trials
    assert len(looked(log)) == 2
    for found in looked(log):
        assert found == dict.fromkeys(found, 0)


def test_the_ways_lead_there_in_the_process_of_a_run(specified: Path) -> None:
    """Else the test above could not fail."""
    script = (
        "import sys, json; sys.path.insert(0, sys.argv[2]); import cheating\n"
        "from dlcompare.tasks.registry import load\n"
        "from dlcompare.tasks.splits import draw_training\n"
        "found = {}\n"
        "for name in (sys.argv[1], 'sorting'):\n"
        "    task = load(name)[0]\n"
        "    held = open(sys.argv[1])\n"
        "    problem = task.problem(draw_training(task, 8, 0, frozenset()))\n"
        "    for way, count in cheating.ways(problem).items():\n"
        "        found[way] = found.get(way, 0) + count\n"
        "print(json.dumps(found))\n"
    )
    words = [sys.executable, "-c", script, str(specified), str(CHEAT.parent)]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    found = json.loads(printed)
    assert [way for way, count in found.items() if not count] == []


def test_a_control_is_blind(specified: Path) -> None:
    log = specified.parent / "log"
    words = [str(specified), "length=12", "--learner", f"{CHEAT}:create:log={log}"]
    result = CliRunner().invoke(command, [*words, "--examples", "20"])
    assert result.exit_code == 0, result.output
    (found,) = looked(log)
    assert found == dict.fromkeys(found, 0)


def test_specifications_go_to_those_who_ask_for_them_and_never_to_a_file(specified: Path) -> None:
    (task,) = load(str(specified))
    learners = [*LEARNERS, "synthesis:library=core", f"{CHEAT}:create"]
    settings = RunOptions(learners, "smoke", [8], 1, "cpu").settings([str(specified)])
    drawn = draw(task, settings)
    jobs = [
        job(each, each.learner, drawn, settings)
        for each in plan(settings, {task.name: drawn.available})
    ]
    assert {each.learner for each in jobs if each.specified_by is not None} == {"synthesis:spec"}
    assert all(each.problem.specification is None for each in jobs)
