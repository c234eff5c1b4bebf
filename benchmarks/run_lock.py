"""The lock of a run beside that of filelock: what a reader and a second run learn from it.

    python -m benchmarks.run_lock

filelock comes with torch. Its lock has to be taken to be asked about, and names nobody.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from dlcompare.compare.trials.sqlite import LOCK
from dlcompare.compare.trials.store import Store, at_work
from dlcompare.tasks.errors import InputError

HOLDING = {
    "ours": "from dlcompare.compare.trials.store import Store; held = Store(Path({0!r}))",
    "filelock": "from filelock import FileLock; held = FileLock({0!r} + '/run.lock').acquire()",
}


def filelock_at_work(folder: Path) -> bool:
    """Return whether filelock's lock is held: it is taken for a moment, if it can be."""
    try:
        with FileLock(folder / LOCK, timeout=0):
            return False
    except Timeout:
        return True


def ours_second(folder: Path) -> str:
    """Return what our lock tells a second run."""
    try:
        with Store(folder):
            return "taken"
    except InputError as error:
        return str(error)


def filelock_second(folder: Path) -> str:
    """Return what filelock tells a second run."""
    try:
        with FileLock(folder / LOCK, timeout=0.25):
            return "taken"
    except Timeout as error:
        return str(error)


WAYS: dict[str, tuple[Callable[[Path], bool], Callable[[Path], str]]] = {
    "ours": (at_work, ours_second),
    "filelock": (filelock_at_work, filelock_second),
}


def main() -> None:
    """Print what each does."""
    for name, (asked, second) in WAYS.items():
        with tempfile.TemporaryDirectory() as path:
            folder = Path(path)
            asked(folder)
            left = sorted(file.name for file in folder.iterdir())
            print(f"{name}: asking leaves {left or 'nothing'} in the folder")
            code = f"from pathlib import Path; import time; {HOLDING[name].format(path)}"
            code += "; print(flush=True); time.sleep(100)"
            command = [sys.executable, "-c", code]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
                assert holder.stdout is not None
                holder.stdout.readline()
                told = second(folder)
                named = "names" if str(holder.pid) in told else "does not name"
                print(f"{name}: while held, at work is {asked(folder)}; it {named} the holder")
                holder.send_signal(signal.SIGKILL)
            print(f"{name}: after kill -9, at work is {asked(folder)}")
            started = time.perf_counter()
            for _ in range(1_000):
                asked(folder)
            print(f"{name}: asking takes {1e3 * (time.perf_counter() - started):.0f} µs")


if __name__ == "__main__":
    main()
