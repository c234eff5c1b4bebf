"""Components: the operations of loop-free programs.

Each has a z3 term, which defines its semantics, and Python source, which the tests compare with the
term. Truth values are 1 and 0 of the program's own sort, as in Gulwani et al. (2011).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3

__all__ = ["BITS", "INTEGERS", "Component", "Domain"]

Term = Any
"""A z3 expression; z3 carries no types."""


@dataclass(frozen=True)
class Domain:
    """The sort of all values of a program.

    Attributes
    ----------
    width : int or None
        Bits of a bit-vector; None for the unbounded integers.
    """

    width: int | None

    def variable(self, name: str) -> Term:
        """Return the variable of a name."""
        return z3.Int(name) if self.width is None else z3.BitVec(name, self.width)

    def value(self, number: int) -> Term:
        """Return the term of a number."""
        return z3.IntVal(number) if self.width is None else z3.BitVecVal(number, self.width)

    def truth(self, condition: Term) -> Term:
        """Return 1 if a condition holds, else 0."""
        return z3.If(condition, self.value(1), self.value(0))

    def number(self, value: Term) -> int:
        """Return the number that a constant term stands for; a bit-vector's is unsigned."""
        return int(value.as_long())


@dataclass(frozen=True)
class Component:
    """One operation.

    Attributes
    ----------
    name : str
        Its printed name.
    arity : int
        The number of operands.
    apply : callable
        Maps the domain and the operands' z3 terms to the z3 term of the result.
    python : str
        Python source over the operands ``{0}``, ``{1}``, … and ``{mask}``, ``{sign}``, ``{bits}``
        of the domain; operands and result are unsigned numbers.
    commutative : bool
        Whether the operation is commutative, which halves the search.
    """

    name: str
    arity: int
    apply: Callable[..., Term]
    python: str
    commutative: bool = False


def _component(
    name: str, arity: int, apply: Callable[..., Term], python: str, commutative: bool = False
) -> tuple[str, Component]:
    return name, Component(name, arity, apply, python, commutative)


_SIGNED = "((({0}) ^ {sign}) - {sign})"

BITS: dict[str, Component] = dict(
    [
        _component("add", 2, lambda _, x, y: x + y, "({0} + {1}) & {mask}", True),
        _component("sub", 2, lambda _, x, y: x - y, "({0} - {1}) & {mask}"),
        _component("mul", 2, lambda _, x, y: x * y, "({0} * {1}) & {mask}", True),
        _component("and", 2, lambda _, x, y: x & y, "{0} & {1}", True),
        _component("or", 2, lambda _, x, y: x | y, "{0} | {1}", True),
        _component("xor", 2, lambda _, x, y: x ^ y, "{0} ^ {1}", True),
        _component("not", 1, lambda _, x: ~x, "{0} ^ {mask}"),
        _component("neg", 1, lambda _, x: -x, "-{0} & {mask}"),
        _component("shl", 2, lambda _, x, y: x << y, "({0} << min({1}, {bits})) & {mask}"),
        _component("lshr", 2, lambda _, x, y: z3.LShR(x, y), "{0} >> min({1}, {bits})"),
        _component(
            "ashr", 2, lambda _, x, y: x >> y, f"({_SIGNED} >> min({{1}}, {{bits}})) & {{mask}}"
        ),
        _component("udiv", 2, lambda _, x, y: z3.UDiv(x, y), "({0} // {1} if {1} else {mask})"),
        _component("ule", 2, lambda d, x, y: d.truth(z3.ULE(x, y)), "int({0} <= {1})"),
        _component("ult", 2, lambda d, x, y: d.truth(z3.ULT(x, y)), "int({0} < {1})"),
        _component("redor", 1, lambda d, x: d.truth(x != 0), "int({0} != 0)"),
        _component("iszero", 1, lambda d, x: d.truth(x == 0), "int({0} == 0)"),
    ]
)
"""Operations on bit-vectors, by name."""

INTEGERS: dict[str, Component] = dict(
    [
        _component("add", 2, lambda _, x, y: x + y, "{0} + {1}", True),
        _component("sub", 2, lambda _, x, y: x - y, "{0} - {1}"),
        _component("neg", 1, lambda _, x: -x, "-{0}"),
        _component("max", 2, lambda _, x, y: z3.If(x >= y, x, y), "max({0}, {1})", True),
        _component("min", 2, lambda _, x, y: z3.If(x <= y, x, y), "min({0}, {1})", True),
        _component("less", 2, lambda d, x, y: d.truth(x < y), "int({0} < {1})"),
        _component(
            "select",
            3,
            lambda _, c, x, y: z3.If(c != 0, x, y),
            "({1} if {0} else {2})",
        ),
    ]
)
"""Operations on unbounded integers, by name."""
