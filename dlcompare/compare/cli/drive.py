"""``dlcompare drive``."""

import json

import click

from dlcompare.compare.cli import options

__all__ = ["command"]


@click.command("drive", short_help="Learn to drive from the states that driving reaches.")
@click.argument("target", metavar="TASK")
@click.option(
    "--learner",
    "learners",
    metavar="NAME",
    multiple=True,
    default=("synthesis", "transformer", "nearest_neighbour"),
    show_default=True,
    help="Learner that drives; may be given several times.",
)
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True)
@click.option("--drives", type=click.IntRange(min=1), default=32, show_default=True)
@options.seed
@options.budget(500, 2_000_000)
@options.limits("a fit, with the drives after it,", 300.0)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each record.")
def command(
    target: str,
    learners: tuple[str, ...],
    rounds: int,
    drives: int,
    seed: int,
    updates: int,
    candidates: int,
    timeout: float,
    memory: float,
    as_json: bool,
) -> int:
    """Fit, drive, count crashes, label the states reached, fit again; the same for every learner.

    Then drive at the levels of the task's axes, where the learner has never been.

    \b
    dlcompare drive navigate
    """
    from dlcompare.compare.execution.compiling import COMPILING, must_compile, with_compiled
    from dlcompare.compare.execution.supervisor import Supervisor
    from dlcompare.compare.experiment.driving import apart, drive, preload
    from dlcompare.compare.learners.learner_table import parse
    from dlcompare.compare.task_files.remote import call_seconds, load
    from dlcompare.tasks.errors import InputError
    from dlcompare.tasks.problem import Budget

    tasks = load(target, call_seconds(timeout))
    if len(tasks) != 1:
        raise InputError(f"{target} has {len(tasks)} tasks; name one, as in file.py:name")
    budget = Budget(candidates, updates)
    names = list(map(parse, learners))
    needed = with_compiled(preload(learners), [tasks[0].signature])
    if must_compile(needed):
        click.echo(COMPILING, err=True)
    with Supervisor(needed) as supervisor:
        for name in names:
            ask = apart(supervisor, name.loadable, budget, seed, timeout, memory)
            crashes = 0
            for record in drive(tasks[0], ask, rounds, drives, seed):
                crashes += record.crashed if record.round < rounds else 0
                if as_json:
                    click.echo(json.dumps({"learner": str(name), **record.as_json()}))
                    continue
                place = f"round {record.round + 1}" if record.round < rounds else record.where
                failed = "" if record.status == "ok" else f"  {record.status}: {record.reason}"
                click.echo(
                    f"{name.label:<20} {place:<14} {record.labelled:>6} labelled  "
                    f"{record.arrived:>3} arrived  {record.crashed:>3} crashed  "
                    f"{record.stuck:>3} stuck{failed}"
                )
            if not as_json:
                click.echo(f"{name.label:<20} {crashes} crashes while learning")
    return 0
