"""Standard streams that serve whatever they are connected to.

A command may be started with a stream that is closed, full, or of an encoding that lacks half of
the characters. Results that cannot be written are an error, which one sentence tells; progress and
warnings that cannot be written are lost, and the work goes on. A character that the encoding lacks
is spelt in ASCII.
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
"""Signs that the commands themselves print."""


def prepare(lossy_output: bool = False) -> None:
    """Make the three standard streams usable.

    Parameters
    ----------
    lossy_output : bool
        Whether standard output, too, is nothing that an error must tell of.
    """
    # In this order, since a file gets the lowest number that is free. A closed standard output is
    # opened for reading, so that the first result that is written to it is an error.
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    codecs.register_error("spelt", _spelt)
    # Where a test or a notebook has put streams of its own, they are right as they are.
    if sys.stdout is sys.__stdout__:
        sys.stdout = _stream(sys.stdout, 1, _Lossy if lossy_output else _Result)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _stream(sys.stderr, 2, _Lossy)


def drop_output() -> None:
    """Forget what has been printed and could not be written, so that the end does not try again."""
    number = os.open(os.devnull, os.O_WRONLY)
    os.dup2(number, 1)
    os.close(number)


def json_text(value: Any, indent: int | None = 2) -> str:
    """Return a value as JSON that standard output can write without a loss."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    ascii_only = not encoding.lower().startswith("utf")
    return json.dumps(value, indent=indent, ensure_ascii=ascii_only, allow_nan=False)


class _Lossy(io.FileIO):
    """A file of which it does not matter whether it can be written."""

    def write(self, data: Any, /) -> int:
        with contextlib.suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


class _Result(io.FileIO):
    """A file that must be written."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"standard output cannot be written: {error.strerror}") from error


def _stream(old: IO[str] | None, number: int, kind: type[io.FileIO]) -> io.TextIOWrapper:
    """A text stream on a file number, in the encoding of the one that was there."""
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
