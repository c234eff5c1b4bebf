"""Static analysis of the names in a function, before it is executed."""

import ast
from collections import Counter
from functools import lru_cache

__all__ = ["assigns", "bound_in", "escaping", "free_in", "is_fresh", "is_generator", "read_in"]

DRAINING = frozenset(
    each.__name__
    for each in (
        all,
        any,
        bool,
        frozenset,
        int,
        len,
        list,
        max,
        min,
        range,
        set,
        sorted,
        str,
        tuple,
    )
)
"""Builtins, called by name, that keep no reference to a list argument."""


@lru_cache(maxsize=1 << 14)
def read_in(node: ast.AST) -> Counter[str]:
    """Return how often each name is read in an expression, including nested functions."""
    return Counter(
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    )


@lru_cache(maxsize=1 << 14)
def assigns(node: ast.AST) -> bool:
    """Return whether an expression contains an assignment expression (``:=``)."""
    return any(isinstance(each, ast.NamedExpr) for each in ast.walk(node))


@lru_cache(maxsize=1 << 12)
def bound_in(node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """Return the names that are local to a function.

    Examples
    --------
    >>> sorted(bound_in(ast.parse("def f(x):\\n  y = [z for z in x]\\n  return y").body[0]))
    ['x', 'y']
    """
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    found = {each.arg for each in every}
    waiting: list[ast.AST] = list(node.body) if isinstance(node, ast.FunctionDef) else [node.body]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            found.add(each.id)
        elif isinstance(each, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(each.name)
            continue
        elif isinstance(each, ast.Lambda):
            continue
        elif isinstance(each, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            # Its variables are local, but an assignment expression in it binds outside.
            walrus = (w.target for w in ast.walk(each) if isinstance(w, ast.NamedExpr))
            found.update(target.id for target in walrus)
            continue
        elif isinstance(each, ast.Import | ast.ImportFrom):
            found.update(alias.asname or alias.name.split(".")[0] for alias in each.names)
        elif isinstance(each, ast.ExceptHandler) and each.name:
            found.add(each.name)
        waiting.extend(ast.iter_child_nodes(each))
    return frozenset(found)


@lru_cache(maxsize=1 << 12)
def is_generator(node: ast.FunctionDef | ast.Lambda) -> bool:
    """Return whether a function, or a function nested in it, yields."""
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in ast.walk(node))


@lru_cache(maxsize=1 << 12)
def free_in(node: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    """Return the names that a function reads but does not bind, or a superset of them."""
    body = node.body if isinstance(node.body, list) else [node.body]
    read: set[str] = set()
    for each in body:
        read |= read_in(each).keys()
    return frozenset(read - bound_in(node))


@lru_cache(maxsize=1 << 14)
def is_fresh(node: ast.expr) -> bool:
    """Return whether any list or set that an expression gives is a new one."""
    match node:
        case ast.List() | ast.ListComp() | ast.Set() | ast.SetComp() | ast.BinOp():
            return True
        case ast.Call(ast.Name("list" | "sorted" | "set")) | ast.Subscript(_, ast.Slice()):
            return True
        case ast.Call(ast.Attribute(_, "copy"), [], []):
            return True
        case _:
            return False


@lru_cache(maxsize=1 << 14)
def escaping(node: ast.AST, kept: bool = True) -> frozenset[str]:
    """Return the names whose lists may have another reference after an evaluation.

    The value of a condition is discarded.

    Examples
    --------
    >>> escaping(ast.parse("groups + [group]", mode="eval").body)
    frozenset({'group'})
    """
    found: set[str] = set()
    _escape(node, kept, found)
    return frozenset(found)


def _escape(node: ast.AST, kept: bool, found: set[str]) -> None:
    """Collect escaping names; `kept` is whether the node's own value is retained."""
    match node:
        case ast.Name(name):
            if kept:
                found.add(name)
        case ast.Compare(left, _, others):
            for each in (left, *others):
                _escape(each, False, found)
        case ast.BinOp(left, _, right):
            for each in (left, right):
                _escape(each, False, found)
        case ast.UnaryOp(_, inner) | ast.Starred(inner):
            _escape(inner, False, found)
        case ast.Subscript(value, index):
            _escape(value, False, found)
            _escape(index, False, found)
        case ast.Slice():
            for part in ast.iter_child_nodes(node):
                _escape(part, False, found)
        case ast.JoinedStr() | ast.FormattedValue():
            for part in ast.iter_child_nodes(node):
                _escape(part, False, found)
        case ast.BoolOp(_, parts):
            for each in parts:
                _escape(each, kept, found)
        case ast.IfExp(test, then, other):
            _escape(test, False, found)
            _escape(then, kept, found)
            _escape(other, kept, found)
        case ast.Call(ast.Name(name), [*arguments], []) if name in DRAINING:
            for each in arguments:
                held = kept and name in ("max", "min")
                if isinstance(each, ast.GeneratorExp):
                    _escape(each.elt, held, found)
                    _escape_from(each.generators, found)
                else:
                    _escape(each, held, found)
        case ast.Call(ast.Attribute(owner), arguments, []):
            _escape(owner, False, found)
            for each in arguments:
                _escape(each, True, found)
        case ast.ListComp(element, generators) | ast.SetComp(element, generators):
            _escape(element, True, found)
            _escape_from(generators, found)
        case ast.Lambda() | ast.GeneratorExp():
            found.update(read_in(node))
        case _:
            for part in ast.iter_child_nodes(node):
                _escape(part, True, found)


def _escape_from(generators: list[ast.comprehension], found: set[str]) -> None:
    for each in generators:
        _escape(each.iter, False, found)
        for test in each.ifs:
            _escape(test, False, found)
