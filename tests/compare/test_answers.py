"""The answers kept for people: the same inputs for every learner, small, judged as the score is."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare import run
from dlcompare.compare.trials.draws import TestSet
from dlcompare.compare.trials.judged_answers import chosen, sample
from dlcompare.compare.trials.metrics import score
from dlcompare.tasks.problem import Examples, Unfinished
from dlcompare.tasks.registry import load


@given(st.integers(0, 500), st.integers(2, 12))
def test_positions_are_distinct_and_reach_from_end_to_end(count: int, wanted: int) -> None:
    positions = chosen(count, wanted)
    assert positions == sorted(set(positions))
    assert len(positions) == min(count, wanted)
    assert not count or (positions[0], positions[-1]) == (0, count - 1)


def test_answers_are_judged_and_placed_as_the_score_does() -> None:
    (task,) = load("sorting")
    inputs = ([2, 1], [3, 1], [7], [5, 4], [9, 8])
    examples = Examples({"xs": inputs}, ([1, 2], [1, 3], [7], [4, 5], [8, 9]))
    answers = [[1, 2], [1, 4], None, "wrong type", Unfinished([8, 9])]
    found = sample(task, TestSet(None, None, examples), answers)
    assert [each.right for each in found] == [True, False, False, False, False]
    assert [each.first_error for each in found] == [None, 2, 0, 0, 3]
    given = ["[1, 2]", "[1, 4]", "", "'wrong type'", "[8, 9, …"]
    assert [each.given for each in found] == given
    wrong = [each.first_error for each in found if each.first_error is not None]
    assert score(task, examples, answers).first_error == sum(wrong) / len(wrong)
    assert found[0].inputs == "xs=[2, 1]"


@given(st.integers(0, 2_000))
def test_a_long_answer_is_cut_around_its_first_error(wrong: int) -> None:
    (task,) = load("sorting")
    right = list(range(2_001))
    given_ = [*right[:wrong], -1, *right[wrong + 1 :]]
    tested = TestSet(None, None, Examples({"xs": (right,)}, (right,)))
    (found,) = sample(task, tested, [given_])
    assert "-1" in found.given
    assert "-1" not in found.expected
    assert len(json.dumps(asdict(found))) < 1_000


@pytest.mark.usefixtures("tiny")
def test_every_learner_s_answers_are_to_the_same_inputs(tiny: Path) -> None:
    done = run(str(tiny), ["copy", "nearest_neighbour"], "smoke", [8], 2, out=tiny.parent / "r")
    first, second = (
        [(x["axis"], x["level"], x["inputs"], x["expected"]) for x in learner["answers"]]
        for learner in done.summary["tasks"]["tiny"]["learners"].values()
    )
    assert first == second
    assert {axis for axis, *_ in first} == {None, "length"}
    assert len(first) == 8 + 2 * 4
