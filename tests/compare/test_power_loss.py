"""A store after a power loss: cut anywhere, it is a shorter one or refused in a sentence."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import dlcompare
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.trials.store import FILE, About, Store, read
from dlcompare.compare.trials.trial import Spent, Trial
from dlcompare.tasks.errors import InputError

SETTINGS = RunOptions(["copy"], "smoke", [4], 40, "cpu").settings(["t"])
ABOUT = About(SETTINGS, {"dlcompare": dlcompare.__version__}, {}, "2026-01-01T00:00:00+00:00")
TRIALS = [
    Trial("t", "copy", 4, seed, "error", "x" * 500, None, (), True, Spent(), {}, None)
    for seed in range(40)
]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the files of a run at work: the store, and its write-ahead log."""
    folder = tmp_path_factory.mktemp("run")
    with Store(folder) as store:
        store.begin(ABOUT, {"t": ("print", {"available": 40, "axes": {}})})
        for trial in TRIALS:
            store.add(trial, "print", 1.0)
        yield shutil.copytree(folder, tmp_path_factory.mktemp("left") / "run")


def cut(left: Path, folder: Path, name: str, share: float) -> Path:
    """A copy whose file has lost its end."""
    shutil.copytree(left, folder)
    file = folder / name
    with file.open("r+b") as opened:
        opened.truncate(int(file.stat().st_size * share))
    return folder


@pytest.mark.parametrize("share", [0.0, 0.2, 0.37, 0.5, 0.81, 0.99, 1.0])
def test_a_log_that_lost_its_end_holds_the_trials_up_to_there(
    left: Path, tmp_path: Path, share: float
) -> None:
    folder = cut(left, tmp_path / "run", f"{FILE}-wal", share)
    with Store(folder) as store:
        if share == 0:  # nothing was ever written but the log
            assert store.about() is None
            return
        found = list(store.record().trials)
        assert found == TRIALS[: len(found)]
        assert len(found) == 40 or share < 1
        for trial in TRIALS[len(found) :]:
            store.add(trial, "print", 2.0)
    assert list(read(folder).trials) == TRIALS


def shortened(left: Path, tmp_path: Path, share: float) -> Path:
    """A store that was closed, so that its log is in it, and then lost its end."""
    whole = shutil.copytree(left, tmp_path / "whole")
    with Store(whole):
        """Closing it moves the log into the store."""
    return cut(whole, tmp_path / "run", FILE, share)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_store_that_lost_its_end_holds_the_rest_and_names_what_is_gone(
    left: Path, tmp_path: Path, share: float
) -> None:
    folder = shortened(left, tmp_path, share)
    record = read(folder)
    assert record.damage
    assert 0 < len(record.trials) < 40
    assert all(trial in TRIALS for trial in record.trials)
    with Store(folder) as store:
        assert store.record().trials == record.trials
        for trial in TRIALS:
            if trial not in record.trials:
                store.add(trial, "print", 2.0)
    assert read(folder).damage == ()
    assert list(read(folder).trials) == TRIALS
    assert len(list(folder.glob("damaged-*"))) == 1


def test_a_store_that_lost_nearly_all_is_refused_in_a_sentence(left: Path, tmp_path: Path) -> None:
    folder = shortened(left, tmp_path, 0.01)
    with pytest.raises(InputError, match="cannot be used"):
        read(folder)
    with pytest.raises(InputError, match="cannot be used"):
        Store(folder)
