"""Supervise workers: each job runs in its own process, within a time and a memory limit.

The processes come from the fork server (`forkserver`), which also ends them. One thread supervises
all of them; the run's own process is never forked. A job whose process is ended from outside is
repeated, at most twice, and a fork server that is ended is replaced.

pebble and pynisher supervise processes, too. With both, a job outlives a run that is killed, its
children may together exceed its memory, and its answer can run code in the process of the run:
``python -m benchmarks.supervision``.
"""

import contextlib
import os
import secrets
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any

from dlcompare.compare.execution.channel import Incoming
from dlcompare.compare.execution.conversation import Conversation, Converse, Order
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.forkserver import ORDER, Ended, Ready
from dlcompare.compare.execution.residence import end_marked
from dlcompare.compare.execution.wire import GarbledError, decode
from dlcompare.compare.execution.worker import Job

__all__ = ["Supervisor"]

_REPEATS = 2
_GRACE = 30.0
"""Seconds that a fork server has, once the time of a job is over, to end it and to say so."""

_LONGEST_WAIT = 3_600.0  # the kernel takes no more than some weeks
_MARK = "DLCOMPARE_FORK_SERVER"

_ENVIRONMENT = {
    # One thread per trial: as many trials as cores run at a time.
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # A trial needs the memory that it frees again at the next step. The GNU allocator would return
    # it and have it cleared each time, which takes a tenth of the time of decoding.
    "MALLOC_MMAP_THRESHOLD_": str(2**30),
    "MALLOC_TRIM_THRESHOLD_": str(2**34),
}
"""One thread per trial: sums do not depend on what else runs, and forking stays safe."""

_SERVE = (
    "import sys; sys.path[:] = {path!r}; "
    "from dlcompare.compare.execution.forkserver import serve; serve({fd}, {preload!r})"
)


