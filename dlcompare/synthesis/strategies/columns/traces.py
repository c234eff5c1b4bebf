"""Columns from loops over integers: their states, their last state, and digits.

A loop starts at parameters or small constants and changes one or two variables while a condition
holds. Its step and its condition are terms; loops come in order of the bits of all their terms, and
compiled code runs them on the examples (`loops.while_loops`). A loop that does not end there within
`_MOST_STEPS` is dropped, and one that behaves as a cheaper one counts as the same.

A loop costs `_LOOP` bits, two more than a fold, and the bits of its terms.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import term_expression
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, ScopeVariable, Terms
from dlcompare.synthesis.compiled.packing import BOOL_KIND, INT_KIND, SLOT, fits
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
    walk,
)
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["loops_over_one", "loops_over_two"]

_LOOP = 5
"""Bits of a loop, in addition to those of its terms."""

_STARTS = {0: 3, 1: 3, 2: 4}
"""Constants at which loops start, with their costs in bits."""

_CONSTANT = 4
"""Bits of an integer in a step, where a dozen integers are equally likely."""

_CANDIDATES, _SHARE = 75_000, 20
"""The most candidates of the first stage, and the part of the budget that later ones may take."""

_ROWS = 12
_CONTEXTS = 4
"""Values of the variables for each row, on which terms are compared."""

_MOST_STEPS = 256
"""The most steps of a loop on an example; a list of more than `LONGEST` states is no column."""

_ROOM = 4096
"""Loops found before their columns are made."""

_DEAREST_STEP = 13
"""The most bits of the next value of a variable."""

_CONDITIONS = (7, 9, 12, 15)
"""Bits that conditions count as: those of at most 7 bits as 7, then those of at most 9 as 9."""

_DIVIDING = ("divide", "modulo")


@dataclass(frozen=True)
class _Loop:
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
    loops = _Loops(problem, rows, (state,), stage > 0)
    bound = (("state", state),)
    for loop, columns in loops.behaviours():
        start, (step,) = loop.starts[0], loop.steps
        parts = (start, loop.more, step)
        if "trace" in columns and loop.lengths.max() <= LONGEST:
            recursion = _recursion(TRACE, (("trace", trace), *bound), parts)
            yield Draft("trace", INTS, loop.bits, recursion)
            match step:
                case Apply(primitive, (Variable(name), by)) if (
                    primitive.name == "divide" and name == state
                ):
                    modulo = problem.grammar.primitive("modulo", INT, INT)
                    if modulo is not None:
                        digit = Apply(modulo, (Variable(state), by))
                        recursion = _recursion(
                            DIGITS, (("digits", digits), *bound), (start, loop.more, digit, step)
                        )
                        yield Draft("digits", INTS, loop.bits + modulo.cost + 1, recursion)
        if 0 in columns:
            yield Draft("state", INT, loop.bits, _recursion(FINAL, bound, parts))


def loops_over_two(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the last values of two variables that a loop changes together.

    The parameters are those of `loops_over_one`.
    """
    names = _fresh(problem, ("a", "b"))
    loops = _Loops(problem, rows, names, stage > 0)
    bound = tuple(zip(("a", "b"), names, strict=True))
    for loop, columns in loops.behaviours():
        for place, scheme in enumerate((FIRST, SECOND)):
            if place in columns:
                parts = (*loop.starts, loop.more, *loop.steps)
                yield Draft("ab"[place], INT, loop.bits, _recursion(scheme, bound, parts))


def _fresh(problem: SearchProblem, wanted: tuple[str, ...]) -> tuple[str, ...]:
    return fresh_names({*problem.names, problem.signature.name}, wanted)


def _recursion(
    scheme: Scheme, names: tuple[tuple[str, str], ...], parts: tuple[Expression, ...]
) -> Recursion:
    return Recursion(scheme, names, (), parts)


