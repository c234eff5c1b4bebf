"""Rows of JSON in the SQLite file of a run, each with a checksum.

A row has a number, a kind, a key and a value; its checksum covers all four. Rows are numbered
without gaps, and the first holds their number. Changed and missing rows are therefore detected:
they are named, and the rest is read.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from dlcompare.compare.trials.sqlite import (
    BESIDE,
    FILE,
    MOST,
    SCHEMA_VERSION,
    TABLE,
    begun,
    bounded,
    open_for_reading,
    open_for_writing,
    refuse_odd_files,
    sentences,
)
from dlcompare.compare.trials.validation import convert, parse
from dlcompare.tasks.errors import InputError

__all__ = ["Content", "Key", "Kinds", "Row", "Writer", "read", "unreadable"]

_NAMED = 20  # damaged rows that are named; further ones are counted
_SMALLEST = 32  # bytes of a row: those of its checksum

Key = tuple[str | int, ...]
Kinds = Mapping[str, tuple[Any, Any]]
"""By kind of row, the type of its key and that of its value."""

_FIRST: Kinds = {"rows": (tuple[()], Annotated[int, Meta(ge=1, le=MOST)])}


@dataclass(frozen=True)
class Row:
    """A row whose checksum is right.

    Attributes
    ----------
    number : int
    kind : str
    key : tuple of str and int
        The key, unique among the rows of a kind.
    text : bytes
        Its value, in JSON.
    value
        Its value, of the type that its kind has.
    """

    number: int
    kind: str
    key: tuple[Any, ...]
    text: bytes
    value: Any

    @property
    def name(self) -> str:
        """The name of the row for people.

        Examples
        --------
        >>> Row(7, "trial", ("sorting", "copy", 4), b"0", 0).name
        "row 7 (trial 'sorting' 'copy' 4)"
        """
        return f"row {self.number} ({' '.join([self.kind, *map(repr, self.key)])})"


@dataclass(frozen=True)
class Content:
    """The content of a file.

    Attributes
    ----------
    rows : tuple of Row
        The intact rows, in order.
    damage : tuple of str
        One sentence for each damaged part.
    """

    rows: tuple[Row, ...]
    damage: tuple[str, ...] = ()


def read(folder: Path, kinds: Kinds) -> Content:
    """Read the file of a folder without writing to it, even while a run writes to it.

    Raises
    ------
    InputError
        If the file is missing, or nothing in it can be read.
    """
    if not os.path.lexists(folder / FILE):
        raise InputError(f"there is no run in {folder}; a run's folder has a file {FILE}")
    refuse_odd_files(folder)
    with sentences(folder), contextlib.closing(open_for_reading(folder)) as connection:
        return _content(connection, kinds) if begun(connection, folder) else Content(())


class Writer:
    """The open file of a folder, to which no other process writes.

    A damaged file is rebuilt from its intact rows; the damaged one stays beside it.

    Parameters
    ----------
    folder : Path
        An existing folder, whose lock is held.
    kinds : mapping
        The kinds of rows.
    needed : str
        The kind of the row without which a damaged file is useless.

    Attributes
    ----------
    damage : tuple of str
        One sentence for each part that was damaged when the file was opened.

    Raises
    ------
    InputError
        If the file cannot be written, or nothing in it can be read.
    """

    def __init__(self, folder: Path, kinds: Kinds, needed: str) -> None:
        self._folder, self._kinds = folder, kinds
        refuse_odd_files(folder)
        with sentences(folder):
            self._connection = open_for_writing(folder)
            try:
                content, sound = self._check()
                self.damage = content.damage
                if not sound:
                    if needed not in {row.kind for row in content.rows}:
                        raise InputError(unreadable(folder, content.damage))
                    self._connection.close()
                    _make_anew(folder, content.rows)
                    self._connection = open_for_writing(folder)
                    content = _content(self._connection, self._kinds)
            except BaseException:
                self._connection.close()
                raise
        self._numbers = {(row.kind, row.key): row.number for row in content.rows}

    def close(self) -> None:
        """Close the file."""
        # This leaves one file, readable in a read-only folder too, unless a reader has it open.
        with contextlib.suppress(sqlite3.DatabaseError):
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()

    def content(self) -> Content:
        """Return the present content of the file."""
        with sentences(self._folder):
            return _content(self._connection, self._kinds)

    def put(self, kind: str, key: Key, value: Any) -> None:
        """Store a value under a key, replacing what is there; part of a transaction.

        Raises
        ------
        ValueError
            If it is no JSON value, or has a number that is not finite.
        """
        number = self._numbers.get((kind, key), len(self._numbers) + 1)
        _put(self._connection, number, kind, key, _json(value))
        if (kind, key) not in self._numbers:
            self._numbers[kind, key] = number
            _put(self._connection, 1, "rows", (), _json(number))

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Store all that is put meanwhile, or nothing."""
        numbers = dict(self._numbers)
        with sentences(self._folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                if self._connection.in_transaction:  # unless a full disk has ended it
                    self._connection.execute("ROLLBACK")
                self._numbers = numbers
                raise
            self._connection.execute("COMMIT")

    def _check(self) -> tuple[Content, bool]:
        """Return the content of the file, and whether it can be written to as it is."""
        if not begun(self._connection, self._folder):
            _begin(self._connection)
        content = _content(self._connection, self._kinds)
        try:
            found = self._connection.execute("PRAGMA quick_check(1)").fetchall()
        except sqlite3.DatabaseError:
            return content, False
        return content, not content.damage and found == [(b"ok",)]


def _content(connection: sqlite3.Connection, kinds: Kinds) -> Content:
    with bounded(connection):
        found = _found(connection)
    rows, damage = [], {}
    for number, columns in found.items():
        try:
            rows.append(_row(number, columns, _FIRST if number == 1 else kinds))
        except ValueError as error:
            damage[number] = str(error)
    numbers: dict[tuple[str, tuple[Any, ...]], int] = {}
    for row in rows:
        first = numbers.setdefault((row.kind, row.key), row.number)
        if first != row.number:
            damage[row.number] = f"{row.name} is there twice, as row {first} before"
    count = _count(found)
    if count is None:
        damage[0] = "row 1, which says how many there are, is damaged; later ones may be missing"
    damage |= {
        row.number: f"{row.name} is one too many" for row in rows if row.number > (count or MOST)
    }
    rows = [row for row in rows if row.number not in damage]
    damage |= _missing(found, count or max(found, default=0))
    return Content(tuple(rows), _told(damage))


def _missing(found: Mapping[int, Any], count: int) -> dict[int, str]:
    """Return sentences on missing rows, by the first row of each stretch."""
    sentences, edges = {}, [0, *sorted(n for n in found if n <= count), count + 1]
    for before, after in pairwise(edges):
        if after - before == 2:
            sentences[before + 1] = f"row {before + 1} is missing"
        elif after - before > 2:
            sentences[before + 1] = f"rows {before + 1} to {after - 1} are missing"
    return sentences


def unreadable(folder: Path, damage: Sequence[str]) -> str:
    """Return the sentence on a file whose damage leaves nothing of use."""
    return (
        f"{folder / FILE} cannot be used: {'; '.join(damage)}; make the run again in another folder"
    )


def _told(damage: dict[int, str]) -> tuple[str, ...]:
    sentences = [sentence for _, sentence in sorted(damage.items())]
    more = len(sentences) - _NAMED
    return (*sentences[:_NAMED], *([f"{more:,} more rows are damaged or missing"] * (more > 0)))


def _found(connection: sqlite3.Connection) -> dict[int, Any]:
    """Return the columns of each row by number, or SQLite's complaint about the row."""
    found: dict[int, Any] = {}

    def look_up(number: int) -> None:
        with _complaints() as complaints:
            columns = connection.execute(f"{_SELECT} WHERE id = ?", (number,)).fetchone()
            if columns is not None:
                found[number] = columns[1:]
        if complaints:
            found[number] = complaints[0]

    look_up(1)
    last, most = 0, _count(found) or MOST
    with _complaints():
        for number, *columns in connection.execute(f"{_SELECT} ORDER BY id"):
            if number > most:
                found[most + 1] = f"there are only {most} rows"
            if not last < number <= most:
                break
            found[number], last = columns, number
        else:
            return found
    # The link from one row to the next is broken somewhere: look each row up by itself.
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    for number in range(2, min(most, pages * size // _SMALLEST) + 1):
        look_up(number)
    return found


def _count(found: dict[int, Any]) -> int | None:
    """Return the number of rows, if the row that records it is intact."""
    try:
        count: int = _row(1, found[1], _FIRST).value
    except (KeyError, ValueError):
        return None
    return count


_SELECT = "SELECT id, kind, key, value, checksum FROM entry"
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_IOERR_SHORT_READ}


@contextlib.contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect SQLite's messages on a damaged file; its other messages pass on."""
    complaints: list[str] = []
    try:
        yield complaints
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code not in _DAMAGE and code & 0xFF not in _DAMAGE:
            raise
        complaints.append(str(error))


def _row(number: int, columns: Any, kinds: Kinds) -> Row:
    """Return the row made of these columns; a `ValueError` says what is wrong with it."""
    name = f"row {number}"
    if isinstance(columns, str):
        raise ValueError(f"{name} cannot be read: {columns}")
    if not all(isinstance(each, bytes) for each in columns):
        raise ValueError(f"{name} has not the columns of a row")
    kind, key, text, checksum = columns
    with contextlib.suppress(ValueError):
        name = Row(number, kind.decode(), convert(parse(key), Key), text, None).name
    if checksum != _checksum(number, kind, key, text):
        raise ValueError(f"{name} does not have the checksum of what stands in it")
    try:
        if kind.decode() not in kinds:
            raise ValueError("a run has no rows of this kind")
        key_type, value_type = kinds[kind.decode()]
        its: tuple[Any, ...] = convert(parse(key), key_type)
        return Row(number, kind.decode(), its, text, convert(parse(text), value_type))
    except ValueError as error:
        raise ValueError(f"{name} is not what a run keeps: {error}") from None


def _checksum(number: int, kind: bytes, key: bytes, text: bytes) -> bytes:
    content = b"%d\n%b\n%b\n%b" % (number, kind, key, text)
    return hashlib.blake2b(content, digest_size=16).hexdigest().encode()


def _put(connection: sqlite3.Connection, number: int, kind: str, key: Key, text: bytes) -> None:
    start = kind.encode(), _json(key), text
    columns = (*start, _checksum(number, *start))
    connection.execute(
        "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?)",
        (number, *(each.decode() for each in columns)),
    )


def _json(value: Any) -> bytes:
    """Return a value as JSON, in one line."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def _begin(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(TABLE)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    _put(connection, 1, "rows", (), b"1")
    connection.execute("COMMIT")


def _make_anew(folder: Path, rows: tuple[Row, ...]) -> None:
    """Replace the damaged file by one with these rows, and keep a copy of it."""
    file = folder / FILE
    count = 1
    while (copy := folder / f"damaged-{count}-{FILE}").exists():
        count += 1
    for suffix in ("", "-wal"):
        if Path(f"{file}{suffix}").exists():
            shutil.copyfile(f"{file}{suffix}", f"{copy}{suffix}")
    new = folder / f".{FILE}.new"
    new.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(new, isolation_level=None)) as connection:
        _begin(connection)
        connection.execute("BEGIN IMMEDIATE")
        kept = [row for row in rows if row.number > 1]
        for number, row in enumerate(kept, start=2):
            _put(connection, number, row.kind, row.key, row.text)
        _put(connection, 1, "rows", (), _json(1 + len(kept)))
        connection.execute("COMMIT")
    # Otherwise the log of the damaged file would be taken for that of the new one.
    for name in BESIDE:
        (folder / name).unlink(missing_ok=True)
    new.replace(file)
