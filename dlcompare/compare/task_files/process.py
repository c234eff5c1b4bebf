"""Start, ask, watch and end the process of a task file."""

import contextlib
import marshal
import os
import signal
import struct
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from typing import Any

from dlcompare.compare.task_files.server import LARGEST
from dlcompare.tasks.calling import CallError
from dlcompare.tasks.errors import InputError

__all__ = ["TaskProcess"]

_WHOLE, _LEAST_WHOLE = 10, 300.0
"""Calls that draw and answer may take this many times a call's limit in all, or this minimum."""

_CLOSING = 0.5
"""Seconds within which a process that has closed its connection ends."""

_LENGTH = struct.Struct("!i")

_START = (
    "import sys; sys.path[:] = {path!r}; "
    "from dlcompare.compare.task_files.server import serve; serve({fd}, {parent}, {limit})"
)


class TaskProcess:
    """The process that imports a task file; if a call ends it, the next one starts another.

    Parameters
    ----------
    targets : sequence of str
        A file, or names.
    seconds : float
        Seconds that a call may take.
    memory : int
        Bytes that the code may take.
    hash_seed : str, optional
        Determines the order of sets of texts, which is random by default.
    """

    def __init__(
        self, targets: Sequence[str], seconds: float, memory: int, hash_seed: str | None
    ) -> None:
        self._targets = list(targets)
        self._seconds = seconds
        self._memory = memory
        self._hash_seed = hash_seed
        self._running: _Running | None = None
        self._spent: dict[str, float] = {}

    def load(self) -> list[dict[str, Any]]:
        """Import the file, and return the descriptions of its tasks.

        Raises
        ------
        InputError
            If it cannot be imported, or has no task.
        """
        try:
            records: list[dict[str, Any]] = self._ask(["load", *self._targets])
        except CallError as error:
            raise InputError(f"importing {', '.join(self._targets)} {error}") from error
        return records

    def call(self, part: str, task: str, *arguments: Any) -> Any:
        """Call a part of a task's code.

        Raises
        ------
        CallError
            If it raises, ends its process, or takes too long.
        """
        if self._running is None:
            self.load()
        whole = max(_WHOLE * self._seconds, _LEAST_WHOLE)
        if self._spent.get(task, 0.0) > whole:
            raise CallError(f"was slow: calls of this task took more than {whole:g} seconds in all")
        started = time.monotonic()
        try:
            return self._ask([part, task, *arguments])
        finally:
            if part in ("sampler", "function", "answers", "states"):
                self._spent[task] = self._spent.get(task, 0.0) + time.monotonic() - started

    def _ask(self, request: list[Any]) -> Any:
        running = self._running = self._running or self._start()
        try:
            running.connection.send_bytes(marshal.dumps(request))
            kind, value = marshal.loads(_received(running.connection, self._seconds))
        except (EOFError, ConnectionError):
            raise CallError(self._ending()) from None
        except TimeoutError:
            self._end()
            raise CallError(
                f"did not return within {self._seconds:g} seconds (see --timeout)"
            ) from None
        except (OSError, ValueError, TypeError):
            self._end()
            raise CallError("wrote into the connection of its process") from None
        except CallError:
            raise
        except BaseException:
            # Such as an interrupt between a request and its answer.
            self._end()
            raise
        if kind == "refused":
            raise InputError(value)
        if kind == "failed":
            raise CallError(value)
        return value

    def _start(self) -> "_Running":
        ours, theirs = Pipe()
        code = _START.format(
            path=sys.path, fd=theirs.fileno(), parent=os.getpid(), limit=self._memory
        )
        seed = {} if self._hash_seed is None else {"PYTHONHASHSEED": self._hash_seed}
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=2,
                env={**os.environ, **seed},
                start_new_session=True,
            )
        return _Running(process, ours, weakref.finalize(self, _kill, process, ours))

    def _end(self) -> None:
        """End the process; the next call starts another."""
        running, self._running = self._running, None
        if running is not None:
            running.kill()

    def _ending(self) -> str:
        """Return how a process ended that has closed its connection."""
        assert self._running is not None
        process = self._running.process
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_CLOSING)
        code = process.poll()
        self._end()
        if code is None:
            return "closed the connection of its process"
        if code >= 0:
            return f"ended its process with status {code}"
        try:
            return f"ended its process by {signal.Signals(-code).name}"
        except ValueError:
            return f"ended its process by signal {-code}"


@dataclass(frozen=True)
class _Running:
    process: subprocess.Popen[bytes]
    connection: Connection
    kill: Callable[[], object]


def _received(connection: Connection, seconds: float) -> bytes:
    """Return the next message, as `Connection` frames it, all of which arrives in so many seconds.

    Raises
    ------
    TimeoutError
        If it does not; code that writes into the connection may leave a message without its end.
    EOFError
        If the connection is closed.
    ValueError
        If the message is too large.
    """
    deadline = time.monotonic() + seconds

    def exactly(count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            if not connection.poll(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            part = os.read(connection.fileno(), min(count - len(data), 1 << 20))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    (length,) = _LENGTH.unpack(exactly(_LENGTH.size))
    if not 0 <= length <= LARGEST:
        raise ValueError(f"a message of {length} bytes")
    return exactly(length)


def _kill(process: subprocess.Popen[bytes], connection: Connection) -> None:
    connection.close()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
