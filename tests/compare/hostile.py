"""A learner that writes into every socket that it finds open, or closes what it finds."""

# The contract names arguments that who misbehaves has no use for.
# ruff: noqa: ARG001, ARG002

import contextlib
import json
import os
import pickle
import socket
import stat
import struct
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import Budget, Inputs, Predictor, Problem
from dlcompare.tasks.types import Value


class Bomb:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path(self.file),)  # type: ignore[return-value]


def framed(body: bytes) -> bytes:
    return struct.pack("<Q", len(body)) + body


def told(kind: str, **content: object) -> bytes:
    return framed(json.dumps([kind, content]).encode())


COST = {"candidates": 0, "gradient_steps": 0, "tuning_trials": 0}
FITTED = {"seconds": 0.0, "cost": COST, "prior": {}, "program": None}
PREDICTED = {"seconds": 0.0, "gpu_seconds": 0.0, "predictions": [[[]]]}
NESTED = b"[" * 100_000

WRITTEN = {
    "garbage": os.urandom(1000),
    "zeros": bytes(4096),
    "length": struct.pack("<Q", 2**63) + b"x",
    "long": struct.pack("<Q", 2**40) + b"x",
    "no_json": framed(b"\xff\xfe{"),
    "nested": framed(b'["Fitted",' + NESTED),
    "other_json": framed(b'{"Fitted": 3}'),
    "number": framed(b"3"),
    "kind": told("Ended", number=1, cause="exit", code=0),
    "ready": told("Ready"),
    "shape": told("Fitted", seconds="none", cost=[], prior=3, program={}),
    "missing": told("Predicted"),
    "nan": framed(b'["Fitted",{"seconds":NaN,"cost":{},"prior":{},"program":null}]'),
    "infinite": framed(b'["Fitted",{"seconds":1e999,"cost":{},"prior":{},"program":null}]'),
    "negative": told("Fitted", **{**FITTED, "seconds": -1.0}),
    "wide": told("Fitted", **{**FITTED, "cost": {"candidates": 10**400}}),
    "wide_prior": told("Fitted", **{**FITTED, "prior": {"width": {"$int": hex(2**70)}}}),
    "digits": framed(b'["Fitted",{"seconds":' + b"9" * 5000 + b"}]"),
    "surrogate": framed(b'["Failed",{"status":"error","reason":"\\ud800"}]'),
    "status": told("Failed", status="ok", reason="all is well"),
    "skipped": told("Failed", status="skipped", reason="no need"),
    "progress": told("FitProgress", done=-1, of=0, unit="candidates"),
    "progress_type": told("FitProgress", done="1", of=None, unit=3),
    "tag": told("Predicted", **{**PREDICTED, "predictions": [[{"$tuple": 3}]]}),
    "tags": told("Predicted", **{**PREDICTED, "predictions": [[{"$tuple": [], "$int": "1"}]]}),
    "too_early": told("Predicted", **PREDICTED),
    "twice": told("Fitted", **FITTED) * 2,
    "ahead": told("Fitted", **FITTED),
    "after": told("Failed", status="error", reason="no") * 3,
}


def sockets() -> Iterator[int]:
    """The open files of this process that are sockets."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                yield int(name)


def write(data: bytes) -> None:
    for number in sockets():
        connection = socket.socket(fileno=os.dup(number))
        with contextlib.suppress(OSError):
            connection.sendall(data)
        connection.detach()


class Hostile:
    """Does it, and then fits as if nothing had been."""

    cost = Cost()
    prior: Mapping[str, str | int | float] = {}

    def __init__(self, options: Mapping[str, str]) -> None:
        self.options = options

    def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
        does = self.options["does"]
        if does in WRITTEN:
            write(WRITTEN[does])
        elif does == "pickle":
            write(framed(pickle.dumps(Bomb(self.options["file"]))))
        elif does == "half":
            write(struct.pack("<Q", 1000) + b"[")
            os._exit(0)
        elif does == "closing":
            os.closerange(3, 1000)
        elif does == "closing_all":
            os.closerange(0, 1000)
        elif does == "silent":
            for number in sockets():
                os.close(number)
            time.sleep(1000)
        elif does == "endless":
            while True:
                write(told("FitProgress", done=1, of=2, unit="candidates"))
        return self

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        if self.options["does"] == "late":
            write(told("Predicted", **PREDICTED))
        return [row["xs"] for row in inputs]


def create(options: Mapping[str, str], device: str) -> Hostile:
    return Hostile(options)
