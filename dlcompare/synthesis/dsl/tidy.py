"""Printed functions as a person writes them: simpler expressions, no shadowing.

A rewriting rule keeps the value of an expression and the exceptions that it raises. The rules
stand in tables by the type of the node that they rewrite; they apply from the inside out.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from dlcompare.synthesis.dsl.shadows import names_of, stored_in, without_shadows

__all__ = ["tidied"]

Kind = Literal["int", "bool", "str", "list"]

_CALLS: Mapping[Kind, set[str]] = {
    "int": {"len", "sum", "abs", "int"},
    "bool": {"any", "all", "isupper", "islower", "isalpha", "isdigit", "startswith", "endswith"},
    "list": {"list", "sorted", "split"},
    "str": {"str", "join", "upper", "lower", "strip", "title", "capitalize", "replace"},
}
_KINDS = {name: kind for kind, names in _CALLS.items() for name in names}
"""The kinds of the results of functions and methods."""

_OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    f.__name__: f for f in (min, max, len, abs, sum, str, int)
}
_NEGATED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.GtE: ast.LtE,
    ast.Gt: ast.Lt,
    ast.LtE: ast.GtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}
_CONSUMERS = {"sum", "sorted", "min", "max", "any", "all", "len", "list", "enumerate", "zip"}
"""Functions that only go through their argument, or count it."""

_LONGEST = 64
"""The most elements of a sequence that is computed beforehand."""


def tidied(function: ast.FunctionDef) -> ast.FunctionDef:
    """Return a function with simpler expressions, whose comprehensions shadow no names.

    Parameters
    ----------
    function : ast.FunctionDef
        A function; the annotations of its parameters tell where a rule for integers applies.

    Examples
    --------
    >>> source = "def f(xs: list[int]): return [[y for y in xs if not y < 4 * 8] for y in xs]"
    >>> print(ast.unparse(tidied(ast.parse(source).body[0])))
    def f(xs: list[int]):
        return [[z for z in xs if z >= 32] for y in xs]
    """
    simple = _Simplify(_parameter_kinds(function)).visit(function)
    return without_shadows(simple)


def _parameter_kinds(function: ast.FunctionDef) -> dict[str, Kind]:
    """Return the kinds of the parameters that the function never binds again."""
    kinds: dict[str, Kind] = {}
    for parameter in function.args.args:
        match parameter.annotation:
            case ast.Name("int" | "bool" | "str" as kind):
                kinds[parameter.arg] = cast(Kind, kind)
            case ast.Subscript(ast.Name("list")):
                kinds[parameter.arg] = "list"
    inside = [node for statement in function.body for node in ast.walk(statement)]
    bound = {n.arg for n in inside if isinstance(n, ast.arg)} | stored_in(function.body)
    return {name: kind for name, kind in kinds.items() if name not in bound}


class _Simplify(ast.NodeTransformer):
    """Applies the rules to every expression, from the inside out."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds

    def visit(self, node: ast.AST) -> Any:
        node = self.generic_visit(node)
        simpler = (rule(node, self.kind) for rule in _RULES.get(type(node), ()))
        found = next(filter(None, simpler), None)
        return node if found is None else self.visit(found)

    def kind(self, node: ast.AST) -> Kind | None:
        """Return the kind of the values of an expression, if it is certain."""
        match node:
            case ast.Name(name):
                return self.kinds.get(name)
            case ast.Constant(value) if type(value).__name__ in ("int", "bool", "str"):
                return cast(Kind, type(value).__name__)
            case ast.List() | ast.ListComp():
                return "list"
            case ast.Compare() | ast.UnaryOp(ast.Not()):
                return "bool"
            case ast.UnaryOp(ast.USub()) | ast.BinOp(op=ast.Sub() | ast.FloorDiv()):
                return "int"
            case ast.Call(ast.Name("min" | "max"), [first, second], []):
                kind = self.kind(first)
                return kind if kind == self.kind(second) else None
            case ast.Call(ast.Name(called)) | ast.Call(ast.Attribute(attr=called)):
                return _KINDS.get(called)
            case ast.Subscript(value, ast.Slice()):
                return self.kind(value)
            case ast.BinOp(left, ast.Add() | ast.Mult() | ast.Mod(), right):
                kind = self.kind(left)
                if kind in ("int", "bool") and self.kind(right) in ("int", "bool"):
                    return "int"
                return kind if isinstance(node.op, ast.Add) and kind == self.kind(right) else None
            case ast.IfExp(_, first, second) | ast.BoolOp(_, [first, second]):
                kind = self.kind(first)
                return kind if kind == self.kind(second) else None
        return None


