"""The progress of a fit is heard while it goes on, and changes no result."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare import run
from dlcompare.compare.experiment.events import Silent
from dlcompare.compare.experiment.remaining import Remaining
from dlcompare.compare.trials.protocol import Planned
from dlcompare.compare.trials.trial import Spent, Trial
from dlcompare.tasks.progress import FitProgress

Name = Callable[..., str]


class Listening(Silent):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[Planned, FitProgress]] = []

    def hear(self, planned: Planned, told: FitProgress) -> None:
        self.heard.append((planned, told))


def test_what_a_fit_tells_is_heard_and_changes_no_result(
    tiny: Path, misbehaving: Name, numbers: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    said = Listening()
    learner = misbehaving("telling", times=3)
    heard = run(str(tiny), [learner], "smoke", [4], out=tiny.parent / "heard", progress=said)
    unheard = run(str(tiny), [learner], "smoke", [4], out=tiny.parent / "unheard")
    assert [told.done for _, told in said.heard] == [1, 2, 3]
    assert {(planned.task, planned.n) for planned, _ in said.heard} == {("tiny", 4)}
    assert numbers(heard.summary) == numbers(unheard.summary)


def test_a_learner_may_tell_more_often_than_anybody_can_read(tiny: Path, misbehaving: Name) -> None:
    said = Listening()
    learner = misbehaving("telling", times=20_000, every=0)
    done = run(str(tiny), [learner], "smoke", [4], out=tiny.parent / "run", progress=said)
    assert done.trials[0].status == "ok"
    assert 1 <= len(said.heard) < 100


def test_the_terminal_shows_loss_and_best_program_while_a_trial_runs(
    tiny: Path, misbehaving: Name
) -> None:
    leader, follower = pty.openpty()
    words = ["run", str(tiny), "--learner", misbehaving("telling", times=6), "--preset", "smoke"]
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words, "--train-sizes", "4"],
        cwd=tiny.parent,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    ) as process:
        os.close(follower)
        seen = b""
        while part := read(leader):
            seen += part
    os.close(leader)
    assert process.returncode == 0
    text = seen.decode()
    assert "of 6 updates, loss 0.5" in text
    assert "best program so far for tiny: reverse xs" in text
    assert "\x1b[2Jcleared" not in text


def read(descriptor: int) -> bytes:
    """Return what a terminal was sent; empty when the other end is closed."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def ended(learner: str, n: int, seconds: float) -> Trial:
    return Trial("t", learner, n, 0, "ok", None, None, (), False, Spent(seconds), {}, None)


def ahead(learner: str, *sizes: int) -> list[Planned]:
    return [Planned("t", learner, n, 0, False, True) for n in sizes]


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=8), st.integers(1, 4))
def test_what_takes_the_same_each_time_is_foretold(seconds: list[float], jobs: int) -> None:
    its = Remaining(ahead("copy", *[4] * (len(seconds) + 3)), jobs)
    for each in seconds:
        its.finish(ended("copy", 4, each))
    left, whole = its.seconds()
    assert whole
    assert left == pytest.approx(3 * sum(seconds) / len(seconds) / jobs)


def test_the_cheap_trials_that_come_first_do_not_hide_the_dear_ones() -> None:
    its = Remaining([*ahead("copy", 4, 4), *ahead("transformer", 4, 4096, 4096)], 1)
    its.finish(ended("copy", 4, 0.1))
    assert its.seconds() == (pytest.approx(0.1), False)
    assert its.words() == "more than 5 s left"
    its.finish(ended("transformer", 4, 60.0))
    assert its.words() == "about 3 min left"
