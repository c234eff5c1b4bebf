"""Measure the memory that a process and its descendants hold together.

Memory counts if it goes away with them: anonymous pages, shared memory that they have mapped, and
files in memory (``memfd``, ``/dev/shm``, any ``tmpfs``) that they hold open. Pages mapped from a
disk (the code of libraries) do not count, and neither does a file in memory that all of them have
closed: nothing tells whose it is. On Linux this is read from ``/proc``; elsewhere psutil tells the
resident memory of each process.
"""

import contextlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

__all__ = ["children", "descendants", "resident_bytes"]

_PROC = Path("/proc")
_LINUX = sys.platform == "linux"


def children(pid: int) -> list[int]:
    """Return the children of a process; none of one that is gone."""
    if not _LINUX:
        return _others(pid, recursive=False)
    found: list[int] = []
    with _gone():
        for thread in (_PROC / str(pid) / "task").iterdir():
            with _gone():
                found += map(int, (thread / "children").read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """Return the children of a process, their children, and so on."""
    if not _LINUX:
        return _others(pid, recursive=True)
    found = children(pid)
    for each in found:  # the list grows meanwhile
        found += children(each)
    return found


def resident_bytes(pid: int, limit: int) -> int:
    """Return the memory that a process and its descendants hold; dead processes hold 0.

    Parameters
    ----------
    pid : int
    limit : int
        A cheap count comes first, which counts a shared page once for each process. Only if it
        exceeds `limit` bytes does an expensive one follow, which divides shared pages.
    """
    processes = [pid, *descendants(pid)]
    if not _LINUX:
        return sum(map(_others_bytes, processes))
    files = _files_in_memory(processes)
    total = 0
    for look in (_cheap, _dear):
        looked = [look(each) for each in processes]
        anonymous, mapped = (sum(column) for column in zip(*looked, strict=True))
        # A mapped file is often open too: only one of the two counts.
        total = anonymous + max(mapped, files)
        if total <= limit:
            break
    return total


def _cheap(pid: int) -> tuple[int, int]:
    """Return anonymous and shared memory of a process, counting each page once per mapping."""
    return _kilobytes(pid, "status", "RssAnon:", "RssShmem:")


def _dear(pid: int) -> tuple[int, int]:
    """Return the same with each page divided by the number of processes that map it; slower."""
    return _kilobytes(pid, "smaps_rollup", "Pss_Anon:", "Pss_Shmem:")


def _kilobytes(pid: int, file: str, *names: str) -> tuple[int, int]:
    found = dict.fromkeys(names, 0)
    with _gone():
        for line in (_PROC / str(pid) / file).read_text().splitlines():
            name, _, rest = line.partition("\t") if "\t" in line else line.partition(" ")
            if name in found:
                found[name] = int(rest.split()[0]) * 1024
    first, second = found.values()
    return first, second


def _files_in_memory(processes: list[int]) -> int:
    """Return the bytes of the files in memory that processes hold open, each file once."""
    found: dict[tuple[int, int], int] = {}
    for pid in processes:
        with _gone():
            for link in (_PROC / str(pid) / "fd").iterdir():
                with _gone():
                    if str(link.readlink()).startswith(_in_memory()):
                        status = link.stat()
                        found[status.st_dev, status.st_ino] = status.st_blocks * 512
    return sum(found.values())


@cache
def _in_memory() -> tuple[str, ...]:
    """Return the prefix of the names of files in memory."""
    mounts: list[str] = []
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mounts").read_text().splitlines():
            _, place, kind = line.split()[:3]
            if kind in ("tmpfs", "ramfs") and place != "/":
                mounts.append(f"{place.rstrip('/')}/")
    return ("/memfd:", *mounts)


@contextlib.contextmanager
def _gone() -> Iterator[None]:
    """Pass over a process that ends while it is examined, or that may not be examined."""
    with contextlib.suppress(
        FileNotFoundError, NotADirectoryError, ProcessLookupError, PermissionError
    ):
        yield


def _others(pid: int, recursive: bool) -> list[int]:
    import psutil

    with contextlib.suppress(psutil.Error):
        return [each.pid for each in psutil.Process(pid).children(recursive)]
    return []


def _others_bytes(pid: int) -> int:
    import psutil

    with contextlib.suppress(psutil.Error):
        return int(psutil.Process(pid).memory_info().rss)
    return 0


def end_marked(name: str, value: str) -> None:
    """Kill every process that has this variable and value in its environment."""
    import psutil

    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if each.environ().get(name) == value:
                each.kill()
