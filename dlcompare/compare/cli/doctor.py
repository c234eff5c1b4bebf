"""``dlcompare doctor``."""

import click

__all__ = ["command"]


@click.command("doctor", short_help="Show what is installed, and what is missing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """Print versions, device, caches, and the line that installs each missing extra."""
    from dlcompare.compare.cli.diagnosis import diagnose
    from dlcompare.compare.streams import json_text

    found = diagnose()
    if as_json:
        click.echo(json_text(found))
        return
    for title in ("versions", "hardware", "caches"):
        click.echo(title)
        width = max(len(name) for name in found[title])
        for name, value in found[title].items():
            click.echo(f"  {name:<{width}}  {'–' if value is None else value}")
    click.echo("extras")
    width = max(len(name) for name in found["extras"])
    for name, extra in found["extras"].items():
        state = "installed" if not extra["missing"] else f"missing: {', '.join(extra['missing'])}"
        click.echo(f"  {name:<{width}}  {extra['for']}: {state}")
        if extra["missing"]:
            click.echo(f"  {'':<{width}}  {extra['install']}")
