"""The process that every trial is forked from, and that ends a trial which overstays.

Importing torch and numba takes seconds; forking a process that has imported them takes
milliseconds. This process imports them once, calls the function ``preload`` of a module that has
one (to load compiled kernels, say), and does nothing else with them: a library that has started
threads cannot be forked. It is single-threaded, runs no learner itself, and for every
worker it

* puts it in a session of its own, so that its process group can be killed as a whole, children
  that hang included;
* limits its memory by ``RLIMIT_DATA`` (private writable memory; unlike ``RLIMIT_AS`` it leaves the
  address space alone that CUDA reserves), and by looking at the resident memory of the whole group;
* kills the group when its time is over, when the worker ends, and when the run itself is gone,
  which shows as the end of the control socket, also after a ``kill -9``.

What it reads on the control socket: a `LAUNCH` struct with two file descriptors, the worker's
channel and its log. What it writes: one `Ready`, then one `Ended` a worker.
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

from dlcompare.compare.channel import Channel, frame
from dlcompare.compare.residence import resident_bytes

__all__ = ["LAUNCH", "Ended", "Ready", "serve"]

LAUNCH = struct.Struct("<QdQ")
"""Number of the worker, seconds it may take, bytes it may take."""

_POLL = 0.1
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Ready:
    """The imports are done."""


@dataclass(frozen=True)
class Ended:
    """A worker is over, its process group dead.

    Attributes
    ----------
    number : int
        Which worker.
    cause : str
        ``"exit"``, ``"signal"``, ``"timeout"`` or ``"memory"``.
    code : int
        Exit status, or the signal that ended it.
    wall_seconds, cpu_seconds : float
        From its fork to its end; the time of its waited-for children included.
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
        # What cannot be imported is reported by the worker that needs it.
        with contextlib.suppress(Exception):
            getattr(importlib.import_module(name), "preload", _nothing)()
    # A collection in a worker would touch, and so copy, every page of what was imported.
    gc.collect()
    gc.freeze()
    woken, wake = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    workers: dict[int, _Worker] = {}
    try:
        control.sendall(frame(Ready()))
        while True:
            timeout = _POLL if workers else None
            readable, _, _ = select.select([control_fd, woken], [], [], timeout)
            if woken in readable:
                with contextlib.suppress(BlockingIOError):
                    os.read(woken, 4096)
            if control_fd in readable:
                message, fds, _, _ = socket.recv_fds(control, LAUNCH.size, 2)
                if not message:
                    return
                pid, worker = _launch(message, fds, (control_fd, woken, wake))
                workers[pid] = worker
            _reap(control, workers)
            _enforce(workers)
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        for pid in workers:
            _kill_group(pid)


def _nothing() -> None:
    """What a module without a ``preload`` of its own does."""


def _launch(message: bytes, fds: Sequence[int], own: Sequence[int]) -> tuple[int, _Worker]:
    number, seconds, limit = LAUNCH.unpack(message)
    channel_fd, log_fd = fds
    server = os.getpid()
    started = time.monotonic()
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
    return pid, _Worker(number, started, started + seconds, limit)


def _become_worker(server: int, log_fd: int, limit: int, own: Sequence[int]) -> None:
    os.setsid()
    _die_with(server)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for fd in own:
        os.close(fd)
    os.dup2(log_fd, 1)
    os.dup2(log_fd, 2)
    os.close(log_fd)
    faulthandler.enable(2, all_threads=False)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _die_with(server: int) -> None:
    """Have the kernel kill this process when its parent dies, where the kernel can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != server:
            os._exit(1)


def _reap(control: socket.socket, workers: dict[int, _Worker]) -> None:
    """Report every worker that has ended, once its group is dead too."""
    for pid, worker in list(workers.items()):
        reaped, status, usage = os.wait4(pid, os.WNOHANG)
        if not reaped:
            continue
        del workers[pid]
        # While a child of it lives, the group keeps its number, which nothing else can get.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(status)
        cause = worker.killed_for or ("signal" if code < 0 else "exit")
        scale = 1 if sys.platform == "darwin" else 1024
        ended = Ended(
            worker.number,
            cause,
            abs(code),
            time.monotonic() - worker.started,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * scale,
        )
        control.sendall(frame(ended))


def _enforce(workers: dict[int, _Worker]) -> None:
    """Kill who has taken more time or memory than it may; `_reap` finds it dead."""
    for pid, worker in workers.items():
        if worker.killed_for:
            continue
        if time.monotonic() > worker.deadline:
            worker.killed_for = "timeout"
        elif resident_bytes(pid) > worker.bytes:
            worker.killed_for = "memory"
        if worker.killed_for:
            _kill_group(pid)


def _kill_group(pid: int) -> None:
    # Before its setsid the worker has no group of its own yet; then it is killed alone.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
