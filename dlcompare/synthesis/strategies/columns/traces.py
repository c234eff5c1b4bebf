"""Columns from loops over integers: their states, their last state, and digits.

A loop starts at parameters or small constants and changes one or two variables while a condition
holds. Its step and its condition are terms; loops come in order of the bits of all their terms, and
compiled code runs them on the examples (`loops.while_loops`). A loop that does not end there within
`MOST_STEPS` is dropped, and one that behaves as a cheaper one counts as the same.

A loop costs `LOOP` bits, two more than a fold, and the bits of its terms.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.compiled.packing import BOOL_KIND, INT_KIND
from dlcompare.synthesis.dsl.holes import Scheme
from dlcompare.synthesis.dsl.loops import DIGITS, FINAL, FIRST, SECOND, TRACE
from dlcompare.synthesis.dsl.primitives.primitive import INTS, LONGEST
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.loop_terms import LoopTerms, StepTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import INT

__all__ = ["LOOP", "MOST_STEPS", "Loops", "loop_of", "loops_over_one", "loops_over_two"]

LOOP = 5
"""Bits of a loop, in addition to those of its terms."""

_STARTS = {0: 3, 1: 3, 2: 4}
"""Constants at which loops start, with their costs in bits."""

_CANDIDATES, _SHARE = 75_000, 20
"""The most candidates of the first stage, and the part of the budget that later ones may take."""

_ROWS = 12
MOST_STEPS = 256
"""The most steps of a loop on an example; a list of more than `LONGEST` states is no column."""

_ROOM = 4096
"""Loops found before their columns are made."""

_CONDITIONS = (7, 9, 12, 15)
"""Bits that conditions count as: those of at most 7 bits as 7, then those of at most 9 as 9."""


@dataclass(frozen=True)
class Loop:
    """A loop that ends on all rows, with what it does there."""

    starts: tuple[Expression, ...]
    more: Expression
    steps: tuple[Expression, ...]
    first: npt.NDArray[np.int32]  # (rows, variables)
    last: npt.NDArray[np.int32]  # (rows, variables)
    lengths: npt.NDArray[np.int64]  # (rows,)
    states: int  # their hash
    bits: int


def loops_over_one(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the traces, last states and digits of loops over one variable.

    Parameters
    ----------
    problem : SearchProblem
        The problem, whose budget pays for each loop tried.
    rows : list of Row
        The examples on which loops are run.
    stage : int
        The stage; later ones try more loops.
    """
    names = _fresh(problem, ("state", "trace", "digits"))
    state, trace, digits = names
    loops = Loops(problem, rows, (state,), stage > 0)
    bound = (("state", state),)
    for loop, columns in loops.behaviours():
        start, (step,) = loop.starts[0], loop.steps
        parts = (start, loop.more, step)
        if "trace" in columns and loop.lengths.max() <= LONGEST:
            recursion = loop_of(TRACE, (("trace", trace), *bound), parts)
            yield Draft("trace", INTS, loop.bits, recursion)
            match step:
                case Apply(primitive, (Variable(name), by)) if (
                    primitive.name == "divide" and name == state
                ):
                    modulo = problem.grammar.primitive("modulo", INT, INT)
                    if modulo is not None:
                        digit = Apply(modulo, (Variable(state), by))
                        recursion = loop_of(
                            DIGITS, (("digits", digits), *bound), (start, loop.more, digit, step)
                        )
                        yield Draft("digits", INTS, loop.bits + modulo.cost + 1, recursion)
        if 0 in columns:
            yield Draft("state", INT, loop.bits, loop_of(FINAL, bound, parts))