class _Loops:
    """The loops over some variables, in order of the bits of their terms."""

    def __init__(
        self, problem: SearchProblem, rows: list[Row], names: tuple[str, ...], later: bool
    ) -> None:
        self.problem, self.names = problem, names
        self.budget, self.grammar = problem.budget, problem.grammar
        self.language = problem.grammar.language
        self.rows = sorted(rows, key=lambda row: len(str(row)))[:_ROWS]
        self.left = self.budget.candidates // _SHARE if later else _CANDIDATES
        self.left = min(self.left, self.budget.candidates - self.budget.spent)
        self.integers = [place for place, type_ in enumerate(problem.types) if type_ == INT]
        self.steps = _LoopTerms(self, INT_KIND, (1,))
        self.tests = (
            _LoopTerms(self, BOOL_KIND, (-1, 0, 1)),
            _LoopTerms(self, BOOL_KIND, (1,), True),
        )

    def behaviours(self) -> Iterator[tuple[_Loop, set[int | str]]]:
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

    def __iter__(self) -> Iterator[_Loop]:
        most = len(self.names) * (_DEAREST_STEP + max(_STARTS.values())) + max(_CONDITIONS)
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
        single += [(Constant(value), cost) for value, cost in _STARTS.items()]
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
            np.zeros((rows, _MOST_STEPS + 1, len(starts)), np.int32),
            np.zeros(rows, np.int64),
            np.zeros(1 << 16, np.uint64),
            larger,
        )

    def _steps(self, bits: int) -> Terms:
        """Return the steps of all variables together that cost some bits. Shape (steps, names)."""
        if len(self.names) == 1:
            within = 0 < bits <= _DEAREST_STEP
            return self.steps.level(bits if within else 0)[:, np.newaxis]
        found = []
        for share in range(max(1, bits - _DEAREST_STEP), min(bits, _DEAREST_STEP + 1)):
            one, other = self.steps.level(share), self.steps.level(bits - share)
            if len(one) and len(other):
                found.append(np.stack(np.meshgrid(one, other), -1).reshape(-1, 2))
        return np.concatenate(found) if found else np.zeros((0, 2), np.int64)

    def _run(
        self,
        loops: Any,
        starts: tuple[Expression, ...],
        steps: Terms,
        tests: "_LoopTerms",
        conditions: Terms,
        bits: int,
    ) -> Iterator[_Loop]:
        rows, names = loops.starts.shape
        room = max(_ROOM, len(conditions))
        kernels, bank = self.steps.bank.kernels, self.steps.bank
        together = max(1, _ROOM // len(conditions))
        for begin in range(0, len(steps), together):
            found = self._found(room, rows, names)
            part = np.ascontiguousarray(steps[begin : begin + together])
            progress = np.zeros(3, np.int64)
            kernels.try_loops(
                bank.packed, part, tests.bank.packed, conditions, self.steps.body,
                self.steps.functions, loops, found, progress,
            )  # fmt: skip
            self.budget.spent += int(progress[1])
            self.left -= int(progress[1])
            self.budget.check()
            for at in range(int(progress[2])):
                step, which = found.loops[at]
                yield _Loop(
                    starts,
                    term_expression(tests.bank, int(conditions[which]), None),
                    tuple(term_expression(bank, int(each), None) for each in part[step]),
                    loops.starts,
                    found.last[at].copy(),
                    found.lengths[at].copy(),
                    int(found.hashes[at]),
                    _LOOP + bits,
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


class _LoopTerms:
    """The terms for one hole of the loops, by cost; each uses a variable of the loop.

    Parameters
    ----------
    loops : _Loops
        The loops.
    kind : int
        The kind of the terms.
    near : sequence of int
        The smallest values of the variables on which terms are compared; with a zero, terms that
        divide by a variable are undefined.
    dividing : bool
        Whether to keep only terms that divide by a variable.
    """

    def __init__(
        self, loops: _Loops, kind: int, near: Sequence[int], dividing: bool = False
    ) -> None:
        self.kind, self.dividing = kind, dividing
        self.names = loops.names
        self.by_cost: dict[int, Terms] = {0: np.zeros(0, np.int64)}
        self.reached = 0
        problem, language = loops.problem, loops.language
        contexts = _contexts(loops, near)
        columns = list(zip(*contexts, strict=True))
        names = (*loops.names, *(problem.names[place] for place in loops.integers))
        variables = tuple(
            ScopeVariable(Variable(name), INT, 1, column)
            for name, column in zip(names, columns, strict=False)
        )
        constants = constant_variables(
            {
                key: _CONSTANT if kind == INT_KIND else cost
                for key, cost in problem.constants.items()
                if key[0] == INT
            },
            len(contexts),
        )
        scope = Scope((*variables, *constants))
        operations = language.operations
        ops = [
            op
            for op in problem.grammar.ops
            if {*operations[op].parameters, operations[op].result} <= {INT, BOOL}
        ]
        pool = FunctionPool(language, Scope(()))
        self.bank = TermBank(language, scope, ops, pool, loops.budget)
        self.uses = np.zeros(0, np.int64)
        kernels = self.bank.kernels
        self.body = kernels.Body(
            language.kinds,
            language.numbers,
            np.zeros(len(scope.variables), np.int64),
            np.zeros((kernels.DEEPEST, 4), np.int64),
            np.zeros(kernels.DEEPEST + 1, np.int64),
            np.zeros((len(scope.variables) + kernels.DEEPEST, SLOT), np.int32),
        )
        for place, variable in enumerate(constants, len(variables)):
            self.body.slots[place, 0] = variable.values[0]
        self.functions = pool.untabulated(self.body.slots)

    def level(self, cost: int) -> Terms:
        """Return the terms of a cost."""
        while self.reached < cost:
            self.reached += 1
            found = [terms for kind, terms in self._enumerated() if kind == self.kind]
            self.by_cost[self.reached] = np.concatenate([np.zeros(0, np.int64), *found])
        return self.by_cost[cost]

    def _enumerated(self) -> Iterator[tuple[int, Terms]]:
        for kind, terms, _ in self.bank.level(self.reached):
            packed = self.bank.packed
            if len(self.uses) < len(packed.ops):
                self.uses = np.append(self.uses, np.zeros(len(packed.ops) - len(self.uses), int))
            kinds, size = self.bank.language.kinds, len(self.names)
            self.bank.kernels.uses_parameters(packed, kinds, terms, size, self.uses)
            chosen = terms[self.uses[terms] > 0]
            if self.dividing and kind == self.kind:
                kept = [term for term in chosen.tolist() if self._divides(term)]
                chosen = np.array(kept, np.int64)
            yield kind, chosen

    def _divides(self, term: int) -> bool:
        """Return whether a term divides by something with a variable of the loop."""
        return any(
            isinstance(part, Apply)
            and part.primitive.name in _DIVIDING
            and any(
                isinstance(each, Variable) and each.name in self.names
                for each in walk(part.arguments[1])
            )
            for part in walk(term_expression(self.bank, term, None))
        )


def _contexts(loops: _Loops, near: Sequence[int]) -> list[tuple[Value, ...]]:
    """Return values of the variables, and of the parameters that are integers, on each row."""
    rng = np.random.default_rng(0)
    found = []
    for row in loops.rows:
        integers = [row[place] for place in loops.integers]
        large = [v // by + more for v in integers for by in (1, 2, 10) for more in (0, 1)]
        values = [v for v in (*near, 2, 3, 5, *large) if v >= near[0] and fits(v, INT)]
        if near[0] > 0 and 0 in integers:
            continue  # a term that divides by a parameter would be undefined
        for _ in range(_CONTEXTS):
            states = [values[int(rng.integers(len(values)))] for _ in loops.names]
            found.append((*states, *integers))
    distinct = list(dict.fromkeys(found))
    return distinct or [(*(1,) * len(loops.names), *(1,) * len(loops.integers))]
