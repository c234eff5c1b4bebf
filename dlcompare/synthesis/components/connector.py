"""Loop-free programs on words as predictors, with or without given operations.

The learner `ComponentLearner` receives the operations of the known program (`Problem.components`),
as its prior card states; `fit_words` connects any operations and needs the examples only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dlcompare.synthesis.components.components import LoopFreeProgram, from_examples
from dlcompare.synthesis.components.domain import BITS, Component, Domain
from dlcompare.synthesis.components.word_search import CONSTANTS, connect, operations
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import ABSTAIN, Budget, Inputs, Problem, ProgramText
from dlcompare.tasks.types import INT, Value

__all__ = ["ComponentLearner", "ConnectedPredictor", "create", "fit_words", "parts_of"]

WORD = Domain(32)
SECONDS = 60.0
"""The time limit of the solver, in seconds, if the budget has none."""

_CALLED = frozenset({"int", "min"})
"""What a printed program calls."""


def parts_of(components: Sequence[str]) -> tuple[list[Component], list[int]]:
    """Return the operations and constants with some names.

    Raises
    ------
    InputError
        If there is no such operation.
    """
    operations, constants = [], []
    for name in components:
        if name.isdigit():
            constants.append(int(name))
        elif name in BITS:
            operations.append(BITS[name])
        else:
            raise InputError(f"components={name!r} must be a number or one of {', '.join(BITS)}")
    return operations, constants


@dataclass(frozen=True)
class ConnectedPredictor:
    """A loop-free program as a predictor, which abstains if an input is not a word.

    Attributes
    ----------
    source : LoopFreeProgram
    name : str
        The name of the function.
    bits : int
        Its description length.
    cost : Cost
    prior : mapping
    program : ProgramText
    """

    source: LoopFreeProgram
    name: str
    bits: int
    cost: Cost
    prior: Mapping[str, Any]
    program: ProgramText = field(init=False)

    def __post_init__(self) -> None:
        python = self.source.python(WORD, self.name)
        steps = len(self.source.steps)
        text = ProgramText(python, "; ".join(python.splitlines()[1:]).strip(), steps, self.bits)
        object.__setattr__(self, "program", text)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Run the program on every input."""
        namespace: dict[str, Any] = {}
        exec(self.program.python, namespace)
        words = range(2 ** (WORD.width or 1))
        return [
            namespace[self.name](**row) if all(x in words for x in row.values()) else ABSTAIN
            for row in inputs
        ]


@dataclass(frozen=True)
class ComponentLearner:
    """A learner that connects the operations of a task, given the task's examples."""

    def fit(self, problem: Problem, budget: Budget, seed: int) -> ConnectedPredictor:  # noqa: ARG002
        """Search for a program; the seed has no effect."""
        if not problem.components:
            raise NoProgramError("the task has no operations (components=) to be connected")
        types = [*(type_ for _, type_ in problem.signature.parameters), problem.signature.result]
        if any(type_ != INT for type_ in types):
            raise NoProgramError("operations are connected on numbers only")
        operations, constants = parts_of(problem.components)
        names = [name for name, _ in problem.signature.parameters]
        rows = [
            (tuple(row.values()), output)
            for row, output in zip(problem.examples.rows(), problem.examples.outputs, strict=True)
        ]
        seconds = 0.9 * budget.seconds if budget.seconds else SECONDS
        found = from_examples(names, operations, constants, rows, WORD, seconds)
        if found.program is None:
            raise NoProgramError(
                "no connection of the operations answers the examples"
                if found.status == "infeasible"
                else f"the solver found no connection of the operations in {seconds:.0f} s"
            )
        prior = {
            "given": "the operations and constants of the known program, each to be used once",
            "operations": len(operations),
            "constants": len(constants),
            "pre-training": "none",
        }
        steps = len(found.program.steps)
        return ConnectedPredictor(found.program, problem.signature.name, steps, Cost(), prior)


def fit_words(
    problem: Problem, candidates: int, most_bits: int
) -> tuple[ConnectedPredictor | None, int]:
    """Return a program on words that answers the examples, if one is found, and the candidates.

    Parameters
    ----------
    problem : Problem
        A function of integers; its examples are numbers from 0 to 2³² − 1.
    candidates : int
        The most candidates to evaluate.
    most_bits : int
        The most bits of the program.
    """
    names = {problem.signature.name, *(name for name, _ in problem.signature.parameters)}
    if names & _CALLED:
        return None, 0
    prices = operations(problem.without)
    found = connect(problem.signature, problem.examples, candidates, prices)
    if found.program is None or found.bits > most_bits:
        return None, found.spent
    prior = {
        "given": "operations on words of 32 bits, connected without loops",
        "operation names": " ".join(sorted(prices)),
        "operations": len(prices),
        "constants": len(CONSTANTS),
        "bits": sum(prices.values()) + sum(CONSTANTS.values()),
        "pre-training": "none",
    }
    cost = Cost(candidates=found.spent)
    name = problem.signature.name
    return ConnectedPredictor(found.program, name, found.bits, cost, prior), found.spent


def create(options: Mapping[str, str], device: str) -> ComponentLearner:  # noqa: ARG001
    """Return the learner, which has no options.

    Raises
    ------
    InputError
        If there are any options.
    """
    if options:
        raise InputError(f"synthesis:components takes no options, not {', '.join(options)}")
    return ComponentLearner()
