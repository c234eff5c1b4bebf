"""``dlcompare sorting-kernels``."""

import json

import click

__all__ = ["command"]


@click.command("sorting-kernels", short_help="Find the smallest sorting networks and kernels.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def command(as_json: bool) -> int:
    """Search for the smallest sorting networks and kernels, and prove that they sort.

    Nothing is learned here: there are no examples and no networks.
    """
    from dlcompare.synthesis.sorting_kernels.tables import as_json as listed
    from dlcompare.synthesis.sorting_kernels.tables import as_text, listing

    found = listing()
    click.echo(json.dumps(listed(*found)) if as_json else "\n".join(as_text(*found)))
    return 0
