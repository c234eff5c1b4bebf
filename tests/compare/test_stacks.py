"""Trials that are fitted at once, in one process, are trials all the same."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dlcompare import load_run, run
from dlcompare.compare.execution.backend import Assignment, Hear
from dlcompare.compare.execution.local import Local
from dlcompare.compare.trials.protocol import Planned
from dlcompare.compare.trials.stacks import together
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.errors import InputError

Name = Callable[..., str]
SMALL = "width=16,heads=2,layers=1,batch=8,check=10,negligible=1.5"
"""A network that is content with little, after a few updates."""


def sizes(log: Path) -> dict[tuple[int, int], list[int]]:
    """By number of examples and seed: with how many trials at once each fit was made."""
    found: dict[tuple[int, int], list[int]] = {}
    for line in log.read_text().splitlines():
        together, n, seed, _ = map(int, line.split())
        found.setdefault((n, seed), []).append(together)
    return found


def statuses(trials: tuple[Trial, ...]) -> dict[tuple[int, int], str]:
    return {(trial.n, trial.seed): trial.status for trial in trials}


@pytest.mark.slow
def test_networks_trained_at_once_score_as_those_trained_one_by_one(tiny: Path) -> None:
    learners = [f"transformer:{SMALL}", "copy", f"decoder:{SMALL},positions=learned"]
    stacked, single = (
        run(str(tiny), learners, "smoke", [2, 8, 32], 2, stack=stack, out=tiny.parent / str(stack))
        for stack in (True, False)
    )
    pairs = list(zip(stacked.trials, single.trials, strict=True))
    for its, alone in pairs:
        assert (its.status, its.n, its.seed, its.learner) == (
            "ok",
            alone.n,
            alone.seed,
            alone.learner,
        )
        assert its.spent.gradient_steps == alone.spent.gradient_steps
        assert its.prior == alone.prior
        assert its.inside is not None
        assert alone.inside is not None
        assert its.inside.token_accuracy == pytest.approx(alone.inside.token_accuracy, abs=0.02)
        assert [each.level for each in its.levels] == [each.level for each in alone.levels]
        assert bool(its.levels) == (its.n == 32)
    assert {alone.spent.shared_by for _, alone in pairs} == {1}
    assert {its.spent.shared_by for its, _ in pairs if its.learner == "copy"} == {1}
    for learner in learners[::2]:
        its = stacked.summary["tasks"]["tiny"]["learners"]
        (name,) = (each for each in its if each.startswith(learner.partition(":")[0]))
        spent = [trial.spent for trial, _ in pairs if trial.learner == name]
        assert {each.shared_by for each in spent} == {6}
        assert len({(each.wall_seconds, each.cpu_seconds, each.fit_seconds) for each in spent}) == 1
        assert its[name]["stacked"] == 6
    assert "--stack" in stacked.summary["run"]["command"]
    assert "--stack" not in single.summary["run"]["command"]


@pytest.mark.parametrize(
    ("bad", "status", "alone"),
    [
        ("diverges", "diverged", []),
        ("raises", "ok", [(4, 0), (4, 1), (8, 1)]),
        ("exits", "ok", [(4, 0), (4, 1), (8, 1)]),
        ("hoards", "ok", [(4, 0), (4, 1), (8, 1)]),
    ],
)
def test_a_trial_takes_no_other_of_its_stack_with_it(
    tiny: Path, misbehaving: Name, bad: str, status: str, alone: list[tuple[int, int]]
) -> None:
    log = tiny.parent / "log"
    learner = misbehaving("stack", log=log, bad=bad)
    done = run(str(tiny), [learner], "smoke", [4, 8], 2, stack=True, out=tiny.parent / "run")
    assert statuses(done.trials) == {(4, 0): "ok", (8, 0): "ok", (4, 1): status, (8, 1): status}
    assert sorted(key for key, at in sizes(log).items() if at == [4, 1]) == alone
    assert {trial.spent.shared_by for trial in done.trials if (trial.n, trial.seed) in alone} <= {1}
    assert all(trial.reason for trial in done.trials if trial.status != "ok")


def test_a_stack_has_the_time_of_its_trials_and_where_that_ends_each_has_its_own(
    tiny: Path, misbehaving: Name, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tiny.parent / "log"
    learner = misbehaving("stack", log=log, until=tiny.parent / "never")
    limits: list[float] = []
    launch = Local.launch

    def watched(backend: Local, assignment: Assignment, hear: Hear) -> int:
        limits.append(assignment.seconds)
        return launch(backend, assignment, hear)

    monkeypatch.setattr(Local, "launch", watched)
    done = run(
        str(tiny), [learner], "smoke", [4, 8], 1, timeout=2, stack=True, out=tiny.parent / "run"
    )
    assert limits == [4, 2, 2]
    assert statuses(done.trials) == {(4, 0): "ok", (8, 0): "ok"}
    assert sizes(log) == {(4, 0): [2, 1], (8, 0): [2, 1]}
    assert {trial.spent.shared_by for trial in done.trials} == {1}


def test_a_run_that_was_killed_stacks_what_is_missing_and_nothing_else(
    tiny: Path, misbehaving: Name
) -> None:
    log, out, go = (tiny.parent / name for name in ("log", "run", "go"))
    learner = misbehaving("stack", log=log, until=go)
    go.touch()
    run(str(tiny), [learner], "smoke", [4], 2, stack=True, out=out)
    go.unlink()
    words = ["run", str(tiny), "--learner", learner, "--preset", "smoke", "--train-sizes", "4,8"]
    words += ["--seeds", "3", "--stack", "--resume", "--out", str(out)]
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while len(sizes(log)) < 6 and process.poll() is None:
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
    assert len(load_run(out).trials) == 2
    go.touch()
    done = run(str(tiny), [learner], "smoke", [4, 8], 3, stack=True, out=out, resume=True)
    assert len(done.trials) == 6
    kept = {(4, seed): [2] for seed in (0, 1)}
    assert sizes(log) == kept | {key: [4, 4] for key in [(4, 2), *((8, k) for k in range(3))]}
    with pytest.raises(InputError, match=r"stack True \(now False\)"):
        run(str(tiny), [learner], "smoke", [4, 8], 3, stack=False, out=out, resume=True)


def test_on_a_cpu_each_trial_has_its_own_process(tiny: Path, misbehaving: Name) -> None:
    log = tiny.parent / "log"
    learner = misbehaving("stack", log=log)
    run(str(tiny), [learner], "smoke", [4, 8], 1, device="cpu", out=tiny.parent / "run")
    assert sizes(log) == {(4, 0): [1], (8, 0): [1]}


def test_stacks_hold_every_trial_once_and_none_that_cannot_be_supplied() -> None:
    trials = [
        Planned(task, learner, n, 0, False, n < 64)
        for n in (64, 16, 4)
        for learner in ("net", "copy")
        for task in ("one", "two")
    ]
    stacks = together(trials, {"net"})
    assert {each for stack in stacks for each in stack} == set(trials)
    assert sum(map(len, stacks)) == len(trials)
    assert [len(stack) for stack in stacks if stack[0].learner == "net"] == [1, 1, 2, 2]
    assert {len(stack) for stack in stacks if stack[0].learner == "copy"} == {1}
    assert [stack[0] for stack in stacks] == [
        each for each in trials if each in {stack[0] for stack in stacks}
    ]
