"""Neural sequence learning and program synthesis on the same algorithmic tasks.

The public face. Names load when they are used, so that importing the package stays instant.
"""

from typing import TYPE_CHECKING

from dlcompare.version import VERSION

if TYPE_CHECKING:
    from dlcompare.compare.api import load_run, run
    from dlcompare.tasks.samplers import bools, ints, lists, strings
    from dlcompare.tasks.task import task

__all__ = ["__version__", "bools", "ints", "lists", "load_run", "run", "strings", "task"]

__version__ = VERSION

_HOMES = {
    "bools": "dlcompare.tasks.samplers",
    "ints": "dlcompare.tasks.samplers",
    "lists": "dlcompare.tasks.samplers",
    "load_run": "dlcompare.compare.api",
    "run": "dlcompare.compare.api",
    "strings": "dlcompare.tasks.samplers",
    "task": "dlcompare.tasks.task",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'dlcompare' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
