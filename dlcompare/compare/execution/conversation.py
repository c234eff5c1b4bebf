"""The run's end of a worker's channel; no worker can block it."""

import os
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dlcompare.compare.execution.channel import Incoming, pickled
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.forkserver import Ended
from dlcompare.compare.execution.wire import GarbledError, decode
from dlcompare.compare.execution.worker import Job
from dlcompare.tasks.progress import FitProgress

__all__ = ["Conversation", "Converse", "Order", "Reply"]

Reply = Callable[[Any], object]
"""Returns the reply to a worker's message; None for no reply."""

Converse = Callable[[], Reply]
"""Called whenever a process of a job begins; its result hears the messages of that process."""

_LAST_WORDS = 4_000
_MOST_MESSAGES = 1_000_000
_MOST_DRAINED = 64 * 2**20
_PART = 1 << 20


@dataclass(frozen=True)
class Order:
    """A job, the listener to its worker, and its limits in seconds and bytes."""

    job: Job
    converse: Converse
    seconds: float
    memory: int


class Conversation:
    """The exchange between a run and one worker.

    Parameters
    ----------
    number : int
        The number by which the run knows the worker.
    order : Order
    repeats : int
        The number of earlier processes of the same job that were ended from outside.

    Attributes
    ----------
    connection : socket
        The socket to the worker.
    theirs : socket
        The worker's end, to be closed once the worker has it.
    log : file
        Takes the worker's standard output and error.
    unsent : bytearray
        Bytes that the worker has not read yet.
    talks : bool
        Whether it may still send something.
    """

    def __init__(self, number: int, order: Order, repeats: int) -> None:
        self.number = number
        self.order = order
        self.repeats = repeats
        self.connection, self.theirs = socket.socketpair()
        self.connection.setblocking(False)
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.unsent = bytearray(pickled(order.job))
        self.talks = True
        self._reply = order.converse()
        self._incoming = Incoming()
        self._messages: list[Any] = []
        self._heard = 0
        self._complaint: str | None = None

    def write(self) -> None:
        """Send as much as the worker takes now."""
        while self.unsent:
            try:
                sent = self.connection.send(self.unsent[:_PART])
            except BlockingIOError:
                return
            except (BrokenPipeError, ConnectionResetError):
                # The fork server, not this object, reports a dead worker.
                self.unsent.clear()
                return
            del self.unsent[:sent]

    def read(self) -> bool:
        """Hear what the worker has sent; return whether its job may send that.

        Anything after a forbidden message is ignored.
        """
        self._read()
        return self._complaint is None

    def end(self, ended: Ended) -> Ending:
        """Hear the remaining messages, and close the channel."""
        # A process that outlives its worker may hold the other end, and write for ever.
        drained = 0
        while self.talks and drained < _MOST_DRAINED and (count := self._read()):
            drained += count
        cause, words = ended.cause, self._last_words()
        if self._complaint is not None:
            cause, words = "garbled", self._complaint
        self.close()
        return Ending(
            tuple(self._messages),
            cause,
            ended.code,
            ended.wall_seconds,
            ended.cpu_seconds,
            ended.peak_bytes,
            words,
            self.repeats,
        )

    def close(self) -> None:
        """Close the worker's channel and its log."""
        self.connection.close()
        self.theirs.close()
        self.log.close()

    def _read(self) -> int:
        """Read what is there, at most a mebibyte; return the number of bytes."""
        try:
            data = self.connection.recv(_PART)
        except BlockingIOError:
            return 0
        except ConnectionResetError:
            data = b""
        if not data:
            self.talks = False
        try:
            for body in self._incoming.feed(data):
                self._hear(body)
        except GarbledError as error:
            self.talks = False
            self._complaint = str(error)
        return len(data)

    def _hear(self, body: bytes) -> None:
        self._heard += 1
        if self._heard > _MOST_MESSAGES:
            raise GarbledError(f"more than {_MOST_MESSAGES} messages")
        message = decode(body, self.order.job.says)
        answer = self._reply(message)
        if not isinstance(message, FitProgress):  # progress is not kept
            self._messages.append(message)
        if answer is not None:
            self.unsent += pickled(answer)
            self.write()

    def _last_words(self) -> str:
        self.log.seek(max(0, self.log.seek(0, os.SEEK_END) - _LAST_WORDS))
        return self.log.read().decode(errors="replace").replace("\0", "").strip()
