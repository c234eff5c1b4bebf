"""A forked worker has every heavy module loaded, and nothing that makes it hang."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.learners.learner_table import LEARNERS
from dlcompare.compare.trials.store import Store
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_training

SMALL = {"torch.profiler._cupti_monitor"}
"""A module of a few lines that torch imports by itself at the first optimizer step."""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted in /proc")
def test_a_worker_has_nothing_heavy_to_import_or_compile_and_a_server_without_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    from probing import Probe  # type: ignore[import-not-found]

    (task,) = load("sorting")
    problem = replace(task.problem(draw_training(task, 64, 0, frozenset())), specification=None)
    preload = dict.fromkeys(module for entry in LEARNERS.values() for module in entry.preload)
    with Supervisor(list(preload)) as supervisor:
        for name in ("synthesis", "synthesis:spec", "transformer", "lstm", "stack_rnn"):
            ending = supervisor.run(Probe(name, problem), 60, 4 * 10**9)
            assert ending.cause == "exit", ending.last_words
            (found,) = ending.messages
            assert found.threads == 1, "a process with threads cannot be forked"
            assert set(found.imported) <= SMALL, name
            assert found.compilations == 0, name


def test_a_lock_is_not_inherited_by_what_outlives_its_run(
    tiny: Path, misbehaving: Callable[..., str]
) -> None:
    pids, out = tiny.parent / "pids", tiny.parent / "run"
    words = ["run", str(tiny), "--learner", misbehaving("escaping", pids=pids)]
    words += ["--train-sizes", "8"]  # one trial, so that one child escapes
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words, "--preset", "smoke", "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not (pids.exists() and pids.read_text()) and process.poll() is None:
            time.sleep(0.01)
        escaped, server = map(int, pids.read_text().split())
        # Only what loses run and fork server at once goes on.
        os.kill(server, signal.SIGSTOP)
        process.send_signal(signal.SIGKILL)
        os.kill(server, signal.SIGKILL)
    try:
        os.kill(escaped, 0)  # it is alive, with every file that it found open
        with Store(out):
            """It can be had again at once."""
    finally:
        os.kill(escaped, signal.SIGKILL)