Kinds = Callable[[ast.AST], Kind | None]
Rule = Callable[[Any, Kinds], ast.AST | None]


def _literal(node: ast.AST) -> Any:
    """Return the value of a literal; raise `ValueError` if the expression is none."""
    return ast.literal_eval(cast(ast.expr, node))


def _is_literal(node: ast.AST) -> bool:
    try:
        _literal(node)
    except (ValueError, TypeError):
        return False
    return True


def _folded(node: ast.expr, _: Kinds) -> ast.expr | None:
    """Return the value of an operation on literals, if its text is no longer."""
    try:
        value = _computed(node)
    except (ValueError, TypeError, ArithmeticError, LookupError):
        return None
    if not isinstance(value, int | str | list):
        return None
    literal = ast.parse(repr(value), mode="eval").body
    return literal if len(repr(value)) <= len(ast.unparse(node)) else None


def _computed(node: ast.expr) -> object:
    match node:
        case ast.BinOp(left, ast.Mult(), right):
            factors = _literal(left), _literal(right)
            sizes = [f if isinstance(f, int) else len(f) for f in factors]
            if not all(isinstance(f, int) for f in factors) and sizes[0] * sizes[1] > _LONGEST:
                raise ValueError("too long")
            return factors[0] * factors[1]
        case ast.BinOp(left, ast.Mod(), right) if isinstance(_literal(left), str):
            raise ValueError("formats a text")
        case ast.BinOp(left, op, right) | ast.Compare(left, [op], [right]):
            function = _OPERATORS[type(op)]
            return function(_literal(left), _literal(right))
        case ast.UnaryOp(ast.Not(), operand):
            return not _literal(operand)
        case ast.Subscript(value, ast.Slice(lower, upper, step)):
            bounds = (part and _literal(part) for part in (lower, upper, step))
            return _literal(value)[slice(*bounds)]
        case ast.Subscript(value, index):
            return _literal(value)[_literal(index)]
        case ast.Call(ast.Name(called), arguments, []) if called in _FUNCTIONS:
            return _FUNCTIONS[called](*map(_literal, arguments))
    raise ValueError("no operation on literals")


def _sum(node: ast.BinOp, kind: Kinds) -> ast.expr | None:
    """Return a sum or difference without negative numbers, zeros and empty lists."""
    match node:
        case ast.BinOp(left, ast.Add(), ast.UnaryOp(ast.USub(), right)):
            return ast.BinOp(left, ast.Sub(), right)
        case ast.BinOp(left, ast.Sub(), ast.UnaryOp(ast.USub(), right)) if kind(right) == "int":
            return ast.BinOp(left, ast.Add(), right)
        case ast.BinOp(ast.UnaryOp(ast.USub(), left), ast.Add(), ast.Name() as right):
            return ast.BinOp(right, ast.Sub(), left)
        case ast.BinOp(ast.Constant(0), ast.Sub(), right) if kind(right) == "int":
            return ast.UnaryOp(ast.USub(), right)
        case ast.BinOp(term, ast.Add() | ast.Sub(), ast.Constant(0)) if kind(term) == "int":
            return term
        case ast.BinOp(ast.Constant(0), ast.Add(), term) if kind(term) == "int":
            return term
        case ast.BinOp(
            ast.BinOp(term, ast.Add() | ast.Sub() as inner, ast.Constant(int() as first)),
            ast.Add() | ast.Sub() as outer,
            ast.Constant(int() as second),
        ) if kind(term) == "int":
            signs = [1 if isinstance(op, ast.Add) else -1 for op in (inner, outer)]
            total = signs[0] * first + signs[1] * second
            op = ast.Add() if total >= 0 else ast.Sub()
            return ast.BinOp(term, op, ast.Constant(abs(total)))
    return None


