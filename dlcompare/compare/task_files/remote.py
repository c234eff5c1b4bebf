"""Tasks of files, whose code runs in its own process.

A task file may end the interpreter, never return, take all memory or print. The command that reads
it must survive all of this and name the input that caused it. So another process (`server`) imports
the file; the command holds a `RemoteTask`, a `Task` whose functions are called there. Tasks of the
catalogue, of installed packages and of ``.jsonl`` files stay in this process.
"""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dlcompare.compare.task_files.process import TaskProcess
from dlcompare.tasks import registry
from dlcompare.tasks.axis import Axis
from dlcompare.tasks.calling import CallError
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.interaction import Step
from dlcompare.tasks.problem import Inputs, Signature
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Type, Value, conforms

__all__ = ["CALL_SECONDS", "RemoteTask", "call_seconds", "load", "twins"]

CALL_SECONDS = 30.0
"""Seconds that a call of a task's code may take by default."""

_TOGETHER = 32
"""The number of inputs answered in one call."""

_BYTES = 4 * 10**9
_OTHER_SEEDS = ("1", "2")


def call_seconds(timeout: float) -> float:
    """Return the seconds for a call of a task's code in a run with this `timeout` of a trial."""
    return max(10.0, timeout / 10)


def load(target: str, seconds: float = CALL_SECONDS, memory: int = _BYTES) -> list[Task]:
    """Return the tasks of a target; those of a Python file run in their own process.

    Parameters
    ----------
    target : str
        As `dlcompare.tasks.registry.load` takes it.
    seconds : float
        Seconds that a call of a task's code, or the import of its file, may take.
    memory : int
        Bytes that the code may take.

    Raises
    ------
    UnknownNameError
        If there is no such task.
    InputError
        If the file is missing, cannot be imported, or has no task.
    """
    if not registry.is_code(target):
        return registry.load(target)
    return _loaded([target], seconds, memory, None)


def twins(tasks: Sequence[Task], seconds: float = CALL_SECONDS) -> dict[str, Task]:
    """Return the same tasks, by address, in processes that order sets of texts differently.

    Tasks whose file cannot be imported there are missing.

    Parameters
    ----------
    tasks : sequence of Task
        Tasks of files, of the catalogue and of installed packages.
    seconds : float
        Seconds that a call of their code may take.
    """
    sources: dict[str, list[str]] = {}
    for task in tasks:
        file = task.address.rpartition(":")[0]
        sources.setdefault(file, []).append(task.address)
    own = os.environ.get("PYTHONHASHSEED")
    found: dict[str, Task] = {}
    for file, addresses in sources.items():
        with contextlib.suppress(InputError):
            targets = [file] if file else addresses
            loaded = _loaded(targets, seconds, _BYTES, _OTHER_SEEDS[own == _OTHER_SEEDS[0]])
            found |= {each.address: each for each in loaded}
    return found


def _loaded(
    targets: Sequence[str], seconds: float, memory: int, hash_seed: str | None
) -> list[Task]:
    process = TaskProcess(targets, seconds, memory, hash_seed)
    return [_task(record, process) for record in process.load()]


class _Other:
    """A stand-in for something that is not a value of a task, such as an object of the file."""

    __module__ = "builtins"  # its text says what the value is; see `described`

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def _received(value: Any) -> Any:
    kind, its = value
    if kind == "inputs":
        return {name: _received(each) for name, each in its}
    return its if kind == "plain" else _Other(its)


@dataclass(frozen=True)
class RemoteTask(Task):
    """A task whose functions are called in another process."""

    process: TaskProcess = field(kw_only=True, repr=False)
    record: Mapping[str, Any] = field(kw_only=True, repr=False)

    @property
    def fingerprint(self) -> str:
        """Return the hash computed by the process that has the source."""
        its: str = self.record["fingerprint"]
        return its

    @property
    def states_type(self) -> Type:
        """The type of the intermediate states."""
        return _type(self.record["states_type"])

    def answers(self, rows: Sequence[Inputs]) -> list[Value]:
        """Return the right outputs for many inputs, in groups, since each call is slow.

        If a group fails, its inputs are answered one by one, to find the one at fault.
        """
        found: list[Value] = []
        for start in range(0, len(rows), _TOGETHER):
            part = rows[start : start + _TOGETHER]
            try:
                values = self.process.call("answers", self.name, [dict(row) for row in part])
            except CallError:
                values = None
            outputs = list(map(_received, values or ()))
            if len(outputs) == len(part) and all(
                conforms(output, self.signature.result) for output in outputs
            ):
                found += outputs
            else:
                found += map(self.answer, part)
        return found

    def conduct(self, rows: Sequence[Inputs]) -> list[str]:
        """List what the function does besides answering these inputs, one sentence each."""
        told: list[str] = self.process.call("conduct", self.name, [dict(row) for row in rows])
        return told

    def randomness(self) -> str:
        """Return the state of the global random generators there."""
        state: str = self.process.call("randomness", self.name)
        return state


@dataclass(frozen=True)
class _World:
    """The world of a remote task."""

    patience: int
    _process: TaskProcess
    _name: str

    def begin(self, rng: np.random.Generator, setting: Mapping[str, Any]) -> Inputs:
        inputs: Inputs = _drawn(self._process, "begin", self._name, rng, setting)
        return inputs

    def move(self, state: Inputs, answer: Value) -> Step:
        value, crashed = self._process.call("move", self._name, dict(state), answer)
        return Step(_received(value), crashed)


def _drawn(
    process: TaskProcess,
    part: str,
    name: str,
    rng: np.random.Generator,
    setting: Mapping[str, Any],
) -> Any:
    """Draw something there; the generator here continues from the state of the one there."""
    value, state = process.call(part, name, rng.bit_generator.state, dict(setting))
    rng.bit_generator.state = state
    return _received(value)


def _task(record: Mapping[str, Any], process: TaskProcess) -> Task:
    name, parameters, result = record["signature"]
    signature = Signature(name, tuple((n, _type(t)) for n, t in parameters), _type(result))
    called_as = record["title"] or name

    def part(which: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            given = [dict(each) if isinstance(each, Mapping) else each for each in args]
            value = process.call(which, called_as, given, kwargs)
            return value if isinstance(value, bool) else _received(value)

        return call

    def sampler(rng: np.random.Generator, setting: Mapping[str, Any]) -> Inputs:
        inputs: Inputs = _drawn(process, "sampler", called_as, rng, setting)
        return inputs

    code = {which: part(which) for which in record["code"]}
    patience = record["patience"]
    same = ("description", "library", "address", "home", "title", "noise", "extra", "specifies")
    return RemoteTask(
        signature=signature,
        function=part("function"),
        sampler=sampler,
        axes=tuple(Axis(n, tuple(train), tuple(test)) for n, train, test in record["axes"]),
        without=frozenset(record["without"]),
        ensures=code.get("ensures"),
        accepts=code.get("accepts"),
        states=code.get("states"),
        world=None if patience is None else _World(patience, process, called_as),
        components=tuple(record["components"]),
        process=process,
        record=record,
        **{key: record[key] for key in same},
    )


def _type(its: Sequence[Any]) -> Type:
    return Type(its[0], tuple(_type(each) for each in its[1]))
