"""Run programs of the list language, given as text, by walking their syntax tree.

Python's parser makes the tree; nothing is compiled or executed. What may stand in a program is
what this module interprets: integers, truth values and lists, comprehensions, slices, some builtin
functions, and a function definition with assignments, loops and conditionals. There is no way from
here to a file, a module or an attribute. Steps, list lengths and number sizes are limited, so that
every program ends.

Values may be of any class that has the operators of integers: `equivalence` runs programs on
unknown integers. Those have no hash, and asking for the truth of a comparison between them follows
one of two paths, so equality alone tells members and distinct elements apart, and every generator
expression is a list.

`synthesis.dsl.reading` also interprets text, and the two stay apart. It gives a far larger subset
Python's own meaning, hashes and lazy generators included, and it belongs to one learner. This
module defines a task's target language, which no learner's code may decide: a task imports nothing
from a learner, and a construct added there must not become an answer here.
"""

import ast
import itertools
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["ProgramError", "evaluate", "run"]

MOST_STEPS = 20_000
LONGEST_LIST = 2_000
LARGEST = 10**30
LONGEST_TEXT = 4_000
DEEPEST = 60


class ProgramError(Exception):
    """Raised when a text is not a program of the language, or has no value here."""


def run(text: str, xs: Sequence[Any]) -> list[Any]:
    """Return the result of a program on a list.

    Parameters
    ----------
    text : str
        An expression over `xs`, or the definition of a function of one argument.
    xs : sequence
        The input.

    Raises
    ------
    ProgramError
        If the text is no program, or the program fails, takes too long or gives no list.

    Examples
    --------
    >>> run("sorted(xs)[:2]", [3, 1, 2])
    [1, 2]
    >>> run("f(1)", [])
    Traceback (most recent call last):
    dlcompare.tasks.catalog.list_language.evaluator.ProgramError: f is no function of the language
    """
    tree = _parsed(text)
    frame = _Frame({"xs": list(xs)})
    if isinstance(tree, ast.FunctionDef):
        frame.names = {tree.args.args[0].arg: list(xs)}
        try:
            frame.execute(tree.body)
            raise ProgramError("the function returns nothing")
        except _Returned as returned:
            result = returned.value
    else:
        result = frame.value(tree)
    if not isinstance(result, list):
        raise ProgramError(f"the result is {result!r}, not a list")
    return result


