"""The columns of a problem: from all sources, cheapest first, one per behaviour."""

from collections.abc import Callable, Iterator

from dlcompare.synthesis.dsl.program import fresh_names
from dlcompare.synthesis.strategies.columns.column import Column, Draft
from dlcompare.synthesis.strategies.columns.traces import loops_over_one, loops_over_two
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem

__all__ = ["SOURCES", "Draft", "Source", "derive"]

_ROWS = 16
"""The examples on which columns are compared for observational equivalence."""

_MOST = 256
"""The most columns that a source adds at a time."""


Source = Callable[[SearchProblem, list[Row], int, int], Iterator[Draft]]
"""Yields drafts, given some examples, that cost more than one number of bits, at most another."""

SOURCES: tuple[Source, ...] = (loops_over_one, loops_over_two)


def derive(problem: SearchProblem, least: int, most: int) -> int:
    """Add the columns of more than `least` and at most `most` bits; return how many are new.

    Each source spends at most its share of the candidates, and adds at most `_MOST` columns.
    """
    known = sorted(problem.rows, key=lambda row: len(str(row)))
    rows = known[:: max(1, len(known) // _ROWS)][:_ROWS]
    inputs = [row[:-1] for row in rows]
    taken = {*problem.names, problem.signature.name, *(column.name for column in problem.columns)}
    seen = {repr(values) for values in zip(*inputs, strict=True)}
    seen |= {repr(column.on(inputs)) for column in problem.columns}
    before = len(problem.columns)
    for source in SOURCES:
        added = 0
        for draft in source(problem, rows, least, most):
            (name,) = fresh_names(taken, (draft.stem,))
            parameters = problem.signature.parameters
            column = Column(name, draft.type, draft.cost, draft.value, parameters)
            values = column.on(inputs)
            if values is None or repr(values) in seen:
                continue
            seen.add(repr(values))
            taken.add(name)
            problem.columns.append(column)
            added += 1
            if added == _MOST:
                break
    return len(problem.columns) - before
