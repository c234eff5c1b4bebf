"""A path of a symbolic execution: its assumptions, and their immediate consequences.

In addition to the assumptions, a path keeps the bounds on differences of atoms that follow from
them (Dill, 1989), closed under addition. For programs that only compare and move their inputs, this
decides every comparison without a solver. An undecided case may still be impossible, which costs
time but not soundness.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache

from dlcompare.synthesis.proofs.symbolic.symbols import (
    And,
    Atom,
    Bool,
    Condition,
    Either,
    IsNegative,
    IsZero,
    Linear,
    Not,
    negation,
)

__all__ = ["EMPTY", "Path"]

Edge = tuple[Atom | None, Atom | None]
"""Two atoms; None is zero."""


class Path:
    """The assumptions so far.

    Parameters
    ----------
    assumed : tuple of conditions
        The assumptions, in the order in which they were made.
    bounds : mapping of two atoms to int
        The upper bound on the difference of the two atoms.
    """

    __slots__ = ("_bounds", "_known", "assumed")

    def __init__(
        self,
        assumed: tuple[Condition, ...] = (),
        known: frozenset[Condition] = frozenset(),
        bounds: dict[Edge, int] | None = None,
    ) -> None:
        self.assumed = assumed
        self._known = known
        self._bounds = bounds or {}

    def decided(self, value: Bool) -> bool | None:
        """Return whether a condition holds on the path; None if undecided."""
        if isinstance(value, bool):
            return value
        if value in self._known:
            return True
        match value:
            case IsNegative(form):
                return self._is_negative(form)
            case IsZero(form):
                return False if negation(value) in self._known else self._is_zero(form)
            case Not(condition):
                inner = self.decided(condition)
                return None if inner is None else not inner
            case And(conditions):
                parts = [self.decided(part) for part in conditions]
                if False in parts:
                    return False
                return True if all(parts) else None
            case _:
                return False if negation(value) in self._known else None

    def simplified(self, value: Bool) -> Bool:
        """Return the truth value of a condition if the path decides it, else the condition."""
        seen = self.decided(value)
        return value if seen is None else seen

    def assume(self, value: Bool) -> "Path | None":
        """Return the path with one more assumption; None if it contradicts the path."""
        seen = self.decided(value)
        if seen is not None:
            return self if seen else None
        assert not isinstance(value, bool)
        bounds = self._bounds
        for each in value.conditions if isinstance(value, And) else (value,):
            for edge, bound in _edges(each):
                closed = _closed(bounds, edge, bound)
                if closed is None:
                    return None
                bounds = closed
        parts = value.conditions if isinstance(value, And) else {value}
        return Path((*self.assumed, value), self._known | {value} | parts, bounds)

    def split(self, value: Bool) -> "Iterator[tuple[Path, bool]]":
        """Yield the path where the condition holds and the one where it does not, if possible."""
        seen = self.decided(value)
        if seen is not None:
            yield self, seen
            return
        for side in (True, False):
            path = self.assume(value if side else negation(value))
            if path is not None:
                yield path, side

    @classmethod
    def joined(cls, paths: "Sequence[Path]") -> "Path":
        """Return one path for the inputs of several, with their common knowledge."""
        if len(paths) == 1:
            return paths[0]
        columns = zip(*(path.assumed for path in paths), strict=False)
        shared = [column[0] for column in itertools.takewhile(_one_thing, columns)]
        groups = tuple(path.assumed[len(shared) :] for path in paths)
        bounds = dict(paths[0]._bounds)
        for path in paths[1:]:
            others = path._bounds
            bounds = {
                edge: max(bound, others[edge]) for edge, bound in bounds.items() if edge in others
            }
        known = frozenset.intersection(*(path._known for path in paths))
        if not all(groups):
            return cls(tuple(shared), known, bounds)
        return cls((*shared, Either(groups)), known, bounds)

    def _is_negative(self, form: Linear) -> bool | None:
        edge = _edge(form)
        if edge is None:
            return None
        most = self._bounds.get(edge)
        if most is not None and most + form.constant < 0:
            return True
        least = self._bounds.get((edge[1], edge[0]))
        return False if least is not None and least - form.constant <= 0 else None

    def _is_zero(self, form: Linear) -> bool | None:
        edge = _edge(form)
        if edge is None:
            return None
        most, least = self._bounds.get(edge), self._bounds.get((edge[1], edge[0]))
        above = None if most is None else most + form.constant  # the form is at most this
        below = None if least is None else form.constant - least  # and at least this
        if (above is not None and above < 0) or (below is not None and below > 0):
            return False
        return True if above == below == 0 else None


def _one_thing(column: tuple[Condition, ...]) -> bool:
    return all(each is column[0] for each in column)


EMPTY = Path()
"""The path without assumptions."""


@lru_cache(maxsize=1 << 16)
def _edge(form: Linear) -> Edge | None:
    """Return the two atoms whose difference a form is, up to a constant."""
    match form.terms:
        case ((first, 1),):
            return first, None
        case ((first, -1),):
            return None, first
        case ((first, 1), (second, -1)) | ((second, -1), (first, 1)):
            return first, second
        case _:
            return None


def _edges(condition: Condition) -> Iterator[tuple[Edge, int]]:
    """Yield the bounds on differences that a condition implies."""
    match condition:
        case IsNegative(form):
            edge = _edge(form)
            if edge is not None:
                yield edge, -1 - form.constant
        case IsZero(form):
            edge = _edge(form)
            if edge is not None:
                yield edge, -form.constant
                yield (edge[1], edge[0]), form.constant


def _closed(bounds: dict[Edge, int], edge: Edge, bound: int) -> dict[Edge, int] | None:
    """Return the closure of bounds with one more; None if they contradict it."""
    first, second = edge
    against = bounds.get((second, first))
    if against is not None and against + bound < 0:
        return None
    old = bounds.get(edge)
    if old is not None and old <= bound:
        return bounds
    before = [(first, 0), *((a, b) for (a, c), b in bounds.items() if c is first)]
    after = [(second, 0), *((c, b) for (a, c), b in bounds.items() if a is second)]
    closed = dict(bounds)
    for start, one in before:
        for end, other in after:
            if start is end:
                continue
            total = one + bound + other
            known = closed.get((start, end))
            if known is None or total < known:
                closed[start, end] = total
    return closed
