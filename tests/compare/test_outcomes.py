"""Failure is an outcome: whatever a learner does, the trial has a status and a reason."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dlcompare import run
from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.trials.trial import Trial

Name = Callable[..., str]


def outcome(tiny: Path, learner: str, **options: object) -> Trial:
    """The only trial of a run."""
    its = {"preset": "smoke", "train_sizes": [8], "out": tiny.parent / "run", **options}
    (trial,) = run(str(tiny), [learner], **its).trials
    return trial


@dataclass(frozen=True)
class Outcomes:
    """Trials by what their learners do, and where one that leaves a child writes its number."""

    trials: dict[str, Trial]
    pids: Path


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, tiny_source: str, misbehaving: Name
) -> Outcomes:
    """The outcomes of one run in which every learner misbehaves, by what it does."""
    file = tmp_path_factory.mktemp("all") / "tiny.py"
    file.write_text(tiny_source)
    learners = {
        "leaving": misbehaving("leaving", pids=file.parent / "pids"),
        "segfaulting": misbehaving("segfaulting"),
        "exiting": misbehaving("exiting"),
        "raising": misbehaving("raising"),
        "talkative": misbehaving("talkative", on="card"),
        "long_winded": misbehaving("talkative", on="error"),
        "leaving_by_exit": misbehaving("beyond", raises="SystemExit"),
        "unspeakable": misbehaving("beyond", raises="Unspeakable"),
        "no_program": misbehaving("ending", **{"as": "no_program"}),
        "diverged": misbehaving("ending", **{"as": "diverged"}),
        "short": misbehaving("short"),
        "numpy": misbehaving("numbering", by="numpy"),
        "object": misbehaving("numbering", by="object"),
    }
    done = run(str(file), list(learners.values()), "smoke", [8], out=file.parent / "run")
    by_learner = {trial.learner: trial for trial in done.trials}
    assert len(by_learner) == len(learners)
    trials = {what: by_learner[str(parse(learner))] for what, learner in learners.items()}
    return Outcomes(trials, file.parent / "pids")


def alive(pid: int) -> bool:
    """Return whether a process runs; one that is dead and not yet waited for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def gone(pids: list[int], seconds: float = 10.0) -> bool:
    """Return whether processes end within so many seconds."""
    end = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(alive, pids))


