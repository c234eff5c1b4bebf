"""The tutorial does what it says: its files are written, its commands run, their output compared.

A fence names its file: three backticks, the language, the name. `dlcompare run` is given the
learner that copies, so that nothing is trained here.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dlcompare.compare.experiment.shortcuts import given_away
from dlcompare.tasks.contract import faults
from dlcompare.tasks.registry import load

TUTORIAL = Path(__file__).parents[2] / "docs" / "adding-a-task.md"
BLOCKS = re.findall(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", TUTORIAL.read_text(), re.MULTILINE)
FILES = {name: text for language, name, text in BLOCKS if language in ("python", "json")}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", [name for name in FILES if name != "faulty.py"])
def test_every_task_of_the_tutorial_is_in_order(folder, name):
    for task in load(str(folder / name)):
        assert faults(task) == []
        assert given_away(task) is None


def commands():
    for language, options, text in BLOCKS:
        if language == "console":
            status = int(options.partition("status=")[2] or 0)
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                line, _, output = part.partition("\n")
                yield pytest.param(line, output, status, id=line)


@pytest.mark.parametrize(("line", "output", "status"), list(commands()))
def test_every_command_of_the_tutorial_prints_what_it_says(folder, line, output, status):
    program, *words = shlex.split(line)
    assert program == "dlcompare"
    if words[0] == "run":
        words += ["--learner", "copy"]
    done = subprocess.run(
        [sys.executable, "-m", "dlcompare", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert done.stdout
    if output:
        assert done.stdout == output


def test_the_tutorial_covers_what_a_task_can_say():
    code = "\n".join(FILES.values())
    for word in ("inputs=", "train=", "test=", "without=", "ensures=", "accepts=", "noise="):
        assert word in code
