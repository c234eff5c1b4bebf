"""Messages between a run and its workers: pickled objects with their length in front.

The two ends are sockets between processes of one run on one machine; nothing is ever read from a
file or from another machine this way.
"""

import pickle
import socket
import struct
from typing import Any

__all__ = ["Channel", "Incoming", "frame"]

_LENGTH = struct.Struct("<Q")
_LARGEST = 512 * 2**20


def frame(message: object) -> bytes:
    """A message as bytes.

    Raises
    ------
    MemoryError
        If it is larger than 512 MiB: answers of such a size would fill the run's own memory.
    """
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    if len(body) > _LARGEST:
        raise MemoryError(f"a message of {len(body) / 2**20:.0f} MiB; at most 512 MiB can be sent")
    return _LENGTH.pack(len(body)) + body


class Incoming:
    """Bytes as they arrive, and the messages that are complete."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Any]:
        """Add bytes; return the messages that they complete."""
        self._buffer += data
        messages = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            messages.append(pickle.loads(bytes(self._buffer[_LENGTH.size : end])))
            del self._buffer[:end]
        return messages


class Channel:
    """The worker's end: sends and receives whole messages, and waits for them."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, message: object) -> None:
        """Send one message."""
        self._connection.sendall(frame(message))

    def receive(self) -> Any:
        """Wait for one message.

        Raises
        ------
        EOFError
            If the other end is gone.
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
