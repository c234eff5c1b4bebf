"""Verdicts come from the numbers: every rule can come out either way."""

from typing import Any

import pytest

from dlcompare.compare.claims.claims import CLAIMS, claims


def side(needs: int | None, right: float, *far: float | None, n: int = 1024) -> dict[str, Any]:
    """A learner that needs so many examples and holds so far along `length`, `size`, …"""
    axes = dict(zip(("length", "size"), far, strict=False))
    return {
        "curve": [{"n": n, "exact_match": {"mean": right}}],
        "n_at_90": needs,
        "horizon": axes,
        "extrapolation": {axis: [{"level": 16}, {"level": 64}] for axis in axes},
        "prior": {"parameters": 1_000},
    }


def summary(seeds: int = 3, finished: int = 1, **tasks: dict[str, Any]) -> dict[str, Any]:
    return {
        "run": {
            "seeds": list(range(seeds)),
            "planned": 1,
            "finished": finished,
            "settings": {"gradient_steps": 1_100, "candidates": 20_000},
        },
        "tasks": {name: {"learners": learners} for name, learners in tasks.items()},
    }


def verdicts(its: dict[str, Any]) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in claims(its)}


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
    network: dict[str, Any], synthesis: dict[str, Any], expected: list[str]
) -> None:
    found = verdicts(summary(sorting={"transformer": network, "synthesis": synthesis}))
    assert [found[name] for name in ("C1", "C3", "C4", "C12")] == expected


def test_the_best_network_speaks_for_all() -> None:
    learners = {"transformer": POOR, "transformer:positions=place_value": GOOD, "synthesis": GOOD}
    assert verdicts(summary(sorting=learners))["C1"] == "refuted"


def test_tasks_that_disagree_make_it_mixed() -> None:
    for_it, against_it = {"transformer": POOR}, {"transformer": GOOD}
    assert verdicts(summary(one=for_it, two=against_it))["C3"] == "mixed"
    assert verdicts(summary(one=for_it, two=for_it))["C3"] == "supported"


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
def test_a_run_too_small_measures_nothing(its: dict[str, Any]) -> None:
    assert set(verdicts(its).values()) == {"not measured"}


def test_every_claim_has_a_line_and_a_verdict_says_its_range() -> None:
    found = claims(summary(sorting={"transformer": POOR, "synthesis": GOOD}))
    assert [each["id"] for each in found] == list(CLAIMS)
    first = found[0]
    assert first["range"] == (
        "in the range measured (up to 1,024 pairs, 1,000 parameters, 1,100 updates, "
        "20,000 candidates)"
    )
    assert first["figures"] == ["transformer: 20% inside, holds to length nowhere of 64, "
                                "size nowhere of 64"]  # fmt: skip
    assert first["contrary"]
