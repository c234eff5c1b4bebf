"""Sorting kernels: the shortest straight-line programs of mov, cmp and conditional moves.

A kernel sorts n registers with one scratch register, as in AlphaDev (Mankowitz et al., 2023). The
search (after Ullrich and Hack, Synthesis of Sorting Kernels, 2025) runs all n! permutations at
once: a state is the set of machine configurations (registers and flags) that the permutations are
in, and an instruction moves the whole set. Breadth first over sets, each kept once, with two
prunings:

- a configuration that cannot be sorted alone in the instructions left condemns its set (sound);
- a set with many more distinct register contents than the best of its length is dropped (the *cut*;
  unsound, but quick). Without it the search is complete, and lengths it exhausts are excluded.

Permutations do not tell what happens to equal values, and so a candidate counts only once it sorts
every input in {0..n}ⁿ, whatever the scratch register held before.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.sorting_kernels.breadth_first import search
from dlcompare.synthesis.sorting_kernels.networks import smallest_network
from dlcompare.tasks.errors import InputError

__all__ = [
    "Instruction",
    "Kernel",
    "execute",
    "forget_machines",
    "network_kernel",
    "smallest_kernel",
    "sorts_all",
]

CAPACITY = {2: 10_000, 3: 200_000, 4: 2_000_000}
"""Sets that a search keeps at most; a set of n = 4 takes 60 bytes."""

CUT = {2: 1.5, 3: 1.5, 4: 1.2}
"""Distinct register contents, relative to the best set of the same length, that are still kept."""


class Instruction(NamedTuple):
    """One instruction; registers are numbered, the scratch register comes last."""

    operation: str
    target: int
    source: int


@dataclass(frozen=True)
class Kernel:
    """A sorting kernel.

    Attributes
    ----------
    values : int
        How many registers it sorts, ascending; register ``values`` is scratch.
    instructions : tuple of Instruction
        The program.
    exhausted : int
        No kernel of at most so many instructions exists (0: nothing was excluded). A kernel here
        never reads the scratch register or the flags before it has set them.
    states : int
        How many sets of configurations the search kept.
    """

    values: int
    instructions: tuple[Instruction, ...]
    exhausted: int = 0
    states: int = 0

    @property
    def minimal(self) -> bool:
        """Return whether every shorter length was exhausted."""
        return self.exhausted >= len(self.instructions) - 1


def execute(kernel: Kernel, values: Sequence[int], scratch: int = 0) -> list[int]:
    """Return what a kernel leaves in the sorted registers.

    Examples
    --------
    >>> execute(network_kernel(3), [3, 1, 2])
    [1, 2, 3]
    """
    registers = [*values, scratch]
    order = 0
    for operation, target, source in kernel.instructions:
        if operation == "cmp":
            order = (registers[target] > registers[source]) - (
                registers[target] < registers[source]
            )
        elif (
            operation == "mov"
            or (operation == "cmovl" and order < 0)
            or (operation == "cmovg" and order > 0)
        ):
            registers[target] = registers[source]
    return registers[: kernel.values]


def sorts_all(kernel: Kernel) -> bool:
    """Whether a kernel sorts every input in {0..n}ⁿ; each order of n values, ties too, is there."""
    inputs = itertools.product(range(kernel.values + 1), repeat=kernel.values)
    return all(
        execute(kernel, values, scratch) == sorted(values)
        for values in inputs
        for scratch in (-1, kernel.values + 1)
    )


def network_kernel(values: int) -> Kernel:
    """Return the smallest comparator network as a kernel: four instructions a comparator."""
    program: list[Instruction] = []
    for low, high in smallest_network(values).comparators:
        program += [
            Instruction("mov", values, low),
            Instruction("cmp", low, high),
            Instruction("cmovg", low, high),
            Instruction("cmovg", high, values),
        ]
    return Kernel(values, tuple(program))


class _Machine(NamedTuple):
    """The configurations in which no value is lost, and what each instruction does to them."""

    instructions: tuple[Instruction, ...]
    moves: npt.NDArray[np.int16]
    """(instructions, configurations): the next one, or -1 for a dead end."""
    contents: npt.NDArray[np.int16]
    """For each configuration, the number of its register contents: equal if only flags differ."""
    distance: npt.NDArray[np.int16]
    """For each configuration, the fewest instructions that sort it."""
    start: npt.NDArray[np.int16]


UNSET, LESS, GREATER = 0, 1, 2


@lru_cache(maxsize=4)
def _machine(values: int) -> _Machine:
    registers = range(values + 1)
    present = set(range(1, values + 1))
    contents = [
        held
        for held in itertools.product(range(values + 1), repeat=len(registers))
        if present <= set(held)
    ]
    number = {held: index for index, held in enumerate(contents)}
    flags = (UNSET, LESS, GREATER)
    instructions = (
        *(Instruction("mov", a, b) for a, b in itertools.permutations(registers, 2)),
        # cmp b a is cmp a b with cmovl and cmovg exchanged, so one order is enough.
        *(Instruction("cmp", a, b) for a, b in itertools.combinations(registers, 2)),
        *(Instruction("cmovl", a, b) for a, b in itertools.permutations(registers, 2)),
        *(Instruction("cmovg", a, b) for a, b in itertools.permutations(registers, 2)),
    )
    moves = np.full((len(instructions), len(contents) * len(flags)), -1, dtype=np.int16)
    for row, instruction in zip(moves, instructions, strict=True):
        for held in contents:
            for flag in flags:
                following = _step(instruction, held, flag)
                if following is not None and following[0] in number:
                    row[number[held] * 3 + flag] = number[following[0]] * 3 + following[1]
    ascending = tuple(range(1, values + 1))
    distance = np.full(len(contents) * 3, len(contents) * 3, dtype=np.int16)
    for held in contents:
        if held[:values] == ascending:
            distance[number[held] * 3 : number[held] * 3 + 3] = 0
    while True:
        known = np.where(moves >= 0, distance[moves], distance.size)
        nearer = np.minimum(distance, known.min(axis=0) + 1).astype(np.int16)
        if np.array_equal(nearer, distance):
            break
        distance = nearer
    start = sorted(number[(*order, 0)] * 3 for order in itertools.permutations(ascending))
    return _Machine(
        instructions,
        moves,
        np.repeat(np.arange(len(contents), dtype=np.int16), 3),
        distance,
        np.array(start, dtype=np.int16),
    )


def _step(
    instruction: Instruction, held: tuple[int, ...], flag: int
) -> tuple[tuple[int, ...], int] | None:
    """Return one instruction on one configuration; None where it reads what nothing has set."""
    operation, target, source = instruction
    if operation == "cmp":
        if held[target] == 0 or held[source] == 0:
            return None
        order = LESS if held[target] < held[source] else GREATER
        return held, order if held[target] != held[source] else UNSET
    if operation != "mov":
        if flag == UNSET:
            return None
        if flag != (LESS if operation == "cmovl" else GREATER):
            return held, flag
    if held[source] == 0:
        return None
    return (*held[:target], held[source], *held[target + 1 :]), flag


def _programs(machine: _Machine) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """Return instructions and test inputs as the arrays that the compiled search reads."""
    codes = {"mov": 0, "cmp": 1, "cmovl": 2, "cmovg": 3}
    values = max(i.target for i in machine.instructions)
    inputs = itertools.product(range(values + 1), repeat=values)
    return (
        np.array([(codes[i.operation], i.target, i.source) for i in machine.instructions], np.int8),
        np.array(
            [(*given, scratch) for given in inputs for scratch in (-1, values + 1)], dtype=np.int8
        ),
    )


def _searched(values: int, cut: float, longest: int) -> Kernel | int:
    """Return a kernel, or the length up to which this search found none."""
    machine = _machine(values)
    codes, inputs = _programs(machine)
    end, excluded, total, parent, taken = search(
        machine.moves,
        machine.contents,
        machine.distance,
        machine.start,
        codes,
        inputs,
        longest,
        cut,
        CAPACITY[values],
    )
    if end < 0:
        return int(excluded)
    program: list[Instruction] = []
    while end > 0:
        program.append(machine.instructions[taken[end]])
        end = parent[end]
    return Kernel(values, tuple(reversed(program)), states=total)


def smallest_kernel(values: int, prove: bool = False) -> Kernel:
    """Return the shortest kernel that the search finds.

    Parameters
    ----------
    values : int
        How many values to sort: 2, 3 or 4.
    prove : bool
        Then search the shorter lengths without the cut, as far as memory allows: ``exhausted``
        tells how far that was. For 3 values it proves the kernel minimal in a tenth of a second.

    Raises
    ------
    InputError
        If the number of values is not 2, 3 or 4.

    Examples
    --------
    >>> kernel = smallest_kernel(3, prove=True)
    >>> len(kernel.instructions), sorts_all(kernel), kernel.minimal
    (11, True, True)
    """
    if values not in CAPACITY:
        raise InputError(f"values={values!r} must be one of {sorted(CAPACITY)}")
    best = network_kernel(values)  # no longer one can be the shortest
    found = _searched(values, CUT[values], len(best.instructions))
    best = found if isinstance(found, Kernel) else best
    while prove:
        found = _searched(values, math.inf, len(best.instructions) - 1)
        if isinstance(found, int):
            return replace(best, exhausted=found)
        best = found
    return best


def forget_machines() -> None:
    """Drop the tables kept between calls, so that a timing includes building them."""
    _machine.cache_clear()
