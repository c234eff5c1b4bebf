"""``dlcompare check``."""

import click

__all__ = ["command"]


@click.command("check", short_help="Say what is wrong with a task, and how to mend it.")
@click.argument("targets", metavar="TARGET...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every task of the catalogue.")
def command(targets: tuple[str, ...], everything: bool) -> int:
    """Draw from tasks and say what is wrong with them, and how to mend it.

    A target is a name of the catalogue, a file, or file.py:name. The exit status is 1 if there is a
    fault.

    \b
    dlcompare check my_tasks.py
    dlcompare check --all
    """
    from dlcompare.tasks.contract import faults
    from dlcompare.tasks.registry import catalogue, load

    if bool(targets) == everything:
        raise click.UsageError("name tasks or files to check, or give --all")
    tasks = [task for target in targets for task in load(target)]
    if everything:
        tasks = list(catalogue().values())
    faulty = skipped = 0
    for task in tasks:
        if task.missing:
            skipped += 1
            click.echo(f"not checked: {task.missing}", err=True)
            continue
        found = faults(task)
        faulty += bool(found)
        for sentence in found:
            click.echo(f"{task.name}: {sentence}")
    checked = len(tasks) - skipped
    summary = f"{checked - faulty} of {checked} tasks are in order"
    click.echo(summary if checked != 1 or faulty else f"{tasks[0].name} is in order")
    return 1 if faulty else 0
