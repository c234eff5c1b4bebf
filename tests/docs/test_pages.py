"""The pages do what they say: their files are written, and their commands run in order.

A fence names its file: three backticks, the language, the name. A Python file that defines no task
and no learner is a script, and is run.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dlcompare.synthesis.dsl.primitives.__main__ import table

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["start.md", "adding-a-learner.md"]


def blocks(page):
    return re.findall(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$", page.read_text(), re.MULTILINE)


def run(folder, words):
    return subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_command_of_a_page_works_in_order(page, tmp_path):
    ran = 0
    for language, name, text in blocks(DOCS / page):
        if language == "python":
            (tmp_path / name).write_text(text)
            if "def create(" not in text and "@task" not in text:
                done = run(tmp_path, [name])
                assert done.returncode == 0, done.stderr
                ran += 1
        elif language == "console":
            for line in re.findall(r"^\$ (.*)$", text, re.MULTILINE):
                program, *words = shlex.split(line)
                assert program == "dlcompare"
                done = run(tmp_path, ["-m", "dlcompare", *words])
                assert done.returncode == 0, done.stderr
                assert done.stdout
                ran += 1
    assert ran > 0


def test_the_table_of_primitives_is_what_the_code_prints():
    assert "\n".join(table()) in (DOCS / "dsl.md").read_text()


def test_every_page_is_in_the_table_of_contents():
    index = (DOCS / "index.md").read_text()
    for page in DOCS.glob("*.md"):
        assert page.stem == "index" or re.search(rf"^{page.stem}$", index, re.MULTILINE), page
