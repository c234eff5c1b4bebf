"""Every command of every page exists and takes its options, and the commands that are quick run.

A command stands in an indented block or after ``$`` in a console block; in a sentence it is a
mention, which may lack its arguments.
"""

import argparse
import re
import runpy
import shlex
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from dlcompare.compare.cli import dlcompare
from dlcompare.compare.learners.learner_table import parse
from dlcompare.tasks.registry import load

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))

NOT_RUN = {
    "make ": "it installs the package, and then runs what stands elsewhere",
    "pip install": "it changes the environment that runs the tests",
    "python -m benchmarks.": "a benchmark takes minutes or hours",
    "large_run.py": "it makes a hundred thousand trials",
    " --all": "it takes every task of the catalogue",
    " --address": "it needs a cluster",
    "dlcompare sorting-kernels": "it takes a quarter of a minute; its search has tests of its own",
    " FILE": "it stands for a file of the reader",
}
"""Parts of commands that are parsed and not run, with the reason."""

BUDGETS = {
    "run": ["--preset", "smoke", "--train-sizes", "4", "--seeds", "1", "--learner", "copy"],
    "drive": ["--learner", "copy", "--rounds", "1", "--drives", "1"],
    "control": ["--learner", "copy", "--examples", "16", "--updates", "1"],
}
"""What a command is run with instead of its own learners and budgets: nothing is trained here."""

_PROBLEM = '{"name": "double", "inputs": {"x": [1, 2, 5, 9]}, "outputs": [2, 4, 10, 18]}\n'
_SYGUS = """(set-logic LIA)
(synth-fun larger ((x Int) (y Int)) Int)
(declare-var x Int)
(declare-var y Int)
(constraint (= (larger x y) (ite (<= x y) y x)))
(check-synth)
"""
FILES = {
    "examples.csv": "x,y\n1,2\n2,4\n5,10\n9,18\n30,60\n31,62\n7,14\n8,16\n11,22\n12,24\n",
    "problem.sy": _SYGUS,
    "problems.jsonl": _PROBLEM,
    "others.jsonl": _PROBLEM,
}
"""Files that commands name and no page shows."""


RUN_ELSEWHERE = [ROOT / "docs" / f"{page}.md" for page in ("adding-a-task", "adding-a-learner")]
"""Pages whose commands run with the files of the page, in tests of their own."""


class Command(NamedTuple):
    """A command, and whether it stands in a block, where a reader copies it from."""

    page: Path
    line: str
    in_block: bool


def commands():
    for page in PAGES:
        text = re.sub(r"^```(?!console)\w.*\n(?:.*\n)*?```$", "", page.read_text(), flags=re.M)
        for line in re.findall(r"^(?:    |\$ )((?:dlcompare|python|make|pip) .*)$", text, re.M):
            for part in line.partition(" #")[0].split(";"):
                yield Command(page, part.strip(), in_block=True)
        for line in re.findall(r"`((?:dlcompare|python -m|make) [^`]+)`", text):
            yield Command(page, " ".join(line.split()), in_block=False)


COMMANDS = list(dict.fromkeys(commands()))


def reason(line):
    return next((why for part, why in NOT_RUN.items() if part in line), None)


def subcommand(name):
    return dlcompare.get_command(click.Context(dlcompare), name)


@pytest.mark.parametrize(
    ("line", "in_block"),
    sorted({(each.line, each.in_block) for each in COMMANDS if each.line.startswith("dlcompare")}),
)
def test_a_command_of_dlcompare_takes_its_options_and_knows_its_tasks_and_learners(line, in_block):
    _, name, *words = shlex.split(line)
    command = subcommand(name)
    assert command is not None
    options = {option for each in command.params for option in each.opts}
    assert {word for word in words if word.startswith("--")} <= options
    if not in_block:
        return
    given = command.make_context(name, words).params
    for learner in [*given.get("learners", ()), *filter(None, [given.get("learner")])]:
        parse(learner)
    tasks = {"run": "tasks", "tasks": "targets", "drive": "target", "control": "task"}.get(name)
    values = given.get(tasks, ()) if tasks else ()
    for task in [values] if isinstance(values, str) else values:
        assert task.endswith((".py", ".jsonl")) or load(task)


class ParsedError(Exception):
    """The arguments are parsed; the program goes no further."""


@pytest.mark.parametrize(
    "line", sorted({each.line for each in COMMANDS if each.line.startswith("python ")})
)
def test_a_program_exists_and_takes_its_arguments(line, monkeypatch):
    parse_args = argparse.ArgumentParser.parse_args

    def stop(parser):
        parse_args(parser)
        raise ParsedError

    words = shlex.split(line)[1:]
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", stop)
    program, *arguments = words[1:] if words[0] == "-m" else words
    monkeypatch.setattr(sys, "argv", [program, *arguments])
    for name in (program, f"{program}.__main__"):
        # As in a new process: another test may have imported it.
        monkeypatch.delitem(sys.modules, name, raising=False)
    try:
        if words[0] == "-m":
            runpy.run_module(program, run_name="__main__")
        else:
            runpy.run_path(program, run_name="__main__")
    except ParsedError:
        return
    assert not arguments


@pytest.mark.parametrize(
    "line", sorted({each.line for each in COMMANDS if each.line.startswith(("make", "pip"))})
)
def test_a_target_of_make_and_an_extra_of_the_package_exist(line):
    program, *words = shlex.split(line)
    if program == "make":
        assert re.search(rf"^{words[0]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    else:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
            "optional-dependencies"
        ]
        assert set(re.findall(r"\[(\w+)\]", line)) <= extras.keys()


def small(words):
    """Return a command with the learners and budgets of this test in place of its own."""
    if words[0] in BUDGETS:
        for at in [i for i, word in enumerate(words) if word == "--learner"][::-1]:
            words = words[:at] + words[at + 2 :]
        words = [*words, *BUDGETS[words[0]]]
    return words


@pytest.mark.slow
def test_the_quick_commands_run_in_the_order_of_their_pages(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for page in PAGES:
        shown = re.findall(r"^```python\n# (\S+\.py)\n((?:.*\n)*?)```$", page.read_text(), re.M)
        for name, text in shown:
            Path(name).write_text(text)
    for name, text in FILES.items():
        Path(name).write_text(text)

    def run(words):
        if words not in ran:
            ran.append(words)
            status = dlcompare.main(words, prog_name="dlcompare", standalone_mode=False)
            printed = capsys.readouterr()
            assert not status, (words, printed)
            assert printed.out or "--learn" in words

    ran = []
    for command in COMMANDS:
        if command.in_block and command.page not in RUN_ELSEWHERE and not reason(command.line):
            words = small(shlex.split(command.line)[1:])
            for folder in re.findall(r"runs/\w+", command.line):
                if words[0] != "run" and not Path(folder).exists():
                    run(small(["run", "sorting", "--out", folder]))
            run(words)


def test_every_reason_not_to_run_a_command_still_applies():
    for part in NOT_RUN:
        assert any(part in each.line for each in COMMANDS if each.in_block), part
