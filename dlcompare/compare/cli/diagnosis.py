"""Report what is installed, what it runs on, and what each extra would add."""

import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dlcompare.compare.execution.environment import hardware, versions
from dlcompare.compare.report.library import cached_library
from dlcompare.synthesis.compiled.engine import cache_location

__all__ = ["diagnose"]

_EXTRAS = {
    "frames": ("data frames and Parquet", ("pandas", "pyarrow")),
    "peers": ("solvers and networks to measure against", ("cvc5", "x_transformers")),
    "perception": ("the task of handwritten digits", ("sklearn",)),
    "ray": ("many machines", ("ray",)),
}


def diagnose() -> dict[str, Any]:
    """Return versions, hardware, caches and extras, as JSON values."""
    device, gpu = _device()
    return {
        "versions": versions(),
        "hardware": {**hardware(gpu), "device": device},
        "caches": {
            "compiled kernels": _kernels(),
            "charting library": _file(cached_library()),
            "runs": _folder(Path("runs")),
        },
        "extras": {
            name: {
                "for": purpose,
                "missing": [module for module in modules if find_spec(module) is None],
                "install": f"pip install 'dlcompare[{name}]'",
            }
            for name, (purpose, modules) in _EXTRAS.items()
        },
    }


def _device() -> tuple[str, str | None]:
    """Return the device that networks run on, with the GPU's name."""
    try:
        torch: Any = importlib.import_module("torch")
    except (ImportError, OSError) as error:
        return f"none: torch cannot be imported ({error})", None
    if torch.cuda.is_available():
        return f"cuda {torch.version.cuda}", torch.cuda.get_device_name()
    return "cpu", None


def _kernels() -> str:
    """Return how many compiled kernels are cached, and where."""
    folder = cache_location()
    found = list(folder.rglob("*.nbc"))
    size = sum(file.stat().st_size for file in found) / 1e6
    return f"{len(found)} in {folder} ({size:.1f} MB)"


def _file(file: Path) -> str:
    return f"{file}" if file.is_file() else f"none yet: {file}"


def _folder(folder: Path) -> str:
    if not folder.is_dir():
        return f"none: there is no folder {folder}/ here"
    return f"{sum(each.is_dir() for each in folder.iterdir())} in {folder.resolve()}"
