"""Programs proved right, or refuted by a counterexample, for all inputs up to a bound.

The bound is on the length of lists and texts; numbers are any integers, characters those that ASCII
prints. Every shape of input is executed
symbolically, and on every path the claim (the specification holds of the result, or another program
gives the same) is seen to follow, or z3 is asked for an input where it does not. What z3 finds is
checked by running the program on it.
"""

import ast
import builtins
import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Literal

from dlcompare.synthesis.smt.execution import Closure, Execution, OutOfTimeError
from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.scopes import imported
from dlcompare.synthesis.smt.shapes import CHARACTERS, characters_of, inputs_of, value_in
from dlcompare.synthesis.smt.source import definition_of
from dlcompare.synthesis.smt.symbols import Bool, atom, negation, truth_variable
from dlcompare.synthesis.smt.values import (
    Raised,
    UnsupportedError,
    Value,
    equality,
    truth,
)
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import Type

__all__ = [
    "LONGEST",
    "ROUNDS",
    "Proof",
    "parsed",
    "verify",
]

LONGEST = 7
"""The longest lists that are looked at."""

ROUNDS = 12
"""How often a loop may go round where the length of a list does not say it."""

LEAST = 2
"""What is shown for shorter lists only is no proof."""


@dataclass(frozen=True)
class Proof:
    """What is known about a program and a claim.

    Attributes
    ----------
    status : {"proved", "refuted", "unknown"}
    method : {"bounded", "induction"}
    bound : mapping of str to int
        ``length``: up to which length of lists; ``rounds``: up to how many rounds of a loop;
        ``bits``: for numbers of so many bits, none of them negative. Empty where it is for all
        inputs.
    counterexample : mapping, optional
        ``inputs`` and ``output``, or ``raises``; only where refuted.
    reason : str, optional
        Why it is unknown; by induction also the obligations that were proved.
    """

    status: Literal["proved", "refuted", "unknown"]
    method: Literal["bounded", "induction"] = "bounded"
    bound: Mapping[str, int] | None = None
    counterexample: Mapping[str, Value] | None = None
    reason: str | None = None


class _Refuted(Exception):  # noqa: N818 - a finding, not a fault
    def __init__(self, inputs: dict[str, Value]) -> None:
        super().__init__()
        self.inputs = inputs


Claim = Callable[[Execution, list[Value], Value, Path], Iterator[tuple[Path, Any]]]
"""(execution, inputs, result, path) -> whether the result is right, on every path."""


def parsed(source: str) -> Closure:
    """The last function that a Python text defines, for symbolic execution."""
    body = ast.parse(source).body
    functions = [node for node in body if isinstance(node, ast.FunctionDef)]
    names: dict[str, Value] = dict(vars(builtins))
    for each in body:
        names |= imported(each)
    for node in functions:
        names[node.name] = Closure(node, names)
    return Closure(functions[-1], names)


def verify(
    source: str,
    signature: Signature,
    ensures: Callable[..., object] | None = None,
    reference: Callable[..., Value] | None = None,
    seconds: float = 10.0,
    longest: int = LONGEST,
    by_induction: bool = True,
) -> Proof:
    """Prove a program right, as far as the time reaches.

    Parameters
    ----------
    source : str
        A Python function; its result is judged.
    signature : Signature
        Of the function.
    ensures : callable, optional
        ``(inputs..., result) -> bool``; without it the result must be that of the reference.
    reference : callable, optional
        The definition of correct. Inputs that it raises on, or that `ensures` does not hold of its
        own answer for, are outside the domain.
    seconds : float
        To stop after.
    longest : int
        The longest lists to look at.
    by_induction : bool
        Whether a proof for every length is tried first (`induction`).

    Examples
    --------
    >>> from dlcompare.tasks.types import INT
    >>> signature = Signature("f", (("x", INT),), INT)
    >>> verify("def f(x): return x if x > 0 else -x", signature, reference=abs).status
    'proved'
    >>> verify("def f(x): return x", signature, reference=abs).counterexample
    {'inputs': {'x': -1}, 'output': -1}
    """
    from dlcompare.synthesis.smt.induction import obligations

    if ensures is None and reference is None:
        raise ValueError("either a specification or a reference is needed to judge by")
    failed = None
    if by_induction and ensures is not None:
        try:
            shown = obligations(parsed(source), ensures)
        except UnsupportedError:
            shown = []
        if shown and all(each.proved for each in shown):
            listed = "; ".join(each.name for each in shown)
            return Proof("proved", "induction", {}, reason=f"shown: {listed}")
        failed = next((each.name for each in shown if not each.proved), None)
    attempt = _Attempt(source, signature, ensures, reference, time.monotonic() + seconds)
    reached = -1
    cut = False
    kinds = {name for _, type_ in signature.parameters for name in _names(type_)}
    lists = bool(kinds & {"list", "str"})
    note = f"texts are of the characters {CHARACTERS}" if "str" in kinds else None
    reason = f"its time of {seconds:g} s is over"
    collecting = gc.isenabled()
    gc.disable()  # nothing of an execution is cyclic, and there is much of it
    try:
        for length in range(longest + 1 if lists else 1):
            for inputs in inputs_of(signature, length):
                cut |= attempt.examine(inputs) > 0
            reached = length
    except _Refuted as found:
        return attempt.refutation(found.inputs)
    except UnsupportedError as error:
        return attempt.on_words(str(error))
    except RecursionError:
        return Proof("unknown", bound={}, reason="it is nested too deeply")
    except OutOfTimeError:
        pass
    except _UndecidedError as error:
        reason = str(error)
    finally:
        if collecting:
            gc.enable()
    bound = ({"length": reached} if lists else {}) | ({"rounds": ROUNDS} if cut else {})
    if reached < (min(LEAST, longest) if lists else 0):
        return Proof("unknown", bound={}, reason=reason)
    open_ = f"for every length it is open whether {failed}" if failed else None
    return Proof("proved", bound=bound, reason=open_ or note)


