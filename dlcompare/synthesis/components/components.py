"""Component-based synthesis of loop-free programs (Gulwani, Jha, Tiwari, Venkatesan, 2011).

The task is to connect given operations, each used at most once, so that they meet a specification
of inputs and output. As in the paper, every operation has a *location*, an operand takes its value
from a smaller location (acyclicity), and a solver finds locations that meet the specification on
the inputs so far; another query finds an input on which the program fails (CEGIS). Two differences
improve speed. The source of an operand is not encoded by its location (`solver_encoding`). And if
the specification determines the output, as it usually does, programs on words of up to 32 bits are
enumerated and run on the examples (`shortest_first`), and the solver only proves them. For other
relations between words, the solver searches at a small width, where queries are cheap, and proves
at the full width. A program that is right only at 5 bits costs another round at the full width.
"""

import itertools
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dlcompare.synthesis.components.domain import Component, Domain
from dlcompare.synthesis.components.repeatable_solver import OutOfEffortError
from dlcompare.synthesis.components.shortest_first import Enumeration
from dlcompare.synthesis.components.solver_encoding import (
    Connections,
    Constant,
    LoopFreeProgram,
    Specification,
    counterexample,
    output_of,
)
from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.tasks.errors import InputError

__all__ = ["Finding", "LoopFreeProgram", "Specification", "from_examples", "synthesize"]

SMALL_WIDTHS = (5, 4)
"""Five bits distinguish the operations, and division by a variable is still easy to solve."""

FIRST_EFFORT = 10_000_000
"""z3's resource limit for a query at a small width: about three seconds of a hard one.

The cost of a query varies a hundredfold with its first examples and the solver's seed, so a retry
with others is better than a long wait.
"""

FIRST_INPUTS = (0, 1, 0b1011_0100, -1, 0b0101_1000)

FIRST_EXAMPLES = 4
"""The number of examples in the first round; examples that a program fails are added."""

Status = Literal["proved", "infeasible", "timeout", "unproved"]


@dataclass(frozen=True)
class Finding:
    """The outcome of a synthesis.

    Attributes
    ----------
    status : {"proved", "infeasible", "timeout", "unproved"}
        ``proved``: the program meets the specification on all inputs. ``infeasible``: no
        connection of these operations does. ``timeout``: neither in the time given. ``unproved``:
        right on the examples or at a small width, but z3 did not decide it at the full one.
    program : LoopFreeProgram or None
        Present if ``proved`` or ``unproved``.
    counterexamples : int
        Inputs added as counterexamples, over all widths.
    seconds : float
        CPU time.
    """

    status: Status
    program: LoopFreeProgram | None
    counterexamples: int
    seconds: float


def synthesize(
    specification: Specification,
    inputs: Sequence[str],
    components: Sequence[Component],
    constants: Sequence[Constant | int] = (),
    width: int | None = 32,
    seconds: float = 60.0,
) -> Finding:
    """Connect components into a program that meets a specification on all inputs.

    Parameters
    ----------
    specification : callable
        Maps a `Domain`, the input terms and the output term to a z3 condition.
    inputs : sequence of str
        Names of the inputs.
    components : sequence of Component
        Each entry is used at most once; list an operation twice to allow two uses.
    constants : sequence of int or callable
        Constant operands; a callable computes one from the domain.
    width : int, optional
        Bits of a value; None for unbounded integers.
    seconds : float
        Time limit.

    Returns
    -------
    Finding

    Raises
    ------
    InputError
        If there are no inputs.

    Examples
    --------
    >>> from dlcompare.synthesis.components.domain import BITS, Domain
    >>> finding = synthesize(
    ...     lambda d, x, out: out == x & (x - 1), ["x"], [BITS["and"], BITS["sub"]], [1]
    ... )
    >>> print(finding.status, finding.program.python(Domain(32)), sep="\\n")
    proved
    def f(x):
        t1 = (x - 1) & 0xffffffff
        t2 = x & t1
        return t2
    """
    if not inputs:
        raise InputError("inputs=[] must name at least one input")
    start, deadline = time.process_time(), time.monotonic() + seconds
    numbers = tuple(c if callable(c) else _fixed(c) for c in constants)
    target = Domain(width)
    if Enumeration.covers(target, components):
        search = Enumeration(target, inputs, numbers, components)
        found = _enumerated(specification, search, deadline)
        if found is not None:
            status, program, added = found
            return Finding(status, program, added, time.process_time() - start)
    return _solved(specification, inputs, components, numbers, target, start, deadline)


def _enumerated(
    specification: Specification, search: Enumeration, deadline: float
) -> tuple[Status, LoopFreeProgram | None, int] | None:
    """Return the outcome of enumeration; None unless the specification determines the output."""
    domain, count = search.domain, len(search.inputs)
    rng = random.Random(0)
    undecided: LoopFreeProgram | None = None
    added = 0
    try:
        for number in (*FIRST_INPUTS, *(_drawn(rng, domain) for _ in range(2))):
            given = _spread(number, count, domain)
            output = output_of(specification, domain, given, deadline)
            if output is not None:
                search.add_example(given, output)
        for program in search.programs(deadline):
            try:
                failing = counterexample(program, domain, specification, deadline, FIRST_EFFORT)
            except OutOfEffortError:  # another form of the program may be easier to prove
                undecided = undecided or program
                continue
            if failing is None:
                return "proved", program, added
            output = output_of(specification, domain, failing, deadline)
            if output is None:
                return None
            search.add_example(failing, output)
            added += 1
        if undecided is None:
            return "infeasible", None, added
    except OutOfTimeError:
        pass
    return ("unproved" if undecided else "timeout"), undecided, added


