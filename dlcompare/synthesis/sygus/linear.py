"""Linear integer terms in normal form, and the literals that make a formula true in one model."""

import itertools
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    VARIABLE,
    Term,
    Value,
    constant,
)

__all__ = ["LinearTerm", "Literal", "Model", "NotLinearError", "implicant", "value_of"]

Model = Mapping[str, Value]

_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class NotLinearError(Exception):
    """A term that this method does not handle."""


@dataclass(frozen=True)
class LinearTerm:
    """A sum of coefficients times terms (variables, mostly) and a constant."""

    coefficients: Mapping[Term, int]
    offset: int

    def plus(self, other: "LinearTerm", times: int = 1) -> "LinearTerm":
        """Return the sum with a multiple of another term."""
        sums = dict(self.coefficients)
        for term, coefficient in other.coefficients.items():
            sums[term] = sums.get(term, 0) + times * coefficient
        kept = {term: c for term, c in sums.items() if c}
        return LinearTerm(kept, self.offset + times * other.offset)

    def without(self, term: Term) -> "LinearTerm":
        """Return the sum without one of its terms."""
        kept = {other: c for other, c in self.coefficients.items() if other != term}
        return LinearTerm(kept, self.offset)

    def times(self, factor: int) -> "LinearTerm":
        """Return the product with an integer."""
        return LinearTerm({}, 0).plus(self, factor)

    def value(self, model: Model) -> int:
        """Return the value under a model."""
        return self.offset + sum(
            c * int(value_of(term, model)) for term, c in self.coefficients.items()
        )

    def term(self) -> Term:
        """Return as an SMT-LIB term with binary operators."""
        positive = [(t, c) for t, c in self.coefficients.items() if c > 0]
        negative = [(t, -c) for t, c in self.coefficients.items() if c < 0]
        result: Term | None = None
        for part, c in positive:
            product = _product(part, c)
            result = product if result is None else Term("+", INT, (result, product))
        if result is None or self.offset > 0:
            offset = constant(self.offset, INT)
            result = offset if result is None else Term("+", INT, (result, offset))
        for part, c in negative:
            result = Term("-", INT, (result, _product(part, c)))
        if self.offset < 0 and positive:
            result = Term("-", INT, (result, constant(-self.offset, INT)))
        return result


def _product(term: Term, factor: int) -> Term:
    return term if factor == 1 else Term("*", INT, (constant(factor, INT), term))


class Literal(NamedTuple):
    """``expression = 0`` if `equal`, else ``expression <= 0``."""

    expression: LinearTerm
    equal: bool


def value_of(term: Term, model: Model) -> Value:
    """Return the value of a term of the linear fragment, ``div`` and ``mod`` among it."""
    if term.op == CONSTANT:
        return term.value
    if term.op == VARIABLE:
        return model[str(term.value)]
    if term.op == "ite":
        return value_of(term.args[1 if value_of(term.args[0], model) else 2], model)
    args = [value_of(arg, model) for arg in term.args]
    numbers = [int(arg) for arg in args if not isinstance(arg, str)]
    op, pairs = term.op, list(itertools.pairwise(numbers))
    if op in ("and", "or"):
        return all(args) if op == "and" else any(args)
    if op == "not":
        return not args[0]
    if op == "=>":
        return bool(args[-1]) or not all(args[:-1])
    if op == "xor":
        return sum(numbers) % 2 == 1
    if op == "=":
        return all(x == y for x, y in pairs)
    if op == "distinct":
        return len(set(args)) == len(args)
    if op in _COMPARE:
        return all(_COMPARE[op](x, y) for x, y in pairs)
    if op == "+":
        return sum(numbers)
    if op == "-":
        return -numbers[0] if len(numbers) == 1 else numbers[0] - sum(numbers[1:])
    if op == "*":
        product = 1
        for number in numbers:
            product *= number
        return product
    if op in ("div", "mod") and numbers[1] != 0:
        quotient = numbers[0] // abs(numbers[1]) * (1 if numbers[1] > 0 else -1)
        return quotient if op == "div" else numbers[0] % abs(numbers[1])
    if op == "abs":
        return abs(numbers[0])
    raise NotLinearError(op)


