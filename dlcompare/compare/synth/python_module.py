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
    # A function keeps its name unless that is a name in another program, or Python's. Its own
    # parameters may be called what it is called.
    mentioned = [_mentioned(source) for _, source in parts]
    taken = {*_RESERVED, *(line.split()[-1] for line in imports)}
    written = [*sorted(imports)] and ["\n".join(sorted(imports))]
    for place, (remark, source) in enumerate(parts):
        others = taken.union(*mentioned[:place], *mentioned[place + 1 :])
        names: dict[str, str] = {}
        for name in _defined(source):
            names[name] = name
            while names[name] in others or (
                names[name] != name and names[name] in mentioned[place]
            ):
                names[name] += "_"
            taken.add(names[name])
            others.add(names[name])
        written.append("\n".join(filter(None, [remark, _renamed(source, names)])))
    return "\n\n\n".join(written)


def _defined(source: str) -> list[str]:
    """Return the names of the functions that a program defines."""
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]


def _mentioned(source: str) -> set[str]:
    """Return all names in a program but those that stand for its own functions."""
    own = _places_of_functions(source)
    return {token.string for token in _names(source) if token.start not in own}


def _places_of_functions(source: str) -> set[tuple[int, int]]:
    """Return the places (row, column) where a program defines its functions, or refers to them.

    A parameter may be called what a function is called, and so may a type in an annotation:
    ``def list(list: list[int])`` has one name that is the function's, the first.
    """
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    names = {function.name for function in functions}
    lines = source.splitlines()
    places: set[tuple[int, int]] = set()
    for function in functions:
        definition = re.compile(r"def\s+").match(lines[function.lineno - 1])
        assert definition is not None
        places.add((function.lineno, definition.end()))
        nodes = [node for statement in function.body for node in ast.walk(statement)]
        bound = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        bound |= {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        }
        for node in nodes:
            if isinstance(node, ast.Name) and node.id in names - bound:
                # Columns of a syntax tree count bytes, those of tokens count characters.
                before = lines[node.lineno - 1].encode()[: node.col_offset]
                places.add((node.lineno, len(before.decode())))
    return places


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
    own = _places_of_functions(source)
    for token in reversed(list(_names(source))):  # from the end, so that places stay right
        if token.start in own:
            (row, start), (_, end) = token.start, token.end
            line = lines[row - 1]
            lines[row - 1] = line[:start] + names[token.string] + line[end:]
    return "\n".join(lines)
