"""The synthesizer as a learner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.libraries import LIBRARIES
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.grammar.grammar import Grammar, grammar_of
from dlcompare.synthesis.program_predictor import ProgramPredictor
from dlcompare.synthesis.search import search
from dlcompare.synthesis.specifications.examples_as_inputs import (
    SpecifiedByExamples,
    TextAndExamples,
    from_examples,
)
from dlcompare.synthesis.strategies.noise import LEAST_EXAMPLES, MOST_NOISE
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.translation import Translation, induce
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import (
    Budget,
    Examples,
    Inputs,
    Problem,
    Signature,
)
from dlcompare.tasks.types import INT, STR, list_of, tuple_of

if TYPE_CHECKING:
    from dlcompare.synthesis.specifications.formulas import SpecifiedByFormula

__all__ = ["SynthesisLearner", "create", "preload"]

DEFAULT_BYTES = 2 * 2**30

_OPTIONS = {"library": sorted(LIBRARIES), "reweigh": ["no", "yes"]}


Answering: TypeAlias = (
    "ProgramPredictor | Translation | SpecifiedByExamples | TextAndExamples | SpecifiedByFormula"
)
"""The predictors that the learner returns."""


@dataclass(frozen=True)
class SynthesisLearner:
    """Enumerative search for the cheapest program that answers the examples.

    Attributes
    ----------
    library : str, optional
        A set of primitives that replaces the task's own: ``"core"`` or ``"full"``.
    reweigh : bool
        Whether to enumerate terms also at costs learned during the search (`reweighing`).
    """

    library: str | None = None
    reweigh: bool = False

    def fit(
        self,
        problem: Problem,
        budget: Budget,
        seed: int,  # noqa: ARG002
    ) -> Answering:
        """Search for a program, or for words to tokens a grammar; the seed has no effect."""
        if problem.specifies == "examples":
            return from_examples(self.fit, problem, budget)
        if problem.specifies == "logic":
            from dlcompare.synthesis.specifications.formulas import SpecifiedByFormula

            return SpecifiedByFormula(budget, problem.without)
        if (translation := induce(problem, budget.candidates)) is not None:
            return translation
        grammar = grammar_of(problem, self.library)
        half = budget.bytes // 2 if budget.bytes else DEFAULT_BYTES
        meter = SearchBudget(budget.candidates, min(half, DEFAULT_BYTES))
        try:
            program = search(
                SearchProblem(problem.signature, problem.examples, grammar, meter),
                reweigh=self.reweigh,
                noise=MOST_NOISE if len(problem.examples) >= LEAST_EXAMPLES else 0.0,
            )
        except NoProgramError as error:
            raise NoProgramError(str(error), Cost(candidates=meter.spent)) from None
        return ProgramPredictor(program, Cost(candidates=meter.spent), _prior(grammar))


def _prior(grammar: Grammar) -> dict[str, str | int | float]:
    primitives = grammar.primitives
    return {
        "given": "a typed language of integers, truth values, lists and strings, with folds, "
        "selections, and relaxation over edges",
        "library": grammar.library,
        "primitives": len(primitives),
        "bits": sum(primitive.cost for primitive in primitives),
        "primitive names": " ".join(sorted(primitive.name for primitive in primitives)),
        "pre-training": "none",
    }


_OF_FAMILY = {
    "strings": (STR, "a"),
    "nested": (list_of(INTS), [[1]]),
    "pairs": (tuple_of(INT, INT), (1, 2)),
}
"""By family, a type whose problems need it, with a value of that type."""


def preload(families: str = "base") -> None:
    """Load the compiled kernels, so that processes forked from this one have them.

    Parameters
    ----------
    families : str
        The families of primitives of a language, joined by ``+``.
    """
    others = [its for its in _OF_FAMILY if its in families.split("+")]
    parameters = (("xs", INTS), *((name, _OF_FAMILY[name][0]) for name in others))
    rows: list[Inputs] = [
        {"xs": xs, **{name: _OF_FAMILY[name][1] for name in others}} for xs in ([3, 1, 2], [5], [])
    ]
    problem = Problem(
        Signature("preload", parameters, INTS),
        Examples.from_rows([name for name, _ in parameters], rows, [[2, 1, 3], [5], []]),
    )
    SynthesisLearner().fit(problem, Budget(candidates=100_000), 0)


def create(options: Mapping[str, str], device: str) -> SynthesisLearner:  # noqa: ARG001
    """Return the learner from options as text, ``{"library": "core", "reweigh": "yes"}``.

    Raises
    ------
    InputError
        If an option or its value is unknown.
    """
    for name, value in options.items():
        if value not in _OPTIONS.get(name, ()):
            known = "; ".join(f"{each} ({', '.join(_OPTIONS[each])})" for each in _OPTIONS)
            raise InputError(
                f"synthesis:{name}={value}: the options, with their values, are {known}"
            )
    return SynthesisLearner(options.get("library"), options.get("reweigh") == "yes")