class Supervisor:
    """Starts jobs in their own processes, and reports how each ended.

    Leaving the context kills jobs that still run.

    Parameters
    ----------
    preload : sequence of str
        Modules that every worker finds already imported.
    """

    def __init__(self, preload: Sequence[str]) -> None:
        self._preload = list(preload)
        self._selector = selectors.DefaultSelector()
        self._workers: dict[int, Conversation] = {}
        self._endings: list[tuple[int, Ending]] = []
        self._due: dict[int, float] = {}
        self._launched = 0
        self._server: _ForkServer | None = None

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
            worker.close()
        self._workers.clear()
        self._selector.close()

    def launch(self, job: Job, converse: Converse, seconds: float, memory: int) -> int:
        """Start a job, and return the number by which `wait` will know it.

        Parameters
        ----------
        job : Job
            The job, sent to the worker pickled.
        converse : callable
            Called when the job begins, and again whenever it is repeated. What it returns is called
            with every message of the worker; what that returns is sent back, unless None. It raises
            `GarbledError` at a message that the job does not send at this point.
        seconds : float
            Wall-clock limit.
        memory : int
            Memory limit in bytes.

        Raises
        ------
        RuntimeError
            If the fork server cannot be started.
        """
        self._launched += 1
        self._start(self._launched, Order(job, converse, seconds, memory), 0)
        return self._launched

    def wait(self, seconds: float | None = None) -> list[tuple[int, Ending]]:
        """Wait until a job ends, or for some seconds; return the jobs that have ended, in order.

        The list may be empty: a caller that waits for a job asks again.
        """
        if not self._endings and self._workers:
            due = min(self._due[number] for number in self._workers)
            longest = _LONGEST_WAIT if seconds is None else seconds
            ready = self._selector.select(max(0.0, min(longest, due - time.monotonic())))
            if not ready and time.monotonic() >= due:
                self._end_idle_server()
            for key, events in ready:
                if key.data is None:
                    self._hear_server()
                elif key.data in self._workers:
                    self._attend(self._workers[key.data], events)
        endings, self._endings = self._endings, []
        return endings

    def run(self, job: Job, seconds: float, memory: int) -> Ending:
        """Run one job to its end, with nothing else running."""
        number = self.launch(job, lambda: lambda _: None, seconds, memory)
        while True:
            for ended, ending in self.wait():
                if ended == number:
                    return ending

    def _end_idle_server(self) -> None:
        """End a fork server that has not ended a job in time: something has stopped it."""
        if self._server is not None:
            self._server.kill()

    def _start(self, number: int, order: Order, repeats: int) -> None:
        if self._server is None:
            self._server = _ForkServer(self._preload)
            self._selector.register(self._server.control, selectors.EVENT_READ, None)
        worker = Conversation(number, order, repeats)
        self._workers[number] = worker
        self._due[number] = time.monotonic() + order.seconds + _GRACE
        self._server.start(worker)
        worker.write()
        self._watch(worker)

    def _attend(self, worker: Conversation, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            worker.write()
        if events & selectors.EVENT_READ and not worker.read() and self._server is not None:
            self._server.end(worker)
        self._watch(worker)

    def _watch(self, worker: Conversation) -> None:
        """Have the selector watch for the events that can come from a worker."""
        events = selectors.EVENT_READ if worker.talks else 0
        if worker.unsent:
            events |= selectors.EVENT_WRITE
        known = worker.connection in self._selector.get_map()
        if known and events:
            self._selector.modify(worker.connection, events, worker.number)
        elif known:
            self._selector.unregister(worker.connection)
        elif events:
            self._selector.register(worker.connection, events, worker.number)

    def _hear_server(self) -> None:
        if self._server is None:
            return
        try:
            for ended in self._server.hear():
                if ended.number in self._workers:
                    self._finish(ended)
        except EOFError:
            self._drop_server()
            for number in list(self._workers):
                self._finish(Ended(number, "lost", 0, 0.0, 0.0, 0))

    def _finish(self, ended: Ended) -> None:
        """Report how a job ended, or repeat it."""
        worker = self._workers.pop(ended.number)
        del self._due[ended.number]
        if worker.connection in self._selector.get_map():
            self._selector.unregister(worker.connection)
        ending = worker.end(ended)
        if ending.from_outside and worker.repeats < _REPEATS:
            self._start(worker.number, worker.order, worker.repeats + 1)
        else:
            self._endings.append((worker.number, ending))

    def _drop_server(self) -> None:
        if self._server is not None:
            self._selector.unregister(self._server.control)
            self._server.close()
            self._server = None


class _ForkServer:
    """A running fork server.

    Raises
    ------
    RuntimeError
        If it ends before it is ready at every attempt to start it.
    """

    def __init__(self, preload: Sequence[str]) -> None:
        for _ in range(1 + _REPEATS):
            if self._begin(preload):
                return
            self.close()
        raise RuntimeError(
            f"the fork server ended with status {self._process.returncode} before it was ready"
        )

    def _begin(self, preload: Sequence[str]) -> bool:
        """Start it, and wait for its imports; return whether it finishes them."""
        self._mark = secrets.token_hex(16)
        self._incoming = Incoming()
        self.control, theirs = socket.socketpair()
        fd = theirs.fileno()
        code = _SERVE.format(path=sys.path, fd=fd, preload=preload)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                pass_fds=[fd],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT, _MARK: self._mark},
                start_new_session=True,
            )
        with contextlib.suppress(EOFError):
            return bool(list(self._read(Ready)))
        return False

    def start(self, worker: Conversation) -> None:
        """Have a worker forked."""
        its = worker.order
        message = ORDER.pack(worker.number, its.seconds, its.memory)
        with worker.theirs, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            fds = [worker.theirs.fileno(), worker.log.fileno()]
            socket.send_fds(self.control, [message], fds)

    def end(self, worker: Conversation) -> None:
        """Have a worker killed."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.control.sendall(ORDER.pack(worker.number, 0.0, 0))

    def hear(self) -> Iterator[Ended]:
        """Yield the messages on workers that have ended.

        Raises
        ------
        EOFError
            If the fork server has ended.
        """
        return self._read(Ended)

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """Close its control socket, which makes it kill its workers.

        A fork server that was itself killed has killed none; its workers are found by their mark.
        """
        self.control.close()
        if self._process.wait():
            end_marked(_MARK, self._mark)

    def _read(self, kind: type[Any]) -> Iterator[Any]:
        try:
            data = self.control.recv(1 << 16)
            bodies = list(self._incoming.feed(data))
            if not data:
                raise EOFError("the fork server is gone")
            for body in bodies:
                yield decode(body, [kind])
        except (ConnectionResetError, GarbledError):
            raise EOFError("the fork server is gone") from None
