"""Confirmation of printed answers against the file, as z3 itself reads it.

Since z3 itself reads the file and the printed answer (`transcript`), an answer that passes meets
the constraints of the file, even if this package misreads a name, a literal or an operator.
"""

from collections.abc import Callable, Sequence
from typing import Any

import z3

from dlcompare.synthesis.sygus.membership import in_grammar, read_back
from dlcompare.synthesis.sygus.printer import print_define_fun
from dlcompare.synthesis.sygus.reader import read_definitions
from dlcompare.synthesis.sygus.syntax import INT, Definition, SygusProblem
from dlcompare.synthesis.sygus.transcript import Transcript, UnreadableError
from dlcompare.synthesis.sygus.verification import (
    extremes,
    find_model,
    to_z3,
    z3_functions,
    z3_sort,
)
from dlcompare.tasks.errors import InputError

__all__ = ["RefutedError", "confirm", "confirm_reading"]

Z3 = Any


class RefutedError(Exception):
    """The printed answer is wrong; the message says why."""


def confirm(problem: SygusProblem, answers: Sequence[Definition], deadline: float) -> None:
    """Check that printed answers meet the file's constraints and are words of its grammars.

    `find_counterexample` must have proved them for the problem as read here; a constraint that z3
    reads as the same term is not proved again.

    Raises
    ------
    RefutedError
        If they do not.
    UndecidedError
        If z3 does not decide it before the deadline (of `time.monotonic`).
    """
    printed = [print_define_fun(answer) for answer in answers]
    try:
        again = read_definitions("\n".join(printed), problem)
    except InputError as error:
        raise RefutedError(f"the printed answer cannot be read: {error}") from error
    for function, answer, read in zip(problem.functions, answers, again, strict=True):
        if not read_back(answer, read, problem.definitions):
            raise RefutedError(f"{function.name} does not read as it was printed")
        if function.grammar is not None and not in_grammar(function.grammar, answer.body):
            raise RefutedError(f"{function.name} is no word of its grammar")
    functions = z3_functions((*problem.definitions.values(), *answers))
    transcript = Transcript(problem.script, printed)
    for theirs, ours in _claims(problem, transcript, functions):
        if not z3.is_true(theirs) and not theirs.eq(ours):
            _refuse(z3.Not(theirs), transcript, problem, deadline)


def confirm_reading(problem: SygusProblem, deadline: float) -> None:
    """Check that z3 reads the constraints as this package does, for arbitrary functions.

    Raises
    ------
    RefutedError
        If one does not.
    UndecidedError
        If z3 does not decide it before the deadline.
    """
    transcript = Transcript(problem.script)
    functions: dict[str, Callable[..., Z3]] = {
        f.name: z3.Function(name, *(z3_sort(sort) for _, sort in f.params), z3_sort(f.sort))
        for f, name in zip(problem.functions, transcript.functions, strict=True)
    }
    for theirs, ours in _claims(problem, transcript, functions):
        if not theirs.eq(ours):
            _refuse(theirs != ours, transcript, problem, deadline)


def _claims(
    problem: SygusProblem, transcript: Transcript, functions: dict[str, Callable[..., Z3]]
) -> list[tuple[Z3, Z3]]:
    """Return each constraint as read by z3 and as read here, both simplified."""
    try:
        theirs = transcript.read()
    except UnreadableError as error:
        raise RefutedError(f"z3 cannot read the file: {error}") from error
    names = {
        name: z3.Const(theirs_name, z3_sort(sort))
        for (name, sort), theirs_name in zip(problem.variables, transcript.constants, strict=True)
    }
    ours = [to_z3(constraint, names, functions) for constraint in problem.constraints]
    return [(z3.simplify(their), z3.simplify(our)) for their, our in zip(theirs, ours, strict=True)]


def _refuse(wrong: Z3, transcript: Transcript, problem: SygusProblem, deadline: float) -> None:
    """Raise `RefutedError` if `wrong` has a model."""
    sorts = [sort for _, sort in problem.variables]
    names = zip(transcript.constants, sorts, strict=True)
    known = extremes([z3.Int(name) for name, sort in names if sort == INT])
    model = find_model(wrong, known, deadline)
    if model is not None:
        raise RefutedError(f"as z3 reads the file, it fails at {model}"[:400])
