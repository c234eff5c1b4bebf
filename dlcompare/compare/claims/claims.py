"""Verdicts on the essay's claims, computed from a run by rules fixed in advance.

The claims are those of an essay on the limitations of deep learning (Chollet, 2017), in this
project's words. A verdict is computed from a summary and from nothing else: ``supported``,
``refuted``, ``mixed`` or ``not measured``. Every rule can come out either way. A run that is too
small for a rule (fewer than three seeds, or no network with 1,024 examples) measures nothing;
``supported`` holds in the range measured. The best network speaks for all of them, the task-aware
one included.

====  ================================================================================
C1    On ``sorting``: *supported* if no network gets 90 % right inside the training range;
      *refuted* if one does and holds 90 % to the last level of every ordered axis.
C3    A task speaks for it if the best network needs more than 256 examples for 90 %,
      against it if 64 or fewer do.
C4    Of the tasks on which a network gets 90 % right inside: one speaks for it if the best
      network is below 90 % at the first level of some ordered axis, against it if 90 %
      holds to the last level of all.
C12   In part (not: modular and reusable). A task speaks for it if synthesis needs no more
      examples than the best network and holds as far on every ordered axis; against it if
      the same is true the other way round; if both or neither is, for neither.
====  ================================================================================

Over tasks: *supported* if some speak for a claim and none against it, *refuted* if some speak
against it and none for it, else *mixed*.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dlcompare.compare.learners.registry import LEARNERS
from dlcompare.compare.statistics.seeds import GOOD

__all__ = ["CLAIMS", "Verdict", "claims"]

MIXED, NOT_MEASURED, REFUTED, SUPPORTED = "mixed", "not measured", "refuted", "supported"

_FEWEST_SEEDS, _LARGEST_N = 3, 1024
_MANY, _FEW = 256, 64

CLAIMS = {
    "C1": "Even a sorting algorithm is very hard to learn for a deep network.",
    "C2": "From any number of (product description, source code) pairs, a deep network will not "
    "learn to write the code.",
    "C3": "A network needs a dense sampling of the mapping: many examples everywhere it will be "
    "asked.",
    "C4": "A network generalises locally; a mind generalises extremely, to what it never met.",
    "C5": "More layers and more data only mask the problem.",
    "C6": "Gradient ascent on the input finds tiny changes that flip the answer.",
    "C7": "The model maps inputs to targets without understanding; we read understanding into it.",
    "C8": "A network is a chain of smooth geometric moves; most programs are no such morphing.",
    "C9": "To land a rocket on the moon a network must see thousands or millions of launches.",
    "C10": "To drive a city without harm a network must die thousands of times.",
    "C11": "Where the map is continuous and labelled data is plentiful, deep learning wins.",
    "C12": "The right substrate for abstract models is the program.",
}

_CONTRARY = {
    "C1": "Improving length-generalization in Transformers via task hinting (2023): trained to "
    "sort up to length 20 with a second task beside it, right on more than 92 % at length 100.",
    "C3": "Brown et al. (Language models are few-shot learners, 2020): after pre-training, a "
    "network takes up a task from a handful of examples.",
    "C4": "McLeish et al. (Transformers can do arithmetic with the right embeddings, 2024): "
    "trained on additions of 20 digits, right on most of 100.",
    "C12": "Lample and Charton (Deep learning for symbolic mathematics, 2020): a network "
    "integrates expressions that computer algebra systems do not.",
}

Side = Mapping[str, Any]
"""The part of a summary on one learner."""


Found = tuple[str, str, list[str]]
"""A verdict, its range, and its figures."""


@dataclass(frozen=True)
class Verdict:
    """The verdict of a run on one claim.

    Attributes
    ----------
    id, claim : str
    verdict : str
        ``supported``, ``refuted``, ``mixed`` or ``not measured``.
    range : str
        The range of the verdict, or the reason why there is none.
    figures : list of str
        The numbers behind it.
    contrary : str, optional
        Published evidence to the contrary; not from this run.
    """

    id: str
    claim: str
    verdict: str
    range: str
    figures: list[str]
    contrary: str | None


def claims(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the verdict of a summary on every claim, in order, as fields of a `Verdict`."""
    rules = {"C1": _sorting, "C3": _dense, "C4": _local, "C12": _programs}
    found = []
    for name, claim in CLAIMS.items():
        rule = rules.get(name)
        its: Found
        if rule is None:
            its = (NOT_MEASURED, "it takes a study of its own", [])
        elif summary["run"]["finished"] < summary["run"]["planned"]:
            its = (NOT_MEASURED, "the run goes on", [])
        else:
            its = rule(summary)
        found.append(asdict(Verdict(name, claim, *its, contrary=_CONTRARY.get(name))))
    return found


