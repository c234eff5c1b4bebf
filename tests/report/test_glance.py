"""The first screen: one row a task, nobody favoured; answers of both sides beside each other."""

from dlcompare.compare.report.glance import glance, overall
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.side_by_side import parted, side_by_side
from dlcompare.compare.summary.json_values import from_json


def read(summary):
    """A summary in JSON, as a report presents it."""
    return presented(from_json(summary))


def test_a_row_a_task_and_the_fewest_is_marked(summary):
    table = glance(read(summary))
    assert [row.task.name for row in table.rows] == ["sorting", "digits"]
    names = [learner.name for learner in table.learners]
    marked = [
        [name for name, (_, fewest) in zip(names, row.needs, strict=True) if fewest]
        for row in table.rows
    ]
    assert marked == [["synthesis"], ["transformer"]]


def test_a_learner_that_a_task_does_not_have_leaves_its_place_empty(summary):
    table = glance(read(summary))
    aware = [learner.name for learner in table.learners].index("transformer:recipe=aware")
    assert table.rows[1].needs[aware] == ("", False)
    assert table.rows[1].reaches[aware] == ()


def test_the_program_stands_with_its_proof(summary, edited):
    def refute(summary):
        for program in summary["tasks"]["sorting"]["learners"]["synthesis"]["programs"]:
            program["proof"] = {"status": "refuted", "counterexample": None}

    def untried(summary):
        for program in summary["tasks"]["sorting"]["learners"]["synthesis"]["programs"]:
            program["proof"] = None

    assert [row.program for row in glance(read(summary)).rows] == [
        ("proved up to length 6", True),
        ("–", False),
    ]
    assert glance(read(edited(refute))).rows[0].program == ("proved wrong", False)
    assert glance(read(edited(untried))).rows[0].program[0].endswith("% right")


def test_who_holds_to_the_end_is_counted(summary):
    first, second = overall(read(summary))
    assert "synthesis on 1 and the transformer on 1" in first
    assert second.startswith("Right up to the last level tested: synthesis on 2 of 3 axes")


def test_one_winner_is_said_plainly(edited):
    def lose(summary):
        summary["tasks"]["digits"]["learners"]["transformer"]["n_at_90"] = None

    first = overall(read(edited(lose)))[0].replace("\N{NO-BREAK SPACE}", " ")
    assert first == (
        "Synthesis needs the fewest examples to get 90 % right on 1 of 2 tasks; "
        "nobody gets there on 1."
    )


def test_the_telling_answers_stand_beside_each_other(summary):
    task = read(summary).tasks[0]
    found = side_by_side(task)
    assert [each.where for each in found] == ["inside", "length 12"]
    assert [answer.right for _, answer in found[1].answers] == [True, False]
    assert parted(found[1].answers[1][1]) == ("[1, ", "3, 2]")


def test_without_answers_nothing_stands_there(summary, edited):
    assert side_by_side(read(summary).tasks[1]) == []
    assert overall(read(edited(lambda s: s["tasks"].clear()))) == ["Nothing has been measured yet."]
