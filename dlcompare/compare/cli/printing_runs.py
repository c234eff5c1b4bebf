"""Print a run on standard output."""

from collections.abc import Iterable
from typing import TextIO

import click

from dlcompare.compare.api import Run
from dlcompare.compare.streams import json_text

__all__ = ["show", "tell"]


def tell(sentences: Iterable[str]) -> None:
    """Print warnings on standard error, without characters that could steer a terminal."""
    from dlcompare.compare.report.printable import printable

    for sentence in sentences:
        click.echo(f"warning: {printable(sentence)}", err=True)


def show(run: Run, as_json: bool, stream: TextIO) -> None:
    """Print the table of a run and the path of its report, or only its summary as JSON."""
    if as_json:
        stream.write(json_text(run.summary) + "\n")
        return
    from rich.console import Console

    from dlcompare.compare.report.terminal import render_summary

    console = Console(file=stream)
    # Programs may be wider than the terminal; they are never cut.
    console.print(render_summary(run.results, console.width), crop=False)
    # Not by rich: a path must stay on one line, whatever the width.
    stream.write(f"{run.report}\n")
