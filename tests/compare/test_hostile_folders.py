"""A run's folder made to harm its reader gets a sentence: nothing hangs, nothing is hurt."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import dlcompare
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.trials.metrics import Score
from dlcompare.compare.trials.store import FILE, About, Store
from dlcompare.compare.trials.trial import Spent, Trial

Command = Callable[..., subprocess.CompletedProcess[str]]

SETTINGS = RunOptions(["copy"], "smoke", [4], 2, "cpu", stack=False).settings(["sorting"])
ABOUT = About(
    SETTINGS, {"dlcompare": dlcompare.__version__}, {"cores": 2}, "2026-01-01T00:00:00+00:00"
)
CARD = {"description": "", "signature": "", "axes": {}, "untested": [], "available": 4}
SCORE = Score(32, 0.5, 0.5, None)
READERS = [["runs", "runs"], ["report", "runs/bad"], ["diff", "runs/good", "runs/bad"]]
RESUMING = ["run", "sorting", "--preset", "smoke", "--learner", "copy", "--train-sizes", "4"]
RESUMING += ["--seeds", "2", "--device", "cpu", "--out", "runs/bad", "--resume", "--quiet"]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of two trials."""
    folder = tmp_path_factory.mktemp("good") / "run"
    folder.mkdir()
    with Store(folder) as store:
        store.begin(ABOUT, {"sorting": ("print", CARD)})
        for seed in range(2):
            its = None, SCORE, (), True, Spent(), {}, {"python": "def sorting(xs): …", "dsl": "xs"}
            store.add(Trial("sorting", "copy", 4, seed, "ok", *its), "print", 1.0)
    return folder


@pytest.fixture
def bad(good: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoiled, beside one that is not."""
    shutil.copytree(good, tmp_path / "runs" / "good")
    return shutil.copytree(good, tmp_path / "runs" / "bad")


def forge(folder: Path, kind: str, value: str, key: str | None = None) -> None:
    """Change the first row of a kind, with the checksum that belongs to it."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        query = "SELECT id, key FROM entry WHERE kind = ? ORDER BY id"
        number, old = connection.execute(query, (kind,)).fetchone()
        row = (key or old, value)
        text = "\n".join([str(number), kind, *row])
        checksum = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16)
        row = (*row, checksum.hexdigest())
        connection.execute(
            "UPDATE entry SET key = ?, value = ?, checksum = ? WHERE id = ?", (*row, number)
        )


