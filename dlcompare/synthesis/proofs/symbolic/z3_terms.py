"""Symbolic values as z3 terms, and models of assumptions."""

from collections.abc import Iterable
from typing import Any

import z3

from dlcompare.synthesis.proofs.symbolic.symbols import (
    And,
    Atom,
    Bool,
    Either,
    Integer,
    IsNegative,
    IsZero,
    Linear,
    Not,
    TruthVariable,
)

__all__ = ["Terms"]


class Terms:
    """A translator into z3 terms, which translates each atom once."""

    def __init__(self) -> None:
        self._atoms: dict[Atom, Any] = {}
        self._conditions: dict[Any, Any] = {}

    def integer(self, value: Integer) -> Any:
        """Return an integer term."""
        if isinstance(value, int):
            return z3.IntVal(value)
        return self._sum(value) + value.constant if value.constant else self._sum(value)

    def truth(self, value: Bool) -> Any:
        """Return a Boolean term."""
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if value not in self._conditions:
            self._conditions[value] = self._condition(value)
        return self._conditions[value]

    def model(self, conditions: Iterable[Bool], milliseconds: int) -> Any:
        """Return a model that meets all conditions; None if there is none.

        Raises
        ------
        z3.Z3Exception
            If z3 does not decide in time; the message is z3's reason.
        """
        solver = z3.Solver()
        solver.set("timeout", max(1, milliseconds))
        solver.add(*map(self.truth, conditions))
        verdict = solver.check()
        if verdict == z3.unknown:
            raise z3.Z3Exception(solver.reason_unknown())
        return solver.model() if verdict == z3.sat else None

    def _sum(self, form: Linear) -> Any:
        parts = [c * self._atom(a) if c != 1 else self._atom(a) for a, c in form.terms]
        return z3.Sum(*parts) if parts[1:] else parts[0]

    def _atom(self, atom: Atom) -> Any:
        if atom not in self._atoms:
            self._atoms[atom] = self._made(atom)
        return self._atoms[atom]

    def _made(self, atom: Atom) -> Any:
        parts: Any = atom.parts
        match atom.kind:
            case "variable":
                return z3.Int(parts[0])
            case "choice":
                return z3.If(self.truth(parts[0]), self.integer(parts[1]), self.integer(parts[2]))
            case "product":
                return self.integer(parts[0]) * self.integer(parts[1])
            case "quotient":
                return self.integer(parts[0]) / self.integer(parts[1])
            case _:
                return self.integer(parts[0]) % self.integer(parts[1])

    def _condition(self, value: Any) -> Any:
        match value:
            case IsNegative(form):
                return self._sum(form) < -form.constant
            case IsZero(form):
                return self._sum(form) == -form.constant
            case TruthVariable(name):
                return z3.Bool(name)
            case Not(condition):
                return z3.Not(self.truth(condition))
            case And(conditions):
                return z3.And(*map(self.truth, conditions))
            case Either(groups):
                return z3.Or(*(z3.And(*map(self.truth, group)) for group in groups))
