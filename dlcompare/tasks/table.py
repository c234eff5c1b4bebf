"""A problem as a table: a ``.csv`` file with a header, one example a row.

The last column is the output unless another is named. A column is of one type: whole numbers, truth
values (``true``, ``false``), lists written as JSON (``"[1, 2]"``), or text. Its first cell decides;
a column whose first text happens to look like a number is read as text where it is named.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.given import GivenProblem, given_problem
from dlcompare.tasks.jsonl import read_text
from dlcompare.tasks.problem import Examples
from dlcompare.tasks.types import Value

__all__ = ["read_table"]

Cell = tuple[int, str]
"""The line it ends on, and its text."""


def read_table(file: Path, output: str | None = None, text: Collection[str] = ()) -> GivenProblem:
    """The problem of a file.

    Parameters
    ----------
    file : Path
        The table, in UTF-8 with commas.
    output : str, optional
        The column to be predicted; the last one without it.
    text : collection of str
        Columns whose cells are text, whatever they look like.

    Raises
    ------
    InputError
        If the file cannot be used; names the line.
    """
    header, rows = _rows(file)
    for name in (*text, *([] if output is None else [output])):
        if name not in header:
            raise UnknownNameError("column", name, header)
    output = header[-1] if output is None else output
    columns = {
        name: _column(file, name, [(line, cells[i]) for line, cells in rows], name in text)
        for i, name in enumerate(header)
    }
    examples = Examples(columns, columns.pop(output))
    try:
        problem = given_problem(file.stem, examples)
        return replace(problem, lines=tuple(line for line, _ in rows))
    except InputError:
        for count, (line, _) in enumerate(rows, start=1):  # the first row that fits no type
            try:
                given_problem(file.stem, examples[:count])
            except InputError as error:
                raise InputError(f"{file}, line {line}: {error}") from error
        raise


def _rows(file: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header, and every row with the line it ends on; all of one length."""
    reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise InputError(
            f"{file}, line {reader.line_num}: this is no table with commas: {error}"
        ) from error
    if not rows:
        raise InputError(f"{file}, line 1: the file is empty; begin with a row of column names")
    (line, first), *rest = rows
    header = [name.strip() for name in first]
    for name in header:
        if not name or header.count(name) > 1:
            raise InputError(
                f"{file}, line {line}: the column name {name!r} must be given, and only once"
            )
    if len(header) < 2:
        raise InputError(
            f"{file}, line {line}: there is one column, {header[0]!r}; a table of examples has one "
            "for each argument and one for the output"
        )
    for line, cells in rest:
        if len(cells) != len(header):
            raise InputError(
                f"{file}, line {line}: the header has {len(header)} columns, this row "
                f"{len(cells)}; every row must have one cell for each column"
            )
    if not rest:
        raise InputError(f"{file}, line {line}: there is no example after the header")
    return header, rest


def _column(file: Path, name: str, cells: list[Cell], as_text: bool) -> tuple[Value, ...]:
    if as_text:
        return tuple(cell for _, cell in cells)
    kind, parse = next(
        (kind, parse) for kind, parse in _KINDS.items() if parse(cells[0][1]) is not None
    )
    values = []
    for line, cell in cells:
        value = parse(cell)
        if value is None:
            raise InputError(
                f"{file}, line {line}: the column {name!r} has {cell!r}, which is not {kind} as "
                f"in line {cells[0][0]}; a column must have one type, and --text {name} reads it "
                "as text"
            )
        values.append(value)
    return tuple(values)


def _whole(cell: str) -> int | None:
    cell = cell.strip()
    return int(cell) if re.fullmatch(r"[+-]?[0-9]+", cell) else None


def _truth(cell: str) -> bool | None:
    return {"true": True, "false": False}.get(cell.strip().lower())


def _list(cell: str) -> Value | None:
    if not cell.strip().startswith("["):
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


_KINDS: dict[str, Callable[[str], Value | None]] = {
    "a whole number": _whole,
    "true or false": _truth,
    "a list": _list,
    "text": lambda cell: cell,
}
