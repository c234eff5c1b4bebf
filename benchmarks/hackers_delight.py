"""Component-based synthesis on Hacker's Delight.

    python -m benchmarks.hackers_delight [--timeout SECONDS] [--only P1 P2 ...] [--json]

The problems are P1 to P20 of Gulwani, Jha, Tiwari and Venkatesan (2011), after Warren, Hacker's
Delight (2002). Each is given the operations of its known program and the constants in it, and the
function to be met on all 32-bit inputs; how the operations are connected is what is sought. Seconds
are CPU time on one core.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3

from dlcompare.synthesis.smt.components import Finding, synthesize
from dlcompare.synthesis.smt.domain import BITS, Domain

Term = Any


@dataclass(frozen=True)
class Problem:
    """One function to find: its inputs, operations, constants and meaning."""

    title: str
    inputs: str
    operations: str
    meaning: Callable[..., Term]
    constants: tuple[int | Callable[[Domain], int], ...] = ()


def sign_place(domain: Domain) -> int:
    return (domain.width or 1) - 1


def nlz(domain: Domain, x: Term) -> Term:
    """Number of leading zeros."""
    width = domain.width or 1
    count = domain.value(width)
    for bit in range(width):
        count = z3.If(z3.Extract(bit, bit, x) == 1, domain.value(width - 1 - bit), count)
    return count


def lowest_one(x: Term) -> Term:
    return x & -x


def average(x: Term, y: Term, up: int) -> Term:
    wide = z3.ZeroExt(1, x) + z3.ZeroExt(1, y) + up
    return z3.Extract(x.size() - 1, 0, z3.LShR(wide, 1))


def sign(d: Domain, x: Term) -> Term:
    return z3.If(x < 0, d.value(-1), z3.If(x == 0, d.value(0), d.value(1)))


def is_power_of_two(d: Domain, x: Term) -> Term:
    return d.truth(z3.Or(*(x == d.value(1 << bit) for bit in range(d.width or 1))))


def exchanged(x: Term, mask: Term, k: Term) -> Term:
    """The fields of x at mask and at mask << k, exchanged."""
    low, high = x & mask, z3.LShR(x, k) & mask
    return (x & ~(mask | (mask << k))) | (low << k) | high


def next_with_as_many_ones(x: Term) -> Term:
    lowest = lowest_one(x)
    ripple = x + lowest
    return ripple | z3.UDiv(z3.LShR(x ^ ripple, 2), lowest)


PROBLEMS = {
    "P1": Problem("turn off the rightmost 1", "x", "sub and", lambda _, x: x - lowest_one(x), (1,)),
    "P2": Problem("0 for 2ⁿ−1", "x", "add and", lambda _, x: x & (x + 1), (1,)),
    "P3": Problem("isolate the rightmost 1", "x", "neg and", lambda _, x: x & ~(x - 1)),
    "P4": Problem(
        "mask rightmost 1 and trailing 0s", "x", "sub xor", lambda _, x: (x - 1) ^ x, (1,)
    ),
    "P5": Problem("propagate the rightmost 1", "x", "sub or", lambda _, x: x | (x - 1), (1,)),
    "P6": Problem("turn on the rightmost 0", "x", "add or", lambda _, x: x + lowest_one(~x), (1,)),
    "P7": Problem("isolate the rightmost 0", "x", "not add and", lambda _, x: lowest_one(~x), (1,)),
    "P8": Problem("mask the trailing 0s", "x", "sub not and", lambda _, x: lowest_one(x) - 1, (1,)),
    "P9": Problem(
        "absolute value", "x", "ashr xor sub", lambda _, x: z3.If(x < 0, -x, x), (sign_place,)
    ),
    "P10": Problem(
        "nlz(x) = nlz(y)",
        "x y",
        "and xor ule",
        lambda d, x, y: d.truth(nlz(d, x) == nlz(d, y)),
    ),
    "P11": Problem(
        "nlz(x) < nlz(y)",
        "x y",
        "not and ult",
        lambda d, x, y: d.truth(z3.ULT(nlz(d, x), nlz(d, y))),
    ),
    "P12": Problem(
        "nlz(x) ≤ nlz(y)",
        "x y",
        "not and ule",
        lambda d, x, y: d.truth(z3.ULE(nlz(d, x), nlz(d, y))),
    ),
    "P13": Problem("sign", "x", "ashr neg lshr or", sign, (sign_place,)),
    "P14": Problem(
        "average, rounded down",
        "x y",
        "and xor lshr add",
        lambda _, x, y: average(x, y, 0),
        (1,),
    ),
    "P15": Problem(
        "average, rounded up",
        "x y",
        "or xor lshr sub",
        lambda _, x, y: average(x, y, 1),
        (1,),
    ),
    "P16": Problem(
        "maximum, unsigned",
        "x y",
        "xor ule neg and xor",
        lambda _, x, y: z3.If(z3.UGE(x, y), x, y),
    ),
    "P17": Problem(
        "turn off the rightmost run of 1s",
        "x",
        "sub or add and",
        lambda _, x: (x + lowest_one(x)) & x,
        (1,),
    ),
    "P18": Problem("is a power of two", "x", "sub and redor iszero and", is_power_of_two, (1,)),
    "P19": Problem(
        "exchange two fields",
        "x m k",
        "lshr xor and shl xor xor",
        lambda _, x, m, k: exchanged(x, m, k),
    ),
    "P20": Problem(
        "next with as many 1s",
        "x",
        "neg and add xor lshr udiv or",
        lambda _, x: next_with_as_many_ones(x),
        (2,),
    ),
}


def apart(mask: Term, k: Term) -> Term:
    """The two fields do not overlap and none is cut off, or exchanging them has no meaning."""
    return z3.And(mask & (mask << k) == 0, z3.LShR(mask << k, k) == mask, z3.ULT(k, k.size()))


def attempt(problem: Problem, seconds: float) -> Finding:
    def meets(domain: Domain, *terms: Term) -> Term:
        *inputs, output = terms
        wanted = output == problem.meaning(domain, *inputs)
        return z3.Implies(apart(*inputs[1:]), wanted) if len(inputs) == 3 else wanted

    return synthesize(
        meets,
        problem.inputs.split(),
        [BITS[name] for name in problem.operations.split()],
        problem.constants,
        seconds=seconds,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a problem")
    parser.add_argument("--only", nargs="+", choices=PROBLEMS, help="these problems")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    rows = {}
    print(f"     {'':34} status      operations  inputs  seconds")
    for name in options.only or PROBLEMS:
        problem = PROBLEMS[name]
        finding = attempt(problem, options.timeout)
        steps = str(len(finding.program.steps)) if finding.program else "-"
        print(
            f"{name:4} {problem.title:34} {finding.status:10} {steps:>11}"
            f"  {finding.counterexamples:6}  {finding.seconds:7.2f}",
            flush=True,
        )
        rows[name] = {"status": finding.status, "seconds": finding.seconds}
    proved = sum(row["status"] == "proved" for row in rows.values())
    print(f"proved on all 32-bit inputs: {proved} of {len(rows)}")
    if options.json:
        print(json.dumps({"problems": rows, "proved": proved}))


if __name__ == "__main__":
    main()
