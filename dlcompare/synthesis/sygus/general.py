"""Problems that are not pointwise: several functions, or one applied to several operands at once.

Terms are tried in order of total size, first at the points where earlier ones failed, then by z3.
Observational equivalence is over the operands of the calls at these points.
"""

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.outcome import Infeasible
from dlcompare.synthesis.sygus.pool import PooledTerm, TermPool, build, compositions
from dlcompare.synthesis.sygus.specification import Specification, executable
from dlcompare.synthesis.sygus.syntax import Definition, SygusGrammar, Term, Value
from dlcompare.synthesis.sygus.verification import (
    Point,
    UndecidedError,
    find_counterexample,
    refutes,
)

__all__ = ["solve_general"]

Places = dict[tuple[Value, ...], None]


def _recorded(run: Callable[..., Value], places: Places) -> Callable[..., Value]:
    def call(*args: Value) -> Value:
        places.setdefault(args)
        return run(*args)

    return call


class _GeneralSearch:
    def __init__(
        self,
        specification: Specification,
        grammars: Sequence[SygusGrammar],
        constants: Sequence[Term],
        deadline: float,
    ) -> None:
        self.specification, self.problem = specification, specification.problem
        self.grammars, self.constants, self.deadline = grammars, constants, deadline
        self.points: list[Point] = [specification.first_point()]
        zero: dict[str, Value] = {"Bool": False, "String": "", "Int": 0, "BitVec": 0}
        self.places: list[Places] = [
            {tuple(zero[sort.name] for _, sort in f.params): None} for f in self.problem.functions
        ]

    def banks(self) -> list[TermPool]:
        return [
            TermPool(
                grammar,
                [name for name, _ in function.params],
                list(places),
                self.problem.definitions,
                self.constants,
                deadline=self.deadline,
            )
            for grammar, function, places in zip(
                self.grammars, self.problem.functions, self.places, strict=True
            )
        ]

    def candidates(self) -> Iterator[tuple[PooledTerm, ...]]:
        """Yield tuples of terms in order of total size, until all are exhausted."""
        banks = self.banks()
        for total in itertools.count(len(banks)):
            for bank in banks:
                for _ in bank.grow():
                    pass
            starts = [bank.levels[bank.grammar.start] for bank in banks]
            for sizes in compositions(total, len(banks)):
                if time.monotonic() > self.deadline:
                    raise OutOfTimeError
                chosen = [levels[s] for levels, s in zip(starts, sizes, strict=True)]
                yield from itertools.product(*chosen)
            largest = sum(bank.last_new for bank in banks)
            if all(bank.saturated for bank in banks) and total > largest:
                if not all(bank.complete for bank in banks) or self.specification.nested:
                    raise UndecidedError("the terms that were tried do not suffice")
                return

    def functions(self, answers: Sequence[Definition]) -> list[Callable[..., Any]]:
        return [
            _recorded(executable(answer, self.problem.definitions), places)
            for answer, places in zip(answers, self.places, strict=True)
        ]

    def run(self) -> tuple[Definition, ...]:
        if refutes(self.problem, self.points):
            raise Infeasible("the constraints contradict one another")
        tried = 0
        while True:
            known = [len(places) for places in self.places]
            for entries in self.candidates():
                answers = tuple(
                    Definition(f.name, f.params, f.sort, build(entry))
                    for f, entry in zip(self.problem.functions, entries, strict=True)
                )
                tried += 1
                if tried % 256 == 0 and time.monotonic() > self.deadline:
                    raise OutOfTimeError
                runs = self.functions(answers)
                if all(self.specification.holds_at(point, runs) for point in self.points):
                    point = find_counterexample(self.problem, answers, self.deadline)
                    if point is None:
                        return answers
                    if self.specification.holds_at(point, runs):
                        raise UndecidedError("z3's counterexample is wrong")
                    self.points.append(point)
                    if refutes(self.problem, self.points):
                        raise Infeasible("the constraints contradict one another")
                if [len(places) for places in self.places] != known:
                    break  # behaviours must be told apart at more places
            else:
                if any(f.grammar is None for f in self.problem.functions):
                    raise UndecidedError("the terms that were tried do not suffice")
                raise Infeasible("no terms of the grammars are right at all points tried")


def solve_general(
    specification: Specification,
    grammars: Sequence[SygusGrammar],
    constants: Sequence[Term],
    deadline: float = math.inf,
) -> tuple[Definition, ...]:
    """Return functions that solve a problem.

    Parameters
    ----------
    specification : Specification
    grammars : sequence of SygusGrammar
        One per function.
    constants : sequence of Term
        The terms for ``(Constant S)``.
    deadline : float
        The `time.monotonic`, in seconds, at which the search stops.

    Raises
    ------
    Infeasible
        If there provably are none.
    UndecidedError, OutOfTimeError
        If neither outcome is reached.
    """
    return _GeneralSearch(specification, grammars, constants, deadline).run()
