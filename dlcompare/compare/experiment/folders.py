"""Choose, make and list the folders of runs."""

import contextlib
import datetime
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from dlcompare.compare.trials.store import FILE
from dlcompare.tasks.errors import InputError

__all__ = ["RUNS", "choose_folder", "make_folder", "newest", "runs_in", "unmake_folder"]

RUNS = Path("runs")


def choose_folder(out: Path | None, tasks: Sequence[str], resume: bool) -> Path:
    """Return the folder of a run: `out`, or one under ``runs/`` named after the day and the tasks.

    Without `out`, resuming means the newest run of the same tasks, if there is one; a new run gets
    ``-2``, ``-3`` … appended to a name that exists.
    """
    if out is not None:
        return out
    name = re.sub(r"[^\w-]", "_", "-".join(tasks))[:80]
    if resume:
        dated = re.compile(rf"\d{{4}}-\d\d-\d\d-{re.escape(name)}(-\d+)?")
        earlier = [folder for folder in runs_in(RUNS) if dated.fullmatch(folder.name)]
        if earlier:
            return earlier[-1]
    folder = RUNS / f"{datetime.date.today().isoformat()}-{name}"
    count = 1
    while folder.exists():
        count += 1
        folder = RUNS / f"{datetime.date.today().isoformat()}-{name}-{count}"
    return folder


def make_folder(folder: Path, resume: bool) -> list[Path]:
    """Make the folder of a run and its parents; return what was made, the innermost first.

    Raises
    ------
    InputError
        If it exists and `resume` is false, or if it cannot be made.
    """
    try:
        if folder.is_dir():
            if resume:
                return []
            raise InputError(
                f"the folder {folder} exists; add --resume to continue the run in it, or choose "
                "another with --out"
            )
        missing = [each for each in (folder, *folder.parents) if not each.exists()]
        folder.mkdir(parents=True)
    except OSError as error:
        raise InputError(
            f"the folder {folder} cannot be made: {error.strerror}; choose another with --out"
        ) from error
    return missing


def unmake_folder(made: Sequence[Path]) -> None:
    """Remove what `make_folder` made for a run that never began, unless it is in use."""
    for folder in made[:1]:
        shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        for folder in made[1:]:
            folder.rmdir()


def newest(runs: Path = RUNS) -> Path:
    """Return the most recently written run under `runs`.

    Raises
    ------
    InputError
        If there is none.
    """
    found = runs_in(runs)
    if not found:
        raise InputError(f"there is no run under {runs}/ yet; make one with: dlcompare run sorting")
    return found[-1]


def runs_in(runs: Path) -> list[Path]:
    """Return the folders of runs, damaged ones too, the most recently written one last.

    Raises
    ------
    InputError
        If `runs` cannot be read.
    """
    if not runs.is_dir():
        return []
    found = []
    try:
        for folder in runs.iterdir():
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                found.append(((folder / FILE).lstat().st_mtime, folder.name, folder))
    except OSError as error:
        raise InputError(f"{runs} cannot be read: {error.strerror}") from error
    return [folder for *_, folder in sorted(found)]
