"""Recognition of sorting programs and of specifications of sorting, exact or refused.

Induction decomposes a function by its form, so anything outside the form would be lost. Every
statement is therefore accounted for, every name is resolved to the object that Python finds, and
only a few kinds of expressions on elements are accepted. Anything else is refused with its line.
"""

import ast
import builtins
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import SCALAR
from dlcompare.synthesis.proofs.laws import Applied, FilterCondition, applications
from dlcompare.synthesis.proofs.source import Definition, definition_of
from dlcompare.synthesis.proofs.symbolic.execution import Closure, Execution
from dlcompare.synthesis.proofs.symbolic.paths import EMPTY
from dlcompare.synthesis.proofs.symbolic.symbols import Bool, Integer, all_of, atom
from dlcompare.synthesis.proofs.symbolic.values import Raised, UnsupportedError, truth, whole
from dlcompare.tasks.types import INT, Type

__all__ = ["MET", "Item", "Kept", "Loop", "Parts", "loop_of", "neighbours_of"]

MET = atom("variable", "element x")
"""The current element of the loop."""

PAIRWISE = itertools.pairwise


@dataclass(frozen=True)
class Kept:
    """The elements of the accumulator for which a condition holds."""

    condition: Callable[[Integer], Bool]


@dataclass(frozen=True)
class Item:
    """One element, present if a condition holds."""

    value: Integer
    condition: Bool


Parts = list[Kept | Item]


@dataclass(frozen=True)
class Loop:
    """A program that rebuilds its list for each element.

    Attributes
    ----------
    starts_with_all : bool
        Whether the accumulator starts as the input rather than as the empty list.
    parts : list
        The parts of the list that one iteration builds.
    """

    starts_with_all: bool
    parts: Parts


@dataclass(frozen=True)
class _Surroundings:
    """The bindings of the names in a function.

    Attributes
    ----------
    local : frozenset of str
        The names that the function binds.
    outer : callable
        Resolves any other name as Python does; raises `KeyError` if there is none.
    numbers : bool
        Whether elements are integers; other elements can only be compared.
    """

    local: frozenset[str]
    outer: Callable[[str], object]
    numbers: bool

    def is_(self, node: ast.expr, wanted: object) -> bool:
        """Return whether an expression names this object, by identity."""
        match node:
            case ast.Name(name) if name not in self.local:
                try:
                    return self.outer(name) is wanted
                except KeyError:
                    return False
            case ast.Attribute(module, name):
                return self.is_(module, itertools) and vars(itertools).get(name) is wanted
        return False

    def is_plain(self, node: ast.expr, names: set[str]) -> bool:
        """Return whether an expression on elements of these names is of an accepted kind."""
        match node:
            case ast.Compare(left, operators, others):
                known = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE)
                sides = [left, *others]
                return all(isinstance(each, known) for each in operators) and all(
                    self.is_number(each, names) for each in sides
                )
            case ast.BoolOp(_, parts):
                return all(self.is_plain(part, names) for part in parts)
            case ast.UnaryOp(ast.Not(), inner):
                return self.is_plain(inner, names)
            case ast.Constant(value):
                return isinstance(value, bool)
        return False

    def is_number(self, node: ast.expr, names: set[str]) -> bool:
        """Return whether an expression is an element, or a number computed from elements."""
        match node:
            case ast.Name(name):
                return name in names
            case _ if not self.numbers:
                return False
            case ast.Constant(value):
                return type(value) is int
            case ast.UnaryOp(ast.USub() | ast.UAdd(), inner):
                return self.is_number(inner, names)
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult(), right):
                return self.is_number(left, names) and self.is_number(right, names)
            case ast.BinOp(left, ast.FloorDiv() | ast.Mod(), ast.Constant(value)):
                return type(value) is int and value > 0 and self.is_number(left, names)
            case ast.Call(function, [inner], []):
                return self.is_(function, abs) and self.is_number(inner, names)
        return False


