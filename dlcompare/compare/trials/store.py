"""Keep a run in one SQLite file of its folder, safe against being killed at any moment.

Every finished trial is one transaction, in write-ahead-log mode. A trial is known by the task's
fingerprint, the learner's key, n, the seed and the version of this package: a task whose function
changed, a learner whose file changed, or another version, makes its trials again, and nothing else.
A lock file keeps a second run out; the kernel releases it when the process ends, however it ends.
filelock does the same, but it names no holder, and to ask whether a run is at work it has to write
into the folder: ``python -m benchmarks.run_lock``.

What is read is validated, row by row (`rows`, `validation`): a damaged trial is named and counts as
missing. Nothing in the file is executed, imported or opened.
"""

import fcntl
import os
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Required, TypedDict

from dlcompare.compare.privacy import anonymous
from dlcompare.compare.trials.protocol import Planned, Settings, plan
from dlcompare.compare.trials.rows import Content, Kinds, Row, Writer, unreadable
from dlcompare.compare.trials.rows import read as read_rows
from dlcompare.compare.trials.sqlite import FILE, LOCK, refuse_odd_files
from dlcompare.compare.trials.trial import Trial
from dlcompare.compare.trials.validation import Amount, Count, Share
from dlcompare.tasks.errors import InputError
from dlcompare.version import VERSION

__all__ = ["FILE", "About", "Record", "Store", "at_work", "read"]


@dataclass(frozen=True)
class About:
    """The facts about a run that are known before its first trial.

    Attributes
    ----------
    settings : Settings
    versions, hardware : dict
        The software and hardware of the run.
    started : str
        ISO 8601, with the time zone.
    keys : dict of str to str
        By learner, the key of its stored trials, by default its name.
    """

    settings: Settings
    versions: dict[str, str | None]
    hardware: dict[str, str | int | float | None]
    started: str
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if "dlcompare" not in self.versions:
            raise ValueError("versions must have that of dlcompare")


@dataclass(frozen=True)
class Record:
    """The whole record of a run.

    Attributes
    ----------
    about : About
    seconds : float
        Wall-clock time of all sessions of the run, up to the last finished trial.
    tasks : dict
        Task cards by name.
    trials : tuple of Trial
        The finished trials.
    controls : tuple of dict
        The results of learners that were trained at a level.
    damage : tuple of str
        One sentence for each part of the file that could not be read; its trials are left out.
    """

    about: About
    seconds: float
    tasks: dict[str, dict[str, Any]]
    trials: tuple[Trial, ...]
    controls: tuple[dict[str, Any], ...] = ()
    damage: tuple[str, ...] = ()

    @property
    def planned(self) -> list[Planned]:
        """Return the trials of the run, finished or not."""
        available = {name: card["available"] for name, card in self.tasks.items()}
        return plan(self.about.settings, available)

    @property
    def finished(self) -> list[Trial]:
        """Return the trials of `planned` that have an outcome."""
        keys = {(each.task, each.learner, each.n, each.seed) for each in self.planned}
        return [t for t in self.trials if (t.task, t.learner, t.n, t.seed) in keys]


class _Axis(TypedDict):
    train: list[int | float | str]
    test: list[int | float | str]
    ordered: bool


class _Card(TypedDict, total=False):
    description: str
    signature: str
    axes: Required[dict[str, _Axis]]
    untested: list[dict[str, Any]]
    available: Required[Count]
    noise: float
    fingerprint: str


class _Task(TypedDict):
    fingerprint: str
    card: _Card


class _Control(TypedDict):
    task: str
    learner: str
    label: str
    axis: str
    level: int | float | str
    seed: Count
    examples: Count
    updates: Count
    exact_match: Share


_KINDS: Kinds = {
    "about": (tuple[()], About),
    "task": (tuple[str], _Task),
    "trial": (tuple[str, str, str, int, int, str], Trial),
    "control": (tuple[str, str, str, str, str, str], _Control),
    "seconds": (tuple[()], Amount),
}
"""The rows of a run. Keys: a task's name; of a trial its task, the task's fingerprint, the key of
its learner, n, seed and version; of a control its task, fingerprint, learner, axis, level, seed."""


