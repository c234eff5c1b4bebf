"""The syntax tree of a Python function, including a lambda inside a call."""

import ast
import linecache
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType

__all__ = ["Definition", "definition_of"]

Definition = ast.FunctionDef | ast.Lambda


@cache
def _definitions(text: str) -> dict[int, list[Definition]]:
    """Return the functions and lambdas of a text by first line, decorators included."""
    found: dict[int, list[Definition]] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Lambda | ast.FunctionDef):
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            first = min([node.lineno, *(each.lineno for each in decorators)])
            found.setdefault(first, []).append(node)
    return found


def definition_of(function: FunctionType) -> Definition | None:
    """Return the definition of a function.

    None if it cannot be identified: the file is missing, two similar functions start on its line,
    or the file has changed since.
    """
    code = function.__code__
    linecache.checkcache(code.co_filename)
    text = "".join(linecache.getlines(code.co_filename))
    try:
        candidates = _definitions(text).get(code.co_firstlineno, [])
        matching = [node for node in candidates if _fits(node, code)]
        # Test runners rewrite assertions, so functions with assertions are not compared.
        same = len(matching) == 1 and (
            any(isinstance(each, ast.Assert) for each in ast.walk(matching[0]))
            or _meaning(code) in _compiled(text)
        )
    except (SyntaxError, ValueError, RecursionError):
        return None
    return matching[0] if same else None


def _fits(node: Definition, code: CodeType) -> bool:
    name = node.name if isinstance(node, ast.FunctionDef) else "<lambda>"
    arguments = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    count = code.co_argcount
    return name == code.co_name and arguments == list(code.co_varnames[:count])


@cache
def _compiled(text: str) -> frozenset[object]:
    """Return the code of all functions in a text, in comparable form."""
    return frozenset(map(_meaning, _within(compile(text, "<text>", "exec", dont_inherit=True))))


def _within(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _within(each)


def _meaning(code: CodeType) -> object:
    """Return a function's code and first line, without file and columns, for comparison."""
    constants = tuple(map(_constant, code.co_consts))
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_name, code.co_firstlineno, code.co_code, constants, names


def _constant(value: object) -> object:
    if isinstance(value, CodeType):
        return _meaning(value)
    if isinstance(value, tuple | frozenset):
        parts = list(map(_constant, value))
        return type(value), frozenset(parts) if isinstance(value, frozenset) else tuple(parts)
    return type(value), repr(value)
