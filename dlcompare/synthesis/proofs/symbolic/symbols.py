"""Symbolic integers and truth values, in a normal form that decides most comparisons at once.

An integer is a linear form over atoms: variables and nonlinear terms. A truth value is a comparison
of a linear form with zero, or a combination of such comparisons. Known numbers and truth values are
Python's own. Equal symbolic values are the same object, so that comparing them is cheap.
Nothing here loads z3; `dlcompare.synthesis.proofs.symbolic.z3_terms` turns both into z3
terms.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = [
    "And",
    "Atom",
    "Bool",
    "Condition",
    "Either",
    "Integer",
    "IsNegative",
    "IsZero",
    "Linear",
    "Not",
    "TruthVariable",
    "all_of",
    "any_of",
    "atom",
    "choose",
    "equal",
    "indicator",
    "less",
    "negation",
    "plus",
    "times",
    "total",
    "truth_variable",
]


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """An atom of a linear form: ``variable``, ``choice``, ``product``, ``quotient``, ``rest``.

    Attributes
    ----------
    kind : str
    parts : tuple
        The name of a variable; the condition and the two integers of a choice; otherwise the two
        operands. A quotient and its remainder have a positive divisor.
    number : int
        A serial number, which orders atoms.
    """

    kind: str
    parts: tuple[object, ...]
    number: int


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """``constant + Σ coefficient · atom``; at least one atom, coefficients not zero."""

    constant: int
    terms: tuple[tuple[Atom, int], ...]


Integer = int | Linear


@dataclass(frozen=True, slots=True, eq=False)
class IsNegative:
    """The form is below zero."""

    form: Linear


@dataclass(frozen=True, slots=True, eq=False)
class IsZero:
    """The form is zero."""

    form: Linear


@dataclass(frozen=True, slots=True, eq=False)
class TruthVariable:
    """A Boolean input."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """The condition does not hold."""

    condition: "IsZero | And | TruthVariable | Either"


@dataclass(frozen=True, slots=True, eq=False)
class And:
    """All of the conditions hold; at least two."""

    conditions: "frozenset[Condition]"


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """All conditions of one of the groups hold; made where paths meet again."""

    groups: "tuple[tuple[Condition, ...], ...]"


Condition = IsNegative | IsZero | TruthVariable | Not | And | Either
Bool = bool | Condition

_made: dict[tuple[object, ...], Any] = {}


def _the(kind: type[Any], *parts: object) -> Any:
    """Return the unique object with these parts."""
    key = (kind, *parts)
    found = _made.get(key)
    if found is None:
        found = _made[key] = kind(*parts)
    return found


def _condition(kind: type[Any], part: object) -> Condition:
    made: Condition = _the(kind, part)
    return made


def atom(kind: str, *parts: object) -> Linear:
    """Return the linear form of one atom."""
    key = (kind, *parts)
    found = _made.get(key)
    if found is None:
        found = _made[key] = Atom(kind, parts, len(_made))
    form: Linear = _the(Linear, 0, ((found, 1),))
    return form


def truth_variable(name: str) -> Condition:
    """Return an unknown truth value."""
    return _condition(TruthVariable, name)


def plus(left: Integer, right: Integer, factor: int = 1) -> Integer:
    """Return ``left + factor · right``."""
    if isinstance(left, int) and isinstance(right, int):
        return left + factor * right
    return _sum(left, right, factor)


@lru_cache(maxsize=1 << 16)
def _sum(left: Integer, right: Integer, factor: int) -> Integer:
    constant, terms = _parts(left)
    more, others = _parts(right)
    coefficients = dict(terms)
    for each, coefficient in others:
        coefficients[each] = coefficients.get(each, 0) + factor * coefficient
    kept = sorted(((a, c) for a, c in coefficients.items() if c), key=lambda entry: entry[0].number)
    total = constant + factor * more
    return _the(Linear, total, tuple(kept)) if kept else total


def _parts(value: Integer) -> tuple[int, tuple[tuple[Atom, int], ...]]:
    return (value, ()) if isinstance(value, int) else (value.constant, value.terms)


def total(values: Iterable[Integer]) -> Integer:
    """Return the sum."""
    result: Integer = 0
    for value in values:
        result = plus(result, value)
    return result


@lru_cache(maxsize=1 << 16)
def times(left: Integer, right: Integer) -> Integer:
    """Return the product, linear if one side is a number or a choice between numbers."""
    if isinstance(left, int):
        return plus(0, right, left)
    if isinstance(right, int):
        return plus(0, left, right)
    for factor, other in ((left, right), (right, left)):
        ((first, coefficient), *more) = factor.terms
        if first.kind == "choice" and not more:
            condition, then, otherwise = first.parts
            chosen = choose(condition, times(then, other), times(otherwise, other))  # type: ignore[arg-type]
            return plus(plus(0, other, factor.constant), chosen, coefficient)
    return atom("product", *sorted((left, right), key=lambda form: form.terms[0][0].number))


@lru_cache(maxsize=1 << 16)
def less(left: Integer, right: Integer) -> Bool:
    """Return ``left < right``."""
    difference = plus(left, right, -1)
    if isinstance(difference, int):
        return difference < 0
    return _condition(IsNegative, difference)


@lru_cache(maxsize=1 << 16)
def equal(left: Integer, right: Integer) -> Bool:
    """Return ``left == right``."""
    difference = plus(left, right, -1)
    if isinstance(difference, int):
        return difference == 0
    if difference.terms[0][1] < 0:
        difference = plus(0, difference, -1)
        assert isinstance(difference, Linear)
    return _condition(IsZero, difference)


@lru_cache(maxsize=1 << 16)
def negation(value: Bool) -> Bool:
    """Return ``not value``; the negation of a comparison is a comparison."""
    match value:
        case bool():
            return not value
        case IsNegative(form):  # not f < 0, that is -f - 1 < 0
            opposite = plus(-1, form, -1)
            assert isinstance(opposite, Linear)
            return _condition(IsNegative, opposite)
        case Not(condition):
            return condition
        case _:
            return _condition(Not, value)


def all_of(values: Iterable[Bool]) -> Bool:
    """Return the conjunction."""
    kept: set[Condition] = set()
    for value in values:
        if value is False:
            return False
        if isinstance(value, And):
            kept |= value.conditions
        elif value is not True:
            kept.add(value)
    if len(kept) < 2:
        return next(iter(kept), True)
    return (
        False
        if any(negation(value) in kept for value in kept)
        else _condition(And, frozenset(kept))
    )


def any_of(values: Iterable[Bool]) -> Bool:
    """Return the disjunction."""
    return negation(all_of(negation(value) for value in values))


def choose(condition: Bool, then: Integer, other: Integer) -> Integer:
    """Return ``then if condition else other``."""
    if isinstance(condition, bool):
        return then if condition else other
    return then if then == other else atom("choice", condition, then, other)


def indicator(value: Bool) -> Integer:
    """Return 1 where it holds, else 0."""
    return choose(value, 1, 0)
