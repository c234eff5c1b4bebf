"""Programs: typed expressions that print as Python and run.

    Expression = Variable | Constant | Apply | Lambda | Fold | Recursion

The printed Python is the meaning: a program is run by running what it prints.
"""

import ast
import itertools
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from dlcompare.synthesis.limits import MAX_BITS, function_of
from dlcompare.synthesis.primitives.primitive import Primitive
from dlcompare.synthesis.schemes import Scheme
from dlcompare.tasks.problem import ProgramText, Signature
from dlcompare.tasks.types import Value

__all__ = [
    "Apply",
    "Constant",
    "Expression",
    "Fold",
    "Lambda",
    "Program",
    "Recursion",
    "Variable",
    "fresh_names",
    "walk",
]

_NAMED = 20  # mislabelled examples that a program names; of more, it says how many


@dataclass(frozen=True)
class Variable:
    """A parameter of the program, or a name bound by a fold or a lambda."""

    name: str


@dataclass(frozen=True)
class Constant:
    """An integer or a string that stands in the program."""

    value: int | str


@dataclass(frozen=True)
class Apply:
    """A primitive applied to its arguments."""

    primitive: Primitive
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Lambda:
    """A function of one or two arguments; only primitives take it."""

    parameters: tuple[str, ...]
    body: "Expression"


@dataclass(frozen=True)
class Fold:
    """``accumulator = initial``, then ``accumulator = body`` for every element of the source.

    Attributes
    ----------
    source : Variable
        A list, or an int where `over_range`: then 0, 1, … below it.
    over_range, backwards : bool
        How the source is walked through.
    initial : Expression
        The accumulator before the first element.
    element, accumulator : str
        The names that `body` knows them by.
    body : Expression
        The next accumulator.
    """

    source: Variable
    over_range: bool
    backwards: bool
    initial: "Expression"
    element: str
    accumulator: str
    body: "Expression"


@dataclass(frozen=True)
class Recursion:
    """A recursion scheme with its holes filled.

    Attributes
    ----------
    scheme : Scheme
        How it recurs.
    names : tuple of (str, str)
        What the names that the scheme binds are here.
    source : Variable
        The parameter that it recurs over.
    parts : tuple of Expression
        A term for every hole, over those names and the parameters of the program.
    """

    scheme: Scheme
    names: tuple[tuple[str, str], ...]
    source: Variable
    parts: "tuple[Expression, ...]"


Expression = Variable | Constant | Apply | Lambda | Fold | Recursion


@dataclass(frozen=True)
class Program:
    """An expression with the signature of the function it defines.

    Attributes
    ----------
    signature : Signature
        Name, parameters and result.
    expression : Expression
        What it computes.
    cost : int
        Bits under the grammar that it was found with.
    noise : tuple of int
        The places of the examples that it was found with, gets wrong, and treats as mislabelled.
    """

    signature: Signature
    expression: Expression
    cost: int
    noise: tuple[int, ...] = ()

    @property
    def python(self) -> str:
        """Source of a Python function that needs nothing but the standard library."""
        used = [e.primitive for e in walk(self.expression) if isinstance(e, Apply)]
        names = sorted({name for primitive in used for name in primitive.imports})
        imports = ["from {} import {}".format(*name.rsplit(".", 1)) for name in names]
        spaced = [*imports, ""] if imports else []
        header = replace(self.signature, name=self.name)
        body = (f"    {line}" for line in self._body)
        return "\n".join([*spaced, *self._remark, f"def {header}:", *body, ""])

    @property
    def _remark(self) -> list[str]:
        """The examples treated as mislabelled, in lines that fit beside code; of many the first."""
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
        """The name of the function: the signature's, unless the program itself calls that."""
        called = re.search(rf"\b{re.escape(self.signature.name)}\b", "\n".join(self._body))
        return f"{self.signature.name}_" if called else self.signature.name

    @property
    def _body(self) -> list[str]:
        return _statements(self.expression)

    @property
    def dsl(self) -> str:
        """The expression in prefix notation."""
        return _prefix(self.expression)

    @property
    def nodes(self) -> int:
        """Variables, primitives, lambdas, folds and recursions in the expression."""
        return sum(1 for _ in walk(self.expression))

    @property
    def text(self) -> ProgramText:
        """The program for people to read."""
        return ProgramText(self.python, self.dsl, self.nodes, self.cost, len(self.noise))

    def compile(self, bits: int = MAX_BITS) -> Callable[..., Value]:
        """The function that `python` defines, with its rounds and the size of its values limited.

        A call raises what Python raises where the program is undefined, and `StepLimitError`
        where it would loop too often or make a value too large, an integer of more than `bits`.
        """
        return function_of(self.python, self.name, bits)


