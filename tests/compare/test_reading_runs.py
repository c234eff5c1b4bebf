"""Runs are read again: in other forms, as tables, beside each other, in a list."""

import csv
import io
import json
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dlcompare import load_run, run
from dlcompare.compare.cli.diagnosis import diagnose
from dlcompare.compare.difference import difference
from dlcompare.compare.statistics.data_frames import as_csv, score_rows, trial_rows

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, tiny_source: str, misbehaving: Callable[..., str]
) -> Path:
    """The folder of a small run with a learner that fails."""
    folder = tmp_path_factory.mktemp("made")
    file = folder / "tiny.py"
    file.write_text(tiny_source)
    learners = ["copy", "nearest_neighbour", misbehaving("raising")]
    return run(str(file), learners, "smoke", [4, 8], 2, out=folder / "run").folder


@pytest.fixture
def made(made_once: Path, tmp_path: Path) -> Path:
    """The same run, in a folder of the test's own."""
    return shutil.copytree(made_once, tmp_path / "runs" / "made")


def test_the_report_is_written_in_every_form(made: Path, command: Command) -> None:
    assert command("report", str(made), "--format", "html", "-o", "r.html").returncode == 0
    assert (made.parents[1] / "r.html").read_text() == (made / "report.html").read_text()

    markdown = command("report", str(made), "--format", "md", "-o", "-").stdout
    assert markdown.startswith("# tiny\n")
    assert "| nearest neighbour |" in markdown

    table = command("report", str(made), "--format", "csv", "-o", "-").stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    assert {row["axis"] for row in rows} == {"inside", "length"}
    assert all(row["exact_match"] == "0.0" for row in rows if row["status"] == "error")

    figures = command("report", str(made), "--format", "svg", "-o", "figures").stdout.split()
    assert len(figures) == 3
    for figure in figures:
        ElementTree.parse(made.parents[1] / figure)
    drawn = command("report", str(made), "--format", "png", "-o", "figures").stdout.split()
    assert all((made.parents[1] / f).read_bytes().startswith(b"\x89PNG") for f in drawn)


def test_the_browser_is_shown_the_report_that_was_written(
    made: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: not shown.append(address))
    assert command("report", str(made), "--open").returncode == 0
    own = made.parent / "own.html"
    command("report", str(made), "--format", "html", "-o", str(own), "--open")
    assert shown == [(made / "report.html").as_uri(), own.as_uri()]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["-o", "x"], "-o needs --format"),
        (["--format", "svg"], "name a folder with -o"),
        (["--format", "csv", "-o", "none/x.csv"], "none/x.csv cannot be written"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(
    made: Path, command: Command, words: list[str], sentence: str
) -> None:
    done = command("report", str(made), *words)
    assert done.returncode == 2
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_rows_hold_every_trial(made: Path) -> None:
    its = load_run(made)
    trials, scores = trial_rows(its.trials), score_rows(its.trials)
    assert len(trials) == len(its.trials) == 12
    assert len(scores) == 12 + 2 * 2 * 2  # levels: two learners, two seeds, two levels
    assert len({tuple(row) for row in scores}) == 1
    assert as_csv([]) == "\n"


def test_frames_are_tidy(made: Path, command: Command) -> None:
    pandas = pytest.importorskip("pandas", reason="the extra frames is not installed")
    scores = load_run(made).scores_frame()
    means = scores[scores.axis == "inside"].groupby(["learner", "n"]).exact_match.mean()
    summary = load_run(made).summary["tasks"]["tiny"]["learners"]["copy"]
    assert means["copy", 8] == pytest.approx(summary["curve"][1]["exact_match"]["mean"])
    assert len(load_run(made).trials_frame()) == 12

    pytest.importorskip("pyarrow", reason="the extra frames is not installed")
    file = made.parent / "scores.parquet"
    assert command("report", str(made), "--format", "parquet", "-o", str(file)).returncode == 0
    pandas.testing.assert_frame_equal(pandas.read_parquet(file), scores, check_dtype=False)


def test_without_pandas_the_install_line_is_said(made: Path) -> None:
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        f"sys.argv[1:] = ['report', {str(made)!r}, '--format', 'parquet', '-o', 'x']\n"
        "from dlcompare.compare.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'dlcompare[frames]'" in done.stderr


def test_a_run_does_not_differ_from_itself(made: Path, command: Command) -> None:
    its = difference(load_run(made), load_run(made))
    assert (its["made"], its["tasks"], its["only"]) == ({}, {}, [[], []])
    assert {each["difference"] for each in its["cells"]} == {0.0}
    assert "6 of 6 cells in common do not differ" in command("diff", str(made), str(made)).stdout


def test_what_differs_between_runs_is_said(made: Path, tiny: Path, command: Command) -> None:
    tiny.write_text(tiny.read_text().replace("== 0", "== 1"))
    other = tiny.parent / "other"
    run(str(tiny), ["copy", "content_blind"], "smoke", [8, 16], 6, timeout=60, out=other)
    its = json.loads(command("diff", str(made), str(other), "--json").stdout)
    assert its["made"]["settings: timeout"] == [300.0, 60.0]
    assert its["made"]["settings: seeds"] == [2, 6]
    assert its["tasks"] == {"tiny": ["fingerprint"]}
    (cell,) = its["cells"]
    assert (cell["learner"], cell["n"], cell["pairs"]) == ("copy", 8, 2)
    assert cell["difference"] == pytest.approx(cell["means"][1] - cell["means"][0])
    text = command("diff", str(made), str(other), "--all").stdout
    assert "settings: timeout: 300.0 → 60.0" in text
    assert "2 of 6 seeds" in text
    assert max(map(len, text.splitlines()[-2:])) <= 80


def test_runs_are_listed(made: Path, command: Command) -> None:
    (made.parent / "no run").mkdir()
    (row,) = json.loads(command("runs", "--json").stdout)
    assert (row["folder"], row["trials"], row["failed"]) == ("runs/made", 12, 4)
    assert command("runs").stdout.startswith("runs/made ")
    assert "there is no run under" in command("runs", "elsewhere").stdout


def test_the_doctor_names_versions_device_caches_and_what_is_missing(command: Command) -> None:
    its = diagnose()
    assert set(its) == {"versions", "hardware", "caches", "extras"}
    assert its["versions"]["dlcompare"]
    text = command("doctor").stdout
    for name, extra in its["extras"].items():
        assert (f"pip install 'dlcompare[{name}]'" in text) == bool(extra["missing"])
