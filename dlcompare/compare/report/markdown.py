"""The report as Markdown, for a README or an issue: sentences, tables, programs, no pictures."""

import re
from collections.abc import Sequence

from dlcompare.compare.report.certainty import certainty
from dlcompare.compare.report.formats import beyond, duration, interval, needed, reach, share
from dlcompare.compare.report.glance import overall
from dlcompare.compare.report.headline import headline, name_in_prose, proof_sentence
from dlcompare.compare.report.printable import presented
from dlcompare.compare.report.shown_program import shown_program
from dlcompare.compare.summary.learner import LearnerResult
from dlcompare.compare.summary.summary import Summary, TaskResult

__all__ = ["render_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def render_markdown(summary: Summary) -> str:
    """Return the report of a run as Markdown."""
    result = presented(summary)
    names = ", ".join(_text(task.name) for task in result.tasks)
    parts = [f"# {names or 'No task'}"]
    if len(result.tasks) != 1:
        parts += [_text(sentence) for sentence in overall(result)]
    for task in result.tasks:
        parts += _task(result, task)
    parts += ["## How to reproduce", _fenced(result.run.command, "sh")]
    return "\n\n".join(parts) + "\n"


def _task(result: Summary, task: TaskResult) -> list[str]:
    first, *rest = headline(task, result.train_sizes)
    parts = [f"## {_text(task.name)}", _text(task.description), f"**{_text(first)}**"]
    if rest:
        parts.append("\n".join(f"- {_text(sentence)}" for sentence in rest))
    parts.append(_table(task))
    prose = {learner.name: name_in_prose(learner) for learner in task.learners}
    parts += [_text(certainty(x, prose)) for x in result.comparisons if x.task == task.name]
    for learner in task.learners:
        program = shown_program(learner)
        if program:
            proof = proof_sentence(program)
            end = f"; {_text(proof)}" if proof else ""
            what = "grammar" if program.is_grammar else "program"
            parts.append(
                f"The {what} {_text(learner.label)} found, from {program.n:,} examples{end}:"
            )
            parts.append(_fenced(program.python, "text" if program.is_grammar else "python"))
    return [part for part in parts if part]


def _table(task: TaskResult) -> str:
    header = ["learner", "examples for 90 %", "right inside", *(x.name for x in task.axes)]
    rows = [[*header, "time", "failed trials"]]
    rows += [_row(task, learner) for learner in task.learners]
    lines = ["| " + " | ".join(map(_text, row)) + " |" for row in rows]
    rule = "|" + "|".join(["---", *["---:"] * (len(rows[0]) - 1)]) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _row(task: TaskResult, learner: LearnerResult) -> list[str]:
    point = learner.inside
    inside = share(point.exact_match.mean if point else None)
    if point and interval(point.exact_match):
        inside += f" ({interval(point.exact_match)})"
    reaches = []
    for axis in task.axes:
        further = beyond(learner, axis)
        reaches.append(reach(learner, axis) + (f" ({further})" if further else ""))
    time = duration(learner.cost.wall_seconds)
    return [learner.label, needed(learner), inside, *reaches, time, str(learner.failed)]


def _text(value: str) -> str:
    """Return text on one line, escaped so that it stays text."""
    return _SPECIAL.sub(r"\\\1", " ".join(value.split()))


def _fenced(code: str, language: str) -> str:
    """Return code in a fence longer than any fence in it."""
    longest = max(map(len, re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    lines: Sequence[str] = [f"{fence}{language}", code.strip("\n"), fence]
    return "\n".join(lines)
