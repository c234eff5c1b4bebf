"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["budget", "call_limit", "device", "limits", "quiet", "seed"]

Command = TypeVar("Command", bound=Callable[..., Any])


def limits(what: str, seconds: float) -> Callable[[Command], Command]:
    """Return a decorator that adds ``--timeout`` and ``--memory``.

    Parameters
    ----------
    what : str
        The thing limited, such as ``"a trial"``.
    seconds : float
        The default time limit.
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


def budget(updates: int | None, candidates: int | None) -> Callable[[Command], Command]:
    """Return a decorator that adds ``--updates`` and ``--candidates``.

    Parameters
    ----------
    updates, candidates : int or None
        The defaults; None stands for the preset's.
    """

    given = "  [default: the preset's]"

    def decorate(command: Command) -> Command:
        for name, what, default in (
            ("--candidates", "programs that a search may try in a fit", candidates),
            ("--updates", "gradient updates of a network in a fit", updates),
        ):
            command = click.option(
                name,
                metavar="N",
                type=click.IntRange(min=1),
                default=default,
                show_default=default is not None,
                help=f"Number of {what}.{'' if default else given}",
            )(command)
        return command

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
    help="Device that networks run on.",
)

seed = click.option("--seed", metavar="K", type=click.IntRange(min=0), default=0, show_default=True)

quiet = click.option("--quiet", is_flag=True, help="Show results and errors only, no progress.")
