"""The search: programs in order of cost, over all shapes at once, until one answers the examples.

Two searches advance in step: terms over the parameters, and folds with a synthesized body. Both
look at a few of the examples; a program that answers these is run on all, and the first example it
gets wrong is taken up.
"""

from collections.abc import Iterator
from typing import Protocol

from dlcompare.synthesis.bank import Budget, BudgetSpentError, Scope, ScopeVariable, TermBank
from dlcompare.synthesis.grammar import Grammar
from dlcompare.synthesis.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.packing import KINDS, fits
from dlcompare.synthesis.program import Program, fresh_names
from dlcompare.synthesis.recursion import FoldSearch, examples_as_rows
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import Value

__all__ = ["search"]

MAX_COST = 60
_ROWS = 10


class _Search(Protocol):
    def advance(self, cost: int) -> Iterator[Program]: ...
    def reject(self, row: tuple[Value, ...]) -> None: ...


class TermSearch:
    """Programs that are one term over the parameters, in order of cost."""

    def __init__(
        self, signature: Signature, examples: Examples, grammar: Grammar, budget: Budget
    ) -> None:
        self.signature = signature
        self.grammar = grammar
        self.budget = budget
        rows = examples_as_rows(examples)
        rows.sort(key=lambda row: len(str(row)))
        # Evenly over the sizes, so that neither the trivial nor the large ones rule.
        step = max(1, len(rows) // _ROWS)
        self.rows = rows[::step][:_ROWS]
        self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the rows, cheapest first."""
        while self.reached < cost:
            generation = self.generation
            for _, _, met in self.bank.level(self.reached + 1):
                if met is not None:
                    expression = term_expression(self.bank, met, self.functions)
                    yield Program(self.signature, expression, self.reached + 1)
                    if self.generation != generation:
                        break
            else:
                self.reached += 1

    def reject(self, row: tuple[Value, ...]) -> None:
        """Take up an example (parameters, then output) that the last program gets wrong."""
        self.rows.append(row)
        self._build()

    def _build(self) -> None:
        self.generation = getattr(self, "generation", 0) + 1
        self.reached = 0
        *columns, outputs = zip(*self.rows, strict=True)
        scope = Scope(
            tuple(
                ScopeVariable(name, KINDS[type_], self.grammar.variable, tuple(column))
                for (name, type_), column in zip(self.signature.parameters, columns, strict=True)
            )
        )
        taken = {name for name, _ in self.signature.parameters}
        (parameter,) = fresh_names(taken, ("y",))
        self.functions = FunctionBodies(scope, self.grammar.ops, parameter, self.budget)
        goal = (KINDS[self.signature.result], outputs)
        self.bank = TermBank(scope, self.grammar.ops, self.functions.pool, self.budget, goal)


def search(signature: Signature, examples: Examples, grammar: Grammar, budget: Budget) -> Program:
    """The cheapest program found that answers every example.

    Parameters
    ----------
    signature : Signature
        Of the program.
    examples : Examples
        All must be answered.
    grammar : Grammar
        What programs are made of.
    budget : Budget
        What the search may use; ``budget.spent`` counts what it did.

    Raises
    ------
    NoProgramError
        If the types have no packed form, or the budget is spent first.
    """
    for name, type_ in (*signature.parameters, ("the result", signature.result)):
        if type_ not in KINDS:
            raise NoProgramError(
                f"the search has no primitives on {type_}, the type of {name}; it covers "
                "int, bool and list[int]"
            )
    packed = _packable(examples)
    if not len(packed):
        raise NoProgramError("every example is too large for the packed form of the search")
    packed_rows = examples_as_rows(packed)
    searches: list[_Search] = [
        TermSearch(signature, packed, grammar, budget),
        FoldSearch(signature, packed, grammar, budget),
    ]
    try:
        for cost in range(1, MAX_COST + 1):
            for each in searches:
                for program in each.advance(cost):
                    wrong = _first_wrong(program, examples)
                    if wrong is None:
                        return program
                    if wrong in packed_rows:
                        each.reject(wrong)
    except BudgetSpentError as spent:
        raise NoProgramError(f"no program answers all examples within {spent}") from None
    raise NoProgramError(f"no program of at most {MAX_COST} bits answers all examples")


def _packable(examples: Examples) -> Examples:
    names = list(examples.inputs)
    kept = [
        (row, output)
        for row, output in zip(examples.rows(), examples.outputs, strict=True)
        if all(map(fits, (*row.values(), output)))
    ]
    return Examples.from_rows(names, [row for row, _ in kept], [output for _, output in kept])


def _first_wrong(program: Program, examples: Examples) -> tuple[Value, ...] | None:
    """The first example that a program gets wrong, or None."""
    function = program.compile()
    for row, output in zip(examples.rows(), examples.outputs, strict=True):
        try:
            if function(**row) == output:
                continue
        except Exception:  # whatever Python raises: the program is undefined there
            pass
        return (*row.values(), output)
    return None
