"""Shorter answers: parts are left out, replaced or written shorter while the answer stays right.

A variant need not equal the answer: what the constraints leave open may change.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from dlcompare.synthesis.sygus.linear import LinearTerm
from dlcompare.synthesis.sygus.literal_comparisons import short_comparison
from dlcompare.synthesis.sygus.membership import in_grammar
from dlcompare.synthesis.sygus.simplify import linear_form, simplified
from dlcompare.synthesis.sygus.specification import Specification, executable
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    VARIABLE,
    Definition,
    SygusProblem,
    Term,
    constant,
    substitute,
)
from dlcompare.synthesis.sygus.verification import Point, UndecidedError, find_counterexample

__all__ = ["shortened", "shorter_answers", "tidied"]

SECONDS, SHARE = 1.0, 0.2
"""The most time for shorter answers, in seconds and as a share of the time left."""

PATIENCE = 0.3
"""Time limit for the proof of one shorter answer, in seconds."""

_DUAL = {"and": "or", "or": "and"}


def tidied(term: Term) -> Term:
    """Return an equal term with negations moved inwards and comparisons written short.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.printer import print_term
    >>> from dlcompare.synthesis.sygus.syntax import variable
    >>> x, y = variable("x", INT), variable("y", INT)
    >>> difference = Term("-", INT, (x, y))
    >>> print_term(tidied(Term("not", BOOL, (Term("<=", BOOL, (difference, constant(0, INT))),))))
    '(< y x)'
    """

    def step(part: Term) -> Term | None:
        if part.op == "not" and part.args[0].op in _DUAL:
            inner = part.args[0]
            negated = tuple(_negation(arg) for arg in inner.args)
            return Term(_DUAL[inner.op], BOOL, negated)
        comparison = short_comparison(part)
        return comparison if comparison is not None and comparison.size <= part.size else None

    return simplified(substitute(simplified(term), step))


def _negation(term: Term) -> Term:
    if term.op == "not":
        return term.args[0]
    negated = Term("not", BOOL, (term,))
    if term.op in _DUAL:
        return Term(_DUAL[term.op], BOOL, tuple(_negation(arg) for arg in term.args))
    return short_comparison(negated) or negated


def shortened(term: Term, serves: Callable[[Term], bool], deadline: float) -> Term:
    """Return a variant of a term that serves and has as few nodes as steps of one part reach.

    Parameters
    ----------
    term : Term
        One that serves.
    serves : callable
        Whether a term is right.
    deadline : float
        The `time.monotonic`, in seconds, by which the best so far is returned.
    """
    tried = {term}
    found: Term | None = term
    while found is not None:
        term, found = found, None
        for variant in _variants(term):
            if time.monotonic() > deadline:
                break
            if variant not in tried and _simpler(variant, term):
                tried.add(variant)
                if serves(variant):
                    found = variant
                    break
    written = _implications(term)
    return written if written != term and serves(written) else term


def _implications(term: Term) -> Term:
    """Return an equal term with ``a => b`` for ``(not a) or b``."""

    def step(part: Term) -> Term | None:
        denied = [arg for arg in part.args if arg.op == "not"] if part.op == "or" else []
        if not denied:
            return None
        rest = [arg for arg in part.args if arg not in denied] or [denied.pop()]
        premises = tuple(arg.args[0] for arg in denied)
        result = rest[0] if len(rest) == 1 else part.with_args(tuple(rest))
        return Term("=>", BOOL, (*premises, result))

    return substitute(term, step)


def _simpler(variant: Term, term: Term) -> bool:
    """Return whether a variant is shorter, or has equations in place of bounds."""
    if variant.size != term.size:
        return variant.size < term.size
    equations = [sum(part.op == "=" for part in each.subterms()) for each in (variant, term)]
    return equations[0] > equations[1]


def _variants(term: Term) -> Iterator[Term]:
    """Yield variants, first those that change the largest part.

    Each comes simplified and as it is, since a grammar may derive but one of the two.
    """
    parts = sorted(term.subterms(), key=lambda part: -part.size)
    for part in parts:
        for other in _instead(part):
            if other != part:
                variant = substitute(term, {part: other}.get)
                yield simplified(variant)
                yield variant


def _instead(part: Term) -> Iterator[Term]:
    """Yield terms to try in place of a part."""
    if part.op == CONSTANT:
        return
    if part.sort == BOOL:
        yield constant(True, BOOL)
        yield constant(False, BOOL)
    yield from (arg for arg in part.args if arg.sort == part.sort)
    if part.op in _DUAL and len(part.args) > 4:
        middle = len(part.args) // 2
        yield part.with_args(part.args[middle:])
        yield part.with_args(part.args[:middle])
    if part.op in ("and", "or", "+", "*") and len(part.args) > 2:
        for place in range(len(part.args)):
            yield part.with_args(part.args[:place] + part.args[place + 1 :])
    if part.op in _DUAL:
        yield from _factored(part)
    if part.op in ("<=", "<", ">=", ">") and part.args[0].sort == INT:
        yield Term("=", BOOL, part.args)
        yield from _thinner(part)
    if part.op == "=" and part.args[0].sort == INT:
        yield from _thinner(part)
    tidy = tidied(part)
    if tidy.size < part.size:
        yield tidy


def _factored(part: Term) -> Iterator[Term]:
    """Yield ``a or (b and c)`` for ``(a or b) and (a or c)``, and the dual."""
    dual = _DUAL[part.op]
    for place, one in enumerate(part.args):
        for other in part.args[place + 1 :]:
            shared = [a for a in one.args if a in other.args] if one.op == other.op == dual else []
            if shared:
                neutral = constant(dual == "and", BOOL)
                rests = [
                    Term(dual, BOOL, (neutral, *(arg for arg in each.args if arg not in shared)))
                    for each in (one, other)
                ]
                joined = Term(dual, BOOL, (*shared, Term(part.op, BOOL, tuple(rests))))
                others = (arg for arg in part.args if arg not in (one, other))
                yield simplified(part.with_args((joined, *others, joined)))


def _thinner(part: Term) -> Iterator[Term]:
    """Yield comparisons with one summand less."""
    left, right = part.args
    form = linear_form(left).plus(linear_form(right), -1)
    for term in form.coefficients:
        rest = form.without(term)
        yield short_comparison(Term(part.op, BOOL, (rest.term(), constant(0, INT)))) or part
    if form.offset:
        rest = LinearTerm(form.coefficients, 0)
        yield short_comparison(Term(part.op, BOOL, (rest.term(), constant(0, INT)))) or part


def shorter_answers(
    problem: SygusProblem, answers: Sequence[Definition], deadline: float
) -> tuple[Definition, ...]:
    """Return answers to a problem with variables that are as short or shorter, in its grammars.

    An answer to examples alone stays as it is: a shorter one would fit them as well by chance.
    """
    now = time.monotonic()
    until = now + min(SECONDS, SHARE * (deadline - now))
    found = list(answers)
    if not any(part.op == VARIABLE for term in problem.constraints for part in term.subterms()):
        return tuple(found)
    specification = Specification(problem)
    points: list[Point] = []

    def serves(place: int, term: Term) -> bool:
        grammar = problem.functions[place].grammar
        if grammar is not None and not in_grammar(grammar, term):
            return False
        trial = [*found]
        trial[place] = replace(answers[place], body=term)
        runs = [executable(each, problem.definitions) for each in trial]
        if not all(specification.holds_at(point, runs) for point in points):
            return False
        try:
            point = find_counterexample(problem, trial, min(until, time.monotonic() + PATIENCE))
        except UndecidedError:
            return False
        if point is not None:
            points.append(point)
        return point is None

    for place, answer in enumerate(answers):
        body = shortened(answer.body, partial(serves, place), until)
        found[place] = replace(answer, body=body)
    return tuple(found)
