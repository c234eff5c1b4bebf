"""``dlcompare check``."""

from typing import TYPE_CHECKING

import click

from dlcompare.compare.cli import options
from dlcompare.tasks.errors import UnknownNameError

if TYPE_CHECKING:
    from dlcompare.tasks.task import Task

__all__ = ["command", "unknown_primitives"]


@click.command("check", short_help="Find faults in a task, and say how to fix them.")
@click.argument("targets", metavar="TARGET...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Check every task in the catalogue.")
@options.call_limit
def command(targets: tuple[str, ...], everything: bool, timeout: float) -> int:
    """Draw from tasks, report what is wrong with them, and say how to fix it.

    A target is the name of a catalogue task, a file, or file.py:name. The exit status is 1 if a
    task has a fault. A weakness that is not a fault is a warning: a sampler that a short wrong
    program satisfies, or a function that changes its arguments.

    \b
    dlcompare check my_tasks.py
    dlcompare check --all
    """
    from dlcompare.compare.task_files.remote import load, twins
    from dlcompare.tasks.registry import catalogue

    if bool(targets) == everything:
        raise click.UsageError("name tasks or files to check, or give --all")
    tasks = [task for target in targets for task in load(target, timeout)]
    if everything:
        tasks = list(catalogue().values())
    for task in tasks:
        if task.missing:
            click.echo(f"not checked: {task.missing}", err=True)
    tasks = [task for task in tasks if not task.missing]
    others = twins([task for task in tasks if task.given is None], timeout)
    right = 0
    for task in tasks:
        found, told = _examined(task, others.get(task.address))
        right += not found
        for sentence in found:
            click.echo(f"{task.name}: {sentence}")
        for sentence in told:
            click.echo(f"{task.name}: warning: {sentence}")
    if len(tasks) == right == 1:
        click.echo(f"{tasks[0].name} is in order")
    else:
        click.echo(f"{right} of {len(tasks)} tasks are in order")
    return int(right < len(tasks))


def _examined(task: "Task", twin: "Task | None") -> tuple[list[str], list[str]]:
    """Return faults and warnings; a task that cannot be drawn is examined no further."""
    from dlcompare.compare.experiment.shortcuts import given_away, misled
    from dlcompare.tasks.contract import disagreements, faults, warnings

    found = [*unknown_primitives(task), *faults(task)]
    if found:
        return found, []
    told = warnings(task)
    found = disagreements(task, twin) if twin is not None else []
    found = found or [sentence for sentence in [given_away(task)] if sentence]
    if not found and (sentence := misled(task)):
        told.append(sentence)
    return found, told


def unknown_primitives(task: "Task") -> list[str]:
    """Return a sentence for every name in without= that is not a primitive."""
    from dlcompare.synthesis.dsl.primitives import PRIMITIVES

    return [
        f"without={name!r} withholds nothing: {UnknownNameError('primitive', name, PRIMITIVES)}"
        for name in sorted(task.without - set(PRIMITIVES))
    ]
