"""Messages between a run and its workers, each preceded by its length.

A worker receives jobs, which are pickled Python objects: the run that starts a process may tell it
what to do. A worker sends data (`dlcompare.compare.execution.wire`), which is never unpickled,
since the learner that it runs can write into the same socket.
"""

import pickle
import socket
import struct
from collections.abc import Iterator
from typing import Any

from dlcompare.compare.execution.wire import GarbledError, encode

__all__ = ["Channel", "Incoming", "frame", "pickled"]

_LENGTH = struct.Struct("<Q")
_LARGEST = 256 * 2**20


def frame(body: bytes) -> bytes:
    """Return the body of a message, preceded by its length.

    Raises
    ------
    MemoryError
        If it is larger than 256 MiB: answers of such a size would fill the run's own memory.
    """
    if len(body) > _LARGEST:
        raise MemoryError(f"a message of {len(body) / 2**20:.0f} MiB; at most 256 MiB can be sent")
    return _LENGTH.pack(len(body)) + body


def pickled(message: object) -> bytes:
    """Return a message to a worker, pickled and preceded by its length."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


class Incoming:
    """A buffer that turns arriving bytes into complete messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Add bytes; yield the bodies that they complete.

        Raises
        ------
        GarbledError
            If a message announces more than 256 MiB.
        """
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > _LARGEST:
                raise GarbledError(f"a message of {length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield body


class Channel:
    """The worker's end: sends data, and waits for objects."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, message: object) -> None:
        """Send one message, a dataclass that `dlcompare.compare.execution.wire` can encode."""
        self._connection.sendall(frame(encode(message)))

    def receive(self) -> Any:
        """Wait for one message of the run.

        Raises
        ------
        EOFError
            If the other end is closed.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        return pickle.loads(self._exactly(length))

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            part = self._connection.recv(min(count - len(data), 1 << 20))
            if not part:
                raise EOFError("the run that this worker belongs to is gone")
            data += part
        return bytes(data)
