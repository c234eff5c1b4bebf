"""The SyGuS solver, which tries strategies in turn and proves every answer."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Literal

import z3

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.cases import by_cases
from dlcompare.synthesis.sygus.comparands import comparands
from dlcompare.synthesis.sygus.confirm import RefutedError, confirm, confirm_reading
from dlcompare.synthesis.sygus.default_grammar import default_grammar
from dlcompare.synthesis.sygus.derivation import derived
from dlcompare.synthesis.sygus.general import solve_general
from dlcompare.synthesis.sygus.invariants import solve_invariant
from dlcompare.synthesis.sygus.linear import NotLinearError
from dlcompare.synthesis.sygus.open_constants import common_pieces, constants_of
from dlcompare.synthesis.sygus.outcome import Infeasible, SygusAnswer
from dlcompare.synthesis.sygus.pointwise import solve_pointwise
from dlcompare.synthesis.sygus.shorter import shorter_answers
from dlcompare.synthesis.sygus.simplify import simplified
from dlcompare.synthesis.sygus.single_invocation import single_invocation, solve_single_invocation
from dlcompare.synthesis.sygus.specification import Specification
from dlcompare.synthesis.sygus.syntax import (
    VARIABLE,
    Definition,
    SygusGrammar,
    SygusProblem,
    SynthFun,
    Term,
)
from dlcompare.synthesis.sygus.templates import solve_templates
from dlcompare.synthesis.sygus.verification import UndecidedError, find_counterexample

__all__ = ["solve"]

LONG = 60
"""A shorter answer is sought if one has more nodes."""

DEEP, LARGEST = 100, 200_000
"""Deeper constraints are simplified first; the most nodes of an answer."""

SHORTER = 0.3
"""The share of the time left for a shorter answer."""


SOON = 0.3
"""The share of the time left for the problem's own constants, before any others."""


def _independent(problem: SygusProblem) -> Iterator[SygusProblem]:
    """Yield parts of a problem that share no function; the first has the other constraints."""
    names = {f.name for f in problem.functions}
    mentions = [
        {part.op for part in term.subterms() if part.op in names} for term in problem.constraints
    ]
    groups = [{name} for name in names]
    for mentioned in mentions:
        joined = [group for group in groups if group & mentioned]
        if len(joined) > 1:
            groups = [group for group in groups if not group & mentioned]
            groups.append(set().union(*joined))
    groups.sort(key=min)
    for number, group in enumerate(groups):
        yield replace(
            problem,
            functions=tuple(f for f in problem.functions if f.name in group),
            constraints=tuple(
                term
                for term, mentioned in zip(problem.constraints, mentions, strict=True)
                if mentioned & group or (not mentioned and number == 0)
            ),
        )


def _written(
    answers: Sequence[Definition] | None, functions: Sequence[SynthFun]
) -> list[Definition] | None:
    """Return answers in the grammars of their functions; None if one could not be derived."""
    written = []
    for answer, function in zip(answers or (), functions, strict=False):
        body = answer.body if function.grammar is None else derived(answer.body, function.grammar)
        if body is None:
            return None
        written.append(replace(answer, body=body))
    return written or None


def _solve_directly(problem: SygusProblem, deadline: float) -> list[Definition] | None:
    """Return the functions of a problem that applies each to the variables; None if that fails."""
    direct = single_invocation(problem)
    if direct is None or not direct.variables:
        return None
    try:
        choices = solve_single_invocation(direct, deadline)
    except NotLinearError:
        return None
    answers = _written(choices.definitions(choices.in_turn()), problem.functions)
    if answers is not None and sum(a.body.size for a in answers) <= LONG:
        return answers
    now = time.monotonic()
    until = now + (deadline - now) * (0.8 if answers is None else SHORTER)
    try:
        tree = _written(by_cases(choices, until), problem.functions)
    except UndecidedError:
        return answers
    both = [found for found in (answers, tree) if found is not None]
    return min(both, key=lambda found: sum(a.body.size for a in found), default=None)


def _solve_part(problem: SygusProblem, deadline: float) -> Sequence[Definition]:
    specification = Specification(problem)
    constants: list[Term] = constants_of(problem.constraints, [f.sort for f in problem.functions])
    if specification.pointwise:
        wanted = [demand.wanted for demand in specification.ground_demands()]
        constants += common_pieces([text for text in wanted if isinstance(text, str)])
    grammars = [
        default_grammar(f, constants + ([] if specification.pointwise else comparands(problem, f)))
        for f in problem.functions
    ]
    if any(part.op == VARIABLE for term in problem.constraints for part in term.subterms()):
        answers = _solve_directly(problem, deadline)
        if answers is not None:
            return answers
    if len(grammars) == 1 and grammars[0].any_constant:
        now = time.monotonic()
        with suppress(OutOfTimeError, UndecidedError):
            return _enumerated(specification, grammars, constants, now + SOON * (deadline - now))
        filled = solve_templates(specification, grammars[0], deadline)
        if filled is not None:
            return [filled]
    return _enumerated(specification, grammars, constants, deadline)