def value(folder: Path, kind: str) -> Any:
    """The value of the first row of a kind."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        query = "SELECT value FROM entry WHERE kind = ? ORDER BY id"
        return json.loads(connection.execute(query, (kind,)).fetchone()[0])


def alter(kind: str, *path: str | int, to: str) -> Callable[[Path], None]:
    """A change of one value, given as JSON text, in the first row of a kind."""

    def change(folder: Path) -> None:
        whole = value(folder, kind)
        its = whole
        for step in path[:-1]:
            its = its[step]
        its[path[-1]] = "@"
        forge(folder, kind, json.dumps(whole).replace('"@"', to))

    return change


def script(sql: str) -> Callable[[Path], None]:
    """A change of the schema, or of rows without regard to checksums."""

    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / FILE)) as connection:
            connection.executescript(sql)

    return change


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
COLUMNS = "1 AS id, 'about' AS kind, '[]' AS key, '{}' AS value, '' AS checksum"
DEEP = "[" * 100_000 + "]" * 100_000

REFUSED = {
    "a view that never ends": script(
        f"DROP TABLE entry; CREATE VIEW entry AS {ENDLESS} SELECT {COLUMNS} FROM n"
    ),
    "a view beside the table": script(f"CREATE VIEW more AS {ENDLESS} SELECT x FROM n"),
    "a trigger": script(
        "CREATE TRIGGER spy AFTER INSERT ON entry BEGIN DELETE FROM entry; END"
    ),
    "an index over an expression": script("CREATE INDEX slow ON entry (length(zeroblob(10000)))"),
    "a column that is computed": script(
        "ALTER TABLE entry ADD COLUMN more AS (length(hex(zeroblob(100000000))))"
    ),
    "another table": script("DROP TABLE entry; CREATE TABLE entry (id, kind)"),
    "no table": script("DROP TABLE entry"),
    "a schema that is no SQL": script(
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE \x1b[2J('"
    ),
    "no settings": script("DELETE FROM entry WHERE kind = 'about'"),
    "blobs": script("UPDATE entry SET value = zeroblob(1000000)"),
    "numbers for texts": script("UPDATE entry SET key = 5, value = 1e999"),
    "a row that is too long": script("UPDATE entry SET value = zeroblob(100000000) WHERE id = 2"),
    "an unknown preset": alter("about", "settings", "preset", to='"\\u001b[2Jevil"'),
    "an unknown learner": alter("about", "settings", "learners", 0, "name", to='"evil"'),
    "options that are none": alter("about", "settings", "learners", 0, "name", to='"copy:x"'),
    "more trials than there can be": alter("about", "settings", "seeds", to="1000000000"),
    "no sizes": alter("about", "settings", "train_sizes", to="[]"),
    "a size that is a text": alter("about", "settings", "train_sizes", to='["4"]'),
    "NaN": alter("about", "settings", "timeout", to="NaN"),
    "10^400": alter("about", "settings", "seeds", to="1" + "0" * 400),
    "1e400": alter("about", "settings", "memory", to="1e400"),
    "ten thousand digits": alter("about", "settings", "inside", to="9" * 10_000),
    "deep JSON": alter("about", "hardware", to=DEEP),
    "JSON that is just not too deep": alter("about", "hardware", to=DEEP[99_100:-99_100]),
    "no JSON": lambda folder: forge(folder, "about", "{"),
    "a list for an object": lambda folder: forge(folder, "about", "[]"),
    "half a character": alter("about", "settings", "preset", to='"\\ud800"'),
    "an older store": script("PRAGMA user_version = 2"),
    "a newer store": script("PRAGMA user_version = 4"),
    "a store of no version": script("PRAGMA user_version = 0"),
    "another database": lambda folder: (folder / FILE).write_bytes(b"not a database " * 100),
    "nothing": lambda folder: (folder / FILE).write_bytes(b""),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_run_that_cannot_be_read_is_a_sentence_and_the_others_are_listed(
    bad: Path, command: Command, what: str
) -> None:
    REFUSED[what](bad)
    for words in READERS:
        done = command(*words)
        assert done.returncode == (0 if words[0] == "runs" else 2), done.stderr
        assert "runs/bad" in done.stderr
        _plain(done)
    assert json.loads(command("runs", "--json").stdout)[0]["folder"] == "runs/good"
    if what != "nothing":  # a run that was killed before it began can begin
        resumed = command(*RESUMING)
        assert (resumed.returncode, "runs/bad" in resumed.stderr) == (2, True), resumed.stderr
        _plain(resumed)


def _plain(done: subprocess.CompletedProcess[str]) -> None:
    """One sentence, nothing of what is going on inside, nothing that steers a terminal."""
    assert "Traceback" not in done.stderr
    assert "\x1b[2J" not in done.stderr + done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr) < 3_000


DAMAGED = {
    "an unknown status": alter("trial", "status", to='"\\u001b[2Jsplendid"'),
    "more than everything right": alter("trial", "inside", "exact_match", to="1.5"),
    "a share that is none": alter("trial", "inside", "exact_match", to="NaN"),
    "a share that is a text": alter("trial", "inside", "exact_match", to='"1"'),
    "an endless count": alter("trial", "inside", "count", to="1" + "0" * 400),
    "negative seconds": alter("trial", "spent", "wall_seconds", to="-1"),
    "a program that is a number": alter("trial", "program", "python", to="5"),
    "a deep proof": alter("trial", "program", "proof", to=DEEP),
    "a proof of 1e999": alter("trial", "program", "proof", to='{"bound": {"length": 1e999}}'),
    "a deep card": alter("task", "card", "untested", to=DEEP),
    "supply that is negative": alter("task", "card", "available", to="-5"),
    "another trial": alter("trial", "seed", to="7"),
    "a key of another kind": lambda folder: forge(
        folder, "trial", json.dumps(value(folder, "trial")), '[["deep"], {}]'
    ),
    "a row of another kind": script("UPDATE entry SET kind = 'evil' WHERE id = 5"),
    "a row twice": lambda folder: forge(
        folder, "trial", json.dumps(value(folder, "trial") | {"seed": 1}),
        json.dumps(["sorting", "print", "copy", 4, 1, dlcompare.__version__]),
    ),
    "a row too many": script(
        "INSERT INTO entry SELECT 9000000000, kind, key, value, checksum FROM entry WHERE id = 4"
    ),
    "a row too few": script("DELETE FROM entry WHERE id = 4"),
    "time that is a text": lambda folder: forge(folder, "seconds", '"long"'),
    "a number of rows that cannot be": lambda folder: forge(folder, "rows", "1" + "0" * 15),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGED)
def test_what_is_damaged_is_named_and_the_rest_is_read(
    bad: Path, command: Command, what: str
) -> None:
    DAMAGED[what](bad)
    for words in READERS:
        done = command(*words)
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert "\x1b[2J" not in done.stderr + done.stdout
        assert "amaged" in done.stdout or "row" in done.stderr
    table = command("report", "runs/bad", "--format", "csv", "-o", "-")
    assert "row" in table.stderr
    summary = json.loads(command("report", "runs/bad", "--json").stdout)
    assert summary["run"]["damage"]
    assert "Damaged:" in (bad / "report.html").read_text()
    (row,) = [r for r in json.loads(command("runs", "--json").stdout) if r["damaged"]]
    assert row["folder"] == "runs/bad"


def test_values_that_are_odd_but_possible_are_shown(bad: Path, command: Command) -> None:
    alter("trial", "program", to=json.dumps({"python": "\x1b[2J<script>", "dsl": "\u202e"}))(bad)
    alter("about", "hardware", to=json.dumps({"\x1b[2J": "<script>alert(1)</script>"}))(bad)
    alter("about", "started", to='"\\u001b[2Jyesterday"')(bad)
    for words in READERS:
        done = command(*words)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b[2J" not in done.stdout
    assert "<script>alert" not in (bad / "report.html").read_text()


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Path]:
    """A file of the reader's own, which nobody is to touch."""
    file = tmp_path / "diary.txt"
    file.write_text("dear diary")
    yield file
    assert file.read_text() == "dear diary"


