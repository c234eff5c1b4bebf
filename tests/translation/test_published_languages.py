"""The same inducer on SCAN and on the English of spec_to_code."""

import pytest

from dlcompare.synthesis.translation import induce
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.splits import draw_tests, draw_training


def scores(name, n, seed, limit):
    """Shares of right answers, inside and at every level."""
    task = catalogue()[name]
    tests = draw_tests(task, 64, 16)
    grammar = induce(task.problem(draw_training(task, n, seed, tests.reserved)), limit)
    sets = {"inside": tests.inside}
    sets |= {level: each for levels in tests.levels.values() for level, each in levels.items()}
    found = {}
    for where, examples in sets.items():
        rows = list(examples.rows())
        answers = zip(rows, grammar.predict(rows), examples.outputs, strict=True)
        found[where] = sum(a is not None and task.right(r, a, o) for r, a, o in answers) / len(rows)
    return found


def test_scan_is_learned_from_64_pairs_with_all_that_is_held_out():
    found = scores("scan", 64, 0, 500_000)
    assert set(found) == {"inside", "length", "add_jump", "around_right"}
    assert min(found.values()) >= 0.9


def test_more_pairs_than_are_needed_do_no_harm():
    assert scores("scan_simple", 1024, 0, 2_000_000) == {"inside": 1.0}


@pytest.mark.slow
def test_english_is_learned_with_combinations_that_were_not_shown():
    found = scores("spec_to_code", 256, 0, 100_000)
    assert found["inside"] >= 0.75
    assert found["unseen"] <= 0.2  # the wordings: the second axis with this level
    assert found[4] >= 0.5
