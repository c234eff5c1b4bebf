"""Concatenation by covering: lists and strings assembled from pieces found in the bank.

A piece is a term whose value occurs inside the output of every example; for a list of scalars, a
scalar that occurs is a piece too, as a list of one. A program is a path through all outputs at
once: a state is a position in each output, an edge is a piece that fits at these positions in every
example, and Dijkstra's algorithm finds the cheapest path from the beginnings to the ends. Where all
outputs continue with the same text, a literal is an edge too. This does for whole programs what
version spaces do for strings in FlashFill (Gulwani 2011).
"""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.dsl.program import Constant
from dlcompare.tasks.types import Value

__all__ = ["Concatenation", "Piece"]

MOST_PIECES = 256
MOST_STATES = 2_000
MOST_PARTS = 8
LEAST_PRESENT = 3
"""A piece is non-empty in at least one of this many examples, lest it spell out exceptions."""
LITERAL, CHARACTER, NUMBER = 5, 3, 8
"""Bits of a literal text, of each of its characters, and of a literal number."""

Sequences = Sequence[str] | Sequence[list[Value]]


@dataclass(frozen=True)
class Piece:
    """A part of a concatenation.

    Attributes
    ----------
    term : int or Constant
        A term of the bank, or a literal.
    cost : int
        Bits.
    single : bool
        Whether it is a scalar, used as a list of one.
    values : sequence
        What it contributes in each example.
    """

    term: int | Constant
    cost: int
    single: bool
    values: Sequences


class Concatenation:
    """The cheapest concatenation of pieces that gives all outputs.

    Parameters
    ----------
    outputs : sequence of str or of list
        The values to assemble; not all empty.
    joint : int
        The cost of one concatenation, in bits.
    """

    def __init__(self, outputs: Sequences, joint: int) -> None:
        self.outputs = outputs
        self.joint = joint
        self.pieces: list[Piece] = []
        self.fits = [np.zeros((0, len(output) + 1), np.bool_) for output in outputs]
        self.lengths = np.zeros((0, len(outputs)), np.int64)
        self.news = False
        self.text = isinstance(outputs[0], str)

    @property
    def full(self) -> bool:
        """Return whether the limit on pieces is reached."""
        return len(self.pieces) >= MOST_PIECES

    def add(self, piece: Piece) -> None:
        """Add a piece if it fits in every output and is not empty in too many."""
        rows = [
            np.array([_fits(value, output, at) for at in range(len(output) + 1)])
            for value, output in zip(piece.values, self.outputs, strict=True)
        ]
        present = sum(map(bool, piece.values))
        if self.full or not all(row.any() for row in rows) or LEAST_PRESENT * present < len(rows):
            return
        self.fits = [np.vstack([old, row]) for old, row in zip(self.fits, rows, strict=True)]
        self.lengths = np.vstack([self.lengths, [list(map(len, piece.values))]])
        self.pieces.append(piece)
        self.news = True

    def cheapest(self) -> tuple[int, list[Piece]] | None:
        """Return the cheapest concatenation of at least two pieces, with its cost in bits."""
        if not self.news:
            return None
        self.news = False
        start = (0,) * len(self.outputs)
        end = tuple(map(len, self.outputs))
        numbers = itertools.count()
        queue: list[tuple[int, int, tuple[int, ...], tuple[Piece, ...]]]
        queue = [(0, next(numbers), start, ())]
        done: set[tuple[int, ...]] = set()
        while queue and len(done) < MOST_STATES:
            cost, _, state, way = heapq.heappop(queue)
            if state in done:
                continue
            done.add(state)
            if state == end:
                return (cost, list(way)) if len(way) > 1 else None
            if len(way) == MOST_PARTS:
                continue
            for piece, reached in self._leading_on(state):
                if reached not in done:
                    more = piece.cost + (self.joint if way else 0)
                    heapq.heappush(queue, (cost + more, next(numbers), reached, (*way, piece)))
        return None

    def _leading_on(self, state: tuple[int, ...]) -> Iterator[tuple[Piece, tuple[int, ...]]]:
        """Yield the pieces that fit at a state, each with the state it leads to."""
        here: npt.NDArray[np.bool_] = np.ones(len(self.pieces), np.bool_)
        for fits, at in zip(self.fits, state, strict=True):
            here &= fits[:, at]
        fitting = np.flatnonzero(here)
        reached = (self.lengths[fitting] + state).tolist() if len(fitting) else []
        for i, places in zip(fitting.tolist(), reached, strict=True):
            yield self.pieces[i], tuple(places)
        rests = [output[at:] for output, at in zip(self.outputs, state, strict=True)]
        common = 0
        while common < min(map(len, rests)) and len({repr(r[common]) for r in rests}) == 1:
            common += 1
            piece = rests[0][:common]
            if isinstance(piece, str):
                cost = LITERAL + CHARACTER * common
                literal = Piece(Constant(piece), cost, False, (piece,) * len(rests))
                yield literal, tuple(at + common for at in state)
            elif common == 1 and type(piece[0]) is int:
                literal = Piece(Constant(piece[0]), NUMBER, True, (list(piece),) * len(rests))
                yield literal, tuple(at + 1 for at in state)


def _fits(value: Value, output: Value, at: int) -> bool:
    return bool(output[at : at + len(value)] == value)
