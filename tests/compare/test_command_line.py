"""The command line: bad input is one sentence and status 2; results and progress do not mix."""

import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dlcompare import load_run, run

Command = Callable[..., subprocess.CompletedProcess[str]]

HEAVY = {"torch", "numba", "z3", "scipy", "altair", "numpy", "rich", "vl_convert", "networkx"}


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["-h"], ["--version"]])
def test_help_loads_no_heavy_library(words: list[str]) -> None:
    code = (
        "import sys; from dlcompare.compare.cli import main\n"
        f"sys.argv[1:] = {words!r}\n"
        "try: main()\n"
        "except SystemExit as end: print(end.code, *sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, *modules = done.stderr.split()
    assert status == "0"
    assert not HEAVY & {name.partition(".")[0] for name in modules}


def test_help_imports_little_more_than_click_does() -> None:
    def modules(code: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"],
            check=True,
            capture_output=True,
            text=True,
        )
        return set(done.stderr.split())

    shown = (
        "sys.argv[1:] = ['--help']; from dlcompare.compare.cli import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    clicked = "import click; click.Group('some').main(['--help'], standalone_mode=False)"
    known = modules(clicked)
    more = modules(shown) - known
    assert {name.partition(".")[0] for name in more} - sys.stdlib_module_names == {"dlcompare"}
    assert len(more) <= len(known) / 2, sorted(more)


def files_below(folder: Path) -> list[Path]:
    """Every file and folder but Python's caches."""
    return sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)


RAISING = """
from dlcompare import task

raise KeyError("no such thing")
"""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "sortin"], "did you mean 'sorting'?"),
        (["run", "no_such.py"], "there is no task file no_such.py"),
        (["run", "raising.py"], "importing it raised KeyError: 'no such thing'"),
        (["run", "tiny.py:tinny"], "did you mean 'tiny'?"),
        (["run", "tiny.py", "--train-sizes", "0,x"], "'0,x' must be positive whole numbers"),
        (["run", "tiny.py", "--seeds", "0"], "--seeds"),
        (["run", "tiny.py", "--preset", "quik"], "quik"),
        (["run", "tiny.py", "--learner", "nearest_neighbor"], "did you mean 'nearest_neighbour'?"),
        (["run", "tiny.py", "--learner", "copy:width"], "must be key=value"),
        (["run", "tiny.py", "--learner", "copy:width=3"], "takes no options"),
        (["run", "tiny.py", "--learner", "none.py:create"], "there is no learner file"),
        (["run", "tiny.py", "--learner", "raising.py:create"], "raising.py, line 4"),
        (["run", "tiny.py", "--learner", "tiny.py:create"], "has no function 'create'"),
        (["run", "tiny.py", "--learner", "copy", "--out", "tiny.py/x"], "cannot be made"),
        (["run", "tiny.py", "--learner", "copy", "--out", "/proc/x"], "cannot be made"),
        (["run", "tiny.py", "--learner", "copy", "--out", "there"], "add --resume"),
        (["run", "tiny.py", "--memory", "0"], "--memory"),
        (["run", "tiny.py", "--prest", "quick"], "--preset"),
        (["run", "tiny.py", "--address", "here:6379"], "add --backend ray"),
        (["run"], "TASK"),
        (["rnu", "sorting"], "Did you mean 'run'?"),
        (["report", "there"], "there is no run in there"),
        (["report"], "there is no run under runs/ yet"),
    ],
)
def test_bad_input_is_a_sentence_and_status_2(
    tiny: Path, command: Command, words: list[str], sentence: str
) -> None:
    (tiny.parent / "raising.py").write_text(RAISING)
    (tiny.parent / "there").mkdir()
    before = files_below(tiny.parent)
    done = command(*words)
    assert done.returncode == 2, done.stderr
    assert sentence in " ".join(done.stderr.split())
    assert "Error:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout
    assert files_below(tiny.parent) == before


@pytest.mark.usefixtures("tiny")
def test_cuda_where_there_is_none_is_a_sentence(command: Command) -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device here")
    done = command("run", "tiny.py", "--learner", "transformer", "--device", "cuda")
    assert done.returncode == 2
    assert "finds no CUDA device" in done.stderr


def test_a_run_prints_its_table_and_names_its_report_last(tiny: Path, command: Command) -> None:
    done = command("run", "tiny.py", "--learner", "copy", "--preset", "smoke")
    assert done.returncode == 0, done.stderr
    report = tiny.parent / done.stdout.splitlines()[-1]
    assert report.name == "report.html"
    assert report.read_text().lstrip().lower().startswith("<!doctype html>")
    assert "copy" in done.stdout
    assert "2/2" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr

    again = command("run", "tiny.py", "--learner", "copy", "--preset", "smoke")
    second = Path(again.stdout.splitlines()[-1]).parent.name
    assert second == f"{report.parent.name}-2"

    reprinted = command("report")
    assert reprinted.returncode == 0, reprinted.stderr
    assert reprinted.stdout == again.stdout

    resumed = command("run", "tiny.py", "--learner", "copy", "--preset", "smoke", "--resume")
    assert resumed.stdout.splitlines()[-1] == again.stdout.splitlines()[-1]
    assert "2 trials: 2 are kept from before, no other" in resumed.stderr


