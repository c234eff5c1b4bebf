"""The control at a level: fresh examples of that level alone, and a learner that is blind."""

from click.testing import CliRunner

from dlcompare.compare.cli.control import command
from dlcompare.compare.controls import trained_at_level
from dlcompare.compare.learners.registry import create, parse
from dlcompare.tasks.problem import Budget, Predictor, Problem
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import canonical, draw_at_level, draw_tests

SORTING = load("sorting")[0]


def test_examples_at_a_level_are_of_that_level_distinct_and_no_tests() -> None:
    tests = draw_tests(SORTING, 256, 256)
    shown = draw_at_level(SORTING, "length", 12, 300, 0, tests.reserved)
    rows = list(shown.rows())
    assert {len(row["xs"]) for row in rows} == {12}
    assert len({canonical(row) for row in rows}) == 300
    assert not tests.reserved & {canonical(row) for row in rows}
    assert list(shown.outputs) == [sorted(row["xs"]) for row in rows]


def test_the_learner_is_told_nothing_of_the_level() -> None:
    seen: list[Problem] = []

    class Spy:
        def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
            seen.append(problem)
            return create(parse("copy"), "cpu").fit(problem, budget, seed)

    result = trained_at_level(SORTING, "length", 12, Spy(), 50, 10, 0)
    assert result.examples == 50
    problem = seen[0]
    assert problem.signature == SORTING.signature
    assert len(problem.examples) == 50
    assert vars(problem).keys() == {
        "signature",
        "examples",
        "description",
        "specification",
        "specifies",
        "library",
        "without",
    }


def test_the_command_says_what_training_there_brought() -> None:
    words = ["sorting", "length=12", "--learner", "copy", "--examples", "20"]
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0
    assert "trained on 20 examples of sorting at length=12" in result.output


def test_an_axis_or_level_that_is_not_there_is_a_sentence() -> None:
    for where, sentence in (("size=12", "no tested axis"), ("length=13", "not at 13")):
        result = CliRunner().invoke(command, ["sorting", where, "--learner", "copy"])
        assert sentence in str(result.exception)
