"""The process that forks every trial, and ends trials that exceed their limits.

Importing torch and numba takes seconds; forking a process that has imported them takes
milliseconds. This process imports them once, calls the function ``preload`` of a module that has
one (to load compiled kernels, say), and does nothing else with them: a library that has started
threads cannot be forked. It is single-threaded, runs no learner itself, imports no task, and for
every worker it

* puts it in a session of its own, so that its process group can be killed as a whole, children
  that hang included;
* limits its memory by ``RLIMIT_DATA`` (private writable memory; unlike ``RLIMIT_AS`` it leaves the
  address space alone that CUDA reserves), and by looking at what it and its descendants hold
  (`dlcompare.compare.execution.residence`);
* kills it when its time is over, when the run asks for that, and when the run itself is gone,
  which shows as the end of the control socket, also after a ``kill -9``;
* kills whatever it leaves behind, also in a session of its own. On Linux an orphan goes to its
  nearest ancestor that is a subreaper: the worker while that lives, then this process.

It reads orders on the control socket: an `ORDER` with two file descriptors (the worker's channel
and its log) starts a worker; one without them ends it. It writes one `Ready`, then one `Ended` for
each worker.
"""

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import os
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlcompare.compare.execution.channel import Channel
from dlcompare.compare.execution.residence import children, descendants, resident_bytes

__all__ = ["ORDER", "Ended", "Ready", "serve"]

ORDER = struct.Struct("<QdQ")
"""The number of the worker, and the seconds and bytes that it may take."""

_POLL = 0.1
_COUNT = 2.0
_SWEEPS = 400
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass(frozen=True)
class Ready:
    """Sent when the imports are done."""


@dataclass(frozen=True)
class Ended:
    """Sent when a worker has ended, and every process that it started is dead.

    Attributes
    ----------
    number : int
        The number of the worker.
    cause : str
        ``"exit"``, ``"signal"``, ``"timeout"``, ``"memory"``, ``"machine_memory"`` (the kernel
        killed it because the machine or its container had no memory left) or ``"asked"``.
    code : int
        Exit status, or the signal that ended it.
    wall_seconds, cpu_seconds : float
        From its fork to its end, including its waited-for children.
    peak_bytes : int
        Largest resident memory of the worker.
    """

    number: int
    cause: str
    code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass
class _Worker:
    number: int
    started: float
    deadline: float
    bytes: int
    killed_for: str | None = None


def serve(control_fd: int, preload: Sequence[str]) -> None:
    """Import `preload`, then fork workers until the control socket ends."""
    control = socket.socket(fileno=control_fd)
    for name in preload:
        # The worker that needs a module reports that it cannot be imported.
        module, _, text = name.partition(":")
        with contextlib.suppress(Exception):
            load = getattr(importlib.import_module(module), "preload", _nothing)
            load(*filter(None, [text]))
    # A garbage collection in a worker would touch, and so copy, every imported page.
    gc.collect()
    gc.freeze()
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    server = _LiveWorkers(control, (control_fd, woken, wake))
    try:
        Channel(control).send(Ready())
        while True:
            timeout = _POLL if server.workers else None
            readable, _, _ = select.select([control_fd, woken], [], [], timeout)
            if woken in readable:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
            if control_fd in readable:
                message, fds, _, _ = socket.recv_fds(control, ORDER.size, 2)
                if not message:
                    return
                server.obey(message, fds)
            server.reap()
            server.enforce()
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        server.end_all()


def _nothing(*_: str) -> None:
    """Do nothing: the ``preload`` of a module that has none."""


