"""The search: programs in order of cost, over all shapes at once, until one answers the examples.

Two searches advance in step: terms over the parameters, and folds with a synthesized body. Both
look at a few of the examples; a program that answers these is run on all, and the first example it
gets wrong is taken up.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol

from dlcompare.synthesis.bank import Budget, BudgetSpentError
from dlcompare.synthesis.grammar import Grammar
from dlcompare.synthesis.packing import fits
from dlcompare.synthesis.program import Program
from dlcompare.synthesis.recursion import FoldSearch, examples_as_rows
from dlcompare.synthesis.terms import TermSearch
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.progress import FitProgress, tell
from dlcompare.tasks.types import Value

__all__ = ["search"]

MAX_COST = 60


class _Search(Protocol):
    def advance(self, cost: int) -> Iterator[Program]: ...
    def reject(self, row: tuple[Value, ...]) -> None: ...


def search(
    signature: Signature,
    examples: Examples,
    grammar: Grammar,
    budget: Budget,
    specified: bool = False,
) -> Program:
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
    specified : bool
        Whether a specification stands behind the examples: then the program need not be shorter
        than they are.

    Raises
    ------
    NoProgramError
        If the types have no packed form, or the budget is spent first.
    """
    packed = _packable(signature, examples)
    if not len(packed):
        raise NoProgramError("every example is too large for the packed form of the search")
    columns = (*examples.inputs.values(), examples.outputs)
    table = MAX_COST + 1 if specified else sum(map(table_bits, columns))
    terms = TermSearch(signature, packed, grammar, budget)
    folds = FoldSearch(signature, packed, grammar, budget)
    packed_rows = examples_as_rows(packed)
    searches: list[_Search] = [terms, folds]
    limit = min(MAX_COST, table - 1)
    closest: str | None = None  # answered every example looked at when it was found
    try:
        for cost in range(1, limit + 1):
            tell(FitProgress(budget.spent, budget.candidates, "candidates", program=closest))
            for each in searches:
                for program in each.advance(cost):
                    wrong = _first_wrong(program, examples)
                    if wrong is None and program.cost < table:
                        return program
                    closest = program.text.dsl
                    if wrong in packed_rows:
                        each.reject(wrong)
        reason = f"no program of less than {limit + 1} bits answers all examples"
        if limit < MAX_COST:
            reason += "; the table of the examples takes no more"
    except BudgetSpentError as spent:
        reason = f"no program answers all examples within {spent}"
    choice = terms.best_choice()
    if choice is not None and choice.cost <= limit and _first_wrong(choice, examples) is None:
        return choice
    raise NoProgramError(reason)


def table_bits(values: Iterable[Value]) -> int:
    """The bits of a table of values: what a program must undercut to say anything.

    An integer takes its Elias gamma code and a sign, a list that of its length and its elements.

    Examples
    --------
    >>> table_bits([[], [0, 5]])
    11
    """
    return sum(_bits(value) for value in values)


def _bits(value: Value) -> int:
    if isinstance(value, bool):
        return 1
    if isinstance(value, list):
        return _gamma(len(value)) + table_bits(value)
    if isinstance(value, str):
        return _gamma(len(value)) + 7 * len(value)
    if isinstance(value, tuple):
        return table_bits(value)
    return _gamma(abs(value)) + int(value != 0)


def _gamma(number: int) -> int:
    return 2 * len(f"{number + 1:b}") - 1


def _packable(signature: Signature, examples: Examples) -> Examples:
    names = [name for name, _ in signature.parameters]
    types = [type_ for _, type_ in signature.parameters]
    kept = [
        (row, output)
        for row, output in zip(examples.rows(), examples.outputs, strict=True)
        if all(map(fits, (*row.values(), output), (*types, signature.result)))
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
