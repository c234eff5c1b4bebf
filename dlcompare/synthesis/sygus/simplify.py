"""Simplification: folded constants, collected sums, decided comparisons of equal sides."""

import math

from dlcompare.synthesis.sygus.linear import LinearTerm, NotLinearError, value_of
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    Term,
    constant,
    substitute,
)

__all__ = ["linear_form", "simplified"]

_TRUE, _FALSE = constant(True, BOOL), constant(False, BOOL)


def _negation(term: Term) -> Term:
    return term.args[0] if term.op == "not" else Term("not", BOOL, (term,))


def _flat(op: str, args: tuple[Term, ...]) -> Term:
    """Return a conjunction or disjunction without repetition, neutral parts or a decided whole."""
    neutral, absorbing = (_TRUE, _FALSE) if op == "and" else (_FALSE, _TRUE)
    parts: dict[Term, None] = {}
    for arg in args:
        parts |= dict.fromkeys(arg.args if arg.op == op else (arg,))
    parts.pop(neutral, None)
    if absorbing in parts or any(_negation(part) in parts for part in parts):
        return absorbing
    if len(parts) <= 1:
        return next(iter(parts), neutral)
    return Term(op, BOOL, tuple(parts))


def _shorter(term: Term) -> Term | None:
    """Return a sum with each part once, if that is shorter; else None."""
    written = linear_form(term).term()
    return written if written.size < term.size else None


def linear_form(term: Term) -> LinearTerm:
    """Return an integer term as a sum; parts that are not linear count as variables."""
    if term.op == CONSTANT:
        return LinearTerm({}, int(term.value))
    if term.op not in ("+", "-", "*"):
        return LinearTerm({term: 1}, 0)
    parts = [linear_form(arg) for arg in term.args]
    if term.op == "*":
        varying = [part for part in parts if part.coefficients]
        factor = math.prod(part.offset for part in parts if not part.coefficients)
        if len(varying) > 1:
            return LinearTerm({term: 1}, 0)
        return (varying[0] if varying else LinearTerm({}, 1)).times(factor)
    if term.op == "-" and len(parts) == 1:
        return parts[0].times(-1)
    total, sign = parts[0], -1 if term.op == "-" else 1
    for part in parts[1:]:
        total = total.plus(part, sign)
    return total


def _step(term: Term) -> Term | None:
    op, args = term.op, term.args
    if op in ("and", "or"):
        return _flat(op, args)
    if op == "=>":
        return _flat(
            "or", (*(_step(_negation(arg)) or _negation(arg) for arg in args[:-1]), args[-1])
        )
    if op == "not" and args[0] in (_TRUE, _FALSE):
        return _FALSE if args[0] == _TRUE else _TRUE
    if op == "not" and args[0].op == "not":
        return args[0].args[0]
    if op == "ite":
        if args[0] in (_TRUE, _FALSE):
            return args[1 if args[0] == _TRUE else 2]
        if args[1] == args[2]:
            return args[1]
        return None
    if args and all(arg.op == CONSTANT for arg in args):
        try:
            return constant(value_of(term, {}), term.sort)
        except NotLinearError:
            return None
    if op in ("+", "-", "*"):
        return _shorter(term)
    if op in ("=", "<=", ">=", "<", ">") and len(args) == 2 and args[0] == args[1]:
        return _TRUE if op in ("=", "<=", ">=") else _FALSE
    return None


def simplified(term: Term) -> Term:
    """Return a simpler term that is equal for all values of its variables.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.printer import print_term
    >>> from dlcompare.synthesis.sygus.syntax import INT, variable
    >>> x = variable("x", INT)
    >>> same = Term("<=", BOOL, (x, x))
    >>> print_term(simplified(Term("ite", INT, (same, x, constant(0, INT)))))
    'x'
    """
    return substitute(term, _step)
