"""Loop-free programs on words from examples: every connection of operations, shortest first."""

import time
from collections.abc import Iterator, Sequence

import numpy as np

from dlcompare.synthesis.components.compiled_enumeration import CODES, EXHAUSTED, FOUND, advance
from dlcompare.synthesis.components.domain import BITS, Component, Domain
from dlcompare.synthesis.components.solver_encoding import Constant, LoopFreeProgram
from dlcompare.synthesis.dsl.limits import OutOfTimeError

__all__ = ["Enumeration"]

WIDEST = 32
"""The most bits of a word, so that a product fits in 64 bits."""

PATIENCE = 1_000_000
"""Trials between two checks of the clock: a fraction of a second."""

START = np.array([[0, 0, -1]], np.int64)
"""The position of a step before its first operands."""


class Enumeration:
    """An enumeration of all programs of some operations, to which examples can be added."""

    def __init__(
        self,
        domain: Domain,
        inputs: Sequence[str],
        constants: Sequence[Constant],
        components: Sequence[Component],
    ) -> None:
        self.domain, self.inputs, self.constants = domain, tuple(inputs), tuple(constants)
        # Sorted by name, since the order of a library may be that of a known program.
        self.operations = sorted(set(components), key=lambda each: each.name)
        self._table = np.array(
            [
                (CODES[each.name], each.arity, each.commutative, components.count(each))
                for each in self.operations
            ],
            np.int64,
        ).reshape(-1, 4)
        self._most = len(components)
        self._given: list[list[int]] = []
        self._outputs: list[int] = []

    @staticmethod
    def covers(domain: Domain, components: Sequence[Component]) -> bool:
        """Return whether the operations can run on machine integers."""
        words = domain.width is not None and domain.width <= WIDEST
        return words and all(BITS.get(each.name) is each for each in components)

    def add_example(self, numbers: Sequence[int], output: int) -> None:
        """Add an example."""
        bound = 1 << (self.domain.width or 1)
        known = (constant(self.domain) for constant in self.constants)
        self._given.append([number % bound for number in (*numbers, *known)])
        self._outputs.append(output)

    def programs(self, deadline: float) -> Iterator[LoopFreeProgram]:
        """Yield all programs that answer the examples so far.

        Raises
        ------
        OutOfTimeError
            If the deadline, by the monotonic clock, passes.
        """
        width = self.domain.width or 1
        for value in range(len(self.inputs) + len(self.constants)):
            if [row[value] for row in self._given] == self._outputs:
                yield LoopFreeProgram(self.inputs, self.constants, (), value)
        for length in range(1, self._most + 1):
            steps, depth, state = np.tile(START, (length, 1)), 0, FOUND
            while state != EXHAUSTED:
                if time.monotonic() > deadline:
                    raise OutOfTimeError
                values = len(self.inputs) + len(self.constants)
                given = np.array(self._given, np.int64).reshape(-1, values).T.copy()
                outputs = np.array(self._outputs, np.int64)
                state, depth = advance(self._table, given, outputs, width, steps, depth, PATIENCE)
                if state == FOUND:
                    yield self._program(steps)

    def _program(self, steps: np.ndarray) -> LoopFreeProgram:
        taken = []
        for c, a, b in steps.tolist():
            component = self.operations[c]
            taken.append((component, (a, b)[: component.arity]))
        result = len(self.inputs) + len(self.constants) + len(taken) - 1
        return LoopFreeProgram(self.inputs, self.constants, tuple(taken), result)
