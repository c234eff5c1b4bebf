"""Component-based synthesis on Hacker's Delight.

    python -m benchmarks.hackers_delight [--timeout SECONDS] [--only TASK ...] [--json]

The problems are P1 to P20 of Gulwani, Jha, Tiwari and Venkatesan (2011), after Warren, Hacker's
Delight (2002). Each is given the operations of its known program and the constants in it, and the
function to be met on all 32-bit inputs; how the operations are connected is what is sought. Seconds
are CPU time on one core.

Beside them stand the seconds that the paper reports for its tool Brahma, as they are quoted by
Fitzgerald, Synthesizing Loop-Free Programs with Rust and Z3 (2020). They are of a machine and a
solver of 2011, and of larger libraries: twelve operations for P1 to P17, and some more for the
others, of which the program need not use all.
"""

import argparse
import json
from collections.abc import Callable
from typing import Any

import z3

from dlcompare.synthesis.components.components import Finding, synthesize
from dlcompare.synthesis.components.connector import parts_of
from dlcompare.synthesis.components.domain import Domain
from dlcompare.tasks.catalog.hackers_delight import WIDTH
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.task import Task

Term = Any

PAPER = (3.2, 3.6, 1.4, 3.3, 2.2, 2.4, 1.0, 1.4, 5.8, 76.1)
PAPER += (57.1, 67.8, 6.2, 59.6, 118.9, 62.3, 78.1, 45.9, 34.7, 108.4)
"""Seconds of Brahma for P1 to P20."""


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


MEANINGS: dict[str, Callable[..., Term]] = {
    "hd01_rightmost_one_off": lambda _, x: x - lowest_one(x),
    "hd02_trailing_ones_off": lambda _, x: x & x + 1,
    "hd03_rightmost_one": lambda _, x: x & ~(x - 1),
    "hd04_mask_to_rightmost_one": lambda _, x: x - 1 ^ x,
    "hd05_rightmost_one_spread": lambda _, x: x | x - 1,
    "hd06_rightmost_zero_on": lambda _, x: x + lowest_one(~x),
    "hd07_rightmost_zero": lambda _, x: lowest_one(~x),
    "hd08_mask_trailing_zeros": lambda _, x: lowest_one(x) - 1,
    "hd09_absolute_value": lambda _, x: z3.If(x < 0, -x, x),
    "hd10_as_many_leading_zeros": lambda d, x, y: d.truth(nlz(d, x) == nlz(d, y)),
    "hd11_fewer_leading_zeros": lambda d, x, y: d.truth(z3.ULT(nlz(d, x), nlz(d, y))),
    "hd12_no_more_leading_zeros": lambda d, x, y: d.truth(z3.ULE(nlz(d, x), nlz(d, y))),
    "hd13_sign": sign,
    "hd14_average_down": lambda _, x, y: average(x, y, 0),
    "hd15_average_up": lambda _, x, y: average(x, y, 1),
    "hd16_larger": lambda _, x, y: z3.If(z3.UGE(x, y), x, y),
    "hd17_rightmost_run_off": lambda _, x: x + lowest_one(x) & x,
    "hd18_power_of_two": is_power_of_two,
    "hd19_exchange_fields": lambda _, x, m, k: exchanged(x, m, k),
    "hd20_next_with_as_many_ones": lambda _, x: next_with_as_many_ones(x),
}
"""What each task means, as a z3 term of its inputs."""


def apart(mask: Term, k: Term) -> Term:
    """The two fields do not overlap and none is cut off, or exchanging them has no meaning."""
    return z3.And(mask & (mask << k) == 0, z3.LShR(mask << k, k) == mask, z3.ULT(k, k.size()))


def attempt(task: Task, seconds: float) -> Finding:
    def meets(domain: Domain, *terms: Term) -> Term:
        *inputs, output = terms
        wanted = output == MEANINGS[task.name](domain, *inputs)
        return z3.Implies(apart(*inputs[1:]), wanted) if len(inputs) == 3 else wanted

    operations, constants = parts_of(task.components)
    names = [name for name, _ in task.signature.parameters]
    # The number of bits less one is another number at another width.
    numbers = [sign_place if constant == WIDTH - 1 else constant for constant in constants]
    return synthesize(meets, names, operations, numbers, WIDTH, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a problem")
    parser.add_argument("--only", nargs="+", choices=MEANINGS, metavar="TASK", help="these tasks")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    rows = {}
    tasks = catalogue()
    paper = dict(zip(MEANINGS, PAPER, strict=True))
    print(f"{'':28} status      operations  inputs  seconds  Brahma's")
    for name in options.only or MEANINGS:
        finding = attempt(tasks[name], options.timeout)
        steps = str(len(finding.program.steps)) if finding.program else "-"
        print(
            f"{name:28} {finding.status:10} {steps:>11}"
            f"  {finding.counterexamples:6}  {finding.seconds:7.2f}  {paper[name]:8.1f}",
            flush=True,
        )
        rows[name] = {
            "status": finding.status,
            "seconds": finding.seconds,
            "paper_seconds": paper[name],
        }
    proved = sum(row["status"] == "proved" for row in rows.values())
    print(f"proved on all 32-bit inputs: {proved} of {len(rows)}")
    if options.json:
        print(json.dumps({"problems": rows, "proved": proved}))


if __name__ == "__main__":
    main()
