"""Read a problem from a table: a ``.csv`` or ``.tsv`` file with a header, one example per row.

The last column is the output unless another is named. All cells of a column decide its type: whole
numbers, truth values (``true``, ``false``), lists written as JSON (``"[1, 2]"``), or text. Numbers
written like identifiers (``007``, ``+49 30 1234``), and numbers too large for the search, are text.
Decimals are refused, because programs compute with whole numbers only.

The delimiter is the comma, the tab or the semicolon: the one with which all rows have the same
length and the header has the most columns. This rule replaces a library: ``csv.Sniffer`` takes
letters for delimiters in small tables, and any dialect detector guesses wrong in silence, whereas
this module reads a table in the one way that fits, or refuses it.
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.given import GivenProblem, given_problem
from dlcompare.tasks.jsonl import read_text
from dlcompare.tasks.problem import Examples
from dlcompare.tasks.types import Value

__all__ = ["TABLE_SUFFIXES", "read_table"]

TABLE_SUFFIXES = (".csv", ".tsv")

DELIMITERS = (",", "\t", ";")
"""Possible delimiters; of two that fit equally well, the first is taken."""

MOST_COLUMNS = 200
"""With more arguments, a search does not reach programs of more than one step."""

LARGEST_NUMBER = 2**31 - 1
"""Longer numbers are identifiers (phone and card numbers) more often than quantities."""

Cell = tuple[int, str]
"""The line that a cell ends on, and its text."""

Row = tuple[int, list[str]]
"""The line that a row ends on, and its cells."""


def read_table(file: Path, output: str | None = None, text: Collection[str] = ()) -> GivenProblem:
    """Read the problem of a table.

    Parameters
    ----------
    file : Path
        The table, in UTF-8.
    output : str, optional
        The column to predict, by default the last one.
    text : collection of str
        Columns whose cells are text, whatever they look like.

    Returns
    -------
    GivenProblem
        The problem. Its notes name the columns of numbers that were read as text, and those that
        have another name in programs.

    Raises
    ------
    InputError
        If the file cannot be used; the message names the line.
    """
    header, rows = _rows(file)
    for name in (*text, *([] if output is None else [output])):
        if name not in header:
            raise UnknownNameError("column", name, header)
    output = header[-1] if output is None else output
    columns: dict[str, tuple[Value, ...]] = {}
    notes: list[str] = []
    for place, name in enumerate(header):
        cells = [(line, row[place]) for line, row in rows[1:]]
        if name in text:
            columns[name] = tuple(cell for _, cell in cells)
            continue
        columns[name], note = _column(file, name, cells)
        notes += [note] if note else []
        _refuse_data_as_header(file, rows[0], place, cells)
    examples = Examples(columns, columns.pop(output))
    try:
        problem = given_problem(file.stem, examples)
        lines = tuple(line for line, _ in rows[1:])
        notes += _renamed(columns, problem)
        return replace(problem, notes=tuple(notes), lines=lines)
    except InputError:
        for count, (line, _) in enumerate(
            rows[1:], start=1
        ):  # find the first row that fits no type
            try:
                given_problem(file.stem, examples[:count])
            except InputError as error:
                raise InputError(f"{file}, line {line}: {error}") from error
        raise


def _rows(file: Path) -> tuple[list[str], list[Row]]:
    """Return the column names, and all non-blank rows, the header first."""
    content = read_text(file)
    if not content.strip():
        raise InputError(f"{file}, line 1: the file is empty; begin with a row of column names")
    rows, fault = max((_parsed(content, each) for each in DELIMITERS), key=_plausible)
    if fault:
        raise InputError(f"{file}, {fault}")
    (line, first), *rest = rows
    header = [name.strip() for name in first]
    counts = Counter(header)
    for name in header:
        if not name or counts[name] > 1:
            raise InputError(
                f"{file}, line {line}: the column name {name!r} must be given, and only once"
            )
    if len(header) < 2:
        raise InputError(
            f"{file}, line {line}: there is one column, {header[0]!r}; a table of examples has one "
            "for each argument and one for the output, separated by commas, semicolons or tabs"
        )
    if len(header) > MOST_COLUMNS:
        raise InputError(
            f"{file}, line {line}: there are {len(header):,} columns; keep at most {MOST_COLUMNS}, "
            "those that the output depends on"
        )
    for line, cells in rest:
        if len(cells) != len(header):
            raise InputError(
                f"{file}, line {line}: the header has {len(header)} columns, this row "
                f"{len(cells)}; every row must have one cell for each column"
            )
    if not rest:
        raise InputError(f"{file}, line {line}: there is no example after the header")
    return header, rows


def _parsed(content: str, delimiter: str) -> tuple[list[Row], str | None]:
    """Return the rows with a delimiter, and the fault of the first text that is not a row."""
    stream = io.StringIO(content, newline="")
    reader = csv.reader(stream, strict=True, delimiter=delimiter)
    rows: list[Row] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        return rows, f"line {reader.line_num}: this is no table: {error}"
    return rows, None if rows else "line 1: the table has no cell"


def _plausible(table: tuple[list[Row], str | None]) -> tuple[bool, int]:
    """Return whether all rows have the same length, and the number of columns of the header."""
    rows, fault = table
    columns = len(rows[0][1]) if rows else 0
    return fault is None and columns > 1 and {len(cells) for _, cells in rows} == {columns}, columns


def _column(file: Path, name: str, cells: list[Cell]) -> tuple[tuple[Value, ...], str]:
    """Return the values of a column, and a note if its numbers are read as text."""
    kinds = [_kind(cell) for _, cell in cells]
    found = set(kinds)
    if len(found) == 1 and found <= _PARSE.keys():
        return tuple(_PARSE[kinds[0]](cell) for _, cell in cells), ""

    def first(*wanted: str) -> Cell:
        return next(cell for kind, cell in zip(kinds, cells, strict=True) if kind in wanted)

    if "a decimal" in found and found <= {*_NUMBERS, "an empty cell"}:
        line, shown = first("a decimal")
        raise InputError(
            f"{file}, line {line}: the column {name!r} has {shown!r}; programs compute with whole "
            "numbers only. Give it in a smaller unit (cents for euros), or read the column as text "
            f"with --text {name}"
        )
    gaps = found & _NO_TEXT if "an empty cell" in found and len(found) == 2 else set()
    if "a list" in found or gaps:
        kind = "a list" if "a list" in found else gaps.pop()
        line, shown = first(*(found - {kind}))
        what = f"{shown!r}, which is not {kind}" if shown.strip() else "an empty cell"
        raise InputError(
            f"{file}, line {line}: the column {name!r} has {what}, where others are {kind}; a "
            f"column must have one type, and --text {name} reads it as text"
        )
    note = ""
    if found & {"a whole number", "an identifier"}:
        line, shown = first(*(found - {"a whole number"}))
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
        note = f"column {name!r} is read as text, because line {line} has {shown!r}"
    return tuple(cell for _, cell in cells), note


def _kind(cell: str) -> str:
    """Return the kind of value that a cell looks like by itself."""
    cell = cell.strip()
    if not cell:
        return "an empty cell"
    if _WHOLE.fullmatch(cell):
        small = len(cell) <= len(str(-LARGEST_NUMBER)) and abs(int(cell)) <= LARGEST_NUMBER
        return "a whole number" if small else "an identifier"
    if _IDENTIFIER.fullmatch(cell):
        return "an identifier"
    if _DECIMAL.fullmatch(cell):
        return "a decimal"
    if cell.lower() in ("true", "false"):
        return "true or false"
    return "a list" if _list(cell) is not None else "text"


def _list(cell: str) -> Value | None:
    if not cell.strip().startswith("["):
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_IDENTIFIER = re.compile(r"\+?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+[.,][0-9]*|[.,][0-9]+|[0-9]+(?=[eE]))([eE][+-]?[0-9]+)?")
_NUMBERS = ("a whole number", "an identifier", "a decimal")
_NO_TEXT = {"a whole number", "true or false", "a list"}
_SHOWN = 20

_PARSE: dict[str, Callable[[str], Value]] = {
    "a whole number": int,
    "true or false": lambda cell: cell.strip().lower() == "true",
    "a list": _list,
    "text": str,
}
"""The kinds that a whole column may have, and the readers of their cells."""


def _refuse_data_as_header(file: Path, first: Row, place: int, cells: Sequence[Cell]) -> None:
    """Refuse a first row that holds a value like those below it, since that is not a name."""
    line, names = first
    kind = _kind(names[place])
    alike = _NUMBERS if kind in _NUMBERS else (kind,)
    if kind != "text" and any(_kind(cell) in alike for _, cell in cells):
        raise InputError(
            f"{file}, line {line}: {names[place]!r} is a value like those below it, not the name "
            "of a column; begin with a row of column names"
        )


def _renamed(names: Iterable[str], problem: GivenProblem) -> list[str]:
    """Return a note for each column that has another name in programs."""
    pairs = zip(names, problem.signature.parameters, strict=True)
    return [
        f"column {name!r} is called {shown} in the program"
        for name, (shown, _) in pairs
        if name != shown
    ]
