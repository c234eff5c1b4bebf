"""C12: the right substrate is the program. In part: modular and reusable is not measured.

A task votes for it if synthesis needs no more examples than the best network and holds as far on
every ordered axis; against it if the same is true the other way round; if both or neither is, for
neither.
"""

import math
from dataclasses import replace

from dlcompare.compare.claims.essay_claim import EssayClaim, Judgement
from dlcompare.compare.claims.evidence import (
    TOO_SMALL,
    Networks,
    Vote,
    needs,
    needs_in_words,
    over_tasks,
    reach_in_words,
    synthesis,
)
from dlcompare.compare.summary.learner_result import LearnerResult
from dlcompare.compare.summary.summary import NOT_MEASURED, Summary, TaskResult

__all__ = ["CLAIM"]


def _rule(summary: Summary) -> Judgement:
    its = over_tasks(summary, _vote, f"{TOO_SMALL}, or synthesis took no part")
    if its.verdict == NOT_MEASURED:
        return its
    part = "in part: that programs are modular and reusable is not measured"
    return replace(its, range=f"{its.range}; {part}")


def _vote(task: TaskResult, networks: Networks) -> Vote | None:
    ours = synthesis(task)
    if not ours or not ours.curve:
        return None
    wins = all(_at_least(ours, its) for its in networks)
    loses = any(_at_least(its, ours) for its in networks)
    text = (
        f"synthesis needs {needs_in_words([ours])}{reach_in_words(ours)}, "
        f"the best network needs {needs_in_words(networks)}"
    )
    return wins - loses, text


def _at_least(first: LearnerResult, second: LearnerResult) -> bool:
    """Return whether the first needs no more examples and holds as far on every shared axis."""
    axes = first.horizon.keys() & second.horizon.keys()
    far = all(_far(first, axis) >= _far(second, axis) for axis in axes)
    return far and math.isfinite(needs(first)) and needs(first) <= needs(second)


def _far(learner: LearnerResult, axis: str) -> float:
    reached = learner.horizon[axis]
    return -math.inf if reached is None else float(reached)


CLAIM = EssayClaim(
    "C12",
    "The right substrate for abstract models is the program.",
    question="Does program synthesis need fewer examples than networks, and hold further?",
    rule=_rule,
    contrary="Lample and Charton (Deep learning for symbolic mathematics, 2020): a network "
    "integrates expressions that computer algebra systems do not.",
)