def loops_over_two(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the last values of two variables that a loop changes together.

    The parameters are those of `loops_over_one`.
    """
    names = _fresh(problem, ("a", "b"))
    loops = Loops(problem, rows, names, stage > 0)
    bound = tuple(zip(("a", "b"), names, strict=True))
    for loop, columns in loops.behaviours():
        for place, scheme in enumerate((FIRST, SECOND)):
            if place in columns:
                parts = (*loop.starts, loop.more, *loop.steps)
                yield Draft("ab"[place], INT, loop.bits, loop_of(scheme, bound, parts))


def _fresh(problem: SearchProblem, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return fresh_names({*problem.names, problem.signature.name}, wanted)


def loop_of(
    scheme: Scheme, names: tuple[tuple[str, str], ...], parts: tuple[Expression, ...]
) -> Recursion:
    """Return a loop without sources, from the names it binds and the terms in its holes."""
    return Recursion(scheme, names, (), parts)


class Loops:
    """The loops over some variables, in order of the bits of their terms.

    Parameters
    ----------
    problem : SearchProblem
        The problem, whose budget pays for each loop tried.
    rows : list of Row
        The examples; the loops run on the shortest.
    names : tuple of str
        The variables that the loop changes.
    later : bool
        Whether this is not the first stage.
    """

    constants: Mapping[int, int] = _STARTS

    def __init__(
        self, problem: SearchProblem, rows: list[Row], names: tuple[str, ...], later: bool
    ) -> None:
        self.problem, self.names, self.most_steps = problem, names, MOST_STEPS
        self.budget, self.grammar = problem.budget, problem.grammar
        self.language = problem.grammar.language
        self.rows = sorted(rows, key=lambda row: len(str(row)))[:_ROWS]
        self.left = self.budget.candidates // _SHARE if later else _CANDIDATES
        self.left = min(self.left, self.budget.left)
        self.integers = [place for place, type_ in enumerate(problem.types) if type_ == INT]
        self.steps: StepTerms = LoopTerms(self, INT_KIND, (1,))
        self.tests: tuple[LoopTerms, ...] = (
            LoopTerms(self, BOOL_KIND, (-1, 0, 1)),
            LoopTerms(self, BOOL_KIND, (1,), True),
        )

    def behaviours(self) -> Iterator[tuple[Loop, set[int | str]]]:
        """Yield loops with the columns that they add: ``"trace"``, and the places of variables."""
        if not self.integers:
            return
        seen: set[int | bytes] = set()
        known = [np.array([row[place] for row in self.rows]) for place in self.integers]
        for loop in self:
            columns: set[int | str] = set()
            moved = (loop.last - loop.first)[:, 0]
            unit = (moved == loop.lengths).all() or (moved == -loop.lengths).all()
            if loop.states not in seen and not unit:
                columns.add("trace")
            seen.add(loop.states)
            for place, values in enumerate(loop.last.T):
                key = values.tobytes()
                near = any(np.ptp(values - column) == 0 for column in (0, *known))
                if key not in seen and not near:
                    columns.add(place)
                seen.add(key)
            if columns:
                yield loop, columns

    def __iter__(self) -> Iterator[Loop]:
        most = len(self.names) * (self.steps.dearest + max(_STARTS.values())) + max(_CONDITIONS)
        for bits in range(1, most + 1):
            for (starts, price), run in self.runs.items():
                for least, test in zip((0, *_CONDITIONS), _CONDITIONS, strict=False):
                    steps = self._steps(bits - price - test)
                    for tests in self.tests if len(steps) else ():
                        levels = [tests.level(each) for each in range(least + 1, test + 1)]
                        conditions = np.concatenate(levels)
                        if len(conditions):
                            yield from self._run(run, starts, steps, tests, conditions, bits)
                        if self.left <= 0:
                            return

    @cached_property
    def runs(self) -> dict[tuple[tuple[Expression, ...], int], Any]:
        """Return the memory of the kernel for each start with its bits, cheapest first."""
        single: list[tuple[Expression, int]] = [
            (Variable(self.problem.names[place]), 1) for place in self.integers
        ]
        single += [(Constant(value), cost) for value, cost in self.constants.items()]
        starts: list[tuple[tuple[Expression, ...], int]]
        starts = [((each,), cost) for each, cost in single]
        for _ in self.names[1:]:
            starts = [
                ((*some, each), price + cost)
                for some, price in starts
                for each, cost in single
                if each not in some
            ]
        return {start: self._memory(start[0]) for start in sorted(starts, key=lambda its: its[1])}

    def _memory(self, starts: tuple[Expression, ...]) -> Any:
        kernels, rows = self.steps.bank.kernels, len(self.rows)
        parameters = np.array([[row[p] for p in self.integers] for row in self.rows], np.int32)
        places = {self.problem.names[place]: at for at, place in enumerate(self.integers)}
        columns = [
            np.full(rows, each.value, np.int32)
            if isinstance(each, Constant)
            else parameters[:, places[each.name]]
            for each in starts
            if isinstance(each, Constant | Variable)
        ]
        larger = self.language.operations[self.language.named("larger")[0]].number
        return kernels.Loops(
            np.ascontiguousarray(np.array(columns).T),
            parameters,
            np.zeros((len(starts), kernels.DEEPEST, 4), np.int64),
            np.zeros((rows, self.most_steps + 1, len(starts)), np.int32),
            np.zeros(rows, np.int64),
            np.zeros(1 << 16, np.uint64),
            larger,
        )

    def _steps(self, bits: int) -> Terms:
        """Return the steps of all variables together that cost some bits. Shape (steps, names)."""
        if len(self.names) == 1:
            return self.steps.level(bits if bits <= self.steps.dearest else 0)[:, np.newaxis]
        found = []
        for share in range(max(1, bits - self.steps.dearest), min(bits, self.steps.dearest + 1)):
            one, other = self.steps.level(share), self.steps.level(bits - share)
            if len(one) and len(other):
                found.append(np.stack(np.meshgrid(one, other), -1).reshape(-1, 2))
        return np.concatenate(found) if found else np.zeros((0, 2), np.int64)

    def _run(
        self,
        loops: Any,
        starts: tuple[Expression, ...],
        steps: Terms,
        tests: LoopTerms,
        conditions: Terms,
        bits: int,
    ) -> Iterator[Loop]:
        rows, names = loops.starts.shape
        room = max(_ROOM, len(conditions))
        kernels = self.steps.bank.kernels
        together = max(1, _ROOM // len(conditions))
        for begin in range(0, len(steps), together):
            found = self._found(room, rows, names)
            part = np.ascontiguousarray(steps[begin : begin + together])
            progress = np.zeros(3, np.int64)
            kernels.try_loops(
                self.steps.packed, part, tests.packed, conditions, self.steps.body,
                self.steps.functions, loops, found, progress,
            )  # fmt: skip
            self.budget.spent += min(int(progress[1]), self.budget.left)
            self.left -= int(progress[1])
            self.budget.check()
            for at in range(int(progress[2])):
                step, which = found.loops[at]
                yield Loop(
                    starts,
                    tests.expression(int(conditions[which])),
                    tuple(self.steps.expression(int(each)) for each in part[step]),
                    loops.starts,
                    found.last[at].copy(),
                    found.lengths[at].copy(),
                    int(found.hashes[at]),
                    LOOP + bits,
                )
            if self.left <= 0:
                return

    def _found(self, room: int, rows: int, names: int) -> Any:
        return self.steps.bank.kernels.FoundLoops(
            np.empty((room, 2), np.int64),
            np.empty(room, np.uint64),
            np.empty((room, rows), np.int64),
            np.empty((room, rows, names), np.int32),
        )
