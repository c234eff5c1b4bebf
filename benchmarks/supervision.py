"""Our supervision of processes beside that of pebble and pynisher, on jobs that misbehave.

    pip install 'dlcompare[peers]'
    python -m benchmarks.supervision

Each line is a property that a run relies on, and what became of it. All three fork from a server
that has imported torch. Each property is tried in a process of its own, which may be killed.
"""

import argparse
import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import psutil

from dlcompare.compare.execution.channel import Channel, pickled
from dlcompare.compare.execution.supervisor import Supervisor

PRELOAD = ["torch"]
MEGABYTES = 10**6
LIMIT = 1_500 * MEGABYTES
CALLS = 10

Run = Callable[..., str]
"""Runs a function with arguments within seconds and bytes, and says how it ended."""


@dataclass(frozen=True)
class Call:
    """The job of a worker of ours: a function, whose result is sent as it is, pickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]

    says: ClassVar[tuple[type, ...]] = ()

    def run(self, channel: Channel) -> None:
        """Call the function; write what it returns past the encoding, as a learner could."""
        channel._connection.sendall(pickled(self.function(*self.arguments)))


@contextlib.contextmanager
def ours() -> Iterator[Run]:
    """Return the way to run a function by our fork server."""
    with Supervisor(PRELOAD) as supervisor:

        def run(function: Callable[..., Any], *arguments: Any, seconds: float) -> str:
            return supervisor.run(Call(function, arguments), seconds, LIMIT).cause

        yield run


def forking() -> Any:
    """Return the fork server of the standard library, with the same imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return context


@contextlib.contextmanager
def pebble() -> Iterator[Run]:
    """Return the way to run a function by pebble, which limits time."""
    from pebble import ProcessPool

    with ProcessPool(max_workers=1, max_tasks=1, context=forking()) as pool:

        def run(function: Callable[..., Any], *arguments: Any, seconds: float) -> str:
            try:
                pool.schedule(function, args=arguments, timeout=seconds).result()
            except Exception as error:
                return type(error).__name__
            return "exit"

        yield run


@contextlib.contextmanager
def pynisher() -> Iterator[Run]:
    """Return the way to run a function by pynisher, which limits time and memory."""
    from pynisher import limit

    context = forking()

    def run(function: Callable[..., Any], *arguments: Any, seconds: float) -> str:
        limits = {"wall_time": seconds, "memory": LIMIT}
        try:
            limit(function, **limits, context=context)(*arguments)
        except Exception as error:
            return type(error).__name__
        return "exit"

    yield run


SUPERVISORS = {"ours": ours, "pebble": pebble, "pynisher": pynisher}


def nothing() -> None:
    """Do nothing."""


def sleep_with_child(mark: str) -> None:
    """Start a process in a session of its own, and sleep."""
    subprocess.Popen(["sleep", mark], start_new_session=True, stdout=subprocess.DEVNULL)
    time.sleep(1_000)


def sleep_in_child(mark: str) -> None:
    """Become a process that sleeps."""
    os.execvp("sleep", ["sleep", mark])


def fill(children: int, each: int) -> None:
    """Hold memory in several processes, none of them above the limit."""
    code = f"import time; held = bytearray(b'x') * {each}; time.sleep(20)"
    for _ in range(children):
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    time.sleep(6)


class Code:
    """An answer that runs code in the process that unpickles it."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return leave_trace, (self.file,)


def leave_trace(file: str) -> None:
    """Write the number of this process."""
    Path(file).write_text(str(os.getpid()))


def answer_code(file: str) -> Code:
    """Return the answer that runs code."""
    return Code(file)


def alive(mark: str) -> int:
    """Count the processes that carry a mark, and end them."""
    time.sleep(1.0)
    found = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cmdline() == ["sleep", mark]:
                found += 1
                process.kill()
    return found


def fork_milliseconds(run: Run, mark: str) -> str:  # noqa: ARG001
    """Time a job that does nothing."""
    run(nothing, seconds=60)
    started = time.perf_counter()
    for _ in range(CALLS):
        run(nothing, seconds=60)
    return f"{1e3 * (time.perf_counter() - started) / CALLS:.0f} ms"


def orphans(run: Run, mark: str) -> str:
    """Count what is left of a job beyond its time."""
    cause = run(sleep_with_child, mark, seconds=2)
    return f"{cause}, {alive(mark)} left"


def memory_of_children(run: Run, mark: str) -> str:  # noqa: ARG001
    """Let three children hold more together than a job may."""
    return run(fill, 3, LIMIT // 2, seconds=20)


def answers_run_code(run: Run, mark: str) -> str:
    """Say whether an answer has run code in the process of the run."""
    file = Path(tempfile.gettempdir()) / mark
    cause = run(answer_code, str(file), seconds=20)
    ran = file.exists() and file.read_text() == str(os.getpid())
    file.unlink(missing_ok=True)
    return f"{cause}, {'code ran' if ran else 'no code ran'}"


PROPERTIES: dict[str, Callable[[Run, str], str]] = {
    "a job that does nothing": fork_milliseconds,
    "a job with a child in another session, beyond its time": orphans,
    "children that hold 1.5 times the memory": memory_of_children,
    "an answer that is code": answers_run_code,
}
KILLED = "a run killed by kill -9, its job"


def tried(name: str, what: str) -> str:
    """Try one property of one supervisor in a process of its own."""
    mark = f"1000.{time.time_ns() % 10**9:09}"
    command = [sys.executable, "-m", "benchmarks.supervision", "--one", name, what, mark]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    if what == KILLED:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(10.0)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return f"{alive(mark)} left"
    try:
        said, _ = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        return f"hangs, {alive(mark)} left"
    return said.strip() or f"status {process.returncode}"


def one(name: str, what: str, mark: str) -> None:
    """Try one property here."""
    with SUPERVISORS[name]() as run:
        if what == KILLED:
            print("begun", flush=True)
            run(sleep_in_child, mark, seconds=100)
        print(PROPERTIES[what](run, mark), flush=True)


def main() -> None:
    """Print a table: a line for each property, a column for each supervisor."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(*arguments.one)
        return
    print(f"{'':56}", *(f"{name:28}" for name in SUPERVISORS))
    for what in (*PROPERTIES, KILLED):
        print(f"{what:56}", *(f"{tried(name, what):28}" for name in SUPERVISORS), flush=True)


if __name__ == "__main__":
    # Workers unpickle functions of this module by its name, which `__main__` is not.
    from benchmarks import supervision

    supervision.main()
