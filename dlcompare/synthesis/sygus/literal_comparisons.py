"""Comparisons of linear terms, each written once and short."""

import math

from dlcompare.synthesis.sygus.linear import LinearTerm
from dlcompare.synthesis.sygus.simplify import linear_form
from dlcompare.synthesis.sygus.syntax import BOOL, CONSTANT, INT, Term, constant

__all__ = ["at_most", "equal", "short_comparison"]

_TURNED = {"<=": ">=", "<": ">"}
_TRUE, _FALSE = constant(True, BOOL), constant(False, BOOL)


def at_most(form: LinearTerm) -> Term:
    """Return ``form <= 0``.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.printer import print_term
    >>> from dlcompare.synthesis.sygus.syntax import variable
    >>> x, y = variable("x", INT), variable("y", INT)
    >>> print_term(at_most(LinearTerm({x: 2, y: -2}, 1)))
    '(< x y)'
    """
    if not form.coefficients:
        return _TRUE if form.offset <= 0 else _FALSE
    factor = math.gcd(*form.coefficients.values())
    parts = {term: c // factor for term, c in form.coefficients.items()}
    offset = -(-form.offset // factor)
    choices = [("<=", offset), ("<", offset - 1)]
    sides = [(op, *_sides(LinearTerm(parts, bound))) for op, bound in choices]
    op, left, right = min(sides, key=lambda side: side[1].size + side[2].size)
    if left.op == CONSTANT:
        return Term(_TURNED[op], BOOL, (right, left))
    return Term(op, BOOL, (left, right))


def equal(form: LinearTerm) -> Term:
    """Return ``form = 0``."""
    if not form.coefficients:
        return constant(form.offset == 0, BOOL)
    factor = math.gcd(*form.coefficients.values())
    if form.offset % factor:
        return _FALSE
    parts = {term: c // factor for term, c in form.coefficients.items()}
    return Term("=", BOOL, _sides(LinearTerm(parts, form.offset // factor)))


def _sides(form: LinearTerm) -> tuple[Term, Term]:
    """Return two terms whose difference is a form; constants and minus signs are spared."""
    positive = {term: c for term, c in form.coefficients.items() if c > 0}
    negative = {term: -c for term, c in form.coefficients.items() if c < 0}
    above = form.offset > 0 if positive and negative else not positive
    left = LinearTerm(positive, form.offset if above else 0)
    right = LinearTerm(negative, 0 if above else -form.offset)
    return left.term(), right.term()


def short_comparison(term: Term) -> Term | None:
    """Return a comparison of integers, or the negation of one, in this form; None if it is none."""
    if term.op == "not":
        inner = term.args[0]
        turned = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}.get(inner.op)
        if turned is None or len(inner.args) != 2:
            return None
        term = Term(turned, BOOL, inner.args)
    if term.op not in ("<", "<=", ">", ">=", "=") or len(term.args) != 2:
        return None
    left, right = term.args
    if left.sort != INT:
        return None
    if term.op in (">", ">="):
        left, right = right, left
    form = linear_form(left).plus(linear_form(right), -1)
    if term.op == "=":
        return equal(form)
    return at_most(form.plus(LinearTerm({}, 1)) if term.op in ("<", ">") else form)
