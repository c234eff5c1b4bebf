"""Proofs for all inputs up to a bound, by symbolic execution and z3."""

import ast
import contextlib
import time
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.proofs.claim import TRYING, Claim
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.shapes import CHARACTERS, characters_of, inputs_of, is_of, value_in
from dlcompare.synthesis.proofs.source import definition_of
from dlcompare.synthesis.proofs.symbolic.execution import Closure, Execution
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.surroundings import seen_by
from dlcompare.synthesis.proofs.symbolic.symbols import Bool, atom, negation, truth_variable
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    UnsupportedError,
    Value,
    equality,
    truth,
)
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.types import Type

__all__ = ["LONGEST", "ROUNDS", "Attempt"]

LONGEST = 7
"""The default length of the longest lists."""

ROUNDS = 12
"""The most iterations of a loop that no list bounds."""

LEAST = 2
"""A result for shorter lists only does not count as a proof."""

WITNESSES = 60
"""Paths for which z3 gives an input, to compare symbolic execution with Python."""

PER_SHAPE = 2
"""The most of these paths per input shape."""


class _Refuted(Exception):  # noqa: N818 - a finding, not a fault
    def __init__(self, inputs: dict[str, Value]) -> None:
        super().__init__()
        self.inputs = inputs


class _UndecidedError(Exception):
    """The solver gave up, or a counterexample could not be confirmed."""