def neighbours_of(
    ensures: Callable[..., object], element: Type = INT
) -> Callable[[Integer, Integer], Bool]:
    """Return the relation that a specification of sorting demands of neighbours.

    Raises
    ------
    UnsupportedError
        Unless the specification is exactly this: neighbours are in a relation, and the result is
        a permutation of the input.
    """
    if not isinstance(ensures, FunctionType):
        raise UnsupportedError("the specification is not a Python function")
    node = definition_of(ensures)
    if node is None:
        raise UnsupportedError("the source of the specification cannot be found")
    xs, result = _parameters(node, 2, "the specification")
    if ensures.__defaults__ or ensures.__kwdefaults__:
        raise UnsupportedError("the specification has default arguments")
    conditions = _conjuncts(node)
    code = ensures.__code__
    names = _Surroundings(
        frozenset((*code.co_varnames, *code.co_cellvars)), _outer(ensures), element == INT
    )
    if len(conditions) != 2 or not _is_permutation(conditions[1], xs, result, names):
        raise UnsupportedError("the specification does not ask for an order and a permutation")
    match conditions[0]:
        case ast.Call(
            function,
            [
                ast.GeneratorExp(
                    relation,
                    [
                        ast.comprehension(
                            ast.Tuple([ast.Name(first), ast.Name(second)]),
                            ast.Call(pairs, [ast.Name(given)], []),
                            [],
                            0,
                        )
                    ],
                )
            ],
            [],
        ) if (
            names.is_(function, all)
            and names.is_(pairs, PAIRWISE)
            and given == result
            and first != second
        ):
            inner = _Surroundings(names.local | {first, second}, names.outer, names.numbers)
            if not inner.is_plain(relation, {first, second}):
                raise _refusal(relation, "the relation of the specification")
            return lambda a, b: _truth(relation, {first: a, second: b})
    raise _refusal(conditions[0], "the condition of the specification")


