"""What a run knows, in one SQLite file of its folder; safe against being killed at any moment.

Every finished trial is one transaction, in write-ahead-log mode. A trial is known by the task's
fingerprint, the learner's key, n, the seed and the version of this package: a task whose function
changed, a learner whose file changed, or another version, makes its trials again, and nothing else.
A lock file keeps a second run out; the kernel lets go of it when the process ends, however it ends.
"""

import contextlib
import fcntl
import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import dlcompare
from dlcompare.compare.protocol import Settings
from dlcompare.compare.trial import Trial
from dlcompare.tasks.errors import InputError

__all__ = ["FILE", "About", "Record", "Store", "read"]

FILE = "run.sqlite"
_LOCK = "run.lock"
SCHEMA_VERSION = 2
"""1 had no answers in its trials; it is read as it is."""

_TABLES = """
CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS task (
    name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, card TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS trial (
    fingerprint TEXT NOT NULL, learner TEXT NOT NULL, n INTEGER NOT NULL, seed INTEGER NOT NULL,
    version TEXT NOT NULL, status TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (fingerprint, learner, n, seed, version)
);
CREATE TABLE IF NOT EXISTS control (
    fingerprint TEXT NOT NULL, learner TEXT NOT NULL, axis TEXT NOT NULL, level TEXT NOT NULL,
    seed INTEGER NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (fingerprint, learner, axis, level, seed)
);
"""


@dataclass(frozen=True)
class About:
    """What is known of a run before its first trial.

    Attributes
    ----------
    settings : Settings
    versions, hardware : dict
        Where it took place.
    started : str
        ISO 8601, with the time zone.
    keys : mapping of str to str
        By learner, under what its trials are kept: its name, where nothing else is said.
    """

    settings: Settings
    versions: dict[str, str | None]
    hardware: dict[str, Any]
    started: str
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """All of a run.

    Attributes
    ----------
    about : About
    seconds : float
        Wall-clock time of all sessions of the run, up to the last finished trial.
    tasks : dict
        Task cards by name.
    trials : tuple of Trial
        The finished ones.
    controls : tuple of dict
        What learners that were trained at a level got right there.
    """

    about: About
    seconds: float
    tasks: dict[str, dict[str, Any]]
    trials: tuple[Trial, ...]
    controls: tuple[dict[str, Any], ...] = ()