class _UndecidedError(Exception):
    """The solver gave up, or a counterexample could not be confirmed."""


class _Attempt:
    def __init__(
        self,
        source: str,
        signature: Signature,
        ensures: Callable[..., object] | None,
        reference: Callable[..., Value] | None,
        deadline: float,
    ) -> None:
        from dlcompare.synthesis.smt.terms import Terms

        self.source = source
        self.signature = signature
        self.program = parsed(source)
        self.ensures = ensures
        self.reference = reference
        self.deadline = deadline
        self.terms = Terms()

    def examine(self, inputs: dict[str, Value]) -> int:
        """Look at all inputs of one shape; return how many paths were cut off."""
        start = characters_of(inputs.values())
        try:
            return self._examine(inputs, [start])
        except _Refuted as found:
            if self.reference is None or self._in_domain(found.inputs):
                raise
        run = Execution(ROUNDS, self.deadline)
        try:
            domain = list(self._domain(run, inputs, start))
        except UnsupportedError as error:
            raise _UndecidedError(
                f"the domain of the reference cannot be told ({error}); outside it the program is "
                "not right"
            ) from None
        return self._examine(inputs, domain) + run.cut

    def _domain(self, run: Execution, inputs: dict[str, Value], start: Path) -> Iterator[Path]:
        """Paths that are together all inputs for which the reference is right."""
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

    def _examine(self, inputs: dict[str, Value], domain: list[Path]) -> int:
        run = Execution(ROUNDS, self.deadline)
        arguments = list(inputs.values())
        for start in domain:
            for path, result in run.call(self.program, arguments, start):
                if isinstance(result, Raised):
                    for after, wrong in self._needed(run, arguments, path):
                        self._refute(inputs, after, wrong)
                    continue
                for after, right in self._right(run, arguments, result, path):
                    wrong = True if isinstance(right, Raised) else negation(truth(right))
                    self._refute(inputs, after, wrong)
        return run.cut

    def _needed(
        self, run: Execution, arguments: list[Value], path: Path
    ) -> Iterator[tuple[Path, Bool]]:
        """Where an answer is asked for: where not every answer meets the specification."""
        atoms = {"int": atom("variable", "any answer"), "bool": truth_variable("any answer")}
        answer = atoms.get(self.signature.result.name)
        if answer is None or self.ensures is None:
            yield path, True
            return
        for after, right in run.call(self.ensures, [*arguments, answer], path):
            yield after, True if isinstance(right, Raised) else negation(truth(right))

    def _refute(self, inputs: dict[str, Value], path: Path, wrong: Bool) -> None:
        """Raise `_Refuted` if there is an input on the path for which this holds."""
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
        """Compare the program with the reference as bit-vectors, where all inputs are numbers.

        That is for what symbolic execution does not cover, for that `reason`.
        """
        from dlcompare.synthesis.smt.words import BITS, differing

        numbers = all(type_.name == "int" for _, type_ in self.signature.parameters)
        reference = self.reference
        if not numbers or not isinstance(reference, FunctionType):
            return Proof("unknown", bound={}, reason=reason)
        program, written = self.program.node, definition_of(reference)
        if not isinstance(program, ast.FunctionDef) or not isinstance(written, ast.FunctionDef):
            return Proof("unknown", bound={}, reason=reason)
        names = self.program.names, reference.__globals__
        try:
            inputs = differing(program, written, names, self.deadline - time.monotonic())
        except (UnsupportedError, TimeoutError) as error:
            said = f"{reason}; as bit-vectors of {BITS} bits: {error}"
            return Proof("unknown", bound={}, reason=said)
        if inputs is None:
            note = f"it gives what the reference gives, for all numbers from 0 to 2^{BITS} - 1"
            return Proof("proved", bound={"bits": BITS}, reason=note)
        found = self.refutation(inputs) if self._in_domain(inputs) else None
        if found is None or found.status != "refuted":
            said = f"{reason}; it differs from the reference at {inputs}, which refutes nothing"
            return Proof("unknown", bound={}, reason=said)
        return found

    def _in_domain(self, inputs: Mapping[str, Value]) -> bool:
        try:
            expected = self.reference(**inputs)  # type: ignore[misc]
            return self.ensures is None or bool(self.ensures(**inputs, result=expected))
        except Exception:  # whatever Python raises: not in the domain
            return False

    def refutation(self, inputs: dict[str, Value]) -> Proof:
        """The counterexample, confirmed by running the program on it."""
        namespace: dict[str, Any] = {}
        exec(compile(self.source, "<program>", "exec"), namespace)
        try:
            output = namespace[self.program.node.name](**inputs)  # type: ignore[union-attr]
        except Exception as error:  # whatever Python raises: the program is undefined there
            return Proof(
                "refuted",
                bound={},
                counterexample={"inputs": inputs, "raises": type(error).__name__},
            )
        try:
            if self.ensures is not None:
                right = bool(self.ensures(**inputs, result=output))
            else:
                right = bool(output == self.reference(**inputs))  # type: ignore[misc]
        except Exception:  # the specification is undefined for this output
            right = False
        if right:
            return Proof(
                "unknown", bound={}, reason=f"z3's counterexample {inputs!r} is none when it is run"
            )
        return Proof("refuted", bound={}, counterexample={"inputs": inputs, "output": output})


def _names(type_: Type) -> Iterator[str]:
    """The names of a type and of all within it."""
    yield type_.name
    for part in type_.parameters:
        yield from _names(part)
