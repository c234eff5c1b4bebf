"""``dlcompare runs``."""

from pathlib import Path

import click

__all__ = ["command"]


@click.command("runs", short_help="List the runs there are.")
@click.argument("folder", metavar="[DIR]", default=Path("runs"), type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON: a list of objects.")
def command(folder: Path, as_json: bool) -> None:
    """List the runs in DIR (runs/ without it), the one written to last at the end."""
    from dlcompare.compare.folders import runs_in
    from dlcompare.compare.store import read
    from dlcompare.compare.streams import json_text
    from dlcompare.tasks.errors import InputError

    rows = []
    for each in runs_in(folder):
        try:
            record = read(each)
        except InputError as error:
            click.echo(str(error), err=True)
            continue
        rows.append(
            {
                "folder": str(each),
                "started": record.about.started,
                "preset": record.about.settings.preset,
                "seeds": record.about.settings.seeds,
                "trials": len(record.trials),
                "failed": sum(trial.status != "ok" for trial in record.trials),
                "seconds": round(record.seconds, 1),
                "tasks": list(record.tasks),
                "learners": [learner.name for learner in record.about.settings.learners],
            }
        )
    if as_json:
        click.echo(json_text(rows))
        return
    if not rows:
        click.echo(f"there is no run under {folder}/ yet; make one with: dlcompare run sorting")
    width = max((len(str(row["folder"])) for row in rows), default=0)
    for row in rows:
        click.echo(
            f"{row['folder']:<{width}}  {str(row['started'])[:16].replace('T', ' ')}  "
            f"{row['preset']}, {row['seeds']} seeds, {row['trials']} trials, "
            f"{row['failed']} failed, {row['seconds']} s"
        )
