"""C1: sorting is hard to learn.

On the task ``sorting``: *supported* if no network gets 90 % right inside the training range;
*refuted* if one does and holds 90 % to the last level of every ordered axis.
"""

from dlcompare.compare.claims.essay_claim import EssayClaim, Judgement
from dlcompare.compare.claims.evidence import (
    TOO_SMALL,
    figure,
    holds_to_the_end,
    inside,
    measured_range,
    networks,
)
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.summary import (
    MIXED,
    NOT_MEASURED,
    REFUTED,
    SUPPORTED,
    Summary,
    VerdictKind,
)

__all__ = ["CLAIM"]


def _rule(summary: Summary) -> Judgement:
    task = next((task for task in summary.tasks if task.name == "sorting"), None)
    if task is None:
        return Judgement(NOT_MEASURED, "the run has no task sorting")
    its = networks(summary, task)
    if not its:
        return Judgement(NOT_MEASURED, TOO_SMALL)
    learned = [network for network in its if inside(network) >= GOOD]
    if not learned:
        verdict: VerdictKind = SUPPORTED
    elif any(map(holds_to_the_end, learned)):
        verdict = REFUTED
    else:
        verdict = MIXED
    return Judgement(verdict, measured_range(summary, its), tuple(map(figure, its)))


CLAIM = EssayClaim(
    "C1",
    "Even a sorting algorithm is very hard to learn for a deep network.",
    question="Does every network fail to sort new lists, or lists longer than its examples?",
    rule=_rule,
    contrary="Improving length-generalization in Transformers via task hinting (2023): trained to "
    "sort up to length 20 with a second task beside it, right on more than 92 % at length 100.",
)
