"""Nothing that stands in a run's folder is executed or imported; what is shared tells no home."""

import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dlcompare import load_run, run
from dlcompare.compare.trials.store import FILE
from dlcompare.tasks.errors import InputError

SPECIFIED = """
from dlcompare import ints, lists, task

def ensures(xs, result):
    return len(result) == len(xs)

@task(inputs=lists(ints(0, 9)), train={"length": range(2, 6)}, test={"length": [8]},
      ensures=ensures)
def same(xs: list[int]) -> list[int]:
    "Return the list."
    return list(xs)
"""

OTHER = SPECIFIED.replace("def same", "def other")

LEARNER = """
from pathlib import Path
Path(__file__).with_name("imported").touch()
from dlcompare.compare.learners.baselines import copy as create
"""

MARK = "__import__('pathlib').Path({mark!r}).touch()"

PROGRAMS = {
    "annotation": "def same(xs: {code}) -> list[int]:\n    return xs[1:]",
    "result": "def same(xs) -> {code}:\n    return xs[1:]",
    "variable": "def same(xs):\n    ys: {code} = xs\n    return ys",
    "default": "def same(xs, ys={code}):\n    return xs[1:]",
    "keyword default": "def same(xs, *, ys={code}):\n    return xs[1:]",
    "decorator": "def w(f):\n    {code}\n    return f\n\n@w\ndef same(xs):\n    return xs[1:]",
    "decorating expression": "@(lambda f: {code} or f)\ndef same(xs):\n    return xs[1:]",
    "class body": "class A:\n    {code}\n\ndef same(xs):\n    return xs[1:]",
    "base class": "class A({code}):\n    pass\n\ndef same(xs):\n    return xs[1:]",
    "f-string": "X = f'{{{code}}}'\n\ndef same(xs):\n    return xs[1:]",
    "import": "import marking\n\ndef same(xs):\n    return xs[1:]",
    "import inside": "def same(xs):\n    import marking\n    return xs[1:]",
    "import of a name": "from marking import *\n\ndef same(xs):\n    return xs[1:]",
    "statement": "{code}\n\ndef same(xs):\n    return xs[1:]",
    "body": "def same(xs):\n    {code}\n    return xs[1:]",
    "lambda": "same = lambda xs, ys={code}: xs[1:]",
    "comprehension": "def same(xs):\n    return [x for x in xs if not {code}]",
    "attributes": "def same(xs):\n    return [x for x in ().__class__.__base__.__subclasses__()]",
    "eval": "def same(xs):\n    return eval({text!r}) or xs[1:]",
    "exec": "def same(xs):\n    exec({text!r})\n    return xs[1:]",
    "open": "def same(xs):\n    open({mark!r}, 'w')\n    return xs[1:]",
    "format": "def same(xs):\n    '{{0.__class__}}'.format(xs)\n    return xs[1:]",
    "walrus": "def same(xs, ys=(zs := {code})):\n    return xs[1:]",
    "endless": "X = 10 ** 10 ** 10\n\ndef same(xs):\n    return xs[1:]",
}


Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Path:  # noqa: ARG001
    """A home folder with a task file and a learner's, in which commands are given."""
    folder = tmp_path / "home of xanthippe"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USER", "xanthippe")
    monkeypatch.setenv("LOGNAME", "xanthippe")
    (folder / "mine.py").write_text(SPECIFIED)
    (folder / "others.py").write_text(OTHER)
    (folder / "own.py").write_text(LEARNER)
    monkeypatch.chdir(folder)
    return folder


