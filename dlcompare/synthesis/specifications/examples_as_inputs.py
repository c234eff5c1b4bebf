"""Inputs that consist of examples of the requested program, alone or with a text.

Each set of examples is a separate problem for a search. If a text accompanies them, a grammar is
induced from the pairs of text and program, and the examples choose among the readings of the text;
if no reading agrees with the examples, the search answers. The problem declares this interpretation
of its inputs (`specifies`), and the prior card states it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dlcompare.synthesis.dsl.reading import read
from dlcompare.synthesis.translation import Translation, induce
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import (
    ABSTAIN,
    Budget,
    Examples,
    HasProgram,
    Inputs,
    Problem,
    ProgramText,
    Signature,
)
from dlcompare.tasks.types import INT, Value, list_of

__all__ = ["TARGET", "SpecifiedByExamples", "TextAndExamples", "from_examples"]

CANDIDATES = 300_000
"""The most programs tried for one specification."""

TARGET = Signature("program", (("xs", list_of(INT)),), list_of(INT))
"""The signature of the requested programs."""

SHOWN = ("given", "wanted")
"""The parameters with the examples: lists, and the program's results for them."""

Fit = Callable[[Problem, Budget, int], object]


def from_examples(
    fit: Fit, problem: Problem, budget: Budget
) -> "SpecifiedByExamples | TextAndExamples":
    """Return a predictor for a problem whose inputs are examples of the requested program.

    Parameters
    ----------
    fit : callable
        ``(problem, budget, seed) -> predictor``: searches for one program.
    problem : Problem
        A problem with the parameters ``given`` and ``wanted``, and optionally a text.
    budget : Budget
    """
    search = SpecifiedByExamples(fit, budget, problem.without)
    columns = {name: v for name, v in problem.examples.inputs.items() if name not in SHOWN}
    if len(columns) != 1:
        return search
    parameters = tuple(each for each in problem.signature.parameters if each[0] in columns)
    signature = replace(problem.signature, parameters=parameters)
    texts = replace(
        problem, signature=signature, examples=Examples(columns, problem.examples.outputs)
    )
    grammar = induce(texts, budget.candidates)
    return search if grammar is None else TextAndExamples(grammar, search)


def _prior() -> dict[str, str | int | float]:
    return {
        "given": "that an input is examples of the program asked for; the language of programs",
        "pairs used": 0,
        "candidates a specification": CANDIDATES,
        "pre-training": "none",
    }


@dataclass(frozen=True)
class SpecifiedByExamples:
    """A predictor that answers ``given`` lists and ``wanted`` results with a program for them.

    Attributes
    ----------
    fit : callable
        ``(problem, budget, seed) -> predictor``: searches for one program.
    budget : Budget
    without : frozenset of str
        Primitives that no program may use.
    """

    fit: Fit
    budget: Budget
    without: frozenset[str] = frozenset()
    cost: Cost = field(default_factory=Cost)
    prior: Mapping[str, str | int | float] = field(default_factory=_prior)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return for every specification the source of a program, as one token."""
        return [self.answer(row) for row in inputs]

    def answer(self, row: Inputs) -> Value:
        """Return the source of a program that answers the examples of one specification."""
        examples = Examples({"xs": tuple(row["given"])}, tuple(row["wanted"]))
        problem = Problem(TARGET, examples, without=self.without)
        budget = replace(self.budget, candidates=min(self.budget.candidates, CANDIDATES))
        try:
            found = self.fit(problem, budget, 0)
        except FitError:
            return ABSTAIN
        return [found.program.python] if isinstance(found, HasProgram) else ABSTAIN


@dataclass(frozen=True)
class TextAndExamples:
    """A predictor with a grammar for the text, whose readings the examples choose among.

    Attributes
    ----------
    grammar : Translation
        A grammar induced from the texts and their programs.
    search : SpecifiedByExamples
        The fallback if no reading agrees with the examples.
    """

    grammar: Translation
    search: SpecifiedByExamples
    cost: Cost = field(init=False)
    prior: Mapping[str, str | int | float] = field(init=False)
    program: ProgramText = field(init=False)

    def __post_init__(self) -> None:
        given = "that an input is a text with examples of the program asked for; "
        prior = {
            **self.grammar.prior,
            "given": given + "the language of programs; " + str(self.grammar.prior["given"]),
            "candidates a specification": CANDIDATES,
        }
        object.__setattr__(self, "prior", prior)
        object.__setattr__(self, "cost", self.grammar.cost)
        object.__setattr__(self, "program", self.grammar.program)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return per input a reading that fits the examples, else a program, else any reading."""
        return [self._answer(row) for row in inputs]

    def _answer(self, row: Inputs) -> Value:
        readings = list(self.grammar.readings(row))
        fitting = (each for each in readings if _does(each, row["given"], row["wanted"]))
        answer = next(fitting, ABSTAIN)
        if answer is ABSTAIN:
            answer = self.search.answer(row)
        return next(iter(readings), ABSTAIN) if answer is ABSTAIN else answer


def _does(program: Value, given: Sequence[Value], wanted: Sequence[Value]) -> bool:
    """Return whether a program maps these lists to the wanted results."""
    code = " ".join(program)
    source = code if code.startswith("def ") else f"def program(xs):\n    return {code}"
    try:
        function = read(source)
        return all(function(list(xs)) == output for xs, output in zip(given, wanted, strict=True))
    except Exception:  # whatever Python raises: the program is undefined there
        return False