class _Collector:
    def __init__(self, model: Model, outputs: frozenset[str]) -> None:
        self.model, self.outputs = model, outputs
        self.literals: dict[tuple[frozenset[tuple[Term, int]], int, bool], Literal] = {}

    def mentions(self, term: Term) -> bool:
        return any(p.op == VARIABLE and p.value in self.outputs for p in term.subterms())

    def linear(self, term: Term) -> LinearTerm:
        if term.op == CONSTANT:
            return LinearTerm({}, int(term.value))
        if term.op == "ite" and self.mentions(term):
            taken = bool(value_of(term.args[0], self.model))
            self.formula(term.args[0], taken)
            return self.linear(term.args[1 if taken else 2])
        if term.op == "+":
            total = LinearTerm({}, 0)
            for arg in term.args:
                total = total.plus(self.linear(arg))
            return total
        if term.op == "-":
            first, *rest = [self.linear(arg) for arg in term.args]
            if not rest:
                return first.times(-1)
            for other in rest:
                first = first.plus(other, -1)
            return first
        if term.op == "*":
            parts = [self.linear(arg) for arg in term.args]
            varying = [part for part in parts if part.coefficients]
            factor = 1
            for part in parts:
                factor *= 1 if part.coefficients else part.offset
            if len(varying) <= 1:
                return (varying[0] if varying else LinearTerm({}, 1)).times(factor)
        if term.op == VARIABLE or not self.mentions(term):
            return LinearTerm({term: 1}, 0)
        raise NotLinearError(term.op)

    def add(self, expression: LinearTerm, equal: bool) -> None:
        key = (frozenset(expression.coefficients.items()), expression.offset, equal)
        self.literals.setdefault(key, Literal(expression, equal))

    def formula(self, term: Term, truth: bool) -> None:
        """Collect literals that hold in the model and make the formula have this truth value."""
        if not self.mentions(term):
            return  # it has that value at this input already
        op, args = term.op, term.args
        if op == "not":
            self.formula(args[0], not truth)
        elif op in ("and", "or", "=>"):
            parts = [(arg, op == "=>" and i < len(args) - 1) for i, arg in enumerate(args)]
            conjunction = op == "and"
            if truth == conjunction:
                for arg, negated in parts:
                    self.formula(arg, truth != negated)
            else:
                decisive = [
                    (arg, truth != negated)
                    for arg, negated in parts
                    if bool(value_of(arg, self.model)) == (truth != negated)
                ]
                # A part without outputs costs nothing; otherwise take the first.
                free = [arg for arg, _ in decisive if not self.mentions(arg)]
                if not free:
                    self.formula(*decisive[0])
        elif op == "ite":
            taken = bool(value_of(args[0], self.model))
            self.formula(args[0], taken)
            self.formula(args[1 if taken else 2], truth)
        elif op in ("=", "xor", "distinct") and args[0].sort == BOOL:
            for arg in args:
                self.formula(arg, bool(value_of(arg, self.model)))
        elif op in ("=", "distinct", "<", "<=", ">", ">="):
            self.comparison(op, args, truth)
        elif op == VARIABLE:
            return  # a Boolean output takes its value in the model
        else:
            raise NotLinearError(op)

    def comparison(self, op: str, args: tuple[Term, ...], truth: bool) -> None:
        if len(args) != 2:
            raise NotLinearError(op)
        difference = self.linear(args[0]).plus(self.linear(args[1]), -1)
        if op in (">", ">="):
            difference, op = difference.times(-1), {">": "<", ">=": "<="}[op]
        if op in ("=", "distinct"):
            if truth == (op == "="):
                self.add(difference, True)
            else:
                below = difference.value(self.model) < 0
                self.add((difference if below else difference.times(-1)).plus(_ONE), False)
        elif truth:
            self.add(difference.plus(_ONE) if op == "<" else difference, False)
        else:
            flipped = difference.times(-1)
            self.add(flipped if op == "<" else flipped.plus(_ONE), False)


_ONE = LinearTerm({}, 1)


def implicant(formula: Term, model: Model, outputs: frozenset[str]) -> list[Literal]:
    """Return linear literals over the outputs, true in the model, that imply the formula.

    Raises
    ------
    NotLinearError
        If an output occurs in a term that is not linear.
    """
    collector = _Collector(model, outputs)
    collector.formula(formula, True)
    return list(collector.literals.values())
