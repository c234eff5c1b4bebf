"""A program as a predictor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dlcompare.synthesis.dsl.program import Program
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import ABSTAIN, Inputs, ProgramText
from dlcompare.tasks.types import Value

__all__ = ["ProgramPredictor"]


@dataclass(frozen=True)
class ProgramPredictor:
    """A program as a predictor, which abstains if the program is undefined."""

    source: Program
    cost: Cost
    prior: Mapping[str, str | int | float]
    program: ProgramText = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "program", self.source.text)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Run the program on every input."""
        function = self.source.compile()
        answers = []
        for row in inputs:
            try:
                answers.append(function(**row))
            except Exception:  # whatever Python raises: the program is undefined there
                answers.append(ABSTAIN)
        return answers