class Store:
    """The open store of a run, to which nobody else writes.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Raises
    ------
    InputError
        If the folder cannot be written, another run is at work in it, or its store is damaged or
        written by a newer version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys: Mapping[str, str] = {}
        self._lock = _lock(folder)
        try:
            with _sentences(folder):
                self._connection = sqlite3.connect(folder / FILE, isolation_level=None)
                _check_version(self._connection, folder)
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = FULL")
                self._connection.executescript(_TABLES)
                self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        # One file is left, which can be read where nothing can be written, unless it is being read.
        with contextlib.suppress(sqlite3.DatabaseError):
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()
        self._lock.close()

    def about(self) -> About | None:
        """What the run in this folder is; None in a fresh one."""
        with _sentences(self.folder):
            return _about(self._connection)

    def begin(self, about: About, tasks: Mapping[str, tuple[str, dict[str, Any]]]) -> None:
        """Write what the run is: its settings, and for each task its fingerprint and card."""
        values = {
            "settings": about.settings.as_json(),
            "versions": about.versions,
            "hardware": about.hardware,
            "started": about.started,
            "keys": dict(about.keys),
        }
        self._keys = about.keys
        with self._transaction():
            for key, value in values.items():
                self._put(key, value)
            for name, (fingerprint, card) in tasks.items():
                self._connection.execute(
                    "INSERT OR REPLACE INTO task VALUES (?, ?, ?)",
                    (name, fingerprint, json.dumps(card)),
                )

    def outdated(self, fingerprints: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, int]:
        """By task, how many stored trials count no longer, as tasks and learners stand now.

        Parameters
        ----------
        fingerprints : mapping of str to str
            By task; what stands in the store is that of the last session, until `begin`.
        keys : mapping of str to str
            By learner.
        """
        with _sentences(self.folder):
            rows = self._connection.execute(
                "SELECT task.name, trial.fingerprint, learner, version FROM trial "
                "JOIN task USING (fingerprint)"
            ).fetchall()
        return Counter(
            name
            for name, fingerprint, learner, version in rows
            if (fingerprint, version) != (fingerprints.get(name), dlcompare.__version__)
            or learner != keys.get(_name(learner), _name(learner))
        )

    def add(self, trial: Trial, fingerprint: str, seconds: float) -> None:
        """Keep a finished trial, and the seconds that the run has taken so far."""
        outcome = json.dumps(trial.as_json(), allow_nan=False)
        learner = self._keys.get(trial.learner, trial.learner)
        key = (fingerprint, learner, trial.n, trial.seed, dlcompare.__version__)
        with self._transaction():
            self._connection.execute(
                "INSERT OR REPLACE INTO trial VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*key, trial.status, outcome),
            )
            self._put("seconds", seconds)

    def add_control(self, control: Mapping[str, Any], fingerprint: str) -> None:
        """Keep what training at a level brought; one made before, at the same place, is replaced.

        Parameters
        ----------
        control : mapping
            With ``task``, ``learner``, ``axis``, ``level`` and ``seed``, and what came of it.
        fingerprint : str
            Of the task.

        Raises
        ------
        InputError
            If the run has no such task, or had it in another form.
        """
        key = (control["learner"], control["axis"], str(control["level"]), control["seed"])
        with self._transaction():
            row = self._connection.execute(
                "SELECT fingerprint FROM task WHERE name = ?", (control["task"],)
            ).fetchone()
            if row is None or row[0] != fingerprint:
                had = "has no task" if row is None else "was made with another form of the task"
                raise InputError(f"the run in {self.folder} {had} {control['task']!r}")
            self._connection.execute(
                "INSERT OR REPLACE INTO control VALUES (?, ?, ?, ?, ?, ?)",
                (fingerprint, *key, json.dumps(control, allow_nan=False)),
            )

    def record(self) -> Record:
        """All that is known now.

        Raises
        ------
        InputError
            If no run was ever begun here.
        """
        with _sentences(self.folder):
            return _record(self._connection, self.folder)

    def _put(self, key: str, value: object) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO about VALUES (?, ?)", (key, json.dumps(value))
        )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with _sentences(self.folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def read(folder: Path) -> Record:
    """Read a run without writing to it, also while it goes on.

    Raises
    ------
    InputError
        If there is no run in the folder, or it cannot be read.
    """
    if not (folder / FILE).is_file():
        raise InputError(f"there is no run in {folder}; a run's folder has a file {FILE}")
    with _sentences(folder), contextlib.closing(_open_for_reading(folder)) as connection:
        _check_version(connection, folder)
        return _record(connection, folder)


def _open_for_reading(folder: Path) -> sqlite3.Connection:
    address = (folder / FILE).resolve().as_uri()
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        # A write-ahead log needs a writable folder, unless nobody writes.
        connection.close()
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    return connection


def _about(connection: sqlite3.Connection) -> About | None:
    rows = connection.execute("SELECT key, value FROM about").fetchall()
    values = {key: json.loads(value) for key, value in rows}
    if "settings" not in values:
        return None
    settings = Settings.from_json(values["settings"])
    # Runs of before learners had keys have none.
    keys = values.get("keys", {})
    return About(settings, values["versions"], values["hardware"], values["started"], keys)


def _record(connection: sqlite3.Connection, folder: Path) -> Record:
    about = _about(connection)
    if about is None:
        raise InputError(f"the run in {folder} was never begun; start it again with --resume")
    seconds = connection.execute("SELECT value FROM about WHERE key = 'seconds'").fetchone()
    tasks = connection.execute("SELECT name, card FROM task ORDER BY rowid").fetchall()
    trials = connection.execute(
        "SELECT learner, outcome FROM trial JOIN task USING (fingerprint) WHERE version = ? "
        "ORDER BY task.rowid, learner, n, seed",
        (about.versions["dlcompare"],),
    ).fetchall()
    found = [(learner, Trial.from_json(json.loads(outcome))) for learner, outcome in trials]
    return Record(
        about,
        json.loads(seconds[0]) if seconds else 0.0,
        {name: json.loads(card) for name, card in tasks},
        tuple(t for key, t in found if key == about.keys.get(t.learner, t.learner)),
        tuple(json.loads(outcome) for (outcome,) in _controls(connection)),
    )


def _controls(connection: sqlite3.Connection) -> list[tuple[str]]:
    """The outcomes of controls; the store of a run that was begun earlier has no place for them."""
    known = "SELECT count(*) FROM sqlite_master WHERE name = 'control'"
    if not connection.execute(known).fetchone()[0]:
        return []
    return connection.execute(
        "SELECT outcome FROM control JOIN task USING (fingerprint) ORDER BY control.rowid"
    ).fetchall()


def _name(key: str) -> str:
    """The name of a learner from its key."""
    return re.sub(r"@[0-9a-f]{16}\Z", "", key)


def _check_version(connection: sqlite3.Connection, folder: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > SCHEMA_VERSION:
        raise InputError(
            f"the run in {folder} was written by a newer dlcompare (store version {version}, this "
            f"one knows {SCHEMA_VERSION}); upgrade dlcompare to read it"
        )


def _lock(folder: Path) -> IO[str]:
    try:
        file = (folder / _LOCK).open("a+")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise InputError(
            f"another run is at work in {folder} (process {holder}); wait for it to end, or choose "
            "another folder with --out"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


@contextlib.contextmanager
def _sentences(folder: Path) -> Iterator[None]:
    """Say in a sentence what SQLite could not do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise InputError(f"{folder / FILE} cannot be used: {error}") from error
