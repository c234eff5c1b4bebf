"""Tables whose entries follow one rule: a term over the row, the column, and what stands there.

If every output is a list of rows of one length, every entry is an example of the rule. A transpose,
a rotation, a sum of two tables and a multiplication table are of the kind.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.primitives.primitive import BINARY, INTS, Primitive
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Lambda,
    Program,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Value, list_of

__all__ = ["EntrySearch"]

_TABLE = list_of(INTS)

_ROWS, _ENTRIES = 16, 500
"""The most examples, and entries of their outputs, on which rules are compared."""

_REACH = 18
"""The most bits of a rule."""

_BITS, _SIZE, _ELEMENT, _ENTRY, _TURNED = 10, 5, 4, 5, 1
"""Bits of a table, of one of its sizes, of an element of a list, of an entry of a table, and of an
index that counts from the end."""

_Index = tuple[int, bool]
"""Whether an index is that of the row (0) or of the column (1), and whether it counts from the end.
"""


@dataclass(frozen=True)
class _Size:
    """A number of rows or columns: as an expression, and in every example."""

    expression: Expression
    values: tuple[int, ...]


class EntrySearch:
    """Programs that are tables, in order of the cost of their rule.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; if outputs are no tables of integers, there are none.
    """

    def __init__(self, problem: SearchProblem) -> None:
        self.problem = problem
        self.reached = 0
        self.terms: ScalarTerms | None = None
        if problem.signature.result == _TABLE and all(map(_rectangular, problem.rows)):
            self.rows = sorted(problem.rows, key=lambda row: len(str(row)))[:_ROWS]
            taken = {*problem.names, problem.signature.name}
            self.names = fresh_names(taken, ("i", "j"))
            self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs with rules of at most this cost that give all entries."""
        while self.terms is not None and self.reached < min(cost, _REACH):
            self.reached += 1
            terms, level = self.terms, self.reached
            for term, type_, _ in terms.level(level):
                if type_ == INT and terms.values(term, INT) == self.wanted:
                    yield self._program(terms.expression(term), level)
                    if self.terms is not terms:
                        break

    def best(self) -> Iterator[Program]:
        """Yield nothing: rules that are partly right are not kept."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if self.terms is not None and row not in self.rows:
            self.rows.append(row)
            self._build()

    def _build(self) -> None:
        """Restart with the entries of the current examples."""
        self.reached, self.terms = 0, None
        outputs = [row[-1] for row in self.rows]
        self.heights = [size for size in self._sizes() if size.values == tuple(map(len, outputs))]
        full = [place for place, output in enumerate(outputs) if output]
        widths = {place: len(outputs[place][0]) for place in full}
        self.widths = [
            size
            for size in self._sizes()
            if all(size.values[place] == width for place, width in widths.items())
        ]
        self.places = [
            (place, i, j)
            for place in full
            for i in range(len(outputs[place]))
            for j in range(widths[place])
        ][:_ENTRIES]
        self.wanted: list[Value] = [outputs[place][i][j] for place, i, j in self.places]
        if self.heights and self.widths and len(set(self.wanted)) > 1:
            variables = list(self._variables())
            self.terms = ScalarTerms(self.problem, variables, self.problem.budget)

    def _sizes(self) -> Iterator[_Size]:
        """Yield the parameters that are numbers, and the lengths and widths of others."""
        for place, (name, type_) in enumerate(self.problem.signature.parameters):
            column = [row[place] for row in self.rows]
            if type_ == INT:
                yield _Size(Variable(name), tuple(column))
            elif type_.name == "list":
                of = (("xs", type_),)
                length = Primitive.outside("length", of, INT, _SIZE, "len(xs)")
                yield _Size(Apply(length, (Variable(name),)), tuple(map(len, column)))
            if type_ == _TABLE and all(column):
                width = Primitive.outside("width", of, INT, _SIZE, "len(xs[0])")
                yield _Size(Apply(width, (Variable(name),)), tuple(len(rows[0]) for rows in column))

    def _variables(self) -> Iterator[ScopeVariable]:
        """Yield row and column, numbers, and the elements and entries that stand there."""
        for name, at in zip(self.names, (1, 2), strict=True):
            yield ScopeVariable(Variable(name), INT, 1, tuple(place[at] for place in self.places))
        for parameter, (name, type_) in enumerate(self.problem.signature.parameters):
            column = [self.rows[place][parameter] for place, _, _ in self.places]
            if type_ in (INT, BOOL):
                yield ScopeVariable(Variable(name), type_, 1, tuple(column))
            elif type_ == INTS:
                yield from self._elements(name, column)
            elif type_ == _TABLE:
                yield from self._entries(name, column)

    def _elements(self, name: str, column: Sequence[list[int]]) -> Iterator[ScopeVariable]:
        """Yield the elements of a list at the row, and at the column."""
        of = (("xs", INTS), ("a", INT))
        for index in product((0, 1), (False, True)):
            found = [_at(xs, index, place) for xs, place in zip(column, self.places, strict=True)]
            if None not in found:
                python = "xs[-1 - a]" if index[1] else "xs[a]"
                element = Primitive.outside("element", of, INT, _ELEMENT, python)
                expression = Apply(element, (Variable(name), Variable(self.names[index[0]])))
                yield ScopeVariable(expression, INT, _ELEMENT + _TURNED * index[1], tuple(found))

    def _entries(self, name: str, column: Sequence[list[list[int]]]) -> Iterator[ScopeVariable]:
        """Yield the entries of a table, as it is, mirrored, transposed and rotated."""
        of = (("xs", _TABLE), ("a", INT), ("b", INT))
        for first, second in product(product((0, 1), (False, True)), repeat=2):
            found = []
            for rows, place in zip(column, self.places, strict=True):
                row = _at(rows, first, place)
                found.append(None if row is None else _at(row, second, place))
            if first[0] == second[0] or None in found:
                continue
            python = f"xs[{'-1 - a' if first[1] else 'a'}][{'-1 - b' if second[1] else 'b'}]"
            entry = Primitive.outside("entry", of, INT, _ENTRY, python)
            indices = (Variable(self.names[first[0]]), Variable(self.names[second[0]]))
            bits = _ENTRY + _TURNED * (first[1] + second[1])
            yield ScopeVariable(Apply(entry, (Variable(name), *indices)), INT, bits, tuple(found))

    def _program(self, rule: Expression, level: int) -> Program:
        sizes = (self.heights[0].expression, self.widths[0].expression)
        of = (("entry", BINARY), ("rows", INT), ("columns", INT))
        python = "[[entry(y, z) for z in range(columns)] for y in range(rows)]"
        table = Primitive.outside("table", of, _TABLE, _BITS, python)
        expression = Apply(table, (Lambda(self.names, rule), *sizes))
        return self.problem.program(expression, _BITS + 2 * _SIZE + level)


def _at(values: Sequence[Value], index: _Index, place: tuple[int, int, int]) -> Value | None:
    """Return the value at an index of an entry's place; None if it is beyond the end."""
    of, turned = index
    at = -1 - place[1 + of] if turned else place[1 + of]
    return values[at] if -len(values) <= at < len(values) else None


def _rectangular(row: Row) -> bool:
    """Return whether an output is a table whose rows have one length."""
    return len({len(each) for each in row[-1]}) < 2
