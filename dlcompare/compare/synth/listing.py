"""Print answers as lines for people: one row for each problem, the program last.

A program is never wrapped or cut: it is at the end of its row, where the terminal may continue it
on the next line, so that a copy of it stays whole.
"""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

__all__ = ["Row", "listing"]

_WIDEST = 24
"""The widest name, in columns, that the others are aligned with."""

Row = tuple[str, Sequence[str], Text]
"""A name, its numbers, and the rest, in one line or several."""


def listing(heads: Sequence[str], rows: Sequence[Row]) -> Text:
    """Return rows under their heads, in columns.

    Parameters
    ----------
    heads : sequence of str
        The heads of the name, of each number, and of the rest.
    rows : sequence of Row

    Examples
    --------
    >>> print(listing(["problem", "bits", "program"], [("double", ["8"], Text("(add n n)"))]))
    problem  bits  program
    double      8  (add n n)
    """
    first, *numbers, last = heads
    widths = [
        max(cell_len(head), *(cell_len(its[place]) for _, its, _ in rows))
        for place, head in enumerate(numbers)
    ]
    width = max(cell_len(first), *(min(cell_len(name), _WIDEST) for name, _, _ in rows))
    lines = [_line(first, numbers, Text(last), width, widths, "bold")]
    lines += [_line(name, its, rest, width, widths, "") for name, its, rest in rows]
    return Text("\n").join(lines)


def _line(
    name: str, numbers: Sequence[str], rest: Text, width: int, widths: Sequence[int], style: str
) -> Text:
    """Return one row; further lines of the rest are indented."""
    shown = " ".join(name.split())
    line = Text(shown + " " * (width - cell_len(shown)), style)
    for number, its in zip(numbers, widths, strict=True):
        line.append("  " + " " * (its - cell_len(number)) + number)
    parts = rest.split("\n")
    line.append("  ")
    line.append_text(parts[0] if parts else Text())
    line.rstrip()
    for part in parts[1:]:
        line.append("\n    ")
        line.append_text(part)
    return line