def _drawn(rng: random.Random, domain: Domain) -> int:
    """Return a random number with trailing zeros, which many bit tricks depend on."""
    return rng.getrandbits(max(1, (domain.width or 1) - 3)) << 3


def _solved(
    specification: Specification,
    inputs: Sequence[str],
    components: Sequence[Component],
    numbers: Sequence[Constant],
    target: Domain,
    start: float,
    deadline: float,
) -> Finding:
    """Return the outcome of the solver."""
    width, added = target.width, 0
    program: LoopFreeProgram | None = None

    def finding(status: Status) -> Finding:
        kept = program if status in ("proved", "unproved") else None
        return Finding(status, kept, added, time.process_time() - start)

    def right(search: Connections, effort: int | None = None) -> LoopFreeProgram | None:
        """Return a program that is right on all inputs of the search's width, or None."""
        nonlocal added
        while (candidate := search.candidate(deadline, effort)) is not None:
            failing = counterexample(candidate, search.domain, specification, deadline)
            if failing is None:
                return candidate
            added += 1
            search.add_example(failing)
        return None

    try:
        if width is not None and width > max(SMALL_WIDTHS):
            for attempt in itertools.count():
                # A solution usually uses all operations; if none does, that proves nothing.
                every_one = attempt % 4 > 0
                domain = Domain(SMALL_WIDTHS[every_one])
                search = Connections(
                    domain, inputs, numbers, components, specification, attempt, every_one
                )
                for number in _first_inputs(attempt, len(inputs)):
                    search.add_example(_spread(number, len(inputs), domain))
                try:
                    program = right(search, FIRST_EFFORT * (1 + attempt // 8))
                except OutOfEffortError:
                    continue
                if program is not None or not every_one:
                    break
        if program is not None:
            if counterexample(program, target, specification, deadline) is None:
                return finding("proved")
            program = None  # right at the small width only
        search = Connections(target, inputs, numbers, components, specification)
        for number in _first_inputs(0, len(inputs)):
            search.add_example(_spread(number, len(inputs), target))
        program = right(search)
    except OutOfTimeError:
        return finding("timeout" if program is None else "unproved")
    return finding("infeasible" if program is None else "proved")


def _first_inputs(attempt: int, inputs: int) -> Sequence[int]:
    """Return the numbers of the first examples, different in each attempt."""
    if attempt == 0:
        return FIRST_INPUTS[: max(2, len(FIRST_INPUTS) - inputs)]
    rng = random.Random(attempt)
    return [rng.randrange(1, 2 ** min(SMALL_WIDTHS)) for _ in range(2)]


def _fixed(number: int) -> Constant:
    return lambda _: number


def _spread(number: int, count: int, domain: Domain) -> tuple[int, ...]:
    """Return a distinct number for each input, so that inputs are not confused."""
    bound = 2 ** (domain.width or max(SMALL_WIDTHS))
    return tuple((number * (2 * i + 1) + 3 * i) % bound for i in range(count))


def from_examples(
    inputs: Sequence[str],
    components: Sequence[Component],
    constants: Sequence[int],
    examples: Sequence[tuple[tuple[int, ...], int]],
    domain: Domain,
    seconds: float,
) -> Finding:
    """Connect components into a program that answers examples, which is then ``proved``.

    Parameters
    ----------
    inputs, components, constants
        As for `synthesize`.
    examples : sequence of (tuple of int, int)
        Inputs, one number for each name, and the output.
    domain : Domain
        The domain of the numbers: words of up to 32 bits.
    seconds : float
        Time limit.

    Examples
    --------
    >>> from dlcompare.synthesis.components.domain import BITS
    >>> finding = from_examples(
    ...     ["x"], [BITS["and"], BITS["neg"]], [], [((12,), 4), ((7,), 1)], Domain(8), 10.0
    ... )
    >>> finding.status, finding.program.run((40,), Domain(8))
    ('proved', 8)
    """
    start, deadline = time.process_time(), time.monotonic() + seconds
    search = Enumeration(domain, inputs, [_fixed(c) for c in constants], components)
    for given, output in examples[:FIRST_EXAMPLES]:
        search.add_example(given, output)
    added = 0
    try:
        for program in search.programs(deadline):
            missed = ((row, out) for row, out in examples if program.run(row, domain) != out)
            failing = next(missed, None)
            if failing is None:
                return Finding("proved", program, added, time.process_time() - start)
            search.add_example(*failing)
            added += 1
    except OutOfTimeError:
        return Finding("timeout", None, added, time.process_time() - start)
    return Finding("infeasible", None, added, time.process_time() - start)