def _outer(function: FunctionType) -> Callable[[str], object]:
    """Return the look-up of names that a function does not bind, by Python's rules."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))

    def found(name: str) -> object:
        if name in cells:
            try:
                return cells[name].cell_contents
            except ValueError:  # not bound yet
                raise KeyError(name) from None
        known = function.__globals__
        return known[name] if name in known else vars(builtins)[name]

    return found


def _parameters(node: Definition, count: int, what: str) -> list[str]:
    """Return the names of exactly `count` plain parameters."""
    given = node.args
    more = given.kwonlyargs or given.vararg or given.kwarg or given.defaults
    names = [each.arg for each in (*given.posonlyargs, *given.args)]
    if more or len(names) != count or (isinstance(node, ast.FunctionDef) and node.decorator_list):
        raise UnsupportedError(f"{what} is decorated, or has other parameters than {count}")
    return names


def _body(node: ast.FunctionDef) -> list[ast.stmt]:
    """Return the statements of a function without its docstring."""
    documented = ast.get_docstring(node, clean=False) is not None
    return node.body[1:] if documented else node.body


def _conjuncts(node: Definition) -> list[ast.expr]:
    """Return the conjuncts of a specification, with local names replaced by their values.

    Every statement before the ``return`` must assign a value that it uses.
    """
    names: dict[str, ast.expr] = {}
    if isinstance(node, ast.Lambda):
        wanted: ast.expr | None = node.body
    else:
        parameters = {each.arg for each in (*node.args.posonlyargs, *node.args.args)}
        statements = _body(node)
        if not statements:
            raise UnsupportedError("the specification returns nothing")
        *before, last = statements
        for statement in before:
            match statement:
                case ast.Assign([ast.Name(name)], value) if name not in {*names, *parameters}:
                    names[name] = value
                case _:
                    raise _refusal(statement, "the statement in the specification")
        if not isinstance(last, ast.Return):
            raise _refusal(last, "the statement in the specification")
        wanted = last.value
    if not isinstance(wanted, ast.BoolOp) or not isinstance(wanted.op, ast.And):
        raise UnsupportedError("the specification does not return `… and …`")
    used = [part.id for part in wanted.values if isinstance(part, ast.Name)]
    if sorted(used) != sorted(names):
        raise UnsupportedError("the specification has a name that is not used, or not its own")
    return [names[part.id] if isinstance(part, ast.Name) else part for part in wanted.values]


def _is_permutation(node: ast.expr, xs: str, result: str, names: _Surroundings) -> bool:
    """Return whether it is ``all(result.count(x) == xs.count(x) for x in [*xs, *result])``."""
    match node:
        case ast.Call(
            function,
            [ast.GeneratorExp(_, [ast.comprehension(ast.Name(x), _, [], 0)])],
            [],
        ):
            form = f"({result}.count({x}) == {xs}.count({x}) for {x} in [*{xs}, *{result}])"
            wanted = ast.parse(form, mode="eval").body
            same = ast.dump(node.args[0]) == ast.dump(wanted)
            return same and names.is_(function, all) and x not in (xs, result)
    return False


def loop_of(program: Closure, element: Type = INT) -> Loop:
    """Read a program of the form ``acc = …; for x in xs: acc = …; return acc``.

    Raises
    ------
    UnsupportedError
        If it is of another form.
    """
    node = program.node
    if not isinstance(node, ast.FunctionDef):
        raise UnsupportedError("the program is not a function with a body")
    (xs,) = _parameters(node, 1, "the program")
    match _body(node):
        case [
            ast.Assign([ast.Name(acc)], start),
            ast.For(ast.Name(x), source, [ast.Assign([ast.Name(end)], body)], []),
            ast.Return(ast.Name(returned)),
        ] if acc == end == returned and len({xs, acc, x}) == 3:
            names = _Surroundings(
                frozenset((xs, acc, x)), program.names.__getitem__, element == INT
            )
            if _is_through(source, xs, names):
                begin = ast.unparse(start)
                if begin in ("[]", xs):
                    return Loop(begin == xs, _parts(body, acc, x, names))
    raise UnsupportedError("the program is not a fold of its list into a list")


def _is_through(source: ast.expr, xs: str, names: _Surroundings) -> bool:
    """Return whether a loop over `source` meets every element of the list once."""
    match source:
        case ast.Name(name):
            return name == xs
        case ast.Call(function, [ast.Name(name)], []):
            return name == xs and names.is_(function, reversed)
    return False


def _parts(node: ast.expr, acc: str, x: str, names: _Surroundings) -> Parts:
    match node:
        case ast.Name(name) if name == acc:
            return [Kept(lambda _: True)]
        case ast.List(elements):
            return [_item(each, x, names) for each in elements]
    for applied in applications(node):
        try:
            return [
                part
                for each in applied.primitive.elements or ()
                for part in _elements(each, applied, acc, x, names)
            ]
        except UnsupportedError:
            continue
    raise _refusal(node, "the list")


def _item(node: ast.expr, x: str, names: _Surroundings) -> Item:
    if not names.is_number(node, {x}):
        raise _refusal(node, "the element")
    return Item(whole(_value(node, {x: MET})), True)


def _elements(
    element: str, applied: Applied, acc: str, x: str, names: _Surroundings
) -> Iterator[Kept | Item]:
    """Yield one part of a primitive's declared elements."""
    source, _, test = element.partition(" if ")
    node = applied.arguments[source]
    assert isinstance(node, ast.expr)
    if dict(applied.primitive.parameters)[source] == SCALAR:
        yield _item(node, x, names)
        return
    parts = _parts(node, acc, x, names)
    if not test:
        yield from parts
        return
    condition = applied.arguments[test]
    assert isinstance(condition, FilterCondition)
    y, body = condition.parameter, condition.body
    inner = _Surroundings(names.local | {y}, names.outer, names.numbers)
    if not inner.is_plain(body, {x, y}):
        raise _refusal(body, "the condition")

    def holds(value: Integer) -> Bool:
        return _truth(body, {x: MET, y: value})

    yield from (_filtered(part, holds) for part in parts)


def _filtered(part: Kept | Item, holds: Callable[[Integer], Bool]) -> Kept | Item:
    if isinstance(part, Item):
        return Item(part.value, all_of([part.condition, holds(part.value)]))
    condition = part.condition
    return Kept(lambda value: all_of([condition(value), holds(value)]))


def _value(node: ast.expr, names: Mapping[str, Integer]) -> Any:
    run = Execution(0, time.monotonic() + 10)
    found = list(run.evaluate(node, {**vars(builtins), **names}, EMPTY))
    if len(found) != 1 or isinstance(found[0][1], Raised):
        raise _refusal(node, "the value")
    return found[0][1]


def _truth(node: ast.expr, names: Mapping[str, Integer]) -> Bool:
    return truth(_value(node, names))


def _refusal(node: ast.AST, what: str) -> UnsupportedError:
    line = getattr(node, "lineno", None)
    where = f" (line {line})" if line else ""
    text = ast.unparse(node).splitlines()[0][:40]
    return UnsupportedError(f"{what} `{text}`{where} is not read by induction")
