"""Draw the examples of a run: a task's test sets and, for each seed, its training stream.

They are drawn once, by the run itself, and handed to the trials: every learner gets the same ones,
and no learner's process ever holds the reference function's answers to the test inputs.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dlcompare.compare.privacy import public_name
from dlcompare.compare.task_files.remote import call_seconds, load
from dlcompare.compare.trials.protocol import Settings
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Inputs, Problem
from dlcompare.tasks.splits import Tests, canonical, draw_tests, draw_training
from dlcompare.tasks.task import Level, Task
from dlcompare.tasks.types import Value

__all__ = ["Drawn", "TestSet", "draw", "fingerprint", "label", "resolve"]


@dataclass(frozen=True)
class TestSet:
    """One test set: inside the training range (no axis, no level), or a level of an axis."""

    __test__ = False

    axis: str | None
    level: Level | None
    examples: Examples


@dataclass(frozen=True)
class Drawn:
    """A task with the examples of a run.

    Attributes
    ----------
    task : Task
    tests : Tests
        The test sets, disjoint from every stream.
    streams : tuple of Examples
        One stream for each seed; the training set of n examples is its first n.
    """

    task: Task
    tests: Tests
    streams: tuple[Examples, ...]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what decides the trials of this task: its definition and every test example.

        If something that the function calls changes, its source does not show it; its answers do.
        """
        return fingerprint(self.task, self.tests)

    @property
    def available(self) -> int:
        """The number of training examples that every seed can have."""
        return min(len(stream) for stream in self.streams)

    def problem(self, n: int, seed: int) -> Problem:
        """The problem as a learner sees it, without the specification."""
        return replace(self.task.problem(self.streams[seed][:n]), specification=None)

    def test_sets(self, levels: bool) -> list[TestSet]:
        """Return the test set inside the training range and, with `levels`, those of every axis."""
        sets = [TestSet(None, None, self.tests.inside)]
        if levels:
            for axis, by_level in self.tests.levels.items():
                sets += [TestSet(axis, level, each) for level, each in by_level.items()]
        return sets

    def questions(self, levels: bool) -> tuple[Mapping[str, tuple[Value, ...]], ...]:
        """Return the inputs of the test sets; the same object each time."""
        return self._questions[levels]

    @cached_property
    def _questions(self) -> dict[bool, tuple[Mapping[str, tuple[Value, ...]], ...]]:
        return {
            levels: tuple(each.examples.inputs for each in self.test_sets(levels))
            for levels in (False, True)
        }

    def card(self) -> dict[str, Any]:
        """The description of the task in a report, as JSON values."""
        axes = {
            axis.name: {
                "train": list(axis.train),
                "test": list(self.tests.levels.get(axis.name, ())),
                "ordered": axis.ordered,
            }
            for axis in self.task.axes
        }
        return {
            "description": self.task.description,
            "signature": str(self.task.signature),
            "axes": axes,
            "untested": [dict(setting) for setting in self.tests.untested],
            "available": self.available,
            "noise": self.task.noise,
            "fingerprint": self.fingerprint,
        }


def resolve(targets: Sequence[str | Task], timeout: float = 300.0) -> list[Task]:
    """Return the tasks that names, files and task objects stand for, each once.

    Parameters
    ----------
    targets : sequence of str or Task
    timeout : float
        Seconds that a trial may take; a call of a task's code may take part of them.

    Raises
    ------
    InputError
        If there are none, one is unknown, or two of different origin have the same name.
    """
    found: dict[str, Task] = {}
    seconds = call_seconds(timeout)
    for target in targets:
        for task in [target] if isinstance(target, Task) else load(target, seconds):
            other = found.setdefault(task.name, task)
            if other.address != task.address:
                raise InputError(
                    f"{other.address} and {task.address} are both called {task.name!r}; "
                    "a run needs different names"
                )
    if not found:
        raise InputError("there is no task to run; name one, as in: dlcompare run sorting")
    return list(found.values())


def fingerprint(task: Task, tests: Tests) -> str:
    """Return a hash of a task's definition and of every test example."""
    text = repr((task.fingerprint, tests.inside, tests.levels))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def label(task: Task) -> str:
    """Return the label of a task in settings: its name in the catalogue, or ``file.py:name``."""
    file = task.address.removesuffix(f":{task.name}")
    return task.name if file == task.name else f"{public_name(Path(file))}:{task.name}"


def draw(task: Task, settings: Settings) -> Drawn:
    """Draw the test sets and the training streams of a task.

    Raises
    ------
    InputError
        If the task cannot supply a test set inside its training range, or answers wrongly typed.
    AssertionError
        If training meets a test input: a fault of the sampling, never of a task.
    """
    tests = draw_tests(task, settings.inside, settings.per_level)
    if not len(tests.inside):
        raise InputError(
            f"task {task.name!r} has too few distinct inputs to be tested on {settings.inside} of "
            "them; widen its samplers, or choose a smaller preset"
        )
    largest = max(settings.train_sizes)
    streams = tuple(
        draw_training(task, largest, seed, tests.reserved) for seed in range(settings.seeds)
    )
    for stream in streams:
        _assert_disjoint(tests.reserved, stream.rows())
    return Drawn(task, tests, streams)


def _assert_disjoint(reserved: frozenset[Any], rows: Iterable[Inputs]) -> None:
    seen = set()
    for row in rows:
        key = canonical(row)
        if key in reserved or key in seen:
            raise AssertionError(f"{dict(row)!r} is drawn twice, or is reserved for testing")
        seen.add(key)
