"""``dlcompare check``."""

from typing import TYPE_CHECKING

import click

from dlcompare.tasks.errors import UnknownNameError

if TYPE_CHECKING:
    from dlcompare.tasks.task import Task

__all__ = ["command", "given_away", "unknown_primitives"]

EXAMPLES, CANDIDATES = 32, 5_000
"""What the search for a trivial program is given: more than it needs, for little time."""


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
    for task in tasks:
        if task.missing:
            click.echo(f"not checked: {task.missing}", err=True)
    tasks = [task for task in tasks if not task.missing]
    right = 0
    for task in tasks:
        # What cannot be drawn cannot be searched either.
        found = [*unknown_primitives(task), *faults(task)]
        found = found or [sentence for sentence in [given_away(task)] if sentence]
        right += not found
        for sentence in found:
            click.echo(f"{task.name}: {sentence}")
    if len(tasks) == right == 1:
        click.echo(f"{tasks[0].name} is in order")
    else:
        click.echo(f"{right} of {len(tasks)} tasks are in order")
    return int(right < len(tasks))


def unknown_primitives(task: "Task") -> list[str]:
    """A sentence for every name in without= that no primitive has."""
    from dlcompare.synthesis.primitives import PRIMITIVES

    return [
        f"without= withholds nothing by {name!r}: {UnknownNameError('primitive', name, PRIMITIVES)}"
        for name in sorted(task.without - set(PRIMITIVES))
    ]


def given_away(task: "Task") -> str | None:
    """A sentence if a program of one or two operations answers the task; None otherwise."""
    from dlcompare.synthesis.learner import ProgramPredictor, SynthesisLearner
    from dlcompare.tasks.errors import FitError, InputError
    from dlcompare.tasks.problem import Budget
    from dlcompare.tasks.splits import draw_training

    if task.given is not None:  # there is nobody to withhold a primitive
        return None
    problem = task.problem(draw_training(task, EXAMPLES, 0, frozenset()))
    try:
        found = SynthesisLearner().fit(problem, Budget(candidates=CANDIDATES), 0)
    except (FitError, InputError):
        return None
    if not isinstance(found, ProgramPredictor) or found.source.noise:
        return None
    program = found.program
    if program.dsl.count("(") > 2:
        return None
    return (
        f"it is given away: the program {program.dsl} answers it; withhold a primitive of it by "
        "without=, and say so in the docstring"
    )