def fresh_names(taken: set[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Names like those `wanted` that are neither `taken` nor equal to each other.

    Examples
    --------
    >>> fresh_names({"x"}, ("x", "y"))
    ('x2', 'y')
    """
    chosen: list[str] = []
    for name in wanted:
        variants = (name if i == 1 else f"{name}{i}" for i in itertools.count(1))
        chosen.append(next(v for v in variants if v not in taken and v not in chosen))
    return tuple(chosen)


def _statements(expression: Expression) -> list[str]:
    """The statements that return the value of an expression."""
    match expression:
        case Fold():
            return [*_fold_statements(expression), f"return {expression.accumulator}"]
        case Recursion():
            return _recursion_statements(expression)
        case Apply(_, (condition, then, Apply() | Fold() | Recursion() as other)) if _loops(other):
            branch = [f"    {line}" for line in _statements(then)]
            return [f"if {ast.unparse(_tree(condition))}:", *branch, *_statements(other)]
    return [f"return {ast.unparse(_tree(expression))}"]


def _loops(expression: Expression) -> bool:
    """Whether an expression is a loop, or a choice whose last branch is one."""
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


def _recursion_statements(recursion: Recursion) -> list[str]:
    holes = zip(recursion.scheme.holes, recursion.parts, strict=True)
    parts = {hole.name: ast.unparse(_tree(part)) for hole, part in holes}
    return recursion.scheme.python(
        {**dict(recursion.names), "source": recursion.source.name, **parts}
    )


def _tree(expression: Expression) -> ast.expr:
    """The Python syntax tree of an expression without folds."""
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
    return _tidy(cast(ast.expr, tree))


class _Substitute(ast.NodeTransformer):
    """Puts arguments for the parameters of a primitive's Python; applies lambdas on the way."""

    def __init__(self, arguments: Mapping[str, Expression]) -> None:
        self.arguments = arguments
        lambdas = [a for a in arguments.values() if isinstance(a, Lambda)]
        names = lambdas[0].parameters if lambdas else ()
        self.bound = dict(zip("yz", (*names, *(2 * name for name in names)), strict=False))

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


def _tidy(tree: ast.expr) -> ast.expr:
    """``[a] + [b]`` is ``[a, b]``, and adding nothing is nothing."""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        left, right = tree.left, tree.right
        if isinstance(left, ast.List) and isinstance(right, ast.List):
            return ast.List(left.elts + right.elts)
        if (
            isinstance(left, ast.BinOp)
            and isinstance(left.op, ast.Add)
            and isinstance(left.right, ast.List)
            and isinstance(right, ast.List)
        ):
            return ast.BinOp(left.left, ast.Add(), ast.List(left.right.elts + right.elts))
        if isinstance(left, ast.List) and not left.elts:
            return right
        if isinstance(right, ast.List) and not right.elts:
            return left
    return tree


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
        case Recursion(scheme, names, source, parts):
            functions = [
                f"({' '.join(['lambda', *(dict(names)[bound] for bound, _ in hole.parameters)])} "
                f"{_prefix(part)})"
                for hole, part in zip(scheme.holes, parts, strict=True)
            ]
            return f"({scheme.name} {source.name} {' '.join(functions)})"


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all its parts."""
    yield expression
    match expression:
        case Apply(_, arguments):
            for argument in arguments:
                yield from walk(argument)
        case Lambda(_, body):
            yield from walk(body)
        case Fold(source=source, initial=initial, body=body):
            for part in (source, initial, body):
                yield from walk(part)
        case Recursion(source=source, parts=parts):
            for part in (source, *parts):
                yield from walk(part)
