"""``dlcompare learners``."""

import click

__all__ = ["command"]


@click.command("learners", short_help="List the learners.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of objects.")
def command(as_json: bool) -> None:
    """List the learners.

    Options follow a colon, as in transformer:width=64. A learner of your own is file.py:function.
    """
    from dlcompare.compare.learners.learner_table import LEARNERS
    from dlcompare.compare.streams import json_text

    rows = [
        {"name": name, "description": entry.description, "uses_device": entry.uses_device}
        for name, entry in LEARNERS.items()
    ]
    if as_json:
        click.echo(json_text(rows))
        return
    width = max(len(str(row["name"])) for row in rows)
    for row in rows:
        click.echo(f"{row['name']:<{width}}  {row['description']}")
