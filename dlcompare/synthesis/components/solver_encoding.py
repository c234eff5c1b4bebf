"""Constraints, for a solver, on the connections between operations of a loop-free program.

The source of an operand is encoded with one Boolean per source, and locations only order the
operations. Independent operations then have no order, which removes most symmetric programs; an
order of equal operations and of the operands of commutative ones removes the rest. An unused
operation is wired to the first input, so that there is only one way not to use it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import z3

from dlcompare.synthesis.components.domain import Component, Domain, Term
from dlcompare.synthesis.components.repeatable_solver import RepeatableSolver

__all__ = [
    "Connections",
    "Constant",
    "LoopFreeProgram",
    "Specification",
    "counterexample",
    "output_of",
]

Specification = Callable[..., Any]
"""Maps a domain, the input terms and the output term to the z3 condition that must hold."""

Constant = Callable[[Domain], int]
"""A number that may depend on the width, such as the number of bits less one."""

FEW_BITS = 8
"""Words up to this width are solved bit by bit."""


@dataclass(frozen=True)
class LoopFreeProgram:
    """Operations in order, each on inputs, constants and earlier results.

    Attributes
    ----------
    inputs : tuple of str
        Names of the inputs. Values are numbered: inputs, then constants, then results of steps.
    constants : tuple of callable
        Each maps a domain to a number.
    steps : tuple of (Component, tuple of int)
        Operations with the numbers of their operands.
    result : int
        The number of the returned value.
    """

    inputs: tuple[str, ...]
    constants: tuple[Constant, ...]
    steps: tuple[tuple[Component, tuple[int, ...]], ...]
    result: int

    def term(self, domain: Domain, inputs: Sequence[Term]) -> Term:
        """Return the z3 term of the output."""
        values = [*inputs, *(domain.value(constant(domain)) for constant in self.constants)]
        for component, operands in self.steps:
            values.append(component.apply(domain, *(values[o] for o in operands)))
        return values[self.result]

    def run(self, inputs: Sequence[int], domain: Domain) -> int:
        """Return the output for given inputs."""
        term = self.term(domain, [domain.value(number) for number in inputs])
        return domain.number(z3.simplify(term))

    def python(self, domain: Domain, name: str = "f") -> str:
        """Return the source of a Python function on (unsigned) numbers."""
        bits = domain.width or 0
        shown = {"mask": hex(2**bits - 1), "sign": hex(2**bits >> 1), "bits": str(bits)}
        values = [*self.inputs, *(str(constant(domain)) for constant in self.constants)]
        lines = [f"def {name}({', '.join(self.inputs)}):"]
        step = "t"
        while any(each.startswith(step) for each in self.inputs):
            step += "_"
        for number, (component, operands) in enumerate(self.steps, start=1):
            source = component.python.format(*(values[o] for o in operands), **shown)
            lines.append(f"    {step}{number} = {source}")
            values.append(f"{step}{number}")
        return "\n".join([*lines, f"    return {values[self.result]}"])


class Connections:
    """The constraints of one synthesis problem at one width."""

    def __init__(
        self,
        domain: Domain,
        inputs: Sequence[str],
        constants: Sequence[Constant],
        components: Sequence[Component],
        specification: Specification,
        seed: int = 0,
        every_one: bool = False,
    ) -> None:
        self.domain, self.inputs, self.constants = domain, tuple(inputs), tuple(constants)
        self.components, self.specification = tuple(components), specification
        self.solver = RepeatableSolver(_logic(domain.width), seed)
        self.given = len(inputs) + len(constants)
        self.examples: list[tuple[int, ...]] = []
        sources, count = self.given + len(components), len(components)
        # takes[i][j][k]: operand j of component i is value k. returns[k]: the output is value k.
        self.takes = [
            [[z3.Bool(f"takes_{i}_{j}_{k}") for k in range(sources)] for j in range(c.arity)]
            for i, c in enumerate(components)
        ]
        self.returns = [z3.Bool(f"returns_{k}") for k in range(sources)]
        bits = max(1, count.bit_length())
        self.location = [z3.BitVec(f"location_{i}", bits) for i in range(count)]
        self._well_formed()
        self._without_symmetries()
        if every_one:
            self.solver.add(*(self._used(i) for i in range(count)))

    def _well_formed(self) -> None:
        add = self.solver.add
        for choice in [self.returns, *(operand for takes in self.takes for operand in takes)]:
            # Pairwise, since the solver's own cardinality constraint takes ten times as long.
            add(z3.Or(*choice), *(z3.Not(z3.And(*two)) for two in combinations(choice, 2)))
        for i, takes in enumerate(self.takes):
            for operand in takes:
                for k in range(len(self.components)):
                    earlier = z3.ULT(self.location[k], self.location[i])
                    add(z3.Implies(operand[self.given + k], earlier))

    def _without_symmetries(self) -> None:
        add = self.solver.add
        for i, (component, takes) in enumerate(zip(self.components, self.takes, strict=True)):
            add(z3.Implies(z3.Not(self._used(i)), z3.And(*(operand[0] for operand in takes))))
            # An operation on constants only is a constant, which the library should provide.
            if self.inputs:
                known = range(len(self.inputs), self.given)
                computed = [z3.Or(*(operand[k] for k in known)) for operand in takes]
                if self.constants:
                    add(z3.Not(z3.And(*computed)))
            if component.commutative:
                first, second = takes
                for k in range(len(first)):
                    add(z3.Implies(first[k], z3.And(*(z3.Not(s) for s in second[:k]))))
            for k in range(i):
                if self.components[k] is component:
                    add(z3.ULT(self.location[k], self.location[i]))

    def _used(self, i: int) -> Any:
        me = self.given + i
        return z3.Or(self.returns[me], *(o[me] for other in self.takes for o in other))

    def add_example(self, numbers: tuple[int, ...]) -> None:
        """Add the specification at one more input."""
        mark = len(self.examples)
        self.examples.append(numbers)
        domain, add = self.domain, self.solver.add
        given = [domain.value(number) for number in numbers]
        values = [*given, *(domain.value(constant(domain)) for constant in self.constants)]
        values += [domain.variable(f"value_{mark}_{i}") for i in range(len(self.components))]
        for i, (component, takes) in enumerate(zip(self.components, self.takes, strict=True)):
            operands = [domain.variable(f"operand_{mark}_{i}_{j}") for j in range(len(takes))]
            for operand, choice in zip(operands, takes, strict=True):
                for value, chosen in zip(values, choice, strict=True):
                    add(z3.Implies(chosen, operand == value))
            add(values[self.given + i] == component.apply(domain, *operands))
        output = domain.variable(f"output_{mark}")
        for value, chosen in zip(values, self.returns, strict=True):
            add(z3.Implies(chosen, output == value))
        add(self.specification(domain, *given, output))

    def candidate(self, deadline: float, effort: int | None = None) -> LoopFreeProgram | None:
        """Return a program that answers the examples; None if there is none."""
        if not self.solver.check(deadline, effort):
            return None
        model = self.solver.model()

        def chosen(choice: Sequence[Term]) -> int:
            return next(k for k, source in enumerate(choice) if z3.is_true(model[source]))

        order = sorted(
            range(len(self.components)),
            key=lambda i: model.eval(self.location[i], model_completion=True).as_long(),
        )
        place = {k: k for k in range(self.given)}
        steps: list[tuple[Component, tuple[int, ...]]] = []
        wanted, queue = set(), [chosen(self.returns)]
        while queue:
            k = queue.pop()
            if k >= self.given and k not in wanted:
                wanted.add(k)
                queue += [chosen(operand) for operand in self.takes[k - self.given]]
        for i in order:
            if self.given + i in wanted:
                operands = tuple(place[chosen(operand)] for operand in self.takes[i])
                place[self.given + i] = self.given + len(steps)
                steps.append((self.components[i], operands))
        result = place[chosen(self.returns)]
        return LoopFreeProgram(self.inputs, self.constants, tuple(steps), result)


def _logic(width: int | None) -> str | None:
    if not width:
        return None
    # Words of a few bits are a finite domain: bit-blast at once, without rewriting.
    return "QF_FD" if width <= FEW_BITS else "QF_BV"


def counterexample(
    program: LoopFreeProgram,
    domain: Domain,
    specification: Specification,
    deadline: float,
    effort: int | None = None,
) -> tuple[int, ...] | None:
    """Return an input on which a program fails its specification; None proves there is none.

    Parameters
    ----------
    program : LoopFreeProgram
    domain : Domain
    specification : callable
        Maps a domain, the input terms and the output term to a z3 condition.
    deadline : float
        Time limit, by the monotonic clock, in seconds.
    effort : int, optional
        z3's resource limit.

    Raises
    ------
    OutOfEffortError, OutOfTimeError
        If z3 does not decide within its limits.
    """
    solver = RepeatableSolver("QF_BV" if domain.width else None)
    inputs = [domain.variable(f"input_{name}") for name in program.inputs]
    solver.add(z3.Not(specification(domain, *inputs, program.term(domain, inputs))))
    if not solver.check(deadline, effort):
        return None
    model = solver.model()
    return tuple(domain.number(model.eval(i, model_completion=True)) for i in inputs)


def output_of(
    specification: Specification, domain: Domain, given: Sequence[int], deadline: float
) -> int | None:
    """Return the output that a specification demands; None if there is not exactly one.

    Parameters
    ----------
    specification : callable
        Maps a domain, the input terms and the output term to a z3 condition.
    domain : Domain
    given : sequence of int
        One number per input.
    deadline : float
        Time limit, by the monotonic clock, in seconds.
    """
    output = domain.variable("output")
    meets = specification(domain, *(domain.value(number) for number in given), output)
    solver = RepeatableSolver("QF_BV" if domain.width else None)
    solver.add(z3.simplify(meets))
    if not solver.check(deadline):
        return None
    only = solver.model().eval(output, model_completion=True)
    solver.add(output != only)
    return None if solver.check(deadline) else domain.number(only)