def rewrite(folder: Path, kind: str, change: Callable[[Any], Any]) -> None:
    """Change every value of a kind, with the checksums that belong to them."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        query = "SELECT id, key, value FROM entry WHERE kind = ?"
        for number, key, value in connection.execute(query, (kind,)).fetchall():
            new = json.dumps(change(json.loads(value)))
            text = "\n".join([str(number), kind, key, new]).encode()
            checksum = hashlib.blake2b(text, digest_size=16).hexdigest()
            connection.execute(
                "UPDATE entry SET value = ?, checksum = ? WHERE id = ?", (new, checksum, number)
            )


def dlcompare(*words: str) -> subprocess.CompletedProcess[str]:
    """The real command; ended where it hangs."""
    return subprocess.run(
        [sys.executable, "-m", "dlcompare", *words],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


RUN = ["run", "mine.py", "--preset", "smoke", "--device", "cpu", "--out", "run"]
COPY = ["--learner", "copy", "--train-sizes", "4"]


@pytest.mark.slow
def test_programs_in_a_store_are_never_executed(
    home: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each way that Python text has to run something before, or while, it is called.

    The programs are wrong, so that each is refuted by an input on which it is evaluated.
    """
    seeds = str(len(PROGRAMS))
    run("mine.py", ["copy"], "smoke", [4], len(PROGRAMS), device="cpu", out="run")
    marks = {name: home / f"mark of {name}" for name in PROGRAMS}
    (home / "marking.py").write_text(f"open({str(home / 'mark of import')!r}, 'w')")
    texts = [
        text.format(code=code, mark=str(marks[name]), text=code)
        for name, text in PROGRAMS.items()
        for code in [MARK.format(mark=str(marks[name]))]
    ]

    def change(its: Any) -> Any:
        program = {"python": texts[its["seed"]], "dsl": "x", "nodes": 1, "cost": 1}
        return {**its, "program": program}

    rewrite(home / "run", "trial", change)
    monkeypatch.setenv("PYTHONPATH", str(home))
    monkeypatch.syspath_prepend(str(home))
    for words in (["report", "run"], ["runs", "."], ["diff", "run", "run"]):
        assert command(*words).returncode == 0
    assert len(load_run("run").trials) == len(PROGRAMS)
    words = ["control", "mine.py", "length=8", "--learner", "copy", "--examples", "4"]
    done = command(*words, "--run", "run")
    assert (done.returncode, done.stderr) == (0, "")
    done = dlcompare(*RUN, *COPY, "--seeds", seeds, "--resume")
    assert done.returncode == 0, done.stderr
    assert not list(home.glob("mark of *"))
    programs = [trial.program or {} for trial in load_run("run").trials]
    assert {its["proof"]["status"] for its in programs} <= {"unknown", "refuted", "proved"}
    assert [its["python"] for its in programs] == texts


def test_files_that_only_a_store_names_are_not_imported(home: Path, command: Command) -> None:
    run(["mine.py", "others.py"], ["copy", "own.py:create"], "smoke", [4], device="cpu", out="run")
    (home / "imported").unlink()
    both = ["--learner", "own.py:create"]
    for words in (["report", "run"], ["runs", "."], ["diff", "run", "run"]):
        done = command(*words)
        assert (done.returncode, done.stderr) == (0, "")
    for words, sentence in (
        ([], "has the task 'others.py:other', which the command does not name"),
        (["others.py"], "has the learner 'own.py:create', which the command does not name"),
        (both, "has the task 'others.py:other'"),
    ):
        done = command(*RUN, *COPY, *words, "--resume")
        assert done.returncode == 2
        assert sentence in done.stderr
        assert not (home / "imported").exists()
    done = command(*RUN, *COPY, "others.py", *both, "--resume")
    assert done.returncode == 0
    assert "4 are kept from before, no other" in done.stderr


@pytest.mark.parametrize(
    ("task", "learner"),
    [
        ("elsewhere.py:more", "copy"),
        ("elsewhere.jsonl:more: one", "copy"),
        ("a_plugin", "copy"),
        ("os:system", "copy"),
        ("sorting", "elsewhere.py:create"),
        ("sorting", "/tmp/elsewhere.py:create:width=4"),
    ],
)
def test_whatever_a_store_names_is_refused_before_anything_is_loaded(
    home: Path, task: str, learner: str
) -> None:
    for file in ("elsewhere.py", "a_plugin.py"):
        (home / file).write_text(LEARNER)
    run("mine.py", ["copy"], "smoke", [4], device="cpu", out="run")

    def change(about: Any) -> Any:
        about["settings"]["tasks"].append(task)
        about["settings"]["learners"].append({"name": learner, "largest_only": False})
        return about

    rewrite(home / "run", "about", change)
    with pytest.raises(InputError, match="which the command does not name"):
        run("mine.py", ["copy"], "smoke", [4], device="cpu", out="run", resume=True)
    assert load_run("run").summary["run"]["finished"] == 1
    assert not (home / "imported").exists()


def test_a_run_moves_on_from_where_its_files_lie_now(home: Path) -> None:
    run("mine.py", ["copy"], "smoke", [4], device="cpu", out="run")
    (home / "below").mkdir()
    (home / "mine.py").rename(home / "below" / "mine.py")
    again = run("below/mine.py", ["copy"], "smoke", [4, 8], device="cpu", out="run", resume=True)
    assert [trial.n for trial in again.trials] == [4, 8]
    assert again.summary["run"]["settings"]["tasks"] == ["below/mine.py:same"]


