"""The paths of a formula of linear integers: its disjuncts, without their local variables."""

from collections.abc import Sequence, Set
from itertools import chain, product
from typing import NamedTuple

from dlcompare.synthesis.sygus.linear import LinearTerm, Literal
from dlcompare.synthesis.sygus.literal_comparisons import at_most, equal
from dlcompare.synthesis.sygus.simplify import linear_form
from dlcompare.synthesis.sygus.syntax import BOOL, CONSTANT, INT, VARIABLE, Term, substitute

__all__ = ["TransitionPath", "paths"]

MOST = 400
"""The most disjuncts; a formula with more has no paths."""

_ONE = LinearTerm({}, 1)


class TransitionPath(NamedTuple):
    """A conjunction of linear literals and of other atoms, with their truth values."""

    literals: tuple[Literal, ...]
    others: tuple[tuple[Term, bool], ...]

    def without_locals(self, kept: Set[Term]) -> "TransitionPath":
        """Return an equivalent conjunction without the variables that an equation defines.

        Variables in `kept` stay.
        """
        path = self
        while (found := path._definition(kept)) is not None:
            number, name, form = found
            literals = path.literals[:number] + path.literals[number + 1 :]
            path = TransitionPath(
                tuple(Literal(_replaced(e, name, form), equal) for e, equal in literals),
                tuple(
                    (substitute(term, {name: form.term()}.get), truth)
                    for term, truth in path.others
                ),
            )
        return path

    def _definition(self, kept: Set[Term]) -> tuple[int, Term, LinearTerm] | None:
        """Return an equation's number, and a variable with the form that it equals."""
        for number, (expression, equation) in enumerate(self.literals):
            for name, factor in expression.coefficients.items() if equation else ():
                rest = expression.without(name)
                apart = all(name not in set(term.subterms()) for term in rest.coefficients)
                if name.op == VARIABLE and name not in kept and abs(factor) == 1 and apart:
                    return number, name, rest.times(-factor)
        return None

    def atoms(self) -> list[Term]:
        """Return the conjuncts as terms."""
        found = [equal(e) if equation else at_most(e) for e, equation in self.literals]
        return found + [t if truth else Term("not", BOOL, (t,)) for t, truth in self.others]


def _replaced(form: LinearTerm, name: Term, value: LinearTerm) -> LinearTerm:
    total = LinearTerm({}, form.offset)
    for term, coefficient in form.coefficients.items():
        part = value if term == name else linear_form(substitute(term, {name: value.term()}.get))
        total = total.plus(part, coefficient)
    return total


def paths(formula: Term) -> list[TransitionPath] | None:
    """Return conjunctions whose disjunction is a formula; None if there are too many."""
    found = _disjuncts(formula, True)
    return None if found is None else [TransitionPath(tuple(p), tuple(q)) for p, q in found]


Disjunct = tuple[list[Literal], list[tuple[Term, bool]]]


def _disjuncts(term: Term, truth: bool) -> list[Disjunct] | None:
    op, args = term.op, term.args
    if op == "not":
        return _disjuncts(args[0], not truth)
    if op in ("and", "or", "=>"):
        given = [
            _disjuncts(arg, truth != (op == "=>" and place < len(args) - 1))
            for place, arg in enumerate(args)
        ]
        known = [each for each in given if each is not None]
        if len(known) < len(given):
            return None
        return _both(known) if (op == "and") == truth else _bounded([*chain(*known)])
    if op == "ite":
        condition, *results = args
        yes, no = (each if truth else Term("not", BOOL, (each,)) for each in results)
        denied = Term("not", BOOL, (condition,))
        cases = (Term("and", BOOL, (condition, yes)), Term("and", BOOL, (denied, no)))
        return _disjuncts(Term("or", BOOL, cases), True)
    if op in ("=", "<", "<=", ">", ">=", "distinct") and len(args) == 2 and args[0].sort == INT:
        return _comparison(op, args, truth)
    if op == CONSTANT:
        return [([], [])] if bool(term.value) == truth else []
    return [([], [(term, truth)])]


def _comparison(op: str, args: tuple[Term, ...], truth: bool) -> list[Disjunct]:
    form = linear_form(args[0]).plus(linear_form(args[1]), -1)
    if op in ("=", "distinct"):
        if truth == (op == "="):
            return [([Literal(form, True)], [])]
        return [
            ([Literal(form.plus(_ONE), False)], []),
            ([Literal(form.times(-1).plus(_ONE), False)], []),
        ]
    if op in (">", ">="):
        form, op = form.times(-1), {">": "<", ">=": "<="}[op]
    if not truth:
        form, op = form.times(-1), {"<": "<=", "<=": "<"}[op]
    return [([Literal(form.plus(_ONE) if op == "<" else form, False)], [])]


def _bounded(found: list[Disjunct]) -> list[Disjunct] | None:
    return found if len(found) <= MOST else None


def _both(parts: Sequence[list[Disjunct]]) -> list[Disjunct] | None:
    total: list[Disjunct] = [([], [])]
    for part in parts:
        if len(total) * len(part) > MOST:
            return None
        total = [(p + r, q + s) for (p, q), (r, s) in product(total, part)]
    return total