def _concatenation(node: ast.BinOp, _: Kinds) -> ast.expr | None:
    """Return ``[a, b]`` for ``[a] + [b]``, and ``a + [b] + c`` for ``a + ([b] + c)``."""
    match node:
        case ast.BinOp(ast.List(first), ast.Add(), ast.List(second)):
            return ast.List(first + second, ast.Load())
        case ast.BinOp(ast.BinOp(left, ast.Add(), ast.List(first)), ast.Add(), ast.List(second)):
            return ast.BinOp(left, ast.Add(), ast.List(first + second, ast.Load()))
        case ast.BinOp(ast.List([]), ast.Add(), rest) | ast.BinOp(rest, ast.Add(), ast.List([])):
            return rest
        case ast.BinOp(left, ast.Add(), ast.BinOp(ast.List() as middle, ast.Add(), right)):
            return ast.BinOp(ast.BinOp(left, ast.Add(), middle), ast.Add(), right)
    return None


def _negation(node: ast.UnaryOp, kind: Kinds) -> ast.expr | None:
    """Return the opposite comparison, or what is negated twice."""
    match node:
        case ast.UnaryOp(ast.Not(), ast.Compare(left, [op], [right])) if type(op) in _NEGATED:
            return ast.Compare(left, [_NEGATED[type(op)]()], [right])
        case ast.UnaryOp(ast.Not(), ast.UnaryOp(ast.Not(), operand)) if kind(operand) == "bool":
            return operand
        case ast.UnaryOp(ast.USub(), ast.UnaryOp(ast.USub(), operand)) if kind(operand) == "int":
            return operand
    return None


def _comparison(node: ast.Compare, _: Kinds) -> ast.expr | None:
    """Return a comparison with its literal on the right, or with a range for a list."""
    match node:
        case ast.Compare(left, [op], [right]) if (
            type(op) in _MIRRORED and _is_literal(left) and not _is_literal(right)
        ):
            return ast.Compare(right, [_MIRRORED[type(op)]()], [left])
        case ast.Compare(left, [ast.In() | ast.NotIn()], [right]):
            walked = _walked(right)
            if isinstance(walked, ast.Call) and isinstance(walked.func, ast.Name):
                return ast.Compare(left, node.ops, [walked])
    return None


def _walked(node: ast.expr) -> ast.expr | None:
    """Return what holds the same elements as a list made only to go through it."""
    match node:
        case ast.Call(ast.Name("list"), [ast.Call(ast.Name("range")) as made], []):
            return made
        case ast.Call(
            ast.Name("list"), [ast.Call(ast.Attribute(ast.Name("dict"), "fromkeys")) as made], []
        ):
            return made
    return None


def _loop(node: ast.comprehension | ast.For, _: Kinds) -> ast.AST | None:
    walked = _walked(node.iter)
    if walked is None:
        return None
    node.iter = walked
    return node


def _condition(node: Any, _: Kinds) -> ast.AST | None:
    """Return the node with what its condition negates twice."""
    match node.test:
        case ast.UnaryOp(ast.Not(), ast.UnaryOp(ast.Not(), operand)):
            node.test = operand
            return cast(ast.AST, node)
    return None


def _choice(node: ast.IfExp, kind: Kinds) -> ast.expr | None:
    """Return a condition whose truth is chosen, or the branch of a constant condition."""
    match node:
        case ast.IfExp(ast.Constant(bool() as truth), first, second):
            return first if truth else second
        case ast.IfExp(test, ast.Constant(True), ast.Constant(False)) if kind(test) == "bool":
            return test
        case ast.IfExp(test, ast.Constant(False), ast.Constant(True)):
            return ast.UnaryOp(ast.Not(), test)
    return None


