"""``dlcompare tasks``."""

import json

import click

__all__ = ["command"]


@click.command("tasks", short_help="List the tasks that come with dlcompare.")
@click.option("--json", "as_json", is_flag=True, help="As JSON: a list of objects.")
def command(as_json: bool) -> None:
    """List the tasks that come with dlcompare; files of your own need no listing."""
    from dlcompare.tasks.registry import catalogue

    rows = [
        {
            "name": task.name,
            "family": task.family,
            "signature": str(task.signature),
            "description": task.description.partition("\n")[0],
            "axes": {axis.name: list(axis.test) for axis in task.axes},
        }
        for task in catalogue().values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:<{width}}  {row['description']}")
