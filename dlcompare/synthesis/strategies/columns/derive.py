"""The columns of a problem: from all sources, cheapest first, one per behaviour."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import zip_longest

from dlcompare.synthesis.dsl.program import fresh_names
from dlcompare.synthesis.strategies.columns.aggregates import comprehensions
from dlcompare.synthesis.strategies.columns.choice_loops import choice_loops
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.edge_lists import graphs
from dlcompare.synthesis.strategies.columns.least_values import least_values
from dlcompare.synthesis.strategies.columns.neighbours import neighbours
from dlcompare.synthesis.strategies.columns.numerals import numerals
from dlcompare.synthesis.strategies.columns.positions import segmentations
from dlcompare.synthesis.strategies.columns.reductions import reductions
from dlcompare.synthesis.strategies.columns.traces import loops_over_one, loops_over_two
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem

__all__ = ["SOURCES", "Source", "derive"]

_ROWS = 16
"""The examples on which columns are compared for observational equivalence."""

_MOST = 240
"""The most columns that a source adds at a time."""

_FIRST = 6
"""The cost, in bits, of the first column."""


Source = Callable[[SearchProblem, list[Row], int], Iterator[Draft]]
"""Yields drafts, cheapest first, given some examples and the number of the stage, from 0."""

SOURCES: tuple[Source, ...] = (
    comprehensions,
    numerals,
    loops_over_one,
    loops_over_two,
    choice_loops,
    least_values,
    neighbours,
    graphs,
    reductions,
    segmentations,
)


def derive(problem: SearchProblem, stage: int) -> int:
    """Add the columns of a stage to a problem; return how many are new.

    Each source spends at most its share of the candidates, and adds at most `_MOST` columns. The
    behaviours that the sources find, in turn, are numbered, and to the search a column costs the
    bits of its number: far less than its description, since most computations have the behaviour
    of a cheaper one.
    """
    ordered = sorted(problem.rows, key=lambda row: len(str(row)))
    rows = ordered[:: max(1, len(ordered) // _ROWS)][:_ROWS]
    inputs = [row[:-1] for row in rows]
    taken = {*problem.names, problem.signature.name, *(column.name for column in problem.columns)}
    seen = {repr(values) for values in zip(*inputs, strict=True)}
    seen |= {repr(column.on(inputs)) for column in problem.columns}
    known, parameters = len(problem.columns), problem.signature.parameters
    found: list[list[Column]] = []
    for source in SOURCES:
        found.append([])
        for draft in source(problem, rows, stage):
            (name,) = fresh_names(taken, (draft.stem,))
            column = Column(name, draft.type, draft.bits, 0, draft.value, parameters)
            values = column.on(inputs)
            if values is None or repr(values) in seen:
                continue
            seen.add(repr(values))
            taken.add(name)
            found[-1].append(column)
            if len(found[-1]) == _MOST:
                break
    new = [column for turn in zip_longest(*found) for column in turn if column is not None]
    for number, column in enumerate(new, known + 1):
        cost = min(column.bits, _FIRST + number.bit_length() - 1)
        problem.columns.append(replace(column, cost=cost))
    return len(new)