def _sorting(summary: Mapping[str, Any]) -> Found:
    task = summary["tasks"].get("sorting")
    if task is None:
        return NOT_MEASURED, "the run has no task sorting", []
    networks = _networks(summary, task)
    if not networks:
        return NOT_MEASURED, _TOO_SMALL, []
    learned = {name: its for name, its in networks.items() if _inside(its) >= GOOD}
    figures = [
        f"{name}: {_inside(its):.0%} inside{_reached(its)}" for name, its in networks.items()
    ]
    if not learned:
        verdict = SUPPORTED
    elif any(_whole(its) for its in learned.values()):
        verdict = REFUTED
    else:
        verdict = MIXED
    return verdict, _range(summary, [networks]), figures


def _dense(summary: Mapping[str, Any]) -> Found:
    def speaks(task: Mapping[str, Any], networks: Mapping[str, Side]) -> tuple[int, str]:
        needs = min(_needs(its) for its in networks.values())
        text = f"the best network needs {_count(needs, networks)}"
        synthesis = task["learners"].get("synthesis")
        if synthesis:
            text += f", synthesis {_count(_needs(synthesis), {'synthesis': synthesis})}"
        return (needs > _MANY) - (needs <= _FEW), text

    return _over_tasks(summary, speaks, _TOO_SMALL)


def _local(summary: Mapping[str, Any]) -> Found:
    def speaks(
        task: Mapping[str, Any],  # noqa: ARG001
        networks: Mapping[str, Side],
    ) -> tuple[int, str] | None:
        learned = {
            name: its for name, its in networks.items() if _inside(its) >= GOOD and its["horizon"]
        }
        if not learned:
            return None
        best = max(learned, key=lambda name: (_whole(learned[name]), -_fallen(learned[name])))
        its = learned[best]
        speaking = -1 if _whole(its) else 1 if _fallen(its) else 0
        return speaking, _figure(best, its)

    return _over_tasks(summary, speaks, f"{_TOO_SMALL}, or none got 90 % right inside")


def _programs(summary: Mapping[str, Any]) -> Found:
    def speaks(task: Mapping[str, Any], networks: Mapping[str, Side]) -> tuple[int, str] | None:
        synthesis = task["learners"].get("synthesis")
        if not synthesis or not synthesis["curve"]:
            return None
        wins = all(_at_least(synthesis, its) for its in networks.values())
        loses = any(_at_least(its, synthesis) for its in networks.values())
        needs = min(_needs(its) for its in networks.values())
        text = (
            f"synthesis needs {_count(_needs(synthesis), {'synthesis': synthesis})}"
            f"{_reached(synthesis)}, the best network needs {_count(needs, networks)}"
        )
        return wins - loses, text

    verdict, reach, figures = _over_tasks(
        summary, speaks, f"{_TOO_SMALL}, or synthesis took no part"
    )
    if verdict != NOT_MEASURED:
        reach += "; in part: that programs are modular and reusable is not measured"
    return verdict, reach, figures


Speaking = Callable[[Mapping[str, Any], Mapping[str, Side]], tuple[int, str] | None]


