"""A group of commands that imports a command when it is used."""

import difflib
import importlib
from collections.abc import Mapping
from typing import Any

import click

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """A click group that finds its commands by the address of their code.

    Parameters
    ----------
    commands_at : mapping of str to str
        ``module:attribute`` by command name, in the order of the help.
    **attributes
        As `click.Group` takes them.
    """

    def __init__(self, *, commands_at: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names, in the order given."""
        return list(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command."""
        if cmd_name not in self._commands_at:
            return None
        module, _, attribute = self._commands_at[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the closest one."""
        name = args[0]
        if name not in self._commands_at and not name.startswith("-"):
            close = difflib.get_close_matches(name, self._commands_at, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            ctx.fail(
                f"There is no command {name!r}.{hint} "
                f"The commands are: {', '.join(self._commands_at)}."
            )
        return super().resolve_command(ctx, args)
