"""Classes of an integer by intervals: a letter for a score, a price for an age.

If the outputs are few classes, each in few intervals of one integer parameter, the program is a
chain of comparisons with the integers between the intervals. Nothing is enumerated.
"""

from collections.abc import Iterator
from itertools import pairwise

from dlcompare.synthesis.dsl.program import Apply, Constant, Expression, Program, Variable
from dlcompare.synthesis.grammar.constants import LIMIT_COST, thresholds
from dlcompare.synthesis.grammar.description_length import output_bits
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.types import BOOL, INT, STR, Value

__all__ = ["intervals"]

_SUPPORT = 3
"""The fewest examples of each interval, on average."""


def intervals(problem: SearchProblem) -> Iterator[Program]:
    """Yield the chains of comparisons that answer the examples, one for each int parameter.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; its outputs are integers or texts.
    """
    result, outputs = problem.signature.result, problem.examples.outputs
    choice, less = problem.grammar.choice(result), problem.grammar.primitive("less", INT, BOOL)
    if result not in (INT, STR) or choice is None or less is None:
        return
    for name, type_ in problem.signature.parameters:
        if type_ != INT:
            continue
        column = problem.examples.inputs[name]
        limits = thresholds(column, outputs)
        if not limits or len(outputs) < _SUPPORT * (len(limits) + 1):
            continue
        labels = _labels(column, outputs, limits)
        expression: Expression = Constant(labels[-1])
        for limit, label in reversed(list(zip(limits, labels, strict=False))):
            condition = Apply(less, (Variable(name), Constant(limit)))
            expression = Apply(choice, (condition, Constant(label), expression))
        each = choice.cost + less.cost + problem.grammar.variable + LIMIT_COST
        yield problem.program(expression, each * len(limits) + sum(map(output_bits, labels)))


def _labels(column: tuple[int, ...], outputs: tuple[Value, ...], limits: list[int]) -> list[Value]:
    """Return the output of each interval, the lowest first."""
    bounds = [min(column), *limits, max(column) + 1]
    return [
        next(out for x, out in zip(column, outputs, strict=True) if low <= x < high)
        for low, high in pairwise(bounds)
    ]