def _over_tasks(summary: Mapping[str, Any], speaks: Speaking, reason: str) -> Found:
    """Combine the tasks' votes into a verdict: 1 for the claim, -1 against it, 0 for neither."""
    voices, figures, measured = [], [], []
    for name, task in summary["tasks"].items():
        networks = _networks(summary, task)
        said = speaks(task, networks) if networks else None
        if said is not None:
            voices.append(said[0])
            figures.append(f"{name}: {said[1]}")
            measured.append(networks)
    if not voices:
        return NOT_MEASURED, reason, []
    verdict = MIXED
    if min(voices) >= 0 and max(voices) > 0:
        verdict = SUPPORTED
    elif max(voices) <= 0 and min(voices) < 0:
        verdict = REFUTED
    return verdict, _range(summary, measured), figures


_TOO_SMALL = (
    f"it takes at least {_FEWEST_SEEDS} seeds and a network with {_LARGEST_N:,} examples or more"
)


def _networks(summary: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Side]:
    """Return the networks of a task that were measured thoroughly enough."""
    if len(summary["run"]["seeds"]) < _FEWEST_SEEDS:
        return {}
    return {
        name: its
        for name, its in task["learners"].items()
        if (entry := LEARNERS.get(name.partition(":")[0])) is not None
        and entry.uses_device
        and its["curve"]
        and its["curve"][-1]["n"] >= _LARGEST_N
    }


def _inside(learner: Side) -> float:
    return float(learner["curve"][-1]["exact_match"]["mean"])


def _needs(learner: Side) -> float:
    needed = learner["n_at_90"]
    return math.inf if needed is None else float(needed)


def _count(needs: float, learners: Mapping[str, Side]) -> str:
    if math.isfinite(needs):
        return f"{needs:,.0f}"
    return f"more than {max(its['curve'][-1]['n'] for its in learners.values()):,}"


def _last(learner: Side, axis: str) -> float:
    return float(learner["extrapolation"][axis][-1]["level"])


def _whole(learner: Side) -> bool:
    """Return whether 90 % holds to the last level of every ordered axis."""
    reached = learner["horizon"]
    return bool(reached) and all(far == _last(learner, axis) for axis, far in reached.items())


def _fallen(learner: Side) -> int:
    """Count the ordered axes on which 90 % is lost at the first level."""
    return sum(far is None for far in learner["horizon"].values())


def _at_least(first: Side, second: Side) -> bool:
    """Return whether the first needs no more examples and holds as far on every shared axis."""
    axes = first["horizon"].keys() & second["horizon"].keys()
    far = all(_far(first, axis) >= _far(second, axis) for axis in axes)
    return far and math.isfinite(_needs(first)) and _needs(first) <= _needs(second)


def _far(learner: Side, axis: str) -> float:
    reached = learner["horizon"][axis]
    return -math.inf if reached is None else float(reached)


def _reached(learner: Side) -> str:
    parts = [
        f"{axis} {'nowhere' if far is None else f'{far:,.9g}'} of {_last(learner, axis):,.9g}"
        for axis, far in learner["horizon"].items()
    ]
    return f", holds to {', '.join(parts)}" if parts else ""


def _figure(name: str, learner: Side) -> str:
    return f"{name}: {_inside(learner):.0%} inside{_reached(learner)}"


def _range(summary: Mapping[str, Any], measured: list[dict[str, Side]]) -> str:
    every = [its for networks in measured for its in networks.values()]
    pairs = max(its["curve"][-1]["n"] for its in every)
    sizes = [its["prior"].get("parameters") for its in every]
    largest = max((size for size in sizes if isinstance(size, int | float)), default=None)
    parameters = "" if largest is None else f", {largest:,.0f} parameters"
    limits = summary["run"].get("settings", {})
    budget = "".join(
        f", {limits[key]:,} {unit}"
        for key, unit in (("gradient_steps", "updates"), ("candidates", "candidates"))
        if key in limits
    )
    return f"in the range measured (up to {pairs:,} pairs{parameters}{budget})"
