"""A run at work shows bars on a terminal, lines elsewhere, and nothing where asked."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., subprocess.CompletedProcess[str]]

WORDS = ["tiny.py", "--learner", "copy", "--learner", "nearest_neighbour", "--preset", "smoke"]


@pytest.mark.usefixtures("tiny")
def test_quiet_says_nothing_but_the_result(command: Command) -> None:
    done = command("run", *WORDS, "--quiet")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "report.html" in done.stdout


@pytest.mark.usefixtures("tiny")
def test_what_is_kept_is_said(command: Command) -> None:
    command("run", *WORDS, "--out", "run")
    more = command("run", *WORDS, "--train-sizes", "8", "--out", "run", "--resume")
    assert "6 trials: 4 are kept from before, 2 are to be made" in more.stderr


def test_a_terminal_gets_a_bar_for_each_learner(tiny: Path) -> None:
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", "run", *WORDS],
        cwd=tiny.parent,
        stdout=subprocess.DEVNULL,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    ) as process:
        os.close(follower)
        seen = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            seen += part
    os.close(leader)
    assert process.returncode == 0
    text = seen.decode()
    assert "all trials" in text
    assert "copy" in text
    assert "nearest_neighbour" in text
    assert "4 trials" in text
