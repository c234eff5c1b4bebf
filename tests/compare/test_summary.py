"""What the summary says of trials: nothing is dropped, nothing made up."""

import json
from dataclasses import replace
from typing import Any

import pytest

from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.experiment.summary import summarise
from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.store import About, Record
from dlcompare.compare.trials.trial import STATUSES, LevelScore, Spent, Trial

CARD = {
    "description": "Sort.",
    "signature": "sorting(xs: list[int]) -> list[int]",
    "axes": {
        "length": {"train": [1, 2], "test": [4, 8], "ordered": True},
        "kind": {"train": ["a"], "test": ["b", "c"], "ordered": False},
    },
    "untested": [],
    "available": 16,
}


def trial(n: int, seed: int, share: float | None, status: str = "ok") -> Trial:
    """A trial that had `share` right everywhere, or failed."""
    score = None if share is None else Score(10, share, share, None if share == 1 else 2.0)
    axes = [("length", 4), ("length", 8), ("kind", "b"), ("kind", "c")]
    largest = n == 16
    levels = [LevelScore(axis, level, score) for axis, level in axes if score and largest]
    return Trial(
        "sorting",
        "copy",
        n,
        seed,
        status,
        None if status == "ok" else "a reason",
        score,
        tuple(levels),
        largest,
        Spent(wall_seconds=1.0, candidates=5),
        {"knows": "nothing"},
        None,
    )


def record(*trials: Trial) -> Record:
    settings = RunOptions(["copy"], "smoke", [4, 16, 64], 2, "cpu").settings(["sorting"])
    about = About(settings, {"dlcompare": "0"}, {}, "2026-01-01T00:00:00+00:00")
    return Record(about, 2.0, {"sorting": CARD}, trials)


def learner(*trials: Trial) -> dict[str, Any]:
    its: dict[str, Any] = summarise(record(*trials))["tasks"]["sorting"]["learners"]["copy"]
    return its


def test_a_failed_trial_counts_as_nothing_right() -> None:
    its = learner(trial(16, 0, 1.0), trial(16, 1, None, "crash"))
    assert its["curve"][0]["exact_match"]["seeds"] == [1.0, 0.0]
    assert its["curve"][0]["exact_match"]["mean"] == 0.5
    assert [point["exact_match"]["mean"] for point in its["extrapolation"]["length"]] == [0.5, 0.5]
    assert its["failures"] == [{"n": 16, "seed": 1, "status": "crash", "reason": "a reason"}]


def test_a_skipped_trial_is_listed_and_makes_no_point() -> None:
    its = learner(trial(16, 0, 1.0), trial(16, 1, 1.0), trial(4, 0, None, "skipped"))
    assert [point["n"] for point in its["curve"]] == [16]
    assert its["n_at_90"] == 16
    assert its["horizon"] == {"length": 8}
    assert its["trials"]["skipped"] == 1
    assert len(its["failures"]) == 1


def test_every_status_is_counted_and_costs_are_sums() -> None:
    its = learner(*(trial(4, seed, None, "timeout") for seed in range(2)))
    assert set(its["trials"]) == set(STATUSES)
    assert its["trials"]["timeout"] == 2
    assert its["cost"]["wall_seconds"] == 2.0
    assert its["cost"]["candidates"] == 10


def test_a_run_without_a_finished_trial_has_a_summary() -> None:
    summary = summarise(record())  # of 16 examples, so that the size 64 is clipped to 16
    assert (summary["run"]["planned"], summary["run"]["finished"]) == (4, 0)
    its = summary["tasks"]["sorting"]["learners"]["copy"]
    assert (its["curve"], its["n_at_90"], its["horizon"]) == ([], None, {"length": None})
    json.dumps(summary, allow_nan=False)


def test_seeds_and_sizes_ascend_whatever_the_order_of_finishing() -> None:
    trials = [trial(n, seed, seed / 2) for n in (4, 16) for seed in (0, 1)]
    assert summarise(record(*trials)) == summarise(record(*reversed(trials)))
    assert learner(*reversed(trials))["curve"][0]["exact_match"]["seeds"] == [0.0, 0.5]


@pytest.mark.parametrize("status", STATUSES)
def test_a_trial_survives_json(status: str) -> None:
    its = trial(16, 0, 0.5 if status == "ok" else None, status)
    assert Trial.from_json(json.loads(json.dumps(its.as_json()))) == its
    assert Trial.from_json(its.as_json()) != replace(its, seed=9)


def test_a_point_says_how_often_all_was_right_and_what_a_trial_cost() -> None:
    its = learner(trial(16, 0, 1.0), trial(16, 1, 0.5))
    (point,) = its["curve"]
    assert point["solve_rate"]["mean"] == 0.5
    assert point["cost"]["candidates"] == 5
    assert its["horizon_interval"]["length"] == {"low": None, "high": 8, "seeds": 2}
    assert its["examples_needed"]["censored"] == "right"
    assert its["area"] is None
