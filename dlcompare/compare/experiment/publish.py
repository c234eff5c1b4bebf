"""Refresh `summary.json` and `report.html` of a run's folder while the run goes on.

Drawing the report's charts takes seconds, so it happens in a thread: after ten seconds at the
earliest, every ten seconds at most, and for at most a twentieth of the time.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from dlcompare.compare.atomic import write_text
from dlcompare.compare.summary.json_values import as_json
from dlcompare.compare.summary.summary import Summary
from dlcompare.tasks.errors import InputError

__all__ = ["REPORT", "SUMMARY", "Publisher", "publish"]

SUMMARY = "summary.json"
REPORT = "report.html"

_AT_MOST_EVERY = 10.0
_SHARE = 1 / 20


def publish(folder: Path, summary: Summary) -> None:
    """Write summary and report of a run, each atomically.

    Raises
    ------
    InputError
        If the folder cannot be written, or the disk is full.
    """
    _write_summary(folder, summary)
    _write_report(folder, summary)


def _write_summary(folder: Path, summary: Summary) -> None:
    text = json.dumps(as_json(summary), indent=2, ensure_ascii=False, allow_nan=False)
    _write(folder / SUMMARY, text + "\n")


def _write_report(folder: Path, summary: Summary) -> None:
    from dlcompare.compare.report.html import render_report

    _write(folder / REPORT, render_report(summary))


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


class Publisher:
    """Keeps the summary and report of a running run up to date, without delaying it.

    Parameters
    ----------
    folder : Path
        The run's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = time.monotonic() + _AT_MOST_EVERY
        self._thread: threading.Thread | None = None

    def refresh(self, summarise: Callable[[], Summary]) -> None:
        """Rewrite both, unless that has just happened or is happening."""
        busy = self._thread is not None and self._thread.is_alive()
        if busy or time.monotonic() < self._next:
            return
        started = time.monotonic()
        summary = summarise()
        _write_summary(self._folder, summary)
        self._thread = threading.Thread(target=self._draw, args=(summary, started), daemon=True)
        self._thread.start()

    def finish(self, summary: Summary) -> None:
        """Write both for the last time."""
        if self._thread is not None:
            self._thread.join()
        publish(self._folder, summary)

    def _draw(self, summary: Summary, started: float) -> None:
        # A failure here recurs in `finish`, and is reported there.
        with contextlib.suppress(Exception):
            _write_report(self._folder, summary)
        took = time.monotonic() - started
        self._next = time.monotonic() + max(_AT_MOST_EVERY, took / _SHARE)
