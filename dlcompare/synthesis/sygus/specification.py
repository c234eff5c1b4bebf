"""The constraints of a problem as Python, and their demands on a function at one point.

A problem is *pointwise* if no constraint applies the function to two different lists of operands,
or to its own result. Correctness at one point then does not depend on any other, and a function
can be combined from parts that are right at some points each.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    VARIABLE,
    Definition,
    SygusProblem,
    Term,
    Value,
    expand,
)
from dlcompare.synthesis.sygus.verification import Point

__all__ = ["Demand", "Specification", "executable"]

Arguments = tuple[Value, ...]


def executable(answer: Definition, definitions: Mapping[str, Definition]) -> Callable[..., Value]:
    """Return a definition as a Python function."""
    names = {name: f"v{i}" for i, (name, _) in enumerate(answer.params)}
    body = python_expression(expand(answer.body, definitions), names)
    return compiled(f"lambda {', '.join(names.values())}: {body}")


@dataclass(frozen=True)
class Demand:
    """A demand of one constraint on the function at one list of operands.

    Attributes
    ----------
    arguments : tuple
        The operands.
    holds : callable
        Maps a result to whether the constraint holds.
    wanted : bool, int or str or None
        The only right result, if the constraint states it as an equation.
    """

    arguments: Arguments
    holds: Callable[[Value], bool]
    wanted: Value | None


@dataclass(frozen=True)
class _Constraint:
    holds: Callable[..., bool]
    """From the values of the variables and then the functions."""
    arguments: Callable[..., Arguments] | None
    wanted: Callable[..., Value] | None
    ground: bool


class Specification:
    """The constraints, compiled; of several functions only `holds_at` makes sense."""

    def __init__(self, problem: SygusProblem) -> None:
        self.problem = problem
        self.functions = {f.name: f for f in problem.functions}
        self.names = {name: f"v{i}" for i, (name, _) in enumerate(problem.variables)}
        self.calls = {f.name: f"f{i}" for i, f in enumerate(problem.functions)}
        self.nested = False
        self.pointwise = len(problem.functions) == 1
        self.constraints = [self._compiled(term) for term in problem.constraints]

    def _compiled(self, term: Term) -> _Constraint:
        calls = list(dict.fromkeys(part for part in term.subterms() if part.op in self.functions))
        inner = [arg for call in calls for arg in call.args]
        if any(part.op in self.functions for arg in inner for part in arg.subterms()):
            self.nested = True
        lists = {call.args for call in calls}
        if len(lists) > 1 or self.nested:
            self.pointwise = False
        given = ", ".join(self.names.values())
        names, unknown = self.names, self.calls
        everything = ", ".join([*self.names.values(), *self.calls.values()])
        holds = compiled(f"lambda {everything}: {python_expression(term, names, unknown)}")
        ground = all(part.op != VARIABLE for part in term.subterms())
        arguments = wanted = None
        if self.pointwise and lists:
            operands = [python_expression(arg, names, unknown) for arg in next(iter(lists))]
            arguments = compiled(f"lambda {given}: ({''.join(o + ', ' for o in operands)})")
            result = self._result(term)
            if result is not None:
                wanted = compiled(f"lambda {given}: {python_expression(result, names, unknown)}")
        return _Constraint(holds, arguments, wanted, ground)

    def _result(self, term: Term) -> Term | None:
        """Return the value that an equation gives the call."""
        if term.op in self.functions:
            return Term(CONSTANT, BOOL, value=True)
        if term.op == "not" and term.args[0].op in self.functions:
            return Term(CONSTANT, BOOL, value=False)
        if term.op == "=" and len(term.args) == 2:
            for call, result in (term.args, term.args[::-1]):
                inside = any(part.op in self.functions for part in result.subterms())
                if call.op in self.functions and not inside:
                    return result
        return None

    def _values(self, point: Point) -> list[Value]:
        return [point[name] for name, _ in self.problem.variables]

    def _demand(self, constraint: _Constraint, values: Sequence[Value]) -> Demand | None:
        if constraint.arguments is None:
            return None

        def holds(result: Value) -> bool:
            return bool(constraint.holds(*values, lambda *_: result))

        wanted = constraint.wanted(*values) if constraint.wanted else None
        return Demand(constraint.arguments(*values), holds, wanted)

    def ground_demands(self) -> Iterator[Demand]:
        """Yield the demands of constraints without variables (pointwise problems only)."""
        anything = self._values(self.first_point())
        for constraint in self.constraints:
            if constraint.ground:
                demand = self._demand(constraint, anything)
                if demand is not None:
                    yield demand

    def demands_at(self, point: Point) -> Iterator[Demand]:
        """Yield the demands of constraints with variables at a point (pointwise problems only)."""
        values = self._values(point)
        for constraint in self.constraints:
            if not constraint.ground:
                demand = self._demand(constraint, values)
                if demand is not None:
                    yield demand

    def holds_at(self, point: Point, functions: Sequence[Callable[..., Any]]) -> bool:
        """Return whether all constraints hold at a point."""
        values = self._values(point)
        return all(constraint.holds(*values, *functions) for constraint in self.constraints)

    def first_point(self) -> Point:
        """Return a point to start from."""
        zero: dict[str, Value] = {"Bool": False, "String": "", "Int": 0, "BitVec": 0}
        return {name: zero[sort.name] for name, sort in self.problem.variables}
