"""The summary drops no trial and makes up none."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.experiment.summarise import summarise
from dlcompare.compare.summary.json_values import as_json, from_json
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

PROGRAM = {
    "python": "def sorting(xs):\n    return xs\n",
    "dsl": "xs",
    "nodes": 1,
    "cost": 3,
    "wrong": 0,
    "proof": {"status": "refuted", "counterexample": {"inputs": {"xs": [2, 1]}}},
    "tried": None,
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
    summary = as_json(summarise(record(*trials)))
    its: dict[str, Any] = summary["tasks"]["sorting"]["learners"]["copy"]
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
    summary = as_json(summarise(record()))  # of 16 examples, so that the size 64 is clipped to 16
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


outcomes = st.tuples(
    st.sampled_from([4, 16]),
    st.integers(0, 1),
    st.sampled_from([None, 0.0, 0.5, 1.0]),
    st.booleans(),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(outcomes, max_size=4, unique_by=lambda its: its[:2]))
def test_a_summary_survives_json(found: list[tuple[int, int, float | None, bool]]) -> None:
    trials = []
    for n, seed, share, programmed in found:
        its = trial(n, seed, share, "ok" if share is not None else "timeout")
        trials.append(replace(its, program=PROGRAM if programmed else None))
    summary = summarise(record(*trials))
    values = json.loads(json.dumps(as_json(summary), allow_nan=False))
    assert from_json(values).tasks == summary.tasks
    assert as_json(from_json(values)) == values


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda its: its.pop("run"), "missing required field `run`"),
        (lambda its: its.update(schema=2), "schema"),
        (lambda its: its.update(tasks=None), "tasks"),
        (lambda its: its["tasks"].update(sorting=None), "tasks"),
        (lambda its: its["tasks"]["sorting"].update(learners=3), "learners"),
        (lambda its: its["tasks"]["sorting"]["learners"]["copy"].update(curve=[{}]), "curve"),
        (lambda its: its["tasks"]["sorting"]["learners"]["copy"].pop("n_at_90"), "n_at_90"),
    ],
)
def test_what_is_no_summary_is_refused_and_what_is_wrong_is_named(
    change: Callable[[dict[str, Any]], object], message: str
) -> None:
    its = as_json(summarise(record(trial(16, 0, 1.0))))
    change(its)
    with pytest.raises(ValueError, match=message):
        from_json(its)
