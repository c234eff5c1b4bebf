"""S-expressions with the line that each one starts on, as SMT-LIB 2.6 writes them."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dlcompare.tasks.errors import InputError

__all__ = ["Form", "SExpr", "Token", "parse", "shown", "written"]


@dataclass(frozen=True, slots=True)
class Token:
    """A symbol, a number or a string.

    Attributes
    ----------
    text : str
        The text as written; for a quoted symbol, the part between the bars.
    line : int
    quoted : bool
        Whether it is a quoted symbol: ``|let|`` is a name, ``let`` is none.
    """

    text: str
    line: int
    quoted: bool = False

    def __str__(self) -> str:
        return f"|{self.text}|" if self.quoted else self.text

    def is_word(self, *words: str) -> bool:
        """Return whether the token is one of some reserved words; a quoted symbol never is."""
        return not self.quoted and self.text in words


@dataclass(frozen=True, slots=True)
class Form:
    """A parenthesised sequence."""

    items: tuple["SExpr", ...]
    line: int

    def __str__(self) -> str:
        return "".join(written(self))

    @property
    def head(self) -> "SExpr | None":
        """Return the first item."""
        return self.items[0] if self.items else None


SExpr = Token | Form

DEEPEST = 20_000
"""The most nested parentheses."""

LONGEST_SHOWN = 80
"""The most characters of an expression in a message."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)|(?P<comment>;[^\n]*)|(?P<open>\()|(?P<close>\))
    |(?P<string>"(?:[^"]|"")*")|(?P<quoted>\|[^|]*\|)|(?P<atom>[^ \t\r\n()";|]+)""",
    re.VERBOSE,
)


_CONTROL = re.compile(r"[^\t\n\r -~\u0080-\U0010ffff]")


def written(form: SExpr) -> Iterator[str]:
    """Yield the pieces that an expression of any depth is written with."""
    stack: list[SExpr | str] = [form]
    while stack:
        part = stack.pop()
        if isinstance(part, Form):
            yield "("
            stack.append(")")
            for item in reversed(part.items):
                stack += [item, " "]
            if part.items:
                stack.pop()
        else:
            yield str(part)


def shown(form: SExpr) -> str:
    """Return the start of an expression, for a message.

    Examples
    --------
    >>> shown(parse("(f  (g x)   y)")[0])
    '(f (g x) y)'
    """
    text = "".join(itertools.islice(written(form), LONGEST_SHOWN))
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def parse(text: str) -> list[SExpr]:
    """Read every expression of a text.

    Raises
    ------
    InputError
        If a parenthesis, a string or a quoted symbol is not closed, or closes nothing, if
        parentheses are nested too deeply, or for a character that is no text.

    Examples
    --------
    >>> [str(form) for form in parse('(a "b c" (d)) ; end')]
    ['(a "b c" (d))']
    """
    open_forms: list[tuple[list[SExpr], int]] = []
    top: list[SExpr] = []
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise InputError(f"line {line}: the control character U+{ord(control[0]):04X} is no text")
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
            if len(open_forms) > DEEPEST:
                raise InputError(f"line {line}: parentheses are nested more than {DEEPEST} deep")
        elif kind == "close":
            if not open_forms:
                raise InputError(f"line {line}: a closing parenthesis closes nothing")
            items, start = open_forms.pop()
            (open_forms[-1][0] if open_forms else top).append(Form(tuple(items), start))
        elif kind == "quoted":
            target.append(Token(token[1:-1], line, quoted=True))
        elif kind in ("string", "atom"):
            target.append(Token(token, line))
        line += token.count("\n")
        position = match.end()
    if open_forms:
        raise InputError(f"line {open_forms[-1][1]}: a parenthesis opened here is not closed")
    return top
