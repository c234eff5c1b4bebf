"""Programs run as plain Python on additional inputs: the check of every proof.

A proof interprets a program, its reference and its specification symbolically. Python defines their
semantics, so each claim is also tested in Python: on all small inputs, and on random ones that are
long, repeat values, or contain negative numbers. The text of a program is interpreted (`reading`),
never executed; the functions of a task run under a step limit, so that every run ends.
"""

import contextlib
import copy
import io
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from types import FrameType
from typing import Any

import numpy as np

from dlcompare.synthesis.dsl.limits import StepLimitError
from dlcompare.synthesis.dsl.reading import ReadFunction, ReadingError, read
from dlcompare.tasks.beyond import small_inputs, unusual_inputs
from dlcompare.tasks.problem import Inputs, Signature
from dlcompare.tasks.types import Value

__all__ = ["Criterion", "Tried", "judged", "limited", "readable", "tried", "vacuous"]

SMALL, UNUSUAL = 400, 300
"""The number of small and of random inputs that a program is tested on."""

STEPS = 100_000
"""The most steps of one call, for a program and for a function of the task."""

PATIENCE = 5
"""After this many small inputs on which a program exceeds the step limit, the test ends."""

ANSWERS = 20
"""Answers offered to a specification per input, one of which it should reject."""


class TooLongError(BaseException):
    """A function runs too long; ``except Exception`` in the function cannot catch this."""


@dataclass(frozen=True)
class Criterion:
    """The correctness of an answer, decided in plain Python.

    Attributes
    ----------
    expected : callable
        ``(inputs) -> answer``; it raises on inputs outside the domain.
    right : callable
        ``(inputs, output, expected) -> bool``.
    total : bool
        Whether a program must return on every input of the domain.
    """

    expected: Callable[[Inputs], Value]
    right: Callable[[Inputs, Value, Value], bool]
    total: bool = True


@dataclass(frozen=True)
class Tried:
    """The outcome of running a program.

    Attributes
    ----------
    inputs : int
        The number of inputs in the domain that it answers correctly.
    wrong_at : mapping, optional
        ``inputs`` with ``output`` or ``raises``, for the first wrong answer.
    reason : str, optional
        The reason why it was not tested, or the input on which it does not return.
    """

    inputs: int = 0
    wrong_at: dict[str, Any] | None = None
    reason: str | None = None


def readable(source: str) -> ReadFunction:
    """Return the program that a text defines, interpreted, with a limit on its steps.

    Raises
    ------
    ReadingError
        If the text is outside the interpreter's subset; the message names construct and line.
    """
    return read(source, STEPS)


def tried(
    source: str,
    signature: Signature,
    criterion: Criterion,
    seconds: float,
    first: Iterable[Inputs] = (),
) -> Tried:
    """Test a program on inputs beyond those that a sampler draws.

    Parameters
    ----------
    source : str
        A Python function.
    signature : Signature
        Name, parameters and result of the function.
    criterion : Criterion
        Decides whether an answer is right.
    seconds : float
        Time limit.
    first : iterable of inputs
        Inputs to test before the others.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT, list_of
    >>> largest = Signature("largest", (("xs", list_of(INT)),), INT)
    >>> criterion = Criterion(lambda row: max(row["xs"]), lambda row, output, best: output == best)
    >>> tried("def f(xs): return max(xs + [0])", largest, criterion, 10).wrong_at
    {'inputs': {'xs': [-1]}, 'output': 0, 'expected': -1}
    """
    try:
        program = readable(source)
    except ReadingError as error:
        return Tried(reason=f"not tried: {error}")
    deadline = time.monotonic() + seconds
    right = outside = 0
    endless: list[Inputs] = []
    small = small_inputs(signature, SMALL)
    unusual = unusual_inputs(signature, np.random.default_rng(0), UNUSUAL)
    rows = chain(((row, True) for row in first), _mixed(small, unusual))
    for inputs, is_small in rows:
        if time.monotonic() > deadline or len(endless) == PATIENCE:
            break
        verdict = judged(program, inputs, criterion, deadline)
        if isinstance(verdict, dict):
            return Tried(right, verdict)
        if verdict is True:
            right += 1
        elif verdict is False:
            outside += 1
        elif is_small:
            endless.append(inputs)
    if endless:
        said = f"it takes more than {STEPS:,} steps at {dict(endless[0])!r}, and may never return"
        return Tried(right, reason=said)
    if not right:
        said = f"on none of {outside} inputs can it be judged; they are outside the domain"
        return Tried(reason=said)
    return Tried(right)