class Store:
    """The open store of a run, to which no other process writes.

    Parameters
    ----------
    folder : Path
        An existing folder.

    Attributes
    ----------
    damage : tuple of str
        A sentence for each part damaged when the store was opened; the damaged file is kept.

    Raises
    ------
    InputError
        If the folder cannot be written, another run is at work in it, or its store was written by
        another version or is damaged beyond use.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._keys: Mapping[str, str] = {}
        self._lock = _lock(folder)
        try:
            self._writer = Writer(folder, _KINDS, "about")
        except BaseException:
            self._lock.close()
            raise
        self.damage = self._writer.damage

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()
        self._lock.close()

    def about(self) -> About | None:
        """Return the facts about the run in this folder; None in a fresh one."""
        content = self._writer.content()
        return _about(content, self.folder) if len(content.rows) > 1 else None

    def begin(self, about: About, tasks: Mapping[str, tuple[str, dict[str, Any]]]) -> None:
        """Write the facts about the run: its settings, and each task's fingerprint and card."""
        self._keys = about.keys
        with self._writer.transaction():
            self._writer.put("about", (), anonymous(asdict(about)))
            for name, (fingerprint, card) in tasks.items():
                self._writer.put("task", (name,), {"fingerprint": fingerprint, "card": card})

    def outdated(self, fingerprints: Mapping[str, str], keys: Mapping[str, str]) -> dict[str, int]:
        """Count, by task, the stored trials that no longer match the present tasks and learners.

        Parameters
        ----------
        fingerprints : mapping of str to str
            The present fingerprint of each task; until `begin`, the store has the last session's.
        keys : mapping of str to str
            The present key of each learner.
        """
        content = self._writer.content()
        known = {row.key[0]: row.value["fingerprint"] for row in _of("task", content)}
        found: Counter[str] = Counter()
        for row in _of("trial", content):
            task, fingerprint, learner, _, _, version = row.key
            if fingerprint == known.get(task) and (
                (fingerprint, version) != (fingerprints.get(task), VERSION)
                or learner != keys.get(_name(learner), _name(learner))
            ):
                found[task] += 1
        return found

    def add(self, trial: Trial, fingerprint: str, seconds: float) -> None:
        """Store a finished trial, and the seconds that the run has taken so far."""
        learner = self._keys.get(trial.learner, trial.learner)
        key = (trial.task, fingerprint, learner, trial.n, trial.seed, VERSION)
        with self._writer.transaction():
            self._writer.put("trial", key, _shareable(trial).as_json())
            self._writer.put("seconds", (), seconds)

    def add_control(self, control: Mapping[str, Any], fingerprint: str) -> None:
        """Store the result of training at a level; it replaces an earlier one of the same level.

        Parameters
        ----------
        control : mapping
            ``task``, ``learner``, ``axis``, ``level`` and ``seed``, with the result.
        fingerprint : str
            The fingerprint of the task.

        Raises
        ------
        InputError
            If the run has no such task, or has another form of it.
        """
        known = {row.key[0]: row.value for row in _of("task", self._writer.content())}
        its = known.get(control["task"])
        if its is None or its["fingerprint"] != fingerprint:
            had = "has no task" if its is None else "was made with another form of the task"
            raise InputError(f"the run in {self.folder} {had} {control['task']!r}")
        place = (str(control[name]) for name in ("learner", "axis", "level", "seed"))
        with self._writer.transaction():
            key = (control["task"], fingerprint, *place)
            self._writer.put("control", key, dict(control))

    def record(self) -> Record:
        """Return the present record of the run.

        Raises
        ------
        InputError
            If no run was ever started here.
        """
        return _record(self._writer.content(), self.folder)


def read(folder: Path) -> Record:
    """Read a run without writing to it, even while it goes on.

    Raises
    ------
    InputError
        If there is no run in the folder, or it cannot be read.
    """
    return _record(read_rows(folder, _KINDS), folder)


def _record(content: Content, folder: Path) -> Record:
    about = _about(content, folder)
    tasks = {row.key[0]: row.value for row in _of("task", content)}
    order = {name: place for place, name in enumerate(tasks)}
    fingerprints = {name: its["fingerprint"] for name, its in tasks.items()}
    damage = list(content.damage)
    trials = []
    for row in _of("trial", content):
        task, fingerprint, key, n, seed, version = row.key
        trial = row.value
        if (task, _name(key), n, seed) != (trial.task, trial.learner, trial.n, trial.seed):
            damage.append(f"{row.name} has another trial in it")
        elif (
            fingerprint == fingerprints.get(task)
            and version == about.versions["dlcompare"]
            and key == about.keys.get(trial.learner, trial.learner)
        ):
            trials.append(trial)
    return Record(
        about,
        next((row.value for row in _of("seconds", content)), 0.0),
        {name: its["card"] for name, its in tasks.items()},
        tuple(sorted(trials, key=lambda t: (order[t.task], t.learner, t.n, t.seed))),
        tuple(
            row.value
            for row in _of("control", content)
            if fingerprints.get(row.value["task"]) == row.key[1]
        ),
        tuple(damage),
    )


def _about(content: Content, folder: Path) -> About:
    its: About
    for row in _of("about", content):
        its = row.value
        return its
    if content.damage:
        raise InputError(unreadable(folder, content.damage))
    raise InputError(f"the run in {folder} was never begun; start it again with --resume")


def _of(kind: str, content: Content) -> list[Row]:
    return [row for row in content.rows if row.kind == kind]


def _shareable(trial: Trial) -> Trial:
    """Return a trial without traces of the machine's user; its program's text is untouched."""
    texts = {} if trial.program is None else {key: trial.program[key] for key in ("python", "dsl")}
    program = None if trial.program is None else anonymous(trial.program) | texts
    return replace(
        trial, reason=anonymous(trial.reason), prior=anonymous(trial.prior), program=program
    )


def _name(key: str) -> str:
    """Return the name of a learner, given its key."""
    return re.sub(r"@[0-9a-f]{16}\Z", "", key)


def _lock(folder: Path) -> IO[str]:
    refuse_odd_files(folder)
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.fdopen(os.open(folder / LOCK, flags, 0o666), "a+")
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from error
    if not _had(file):
        file.seek(0)
        holder = file.read(20).strip()
        file.close()
        raise InputError(
            f"another run is at work in {folder} (process {holder if holder.isdigit() else '?'}); "
            "wait for it to end, or choose another folder with --out"
        )
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _had(file: IO[str]) -> bool:
    """Try to take the lock, which `at_work` holds for a moment and a run for its whole length."""
    for pause in (0.05, 0.2, 0.0):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(pause)
        else:
            return True
    return False


def at_work(folder: Path) -> bool:
    """Return whether a run is at work in a folder."""
    try:
        # If there is a pipe in its place, do not wait for it.
        file = os.open(folder / LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(file)
    return False