def written(file: Path, seconds: float = 60.0) -> list[int]:
    """The numbers in a file, once they are there."""
    end = time.monotonic() + seconds
    while not (file.exists() and file.read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    return [int(word) for word in file.read_text().split()]


def test_a_learner_that_hangs_times_out_and_its_child_ends_too(
    tiny: Path, misbehaving: Name
) -> None:
    pids = tiny.parent / "pids"
    trial = outcome(tiny, misbehaving("hanging", pids=pids), timeout=2)
    assert (trial.status, trial.reason) == ("timeout", "it took longer than 2 seconds")
    assert trial.spent.wall_seconds >= 2
    assert gone(written(pids))


CUBES = """
from dlcompare import ints, task

def three_cubes(x, result):
    a, b, c = result
    return a * a * a + b * b * b + c * c * c == 30

@task(inputs=ints(0, 99), train={"magnitude": [99]}, test={}, ensures=three_cubes)
def cubes(x: int) -> tuple[int, int, int]:
    "Write 30 as a sum of three cubes."
    return 2220422932, -2218888517, -283059965
"""


def test_a_solver_that_outlasts_the_trial_is_a_time_out(tmp_path: Path) -> None:
    (tmp_path / "cubes.py").write_text(CUBES)
    trial = outcome(tmp_path / "cubes.py", "synthesis:spec", timeout=5)
    assert (trial.status, trial.reason) == ("timeout", "it took longer than 5 seconds")


def test_a_child_that_a_trial_leaves_behind_is_ended(outcomes: Outcomes) -> None:
    assert outcomes.trials["leaving"].status == "ok"
    assert gone(written(outcomes.pids))


@pytest.mark.parametrize("ends", ["well", "badly", "late"])
def test_a_process_that_left_family_and_session_is_ended_with_its_trial(
    tiny: Path, misbehaving: Name, ends: str
) -> None:
    beats = tiny.parent / "beats"
    trial = outcome(tiny, misbehaving("daemonic", beats=beats, ends=ends), timeout=5)
    assert trial.status == {"well": "ok", "badly": "crash", "late": "timeout"}[ends]
    last = beats.read_text()
    assert not alive(int(last.split()[0]))
    time.sleep(0.1)
    assert beats.read_text() == last


SHARED = ["mmap", "shared_memory", "memfd"]


@pytest.mark.parametrize("by", ["python", "numpy", "torch", "children", *SHARED])
def test_a_learner_that_hoards_memory_is_stopped(tiny: Path, misbehaving: Name, by: str) -> None:
    trial = outcome(tiny, misbehaving("hoarding", by=by), memory=1.0, timeout=60)
    assert trial.status == "out_of_memory", trial.reason
    assert trial.spent.peak_bytes < 1.3e9


def test_memory_that_processes_of_a_trial_share_counts_once(tiny: Path, misbehaving: Name) -> None:
    trial = outcome(tiny, misbehaving("sharing"), memory=1.2, timeout=60)
    assert trial.status == "ok", trial.reason


def test_torch_fits_into_a_quarter_of_the_default_memory_limit(
    tiny: Path, misbehaving: Name
) -> None:
    log = tiny.parent / "log"
    trial = outcome(tiny, misbehaving("importing_torch", log=log))
    assert trial.status == "ok", trial.reason
    assert int(log.read_text()) * 1024 < 1e9


def test_a_segmentation_fault_is_a_crash_with_its_place(outcomes: Outcomes) -> None:
    trial = outcomes.trials["segfaulting"]
    assert trial.status == "crash"
    assert trial.reason is not None
    assert "SIGSEGV" in trial.reason
    assert "misbehaving.py" in trial.reason
    assert "Extension modules" not in trial.reason


def test_leaving_without_an_answer_is_a_crash(outcomes: Outcomes) -> None:
    trial = outcomes.trials["exiting"]
    assert trial.status == "crash"
    assert "status 3" in str(trial.reason)


def test_an_exception_is_an_error_with_type_message_and_place(outcomes: Outcomes) -> None:
    trial = outcomes.trials["raising"]
    assert trial.status == "error"
    assert str(trial.reason).startswith("ZeroDivisionError: nothing was divided (misbehaving.py, ")


def test_texts_without_measure_end_their_trial_and_not_the_run(outcomes: Outcomes) -> None:
    trial = outcomes.trials["talkative"]
    assert trial.status == "error"
    assert str(trial.reason).startswith("its prior card and its program have 80,000,0")
    trial = outcomes.trials["long_winded"]
    assert trial.status == "error"
    assert str(trial.reason).startswith("RuntimeError: zzz")
    assert len(str(trial.reason)) < 11_000


def test_an_exception_that_is_none_of_pythons_errors_is_an_error_too(outcomes: Outcomes) -> None:
    for what, said in (("leaving_by_exit", "SystemExit: 0"), ("unspeakable", "Unspeakable")):
        trial = outcomes.trials[what]
        assert trial.status == "error"
        assert str(trial.reason).startswith(f"{said} (misbehaving.py, line ")


@pytest.mark.parametrize(
    ("status", "candidates", "steps"), [("no_program", 11, 0), ("diverged", 0, 13)]
)
def test_what_a_learner_says_of_its_end_is_kept_with_its_cost(
    outcomes: Outcomes, status: str, candidates: int, steps: int
) -> None:
    trial = outcomes.trials[status]
    assert trial.status == status
    assert (trial.spent.candidates, trial.spent.gradient_steps) == (candidates, steps)


def test_a_missing_prediction_is_an_error(outcomes: Outcomes) -> None:
    trial = outcomes.trials["short"]
    assert trial.status == "error"
    assert "one an input" in str(trial.reason)


def test_numbers_of_numpy_count_as_pythons(outcomes: Outcomes) -> None:
    trial = outcomes.trials["numpy"]
    assert trial.status == "ok", trial.reason
    assert trial.spent.candidates == 3
    assert trial.prior["loss"] == "nan"


def test_an_answer_that_is_no_value_is_an_error(outcomes: Outcomes) -> None:
    trial = outcomes.trials["object"]
    assert trial.status == "error"
    assert "of type Own" in str(trial.reason)


def test_a_size_the_task_cannot_supply_is_clipped_to_all_that_there_is(tmp_path: Path) -> None:
    file = tmp_path / "small.py"
    file.write_text(
        "from dlcompare import ints, task\n"
        "@task(inputs=ints(0, 199))\n"
        "def small(x: int) -> int:\n"
        "    'Add one.'\n"
        "    return x + 1\n"
    )
    done = run(str(file), ["copy"], "smoke", [8, 1000], out=tmp_path / "run")
    supply = done.summary["tasks"]["small"]["available"]
    assert 8 < supply < 200
    assert [(trial.n, trial.status) for trial in done.trials] == [(8, "ok"), (supply, "ok")]
    learner = done.summary["tasks"]["small"]["learners"]["copy"]
    assert [point["n"] for point in learner["curve"]] == [8, supply]
    said = f"There are {supply} examples to learn from"
    assert said in done.report.read_text(encoding="utf-8")


def test_workers_and_their_children_die_with_a_run_that_is_killed(
    tiny: Path, misbehaving: Name
) -> None:
    pids = tiny.parent / "pids"
    learner = misbehaving("hanging", pids=pids)
    words = ["run", str(tiny), "--learner", learner, "--preset", "smoke", "--train-sizes", "8"]
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words],
        cwd=tiny.parent,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        numbers = written(pids)
        assert all(map(alive, numbers))
        process.send_signal(signal.SIGKILL)
        assert gone(numbers)
