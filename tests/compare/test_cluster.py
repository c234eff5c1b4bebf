"""Trials on a Ray cluster whose nodes all run on this machine."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dlcompare import load_run, run
from dlcompare.compare.experiment.events import Silent
from dlcompare.compare.trials.protocol import Planned
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.progress import FitProgress

pytest.importorskip("ray", reason="Ray is not installed; it comes with the extra ray")

Name = Callable[..., str]


class Listening(Silent):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[Planned, FitProgress]] = []

    def hear(self, planned: Planned, told: FitProgress) -> None:
        self.heard.append((planned, told))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of one core; the first is the head."""
    from ray.cluster_utils import Cluster

    node = {"num_cpus": 1, "memory": 5 * 10**9, "object_store_memory": 80 * 2**20}
    # A node that is gone is to be missed within two seconds, not within twenty.
    missed = {"health_check_period_ms": 500, "health_check_failure_threshold": 3}
    head = {**node, "include_dashboard": False, "_system_config": missed}
    its = Cluster(initialize_head=True, head_node_args=head)
    its.add_node(**node)
    yield its
    its.shutdown()


@pytest.mark.slow
def test_what_a_fit_on_another_node_tells_is_heard_by_the_run(
    tiny: Path, misbehaving: Name, cluster: Any
) -> None:
    said = Listening()
    learner = misbehaving("telling", times=6, every=0.5)
    done = run(
        str(tiny),
        [learner],
        "smoke",
        [4],
        2,
        out=tiny.parent / "heard",
        progress=said,
        backend="ray",
        address=cluster.address,
    )
    assert {trial.status for trial in done.trials} == {"ok"}
    # Two nodes of one core: one of the two trials was made where the run is not.
    for seed in (0, 1):
        steps = [told.done for planned, told in said.heard if planned.seed == seed]
        assert steps == sorted(steps)
        assert steps[0] < 6
    assert {told.program for _, told in said.heard} == {"reverse xs\x1b[2Jcleared"}


@pytest.mark.slow
def test_trials_fitted_at_once_on_a_node_are_what_they_are_here(
    tiny: Path, misbehaving: Name, cluster: Any
) -> None:
    learner = misbehaving("stack", log=tiny.parent / "log", bad="diverges")
    there, here = (
        run(str(tiny), [learner], "smoke", [4, 8], 2, out=tiny.parent / name, stack=True, **at)
        for name, at in (("there", {"backend": "ray", "address": cluster.address}), ("here", {}))
    )
    outcomes = [
        [(each.n, each.seed, each.status, each.inside, each.levels) for each in its.trials]
        for its in (there, here)
    ]
    assert outcomes[0] == outcomes[1]
    assert [each.spent.shared_by for each in there.trials] == [4] * 4


@pytest.mark.slow
def test_a_run_whose_node_is_killed_equals_one_on_this_machine(
    tiny: Path,
    misbehaving: Name,
    cluster: Any,
    numbers: Callable[[dict[str, Any]], dict[str, Any]],
    fits: Callable[[Path], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, folder = tiny.parent / "begun", tiny.parent / "cluster"
    release = tiny.parent / "release"
    learner = misbehaving("slow", seconds=0.1, begun=begun, until=release)
    words = ["run", str(tiny), "--learner", learner, "--learner", "nearest_neighbour"]
    words += ["--preset", "smoke", "--train-sizes", "4,8", "--seeds", "4", "--out", str(folder)]
    words += ["--backend", "ray", "--address", cluster.address]
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words],
        cwd=tiny.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        latest = time.monotonic() + 90
        while len(fits(begun)) < 2 and process.poll() is None and time.monotonic() < latest:
            time.sleep(0.01)
        # Each of the two nodes is at a trial, and stays there.
        cluster.remove_node(cluster.list_all_nodes()[1], allow_graceful=False)
        time.sleep(4)  # the node is missed; released at once, its trial could still end in time
        release.touch()
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    done = load_run(folder)
    assert {trial.status for trial in done.trials} == {"ok"}
    assert done.summary["run"]["hardware"]["nodes"] == 2
    assert len(set(fits(begun))) == 8
    assert len(fits(begun)) > 8, "the trial that the node was at was made again"
    monkeypatch.chdir(tiny.parent)  # files are named from the current folder
    here = run(
        str(tiny), [learner, "nearest_neighbour"], "smoke", [4, 8], 4, out=folder.parent / "here"
    )
    assert numbers(done.summary) == numbers(here.summary)

    with pytest.raises(InputError, match="no node of the cluster has the 100 GB"):
        run(
            str(tiny),
            ["copy"],
            "smoke",
            [4],
            memory=100,
            out=folder.parent / "large",
            backend="ray",
            address=cluster.address,
        )
    assert not (folder.parent / "large").exists()