class _LiveWorkers:
    """The live workers, by process number.

    Parameters
    ----------
    control : socket
        The socket to the run.
    own : sequence of int
        The open files that no worker may inherit.
    """

    def __init__(self, control: socket.socket, own: Sequence[int]) -> None:
        self.workers: dict[int, _Worker] = {}
        self._channel = Channel(control)
        self._own = own
        # Processes that an import has started are not ours to end.
        self._spared = frozenset(children(os.getpid()))
        # The last two counts. A process dies some time after the kernel has counted it, so that the
        # newer count may include it already.
        self._oom_kills = (_oom_kills(), _oom_kills())
        self._counted = time.monotonic()

    def obey(self, order: bytes, fds: Sequence[int]) -> None:
        """Start a worker, or end one."""
        number, seconds, limit = ORDER.unpack(order)
        if fds:
            started = time.monotonic()
            pid = _fork(fds, limit, self._own)
            self.workers[pid] = _Worker(number, started, started + seconds, limit)
            return
        for pid, worker in self.workers.items():
            if worker.number == number:
                worker.killed_for = worker.killed_for or "asked"
                _kill(pid)

    def reap(self) -> None:
        """Report every ended worker, once all processes that it started are dead too."""
        for pid, worker in list(self.workers.items()):
            reaped, status, usage = os.wait4(pid, os.WNOHANG)
            if not reaped:
                continue
            del self.workers[pid]
            # While a child of it lives, no other group can get its number.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            self._sweep()
            code = os.waitstatus_to_exitcode(status)
            cause = worker.killed_for or ("signal" if code < 0 else "exit")
            if cause == "signal" and -code == signal.SIGKILL and _oom_kills() > self._oom_kills[0]:
                cause = "machine_memory"
            self._channel.send(
                Ended(
                    worker.number,
                    cause,
                    abs(code),
                    time.monotonic() - worker.started,
                    usage.ru_utime + usage.ru_stime,
                    usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
                )
            )

    def enforce(self) -> None:
        """Kill workers that have exceeded their time or memory; `reap` finds them dead."""
        for pid, worker in self.workers.items():
            if worker.killed_for:
                continue
            if time.monotonic() > worker.deadline:
                worker.killed_for = "timeout"
            elif resident_bytes(pid, worker.bytes) > worker.bytes:
                worker.killed_for = "memory"
            if worker.killed_for:
                _kill(pid)
        if time.monotonic() > self._counted + _COUNT:
            self._oom_kills = self._oom_kills[1], _oom_kills()
            self._counted = time.monotonic()

    def end_all(self) -> None:
        """Kill every worker, and all processes that they have started."""
        for pid in self.workers:
            _kill(pid)
        self.workers.clear()
        self._sweep()

    def _sweep(self) -> None:
        """Kill what a dead worker leaves behind: children of this process that are not workers."""
        for _ in range(_SWEEPS):
            left = set(children(os.getpid())) - self.workers.keys() - self._spared
            if not left:
                return
            for pid in left:
                _kill(pid)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, os.WNOHANG)
            time.sleep(0.002)  # they take time to die; then their children are ours


def _fork(fds: Sequence[int], limit: int, own: Sequence[int]) -> int:
    """Fork a worker, which does the job that it receives on its channel."""
    channel_fd, log_fd = fds
    server = os.getpid()
    pid = os.fork()
    if not pid:
        code = 1
        try:
            _become_worker(server, log_fd, limit, own)
            channel = Channel(socket.socket(fileno=channel_fd))
            channel.receive().run(channel)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            with contextlib.suppress(BaseException):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)
    for fd in fds:
        os.close(fd)
    return pid


def _become_worker(server: int, log_fd: int, limit: int, own: Sequence[int]) -> None:
    os.setsid()
    # Have the kernel kill this process when its parent dies, where the kernel can.
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != server:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    # An interrupt sent to a worker alone ends it as other signals do.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for fd in own:
        os.close(fd)
    os.dup2(log_fd, 1)
    os.dup2(log_fd, 2)
    os.close(log_fd)
    faulthandler.enable(2, all_threads=False)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _kill(pid: int) -> None:
    """Kill a process, its group, and its descendants in any group."""
    below = descendants(pid)
    # Before its setsid a worker has no group of its own; then it is killed alone.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    for each in below:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(each, signal.SIGKILL)


def _oom_kills() -> int:
    """Return how often the kernel has killed a process for lack of memory; 0 if it cannot tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0
