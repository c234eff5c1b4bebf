"""``dlcompare control``."""

from pathlib import Path

import click

from dlcompare.compare.cli import options

__all__ = ["command"]


@click.command("control", short_help="Train a network at the level that it is tested at.")
@click.argument("task", metavar="TASK")
@click.argument("where", metavar="AXIS=LEVEL")
@click.option("--learner", metavar="NAME", default="transformer", show_default=True)
@click.option(
    "--examples",
    metavar="N",
    type=click.IntRange(min=1),
    default=64_000,
    show_default=True,
    help="Number of fresh examples drawn at the level.",
)
@click.option(
    "--updates",
    metavar="N",
    type=click.IntRange(min=1),
    default=1_600,
    show_default=True,
    help="Number of optimizer updates.",
)
@options.seed
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option(
    "--run",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Store the result in the run in this folder, and show it in its report.",
)
def command(
    task: str,
    where: str,
    learner: str,
    examples: int,
    updates: int,
    seed: int,
    device: str,
    folder: Path | None,
) -> None:
    """Train a learner on fresh examples at one level of an axis, and test it there.

    If a run shows that a network fails beyond its training range, this command tells whether the
    network cannot represent the function or was not shown enough. The learner sees an ordinary
    problem.

    \b
    dlcompare control sorting length=12
    dlcompare control addition digits=4 --learner lstm
    dlcompare control sorting length=12 --run runs/mine
    """
    from dlcompare.compare.experiment.controls import keep, trained_at_level
    from dlcompare.compare.learners.learner_table import parse
    from dlcompare.compare.task_files.remote import load
    from dlcompare.compare.trials.isolated_learner import Apart

    axis, equals, text = where.partition("=")
    if not equals:
        raise click.UsageError(f"{where!r} must be an axis and a level, as in length=12")
    chosen = load(task)
    if len(chosen) != 1:
        names = ", ".join(each.name for each in chosen)
        raise click.UsageError(f"{task} has several tasks ({names}); name one, as file.py:name")
    levels = {str(level): level for each in chosen[0].axes for level in each.test}
    level, name = levels.get(text, text), parse(learner)
    its = Apart(name, device)
    result = trained_at_level(chosen[0], axis, level, its, examples, updates, seed)
    if folder is not None:
        keep(result, folder, chosen[0], name, axis, level, seed)
    click.echo(
        f"{learner}, trained on {result.examples:,} examples of {chosen[0].name} at {where} for "
        f"{result.updates:,} updates: {result.score.exact_match:.1%} right at {where}"
    )
