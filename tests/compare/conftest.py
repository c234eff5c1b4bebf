"""A tiny task in a file, learners that misbehave in every way, and what two runs have in common."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dlcompare.compare.cli import main

TINY = """
from dlcompare import ints, lists, task

@task(inputs=lists(ints(0, 9)), train={"length": range(2, 6)}, test={"length": [8, 12]})
def tiny(xs: list[int]) -> list[int]:
    "Keep the even numbers."
    return [x for x in xs if x % 2 == 0]
"""

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def tiny_source() -> str:
    """A small task."""
    return TINY


@pytest.fixture
def tiny(tmp_path: Path, tiny_source: str) -> Path:
    """The file of a small task."""
    file = tmp_path / "tiny.py"
    file.write_text(tiny_source)
    return file


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    """Runs the command line in a folder of its own, and in this process: imports are done once.

    What it starts are processes all the same; where that of the command matters, tests start one.
    """
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["dlcompare", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = capfd.readouterr()
        assert isinstance(end.value.code, int)
        return subprocess.CompletedProcess(arguments, end.value.code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def misbehaving() -> Callable[..., str]:
    """The name of a learner of `misbehaving.py`, with options."""
    file = Path(__file__).with_name("misbehaving.py")

    def name(function: str, **options: object) -> str:
        given = ",".join(f"{key}={value}" for key, value in options.items())
        return f"{file}:{function}:{given}" if given else f"{file}:{function}"

    return name


@pytest.fixture
def numbers() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A summary without what time and place put into it."""

    def bare(summary: dict[str, Any]) -> dict[str, Any]:
        its: dict[str, Any] = json.loads(json.dumps(summary))
        for key in ("started", "seconds", "hardware"):
            del its["run"][key]
        for task in its["tasks"].values():
            for learner in task["learners"].values():
                for cost in (learner["cost"], *(point["cost"] for point in learner["curve"])):
                    for key in ("wall_seconds", "cpu_seconds", "gpu_seconds"):
                        del cost[key]
        return its

    return bare


@pytest.fixture
def fits() -> Callable[[Path], list[str]]:
    """The lines of a `slow` learner's log: the fits that it began, or finished."""
    return lambda log: log.read_text().splitlines() if log.exists() else []
