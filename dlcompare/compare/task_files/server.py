"""The process that holds the code of one task file: it imports the file and answers calls.

It reads requests and writes answers on one connection, each a list of plain values. They go by
`marshal`, which knows these and no others, so that reading them runs nothing. Whatever the code
does ends in an answer or in the end of this process; `remote` watches both. Its
standard output is the standard error of the command, so that what a task prints is no result.
"""

import ctypes
import marshal
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from dlcompare.compare.streams import prepare
from dlcompare.tasks.calling import CallError, called, told
from dlcompare.tasks.conduct import global_randomness
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.registry import load
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Type, Value, described

__all__ = ["LARGEST", "serve"]

LARGEST = 64 * 2**20
"""The most bytes of an answer; a larger one would fill the memory of the command."""

_ATOMS = frozenset({bool, int, str, type(None)})
_PR_SET_PDEATHSIG = 1


def serve(fd: int, parent: int, limit: int) -> None:
    """Answer the requests on a connection until it ends.

    Parameters
    ----------
    fd : int
        The connection.
    parent : int
        The process that asks; this one ends with it.
    limit : int
        Memory that this process may take, in bytes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return
    prepare(lossy_output=True)
    # Only the process that asks interrupts this one; see `called`.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    connection, itself = Connection(fd), os.getpid()
    tasks: dict[str, Task] = {}
    generator = np.random.default_rng(0)
    while True:
        try:
            request = marshal.loads(connection.recv_bytes())
        except EOFError:
            return
        try:
            body = marshal.dumps(["value", _answer(request, tasks, generator)])
        except CallError as error:
            body = marshal.dumps(["failed", str(error)])
        except InputError as error:
            body = marshal.dumps(["refused", str(error)])
        except BaseException as error:
            body = marshal.dumps(["failed", told(error)])
        if os.getpid() != itself:
            # The code has forked, and one answer is due.
            os._exit(0)
        if len(body) > LARGEST:
            size = f"{len(body) / 2**20:,.0f} MiB"
            body = marshal.dumps(["failed", f"gave a value that is too large ({size})"])
        connection.send_bytes(body)


def _answer(request: list[Any], tasks: dict[str, Task], generator: np.random.Generator) -> Any:
    match request:
        case ["load", *targets]:
            tasks.update({task.name: task for target in targets for task in load(target)})
            return [_record(task) for task in tasks.values()]
        case ["conduct", name, rows]:
            return called(tasks[name].conduct, rows)
        case ["answers", name, rows]:
            return [_portable(called(tasks[name].function, **row)) for row in rows]
        case ["randomness", _]:
            return global_randomness()
        case ["sampler", name, state, setting]:
            generator.bit_generator.state = state
            drawn = called(tasks[name].sampler, generator, setting)
            return [_inputs(drawn), generator.bit_generator.state]
        case ["begin", name, state, setting]:
            generator.bit_generator.state = state
            drawn = called(_world(tasks[name]).begin, generator, setting)
            return [_inputs(drawn), generator.bit_generator.state]
        case ["move", name, state, move]:
            step = called(_world(tasks[name]).move, state, move)
            return [_inputs(step.state), bool(step.crashed)]
        case ["accepts" | "ensures" as part, name, args, kwargs]:
            judge: Callable[..., object] = getattr(tasks[name], part)
            return called(lambda: bool(judge(*args, **kwargs)))
        case [part, name, args, kwargs]:
            return _portable(called(getattr(tasks[name], part), *args, **kwargs))
    raise AssertionError(f"no request is {request!r}")


def _world(task: Task) -> Any:
    assert task.world is not None
    return task.world


def _inputs(drawn: Any) -> Any:
    if not isinstance(drawn, Mapping):
        return _portable(drawn)
    return ["inputs", [[str(name), _portable(value)] for name, value in drawn.items()]]


def _portable(value: Value) -> Any:
    """Return a value as it is or, if it is not a value of a task, its text for people."""
    try:
        return ["plain", _plain(value)]
    except (TypeError, RecursionError):
        return ["other", described(value)]


def _plain(value: Value) -> Value:
    kind = type(value)
    if kind in _ATOMS:
        return value
    if kind in (list, tuple):
        # Always a copy: a function may return the same list again.
        atoms = _ATOMS.issuperset(map(type, value))
        return kind(value if atoms else map(_plain, value))
    raise TypeError(kind.__name__)


def _record(task: Task) -> dict[str, Any]:
    """Return everything about a task except its code."""
    return {
        "signature": _signature(task.signature),
        "description": task.description,
        "axes": [[each.name, each.train, each.test] for each in task.axes],
        "without": sorted(task.without),
        "code": [p for p in ("ensures", "accepts", "states") if getattr(task, p) is not None],
        "library": task.library,
        "address": task.address,
        "home": task.home,
        "title": task.title,
        "noise": float(task.noise),
        "extra": task.extra,
        "specifies": task.specifies,
        "patience": None if task.world is None else int(task.world.patience),
        "components": list(task.components),
        "fingerprint": task.fingerprint,
        "states_type": None if task.states is None else _type(task.states_type),
    }


def _signature(its: Signature) -> list[Any]:
    return [its.name, [[name, _type(type_)] for name, type_ in its.parameters], _type(its.result)]


def _type(its: Type) -> list[Any]:
    return [its.name, [_type(each) for each in its.parameters]]
