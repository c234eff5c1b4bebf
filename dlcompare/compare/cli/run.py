"""``dlcompare run``."""

import sys
from pathlib import Path
from typing import Any

import click

from dlcompare.compare.cli import options

__all__ = ["command"]


def _sizes(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> list[int] | None:
    if value is None:
        return None
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise click.BadParameter(
            f"{value!r} must be positive whole numbers separated by commas, as in 1,4,16"
        )
    return [int(part) for part in parts]


@click.command("run", short_help="Compare learners on tasks.")
@click.argument("tasks", metavar="TASK...", nargs=-1)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Run every task in the catalogue; the preset smoke is then a lighter survey.",
)
@click.option(
    "--learner",
    "learners",
    metavar="NAME",
    multiple=True,
    help="Learner to compare; may be given several times. Options follow a colon: "
    "transformer:positions=place_value,width=64. A learner of your own: file.py:function.",
)
@click.option(
    "--preset",
    type=click.Choice(["smoke", "survey", "quick", "full"]),
    default="quick",
    show_default=True,
    help="Thoroughness: about a minute, some minutes, or made for a GPU.",
)
@click.option(
    "--train-sizes", metavar="N,N,…", callback=_sizes, help="Numbers of training examples."
)
@click.option("--seeds", metavar="K", type=click.IntRange(min=1), help="Number of seeds: 0 to K-1.")
@options.budget(None, None)
@options.device
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Trials at a time, by default one for each usable core. Results do not depend on it.",
)
@options.limits("a trial", 300.0)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of the run.  [default: runs/<date>-<tasks>]",
)
@click.option(
    "--resume", is_flag=True, help="Continue the run in its folder: make the missing trials."
)
@click.option(
    "--backend",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where trials run: on this machine, or on the nodes of a Ray cluster.",
)
@click.option("--address", metavar="HOST:PORT", help="The Ray cluster.  [default: Ray's choice]")
@click.option(
    "--stack/--no-stack",
    default=None,
    help="Train all trials of a task and a network at once, in one process.  [default: on CUDA]",
)
@options.quiet
@click.option("--json", "as_json", is_flag=True, help="Print summary.json and nothing else.")
def command(
    tasks: tuple[str, ...],
    everything: bool,
    quiet: bool,
    as_json: bool,
    **chosen: Any,
) -> int:
    """Compare learners on tasks: names of catalogue tasks, task files, or file.py:name.

    \b
    dlcompare run sorting
    dlcompare run my_tasks.py:sorting --learner synthesis --train-sizes 1,4,16
    dlcompare run --all --preset smoke
    """
    from dlcompare.compare.api import RunInterrupted, run_with
    from dlcompare.compare.cli.bars import following
    from dlcompare.compare.cli.printing_runs import show
    from dlcompare.compare.experiment.run_options import RunOptions

    if bool(tasks) == everything:
        raise click.UsageError("name tasks to run, or give --all")
    if everything:
        from dlcompare.tasks.registry import catalogue

        tasks = tuple(name for name, task in catalogue().items() if not task.missing)
        if chosen["preset"] == "smoke":
            chosen["preset"] = "survey"
    options = RunOptions(**chosen)

    with following(quiet) as progress:
        try:
            finished, status = run_with(options, tasks, progress), 0
        except RunInterrupted as interrupt:
            finished, status = interrupt.run, 130
    if status:
        click.echo("interrupted; to continue, run the same command with --resume", err=True)
    show(finished, as_json, sys.stdout)
    return status