def _mixed(
    small: Iterator[Inputs], unusual: Iterator[Inputs], turn: int = 50
) -> Iterator[tuple[Inputs, bool]]:
    """Yield both kinds in turns, so that a short time covers some of each."""
    while taken := [
        *((row, True) for row in islice(small, turn)),
        *((row, False) for row in islice(unusual, turn)),
    ]:
        yield from taken


def judged(
    program: Callable[..., Value], inputs: Inputs, criterion: Criterion, deadline: float
) -> dict[str, Any] | bool | None:
    """Judge the answer of a program to one input.

    Parameters
    ----------
    program : callable
    inputs : mapping of str to value
    criterion : Criterion
        Decides whether the answer is right.
    deadline : float
        Time limit, by the monotonic clock, in seconds.

    Returns
    -------
    bool, mapping or None
        True if the answer is right; False if the input is outside the domain; None if the program
        takes too many steps; otherwise a description of the wrong answer.
    """
    try:
        expected = limited(partial(criterion.expected, copy.deepcopy(inputs)), deadline)
    except (Exception, SystemExit, TooLongError):  # outside the domain, or undecided
        return False
    try:
        output = copy.deepcopy(program(*copy.deepcopy(list(inputs.values()))))
    except StepLimitError:
        return None
    except Exception as error:  # whatever Python raises: the program is undefined there
        if not criterion.total:
            return False
        return {"inputs": dict(inputs), "raises": type(error).__name__, "expected": expected}
    offered = copy.deepcopy((inputs, output, expected))
    try:
        if limited(partial(criterion.right, *offered), deadline):
            return True
    except TooLongError:
        return False
    except (Exception, SystemExit):  # the specification is undefined for this output
        pass
    wrong = {"inputs": dict(inputs), "output": output}
    return wrong | {"expected": expected} if criterion.total else wrong


def vacuous(signature: Signature, criterion: Criterion, seconds: float) -> bool:
    """Return whether a criterion accepts every answer, judged by small inputs and answers."""
    deadline = time.monotonic() + seconds
    answer = Signature("answer", (("result", signature.result),), signature.result)
    answers = [each["result"] for each in small_inputs(answer, ANSWERS)]
    offered = 0
    for inputs in chain(
        small_inputs(signature, SMALL),
        unusual_inputs(signature, np.random.default_rng(0), UNUSUAL),
    ):
        try:
            expected = limited(partial(criterion.expected, copy.deepcopy(inputs)), deadline)
        except (Exception, SystemExit, TooLongError):
            continue
        for output in answers:
            given = copy.deepcopy((inputs, output, expected))
            try:
                if not limited(partial(criterion.right, *given), deadline):
                    return False
            except (Exception, SystemExit):
                return False
            except TooLongError:
                continue
            offered += 1
        if time.monotonic() > deadline:
            break
    return offered > 0


def limited(run: Callable[[], Value], deadline: float) -> Value:
    """Call a function of the task, without output, under a step limit.

    A trace function counts the steps, which works in every thread. A single call into C cannot be
    interrupted.

    Raises
    ------
    TooLongError
        If it executes more than `STEPS` lines, or runs past the deadline.
    """
    left = STEPS

    def trace(frame: FrameType, event: str, argument: object) -> Any:  # noqa: ARG001
        nonlocal left
        left -= 1
        if left < 0 or (left % 256 == 0 and time.monotonic() > deadline):
            raise TooLongError
        return trace

    before = sys.gettrace()
    with contextlib.redirect_stdout(io.StringIO()):
        sys.settrace(trace)
        try:
            return run()
        finally:
            sys.settrace(before)
