"""Sorting kernels: the shortest straight-line programs of mov, cmp and conditional moves.

A kernel sorts n registers with one scratch register, as in AlphaDev (Mankowitz et al., 2023). The
search (after Ullrich and Hack, Synthesis of Sorting Kernels, 2025) runs all n! permutations at
once: a state is the set of machine configurations (registers and flags) of the permutations, and an
instruction maps the whole set. The search is breadth first over distinct sets, with two prunings:

- a set is dropped if one of its configurations cannot be sorted in the instructions left (sound);
- a set with many more distinct register contents than the best of its length is dropped (the *cut*,
  unsound but fast). Without the cut the search is complete, and excludes the lengths it exhausts.

Permutations do not cover equal values, so a candidate counts only if it also sorts every input in
{0..n}ⁿ, for any initial scratch register.
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
"""The most sets that a search keeps; a set for n = 4 takes 60 bytes."""

CUT = {2: 1.5, 3: 1.5, 4: 1.2}
"""The most distinct register contents of a kept set, relative to the best of the same length."""


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
        The number of registers that it sorts, ascending; register ``values`` is scratch.
    instructions : tuple of Instruction
        The program.
    exhausted : int
        No kernel of at most this many instructions exists (0: nothing is excluded). A kernel here
        never reads the scratch register or the flags before it sets them.
    states : int
        The number of sets of configurations that the search kept.
    """

    values: int
    instructions: tuple[Instruction, ...]
    exhausted: int = 0
    states: int = 0

    @property
    def minimal(self) -> bool:
        """Return whether the search exhausted every shorter length."""
        return self.exhausted >= len(self.instructions) - 1


def execute(kernel: Kernel, values: Sequence[int], scratch: int = 0) -> list[int]:
    """Run a kernel, and return the contents of its registers without the scratch register.

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
    """Return whether a kernel sorts {0..n}ⁿ, which contains every order of n values with ties."""
    inputs = itertools.product(range(kernel.values + 1), repeat=kernel.values)
    return all(
        execute(kernel, values, scratch) == sorted(values)
        for values in inputs
        for scratch in (-1, kernel.values + 1)
    )


def network_kernel(values: int) -> Kernel:
    """Return the smallest network as a kernel, with four instructions per comparator."""
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
    """The configurations in which no value is lost, and the effect of each instruction."""

    instructions: tuple[Instruction, ...]
    moves: npt.NDArray[np.int16]
    """(instructions, configurations): the next configuration, or -1 for a dead end."""
    contents: npt.NDArray[np.int16]
    """For each configuration, an identifier of its register contents, regardless of flags."""
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
        # cmp b a is cmp a b with cmovl and cmovg exchanged, so one order suffices.
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
    """Run an instruction on a configuration; None if it reads an unset register or flag."""
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
    """Return instructions and test inputs as arrays for the compiled search."""
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
    """Return a kernel, or the length up to which this search finds none."""
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
        The number of values to sort: 2, 3 or 4.
    prove : bool
        Whether to search the shorter lengths without the cut, within memory limits;
        ``exhausted`` is the length reached. For 3 values, the proof takes a tenth of a second.

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
    best = network_kernel(values)  # an upper bound on the length
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
