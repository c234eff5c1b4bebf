"""The interface of symbolic execution, for the modules that implement parts of it."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any

from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.surroundings import Names
from dlcompare.synthesis.proofs.symbolic.values import Value

__all__ = ["Evaluator", "Outcome"]

Outcome = tuple[Path, Value]
"""A path, and the value on it."""


class Evaluator(ABC):
    """Evaluates expressions and calls functions, on every path."""

    @abstractmethod
    def apply(
        self,
        function: Value,
        arguments: list[Value],
        path: Path,
        keywords: Mapping[str, Value] | None = None,
    ) -> Iterator[Outcome]:
        """Call a function from within the execution.

        Parameters
        ----------
        function : Value
        arguments : list of Value
            The positional arguments.
        path : Path
        keywords : mapping of str to Value, optional
            The keyword arguments.
        """

    @abstractmethod
    def evaluate(self, node: ast.expr, names: Names, path: Path) -> Iterator[Outcome]:
        """Yield the value of an expression, on every path."""

    @abstractmethod
    def at_once(self, node: ast.expr, names: Names, path: Path) -> Value:
        """Return the value of an expression that cannot split the path, else `MISSING`."""

    @abstractmethod
    def verdicts(self, test: ast.expr, names: Names, path: Path) -> Iterator[Any]:
        """Yield a condition, decided on every path."""

    @abstractmethod
    def counts(self, value: Value, path: Path) -> Iterator[tuple[Path, int]]:
        """Yield the path for each number of iterations that a value can mean."""
