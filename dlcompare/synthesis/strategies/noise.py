"""Programs that answer some of the examples, and the rule for calling the others mislabelled.

By the principle of minimum description length (Rissanen 1978), a program and a list of exceptions,
each with its index and its output, describe the examples. A program that is wrong on some examples
is an answer if this description is shorter than the table of all outputs and the exceptions are
few; otherwise any program that is right on some examples would do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from math import ceil, log2

from dlcompare.synthesis.dsl.limits import StepLimitError
from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.tasks.problem import Examples

__all__ = [
    "LEAST_EXAMPLES",
    "MOST_NOISE",
    "Partial",
    "Partials",
    "place_bits",
    "wrong_examples",
]

LEAST_EXAMPLES = 10
"""With fewer examples a learner treats none as mislabelled."""

MOST_NOISE = 0.2
"""The largest share of examples that a learner treats as mislabelled."""


def wrong_examples(program: Program, examples: Examples) -> Iterator[int]:
    """Yield the indices of the examples that a program gets wrong or is undefined on.

    From the first example on which it exceeds the loop limit, it counts as wrong on all the rest,
    since running them might take nearly as long.
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


def place_bits(examples: Examples) -> int:
    """Return the number of bits that identify one of the examples."""
    return ceil(log2(len(examples))) if len(examples) else 0


@dataclass(frozen=True)
class Partial:
    """A program that answers some of the examples.

    Attributes
    ----------
    program : Program
    wrong : tuple of int
        The indices of the examples that it gets wrong, in order.
    """

    program: Program
    wrong: tuple[int, ...]


class Partials:
    """Keeps the best of the programs that answer some of the examples.

    Parameters
    ----------
    examples : Examples
        All that are to be answered.
    noise : float
        The share of them that may be mislabelled.

    Attributes
    ----------
    closest : Partial or None
        The program with the fewest wrong examples; of several, the cheapest.
    noisy : Partial or None
        The program with the shortest description of the examples, if its exceptions do not exceed
        that share and the description is shorter than the table of outputs.
    """

    def __init__(self, examples: Examples, noise: float) -> None:
        self.examples = examples
        self.most = int(noise * len(examples))
        self.shortest = table_bits(examples.outputs)
        self.closest: Partial | None = None
        self.noisy: Partial | None = None

    def consider(self, program: Program) -> None:
        """Consider a program that is not right on all examples."""
        fewest = len(self.closest.wrong) if self.closest else len(self.examples) - 1
        most = max(fewest, self.most)
        wrong = tuple(islice(wrong_examples(program, self.examples), most + 1))
        if len(wrong) > most:
            return
        partial = Partial(program, wrong)
        if len(wrong) <= fewest and (
            self.closest is None or (len(wrong), program.cost) < (fewest, self.closest.program.cost)
        ):
            self.closest = partial
        bits = program.cost + self.exception_bits(wrong)
        if 0 < len(wrong) <= self.most and bits < self.shortest:
            self.shortest, self.noisy = bits, partial

    def exception_bits(self, wrong: Iterable[int]) -> int:
        """Return the bits of a list of exceptions."""
        outputs = [self.examples.outputs[place] for place in wrong]
        return len(outputs) * place_bits(self.examples) + table_bits(outputs)
