"""A learner that looks for the reference in every way that Python offers in a process.

Every way is a function that yields functions, or texts that tell where one is. The reference is
known by its name, which is that of the task, and by a number that its file contains.
"""

# The contract names arguments that who cheats has no use for.
# ruff: noqa: ARG001, ARG002

import contextlib
import gc
import importlib
import inspect
import json
import os
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import Budget, Inputs, Predictor, Problem
from dlcompare.tasks.types import Value

MARK = re.compile(rb"reference[_]marked_57005")
"""Written so that this file does not contain what it looks for."""


def named(name: str, values: Iterator[Any]) -> Iterator[Any]:
    """Of some objects the tasks of this name, and the functions of this name that are no ours."""
    for each in values:
        with contextlib.suppress(Exception):
            if (type(each).__name__ == "Task" and each.name == name) or (
                inspect.isfunction(each) and each.__name__ == name
            ):
                yield each


def by_specification(problem: Problem) -> Iterator[Any]:
    its = problem.specification
    if its is not None:
        yield its
        yield from named(problem.signature.name, iter(list(its.__globals__.values())))


def by_modules(problem: Problem) -> Iterator[Any]:
    values = (
        v for m in list(sys.modules.values()) for v in list(getattr(m, "__dict__", {}).values())
    )
    yield from named(problem.signature.name, values)


def by_garbage(problem: Problem) -> Iterator[Any]:
    gc.unfreeze()
    yield from named(problem.signature.name, iter(gc.get_objects()))


def by_frames(problem: Problem) -> Iterator[Any]:
    frame = sys._getframe()
    while frame is not None:
        held = [*frame.f_locals.values(), *frame.f_globals.values()]
        yield from named(problem.signature.name, iter(held))
        yield from (v for v in held if type(v).__name__ in ("Drawn", "Tests", "TestSet"))
        frame = frame.f_back  # type: ignore[assignment]


def by_words(problem: Problem) -> Iterator[Any]:
    """Environment and command line; neither may name a file of tasks."""
    words = [*os.environ.values(), *sys.argv, *sys.orig_argv]
    for word in words:
        for part in word.replace(":", " ").split():
            with contextlib.suppress(OSError):
                if part.endswith(".py") and MARK.search(Path(part).read_bytes()):
                    yield part


def by_open_files(problem: Problem) -> Iterator[Any]:
    for link in list(Path("/proc/self/fd").iterdir()):
        with contextlib.suppress(OSError):
            if link.resolve().is_file() and MARK.search(link.read_bytes()):
                yield str(link)


def by_memory(problem: Problem) -> Iterator[Any]:
    """Look for answers in everything that the process has inherited: all of its memory."""
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in Path("/proc/self/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            first, last = (int(each, 16) for each in span.split("-"))
            if "w" in rights:
                with contextlib.suppress(OSError, ValueError, OverflowError):
                    memory.seek(first)
                    if MARK.search(memory.read(last - first)):
                        yield span


def by_catalogue(problem: Problem) -> Iterator[Any]:
    with contextlib.suppress(Exception):
        from dlcompare.tasks.registry import load

        yield load(problem.signature.name)[0]


def by_import(problem: Problem) -> Iterator[Any]:
    from dlcompare.tasks import catalog

    for module in pkgutil.iter_modules(catalog.__path__):
        with contextlib.suppress(Exception):
            its = importlib.import_module(f"{catalog.__name__}.{module.name}")
            yield from named(problem.signature.name, iter(list(vars(its).values())))


WAYS: dict[str, Callable[[Problem], Iterator[Any]]] = {
    name: its for name, its in list(globals().items()) if name.startswith("by_")
}


def ways(problem: Problem) -> dict[str, int]:
    """By way, how often it leads to the reference."""
    found = {}
    for name, way in WAYS.items():
        count = 0
        with contextlib.suppress(Exception):
            for _ in way(problem):
                count += 1
        found[name] = count
    return found


class Cheat:
    """Looks for the reference, and notes by which ways it found it."""

    cost = Cost()
    prior: Mapping[str, str | int | float] = {}

    def __init__(self, log: str) -> None:
        self.log = log

    def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
        with Path(self.log).open("a") as log:
            log.write(json.dumps(ways(problem)) + "\n")
        return self

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        return [None for _ in inputs]


def create(options: Mapping[str, str], device: str) -> Cheat:
    return Cheat(options["log"])
