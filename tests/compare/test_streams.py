"""Commands whose standard streams are closed, full or of a poor encoding; poor places to start in.

Every command is started by a shell, as a person or a script does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

TASK = """
from dlcompare import ints, lists, task

@task(inputs=lists(ints(0, 9)), train={"length": range(2, 6)}, test={"length": [8, 12]})
def tiny(xs: list[int]) -> list[int]:
    "Keep the even numbers – “0”, 2, … → 8 (λ ☃ 𝔸 é)."
    return [x for x in xs if x % 2 == 0]
"""
RUN = "run tiny.py --learner copy --preset smoke --train-sizes 4 --quiet"

Shell = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a task file, a table and a run, which was made without a home in ASCII."""
    place = tmp_path_factory.mktemp("streams")
    (place / "tiny.py").write_text(TASK, encoding="utf-8")
    (place / "table.csv").write_text("n,next\n1,2\n2,3\n5,6\n9,10\n")
    (place / "runs").mkdir()
    environment = {k: v for k, v in os.environ.items() if k not in ("HOME", "TERM")}
    done = subprocess.run(
        [sys.executable, "-m", "dlcompare", *RUN.split(), "--out", "runs/made"],
        cwd=place,
        env={**environment, "PYTHONIOENCODING": "ascii", "TERM": "dumb"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    assert done.stdout.decode("ascii").endswith("runs/made/report.html\n")
    return place


@pytest.fixture
def shell(folder: Path) -> Shell:
    """Has a shell carry out a line in which ``dlcompare`` is the command."""

    def call(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        command = f'dlcompare() {{ "{sys.executable}" -m dlcompare "$@"; }}; {line}'
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            timeout=120,
        )
        assert b"Traceback" not in done.stderr + done.stdout
        assert b"Exception ignored" not in done.stderr
        return done

    return call


LIGHT = ["--help", "tasks", "tasks sorting --json", "learners", "runs", "diff runs/made runs/made"]
HEAVY = ["doctor", "report runs/made", "synth table.csv", "check tiny.py", "tasks tiny.py"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("words", [*LIGHT, *HEAVY, f"{RUN} --out runs/full"])
def test_a_full_output_is_a_sentence_and_a_status(shell: Shell, words: str) -> None:
    done = shell(f"dlcompare {words} > /dev/full")
    assert done.returncode == 2
    said = b"Error: standard output cannot be written: No space left on device\n"
    assert done.stderr.endswith(said)


@pytest.mark.parametrize("words", [*LIGHT, "tasks tiny.py --json"])
def test_a_closed_output_is_a_sentence_and_a_status(shell: Shell, words: str) -> None:
    done = shell(f"dlcompare {words} >&-")
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: standard output cannot be written: ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
@pytest.mark.parametrize("words", ["runs", "tasks tiny.py --json"])
def test_what_is_no_result_may_be_lost(shell: Shell, words: str, closed: str) -> None:
    usual = shell(f"dlcompare {words}")
    done = shell(f"dlcompare {words} {closed}")
    assert (done.returncode, done.stdout) == (0, usual.stdout)


def test_an_error_that_nobody_can_read_keeps_its_status(shell: Shell) -> None:
    for closed in ("2>&-", "2>/dev/full", "<&- >&- 2>&-"):
        assert shell(f"dlcompare tasks nothing {closed}").returncode == 2


@pytest.mark.parametrize("words", ["tasks", "tasks sorting --json", "runs --json"])
def test_a_reader_may_have_enough(shell: Shell, words: str) -> None:
    done = shell(f"dlcompare {words} | head -c 1")
    assert len(done.stdout) == 1
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_characters_that_an_encoding_lacks_are_spelt(shell: Shell, encoding: str) -> None:
    done = shell("dlcompare tasks tiny.py --json", PYTHONIOENCODING=encoding)
    (record,) = json.loads(done.stdout.decode(encoding))
    assert record["description"] == "Keep the even numbers – “0”, 2, … → 8 (λ ☃ 𝔸 é)."
    done = shell("dlcompare diff runs/made runs/made --all", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert done.stdout.decode(encoding)


@pytest.mark.parametrize("words", ["report runs/made --format md", "tasks tiny.py", "learners"])
def test_an_old_locale_suffices(shell: Shell, words: str) -> None:
    done = shell(
        f"dlcompare {words}", LC_ALL="C", LANG="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_a_stream_spells_what_it_lacks() -> None:
    code = (
        "import sys; from dlcompare.compare.streams import prepare; prepare(); "
        "sys.stdout.write('a – b … → λ é ☃ 𝔸 \\udc80')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode("latin-1") == r"a - b ... -> \u03bb é \u2603 \U0001d538 \udc80"


@pytest.mark.parametrize("words", ["tasks", "run tiny.py", "synth table.csv", "doctor"])
def test_too_few_files_are_a_sentence(shell: Shell, words: str) -> None:
    done = shell(f"ulimit -n 20; dlcompare {words}")
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error: only 20 files may be open at a time")
    assert done.stdout == b""


def test_a_low_limit_of_files_is_raised_where_that_is_allowed(shell: Shell) -> None:
    assert shell("ulimit -Sn 20; dlcompare tasks").returncode == 0


def test_a_folder_that_is_gone_is_a_sentence(shell: Shell) -> None:
    done = shell("mkdir gone; cd gone; rmdir ../gone; dlcompare tasks ../tiny.py")
    assert done.returncode == 2
    assert b"the current folder no longer exists" in done.stderr


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no place like it")
@pytest.mark.parametrize("words", [f"run {{}}/tiny.py {RUN[12:]}", "new largest"])
def test_a_folder_that_nothing_can_be_written_to_is_a_sentence(
    shell: Shell, folder: Path, words: str
) -> None:
    done = shell(f"cd /proc; dlcompare {words.format(folder)}")
    assert done.returncode == 2
    assert b"cannot be" in done.stderr
