"""Symbolic execution of Python functions: printed programs, specifications, references.

A function runs on values of known shape with unknown numbers. Where the shape of the next value
depends on a number (a filter keeps it, a branch returns), the execution splits into two paths;
elsewhere it stays on one path and the value is conditional. The Python of a primitive, which
defines its semantics, thus also determines its logical interpretation.

The outcome is a list of pairs, a path and the value on it. The paths are disjoint and together
cover all inputs, except those cut off because a loop exceeds its limit. Any behaviour of Python
without an exact model raises `UnsupportedError`.
"""

import ast
import functools
import time
from collections.abc import Iterator, Mapping
from types import FunctionType, MethodDescriptorType
from typing import Any

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.proofs.source import definition_of
from dlcompare.synthesis.proofs.symbolic import texts
from dlcompare.synthesis.proofs.symbolic.arguments import bound_arguments, default_values
from dlcompare.synthesis.proofs.symbolic.builtins import BUILTINS, KEYED
from dlcompare.synthesis.proofs.symbolic.comparisons import natively
from dlcompare.synthesis.proofs.symbolic.evaluation import unexpected
from dlcompare.synthesis.proofs.symbolic.interface import Outcome
from dlcompare.synthesis.proofs.symbolic.name_analysis import bound_in, is_generator
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.statements import Statements
from dlcompare.synthesis.proofs.symbolic.surroundings import CallScope, Names, Surroundings
from dlcompare.synthesis.proofs.symbolic.values import (
    Closure,
    Raised,
    UnsupportedError,
    Value,
    codes,
    is_text,
    symbolic,
)

__all__ = ["Closure", "Execution", "Outcome"]

DEEPEST = 60
"""The most nested calls."""


class Execution(Statements):
    """Runs functions on symbolic values.

    Parameters
    ----------
    rounds : int
        The most iterations of a loop whose number of iterations is unknown.
    deadline : float
        The `time.monotonic`, in seconds, at which the execution stops.

    Attributes
    ----------
    ended : int
        Paths on which an outer call returned a value or raised an exception.
    cut : int
        Paths given up because a loop exceeded its limit.
    """

    def call(self, function: Value, arguments: list[Value], path: Path) -> Iterator[Outcome]:
        """Make an outer call of a function, and count the paths on which it ends.

        Parameters
        ----------
        function : callable or Closure
        arguments : list of values
            Symbolic or not.
        path : Path
            The assumptions about the arguments.

        Yields
        ------
        tuple of Path and value
            The path, and the value or exception (`Raised`) on it.

        Raises
        ------
        UnsupportedError
            If the function has no exact model; the message names the construct and its line.
        OutOfTimeError
            If the deadline passes.
        """
        outcomes = self.apply(function, arguments, path)
        while True:
            try:
                outcome = next(outcomes)
            except StopIteration:
                return
            except (UnsupportedError, OutOfTimeError):
                raise
            except RecursionError:
                raise UnsupportedError("it is nested too deeply") from None
            except Exception as error:
                raise unexpected() from error
            self.ended += 1
            yield outcome

    def apply(
        self,
        function: Value,
        arguments: list[Value],
        path: Path,
        keywords: Mapping[str, Value] | None = None,
    ) -> Iterator[Outcome]:
        """Call a function from within the execution."""
        if time.monotonic() > self.deadline:
            raise OutOfTimeError
        named = dict(keywords or {})
        if isinstance(function, functools._lru_cache_wrapper):
            function = function.__wrapped__
        if isinstance(function, Closure):
            if isinstance(function.node, ast.FunctionDef) and function.node.decorator_list:
                raise UnsupportedError(f"the decorator of {function.node.name} is not covered")
            yield from self._enter(
                function.node, function.names, function.defaults, arguments, named, path
            )
        elif isinstance(function, FunctionType):
            node = definition_of(function)
            if node is None:
                raise UnsupportedError(f"the source of {function.__name__} cannot be found")
            outer = Surroundings(function)
            defaults = {name: symbolic(value) for name, value in default_values(function).items()}
            yield from self._enter(node, outer, defaults, arguments, named, path)
        elif _is_known(function, KEYED) and named:
            yield from KEYED[function](self, path, arguments, **named)
        elif named:
            raise UnsupportedError("keywords in this call are not covered")
        elif _is_known(function, BUILTINS):
            yield from BUILTINS[function](self, path, arguments)
        elif _is_text_method(function, arguments):
            yield from texts.called(function.__name__, path, arguments)
        else:
            yield path, natively(function, arguments)

    def _enter(
        self,
        node: ast.Lambda | ast.FunctionDef,
        outer: Names,
        defaults: Mapping[str, Value],
        arguments: list[Value],
        named: dict[str, Value],
        path: Path,
    ) -> Iterator[Outcome]:
        if is_generator(node):
            name = getattr(node, "name", "lambda")
            refused = UnsupportedError("a function that yields is not covered")
            raise refused.at(node.lineno, f"def {name}")
        names = bound_arguments(node, defaults, arguments, named)
        if isinstance(names, Raised):
            yield path, names
            return
        scope = CallScope(names, outer, bound_in(node))
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnsupportedError("the recursion is too deep")
        try:
            if isinstance(node, ast.Lambda):
                scope.after(node.body)  # an iterator can be read once
                yield from self.evaluate(node.body, scope, path)
                return
            for after, _, leaving in self.block(node.body, scope, path):
                yield after, None if leaving is None else leaving.value
        finally:
            self._depth -= 1


def _is_known(function: Value, table: Mapping[Any, Any]) -> bool:
    try:
        return function in table
    except TypeError:
        return False


def _is_text_method(function: Value, arguments: list[Value]) -> bool:
    """Return whether it is a method such as ``str.upper``, called with a text argument."""
    if not isinstance(function, MethodDescriptorType) or function.__objclass__ is not str:
        return False
    return bool(arguments) and is_text(arguments[0]) and codes(arguments[0]) is not None
