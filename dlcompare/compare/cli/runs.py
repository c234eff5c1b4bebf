"""``dlcompare runs``."""

from pathlib import Path
from typing import Any

import click

__all__ = ["command"]


@click.command("runs", short_help="List the runs in a folder.")
@click.argument("folder", metavar="[DIR]", default=Path("runs"), type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of objects.")
def command(folder: Path, as_json: bool) -> None:
    """List the runs in DIR (default: runs/), the most recently written one last."""
    from dlcompare.compare.cli.printing_runs import tell
    from dlcompare.compare.experiment.folders import runs_in
    from dlcompare.compare.report.printable import printable
    from dlcompare.compare.streams import json_text
    from dlcompare.tasks.errors import InputError

    rows = []
    for each in runs_in(folder):
        try:
            rows.append(_row(each))
        except InputError as error:
            tell([str(error)])
    if as_json:
        click.echo(json_text(rows))
        return
    if not rows:
        click.echo(f"there is no run under {folder}/ yet; make one with: dlcompare run sorting")
    width = max((len(str(row["folder"])) for row in rows), default=0)
    for row in rows:
        trials = _counted(row["trials"], "trial")
        if row["state"] != "finished":
            trials = f"{row['trials']} of {row['planned']} trials ({row['state']})"
        damaged = ", damaged: see dlcompare report" if row["damaged"] else ""
        line = (
            f"{row['folder']:<{width}}  {str(row['started'])[:16].replace('T', ' ')}  "
            f"{row['preset']}, {_counted(row['seeds'], 'seed')}, {trials}, "
            f"{row['failed']} failed, {row['seconds']} s{damaged}"
        )
        click.echo(printable(line))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _row(folder: Path) -> dict[str, Any]:
    """Describe a run, as JSON values."""
    from dlcompare.compare.trials.store import at_work, read

    # Asked before the trials are read: a run that ends in between has finished them.
    running = at_work(folder)
    record = read(folder)
    settings, finished, planned = record.about.settings, record.finished, record.planned
    state = "finished" if len(finished) == len(planned) else "interrupted"
    return {
        "folder": str(folder),
        "started": record.about.started,
        "preset": settings.preset,
        "seeds": settings.seeds,
        "state": "running" if running else state,
        "trials": len(finished),
        "planned": len(planned),
        "failed": sum(trial.status != "ok" for trial in finished),
        "damaged": len(record.damage),
        "seconds": round(record.seconds, 1),
        "tasks": list(record.tasks),
        "learners": [learner.name for learner in settings.learners],
    }