def _enumerated(
    specification: Specification,
    grammars: Sequence[SygusGrammar],
    constants: Sequence[Term],
    deadline: float,
) -> Sequence[Definition]:
    problem = specification.problem
    if specification.pointwise:
        return [solve_pointwise(specification, grammars[0], constants, deadline)]
    now = time.monotonic()
    with suppress(OutOfTimeError):
        invariant = solve_invariant(problem, now + 0.7 * (deadline - now))
        answers = _written(None if invariant is None else [invariant], problem.functions)
        if answers is not None:
            return answers
    return solve_general(specification, grammars, constants, deadline)


def solve(problem: SygusProblem, seconds: float = 10.0) -> SygusAnswer:
    """Find functions that meet a problem's constraints, and prove that they do.

    Parameters
    ----------
    problem : SygusProblem
        A problem from `read`.
    seconds : float
        Time limit.

    Returns
    -------
    SygusAnswer
        Only a ``solved`` answer has definitions, which z3 proved right.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.reader import read
    >>> from dlcompare.synthesis.sygus.printer import print_define_fun
    >>> answer = solve(read('''(set-logic LIA) (synth-fun f ((x Int)) Int) (declare-var x Int)
    ... (constraint (= (f x) (+ x 2))) (check-synth)'''))
    >>> answer.status, print_define_fun(answer.definition)
    ('solved', '(define-fun f ((x Int)) Int (+ x 2))')
    """
    start, deadline = time.process_time(), time.monotonic() + seconds
    status: Literal["solved", "infeasible", "unknown"] = "unknown"
    definitions: tuple[Definition, ...] = ()
    try:
        found = _solve(_flattened(problem), deadline)
        status, reason = "solved", _confirmed(problem, found, max(deadline, time.monotonic() + 1))
        definitions = found
    except Infeasible as proof:
        status, reason = _confirmed_infeasible(problem, str(proof), deadline)
    except OutOfTimeError:
        reason = f"no answer in {seconds:g} s"
    except RefutedError as error:
        status, reason = "unknown", f"an answer was found and thrown away: {error}"
    except (UndecidedError, z3.Z3Exception) as error:
        reason = f"z3 or the search stopped: {error}"
    except RecursionError:
        reason = "the constraints are nested too deeply"
    return SygusAnswer(status, definitions, reason, time.process_time() - start)


def _solve(problem: SygusProblem, deadline: float) -> tuple[Definition, ...]:
    """Return functions proved right for the problem as read here."""
    found: dict[str, Definition] = {}
    for part in _independent(problem):
        found |= {d.name: d for d in _solve_part(part, deadline)}
    definitions = tuple(found[f.name] for f in problem.functions)
    failing = find_counterexample(problem, definitions, max(deadline, time.monotonic() + 1))
    if failing is not None:
        raise UndecidedError("the parts do not fit together")
    return shorter_answers(problem, definitions, deadline)


def _flattened(problem: SygusProblem) -> SygusProblem:
    """Return the problem with deep constraints simplified: long sums most of all become flat."""
    constraints = [simplified(term) if term.depth > DEEP else term for term in problem.constraints]
    return replace(problem, constraints=tuple(constraints))


def _confirmed(problem: SygusProblem, answers: Sequence[Definition], deadline: float) -> str:
    """Return the verdict on proved answers once they are printed and z3 itself has read them."""
    size = sum(answer.body.size for answer in answers)
    if size > LARGEST:
        raise RefutedError(f"it has {size} nodes, too many to print")
    if not problem.script:
        return ""
    try:
        confirm(problem, answers, deadline)
    except UndecidedError as error:
        return f"proved as it is read here; z3 did not decide the printed text: {error}"
    return ""


def _confirmed_infeasible(
    problem: SygusProblem, proof: str, deadline: float
) -> tuple[Literal["infeasible", "unknown"], str]:
    """Return whether it is proved of the file as z3 reads it, too, that there is no answer."""
    try:
        if problem.script:
            confirm_reading(problem, max(deadline, time.monotonic() + 1))
    except RefutedError as error:
        return "unknown", f"{proof}; but the file may be read otherwise: {error}"
    except UndecidedError as error:
        return "infeasible", f"{proof}; z3 did not decide whether it reads the file so: {error}"
    return "infeasible", proof
