"""Options that several commands have."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["call_limit", "device", "limits", "quiet", "seed"]

Command = TypeVar("Command", bound=Callable[..., Any])


def limits(what: str, seconds: float) -> Callable[[Command], Command]:
    """``--timeout`` and ``--memory`` of each process.

    Parameters
    ----------
    what : str
        What it is that takes time and memory, ``"a trial"``.
    seconds : float
        The time that it may take where nothing else is said.
    """

    def decorate(command: Command) -> Command:
        command = click.option(
            "--memory",
            metavar="GB",
            type=click.FloatRange(min=0, min_open=True),
            default=4.0,
            show_default=True,
            help=f"Gigabytes that {what} may take.",
        )(command)
        return click.option(
            "--timeout",
            metavar="S",
            type=click.FloatRange(min=0, min_open=True),
            default=seconds,
            show_default=True,
            help=f"Seconds that {what} may take.",
        )(command)

    return decorate


call_limit = click.option(
    "--timeout",
    metavar="S",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds that one call of a task's code may take, and the import of its file.",
)

device = click.option(
    "--device",
    type=click.Choice(["auto", "cpu", "cuda"]),
    default="auto",
    show_default=True,
    help="Where networks run.",
)

seed = click.option("--seed", metavar="K", type=click.IntRange(min=0), default=0, show_default=True)

quiet = click.option("--quiet", is_flag=True, help="No progress; results and errors only.")
