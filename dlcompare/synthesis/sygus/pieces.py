"""Concatenations: sequences of terms whose values spell the wanted strings.

As in FlashFill (Gulwani, 2011), a string is a path of pieces through its positions. The search
treats all examples at once: a state is a position in each, and an example that a piece does not fit
is dropped. States with more examples come first, so that a program for all is found before programs
for some, from which conditionals are built.
"""

import heapq
import itertools
from collections.abc import Sequence

from dlcompare.synthesis.sygus.pool import PooledTerm

__all__ = ["Pieces"]

NODES = 1500
"""The most states per seed; more has not paid off."""

PIECES = 40
"""The most pieces kept per value, the smallest ones; they differ on other examples."""

LOST = -1


class Pieces:
    """Entries that spell a part of some wanted string, indexed by their text."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.wanted = tuple(wanted)
        self.by_value: list[dict[str, list[PooledTerm]]] = [{} for _ in wanted]

    def add(self, entry: PooledTerm) -> None:
        """Add an entry, whose column must consist of strings."""
        for place, (value, whole) in enumerate(zip(entry.column, self.wanted, strict=True)):
            text = str(value)
            if text and text in whole:
                same = self.by_value[place].setdefault(text, [])
                if len(same) < PIECES:
                    same.append(entry)

    def spell(self, seed: int, nodes: int = NODES) -> list[tuple[int, tuple[PooledTerm, ...]]]:
        """Return sequences that spell the seed's string, with the sets of examples they spell.

        The largest sets come first; of equal sets, only the first sequence is kept.
        """
        wanted = self.wanted
        found: dict[int, tuple[PooledTerm, ...]] = {}
        index = self.by_value[seed]
        lengths = sorted({len(text) for text in index}, reverse=True)
        counter = itertools.count()
        start = tuple(0 for _ in wanted)
        queue: list[tuple[int, int, int, tuple[int, ...], tuple[PooledTerm, ...]]] = [
            (-len(wanted), 0, next(counter), start, ())
        ]
        visited = {start}
        for _ in range(nodes):
            if not queue:
                break
            _, cost, _, state, path = heapq.heappop(queue)
            if state[seed] == len(wanted[seed]):
                spelt = sum(
                    1 << place
                    for place, position in enumerate(state)
                    if position == len(wanted[place])
                )
                found.setdefault(spelt, path)
                if spelt == (1 << len(wanted)) - 1:
                    break
                continue
            rest = wanted[seed][state[seed] :]
            for length in lengths:
                if length > len(rest):
                    continue
                for entry in index.get(rest[:length], ()):
                    following = self._advanced(state, entry)
                    if following in visited:
                        continue
                    visited.add(following)
                    alive = sum(position != LOST for position in following)
                    item = (-alive, cost + entry.size + 1, next(counter), following)
                    heapq.heappush(queue, (*item, (*path, entry)))
        return sorted(found.items(), key=lambda item: -item[0].bit_count())

    def _advanced(self, state: tuple[int, ...], entry: PooledTerm) -> tuple[int, ...]:
        return tuple(
            position + len(str(value))
            if position != LOST and whole.startswith(str(value), position)
            else LOST
            for position, value, whole in zip(state, entry.column, self.wanted, strict=True)
        )
