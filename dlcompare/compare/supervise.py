"""Workers, seen from the run: each job in a process of its own, within a time and a memory limit.

The processes come from the fork server (`dlcompare.compare.forkserver`), which also ends them. One
thread looks after all of them; nothing in the run's own process is forked.
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any

from dlcompare.compare.channel import Incoming, frame
from dlcompare.compare.forkserver import LAUNCH, Ended, Ready
from dlcompare.compare.worker import Job
from dlcompare.tasks.progress import FitProgress

__all__ = ["Ending", "Reply", "Supervisor"]

Reply = Callable[[Any], object]
"""What to send back on a message of a worker; None for nothing."""

_ENVIRONMENT = {
    # One thread a trial: as many trials as cores run at a time.
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # Memory that a trial frees it will want again at the next step. The GNU allocator would hand
    # it back and have it cleared anew each time, which takes a tenth of decoding.
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**34),
}
"""One thread a trial: sums come out the same whatever else runs, and forking stays safe."""

_SERVE = (
    "import sys; sys.path[:] = {path!r}; "
    "from dlcompare.compare.forkserver import serve; serve({fd}, {preload!r})"
)
_LAST_WORDS = 4_000


@dataclass(frozen=True)
class Ending:
    """How a worker came to its end.

    Attributes
    ----------
    messages : tuple
        What it sent, in order, without what it told of its progress.
    cause : str
        ``"exit"``, ``"signal"``, ``"timeout"``, ``"memory"``, or ``"lost"`` where the fork server
        itself was killed.
    code : int
        Exit status, or the signal that ended it.
    wall_seconds, cpu_seconds : float
        From its fork to its end.
    peak_bytes : int
        Its largest resident memory.
    last_words : str
        The end of what it wrote on its standard streams.
    """

    messages: tuple[Any, ...]
    cause: str
    code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    last_words: str

    @property
    def signal_name(self) -> str:
        """The signal's name, ``"SIGSEGV"``."""
        try:
            return signal.Signals(self.code).name
        except ValueError:
            return f"signal {self.code}"


@dataclass
class _Worker:
    connection: socket.socket
    log: IO[bytes]
    reply: Reply
    incoming: Incoming = field(default_factory=Incoming)
    messages: list[Any] = field(default_factory=list)


@dataclass
class _Server:
    process: subprocess.Popen[bytes]
    control: socket.socket
    incoming: Incoming = field(default_factory=Incoming)


class Supervisor:
    """Starts jobs in processes of their own, and tells how each came to its end.

    Leaving the context kills whatever still runs.

    Parameters
    ----------
    preload : sequence of str
        Modules that every worker finds imported.
    """

    def __init__(self, preload: Sequence[str]) -> None:
        self._preload = list(preload)
        self._selector = selectors.DefaultSelector()
        self._workers: dict[int, _Worker] = {}
        self._endings: list[tuple[int, Ending]] = []
        self._launched = 0
        self._server: _Server | None = None

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._drop_server()
        for worker in self._workers.values():
            worker.connection.close()
            worker.log.close()
        self._workers.clear()
        self._selector.close()

    def launch(self, job: Job, reply: Reply, seconds: float, memory: int) -> int:
        """Start a job; the number that `wait` will know it by comes back.

        Parameters
        ----------
        job : Job
            Pickled to the worker.
        reply : callable
            Called with every message of the worker; what it returns is sent back, unless None.
        seconds : float
            Wall-clock limit.
        memory : int
            Memory limit in bytes.

        Raises
        ------
        RuntimeError
            If the fork server cannot be started.
        """
        server = self._server or self._start_server()
        self._launched += 1
        number = self._launched
        ours, theirs = socket.socketpair()
        log = tempfile.TemporaryFile()  # noqa: SIM115
        with theirs:
            message = LAUNCH.pack(number, seconds, memory)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                socket.send_fds(server.control, [message], [theirs.fileno(), log.fileno()])
        self._workers[number] = _Worker(ours, log, reply)
        self._selector.register(ours, selectors.EVENT_READ, number)
        self._send(ours, job)
        return number

    def wait(self, seconds: float | None = None) -> list[tuple[int, Ending]]:
        """Wait until a job has ended, or for so many seconds; the jobs that have, in order."""
        if not self._endings and self._workers:
            for key, _ in self._selector.select(seconds):
                if key.data is None:
                    self._hear_server()
                elif key.data in self._workers:
                    self._hear_worker(self._workers[key.data])
        endings, self._endings = self._endings, []
        return endings

    def run(self, job: Job, seconds: float, memory: int) -> Ending:
        """Run one job to its end, with nothing else running."""
        number = self.launch(job, lambda _: None, seconds, memory)
        while True:
            for ended, ending in self.wait():
                if ended == number:
                    return ending

    def _start_server(self) -> _Server:
        ours, theirs = socket.socketpair()
        fd = theirs.fileno()
        code = _SERVE.format(path=sys.path, fd=fd, preload=self._preload)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                pass_fds=[fd],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT},
                start_new_session=True,
            )
        server = _Server(process, ours)
        if not any(isinstance(each, Ready) for each in server.incoming.feed(ours.recv(4096))):
            process.wait()
            ours.close()
            raise RuntimeError(
                f"the fork server ended with status {process.returncode} before it was ready"
            )
        self._server = server
        self._selector.register(ours, selectors.EVENT_READ, None)
        return server

    def _drop_server(self) -> None:
        """Let go of the fork server: the end of its control socket makes it kill its workers."""
        if self._server is None:
            return
        self._selector.unregister(self._server.control)
        self._server.control.close()
        self._server.process.wait()
        self._server = None

    def _hear_server(self) -> None:
        assert self._server is not None
        data = self._receive(self._server.control)
        for message in self._server.incoming.feed(data):
            if isinstance(message, Ended):
                self._finish(message.number, message)
        if not data:
            self._drop_server()
            for number in list(self._workers):
                self._finish(number, Ended(number, "lost", 0, 0.0, 0.0, 0))

    def _hear_worker(self, worker: _Worker) -> None:
        data = self._receive(worker.connection)
        if not data:
            # Its end is the fork server's to tell.
            with contextlib.suppress(KeyError):
                self._selector.unregister(worker.connection)
            return
        for message in worker.incoming.feed(data):
            if not isinstance(message, FitProgress):  # of use for a moment only
                worker.messages.append(message)
            answer = worker.reply(message)
            if answer is not None:
                self._send(worker.connection, answer)

    def _finish(self, number: int, ended: Ended) -> None:
        worker = self._workers[number]
        # All that it sent is there; a process that escaped its group may still hold the other end.
        worker.connection.setblocking(False)
        while worker.connection in self._selector.get_map():
            self._hear_worker(worker)
        del self._workers[number]
        worker.connection.close()
        with worker.log as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LAST_WORDS))
            last_words = log.read().decode(errors="replace").strip()
        ending = Ending(
            tuple(worker.messages),
            ended.cause,
            ended.code,
            ended.wall_seconds,
            ended.cpu_seconds,
            ended.peak_bytes,
            last_words,
        )
        self._endings.append((number, ending))

    def _receive(self, connection: socket.socket) -> bytes:
        try:
            return connection.recv(1 << 20)
        except (BlockingIOError, ConnectionResetError):
            return b""

    def _send(self, connection: socket.socket, message: object) -> None:
        # A worker that is gone is reported by the fork server, not here.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(frame(message))
