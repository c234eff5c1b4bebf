"""A trial that somebody else ends is made again; one that ends itself is not."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from dlcompare import load_run, run
from dlcompare.compare.execution import supervisor
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.experiment.driving import apart, drive
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.problem import Budget
from dlcompare.tasks.registry import load

Name = Callable[..., str]
Fits = Callable[[Path], list[str]]


class Run:
    """A run of one task by `held` learners, each trial of which waits for a file.

    Parameters
    ----------
    tiny : Path
        The file of a task.
    misbehaving : callable
        Names a learner.
    options : sequence of str
        More of the command line.
    """

    def __init__(self, tiny: Path, misbehaving: Name, *options: str) -> None:
        self.pids, self.until, self.out = (tiny.parent / name for name in ("pids", "go", "run"))
        self.learner = misbehaving("held", pids=self.pids, until=self.until)
        words = ["run", str(tiny), "--learner", self.learner, "--preset", "smoke", *options]
        self._words = [sys.executable, "-m", "dlcompare", *words, "--out", str(self.out)]

    def start(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self._words, *options],
            cwd=self.out.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begun(self, count: int, process: subprocess.Popen[str]) -> list[tuple[int, int]]:
        """The processes of so many trials that have begun, and their fork servers."""
        latest = time.monotonic() + 120
        while len(self._lines()) < count and process.poll() is None and time.monotonic() < latest:
            time.sleep(0.02)
        assert len(self._lines()) == count
        pairs = [line.split() for line in self._lines()]
        return [(int(pid), int(server)) for pid, server in pairs]

    def end(self, process: subprocess.Popen[str]) -> tuple[Trial, ...]:
        """The trials, once they may go on."""
        self.until.touch()
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return load_run(self.out).trials

    def _lines(self) -> list[str]:
        text = self.pids.read_text() if self.pids.exists() else ""
        return text.splitlines() if text.endswith("\n") else []


@pytest.mark.parametrize(
    "signals", [(signal.SIGKILL, signal.SIGTERM), (signal.SIGINT, signal.SIGUSR1)]
)
def test_a_trial_whose_process_is_ended_from_outside_is_made_again(
    tiny: Path, misbehaving: Name, signals: tuple[signal.Signals, ...]
) -> None:
    its = Run(tiny, misbehaving, "--train-sizes", "8")
    process = its.start()
    for count, sent in enumerate(signals, 1):
        os.kill(its.begun(count, process)[-1][0], sent)
    its.begun(3, process)
    (trial,) = its.end(process)
    assert (trial.status, trial.spent.repeats, trial.cut_off) == ("ok", 2, False)


def test_one_that_is_ended_again_and_again_counts_as_a_crash_until_the_run_is_resumed(
    tiny: Path, misbehaving: Name
) -> None:
    its = Run(tiny, misbehaving, "--train-sizes", "8", "--resume")
    process = its.start()
    for count in (1, 2, 3):
        os.kill(its.begun(count, process)[-1][0], signal.SIGKILL)
    (trial,) = its.end(process)
    assert (trial.status, trial.spent.repeats, trial.cut_off) == ("crash", 2, True)
    assert "from outside, by SIGKILL, as were the 2 before it" in str(trial.reason)
    (trial,) = its.end(its.start())
    assert (trial.status, trial.spent.repeats, trial.cut_off) == ("ok", 0, False)
    assert len(its.begun(4, process)) == 4


def test_a_run_outlives_its_fork_server(tiny: Path, misbehaving: Name) -> None:
    its = Run(tiny, misbehaving, "--train-sizes", "4,8", "--jobs", "2")
    process = its.start()
    (_, first), _ = its.begun(2, process)
    os.kill(first, signal.SIGKILL)
    second = its.begun(4, process)[-1][1]
    os.kill(second, signal.SIGKILL)
    third = its.begun(6, process)[-1][1]
    trials = its.end(process)
    assert len({first, second, third}) == 3
    assert [(t.status, t.spent.repeats) for t in trials] == [("ok", 2)] * 2


def test_a_run_outlives_a_fork_server_that_is_stopped(
    tiny: Path, misbehaving: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_GRACE", 0.5)
    run(str(tiny), [misbehaving("stopping")], "smoke", [8], timeout=0.5, out=tiny.parent / "run")
    (trial,) = load_run(tiny.parent / "run").trials
    assert trial.status == "crash"
    assert "ended from outside" in str(trial.reason)


def test_a_trial_takes_none_beside_it_with_it(tiny: Path, misbehaving: Name) -> None:
    its = Run(tiny, misbehaving, "--train-sizes", "4,8", "--jobs", "2")
    process = its.start()
    os.kill(its.begun(2, process)[0][0], signal.SIGKILL)
    its.begun(3, process)
    assert sorted(t.spent.repeats for t in its.end(process)) == [0, 1]


def test_what_a_trial_started_dies_with_the_fork_server(tiny: Path, misbehaving: Name) -> None:
    beats, pids, go = (tiny.parent / name for name in ("beats", "pids", "go"))
    learners = [
        misbehaving("daemonic", beats=beats, ends="late"),
        misbehaving("held", pids=pids, until=go),
    ]
    words = [word for each in learners for word in ("--learner", each)]
    command = [sys.executable, "-m", "dlcompare", "run", str(tiny), *words, "--preset", "smoke"]
    with subprocess.Popen(
        [*command, "--train-sizes", "8", "--jobs", "2", "--timeout", "20"],
        cwd=tiny.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        latest = time.monotonic() + 60
        while not (beats.exists() and pids.exists()) and time.monotonic() < latest:
            time.sleep(0.02)
        time.sleep(0.1)
        daemon, server = int(beats.read_text().split()[0]), int(pids.read_text().split()[1])
        os.kill(server, signal.SIGKILL)
        while int(beats.read_text().split()[0]) == daemon and time.monotonic() < latest:
            time.sleep(0.02)
        with contextlib.suppress(psutil.NoSuchProcess):
            # Dead, and perhaps not yet waited for.
            assert psutil.Process(daemon).status() == psutil.STATUS_ZOMBIE
        process.send_signal(signal.SIGKILL)


@pytest.mark.parametrize(
    ("sent", "fits_made"),
    [(signal.SIGKILL, 3), (signal.SIGSEGV, 1), (signal.SIGABRT, 1)],
)
def test_a_trial_that_ends_itself_is_a_crash(
    tiny: Path, misbehaving: Name, fits: Fits, sent: signal.Signals, fits_made: int
) -> None:
    log = tiny.parent / "log"
    learner = misbehaving("killing_itself", log=log, signal=int(sent))
    (trial,) = run(str(tiny), [learner], "smoke", [8], out=tiny.parent / "run").trials
    assert trial.status == "crash"
    assert sent.name in str(trial.reason)
    assert len(fits(log)) == fits_made
    assert trial.spent.repeats == fits_made - 1


def test_drives_that_are_cut_off_begin_again(tmp_path: Path, misbehaving: Name) -> None:
    (task,) = load("navigate")
    found = {}
    with Supervisor(["numpy"]) as supervisor:
        for does in ("nothing", "dies", "loses"):
            learner = misbehaving("driving", does=does, killed=tmp_path / "killed")
            ask = apart(supervisor, learner, Budget(), 0, 60, 1.0)
            found[does] = list(drive(task, ask, 1, 8, 0))
    assert (tmp_path / "killed").exists()
    assert found["dies"] == found["nothing"]
    assert {record.status for record in found["nothing"]} == {"ok"}
    assert {record.status for record in found["loses"]} == {"error"}
    assert all("out of turn" in str(record.reason) for record in found["loses"])


def _cgroup() -> Path | None:
    """A control group that limits memory, where one can be made here."""
    for parent, file in (
        (Path("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"),
        (Path("/sys/fs/cgroup"), "memory.max"),
    ):
        group = parent / f"dlcompare_test_{os.getpid()}"
        try:
            group.mkdir()
            (group / file).write_text(str(2**28))
        except OSError:
            continue
        return group
    return None


def test_a_trial_that_the_kernel_ends_for_want_of_memory_is_out_of_memory(
    tiny: Path, misbehaving: Name
) -> None:
    group = _cgroup()
    if group is None:
        pytest.skip("no control group can be made here, so that the kernel has no limit to enforce")
    try:
        learner = misbehaving("hoarding", by="python", cgroup=str(group))
        (trial,) = run(str(tiny), [learner], "smoke", [8], out=tiny.parent / "run").trials
    finally:
        group.rmdir()
    assert (trial.status, trial.spent.repeats) == ("out_of_memory", 0)
    assert "the kernel killed it" in str(trial.reason)


@pytest.mark.slow
def test_a_run_outlives_the_only_node_of_its_own_cluster_which_nobody_else_can_reach(
    tiny: Path, misbehaving: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray", reason="Ray is not installed; it comes with the extra ray")
    monkeypatch.setenv("HOME", str(tiny.parent))  # where Ray keeps a token
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setenv("RAY_health_check_period_ms", "500")
    monkeypatch.setenv("RAY_health_check_failure_threshold", "3")
    its = Run(tiny, misbehaving, "--train-sizes", "8", "--backend", "ray", "--memory", "1")
    process = its.start()
    its.begun(1, process)
    family: list[Any] = psutil.Process(process.pid).children(recursive=True)
    at = [c.laddr.ip for p in family for c in p.net_connections("inet") if c.status == "LISTEN"]
    assert len(at) >= 4
    assert {address.removeprefix("::ffff:") for address in at} == {"127.0.0.1"}
    (raylet,) = [each for each in family if each.name() == "raylet"]
    raylet.kill()
    its.begun(2, process)
    (trial,) = its.end(process)
    assert (trial.status, trial.spent.repeats) == ("ok", 1)
