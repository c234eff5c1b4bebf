"""A learner whose program is right, and which says that two of its examples are mislabelled."""

from collections.abc import Mapping

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import Budget, Problem, ProgramText

SOURCE = """# Treated as mislabelled: examples 1, 2.
def tiny(xs: list[int]) -> list[int]:
    return [y for y in xs if y % 2 == 0]
"""


class Evens:
    """Keeps the even numbers."""

    cost = Cost()
    prior: Mapping[str, str] = {}
    program = ProgramText(SOURCE, "(filter is_even xs)", 3, 9, wrong=2)

    def predict(self, inputs):
        """The right answers."""
        return [[x for x in row["xs"] if x % 2 == 0] for row in inputs]


class Sure:
    """Learns nothing."""

    def fit(self, problem: Problem, budget: Budget, seed: int) -> Evens:  # noqa: ARG002
        """The same predictor for every problem."""
        return Evens()


def sure(options, device):  # noqa: ARG001
    """The learner."""
    return Sure()
