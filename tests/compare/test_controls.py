"""The control at a level: fresh examples of that level alone, and a learner that is blind."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcompare import load_run, run
from dlcompare.compare.cli.control import command
from dlcompare.compare.experiment.controls import trained_at_level
from dlcompare.compare.learners.learner_table import create, parse
from dlcompare.tasks.problem import Budget, Predictor, Problem
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import canonical, draw_at_level, draw_tests
from dlcompare.tasks.task import Task


@pytest.fixture
def task(tiny: Path) -> Task:
    """The small task; a control is the same on a large one."""
    return load(str(tiny))[0]


def test_examples_at_a_level_are_of_that_level_distinct_and_no_tests(task: Task) -> None:
    tests = draw_tests(task, 256, 256)
    shown = draw_at_level(task, "length", 12, 300, 0, tests.reserved)
    rows = list(shown.rows())
    assert {len(row["xs"]) for row in rows} == {12}
    assert len({canonical(row) for row in rows}) == 300
    assert not tests.reserved & {canonical(row) for row in rows}
    assert list(shown.outputs) == [task.function(**row) for row in rows]


def test_the_learner_is_told_nothing_of_the_level(task: Task) -> None:
    seen: list[Problem] = []

    class Spy:
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            seen.append(problem)
            return create(parse("copy"), "cpu").fit(problem, budget, seed)

    result = trained_at_level(task, "length", 12, Spy(), 50, 10, 0)
    assert result.examples == 50
    problem = seen[0]
    assert problem.signature == task.signature
    assert len(problem.examples) == 50
    assert vars(problem).keys() == {
        "signature",
        "examples",
        "description",
        "specification",
        "specifies",
        "library",
        "without",
        "states",
        "components",
    }


def test_the_command_says_what_training_there_brought(tiny: Path) -> None:
    words = [str(tiny), "length=12", "--learner", "copy", "--examples", "20"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0
    assert "trained on 20 examples of tiny at length=12" in result.output


def test_a_control_is_kept_in_a_run_and_shown_in_its_report(tiny: Path) -> None:
    folder = tiny.parent / "run"
    run(str(tiny), ["copy"], "smoke", [16], 1, jobs=1, out=folder)
    words = [str(tiny), "length=12", "--learner", "copy", "--examples", "20", "--run", str(folder)]
    for _ in range(2):  # one made again takes the place of the first
        assert CliRunner().invoke(command, words).exit_code == 0
    (control,) = load_run(folder).summary["tasks"]["tiny"]["controls"]
    assert (control["axis"], control["level"], control["examples"]) == ("length", 12, 20)
    assert "trained on 20 fresh examples at length 12 itself" in load_run(folder).report.read_text()
    other = tiny.with_name("other.py")
    other.write_text(tiny.read_text().replace("def tiny", "def other"))
    words[0] = str(other)
    assert "has no task 'other'" in str(CliRunner().invoke(command, words).exception)


def test_an_axis_or_level_that_is_not_there_is_a_sentence(tiny: Path) -> None:
    for where, sentence in (("size=12", "no tested axis"), ("length=13", "not at 13")):
        result = CliRunner().invoke(command, [str(tiny), where, "--learner", "copy"])
        assert sentence in str(result.exception)
