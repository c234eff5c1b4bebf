"""C3: a network needs many examples.

A task votes for it if the best network needs more than 256 examples for 90 %, against it if 64 or
fewer do.
"""

from dlcompare.compare.claims.essay_claim import EssayClaim, Judgement
from dlcompare.compare.claims.evidence import (
    TOO_SMALL,
    Networks,
    Vote,
    needs,
    needs_in_words,
    over_tasks,
    synthesis,
)
from dlcompare.compare.summary.summary import Summary, TaskResult

__all__ = ["CLAIM"]

_MANY, _FEW = 256, 64


def _rule(summary: Summary) -> Judgement:
    return over_tasks(summary, _vote, TOO_SMALL)


def _vote(task: TaskResult, networks: Networks) -> Vote:
    fewest = min(map(needs, networks))
    text = f"the best network needs {needs_in_words(networks)}"
    other = synthesis(task)
    if other:
        text += f", synthesis {needs_in_words([other])}"
    return (fewest > _MANY) - (fewest <= _FEW), text


CLAIM = EssayClaim(
    "C3",
    "A network needs a dense sampling of the mapping: many examples everywhere it will be asked.",
    question="Does the best network need more than 256 examples to get 90 % of new inputs right?",
    rule=_rule,
    contrary="Brown et al. (Language models are few-shot learners, 2020): after pre-training, a "
    "network takes up a task from a handful of examples.",
)
