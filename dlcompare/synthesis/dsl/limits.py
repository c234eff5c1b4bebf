"""Printed Python as functions with limits on loops, sequences and integers."""

import ast
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, cast

from dlcompare.tasks.types import Value

__all__ = ["MAX_BITS", "MAX_ROUNDS", "OutOfTimeError", "StepLimitError", "function_of"]

MAX_ROUNDS = 10_000_000
"""The most loop iterations of a program, and the most elements of a sequence.

A program that needs more has no result.
"""

MAX_BITS = 1_000_000
"""The most bits of an integer that a program may make."""


class OutOfTimeError(Exception):
    """The time limit of a search or a proof is reached."""


class StepLimitError(RuntimeError):
    """A program loops too often, or makes too large a value."""


def function_of(
    python: str, name: str, bits: int = MAX_BITS, rounds: int = MAX_ROUNDS
) -> Callable[..., Value]:
    """Return the function that `python` defines, with limits on loops and on value sizes.

    Parameters
    ----------
    python : str
        Source of the function.
    name : str
        The name of the function.
    bits : int
        The most bits of an integer that it may make.
    rounds : int
        The most rounds of a loop that ends by a condition.
    """
    tree = ast.fix_missing_locations(_Guarded().visit(ast.parse(python)))
    namespace: dict[str, Any] = {"range": _range, _ROUNDS: _counter(rounds), **_guards(bits)}
    exec(compile(tree, f"<{name}>", "exec"), namespace)
    return cast(Callable[..., Value], namespace[name])


def _guards(bits: int) -> dict[str, Callable[..., Value]]:
    """Return guards for the operators whose results may be huge; each checks the size first."""

    too_large = f"an integer would have more than {bits} bits"
    too_long = f"a sequence would have more than {MAX_ROUNDS} elements"

    def total(a: Value, b: Value) -> Value:
        if not isinstance(a, int) and len(a) + len(b) > MAX_ROUNDS:
            raise StepLimitError(too_long)
        return a + b

    def product(a: Value, b: Value) -> Value:
        if isinstance(a, int):
            if a.bit_length() + b.bit_length() > bits:
                raise StepLimitError(too_large)
        elif len(a) * b > MAX_ROUNDS:
            raise StepLimitError(too_long)
        return a * b

    def power(a: int, b: int) -> int:
        if a.bit_length() * b > bits:
            raise StepLimitError(too_large)
        return cast(int, a**b)

    def collected(values: Iterable[Value]) -> list[Value]:
        found = list(islice(values, MAX_ROUNDS + 1))
        if len(found) > MAX_ROUNDS:
            raise StepLimitError(too_long)
        return found

    guards = dict(zip(_GUARDED.values(), (total, product, power), strict=True))
    return {**guards, _COLLECTED: collected}


_GUARDED = {ast.Add: "+", ast.Mult: "*", ast.Pow: "**"}
"""The names of the guards, which are no identifiers, so that no program can bind them."""


_COLLECTED = "[]"
"""The name of the guard of comprehensions over more than one list, which may be huge."""

_ROUNDS = "while"
"""The name of the function that begins to count the rounds of a loop, which is no identifier."""


def _counter(most: int) -> Callable[[], Callable[[], None]]:
    """Return a function that begins to count rounds; the function it returns counts one."""

    def begin() -> Callable[[], None]:
        rounds = iter(range(most))

        def count() -> None:
            if next(rounds, None) is None:
                raise StepLimitError(f"a loop would have more than {most} rounds")

        return count

    return begin


class _Guarded(ast.NodeTransformer):
    """Replaces operators by calls of their guards, and counts the rounds of loops."""

    def __init__(self) -> None:
        self.loops = 0

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        self.loops += 1
        counter = f"{_ROUNDS} {self.loops}"
        node = cast(ast.While, self.generic_visit(node))
        begin = ast.Call(ast.Name(_ROUNDS, ast.Load()), [], [])
        count = ast.Expr(ast.Call(ast.Name(counter, ast.Load()), [], []))
        return [
            ast.Assign([ast.Name(counter, ast.Store())], begin),
            ast.While(node.test, [count, *node.body], node.orelse),
        ]

    def visit_ListComp(self, node: ast.ListComp) -> ast.expr:
        node = cast(ast.ListComp, self.generic_visit(node))
        if len(node.generators) < 2:
            return node
        values = ast.GeneratorExp(node.elt, node.generators)
        return ast.Call(ast.Name(_COLLECTED, ast.Load()), [values], [])

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        node = cast(ast.BinOp, self.generic_visit(node))
        guard = _GUARDED.get(type(node.op))
        if guard is None:
            return node
        return ast.Call(ast.Name(guard, ast.Load()), [node.left, node.right], [])


def _range(*bounds: int) -> range:
    rounds = range(*bounds)
    if bounds[-1] - (bounds[0] if len(bounds) > 1 else 0) > MAX_ROUNDS:
        raise StepLimitError(f"{rounds} has more than {MAX_ROUNDS} rounds")
    return rounds
