"""Print the answers and the progress of `dlcompare synth`."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from dlcompare.compare.report.code import highlighted
from dlcompare.compare.streams import json_text
from dlcompare.compare.synth.listing import listing
from dlcompare.compare.synth.python_module import module_of
from dlcompare.compare.synth.solving import SynthAnswer

__all__ = ["Printer", "as_json", "as_python", "as_term", "following"]

_SOON = 2.0
"""Seconds after which progress is worth reporting."""

_KEYS = (
    "name",
    "status",
    "dsl",
    "python",
    "cost",
    "seconds",
    "candidates",
    "held_out_accuracy",
    "answered",
    "examples",
    "reason",
)


def as_json(answer: SynthAnswer) -> str:
    """Return an answer as one line of JSON."""
    values = {key: getattr(answer, key) for key in _KEYS}
    wrong = [asdict(each) for each in answer.wrong]
    changed = {"seconds": round(answer.seconds, 3), "wrong": wrong}
    return json_text(values | changed, indent=None)


def as_python(answers: Sequence[SynthAnswer]) -> str:
    """Return the answers as one Python module; those without a program are comments."""
    return module_of([_with_remark(answer) for answer in answers])


def _with_remark(answer: SynthAnswer) -> tuple[str, str | None]:
    """Return a comment on an answer, and its program if that answers everything."""
    remark = [f"# {_one_line(answer.name)}: {_one_line(_outcome(answer))}"]
    remark += [f"#   {_one_line(line)}" for line in _wrong(answer)]
    if answer.status != "ok":
        remark += [f"#     {line}" for line in (answer.python or "").splitlines()]
    return "\n".join(remark), answer.python if answer.status == "ok" else None


def as_term(answer: SynthAnswer) -> str:
    """Return the answer to a SyGuS file: its definitions, or why there are none."""
    return str(answer.dsl) if answer.status == "ok" else f"{answer.status}: {answer.reason}"


def _for_people(answers: Sequence[SynthAnswer]) -> Text:
    """Return one row for each answer, and the number of problems solved."""
    rows = []
    for answer in answers:
        program = Text(answer.dsl or "")
        if answer.status != "ok":
            program = Text.assemble((f"{answer.status}: {answer.reason}", "red"))
            if answer.dsl:
                program.append(f"\nbest so far{_partly(answer)}: {answer.dsl}")
        elif not answer.solved:
            program.append(f"\n{answer.reason}", "yellow")
        program.append("".join(f"\n{line}" for line in _wrong(answer)))
        held_out = answer.held_out_accuracy
        numbers = (
            "" if answer.cost is None else str(answer.cost),
            f"{answer.seconds:.1f}",
            "" if answer.candidates is None else f"{answer.candidates:,}",
            "" if held_out is None else f"{held_out:.0%}",
        )
        rows.append((answer.name, numbers, program))
    solved = sum(answer.right for answer in answers)
    beyond = sum(answer.solved for answer in answers) - solved
    nearly = sum(answer.status == "ok" for answer in answers) - solved - beyond
    also = f", {nearly} but for mislabelled examples" if nearly else ""
    also += f", {beyond} but for examples held out" if beyond else ""
    drawn = listing(["problem", "bits", "s", "tried", "held out", "program"], rows)
    return drawn.append(f"\n{solved} of {len(answers)} solved{also}", "italic")


class Printer:
    """Prints answers in the order of their places, each as soon as all before it are out.

    Parameters
    ----------
    emit : callable, optional
        Returns one answer as text; by default all answers are printed together, at the end.
    module : bool
        Whether to print them as a Python module instead of rows.
    """

    def __init__(self, emit: Callable[[SynthAnswer], str] | None, module: bool = False) -> None:
        self._emit, self._module = emit, module
        self._waiting: dict[int, SynthAnswer] = {}
        self._next = 0

    def add(self, place: int, answer: SynthAnswer) -> None:
        """Add an answer."""
        self._waiting[place] = answer
        while self._emit and self._next in self._waiting:
            click.echo(self._emit(self._waiting.pop(self._next)))
            self._next += 1

    def close(self) -> None:
        """Print the remaining answers, even if earlier ones are missing."""
        answers = [self._waiting[place] for place in sorted(self._waiting)]
        if self._emit:
            for answer in answers:
                click.echo(self._emit(answer))
        elif self._module:
            click.echo(as_python(answers))
        elif answers:
            console = Console(file=sys.stdout)
            console.print(_for_people(answers), soft_wrap=True)
            if len(answers) == 1 and answers[0].python:
                (answer,) = answers
                remark = "" if answer.status == "ok" else f"# No answer{_partly(answer)}.\n"
                console.print()
                console.print(highlighted(f"{remark}{answer.python}", "python"), soft_wrap=True)


@contextlib.contextmanager
def following(problems: int, quiet: bool) -> Iterator[Callable[[SynthAnswer], None]]:
    """Yield a listener to answers: a bar on a terminal, else lines if it takes long."""
    console = Console(stderr=True)
    started = time.monotonic()
    if quiet:
        yield lambda _: None
    elif console.is_terminal:
        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
        )
        # Output that goes elsewhere must not be diverted to the terminal of the bar.
        redirect = sys.stdout.isatty()
        with Progress(*columns, console=console, transient=True, redirect_stdout=redirect) as bars:
            bar = bars.add_task("", total=problems)
            yield lambda answer: bars.update(bar, advance=1, description=_said(answer))
    else:
        finished = 0

        def say(answer: SynthAnswer) -> None:
            nonlocal finished
            finished += 1
            if time.monotonic() - started > _SOON:
                click.echo(f"[{finished}/{problems}] {_said(answer)}", err=True)

        yield say


def _said(answer: SynthAnswer) -> str:
    said = answer.status if answer.solved or answer.status != "ok" else answer.reason
    return f"{_one_line(answer.name)}: {said} ({answer.seconds:.1f} s)"


def _wrong(answer: SynthAnswer) -> list[str]:
    """List the first examples that a program gets wrong, one per line."""
    lines = [f"wrong on {each}" for each in answer.wrong]
    more = (answer.examples or 0) - (answer.answered or 0) - len(lines)
    return [*lines, f"and on {more} more"] if lines and more > 0 else lines


def _outcome(answer: SynthAnswer) -> str:
    if answer.status != "ok":
        best = f"; best so far{_partly(answer)}: {answer.dsl}" if answer.dsl else ""
        return f"{answer.status}: {answer.reason}{best}"
    found = f"{'ok' if answer.solved else answer.reason}, {answer.seconds:.1f} s"
    if answer.held_out_accuracy is None:
        return found
    return f"{found}, {answer.held_out_accuracy:.0%} of the held-out examples"


def _partly(answer: SynthAnswer) -> str:
    if answer.answered is None:
        return ""
    return f" (right on {answer.answered} of {answer.examples} examples)"


def _one_line(text: str) -> str:
    return " ".join(text.split())
