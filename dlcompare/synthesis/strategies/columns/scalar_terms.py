"""First-order terms with scalar values over some variables, with the variables that each uses."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.bank.lambdas import body_ops, term_expression
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, ScopeVariable, Terms
from dlcompare.synthesis.dsl.program import Expression
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.types import INT, Type, Value

__all__ = ["MOST_VARIABLES", "ScalarTerms"]

MOST_VARIABLES = 60
"""The most variables whose uses are told apart; they are the bits of an integer."""


class ScalarTerms:
    """The terms over some variables and the integer constants of a problem, by cost.

    Parameters
    ----------
    problem : SearchProblem
        Supplies the language and the constants.
    variables : sequence of ScopeVariable
        At least one, all on the same rows.
    budget : SearchBudget
        Pays for the candidates.
    """

    def __init__(
        self, problem: SearchProblem, variables: Sequence[ScopeVariable], budget: SearchBudget
    ) -> None:
        constants = constant_variables(problem.constants, len(variables[0].values))
        scope = Scope((*variables, *(each for each in constants if each.type == INT)))
        self.language = problem.grammar.language
        ops = list(body_ops(self.language, problem.grammar.ops, listless=True))
        nothing = FunctionPool(self.language, Scope(()))
        self.bank = TermBank(self.language, scope, ops, nothing, budget)
        self.count = min(len(variables), MOST_VARIABLES)
        self.uses = np.zeros(0, np.int64)

    def level(self, cost: int) -> Iterator[tuple[int, Type, int]]:
        """Yield the terms of one cost; all cheaper ones must be done.

        Yields
        ------
        term : int
            The number of the term.
        type_ : Type
            The type of its value.
        uses : int
            The variables that it uses, as bits.
        """
        for type_, terms, uses in self.batches(cost):
            for term, used in zip(terms.tolist(), uses.tolist(), strict=True):
                yield term, type_, used

    def batches(self, cost: int) -> Iterator[tuple[Type, Terms, Terms]]:
        """Yield the terms of one cost as arrays: their type, their numbers and their uses."""
        for kind, terms, _ in self.bank.level(cost):
            packed = self.bank.packed
            if len(self.uses) < len(packed.ops):
                more = np.zeros(len(packed.ops) - len(self.uses), np.int64)
                self.uses = np.concatenate([self.uses, more])
            kinds = self.language.kinds
            self.bank.kernels.uses_parameters(packed, kinds, terms, self.count, self.uses)
            yield self.language.types[kind], terms, self.uses[terms]

    def table(self, terms: Terms) -> npt.NDArray[np.int32]:
        """Return the values of terms on the rows, truth values as 0 and 1. Shape (terms, rows)."""
        rows = self.bank.scope.rows
        found = np.empty((len(terms), rows), np.int32)
        starts = self.bank.packed.starts[terms]
        for segment in self.bank.segments:
            first = segment.ctypes.data
            here = (first <= starts) & (starts < first + segment.nbytes)
            places = (starts[here] - first) // segment.itemsize
            found[here] = segment[places[:, np.newaxis] + np.arange(rows)]
        return found

    def expression(self, term: int) -> Expression:
        """Return a term as an expression."""
        return term_expression(self.bank, term, None)

    def values(self, term: int, type_: Type) -> list[Value]:
        """Return the values of a term on the rows."""
        return self.bank.values(term, type_)