def link_to(target: Path, file: Path) -> None:
    """Put a link in the place of a file."""
    file.unlink(missing_ok=True)
    file.symlink_to(target)


def journal_of(folder: Path, other: Path) -> None:
    """A rollback journal that names another one, as SQLite has them for several databases."""
    name = os.fsencode(other)
    head = bytes.fromhex("d9d505f920a163d7") + bytes(20)
    tail = bytes(4) + name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big")
    (folder / f"{FILE}-journal").write_bytes(head.ljust(512, b"\0") + tail + head[:8])


ODD: dict[str, Callable[[Path, Path], object]] = {
    "a pipe": lambda folder, _: ((folder / FILE).unlink(), os.mkfifo(folder / FILE)),
    "a pipe for its log": lambda folder, _: os.mkfifo(folder / f"{FILE}-wal"),
    "a pipe for its lock": lambda folder, _: (
        (folder / "run.lock").unlink(), os.mkfifo(folder / "run.lock"),
    ),
    "a folder": lambda folder, _: ((folder / FILE).unlink(), (folder / FILE).mkdir()),
    "a link": lambda folder, victim: link_to(victim, folder / FILE),
    "a link to itself": lambda folder, _: link_to(folder / FILE, folder / FILE),
    "a link for its log": lambda folder, victim: link_to(victim, folder / f"{FILE}-wal"),
    "a link for its index": lambda folder, victim: link_to(victim, folder / f"{FILE}-shm"),
    "a link for its journal": lambda folder, victim: link_to(victim, folder / f"{FILE}-journal"),
    "a link for its lock": lambda folder, victim: link_to(victim, folder / "run.lock"),
    "a journal that names another": journal_of,
    "ten gigabytes": lambda folder, _: os.truncate(folder / FILE, 10 * 2**30),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_files_that_are_none_are_neither_followed_nor_waited_for(
    bad: Path, victim: Path, command: Command, what: str
) -> None:
    ODD[what](bad, victim)
    for words in (*READERS, RESUMING):
        done = command(*words)
        assert done.returncode == (0 if words[0] == "runs" else 2), (words, done.stderr)
        assert "runs/bad" in done.stderr
        _plain(done)


def test_a_million_rows_are_a_sentence(bad: Path) -> None:
    """Through the real command, which is ended if it takes long."""
    numbers = "WITH RECURSIVE n(x) AS (SELECT 10 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000)"
    script(f"INSERT INTO entry {numbers} SELECT x, 'trial', '[]', '0', '0' FROM n")(bad)
    done = subprocess.run(
        [sys.executable, "-m", "dlcompare", "runs", str(bad.parent), "--json"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert len(json.loads(done.stdout)) == 2


def test_a_folder_of_runs_that_is_none_is_a_sentence(tmp_path: Path, command: Command) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("")
    for name in ("loop", "file", "missing"):
        assert "there is no run under" in command("runs", name).stdout
        assert command("report", name).returncode == 2