class Attempt:
    """One attempt to prove a program right for all inputs up to a bound.

    Parameters
    ----------
    program : Closure
        The program, for symbolic execution.
    claim : Claim
        The claim to prove.
    seconds : float
        Time limit of the whole proof; a share of it is reserved for running the program.

    Attributes
    ----------
    paths : int
        The number of paths with a judged result.
    witnesses : list of pairs
        Inputs that take some of these paths, with the symbolic results on them.
    """

    def __init__(
        self,
        program: Closure,
        claim: Claim,
        seconds: float,
    ) -> None:
        from dlcompare.synthesis.proofs.symbolic.z3_terms import Terms

        self.program = program
        self.claim = claim
        self.signature = claim.signature
        self.ensures = claim.ensures
        self.reference = claim.reference
        self.seconds = seconds
        self.deadline = time.monotonic() + (1 - TRYING) * seconds
        self.terms = Terms()
        self.paths = 0
        self.witnesses: list[tuple[Inputs, Value]] = []

    def up_to(self, longest: int, open_: str | None) -> Proof:
        """Prove or refute the claim for all lengths up to `longest` that the time allows."""
        reached = -1
        cut = False
        kinds = {name for _, type_ in self.signature.parameters for name in _names(type_)}
        lists = bool(kinds & {"list", "str"})
        note = f"texts are of the characters {CHARACTERS}" if "str" in kinds else None
        reason = f"its time of {self.seconds:g} s is over"
        try:
            for length in range(longest + 1 if lists else 1):
                before, cut_here = self.paths, False
                for inputs in inputs_of(self.signature, length):
                    cut_here |= self.examine(inputs)
                cut |= cut_here
                if cut_here and self.paths == before:
                    reason = f"every path goes on for more than {ROUNDS} rounds of a loop"
                    break
                reached = length
        except _Refuted as found:
            return self.claim.refuted(found.inputs)
        except UnsupportedError as error:
            return self.on_words(str(error))
        except RecursionError:
            return Proof("unknown", bound={}, reason="it is nested too deeply")
        except OutOfTimeError:
            pass
        except _UndecidedError as error:
            reason = str(error)
        except Exception as error:  # an internal error must neither yield a proof nor stop the run
            said = f"symbolic execution failed: {type(error).__name__}: {error}"
            return Proof("unknown", bound={}, reason=said)
        bound = ({"length": reached} if lists else {}) | ({"rounds": ROUNDS} if cut else {})
        if reached < (min(LEAST, longest) if lists else 0):
            return Proof("unknown", bound={}, reason=reason)
        if not self.paths:
            said = "no input within the bound lies in the domain of the reference"
            return Proof("unknown", bound={}, reason=said if self.reference else reason)
        notes = "; ".join(filter(None, (note, open_)))
        return Proof("proved", bound=bound, reason=notes or None, covered={"paths": self.paths})

    def examine(self, inputs: dict[str, Value]) -> bool:
        """Judge all inputs of one shape; return whether paths were cut off."""
        start = characters_of(inputs.values())
        before, seen = self.paths, len(self.witnesses)
        try:
            return self._examine(inputs, [start])
        except _Refuted as found:
            if self.reference is None or self.claim.covers(found.inputs):
                raise
        self.paths = before
        del self.witnesses[seen:]
        run = Execution(ROUNDS, self.deadline)
        try:
            domain = list(self._domain(run, inputs, start))
        except UnsupportedError as error:
            raise _UndecidedError(
                f"the domain of the reference cannot be told ({error}); outside it the program is "
                "not right"
            ) from None
        return self._examine(inputs, domain) or bool(run.cut)

    def _domain(self, run: Execution, inputs: dict[str, Value], start: Path) -> Iterator[Path]:
        """Yield paths that together cover the inputs for which the reference is right."""
        arguments = list(inputs.values())
        for path, result in run.call(self.reference, arguments, start):
            if isinstance(result, Raised):
                continue
            for after, right in self._right(run, arguments, result, path):
                if not isinstance(right, Raised):
                    inside = after.assume(truth(right))
                    if inside is not None:
                        yield inside

    def _right(
        self, run: Execution, arguments: list[Value], result: Value, path: Path
    ) -> Iterator[tuple[Path, Any]]:
        if self.ensures is not None:
            yield from run.call(self.ensures, [*arguments, result], path)
            return
        for after, expected in run.call(self.reference, arguments, path):
            raised = isinstance(expected, Raised)
            yield after, expected if raised else equality(result, expected)

    def _examine(self, inputs: dict[str, Value], domain: list[Path]) -> bool:
        run = Execution(ROUNDS, self.deadline)
        arguments = list(inputs.values())
        most = min(WITNESSES, len(self.witnesses) + PER_SHAPE)
        for start in domain:
            for path, result in run.call(self.program, arguments, start):
                if isinstance(result, Raised):
                    for after, wrong in self._needed(run, arguments, path):
                        self._refute(inputs, after, wrong)
                    continue
                if not is_of(result, self.signature.result):
                    self._refute(inputs, path, True)  # unless the reference gives that, too
                    self.paths += 1
                    continue
                for after, right in self._right(run, arguments, result, path):
                    wrong = True if isinstance(right, Raised) else negation(truth(right))
                    self._refute(inputs, after, wrong)
                    self.paths += 1
                    if len(self.witnesses) < most:
                        self._witness(inputs, result, after)
        return bool(run.cut)

    def _witness(self, inputs: dict[str, Value], result: Value, path: Path) -> None:
        """Keep an input that takes this path, with the symbolic result on it."""
        import z3

        try:
            model = self.terms.model(path.assumed, 200)
        except z3.Z3Exception:  # no witness; the path is still judged
            return
        if model is None:
            return
        given = {name: value_in(each, model, self.terms) for name, each in inputs.items()}
        with contextlib.suppress(UnsupportedError):  # a result that is not a value of a task
            self.witnesses.append((given, value_in(result, model, self.terms)))

    def _needed(
        self, run: Execution, arguments: list[Value], path: Path
    ) -> Iterator[tuple[Path, Bool]]:
        """Yield the paths and conditions under which not every answer meets the specification."""
        atoms = {"int": atom("variable", "any answer"), "bool": truth_variable("any answer")}
        answer = atoms.get(self.signature.result.name)
        if answer is None or self.ensures is None:
            yield path, True
            return
        for after, right in run.call(self.ensures, [*arguments, answer], path):
            yield after, True if isinstance(right, Raised) else negation(truth(right))

    def _refute(self, inputs: dict[str, Value], path: Path, wrong: Bool) -> None:
        """Raise `_Refuted` if some input on the path satisfies `wrong`."""
        import z3

        if path.decided(wrong) is False:
            return
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        try:
            model = self.terms.model([*path.assumed, wrong], int(1000 * left))
        except z3.Z3Exception as error:
            if time.monotonic() > self.deadline:
                raise OutOfTimeError from None
            raise _UndecidedError(f"z3 does not decide it: {error}") from None
        if model is not None:
            raise _Refuted(
                {name: value_in(each, model, self.terms) for name, each in inputs.items()}
            )

    def on_words(self, reason: str) -> Proof:
        """Compare the program with the reference as bit-vectors, if all inputs are numbers.

        This is the fallback when symbolic execution does not cover the program, for a `reason`.
        """
        from dlcompare.synthesis.proofs.words import BITS, differing

        numbers = all(type_.name == "int" for _, type_ in self.signature.parameters)
        reference = self.reference
        if not numbers or not isinstance(reference, FunctionType):
            return Proof("unknown", bound={}, reason=reason)
        program, written = self.program.node, definition_of(reference)
        if not isinstance(program, ast.FunctionDef) or not isinstance(written, ast.FunctionDef):
            return Proof("unknown", bound={}, reason=reason)
        try:
            names = self.program.names, seen_by(reference)
            inputs = differing(program, written, names, self.deadline - time.monotonic())
        except (UnsupportedError, TimeoutError) as error:
            said = f"{reason}; as bit-vectors of {BITS} bits: {error}"
            return Proof("unknown", bound={}, reason=said)
        if inputs is None:
            note = f"it gives what the reference gives, for all numbers from 0 to 2^{BITS} - 1"
            return Proof("proved", bound={"bits": BITS}, reason=note)
        found = self.claim.refuted(inputs) if self.claim.covers(inputs) else None
        if found is None or found.status != "refuted":
            said = f"{reason}; bit-vectors differ at {inputs}, which Python does not confirm"
            return Proof("unknown", bound={}, reason=said)
        return found


def _names(type_: Type) -> Iterator[str]:
    """Yield the names of a type and of all within it."""
    yield type_.name
    for part in type_.parameters:
        yield from _names(part)