def test_json_prints_the_summary_and_nothing_else(tiny: Path, command: Command) -> None:
    words = ["run", "tiny.py", "--learner", "copy", "--preset", "smoke", "--json"]
    done = command(*words, "--out", "run")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((tiny.parent / "run/summary.json").read_text())


def test_what_a_learner_prints_does_not_reach_standard_output(tiny: Path, command: Command) -> None:
    (tiny.parent / "loud.py").write_text(
        "def create(options, device):\n    print('LOUD')\n    raise RuntimeError('no')\n"
    )
    done = command("run", "tiny.py", "--learner", "loud.py:create", "--json")
    assert done.returncode == 2
    assert "LOUD" not in done.stdout


def test_the_summary_meets_its_schema(
    tiny: Path, command: Command, misbehaving: Callable[..., str]
) -> None:
    schema = json.loads((files("dlcompare.compare") / "summary.schema.json").read_text())
    learners = [
        "copy",
        "nearest_neighbour",
        misbehaving("raising"),
        misbehaving("segfaulting"),
        misbehaving("ending", **{"as": "no_program"}),
    ]
    words = [word for learner in learners for word in ("--learner", learner)]
    tiny.write_text(tiny.read_text().replace("range(2, 6)", "[3]"))
    done = command(
        "run", "tiny.py", *words, "--preset", "smoke", "--train-sizes", "8,1000", "--json"
    )
    assert done.returncode == 0, done.stderr
    jsonschema.validate(json.loads(done.stdout), schema)


def test_the_listing_is_flat(command: Command) -> None:
    names = [row["name"] for row in json.loads(command("learners", "--json").stdout)]
    lines = command("learners").stdout.splitlines()
    assert [line.split()[0] for line in lines] == names
    assert names


@pytest.mark.usefixtures("tiny")
def test_the_command_that_a_run_reports_makes_it_again(command: Command) -> None:
    first = json.loads(
        command(
            "run", "tiny.py", "--learner", "copy", "--preset", "smoke", "--seeds", "2", "--json"
        ).stdout
    )
    words = shlex.split(first["run"]["command"])
    assert words[0] == "dlcompare"
    second = json.loads(command(*words[1:], "--json").stdout)
    assert second["run"]["settings"] == first["run"]["settings"]
    curves = [each["tasks"]["tiny"]["learners"]["copy"]["curve"] for each in (first, second)]
    once, again = ([point["exact_match"] for point in curve] for curve in curves)
    assert once == again


def test_a_reader_that_stops_reading_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", "learners"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert not process.stderr.read()


FILLING = """
set -e
mount -t tmpfs -o size=256k none {disk}
"$@" > /dev/null 2> {said} && exit 9 || test $? = 2
mount -o remount,size=64m {disk}
"$@" --resume > /dev/null
cp -r {disk}/run {kept}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("unshare") is None, reason="there is no unshare here")
def test_a_disk_that_fills_up_ends_a_run_in_a_sentence_and_loses_nothing(
    tiny: Path,
    misbehaving: Callable[..., str],
    fits: Callable[[Path], list[str]],
    numbers: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    apart = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*apart, "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    disk, said, kept, log = (tiny.parent / name for name in ("disk", "said", "kept", "log"))
    disk.mkdir()
    learner = misbehaving("slow", seconds=0, log=log)
    words = ["run", str(tiny), "--learner", learner, "--preset", "smoke", "--seeds", "20"]
    command = [sys.executable, "-m", "dlcompare", *words, "--out", str(disk / "run")]
    script = FILLING.format(disk=disk, said=said, kept=kept)
    done = subprocess.run([*apart, "sh", "-c", script, "sh", *command], check=False, timeout=120)
    assert done.returncode == 0, said.read_text()
    assert "full" in said.read_text()
    assert "Traceback" not in said.read_text()
    # What was in the middle of being stored, two at a time, is made again, and nothing else.
    assert 40 <= len(fits(log)) <= 40 + 2
    undisturbed = run(str(tiny), [learner], "smoke", seeds=20, out=tiny.parent / "undisturbed")
    assert numbers(load_run(kept).summary) == numbers(undisturbed.summary)


def test_a_full_disk_is_a_sentence(tiny: Path, command: Command) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    done = command("run", "tiny.py", "--learner", "copy", "--preset", "smoke", "--out", "run")
    assert done.returncode == 0
    folder = tiny.parent / "run"
    store = (folder / "run.sqlite").read_bytes()
    (folder / "run.sqlite").unlink()
    (folder / "run.sqlite").symlink_to("/dev/full")
    full = command(
        "run", "tiny.py", "--learner", "copy", "--preset", "smoke", "--out", "run", "--resume"
    )
    assert full.returncode == 2
    assert "run.sqlite cannot be used" in full.stderr
    assert "Traceback" not in full.stderr
    (folder / "run.sqlite").unlink()
    (folder / "run.sqlite").write_bytes(store)
    assert command("report", "run").returncode == 0
