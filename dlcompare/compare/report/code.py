"""Programs in the terminal, in colour and never wrapped."""

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.syntax import Syntax
from rich.text import Text

__all__ = ["Code", "highlighted"]


def highlighted(text: str, language: str) -> Text:
    """Return a program in colour, as text to be printed without wrapping."""
    syntax = Syntax("", language, theme="ansi_dark", background_color="default")
    return syntax.highlight(text.rstrip("\n"))


class Code:
    """A program with indented lines, which may be longer than the terminal is wide.

    Parameters
    ----------
    text, language : str
        The program, and its language.
    indent : int
        Columns before each line.
    """

    def __init__(self, text: str, language: str, indent: int = 0) -> None:
        self._lines = highlighted(text, language).split("\n")
        self._indent = Segment(" " * indent)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the segments of every line as they are."""
        del options
        for line in self._lines:
            yield self._indent
            yield from line.render(console, end="\n")
