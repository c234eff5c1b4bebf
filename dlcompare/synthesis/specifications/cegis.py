"""Programs from a specification alone, by counterexample-guided synthesis (Solar-Lezama, 2006).

The search proposes the cheapest program that answers the examples so far; symbolic execution looks
for an input on which it violates the specification; z3 finds an output that meets the specification
there, and the pair is the next example. No examples are given: each one is made, and counted.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.grammar.grammar import Grammar, grammar_of
from dlcompare.synthesis.program_predictor import ProgramPredictor
from dlcompare.synthesis.proofs.shapes import characters_of, shapes_of, value_in
from dlcompare.synthesis.proofs.symbolic.execution import Execution
from dlcompare.synthesis.proofs.symbolic.symbols import Bool
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    UnsupportedError,
    Value,
    symbolic,
    truth,
)
from dlcompare.synthesis.proofs.symbolic.z3_terms import Terms
from dlcompare.synthesis.proofs.verify import ROUNDS, Proof, verify
from dlcompare.synthesis.search import search
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import InputError, NoProgramError
from dlcompare.tasks.problem import Budget, Examples, Inputs, Problem, Signature

__all__ = [
    "Found",
    "SpecificationLearner",
    "checked",
    "create",
    "from_specification",
    "labelled",
    "meeting",
]

LONGEST = 5
"""The longest lists in the search for counterexamples."""

CHECK_SECONDS = 60.0
"""Time limit of the search for a counterexample."""

Specification = Callable[..., object]


@dataclass(frozen=True)
class Found:
    """The outcome of synthesis from a specification.

    Attributes
    ----------
    program : Program
        A program that answers every example.
    examples : Examples
        The examples made; each counts as a labelled example.
    proof : Proof
        Proved, unless the limit on examples is reached.
    """

    program: Program
    examples: Examples
    proof: Proof


def meeting(
    signature: Signature, ensures: Specification, inputs: Inputs, seconds: float
) -> Value | None:
    """Return an output that meets a specification at an input; None if there is none.

    Lists in the output have at most two elements more than twice the longest list in the input.

    Parameters
    ----------
    signature : Signature
    ensures : callable
        ``(inputs..., result) -> bool``.
    inputs : mapping of str to value
    seconds : float
        Time limit.

    Raises
    ------
    UnsupportedError
        If symbolic execution does not cover the specification.
    OutOfTimeError
        If the time limit is reached.
    """
    deadline = time.monotonic() + seconds
    arguments = [symbolic(value) for value in inputs.values()]
    longest = 2 + 2 * max(map(_longest, inputs.values()), default=0)
    terms = Terms()
    for length in range(longest + 1):
        for result in shapes_of(signature.result, length, "result"):
            run = Execution(ROUNDS, deadline)
            for path, right in run.call(ensures, [*arguments, result], characters_of([result])):
                if isinstance(right, Raised):
                    continue
                holds: Bool = truth(right)
                left = deadline - time.monotonic()
                try:
                    model = terms.model([*path.assumed, holds], int(1000 * max(left, 0.001)))
                except z3.Z3Exception:
                    raise OutOfTimeError from None
                if model is not None:
                    return value_in(result, model, terms)
    return None


def _longest(value: Value) -> int:
    if isinstance(value, str):
        return len(value)
    if not isinstance(value, list | tuple):
        return 0
    return max([len(value), *map(_longest, value)])


def from_specification(
    signature: Signature,
    ensures: Specification,
    grammar: Grammar,
    budget: SearchBudget,
    most: int = 64,
) -> Found:
    """Return the cheapest program found that meets a specification.

    Parameters
    ----------
    signature : Signature
    ensures : callable
        ``(inputs..., result) -> bool``.
    grammar : Grammar
        The language of programs.
    budget : Budget
        Shared by all searches.
    most : int
        The most examples that may be made.

    Raises
    ------
    NoProgramError
        If no output meets the specification at some input, if no program is found, or if the check
        of a program exceeds the time limit.
    """
    proof = checked(_always_raising(signature), signature, ensures)
    rows: list[dict[str, Value]] = []
    outputs: list[Value] = []
    while True:
        if proof.counterexample is None:
            raise NoProgramError(f"the specification cannot be checked: {proof.reason}")
        inputs: dict[str, Value] = dict(proof.counterexample["inputs"])
        if inputs in rows:
            raise NoProgramError(f"the specification is not met by its own answer at {inputs!r}")
        rows.append(inputs)
        outputs.append(labelled(signature, ensures, inputs))
        names = [name for name, _ in signature.parameters]
        examples = Examples.from_rows(names, rows, outputs)
        program = search(SearchProblem(signature, examples, grammar, budget), specified=True)
        proof = checked(program.python, signature, ensures)
        if proof.status == "proved" or len(rows) >= most:
            return Found(program, examples, proof)


def _always_raising(signature: Signature) -> str:
    """Return the first program to refute, which any input refutes."""
    names = ", ".join(name for name, _ in signature.parameters)
    return f"def {signature.name}({names}):\n    raise ValueError\n"


def checked(source: str, signature: Signature, ensures: Specification) -> Proof:
    """Return a proof or refutation of a program, for lists of up to `LONGEST` elements."""
    return verify(source, signature, ensures, seconds=CHECK_SECONDS, longest=LONGEST)


def labelled(signature: Signature, ensures: Specification, inputs: Inputs) -> Value:
    """Return an output that meets a specification at an input.

    Raises
    ------
    NoProgramError
        If there is none, or none is found within the time limit.
    """
    try:
        output = meeting(signature, ensures, inputs, CHECK_SECONDS)
    except UnsupportedError as error:
        raise NoProgramError(f"the specification cannot be solved: {error}") from None
    except OutOfTimeError:
        raise NoProgramError(
            f"no output that meets the specification at {inputs!r} was found in {CHECK_SECONDS:g} s"
        ) from None
    if output is None:
        raise NoProgramError(f"no output meets the specification at {dict(inputs)!r}")
    return output


@dataclass(frozen=True)
class SpecificationLearner:
    """A learner from the specification of a problem, which reads none of its examples.

    It may make as many examples as the problem has.
    """

    def fit(self, problem: Problem, budget: Budget, seed: int) -> ProgramPredictor:  # noqa: ARG002
        """Search for a program; the seed has no effect."""
        if problem.specification is None:
            raise NoProgramError("the task has no specification (ensures=) to start from")
        half = budget.bytes // 2 if budget.bytes else 2 * 2**30
        meter = SearchBudget(budget.candidates, min(half, 2 * 2**30))
        grammar = grammar_of(problem)
        try:
            found = from_specification(
                problem.signature,
                problem.specification,
                grammar,
                meter,
                most=len(problem.examples),
            )
        except NoProgramError as error:
            raise NoProgramError(str(error), Cost(candidates=meter.spent)) from None
        prior: dict[str, Any] = {
            "given": "the specification, as a formula; a typed language with folds",
            "library": grammar.library,
            "examples made": len(found.examples),
            "pre-training": "none",
        }
        return ProgramPredictor(found.program, Cost(candidates=meter.spent), prior)


def create(options: Mapping[str, str], device: str) -> SpecificationLearner:  # noqa: ARG001
    """Return the learner, which has no options.

    Raises
    ------
    InputError
        If there are any options.
    """
    if options:
        raise InputError(f"the learner synthesis:spec takes no options, not {', '.join(options)}")
    return SpecificationLearner()
