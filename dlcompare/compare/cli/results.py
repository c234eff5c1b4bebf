"""What commands print of a run on standard output."""

from typing import TextIO

from dlcompare.compare.api import Run
from dlcompare.compare.streams import json_text

__all__ = ["show"]


def show(run: Run, as_json: bool, stream: TextIO) -> None:
    """Print the table of a run and where its report is; or its summary as JSON, nothing else."""
    if as_json:
        stream.write(json_text(run.summary) + "\n")
        return
    from rich.console import Console

    from dlcompare.compare.report.terminal import render_summary

    console = Console(file=stream)
    console.print(render_summary(run.summary, console.width))
    # Not by rich: a path must stay on one line, whatever the width.
    stream.write(f"{run.report}\n")
