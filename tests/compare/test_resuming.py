"""A run that was killed goes on: nothing finished is done twice, nothing unfinished is believed."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dlcompare import load_run, run
from dlcompare.compare.experiment.events import Beginning, Silent
from dlcompare.compare.trials.store import FILE, Store
from dlcompare.tasks.errors import InputError

Name = Callable[..., str]
Numbers = Callable[[dict[str, Any]], dict[str, Any]]
Fits = Callable[[Path], list[str]]


@pytest.mark.slow
def test_200_trials_under_kill_9_every_few_seconds_equal_an_undisturbed_run(
    tiny: Path, misbehaving: Name, numbers: Numbers, fits: Fits
) -> None:
    log, folder = tiny.parent / "log", tiny.parent / "killed"
    learner = misbehaving("slow", seconds=0.1, log=log)
    words = ["run", str(tiny), "--learner", learner, "--learner", "nearest_neighbour"]
    words += ["--preset", "smoke", "--train-sizes", "2,4,8,16", "--seeds", "25"]
    words += ["--out", str(folder), "--resume", "--jobs", "2"]
    rng, kills = random.Random(0), 0
    while True:
        before = len(fits(log))
        process = subprocess.Popen(
            [sys.executable, "-m", "dlcompare", *words],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Starting takes its time, on a busy machine more than a few seconds.
        while len(fits(log)) == before and process.poll() is None:
            time.sleep(0.01)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(rng.uniform(0.5, 3.0))
        # There, few seconds are few trials too, and it is to come to an end.
        while len(fits(log)) < before + 10 and process.poll() is None:
            time.sleep(0.01)
        if process.poll() is not None:
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
    assert process.returncode == 0
    assert kills >= 2
    # A fit that was finished when its run was killed may not have been stored yet: two at a time.
    assert len(set(fits(log))) == 100
    assert len(fits(log)) <= 100 + 2 * kills

    undisturbed = run(
        str(tiny),
        [learner, "nearest_neighbour"],
        "smoke",
        [2, 4, 8, 16],
        25,
        out=folder.parent / "u",
    )
    done = load_run(folder)
    assert len(done.trials) == 200
    assert numbers(done.summary) == numbers(undisturbed.summary)


def test_resuming_a_finished_run_repeats_no_trial(
    tiny: Path, misbehaving: Name, numbers: Numbers, fits: Fits
) -> None:
    log, out = tiny.parent / "log", tiny.parent / "run"
    learner = misbehaving("slow", seconds=0, log=log)
    first = run(str(tiny), [learner], "smoke", [4, 8], 2, out=out)
    done = fits(log)
    second = run(str(tiny), [learner], "smoke", [4, 8], 2, out=out, resume=True)
    assert fits(log) == done
    assert numbers(first.summary) == numbers(second.summary)


def test_resuming_with_more_sizes_seeds_and_learners_makes_the_missing_trials_only(
    tiny: Path, misbehaving: Name, numbers: Numbers, fits: Fits
) -> None:
    log, out = tiny.parent / "log", tiny.parent / "run"
    learner = misbehaving("slow", seconds=0, log=log)
    run(str(tiny), [learner], "smoke", [4, 16], 1, out=out)
    more = run(str(tiny), [learner, "copy"], "smoke", [8], 2, out=out, resume=True)
    assert sorted(fits(log)) == sorted(f"tiny {n} {seed}" for n in (4, 8, 16) for seed in (0, 1))
    whole = run(str(tiny), [learner, "copy"], "smoke", [4, 8, 16], 2, out=out.parent / "whole")
    assert numbers(more.summary) == numbers(whole.summary)


def test_levels_are_measured_again_where_the_largest_size_became_another(
    tiny: Path, numbers: Numbers
) -> None:
    out = tiny.parent / "run"
    run(str(tiny), ["copy"], "smoke", [4, 8], out=out)
    more = run(str(tiny), ["copy"], "smoke", [16], out=out, resume=True)
    assert [(t.n, t.measured_levels) for t in more.trials] == [(4, False), (8, True), (16, True)]
    whole = run(str(tiny), ["copy"], "smoke", [4, 8, 16], out=out.parent / "whole")
    assert numbers(more.summary) == numbers(whole.summary)


def test_a_changed_function_invalidates_the_trials_of_its_task_and_no_others(
    tiny: Path, misbehaving: Name, fits: Fits
) -> None:
    log, out = tiny.parent / "log", tiny.parent / "run"
    other = tiny.with_name("other.py")
    other.write_text(tiny.read_text().replace("def tiny", "def other"))
    learner = misbehaving("slow", seconds=0, log=log)
    run([str(tiny), str(other)], [learner], "smoke", [4], out=out)
    tiny.write_text(tiny.read_text().replace("== 0", "== 1"))
    again = run([str(tiny), str(other)], [learner], "smoke", [4], out=out, resume=True)
    assert sorted(fits(log)) == ["other 4 0", "tiny 4 0", "tiny 4 0"]
    assert len(again.trials) == 2


def test_a_changed_function_that_the_task_s_calls_invalidates_its_trials(
    tiny: Path, misbehaving: Name, fits: Fits
) -> None:
    log, out = tiny.parent / "log", tiny.parent / "run"
    learner = misbehaving("slow", seconds=0, log=log)
    body = "def even(x):\n    return x % 2 == 0\n"
    tiny.write_text(body + tiny.read_text().replace("x % 2 == 0]", "even(x)]"))
    run(str(tiny), [learner], "smoke", [4], out=out)
    tiny.write_text(tiny.read_text().replace("x % 2 == 0", "x % 2 == 1"))
    run(str(tiny), [learner], "smoke", [4], out=out, resume=True)
    assert fits(log) == ["tiny 4 0", "tiny 4 0"]


def test_a_learner_whose_file_changed_makes_its_trials_again_and_no_other_does(
    tiny: Path, misbehaving: Name, fits: Fits
) -> None:
    out, said = tiny.parent / "run", Listening()
    logs = [tiny.parent / name for name in ("changing", "staying")]
    changing = tiny.with_name("own.py")
    changing.write_text(Path(misbehaving("x").partition(".py:")[0] + ".py").read_text())
    learners = [
        f"{changing}:slow:seconds=0,log={logs[0]}",
        misbehaving("slow", seconds=0, log=logs[1]),
    ]
    run(str(tiny), learners, "smoke", [4, 8], out=out)
    changing.write_text(changing.read_text() + "\n# another one\n")
    again = run(str(tiny), learners, "smoke", [4, 8], out=out, resume=True, progress=said)
    assert [len(fits(log)) for log in logs] == [4, 2]
    assert said.beginning == Beginning(4, 2, {"tiny": 2})
    assert [trial.status for trial in load_run(out).trials] == ["ok"] * 4
    assert again.trials == load_run(out).trials


class Listening(Silent):
    """Keeps what a run says of its beginning."""

    def begin(self, beginning: Beginning) -> None:
        self.beginning = beginning


def test_a_run_says_what_it_keeps_and_what_it_does_not(tiny: Path) -> None:
    out, said = tiny.parent / "run", Listening()
    other = tiny.with_name("other.py")
    other.write_text(tiny.read_text().replace("def tiny", "def other"))
    both = [str(tiny), str(other)]
    run(both, ["copy"], "smoke", [4, 8], out=out, progress=said)
    assert said.beginning == Beginning(4, 0, {})
    run(both, ["copy"], "smoke", [4, 8], 2, out=out, resume=True, progress=said)
    assert said.beginning == Beginning(8, 4, {})
    tiny.write_text(tiny.read_text().replace("== 0", "== 1"))
    run(both, ["copy"], "smoke", [4, 8], 2, out=out, resume=True, progress=said)
    assert said.beginning == Beginning(8, 4, {"tiny": 4})


def test_settings_that_decide_what_is_measured_must_be_the_same(tiny: Path) -> None:
    out = tiny.parent / "run"
    run(str(tiny), ["copy"], "smoke", [4], out=out)
    with pytest.raises(InputError, match=r"timeout 300.0 \(now 7.0\)"):
        run(str(tiny), ["copy"], "smoke", [4], timeout=7, out=out, resume=True)
    assert load_run(out).summary["run"]["finished"] == 1


def test_the_number_of_jobs_changes_no_number(tiny: Path, numbers: Numbers) -> None:
    one, two = (
        run(
            str(tiny),
            ["content_blind", "copy", "nearest_neighbour"],
            "smoke",
            [2, 8, 32],
            3,
            jobs=jobs,
            out=tiny.parent / str(jobs),
        )
        for jobs in (1, 2)
    )
    assert numbers(one.summary) == numbers(two.summary)


def test_an_interrupt_keeps_what_is_finished_and_ends_with_130(
    tiny: Path, misbehaving: Name, fits: Fits
) -> None:
    log, out = tiny.parent / "log", tiny.parent / "run"
    learner = misbehaving("slow", seconds=0.2, log=log)
    words = ["run", str(tiny), "--learner", learner, "--preset", "smoke", "--seeds", "100"]
    words += ["--train-sizes", "2,4"]
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words, "--out", str(out), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while len(fits(log)) < 4 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in errors
    assert "Traceback" not in errors
    assert 0 < json.loads(printed)["run"]["finished"] < 200
    assert json.loads((out / "summary.json").read_text()) == json.loads(printed)
    assert (out / "report.html").exists()


def test_a_second_run_on_a_folder_is_refused(tiny: Path) -> None:
    out = tiny.parent / "run"
    run(str(tiny), ["copy"], "smoke", [4], out=out)
    with Store(out), pytest.raises(InputError, match=f"process {os.getpid()}"):
        run(str(tiny), ["copy"], "smoke", [4], out=out, resume=True)
    run(str(tiny), ["copy"], "smoke", [4], out=out, resume=True)


def test_a_store_of_a_newer_version_is_refused(tiny: Path) -> None:
    out = tiny.parent / "run"
    run(str(tiny), ["copy"], "smoke", [4], out=out)
    connection = sqlite3.connect(out / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(InputError, match="newer dlcompare"):
        load_run(out)
    with pytest.raises(InputError, match="newer dlcompare"):
        run(str(tiny), ["copy"], "smoke", [4], out=out, resume=True)


def test_a_store_that_is_no_store_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database " * 100)
    with pytest.raises(InputError, match="cannot be used"):
        load_run(tmp_path)


def test_a_finished_run_is_read_where_nothing_can_be_written_and_nothing_is_executed(
    tiny: Path, misbehaving: Name
) -> None:
    out = tiny.parent / "run"
    learner = tiny.with_name("own.py")
    learner.write_text(Path(misbehaving("x").partition(".py:")[0] + ".py").read_text())
    done = run(str(tiny), [f"{learner}:slow"], "smoke", [4], out=out)
    assert not list(out.glob("*-wal"))
    tiny.unlink()
    learner.unlink()
    moved = out.rename(out.with_name("moved"))
    moved.chmod(0o555)
    try:
        assert load_run(moved).summary == done.summary
    finally:
        moved.chmod(0o755)
