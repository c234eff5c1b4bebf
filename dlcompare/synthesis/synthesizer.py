"""The synthesizer as a learner: a portfolio of engines, chosen by the types and the values.

Texts for which a grammar is found are translated. Numbers up to 2³² − 1, some of them beyond the
packed integers of the language, are words of 32 bits, unless a program on integers is cheaper. The
search in the language takes the rest; if it fails on numbers from 0, words are tried last.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.primitives.libraries import LIBRARIES
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.synthesis.grammar.description_length import table_bits
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
    from dlcompare.synthesis.components.connector import ConnectedPredictor
    from dlcompare.synthesis.specifications.formulas import SpecifiedByFormula

__all__ = ["SynthesisLearner", "create", "preload"]

DEFAULT_BYTES = 2 * 2**30

_OPTIONS = {"library": sorted(LIBRARIES), "reweigh": ["no", "yes"]}


Answering: TypeAlias = (
    "ProgramPredictor | ConnectedPredictor | Translation | SpecifiedByExamples"
    " | TextAndExamples | SpecifiedByFormula"
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
        grammar = grammar_of(problem, self.library)
        if (translation := induce(problem, budget.candidates)) is not None:
            return self._cheaper(problem, budget, grammar, translation)
        width = _width_of_words(problem) if grammar.library == "full" else 0
        if width == _WIDEST_WORD:
            return self._fit_words(problem, budget, grammar)
        kept = budget.candidates // _PART_FOR_WORDS if width else 0
        meter = _meter(budget, budget.candidates - kept)
        found: ProgramPredictor | None = None
        reason = ""
        try:
            found = self._search(problem, grammar, meter, _noise(problem))
        except NoProgramError as error:
            reason = _reason(error, meter, budget)
        if width and (found is None or found.source.noise):
            from dlcompare.synthesis.components.connector import fit_words

            most = table_bits(problem.examples.outputs) - 1
            words, spent = fit_words(problem, kept, most)
            cost = Cost(candidates=meter.spent + spent)
            if words is not None:
                return replace(words, cost=cost, prior={**words.prior, **_engine("words")})
        else:
            cost = Cost(candidates=meter.spent)
        if found is None:
            raise NoProgramError(reason, cost)
        return replace(found, cost=cost)

    def _cheaper(
        self, problem: Problem, budget: Budget, grammar: Grammar, translation: Translation
    ) -> Answering:
        """Return a program that a short search finds if it takes fewer bits than a translation."""
        spent = translation.cost.candidates
        meter = _meter(budget, min(max(1, budget.candidates - spent), _ALTERNATIVE))
        cheaper: Answering = translation
        with suppress(NoProgramError):
            found = self._search(problem, grammar, meter, 0.0)
            if found.source.cost < translation.program.cost:
                cheaper = found
        return replace(cheaper, cost=Cost(candidates=spent + meter.spent))

    def _fit_words(self, problem: Problem, budget: Budget, grammar: Grammar) -> Answering:
        """Return the cheaper of a program on words and one on integers."""
        from dlcompare.synthesis.components.connector import fit_words

        columns = (*problem.examples.inputs.values(), problem.examples.outputs)
        most = sum(map(table_bits, columns)) - 1
        words, spent = fit_words(problem, budget.candidates // 2, most)
        left = budget.candidates - spent
        meter = _meter(budget, min(left, _ALTERNATIVE) if words else left)
        try:
            found = self._search(problem, grammar, meter, 0.0 if words else _noise(problem))
        except NoProgramError as error:
            if words is None:
                cost = Cost(candidates=spent + meter.spent)
                raise NoProgramError(_reason(error, meter, budget), cost) from None
            found = None
        spent += meter.spent
        if found and (words is None or found.source.cost <= words.bits):
            return replace(found, cost=Cost(candidates=spent))
        assert words is not None
        prior = {**words.prior, **_engine("words")}
        return replace(words, cost=Cost(candidates=spent), prior=prior)

    def _search(
        self, problem: Problem, grammar: Grammar, meter: SearchBudget, noise: float
    ) -> ProgramPredictor:
        wanted = SearchProblem(problem.signature, problem.examples, grammar, meter)
        program = search(wanted, reweigh=self.reweigh, noise=noise)
        return ProgramPredictor(program, Cost(candidates=meter.spent), _prior(grammar))


_WIDEST_WORD = 32
_PART_FOR_WORDS = 20
"""One part in this many of the candidates is kept for words, should no program on integers do."""

_ALTERNATIVE = 500_000
"""The most candidates for a program that is cheaper than one on words, or than a translation."""


def _width_of_words(problem: Problem) -> int:
    """Return the bits of the largest number if all values are words of at most 32 bits, else 0.

    A number with the highest bit is beyond the packed integers of the language.
    """
    types = [*(type_ for _, type_ in problem.signature.parameters), problem.signature.result]
    columns = (*problem.examples.inputs.values(), problem.examples.outputs)
    if len(types) < 2 or any(type_ != INT for type_ in types) or not len(problem.examples):
        return 0
    width = max(map(max, columns)).bit_length()
    return width if min(map(min, columns)) >= 0 and width <= _WIDEST_WORD else 0


def _meter(budget: Budget, candidates: int) -> SearchBudget:
    half = budget.bytes // 2 if budget.bytes else DEFAULT_BYTES
    return SearchBudget(candidates, min(half, DEFAULT_BYTES))


def _reason(error: NoProgramError, meter: SearchBudget, budget: Budget) -> str:
    """Return why there is no program, with the candidates of all engines together."""
    part, whole = (f"{number:,} candidates" for number in (meter.candidates, budget.candidates))
    return str(error).replace(part, whole)


def _noise(problem: Problem) -> float:
    return MOST_NOISE if len(problem.examples) >= LEAST_EXAMPLES else 0.0


def _engine(name: str) -> dict[str, str]:
    """Return the lines of the prior card on the portfolio: the engine chosen, and all of them."""
    return {"engine": name, "portfolio": "language, words of 32 bits, grammars"}


def _prior(grammar: Grammar) -> dict[str, str | int | float]:
    primitives = grammar.primitives
    return {
        "given": "a typed language of integers, truth values, lists and strings, with folds, "
        "orders by keys, selections, stacks and relaxation over edges; "
        "parities and sums of a number for each element, by linear algebra; "
        "pieces that all examples of a class share",
        **_engine("language"),
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
    numbers = Signature("preload", (("x", INT),), INT)
    words = Problem(numbers, Examples({"x": (12, 7, 2**31)}, (4, 1, 2**31)))
    SynthesisLearner().fit(words, Budget(candidates=100_000), 0)


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