def _call(node: ast.Call, _: Kinds) -> ast.expr | None:
    """Return a call with simpler arguments."""
    match node:
        case ast.Call(ast.Name("len" | "sum" as called), [argument], []) if reversed_ := _reversed(
            argument
        ):
            return ast.Call(ast.Name(called, ast.Load()), [reversed_], [])
        case ast.Call(ast.Name("abs" as called), [ast.UnaryOp(ast.USub(), argument)], []):
            return ast.Call(ast.Name(called, ast.Load()), [argument], [])
        case ast.Call(ast.Name(called), arguments) if called in _CONSUMERS:
            if called in ("min", "max") and len(arguments) > 1:
                return None
            walked = [_walked(argument) for argument in arguments]
            if any(walked):
                given = [new or old for new, old in zip(walked, arguments, strict=True)]
                return ast.Call(node.func, given, node.keywords)
        case ast.Call(ast.Lambda(parameters, body), arguments, []) if all(
            isinstance(argument, ast.Name | ast.Constant) for argument in arguments
        ):
            names = [parameter.arg for parameter in parameters.args]
            bound = stored_in([body]) | {n.arg for n in ast.walk(body) if isinstance(n, ast.arg)}
            given_names = {name for argument in arguments for name in names_of(argument)}
            if len(names) == len(arguments) and bound.isdisjoint({*names, *given_names}):
                return cast(ast.expr, _Put(dict(zip(names, arguments, strict=True))).visit(body))
    return None


def _reversed(node: ast.expr) -> ast.expr | None:
    """Return the sequence that an expression reverses; None if it does not."""
    match node:
        case ast.Subscript(value, ast.Slice(None, None, ast.UnaryOp(ast.USub(), ast.Constant(1)))):
            return value
    return None


class _Put(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, values: Mapping[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.values.get(node.id, node)


def _function(node: ast.Lambda, _: Kinds) -> ast.expr | None:
    """Return ``len`` for ``lambda y: len(y)``."""
    match node.body:
        case ast.Call(ast.Name(called), arguments, []) if called in _FUNCTIONS:
            names = [argument.id for argument in arguments if isinstance(argument, ast.Name)]
            parameters = [parameter.arg for parameter in node.args.args]
            if len(names) == len(arguments) and names == parameters and called not in names:
                return ast.Name(called, ast.Load())
    return None


def _one_group(node: ast.ListComp, kind: Kinds) -> ast.expr | None:
    """Return the only group of a list whose elements all have the same key."""
    match node:
        case ast.ListComp(
            ast.Call(ast.Name("list"), [ast.Name(group)], []),
            [
                ast.comprehension(
                    ast.Tuple([_, ast.Name(bound)]),
                    ast.Call(
                        ast.Name("groupby"), [ast.Name() as xs, ast.Lambda(_, ast.Constant())], []
                    ),
                    [],
                )
            ],
        ) if group == bound and kind(xs) == "list":
            group_of_all = ast.List([xs], ast.Load())
            return ast.IfExp(xs, group_of_all, ast.List([], ast.Load()))
    return None


_RULES: Mapping[type[ast.AST], tuple[Rule, ...]] = {
    ast.BinOp: (_folded, _sum, _concatenation),
    ast.UnaryOp: (_folded, _negation),
    ast.Compare: (_folded, _comparison),
    ast.Subscript: (_folded,),
    ast.IfExp: (_choice, _condition),
    ast.If: (_condition,),
    ast.While: (_condition,),
    ast.For: (_loop,),
    ast.comprehension: (_loop,),
    ast.Call: (_folded, _call),
    ast.Lambda: (_function,),
    ast.ListComp: (_one_group,),
}
"""The rules by the type of the node; the first that applies rewrites it, until none does."""