def evaluate(text: str, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression in which `names` have these values.

    Raises
    ------
    ProgramError
        If the text is no expression of the language, or has no value.
    """
    tree = _parsed(text)
    if isinstance(tree, ast.FunctionDef):
        raise ProgramError("a function is no expression")
    return _Frame(dict(names)).value(tree)


@cache
def _parsed(text: str) -> ast.expr | ast.FunctionDef:
    if len(text) > LONGEST_TEXT:
        raise ProgramError(f"the text has more than {LONGEST_TEXT} characters")
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ProgramError(f"{text!r} is not in Python's syntax: {error}") from None
    if len(body) == 1 and isinstance(body[0], ast.Expr):
        return body[0].value
    if len(body) == 1 and isinstance(body[0], ast.FunctionDef) and len(body[0].args.args) == 1:
        return body[0]
    raise ProgramError(f"{text!r} is neither an expression nor a function of one argument")


class _Returned(Exception):  # noqa: N818
    def __init__(self, value: Any) -> None:
        self.value = value


_BINARY: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARE: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, values: any(value == each for each in values),
    ast.NotIn: lambda value, values: not any(value == each for each in values),
}
_WORDS: Mapping[str, Callable[..., Any]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "bool": bool,
    "enumerate": enumerate,
    "len": len,
    "list": list,
    "max": max,
    "min": min,
    "range": range,
    "reversed": lambda values: list(values)[::-1],
    "sorted": sorted,
    "sum": sum,
    "zip": zip,
}
_METHODS: Mapping[str, Callable[[list[Any], Any], Any]] = {
    "count": lambda values, value: sum(1 for each in values if each == value),
    "index": lambda values, value: next(i for i, each in enumerate(values) if each == value),
}
_KEYWORDS = {"sorted": {"reverse"}, "max": {"default"}, "min": {"default"}, "zip": {"strict"}}


def _distinct(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not any(value == each for each in found):
            found.append(value)
    return found


@dataclass
class _Frame:
    """The names of a running program, and the number of its steps so far."""

    names: dict[str, Any]
    steps: int = 0
    depth: int = 0

    def value(self, node: ast.expr) -> Any:
        """Return the value of an expression."""
        self.steps += 1
        self.depth += 1
        if self.steps > MOST_STEPS or self.depth > DEEPEST:
            raise ProgramError("the program takes too many steps")
        try:
            value = self._value(node)
        except ProgramError:
            raise
        except (ArithmeticError, LookupError, TypeError, ValueError, StopIteration) as error:
            raise ProgramError(f"{type(error).__name__}: {error}") from None
        self.depth -= 1
        if isinstance(value, list) and len(value) > LONGEST_LIST:
            raise ProgramError(f"a list has more than {LONGEST_LIST} elements")
        if isinstance(value, int) and abs(value) > LARGEST:
            raise ProgramError(f"a number is larger than {LARGEST}")
        return value

    def _value(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool() | int() as value):
                return value
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.List(elts=elements):
                return [each for element in elements for each in self._spread(element)]
            case ast.Tuple(elts=elements):
                return tuple(map(self.value, elements))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return self._binary(op, self.value(left), self.value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.value(operand)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not self.value(operand)
            case ast.BoolOp(op=op, values=parts):
                stop = isinstance(op, ast.Or)
                for part in parts:
                    value = self.value(part)
                    if bool(value) == stop:
                        break
                return value
            case ast.Compare(left=left, ops=ops, comparators=others):
                value = self.value(left)
                for comparison, each in zip(ops, others, strict=True):
                    other, kind = self.value(each), type(comparison)
                    if kind not in _COMPARE or not _COMPARE[kind](value, other):
                        return False
                    value = other
                return True
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.value(test) else orelse)
            case ast.Subscript(value=values, slice=place):
                return self._part(self._sequence(values), place)
            case ast.ListComp(elt=element, generators=generators):
                return list(self._comprehension(element, generators))
            case ast.GeneratorExp(elt=element, generators=generators):
                return list(self._comprehension(element, generators))
            case ast.Call(func=function, args=arguments, keywords=keywords):
                return self._call(function, arguments, keywords)
        what = ast.unparse(node)
        raise ProgramError(f"{type(node).__name__} {what} has no meaning here")

    def _spread(self, node: ast.expr) -> Iterator[Any]:
        if isinstance(node, ast.Starred):
            yield from self._sequence(node.value)
        else:
            yield self.value(node)

    def _binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        if isinstance(left, list) or isinstance(right, list):
            if isinstance(op, ast.Mult):
                longest = len(left) * right if isinstance(left, list) else len(right) * left
                if longest > LONGEST_LIST:
                    raise ProgramError(f"a list has more than {LONGEST_LIST} elements")
            elif not isinstance(op, ast.Add):
                raise ProgramError("lists can be joined and repeated, nothing else")
        return _BINARY[type(op)](left, right)

    def _sequence(self, node: ast.expr) -> list[Any]:
        values = self.value(node)
        if not isinstance(values, list | tuple | range | zip | enumerate):
            raise ProgramError(f"{ast.unparse(node)} is no list")
        return list(itertools.islice(values, LONGEST_LIST + 1))

    def _part(self, values: list[Any], place: ast.expr) -> Any:
        if not isinstance(place, ast.Slice):
            return values[self.value(place)]
        ends = [self.value(end) if end else None for end in (place.lower, place.upper, place.step)]
        return values[slice(*ends)]

    def _comprehension(
        self, element: ast.expr, generators: Sequence[ast.comprehension]
    ) -> Iterator[Any]:
        if not generators:
            yield self.value(element)
            return
        first, *rest = generators
        outer = dict(self.names)
        for value in self._sequence(first.iter):
            self._assign(first.target, value)
            if all(self.value(test) for test in first.ifs):
                yield from self._comprehension(element, rest)
        self.names = outer

    def _call(
        self, function: ast.expr, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> Any:
        match function:
            case ast.Attribute(value=ast.Name(id="dict"), attr="fromkeys") if len(arguments) == 1:
                return _distinct(self._sequence(arguments[0]))
            case ast.Attribute(value=values, attr=name) if name in _METHODS and len(arguments) == 1:
                return _METHODS[name](self._sequence(values), self.value(arguments[0]))
            case ast.Name(id=name) if name in _WORDS:
                named = {word.arg: self.value(word.value) for word in keywords if word.arg}
                if len(named) < len(keywords) or set(named) - _KEYWORDS.get(name, set()):
                    raise ProgramError(f"{name} takes no such arguments here")
                given = [self.value(each) for each in arguments]
                if name == "range" and len(range(*given)) > LONGEST_LIST:
                    raise ProgramError(f"a range has more than {LONGEST_LIST} numbers")
                return _WORDS[name](*given, **named)
        raise ProgramError(f"{ast.unparse(function)} is no function of the language")

    def _assign(self, target: ast.expr, value: Any) -> None:
        match target:
            case ast.Name(id=name):
                self.names[name] = value
            case ast.Tuple(elts=parts):
                for part, each in zip(parts, value, strict=True):
                    self._assign(part, each)
            case _:
                raise ProgramError(f"{ast.unparse(target)} cannot be assigned to")

    def execute(self, body: Sequence[ast.stmt]) -> None:
        """Carry out statements."""
        for statement in body:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    raise _Returned(self.value(value))
                case ast.Assign(targets=[target], value=value):
                    self._assign(target, self.value(value))
                case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if (
                    type(op) in _BINARY and name in self.names
                ):
                    self.names[name] = self._binary(op, self.names[name], self.value(value))
                case ast.For(target=target, iter=values, body=inner, orelse=[]):
                    for each in self._sequence(values):
                        self._assign(target, each)
                        self.execute(inner)
                case ast.If(test=test, body=inner, orelse=orelse):
                    self.execute(inner if self.value(test) else orelse)
                case ast.Expr(value=ast.Constant()) | ast.Pass():
                    pass
                case _:
                    what = type(statement).__name__
                    raise ProgramError(f"a statement of the kind {what} has no meaning here")
