"""Follow the paths of a computation on integers that z3 knows by constraints only.

A `Number` has the operators of an integer. Where a program asks for the truth of a comparison, the
explorer answers one of the possible ways and remembers to come back for the other: every path is a
run of the program from its start.
"""

from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["Explorer", "Number", "UnfollowedError"]


class UnfollowedError(Exception):
    """Raised when there are too many paths, or the solver cannot answer a question."""


class Truth:
    """The truth of a comparison; when it is needed, the explorer takes one side."""

    def __init__(self, explorer: "Explorer", term: Any) -> None:
        self.explorer = explorer
        self.term = term

    def __bool__(self) -> bool:
        return self.explorer.decide(self.term)


class Number:
    """An integer of unknown value."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, explorer: "Explorer", term: Any) -> None:
        self.explorer = explorer
        self.term = term

    def _number(self, term: Any) -> "Number":
        return Number(self.explorer, term)

    def _truth(self, term: Any) -> Truth:
        return Truth(self.explorer, term)

    def __add__(self, other: Any) -> "Number":
        return self._number(self.term + _term(other))

    def __sub__(self, other: Any) -> "Number":
        return self._number(self.term - _term(other))

    def __mul__(self, other: Any) -> "Number":
        return self._number(self.term * _term(other))

    def __radd__(self, other: Any) -> "Number":
        return self._number(_term(other) + self.term)

    def __rsub__(self, other: Any) -> "Number":
        return self._number(_term(other) - self.term)

    def __rmul__(self, other: Any) -> "Number":
        return self._number(_term(other) * self.term)

    def __neg__(self) -> "Number":
        return self._number(-self.term)

    def __mod__(self, other: Any) -> "Number":
        return self._number(self.term % _positive(other))

    def __floordiv__(self, other: Any) -> "Number":
        return self._number(self.term / _positive(other))

    def __abs__(self) -> "Number":
        return -self if self < 0 else self

    def __lt__(self, other: Any) -> Truth:
        return self._truth(self.term < _term(other))

    def __le__(self, other: Any) -> Truth:
        return self._truth(self.term <= _term(other))

    def __gt__(self, other: Any) -> Truth:
        return self._truth(self.term > _term(other))

    def __ge__(self, other: Any) -> Truth:
        return self._truth(self.term >= _term(other))

    def __eq__(self, other: object) -> Truth:  # type: ignore[override]
        return self._truth(self.term == _term(other))

    def __ne__(self, other: object) -> Truth:  # type: ignore[override]
        return self._truth(self.term != _term(other))

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __index__(self) -> int:
        raise UnfollowedError


def _term(value: Any) -> Any:
    if isinstance(value, Number):
        return value.term
    if isinstance(value, int):
        return int(value)
    raise TypeError(f"{value!r} is no integer")


def _positive(value: Any) -> int:
    """Return a divisor, which must be positive for z3's division to be Python's."""
    if isinstance(value, int) and value > 0:
        return value
    raise UnfollowedError


class Explorer:
    """Follows the paths of a computation on unknown numbers, one run after the other.

    Parameters
    ----------
    most_paths : int
        Paths followed before it gives up.
    solver_steps : int
        z3's measure of work for one question.
    """

    def __init__(self, most_paths: int, solver_steps: int) -> None:
        import z3

        self.z3 = z3
        self.left = most_paths
        self.solver = z3.Solver()
        self.solver.set("rlimit", solver_steps)
        self._sides: list[tuple[bool, bool]] = []
        self._place = 0

    def paths(self, size: int) -> Iterator[list[Number]]:
        """Yield `size` unknown numbers, once for every path that the caller's computation takes."""
        self._sides = []
        while True:
            if self.left == 0:
                raise UnfollowedError
            self.left -= 1
            self._place = 0
            self.solver.push()
            yield [Number(self, self.z3.Int(f"x{i}")) for i in range(size)]
            self.solver.pop()
            while self._sides and not self._sides[-1][1]:
                self._sides.pop()
            if not self._sides:
                return
            side, _ = self._sides.pop()
            self._sides.append((not side, False))

    def decide(self, term: Any) -> bool:
        """Return the truth of a comparison on this path; the other side is followed later."""
        if self._place == len(self._sides):
            side = self._possible(term)
            self._sides.append((side, side and self._possible(self.z3.Not(term))))
        side, _ = self._sides[self._place]
        self._place += 1
        self.solver.add(term if side else self.z3.Not(term))
        return side

    def differ(self, one: Sequence[Any] | None, other: Sequence[Any] | None) -> bool:
        """Return whether some integers on this path make two results differ."""
        if one is None or other is None or len(one) != len(other):
            return one != other
        unequal = [_term(a) != _term(b) for a, b in zip(one, other, strict=True)]
        return self._possible(self.z3.Or(*unequal))

    def _possible(self, term: Any) -> bool:
        answer = self.solver.check(term)
        if answer == self.z3.unknown:
            raise UnfollowedError
        return bool(answer == self.z3.sat)
