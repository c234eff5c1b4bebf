"""A claim about a program, checked in plain Python, which has the last word on every proof."""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.trying import (
    STEPS,
    Criterion,
    TooLongError,
    judged,
    limited,
    readable,
    tried,
    vacuous,
)
from dlcompare.tasks.problem import Inputs, Signature
from dlcompare.tasks.types import Value, conforms

__all__ = ["TRYING", "Claim"]

TRYING = 0.2
"""The share of the time of a proof that is reserved for running the program."""

WITNESS_SECONDS = 5.0
"""Time limit for running a counterexample, in seconds."""


class OutsideError(Exception):
    """An input lies outside the domain."""


class Claim:
    """The claim that a program meets a specification, or agrees with a reference.

    Parameters
    ----------
    source : str
        The program.
    signature : Signature
        Name, parameters and result of the program.
    ensures : callable, optional
        The specification; without it, the result must equal the reference's.
    reference : callable, optional
        Inputs on which it raises, or on which its own result violates the specification, are
        outside the domain.
    """

    def __init__(
        self,
        source: str,
        signature: Signature,
        ensures: Callable[..., object] | None,
        reference: Callable[..., Value] | None,
    ) -> None:
        self.source = source
        self.signature = signature
        self.ensures = ensures
        self.reference = reference
        self._criterion = Criterion(self._expected, self._right, total=reference is not None)

    def _expected(self, inputs: Inputs) -> Value:
        if self.reference is None:
            return None
        answer = self.reference(*copy.deepcopy(list(inputs.values())))
        if self.ensures is not None and not self.ensures(*inputs.values(), copy.deepcopy(answer)):
            raise OutsideError
        return answer

    def _right(self, inputs: Inputs, output: Value, expected: Value) -> bool:
        if not conforms(output, self.signature.result) and not self._is_odd(expected):
            return False
        if self.ensures is not None:
            return bool(self.ensures(*inputs.values(), output))
        return bool(output == expected)

    def _is_odd(self, expected: Value) -> bool:
        """Return whether the reference itself gives another type than the signature says."""
        return self.reference is not None and not conforms(expected, self.signature.result)

    def covers(self, inputs: Inputs) -> bool:
        """Return whether an input lies in the domain."""
        deadline = time.monotonic() + WITNESS_SECONDS
        try:
            limited(lambda: self._expected(copy.deepcopy(inputs)), deadline)
        except (Exception, SystemExit, TooLongError):  # whatever Python raises
            return False
        return True

    def refuted(self, inputs: Inputs) -> Proof:
        """Return the refutation by a counterexample if a run of the program confirms it.

        Parameters
        ----------
        inputs : mapping
            An input in the domain on which, by z3, the program gives no answer or a wrong one.
        """
        criterion = replace(self._criterion, total=True)
        deadline = time.monotonic() + WITNESS_SECONDS
        found = judged(readable(self.source), inputs, criterion, deadline)
        if isinstance(found, dict):
            return _refutation(found)
        said = {
            True: f"symbolic execution reads a wrong answer at {inputs!r}, Python a right one",
            False: f"symbolic execution reads a wrong answer at {inputs!r}, which Python takes to "
            "be outside the domain",
            None: f"it takes more than {STEPS:,} steps at {inputs!r}",
        }[found]
        return Proof("unknown", bound={}, reason=said)

    def confirmed(
        self, proof: Proof, witnesses: Sequence[tuple[Inputs, Value]], seconds: float
    ) -> Proof:
        """Test a proved claim in plain Python, and return the outcome.

        Parameters
        ----------
        proof : Proof
            The proof by symbolic execution or induction.
        witnesses : sequence of pairs
            Inputs, each with the program's result by symbolic execution.
        seconds : float
            Time limit.

        Returns
        -------
        Proof
            The proof with its coverage, a refutation, or the reason why there is neither.
        """
        criterion = self._criterion
        if "bits" in (proof.bound or {}):
            criterion = replace(criterion, expected=self._expected_of_words)
        first = [inputs for inputs, _ in witnesses]
        ran = tried(self.source, self.signature, criterion, seconds, first)
        if ran.wrong_at is not None:
            return _refutation(ran.wrong_at)
        reason = ran.reason or self._misread(witnesses)
        specified = self.ensures is not None
        if reason is None and specified and vacuous(self.signature, criterion, seconds):
            reason = "the specification accepts every answer that was tried"
        if reason is not None:
            return replace(proof, status="unknown", bound={}, reason=reason, covered={})
        return replace(proof, covered={**proof.covered, "inputs": ran.inputs})

    def _misread(self, witnesses: Sequence[tuple[Inputs, Value]]) -> str | None:
        """Return a description of a result by symbolic execution that differs from Python's."""
        program = readable(self.source)
        for inputs, read in witnesses:
            try:
                output = program(*copy.deepcopy(list(inputs.values())))
                given = None if output == read else f"gives {output!r}"
            except Exception as error:  # whatever Python raises
                given = f"raises {type(error).__name__}"
            if given:
                return f"at {inputs!r} symbolic execution reads {read!r}, but Python {given}"
        return None

    def _expected_of_words(self, inputs: Inputs) -> Value:
        """Return the answer for numbers that a bit-vector proof covers; others are outside."""
        from dlcompare.synthesis.proofs.words import BITS

        if not all(0 <= value < 1 << BITS for value in inputs.values()):
            raise OutsideError
        return self._expected(inputs)


def _refutation(wrong: dict[str, Value]) -> Proof:
    example = {name: value for name, value in wrong.items() if name != "expected"}
    return Proof("refuted", bound={}, counterexample=example)
