"""C4: a network generalises locally.

Of the tasks on which a network gets 90 % right inside the training range, one votes for it if the
best network is below 90 % at the first level of some ordered axis, against it if 90 % holds to the
last level of all.
"""

from dlcompare.compare.claims.essay_claim import EssayClaim, Judgement
from dlcompare.compare.claims.evidence import (
    TOO_SMALL,
    Networks,
    Vote,
    figure,
    holds_to_the_end,
    inside,
    lost_at_once,
    over_tasks,
)
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.summary import Summary, TaskResult

__all__ = ["CLAIM"]


def _rule(summary: Summary) -> Judgement:
    return over_tasks(summary, _vote, f"{TOO_SMALL}, or none got 90 % right inside")


def _vote(task: TaskResult, networks: Networks) -> Vote | None:
    del task
    learned = [its for its in networks if inside(its) >= GOOD and its.horizon]
    if not learned:
        return None
    best = max(learned, key=lambda its: (holds_to_the_end(its), -lost_at_once(its)))
    return -1 if holds_to_the_end(best) else 1 if lost_at_once(best) else 0, figure(best)


CLAIM = EssayClaim(
    "C4",
    "A network generalises locally; a mind generalises extremely, to what it never met.",
    question="Does a network that learned a task lose it at the first level beyond its examples?",
    rule=_rule,
    contrary="McLeish et al. (Transformers can do arithmetic with the right embeddings, 2024): "
    "trained on additions of 20 digits, right on most of 100.",
)
