"""Open the SQLite file of a run as an untrusted file.

It is used only if its schema is exactly one table (no view, trigger or index, whose text SQLite
would execute), within limits of size and of steps, and only if it and the files that SQLite keeps
beside it are regular files. An error of SQLite becomes a sentence.
"""

import contextlib
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from dlcompare.tasks.errors import InputError

__all__ = [
    "BESIDE",
    "FILE",
    "LOCK",
    "MOST",
    "SCHEMA_VERSION",
    "TABLE",
    "begun",
    "bounded",
    "open_for_reading",
    "open_for_writing",
    "refuse_odd_files",
    "sentences",
]

FILE = "run.sqlite"
LOCK = "run.lock"
SCHEMA_VERSION = 3
"""Versions 1 and 2 had no checksums."""

TABLE = (
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, "
    "value TEXT NOT NULL, checksum TEXT NOT NULL)"
)
BESIDE = (f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal")
"""The files beside SQLite's own: the write-ahead log, its index, the rollback journal."""

MOST = 500_000
"""The most rows that are read."""

_LARGEST = 2**31  # bytes of the file; a hundred thousand trials take a tenth
_LONGEST = 2**26  # bytes of a row
_STEPS = 100 * MOST  # of SQLite's virtual machine; reading a row takes about ten
_OTHERS = bytes.fromhex("d9d505f920a163d7")  # the end of a journal that names another file


def refuse_odd_files(folder: Path) -> None:
    """Raise an `InputError` if a file of a run is a link, a pipe, a folder or too large.

    A link would be followed and its target written to; a pipe would block.
    """
    for name in (FILE, *BESIDE, LOCK):
        file = folder / name
        try:
            its = file.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise InputError(f"{file} cannot be read: {error.strerror}") from error
        if not stat.S_ISREG(its.st_mode):
            raise InputError(
                f"{file} cannot be used: it is a link, a folder or a pipe; a run has regular files"
            )
        if its.st_size > _LARGEST:
            raise InputError(f"{file} has {its.st_size:,} bytes; no run has so many")
    journal = folder / BESIDE[-1]
    with contextlib.suppress(OSError), journal.open("rb") as opened:
        opened.seek(max(0, journal.stat().st_size - len(_OTHERS)))
        if opened.read() == _OTHERS:
            raise InputError(f"{journal} names another file, which SQLite would delete; remove it")


def open_for_reading(folder: Path) -> sqlite3.Connection:
    """Open the file of a folder, even if the folder is read-only."""
    connection = _connect(folder, "mode=ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        # A write-ahead log needs a writable folder, unless no process writes.
        connection.close()
        connection = _connect(folder, "mode=ro&immutable=1")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def open_for_writing(folder: Path) -> sqlite3.Connection:
    """Open the file of a folder, or make it; what is written survives a crash."""
    connection = _connect(folder, "mode=rwc")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _connect(folder: Path, how: str) -> sqlite3.Connection:
    address = (folder / FILE).resolve().as_uri()
    connection = sqlite3.connect(f"{address}?{how}", uri=True, isolation_level=None)
    connection.text_factory = bytes
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    connection.execute("PRAGMA trusted_schema = OFF")
    # Otherwise a truncated file is refused as a whole. The schema is compared, not trusted.
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def begun(connection: sqlite3.Connection, folder: Path) -> bool:
    """Return whether anything was ever written to the file.

    Raises
    ------
    InputError
        If another version of dlcompare wrote it.
    """
    with bounded(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        tables = connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT 2").fetchall()
    if not tables and not version:
        return False
    if tables == [(b"table", b"entry", TABLE.encode())] and version == SCHEMA_VERSION:
        return True
    if 0 < version < SCHEMA_VERSION:
        raise InputError(
            f"the run in {folder} was written by an older dlcompare, whose rows have no checksums "
            f"(store version {version}, this one knows {SCHEMA_VERSION}); make it again in another "
            "folder with --out"
        )
    if version > SCHEMA_VERSION:
        raise InputError(
            f"the run in {folder} was written by a newer dlcompare (store version {version}, this "
            f"one knows {SCHEMA_VERSION}); upgrade dlcompare to read it"
        )
    raise InputError(
        f"{folder / FILE} cannot be used: it has not the one table that a run has; it is damaged, "
        "or not written by dlcompare"
    )


@contextlib.contextmanager
def bounded(connection: sqlite3.Connection) -> Iterator[None]:
    """Stop SQLite after a number of steps that only a malicious file needs."""
    left = iter(range(_STEPS // 1_000))
    connection.set_progress_handler(lambda: next(left, None) is None, 1_000)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


@contextlib.contextmanager
def sentences(folder: Path) -> Iterator[None]:
    """Turn an error of SQLite into a sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise InputError(f"{folder / FILE} cannot be used: reading it does not end") from error
        raise InputError(f"{folder / FILE} cannot be used: {error}") from error
    except UnicodeDecodeError as error:  # in a message in which SQLite quotes the file
        raise InputError(f"{folder / FILE} cannot be used: it is damaged") from error
