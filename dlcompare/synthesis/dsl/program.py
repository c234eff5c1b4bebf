"""Programs: typed expressions that print as Python and run.

The printed Python defines the semantics: to run a program is to run its printed text.
"""

import ast
import textwrap
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from dlcompare.synthesis.dsl.expression import (
    Apply,
    Constant,
    Expression,
    Fold,
    Lambda,
    Let,
    Recursion,
    Variable,
    walk,
)
from dlcompare.synthesis.dsl.holes import SOURCES
from dlcompare.synthesis.dsl.layout import text_of
from dlcompare.synthesis.dsl.limits import MAX_BITS, MAX_ROUNDS, function_of
from dlcompare.synthesis.dsl.names import called_by, fresh_names, names_in, numbered_afresh, renamed
from dlcompare.synthesis.dsl.tidy import tidied
from dlcompare.tasks.problem import ProgramText, Signature
from dlcompare.tasks.types import Value

__all__ = [
    "Apply",
    "Constant",
    "Expression",
    "Fold",
    "Lambda",
    "Let",
    "Program",
    "Recursion",
    "Variable",
    "fresh_names",
    "walk",
]

_NAMED = 20  # the most mislabelled examples named; for the rest, only their number is printed


@dataclass(frozen=True)
class Program:
    """An expression with the signature of the function it defines.

    Attributes
    ----------
    signature : Signature
        Name, parameters and result.
    expression : Expression
        The expression that the function computes.
    cost : int
        Description length in bits, under the grammar of the search that found it.
    noise : tuple of int
        The indices of the examples that it gets wrong and treats as mislabelled.
    """

    signature: Signature
    expression: Expression
    cost: int
    noise: tuple[int, ...] = ()

    @cached_property
    def python(self) -> str:
        """Return the source of a Python function that needs only the standard library."""
        types = (type_ for _, type_ in self.signature.parameters)
        parameters = tuple(zip(self.parameters, types, strict=True))
        header = replace(self.signature, name=self.name, parameters=parameters)
        body = (f"    {line}" for line in self._body)
        (raw,) = ast.parse("\n".join([f"def {header}:", *body])).body
        function = tidied(cast(ast.FunctionDef, raw))
        imports = self._imports({n.id for n in ast.walk(function) if isinstance(n, ast.Name)})
        spaced = [*imports, ""] if imports else []
        return "\n".join([*spaced, *self._remark, *text_of(function), ""])

    def _imports(self, names: Container[str]) -> list[str]:
        """Return the imports of the functions of these names."""
        used = [e.primitive for e in walk(self.expression) if isinstance(e, Apply)]
        paths = sorted({path.rpartition(".") for primitive in used for path in primitive.imports})
        return [f"from {module} import {name}" for module, _, name in paths if name in names]

    @property
    def _remark(self) -> list[str]:
        """Return comment lines that name the (first) examples treated as mislabelled."""
        if not self.noise:
            return []
        numbers = ", ".join(str(place + 1) for place in self.noise[:_NAMED])
        rest = len(self.noise) - _NAMED
        more = f" and {rest} more" if rest > 0 else ""
        word = "example" if len(self.noise) == 1 else "examples"
        text = f"Treated as mislabelled: {word} {numbers}{more}."
        return [f"# {line}" for line in textwrap.wrap(text, 72)]

    @property
    def name(self) -> str:
        """Return the name of the function: the signature's, unless the program calls that name."""
        called = self.signature.name in called_by(self.expression)
        return f"{self.signature.name}_" if called else self.signature.name

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Return the printed names of the parameters.

        A parameter with the name of something that the program calls gets a trailing underscore.
        """
        names = [name for name, _ in self.signature.parameters]
        called = called_by(self.expression)
        if isinstance(self.expression, Recursion) and self.expression.scheme.calls:
            called |= {self.name}
        if called.isdisjoint(names):
            return tuple(names)
        taken = called.union(names, names_in(self.expression))
        printed = []
        for name in names:
            chosen = name
            while chosen in called or (chosen != name and chosen in taken):
                chosen += "_"
            taken |= {chosen}
            printed.append(chosen)
        return tuple(printed)

    @property
    def _body(self) -> list[str]:
        names = (name for name, _ in self.signature.parameters)
        expression = renamed(self.expression, dict(zip(names, self.parameters, strict=True)))
        if isinstance(expression, Recursion):
            return _recursion_statements(expression, self.name, self.parameters)
        return _statements(numbered_afresh(expression, {self.name, *self.parameters}))

    @property
    def dsl(self) -> str:
        """Return the expression in prefix notation."""
        return _prefix(self.expression)

    @property
    def nodes(self) -> int:
        """Return the number of variables, primitives, lambdas, folds and recursions."""
        return sum(1 for _ in walk(self.expression))

    @property
    def text(self) -> ProgramText:
        """Return the program as text for readers."""
        return ProgramText(self.python, self.dsl, self.nodes, self.cost, len(self.noise))

    def compile(self, bits: int = MAX_BITS, rounds: int = MAX_ROUNDS) -> Callable[..., Value]:
        """Return the function that `python` defines, with limits on loops and on value sizes.

        A call raises Python's own exception if the program is undefined, and `StepLimitError`
        if it loops too often or makes a value too large, such as an integer of more than `bits`.
        A loop that ends by a condition may take `rounds`.
        """
        function = function_of(self.python, self.name, bits, rounds)
        names = [name for name, _ in self.signature.parameters]
        printed = dict(zip(names, self.parameters, strict=True))
        if all(name == shown for name, shown in printed.items()):
            return function

        def translated(*values: Value, **named: Value) -> Value:
            return function(*values, **{printed[name]: value for name, value in named.items()})

        return translated


def _statements(expression: Expression) -> list[str]:
    """Return the statements that return the value of an expression."""
    match expression:
        case Fold():
            return [*_fold_statements(expression), f"return {expression.accumulator}"]
        case Recursion():
            return _local_recursion(expression)
        case Let(name, value, body):
            *lines, last = _statements(value)
            result = last.removeprefix("return ")
            return [*lines, *([] if result == name else [f"{name} = {result}"]), *_statements(body)]
        case Apply(_, (condition, then, Apply() | Fold() | Recursion() as other)) if _loops(other):
            branch = [f"    {line}" for line in _statements(then)]
            return [f"if {ast.unparse(_tree(condition))}:", *branch, *_statements(other)]
    return [f"return {ast.unparse(_tree(expression))}"]


def _loops(expression: Expression) -> bool:
    """Return whether an expression is a loop, or a choice whose last branch is one."""
    if isinstance(expression, Apply) and expression.arguments:
        return _loops(expression.arguments[-1])
    return isinstance(expression, Fold | Recursion)


def _fold_statements(fold: Fold) -> list[str]:
    source = fold.source.name
    if fold.over_range:
        source = f"range({source})"
    elif fold.backwards:
        source = f"reversed({source})"
    return [
        f"{fold.accumulator} = {ast.unparse(_tree(fold.initial))}",
        f"for {fold.element} in {source}:",
        f"    {fold.accumulator} = {ast.unparse(_tree(fold.body))}",
    ]


def _recursion_statements(
    recursion: Recursion, function: str, parameters: Sequence[str]
) -> list[str]:
    """Return the body of the function of these parameters that computes a recursion."""
    scheme, names = recursion.scheme, dict(recursion.names)
    sources = zip(SOURCES, (source.name for source in recursion.sources), strict=False)
    trees = {h.name: _tree(part) for h, part in zip(scheme.holes, recursion.parts, strict=True)}
    parts = {**names, **dict(sources), **{name: ast.unparse(tree) for name, tree in trees.items()}}
    calls = scheme.recursive_calls(parts, function, parameters)
    inline = _Inline(
        {names[name]: ast.parse(call, mode="eval").body for name, call in calls.items()}
    )
    inlined = {name: ast.unparse(inline.visit(tree)) for name, tree in trees.items()}
    return scheme.python({**parts, **calls, **inlined})


def _local_recursion(recursion: Recursion) -> list[str]:
    """Return the statements of a recursion inside a larger program, as a function of its own."""
    if not recursion.scheme.calls:
        return _recursion_statements(recursion, "", ())
    (function,) = fresh_names(names_in(recursion), ("solve",))
    parameters = [source.name for source in recursion.sources]
    body = _recursion_statements(recursion, function, parameters)
    header = f"{function}({', '.join(parameters)})"
    return [f"def {header}:", *(f"    {line}" for line in body), f"return {header}"]


class _Inline(ast.NodeTransformer):
    """Substitutes trees for names."""

    def __init__(self, trees: Mapping[str, ast.expr]) -> None:
        self.trees = trees

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.trees.get(node.id, node)


def _tree(expression: Expression) -> ast.expr:
    """Return the Python syntax tree of an expression without folds."""
    if isinstance(expression, Variable):
        return ast.Name(expression.name)
    if isinstance(expression, Constant):
        return ast.Constant(expression.value)
    if not isinstance(expression, Apply):
        raise TypeError(f"{type(expression).__name__} stands only at the top or as an argument")
    primitive = expression.primitive
    names = [name for name, _ in primitive.parameters]
    template = ast.parse(primitive.python, mode="eval").body
    tree = _Substitute(dict(zip(names, expression.arguments, strict=True))).visit(template)
    return cast(ast.expr, tree)


class _Substitute(ast.NodeTransformer):
    """Substitutes arguments for the parameters of a primitive's Python, and applies lambdas."""

    def __init__(self, arguments: Mapping[str, Expression]) -> None:
        self.arguments = arguments
        lambdas = [a for a in arguments.values() if isinstance(a, Lambda)]
        own = lambdas[0].parameters if lambdas else ()
        # The template's other variables must not capture variables of the arguments.
        taken = {*own, *(name for a in arguments.values() for name in names_in(a))}
        wanted = [*(2 * name for name in own), "y", "z"] if own else ["y", "z"]
        first, second, x, _ = fresh_names(taken, (*wanted[:2], "x", "_"))
        rest = (first, second) if not own else (first,)
        self.bound = {**dict(zip("yz", (*own, *rest), strict=False)), "x": x, "_": _}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        argument = self.arguments.get(node.id)
        if argument is None:  # the variable of a comprehension takes the lambda's own name
            return ast.Name(self.bound.get(node.id, node.id))
        if isinstance(argument, Lambda):
            names = [ast.arg(name) for name in argument.parameters]
            return ast.Lambda(
                ast.arguments(
                    posonlyargs=[], args=names, kwonlyargs=[], kw_defaults=[], defaults=[]
                ),
                _tree(argument.body),
            )
        return _tree(argument)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.bound.get(node.arg, node.arg))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        argument = self.arguments.get(node.func.id) if isinstance(node.func, ast.Name) else None
        return _tree(argument.body) if isinstance(argument, Lambda) else self.generic_visit(node)


def _prefix(expression: Expression) -> str:
    match expression:
        case Variable(name):
            return name
        case Constant(value):
            return repr(value)
        case Apply(primitive, arguments):
            return " ".join(["(" + primitive.name, *map(_prefix, arguments)]) + ")"
        case Lambda(parameters, body):
            return f"(lambda {' '.join(parameters)} {_prefix(body)})"
        case Fold():
            source = expression.source.name
            source = f"(range {source})" if expression.over_range else source
            name = "fold_right" if expression.backwards else "fold_left"
            function = f"(lambda {expression.element} {expression.accumulator} "
            return (
                f"({name} {source} {_prefix(expression.initial)} "
                f"{function}{_prefix(expression.body)}))"
            )
        case Recursion(scheme, names, sources, parts):
            functions = [
                f"({' '.join(['lambda', *(dict(names)[bound] for bound, _ in hole.parameters)])} "
                f"{_prefix(part)})"
                for hole, part in zip(scheme.holes, parts, strict=True)
            ]
            over = (source.name for source in sources)
            return f"({' '.join([scheme.name, *over, *functions])})"
        case Let(name, value, body):
            return f"(let {name} {_prefix(value)} {_prefix(body)})"
