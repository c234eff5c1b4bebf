"""A claim of the essay, and the rule that decides on it."""

from collections.abc import Callable
from dataclasses import dataclass

from dlcompare.compare.summary.summary import NOT_MEASURED, Summary, VerdictKind

__all__ = ["EssayClaim", "Judgement", "unstudied"]


@dataclass(frozen=True)
class Judgement:
    """The outcome of a rule on a run.

    Attributes
    ----------
    verdict : {"supported", "refuted", "mixed", "not measured"}
    range : str
        The range of the verdict, or the reason why there is none.
    figures : tuple of str
        The numbers behind it.
    """

    verdict: VerdictKind
    range: str
    figures: tuple[str, ...] = ()


def unstudied(summary: Summary) -> Judgement:
    """Return the judgement on a claim that no comparison of learners on tasks can measure."""
    del summary
    return Judgement(NOT_MEASURED, "it takes a study of its own")


@dataclass(frozen=True)
class EssayClaim:
    """A claim of the essay on the limitations of deep learning (Chollet, 2017).

    Attributes
    ----------
    id : str
        ``C1`` to ``C12``.
    sentence : str
        The claim, in this project's words.
    question : str
        The question that an experiment can answer; yes supports the claim.
    rule : callable
        The judgement on a finished run, from its summary and from nothing else. Every rule can come
        out either way.
    contrary : str, optional
        Published evidence to the contrary.
    """

    id: str
    sentence: str
    question: str
    rule: Callable[[Summary], Judgement] = unstudied
    contrary: str | None = None
