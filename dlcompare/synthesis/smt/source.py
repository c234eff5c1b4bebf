"""The syntax tree of a Python function, also of a lambda in the middle of a call."""

import ast
import linecache
from functools import cache
from types import CodeType, FunctionType

__all__ = ["Definition", "definition_of"]

Definition = ast.FunctionDef | ast.Lambda


@cache
def _definitions(file: str) -> dict[int, list[Definition]]:
    """Functions and lambdas of a file by their first line, decorators included."""
    found: dict[int, list[Definition]] = {}
    for node in ast.walk(ast.parse("".join(linecache.getlines(file)))):
        if isinstance(node, ast.Lambda | ast.FunctionDef):
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            first = min([node.lineno, *(each.lineno for each in decorators)])
            found.setdefault(first, []).append(node)
    return found


def definition_of(function: FunctionType) -> Definition | None:
    """Where a function is written; None if that cannot be told."""
    code = function.__code__
    try:
        candidates = _definitions(code.co_filename).get(code.co_firstlineno, [])
    except (SyntaxError, ValueError):
        return None
    matching = [node for node in candidates if _fits(node, code)]
    return matching[0] if len(matching) == 1 else None


def _fits(node: Definition, code: CodeType) -> bool:
    name = node.name if isinstance(node, ast.FunctionDef) else "<lambda>"
    arguments = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    count = code.co_argcount
    return name == code.co_name and arguments == list(code.co_varnames[:count])
