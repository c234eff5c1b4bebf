"""Tasks of installed packages."""

import subprocess
import sys

import pytest

TASK = """
from dlcompare import ints, task

@task(inputs=ints(0, 999))
def {name}(x: int) -> int:
    "A cube and five.\\n\\n{name}(2) == 13"
    return x * x * x + 5
"""


def install(folder, name, entry, source):
    """A package as pip leaves it: a module, and metadata that offers it."""
    (folder / f"{name}.py").write_text(source)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[dlcompare.tasks]\n{name} = {entry}\n")


@pytest.fixture
def command(tmp_path):
    install(tmp_path, "whole", "whole", TASK.format(name="twice"))
    install(tmp_path, "single", "single:again", TASK.format(name="again"))
    install(tmp_path, "broken", "broken", "raise RuntimeError('no luck')\n")
    install(tmp_path, "bare", "bare:x", "x = 1\n")
    install(tmp_path, "taken", "taken", TASK.format(name="sorting"))

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "dlcompare", *words],
            env={"PYTHONPATH": str(tmp_path), "PATH": ""},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_broken_plug_in_warns_and_does_not_stop_the_rest(command):
    done = command("tasks")
    assert done.returncode == 0
    assert "twice" in done.stdout
    assert "again" in done.stdout
    assert "'broken' cannot be loaded: importing it raised RuntimeError: no luck" in done.stderr
    assert "'bare' has no task" in done.stderr
    assert "'taken' has a task 'sorting', a name that is taken" in done.stderr
    assert done.stderr.count("warning") == 3


def test_a_task_of_a_plug_in_is_found_by_its_name(command):
    done = command("check", "twice", "again")
    assert done.returncode == 0, done.stderr
    unknown = command("check", "twic")
    assert unknown.returncode == 2
    assert "did you mean 'twice'?" in unknown.stderr
