"""A realistic summary, built as the engine builds it: one synthesizer, two networks, baselines."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dlcompare.compare.claims.verdicts import verdicts
from dlcompare.compare.summary.json_values import as_json, from_json

STATUSES = (
    "ok", "no_program", "diverged", "timeout", "out_of_memory", "crash", "error", "skipped",
)  # fmt: skip

PROGRAM = '''def sorting(xs: list[int]) -> list[int]:
    """Insert every element into the sorted rest."""
    acc = []
    for x in reversed(xs):
        acc = [y for y in acc if y < x] + [y for y in [x, *acc] if y >= x]
    return acc
'''


def rate(mean: float, spread: float = 0.03) -> dict[str, Any]:
    """A share with an interval and three seeds."""
    low, high = max(0.0, mean - spread), min(1.0, mean + spread)
    return {"mean": mean, "low": low, "high": high, "seeds": [low, mean, high]}


def curve(means: dict[int, float]) -> list[dict[str, Any]]:
    """A learning curve from means by number of examples."""
    return [
        {
            "n": n,
            "exact_match": rate(mean, 0.0 if mean in (0.0, 1.0) else 0.06),
            "token_accuracy": rate((1 + mean) / 2),
            "first_error": {"mean": None if mean == 1 else 2.5},
            "solve_rate": {"mean": float(mean == 1), "low": 0.0, "high": 1.0},
            "cost": {"wall_seconds": 0.2 * n**0.5, "candidates": 5.0},
        }
        for n, mean in means.items()
    ]


def levels(means: dict[Any, float]) -> list[dict[str, Any]]:
    """An extrapolation curve from means by level."""
    return [
        {"level": at, "exact_match": rate(mean, 0.0 if mean in (0.0, 1.0) else 0.05)}
        for at, mean in means.items()
    ]


def learner(label: str, **parts: Any) -> dict[str, Any]:
    """A learner's part, with nothing in it but what is given."""
    given = parts.pop("trials", {"ok": 15})
    return {
        "label": label,
        "task_aware": False,
        "curve": [],
        "n_at_90": None,
        "extrapolation": {},
        "horizon": {},
        "programs": [],
        "cost": {
            "wall_seconds": 12.5, "cpu_seconds": 11.9, "gpu_seconds": 0.0,
            "candidates": 0, "gradient_steps": 0, "tuning_trials": 0,
        },
        "prior": {},
        "trials": dict.fromkeys(STATUSES, 0) | given,
        "failures": [],
    } | parts  # fmt: skip


def answer(given: str, right: bool, at: int | None = None, **place: Any) -> dict[str, Any]:
    """A judged answer to the same question each time."""
    return {
        "axis": None, "level": None, "inputs": "xs=[3, 1, 2]", "expected": "[1, 2, 3]",
        "given": given, "right": right, "first_error": at,
    } | place  # fmt: skip


def comparison(difference: float, pairs: int, p: float, verdict: str) -> dict[str, Any]:
    """Synthesis minus the transformer."""
    return {
        "learners": ["synthesis", "transformer"], "difference": difference,
        "low": difference - 0.1, "high": difference + 0.05, "p": p, "pairs": pairs,
        "pairs_needed": 6, "verdict": verdict,
    }  # fmt: skip


LENGTHS = (12, 16, 32, 64, 128, 256, 512)
MAGNITUDES = (1_000, 10_000, 1_000_000)


