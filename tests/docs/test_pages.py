"""The pages do what they say: their files are written, and their commands run in order.

A fence names its file: three backticks, the language, the name. A Python file that defines no task
and no learner is a script, and is run. `test_shell` runs the commands of the other pages, and
``tests/tasks/test_tutorial.py`` runs adding-a-task.md.
"""

import html
import importlib
import random
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import dlcompare
from dlcompare.synthesis.dsl.primitives.__main__ import table

DOCS = Path(__file__).parents[2] / "docs"
README = DOCS.parent / "README.md"
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


def python_of_the_readme():
    program, session, tasks = (text for kind, _, text in blocks(README) if kind == "python")
    return program, session, tasks


def test_the_program_in_the_readme_sorts_and_stands_in_the_example_report():
    program, *_ = python_of_the_readme()
    names = {}
    exec(program, names)
    rng = random.Random(0)
    for length in range(40):
        xs = [rng.randrange(-9, 10) for _ in range(length)]
        assert names["sorting"](xs) == sorted(xs)
    report = (DOCS / "example" / "sorting.html").read_text()
    assert program.strip() in html.unescape(re.sub(r"<[^>]*>", "", report))


@pytest.mark.slow
def test_the_python_session_in_the_readme_runs(tmp_path, monkeypatch):
    _, session, _ = python_of_the_readme()
    run = dlcompare.run

    def smaller(*tasks, **settings):
        return run(*tasks, **settings, learners=["synthesis"], train_sizes=[4])

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(dlcompare, "run", smaller)
    exec(session, {})


def test_every_object_on_the_page_of_the_python_interface_exists():
    names = re.findall(r"^\.\. auto\w+:: (\S+)$", (DOCS / "api.md").read_text(), re.MULTILINE)
    assert names
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert getattr(importlib.import_module(module), attribute).__doc__, name


def test_every_block_is_in_a_language_that_a_test_reads():
    for page in [README, *DOCS.glob("*.md")]:
        for language, _, text in blocks(page):
            assert language in ("console", "json", "python", "toml")
            if language == "toml":
                assert tomllib.loads(text)
