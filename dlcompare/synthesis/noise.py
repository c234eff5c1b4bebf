"""Mislabelled examples: the best trade of a program's bits against those of its errors.

By the principle of minimum description length (Rissanen 1978) examples are told by a program and a
list of exceptions, each of them with its place and its output. A program that is wrong on some
examples is an answer if this is shorter than the table of all outputs, and if few are exceptions:
else whatever is right on some of them would do.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from math import ceil, log2

from dlcompare.synthesis.limits import StepLimitError
from dlcompare.synthesis.program import Program
from dlcompare.synthesis.tables import table_bits
from dlcompare.tasks.problem import Examples

__all__ = ["LEAST_EXAMPLES", "MOST_NOISE", "NoisyAnswer", "wrong_examples"]

LEAST_EXAMPLES = 10
"""Examples below which none is held for noise."""

MOST_NOISE = 0.2
"""The largest share of examples that is held for noise."""


def wrong_examples(program: Program, examples: Examples) -> Iterator[int]:
    """The places of the examples that a program gets wrong; where it is undefined it is wrong.

    From the first example on that it would loop too long on it counts as wrong on all: those that
    it would loop on for nearly as long are not waited for.
    """
    function = program.compile()
    for place, (row, output) in enumerate(zip(examples.rows(), examples.outputs, strict=True)):
        try:
            right = function(**row) == output
        except StepLimitError:
            yield from range(place, len(examples))
            return
        except Exception:  # whatever Python raises: the program is undefined there
            right = False
        if not right:
            yield place


class NoisyAnswer:
    """The program with the shortest description of the examples, among those it is told of.

    Parameters
    ----------
    examples : Examples
        All that are to be described.
    """

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        self.shortest = table_bits(examples.outputs)
        self.program: Program | None = None

    def consider(self, program: Program) -> None:
        """Take up a program that is not right on all examples."""
        examples = self.examples
        if len(examples) < LEAST_EXAMPLES:
            return
        most = int(MOST_NOISE * len(examples))
        wrong = tuple(islice(wrong_examples(program, examples), most + 1))
        if len(wrong) > most:
            return
        place = ceil(log2(len(examples)))
        exceptions = len(wrong) * place + table_bits(examples.outputs[i] for i in wrong)
        if program.cost + exceptions < self.shortest:
            self.shortest = program.cost + exceptions
            self.program = replace(program, noise=wrong)
