"""Learners beside each other: only equals are compared, and too few seeds are said out loud."""

from dlcompare.compare.statistics.relations import Beyond, across_tasks, comparisons

INSIDE = {
    "one": {
        "synthesis": {4: {0: 0.5, 1: 0.5}, 16: {0: 1.0, 1: 1.0}},
        "transformer": {4: {0: 0.0, 1: 0.25}},
        "copy": {4: {0: 0.0, 1: 0.0}},
    },
    "two": {
        "synthesis": {4: {0: 0.0, 1: 0.0}},
        "transformer": {4: {0: 1.0, 1: 0.5}},
        "copy": {4: {0: 0.0, 1: 0.0}},
    },
    "begun": {"synthesis": {4: {0: 1.0}}, "transformer": {}, "copy": {}},
}


BEYOND = {task: {name: {0: 0.75, 1: 0.25} for name in its} for task, its in INSIDE.items()}


def test_contenders_are_paired_at_the_largest_size_that_both_have() -> None:
    found = comparisons(INSIDE)
    assert [(each.task, each.n, each.difference) for each in found] == [
        ("one", 4, 0.375),
        ("two", 4, -0.75),
    ]
    assert all(each.learners == ("synthesis", "transformer") for each in found)
    assert all(each.verdict == "too few pairs" for each in found)


def test_only_tasks_that_everybody_was_measured_on_count_over_tasks() -> None:
    its = across_tasks(INSIDE, BEYOND)
    assert its is not None
    assert its.tasks == ("one", "two")
    assert its.learners["synthesis"].inside.mean == 0.5
    assert its.learners["transformer"].inside.scores == 4
    assert its.learners["copy"].beyond.mean == 0.5
    (pair,) = its.comparisons
    assert pair.pairs == 2


def test_one_task_is_no_aggregate() -> None:
    assert across_tasks({"one": INSIDE["one"]}, BEYOND) is None


def test_a_task_without_levels_has_nothing_beyond() -> None:
    bare: Beyond = {task: {name: {} for name in its} for task, its in INSIDE.items()}
    its = across_tasks(INSIDE, bare)
    assert its is not None
    assert its.learners["synthesis"].beyond is None
