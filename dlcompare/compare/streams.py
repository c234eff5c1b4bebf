"""Make the standard streams usable, whatever they are connected to.

A command may start with a stream that is closed, full, or in an encoding without many characters.
Results that cannot be written are an error, reported in one sentence; progress and warnings that
cannot be written are lost, and the work goes on. A character that the encoding lacks is spelt in
ASCII.
"""

import codecs
import contextlib
import io
import json
import os
import sys
from typing import IO, Any

from dlcompare.tasks.errors import InputError

__all__ = ["drop_output", "json_text", "prepare"]

_SPELT = {
    "–": "-", "—": "-", "−": "-", "…": "...", "×": "x", "·": "*", "→": "->", "≤": "<=", "≥": ">=",
    "≠": "!=", "±": "+-", "≈": "~", "’": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
"""Signs that the commands print, and their spellings in ASCII."""


def prepare(lossy_output: bool = False) -> None:
    """Make the three standard streams usable.

    Parameters
    ----------
    lossy_output : bool
        Whether output that cannot be written is no error either.
    """
    # In this order, since a file gets the lowest free number. A closed standard output is opened
    # for reading, so that the first result written to it is an error.
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    codecs.register_error("spelt", _spelt)
    # Streams that a test or a notebook has replaced are left as they are.
    if sys.stdout is sys.__stdout__:
        sys.stdout = _stream(sys.stdout, 1, _Lossy if lossy_output else _Result)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _stream(sys.stderr, 2, _Lossy)


def drop_output() -> None:
    """Discard output that could not be written, so that the end does not try again."""
    number = os.open(os.devnull, os.O_WRONLY)
    os.dup2(number, 1)
    os.close(number)


def json_text(value: Any, indent: int | None = 2) -> str:
    """Return a value as JSON that standard output can write without loss."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    ascii_only = not encoding.lower().startswith("utf")
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only, allow_nan=False)


class _Lossy(io.FileIO):
    """A file that ignores failures to write."""

    def write(self, data: Any, /) -> int:
        with contextlib.suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


class _Result(io.FileIO):
    """A file in which a failure to write is an error."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"standard output cannot be written: {error.strerror}") from error


def _stream(old: IO[str] | None, number: int, kind: type[io.FileIO]) -> io.TextIOWrapper:
    """Make a text stream on a file number, in the encoding of the old stream."""
    if old is not None:
        old.flush()
    buffer = io.BufferedWriter(kind(number, "w", closefd=False))
    encoding = getattr(old, "encoding", None) or "utf-8"
    terminal = buffer.isatty() or kind is _Lossy
    return io.TextIOWrapper(buffer, encoding, "spelt", line_buffering=terminal)


def _spelt(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_SPELT.get(each, _escaped(each)) for each in lacking), error.end


def _escaped(character: str) -> str:
    return character.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")
