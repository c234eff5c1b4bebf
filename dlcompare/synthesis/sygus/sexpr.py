"""S-expressions with the line that each one starts on, as SMT-LIB 2.6 writes them."""

import re
from dataclasses import dataclass

from dlcompare.tasks.errors import InputError

__all__ = ["Atom", "Form", "SExpr", "parse"]


@dataclass(frozen=True, slots=True)
class Atom:
    """A symbol, a number or a string, as written."""

    text: str
    line: int

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Form:
    """A parenthesised sequence."""

    items: tuple["SExpr", ...]
    line: int

    def __str__(self) -> str:
        return f"({' '.join(str(item) for item in self.items)})"


SExpr = Atom | Form

_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>;[^\n]*)|(?P<open>\()|(?P<close>\))
    |(?P<string>"(?:[^"]|"")*")|(?P<quoted>\|[^|]*\|)|(?P<atom>[^\s()";|]+)""",
    re.VERBOSE,
)


def parse(text: str) -> list[SExpr]:
    """Read every expression of a text.

    Raises
    ------
    InputError
        If a parenthesis, a string or a quoted symbol is not closed, or closes nothing.

    Examples
    --------
    >>> [str(form) for form in parse('(a "b c" (d)) ; end')]
    ['(a "b c" (d))']
    """
    open_forms: list[tuple[list[SExpr], int]] = []
    top: list[SExpr] = []
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            what = "string" if text[position] == '"' else "quoted symbol"
            raise InputError(f"line {line}: a {what} is not closed")
        token, kind = match.group(), match.lastgroup
        target = open_forms[-1][0] if open_forms else top
        if kind == "open":
            open_forms.append(([], line))
        elif kind == "close":
            if not open_forms:
                raise InputError(f"line {line}: a closing parenthesis closes nothing")
            items, start = open_forms.pop()
            (open_forms[-1][0] if open_forms else top).append(Form(tuple(items), start))
        elif kind == "quoted":
            target.append(Atom(token[1:-1], line))
        elif kind in ("string", "atom"):
            target.append(Atom(token, line))
        line += token.count("\n")
        position = match.end()
    if open_forms:
        raise InputError(f"line {open_forms[-1][1]}: a parenthesis opened here is not closed")
    return top
