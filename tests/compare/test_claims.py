"""Verdicts come from the numbers: every rule can come out either way."""

import importlib
import pkgutil
from dataclasses import replace

import pytest

from dlcompare.compare import claims
from dlcompare.compare.claims import CLAIMS
from dlcompare.compare.claims.verdicts import verdicts
from dlcompare.compare.statistics.estimates import Rate
from dlcompare.compare.summary.learner_result import CurvePoint, LearnerResult, LevelPoint, Spending
from dlcompare.compare.summary.summary import RunFacts, Summary, TaskResult


def side(needs: int | None, right: float, *far: float | None, n: int = 1024) -> LearnerResult:
    """A learner that needs so many examples and holds so far along `length`, `size`, …"""
    axes = dict(zip(("length", "size"), far, strict=False))
    rate = Rate(right, None, None, (right,))
    return LearnerResult(
        name="",
        label="",
        task_aware=False,
        curve=(CurvePoint(n, rate),),
        n_at_90=needs,
        extrapolation={axis: (LevelPoint(16, rate), LevelPoint(64, rate)) for axis in axes},
        horizon=axes,
        programs=(),
        cost=Spending(),
        prior={"parameters": 1_000},
        trials={},
        failures=(),
    )


def summary(seeds: int = 3, finished: int = 1, **tasks: dict[str, LearnerResult]) -> Summary:
    limits = {"gradient_steps": 1_100, "candidates": 20_000}
    run = RunFacts({}, {}, "cpu", tuple(range(seeds)), "quick", limits, "", 0.0, "", 1, finished)
    results = [
        TaskResult(
            name=task, axes=(), learners=tuple(replace(x, name=name) for name, x in sides.items())
        )
        for task, sides in tasks.items()
    ]
    return Summary(1, run, tuple(results))


def outcomes(its: Summary) -> dict[str, str]:
    return {each.id: each.verdict for each in verdicts(its)}


GOOD = side(16, 1.0, 64, 64)
"""Learns from few examples and holds to the end."""
POOR = side(None, 0.2, None, None)
LOCAL = side(1024, 0.95, None, 64)


@pytest.mark.parametrize(
    ("network", "synthesis", "expected"),
    [
        (POOR, GOOD, ["supported", "supported", "not measured", "supported"]),
        (LOCAL, GOOD, ["mixed", "supported", "supported", "supported"]),
        (GOOD, POOR, ["refuted", "refuted", "refuted", "refuted"]),
        (GOOD, GOOD, ["refuted", "refuted", "refuted", "mixed"]),
        (side(128, 0.95, 16, 64), GOOD, ["mixed", "mixed", "mixed", "supported"]),
    ],
)
def test_each_rule_follows_the_numbers(
    network: LearnerResult, synthesis: LearnerResult, expected: list[str]
) -> None:
    found = outcomes(summary(sorting={"transformer": network, "synthesis": synthesis}))
    assert [found[name] for name in ("C1", "C3", "C4", "C12")] == expected


def test_the_best_network_speaks_for_all() -> None:
    learners = {"transformer": POOR, "transformer:positions=place_value": GOOD, "synthesis": GOOD}
    assert outcomes(summary(sorting=learners))["C1"] == "refuted"


def test_tasks_that_disagree_make_it_mixed() -> None:
    for_it, against_it = {"transformer": POOR}, {"transformer": GOOD}
    assert outcomes(summary(one=for_it, two=against_it))["C3"] == "mixed"
    assert outcomes(summary(one=for_it, two=for_it))["C3"] == "supported"


@pytest.mark.parametrize(
    "its",
    [
        summary(seeds=2, sorting={"transformer": POOR, "synthesis": GOOD}),
        summary(finished=0, sorting={"transformer": POOR, "synthesis": GOOD}),
        summary(sorting={"transformer": side(None, 0.1, n=256), "synthesis": GOOD}),
        summary(sorting={"synthesis": GOOD, "copy": POOR}),
        summary(),
    ],
)
def test_a_run_too_small_measures_nothing(its: Summary) -> None:
    assert set(outcomes(its).values()) == {"not measured"}


def test_every_claim_has_a_line_and_a_verdict_says_its_range() -> None:
    found = verdicts(summary(sorting={"transformer": POOR, "synthesis": GOOD}))
    assert [each.id for each in found] == [f"C{i}" for i in range(1, 13)]
    first = found[0]
    assert first.range == (
        "in the range measured (up to 1,024 pairs, 1,000 parameters, 1,100 updates, "
        "20,000 candidates)"
    )
    assert first.figures == (
        "transformer: 20% inside, holds to length nowhere of 64, size nowhere of 64",
    )
    assert first.contrary


def test_every_module_of_a_claim_is_listed_once() -> None:
    modules = {
        module.name
        for module in pkgutil.iter_modules(claims.__path__)
        if hasattr(importlib.import_module(f"{claims.__name__}.{module.name}"), "CLAIM")
    }
    assert len(modules) == len(CLAIMS) == len({claim.id for claim in CLAIMS})
    assert all(claim.question.endswith("?") for claim in CLAIMS)