def test_a_task_of_the_catalogue_is_not_taken_for_one_of_a_file(home: Path) -> None:
    (home / "mine.py").write_text(SPECIFIED.replace("same", "sorting"))
    run("mine.py", ["copy"], "smoke", [4], device="cpu", out="second")
    with pytest.raises(InputError, match="the command names another, 'sorting'"):
        run("sorting", ["copy"], "smoke", [4], device="cpu", out="second", resume=True)


def test_two_learners_of_one_name_are_refused(home: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.py").write_text(LEARNER)
    both = [str(tmp_path / name / "own.py") + ":create" for name in ("one", "two")]
    with pytest.raises(InputError, match=r"are both called 'own\.py:create'"):
        run("mine.py", both, "smoke", [4], device="cpu", out="run")
    assert not (home / "run").exists()


FAILING = """
import getpass
from pathlib import Path

class Failing:
    def __init__(self, options, device):
        self.options = options
    def fit(self, problem, budget, seed):
        (Path.home() / "no such folder" / "data.csv").read_text()

class Ending(Failing):
    def fit(self, problem, budget, seed):
        import os, sys
        mail = f"/mail/{getpass.getuser()}/inbox"
        print("reading", Path.home() / "data.csv", "and", mail, file=sys.stderr, flush=True)
        os.abort()
"""


@pytest.mark.parametrize("where", ["home", "elsewhere", "above"])
def test_what_a_run_leaves_names_no_home_and_no_user(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command, where: str
) -> None:
    (home / "failing.py").write_text(FAILING)
    if where != "home":
        folder = tmp_path if where == "above" else tmp_path / "elsewhere"
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
    names = [f"{home}/failing.py:Failing:data={home}/data.csv", f"{home}/failing.py:Ending"]
    words = [
        "run",
        f"{home}/mine.py",
        "--preset",
        "smoke",
        *COPY,
        "--out",
        "run",
        "--device",
        "cpu",
    ]
    for name in names:
        words += ["--learner", name]
    done = command(*words)
    assert done.returncode == 0, done.stderr
    for form in ("html", "md", "csv", "parquet"):
        done = command("report", "run", "--format", form, "-o", f"run/shared.{form}")
        assert done.returncode == 0, done.stderr
    shared = {file.name: file.read_bytes() for file in Path("run").iterdir()}
    assert {"run.sqlite", "summary.json", "report.html", "shared.parquet"} <= shared.keys()
    for name, content in shared.items():
        assert b"xanthippe" not in content, name
        assert str(tmp_path).encode() not in content, name
    assert b"~/no such folder/data.csv" in shared["summary.json"]
    statuses = [trial.status for trial in load_run("run").trials]
    assert sorted(statuses) == ["crash", "error", "ok"]
    again = command(*words, "--resume")
    assert "3 are kept from before, no other" in again.stderr


def test_an_interrupted_run_is_listed_as_unfinished_and_one_at_work_as_running(
    home: Path,
) -> None:
    (home / "slow.py").write_text(
        "import time\n"
        "from dlcompare.compare.learners.baselines import copy\n"
        "class create:\n"
        "    def __init__(self, options, device):\n"
        "        self.its = copy({}, device)\n"
        "    def fit(self, problem, budget, seed):\n"
        "        time.sleep(0.3)\n"
        "        return self.its.fit(problem, budget, seed)\n"
    )
    words = ["run", "mine.py", "--preset", "smoke", "--train-sizes", "4", "--seeds", "100"]
    words += ["--learner", f"{home}/slow.py:create", "--out", "runs/slow", "--jobs", "1"]

    def state() -> Any:
        rows = json.loads(dlcompare("runs", "--json").stdout)
        return rows[0] if rows else None

    def until(wanted: Callable[[Any], bool]) -> Any:
        while process.poll() is None:
            its = state()
            if its and wanted(its):
                return its
            time.sleep(0.1)
        raise AssertionError(process.communicate()[1])

    with subprocess.Popen(
        [sys.executable, "-m", "dlcompare", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert until(lambda its: its["trials"] > 0)["state"] == "running"
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    its = state()
    assert (its["state"], its["planned"]) == ("interrupted", 100)
    assert 0 < its["trials"] < 100
    assert f"{its['trials']} of 100 trials (interrupted)" in dlcompare("runs").stdout
