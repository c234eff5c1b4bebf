"""Names that trees bind, and comprehensions whose variables shadow no others."""

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

__all__ = ["names_of", "stored_in", "without_shadows"]

_LETTERS = "yzxwvutsabcdefghjkmnpqr"
"""The names for variables of comprehensions, the first free one first."""


def without_shadows(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return the function with variables of comprehensions and lambdas that shadow no others.

    Names such as ``y2`` and ``yy`` become single letters.

    Examples
    --------
    >>> source = "def f(xs): return [[y for y in xs if y] for y in xs]"
    >>> print(ast.unparse(without_shadows(ast.parse(source).body[0])))
    def f(xs):
        return [[z for z in xs if z] for y in xs]
    """
    return cast(ast.FunctionDef, ast.fix_missing_locations(_Apart({}).visit(function)))


def stored_in(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names that trees bind."""
    return {
        node.id
        for each in nodes
        for node in ast.walk(each)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def names_of(tree: ast.AST) -> set[str]:
    """Return the names of variables, parameters and functions in a tree."""
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return found | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


class _Apart(ast.NodeTransformer):
    """Renames the variables of comprehensions and lambdas that shadow others.

    Parameters
    ----------
    scope : mapping
        The new name of each name that is bound around the tree.
    """

    def __init__(self, scope: Mapping[str, str]) -> None:
        self.scope = scope

    def visit(self, node: ast.AST) -> Any:
        comprehensions = ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp
        return (
            self._comprehension(node) if isinstance(node, comprehensions) else super().visit(node)
        )

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        own = [parameter.arg for parameter in node.args.args]
        places: list[ast.AST] = []
        for each in ast.walk(node):
            match each:
                case ast.Assign(targets):
                    places += targets
                case ast.For(target) | ast.AugAssign(target):
                    places.append(target)
        names = {*own, *stored_in(places)}
        inner = _Apart({**self.scope, **{name: name for name in names}})
        node.body = [inner.visit(statement) for statement in node.body]
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.scope.get(node.id, node.id), node.ctx)

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        inner = self._inside(node, [parameter.arg for parameter in node.args.args])
        for parameter in node.args.args:
            parameter.arg = inner.scope[parameter.arg]
        node.body = inner.visit(node.body)
        return node

    def _comprehension(self, node: Any) -> Any:
        targets = [generator.target for generator in node.generators]
        inner = self._inside(node, sorted(stored_in(targets)))
        first = self.visit(node.generators[0].iter)  # it stands outside of the new scope
        node.generators[0].iter = ast.Constant(None)
        node = inner.generic_visit(node)
        node.generators[0].iter = first
        return node

    def _inside(self, node: ast.AST, bound: Iterable[str]) -> "_Apart":
        """Return the renaming inside a node that binds names."""
        scope, visible = dict(self.scope), set(self.scope.values())
        taken = visible | names_of(node)
        for name in bound:
            shadows = name in visible and name != "_"
            if shadows or re.fullmatch(r"(.)\1+|[a-z]\d+", name):
                free = (letter for letter in _LETTERS if letter not in taken)
                scope[name] = next(free, name)
                taken.add(scope[name])
            else:
                scope[name] = name
        return _Apart(scope)
