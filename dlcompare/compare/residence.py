"""Resident memory of a process and its descendants, read from ``/proc``.

Pages mapped from files (the code of libraries) are left out, and so is shared memory. Elsewhere
than on Linux there is no ``/proc``: 0 comes back, and the limit that the kernel enforces is the
only one.
"""

import os
from pathlib import Path

__all__ = ["resident_bytes"]

_PAGE = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid: int) -> int:
    """Bytes of memory of their own that `pid` and its descendants hold; 0 for what is gone."""
    total, waiting = 0, [pid]
    while waiting:
        process = Path("/proc") / str(waiting.pop())
        try:
            _, resident, shared = (process / "statm").read_text().split()[:3]
            total += (int(resident) - int(shared)) * _PAGE
            for thread in (process / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
            continue
    return total
