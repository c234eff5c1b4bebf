"""Terms for the steps and the conditions of loops over integers, by cost."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import term_expression
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, ScopeVariable, Terms
from dlcompare.synthesis.compiled.packing import BOOL_KIND, INT_KIND, SLOT, fits
from dlcompare.synthesis.dsl.program import Apply, Expression, Variable, walk
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["CONSTANT", "NO_TERMS", "LoopRows", "LoopTerms", "StepTerms"]

CONSTANT = 4
"""Bits of an integer in a step, where a dozen integers are equally likely."""

_CONTEXTS = 4
"""Values of the variables for each row, on which terms are compared."""

_DEAREST_STEP = 13
"""The most bits of the next value of a variable."""

_DIVIDING = ("divide", "modulo")

NO_TERMS: Terms = np.zeros(0, np.int64)


class LoopRows(Protocol):
    """The variables of a loop, and the examples on which it runs.

    Attributes
    ----------
    problem : SearchProblem
        The problem.
    names : tuple of str
        The variables that the loop changes.
    rows : list of Row
        The examples.
    integers : list of int
        The places of the int parameters.
    """

    problem: SearchProblem
    names: tuple[str, ...]
    rows: list[Row]
    integers: list[int]


class StepTerms(Protocol):
    """The steps of loops.

    Attributes
    ----------
    bank : TermBank
        The bank of the terms.
    body, functions
        The context of the terms, for the kernels.
    dearest : int
        The most bits of a step.
    """

    bank: TermBank
    body: Any
    functions: Any
    dearest: int

    @property
    def packed(self) -> Any:
        """Return the table of the terms, for the kernels."""
        ...

    def level(self, cost: int) -> Terms:
        """Return the terms of a cost."""
        ...

    def expression(self, term: int) -> Expression:
        """Return a term as an expression."""
        ...


class LoopTerms:
    """The terms for one hole of the loops, by cost; each uses a variable of the loop.

    Parameters
    ----------
    loops : LoopRows
        The variables and the examples.
    kind : int
        The kind of the terms.
    near : sequence of int
        The smallest values of the variables on which terms are compared; with a zero, terms that
        divide by a variable are undefined.
    dividing : bool
        Whether to keep only terms that divide by a variable.
    """

    def __init__(
        self, loops: LoopRows, kind: int, near: Sequence[int], dividing: bool = False
    ) -> None:
        self.kind, self.dividing, self.dearest = kind, dividing, _DEAREST_STEP
        self.names = loops.names
        self.by_cost: dict[tuple[int, int], Terms] = {}
        self.reached = 0
        problem, language = loops.problem, loops.problem.grammar.language
        contexts = _contexts(loops, near)
        columns = list(zip(*contexts, strict=True))
        names = (*loops.names, *(problem.names[place] for place in loops.integers))
        variables = tuple(
            ScopeVariable(Variable(name), INT, 1, column)
            for name, column in zip(names, columns, strict=False)
        )
        constants = constant_variables(
            {
                key: CONSTANT if kind == INT_KIND else cost
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
        self.bank = TermBank(language, scope, ops, pool, loops.problem.budget)
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

    @property
    def packed(self) -> Any:
        """Return the table of the terms, for the kernels."""
        return self.bank.packed

    def level(self, cost: int) -> Terms:
        """Return the terms of a cost."""
        return self.of(cost, self.kind)

    def of(self, cost: int, kind: int) -> Terms:
        """Return the terms of a cost and a kind."""
        while self.reached < cost:
            self.reached += 1
            found = list(self._enumerated())
            for each in (INT_KIND, BOOL_KIND):
                parts = [terms for which, terms in found if which == each]
                self.by_cost[self.reached, each] = np.concatenate([NO_TERMS, *parts])
        return self.by_cost.get((cost, kind), NO_TERMS)

    def expression(self, term: int) -> Expression:
        """Return a term as an expression."""
        return term_expression(self.bank, term, None)

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
            for part in walk(self.expression(term))
        )


def _contexts(loops: LoopRows, near: Sequence[int]) -> list[tuple[Value, ...]]:
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
