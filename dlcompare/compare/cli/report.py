"""``dlcompare report``."""

import sys
from pathlib import Path

import click

__all__ = ["command"]


@click.command("report", short_help="Show a run again.")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
def command(folder: Path | None, as_json: bool) -> None:
    """Write report.html and summary.json of a run anew, and print its table.

    DIR is the folder of a run; the newest one under runs/ without it.
    """
    from dlcompare.compare.api import load_run
    from dlcompare.compare.cli.results import show
    from dlcompare.compare.folders import newest
    from dlcompare.compare.publish import publish

    run = load_run(folder if folder is not None else newest())
    publish(run.folder, run.summary)
    show(run, as_json, sys.stdout)
