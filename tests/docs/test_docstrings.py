"""Everything public is documented: what it is or does, and its parameters where there are many."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "dlcompare"
FILES = sorted(PACKAGE.rglob("*.py"))
MANY = 4
"""From so many parameters on, a docstring says what each is."""

SECTION = re.compile(r"^Parameters\n-{10}$", re.MULTILINE)


def public(body, names=()):
    """Yield the public classes and functions of a module with their qualified names."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            yield (*names, node.name), node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, (*names, node.name))


def decorators(node):
    for each in node.decorator_list:
        called = each.func if isinstance(each, ast.Call) else each
        yield called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def parameters(node):
    return [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def overridden(path, names):
    """Return the docstrings of the methods that a method overrides."""
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    kind = importlib.import_module(module.removesuffix(".__init__"))
    for name in names[:-1]:
        kind = getattr(kind, name)
    inherited = [vars(each).get(names[-1]) for each in inspect.getmro(kind)[1:]]
    return [inspect.cleandoc(each.__doc__ or "") for each in inherited if each is not None]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_and_everything_public_in_it_has_a_docstring(path):
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    for names, node in public(tree.body):
        if "setter" not in decorators(node) and "overload" not in decorators(node):
            assert ast.get_docstring(node), ".".join(names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_function_of_many_parameters_describes_them(path):
    """A command describes its options to its user, and a task its samplers.

    A method may inherit the description from what it overrides, or name the method of a protocol.
    """
    for names, node in public(ast.parse(path.read_text()).body):
        if isinstance(node, ast.ClassDef) or {"command", "task"} & {*decorators(node)}:
            continue
        given = [each for each in parameters(node) if each not in ("self", "cls")]
        text = ast.get_docstring(node) or ""
        if len(given) >= MANY and not SECTION.search(text) and not text.startswith("As `"):
            assert len(names) > 1, names[-1]
            assert any(map(SECTION.search, overridden(path, names))), ".".join(names)
