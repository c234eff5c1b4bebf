"""Write the programs of several problems as one Python module.

Each program is written by itself and has the name of its problem. In a module they see each other:
a function named ``len`` would hide the one that the next program calls. So the imports are at the
top, once, and a function whose name is taken gets a trailing underscore.
"""

import ast
import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Sequence

__all__ = ["module_of"]

_RESERVED = {*dir(builtins), *keyword.kwlist}


def module_of(programs: Sequence[tuple[str, str | None]]) -> str:
    """Return one module with all programs.

    Parameters
    ----------
    programs : sequence of (str, str or None)
        A remark in lines that begin with ``#``, and the source of functions, imports first; None
        where a problem has no program.

    Examples
    --------
    >>> source = "def len(xs):\\n    return sum(xs)\\n"
    >>> print(module_of([("# one", source), ("# two", source)]))
    # one
    def len_(xs):
        return sum(xs)
    <BLANKLINE>
    <BLANKLINE>
    # two
    def len__(xs):
        return sum(xs)
    """
    imports: set[str] = set()
    parts: list[tuple[str, str]] = []
    for remark, source in programs:
        lines = (source or "").splitlines()
        own = {line for line in lines if re.match(r"(from|import)\s", line)}
        imports |= own
        parts.append((remark, "\n".join(line for line in lines if line not in own).strip("\n")))
    # No name in any program, except those of its own functions, may be that of a function.
    mentioned = {name for _, source in parts for name in _mentioned(source)}
    taken = {*_RESERVED, *(line.split()[-1] for line in imports), *mentioned}
    written = [*sorted(imports)] and ["\n".join(sorted(imports))]
    for remark, source in parts:
        names: dict[str, str] = {}
        for name in _defined(source):
            names[name] = name
            while names[name] in taken:
                names[name] += "_"
            taken.add(names[name])
        written.append("\n".join(filter(None, [remark, _renamed(source, names)])))
    return "\n\n\n".join(written)


def _defined(source: str) -> list[str]:
    """Return the names of the functions that a program defines."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def _mentioned(source: str) -> set[str]:
    """Return all names in a program except those of its own functions."""
    own = _defined(source)
    return {token.string for token in _names(source)} - {*own}


def _names(source: str) -> Iterable[tokenize.TokenInfo]:
    """Yield the tokens of a program that are names, but not attributes or keywords."""
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME and before != "." and not keyword.iskeyword(token.string):
            yield token
        before = token.string


def _renamed(source: str, names: dict[str, str]) -> str:
    """Return a program whose functions have other names."""
    lines = source.splitlines()
    for token in reversed(list(_names(source))):  # from the end, so that places stay right
        if names.get(token.string, token.string) != token.string:
            (row, start), (_, end) = token.start, token.end
            line = lines[row - 1]
            lines[row - 1] = line[:start] + names[token.string] + line[end:]
    return "\n".join(lines)