def sorting() -> dict[str, Any]:
    """The task of the house, with the results one expects of it."""
    synthesis = learner(
        "synthesis",
        curve=curve({1: 0.0, 4: 0.31, 16: 0.98, 64: 1.0, 256: 1.0, 1024: 1.0, 4096: 1.0}),
        n_at_90=16,
        examples_needed={
            "n": 16, "censored": None, "fewest_tried": 1, "most_tried": 4096,
            "low": 16, "high": None, "interval": True, "seeds": [16, 64, None],
        },
        area=rate(0.8),
        horizon_interval={"length": {"low": 64, "high": 512, "seeds": 3}},
        answers=[
            answer("[1, 2, 3]", True),
            answer("[1, 2, 3]", True, axis="length", level=12),
        ],
        extrapolation={
            "length": levels(dict.fromkeys(LENGTHS, 1.0)),
            "magnitude": levels(dict.fromkeys(MAGNITUDES, 1.0)),
        },
        horizon={"length": 512, "magnitude": 1_000_000},
        programs=[
            {
                "seed": seed, "n": n, "python": PROGRAM, "dsl": "fold(...)", "nodes": 11,
                "cost": 27,
                "proof": {
                    "status": "proved", "method": "bounded", "bound": {"length": 6},
                    "counterexample": None, "reason": None,
                },
            }
            for n in (64, 4096)
            for seed in range(3)
        ],
        prior={"library": "core", "primitives": 15, "bits": 41.5, "recursion schemes": "fold"},
        trials={"ok": 18, "no_program": 2, "timeout": 1},
        failures=[
            {"n": 1, "seed": 0, "status": "no_program", "reason": "no program in 20,000,000"},
            {"n": 1, "seed": 2, "status": "no_program", "reason": "no program in 20,000,000"},
            {"n": 4, "seed": 1, "status": "timeout", "reason": "stopped after 120 s"},
        ],
    )  # fmt: skip
    synthesis["cost"] |= {"wall_seconds": 31.0, "candidates": 61_234_567}
    transformer = learner(
        "transformer",
        curve=curve({1: 0.0, 4: 0.02, 16: 0.06, 64: 0.2, 256: 0.71, 1024: 0.94, 4096: 0.981}),
        n_at_90=1024,
        answers=[
            answer("[1, 2, 3]", True),
            answer("[1, 3, 2]", False, 2, axis="length", level=12),
        ],
        extrapolation={
            "length": levels(dict(zip(LENGTHS, (0.91, 0.22, 0.01, 0, 0, 0, 0), strict=True))),
            "magnitude": levels(dict(zip(MAGNITUDES, (0.12, 0.0, 0.0), strict=True))),
        },
        horizon={"length": 12, "magnitude": None},
        prior={"parameters": 214_016, "layers": "3 + 3", "positions": "relative (T5)"},
        trials={"ok": 21},
    )
    transformer["cost"] |= {"wall_seconds": 814.0, "gradient_steps": 42_000}
    aware = learner(
        "transformer, best recipe",
        task_aware=True,
        curve=curve({4096: 0.99}),
        n_at_90=4096,
        extrapolation={
            "length": levels(dict(zip(LENGTHS, (0.97, 0.91, 0.4, 0.05, 0, 0, 0), strict=True))),
            "magnitude": levels(dict(zip(MAGNITUDES, (0.92, 0.44, 0.02), strict=True))),
        },
        horizon={"length": 16, "magnitude": 1000},
        prior={"parameters": 214_016, "positions": "place value", "hints": "index hints"},
        trials={"ok": 3},
    )
    low = {1: 0.03, 4: 0.04, 16: 0.05, 64: 0.05, 256: 0.06, 1024: 0.07, 4096: 0.07}
    baselines = {
        name: learner(
            name.replace("_", " "),
            curve=curve({n: mean * factor for n, mean in low.items()}),
            extrapolation={
                "length": levels(dict.fromkeys(LENGTHS, 0.0)),
                "magnitude": levels(dict.fromkeys(MAGNITUDES, 0.02 * factor)),
            },
            horizon={"length": None, "magnitude": None},
        )
        for name, factor in (("content_blind", 0.4), ("copy", 1.0), ("nearest_neighbour", 1.6))
    }
    return {
        "description": "Sort a list of integers into ascending order.",
        "signature": "sorting(xs: list[int]) -> list[int]",
        "axes": {
            "length": {"train": list(range(9)), "test": list(LENGTHS), "ordered": True},
            "magnitude": {"train": [], "test": list(MAGNITUDES), "ordered": True},
        },
        "untested": [{"length": 0}],
        "learners": {
            "synthesis": synthesis,
            "transformer": transformer,
            "transformer:recipe=aware": aware,
            **baselines,
        },
    }


def digits() -> dict[str, Any]:
    """A task the network wins, with an axis that has no order."""
    themes = ("inverted", "noisy", "rotated by a right angle")
    return {
        "description": "Name the handwritten digit.",
        "signature": "digits(pixels: list[int]) -> int",
        "axes": {"style": {"train": ["plain"], "test": list(themes), "ordered": False}},
        "untested": [],
        "learners": {
            "synthesis": learner(
                "synthesis",
                curve=curve({16: 0.11, 256: 0.14, 1024: 0.13}),
                extrapolation={"style": levels(dict(zip(themes, (0.1, 0.12, 0.1), strict=True)))},
            ),
            "transformer": learner(
                "transformer",
                curve=curve({16: 0.35, 256: 0.91, 1024: 0.97}),
                n_at_90=256,
                extrapolation={"style": levels(dict(zip(themes, (0.2, 0.95, 0.4), strict=True)))},
            ),
            "copy": learner("copy", curve=curve({16: 0.1, 256: 0.1, 1024: 0.1})),
        },
    }


def build(**tasks: dict[str, Any]) -> dict[str, Any]:
    """A whole summary, as it stands in ``summary.json``."""
    summary = {
        "schema": 1,
        "run": {
            "versions": {"dlcompare": "0.1.0", "python": "3.11.2", "torch": "2.13.0"},
            "hardware": {"processor": "x86_64", "cores": 8, "memory_gb": 32},
            "device": "cpu",
            "seeds": [0, 1, 2],
            "preset": "quick",
            "settings": {"train_sizes": [1, 4, 16, 64, 256, 1024, 4096], "timeout": 120},
            "started": "2026-03-01T09:30:00+00:00",
            "seconds": 341.0,
            "command": f"dlcompare run {' '.join(tasks)}",
            "planned": 87,
            "finished": 87,
        },
        "tasks": tasks,
        "comparisons": [
            {"task": task, "n": 64, **comparison(0.5, 3, 0.25, "too few pairs")} for task in tasks
        ],
        "across_tasks": {
            "tasks": list(tasks),
            "learners": {
                name: {
                    part: {"mean": 0.5, "low": 0.4, "high": 0.6, "tasks": list(tasks), "scores": 6}
                    for part in ("inside", "beyond")
                }
                for name in ("synthesis", "transformer", "copy")
            },
            "comparisons": [comparison(-0.25, 8, 0.01, "different")],
        },
    }
    its = from_json(summary)
    claims = as_json(replace(its, claims=verdicts(its)))["claims"]
    return {**summary, "claims": claims}


@pytest.fixture
def summary() -> dict[str, Any]:
    """A finished run of two tasks: one that synthesis wins, one that the network wins."""
    return build(sorting=sorting(), digits=digits())


@pytest.fixture
def edited(summary: dict[str, Any]) -> Callable[[Callable[[dict[str, Any]], object]], Any]:
    """The same summary after an edit in place."""

    def edit(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        edited = copy.deepcopy(summary)
        change(edited)
        return edited

    return edit
