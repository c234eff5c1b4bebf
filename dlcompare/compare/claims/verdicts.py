"""The verdict of a run on every claim.

A run that is too small for a rule measures nothing; ``supported`` holds in the range measured.
"""

from dlcompare.compare.claims import CLAIMS
from dlcompare.compare.claims.essay_claim import EssayClaim, Judgement, unstudied
from dlcompare.compare.summary.summary import NOT_MEASURED, Summary, Verdict

__all__ = ["verdicts"]


def verdicts(summary: Summary) -> tuple[Verdict, ...]:
    """Return the verdict of a run on every claim, in order."""
    return tuple(_verdict(claim, summary) for claim in CLAIMS)


def _verdict(claim: EssayClaim, summary: Summary) -> Verdict:
    if summary.run.goes_on and claim.rule is not unstudied:
        its = Judgement(NOT_MEASURED, "the run goes on")
    else:
        its = claim.rule(summary)
    return Verdict(claim.id, claim.sentence, its.verdict, its.range, its.figures, claim.contrary)
