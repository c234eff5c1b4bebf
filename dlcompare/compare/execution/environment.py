"""Record the versions and hardware of a run, without importing heavy packages."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from dlcompare.version import VERSION

__all__ = ["hardware", "usable_cores", "versions"]

_LIBRARIES = ("numba", "numpy", "torch", "z3-solver")


def versions() -> dict[str, str | None]:
    """Return the versions of this package, of Python, and of libraries that affect results."""
    found: dict[str, str | None] = {
        "dlcompare": VERSION,
        "python": platform.python_version(),
    }
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def usable_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def hardware(gpu: str | None) -> dict[str, Any]:
    """Return the processor, usable cores, memory in gigabytes (10⁹ bytes), and the GPU's name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": _processor(),
        "cores": usable_cores(),
        "memory_gb": round(memory, 1),
        "gpu": gpu,
        "system": platform.platform(terse=True),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
