"""Regular expressions of SMT-LIB's theory of strings: their sorts, Python and z3 terms.

In Python a regular expression is a tuple, an operator and its operands; `in_re` looks into it.
"""

from collections.abc import Callable
from typing import Any

import z3

from dlcompare.synthesis.sygus.syntax import BOOL, REGLAN, STRING, Sort

__all__ = ["CHAINS", "REGULAR", "in_re"]

Z3 = Any


def in_re(s: str, r: tuple[Any, ...]) -> bool:
    """Return whether a regular expression matches the whole of a string."""
    known: dict[Any, bool] = {}

    def match(r: tuple[Any, ...], i: int, j: int) -> bool:
        key = r, i, j
        if key not in known:
            known[key] = decide(r[0], r[1:], r, i, j)
        return known[key]

    def decide(op: str, a: tuple[Any, ...], r: tuple[Any, ...], i: int, j: int) -> bool:
        if op == "text":
            return bool(s[i:j] == a[0])
        if op in ("all", "none"):
            return op == "all"
        if op in ("any", "range"):
            inside = op == "any" or (len(a[0]) == len(a[1]) == 1 and a[0] <= s[i:j] <= a[1])
            return j - i == 1 and inside
        if op == "++":
            return any(match(a[0], i, k) and match(a[1], k, j) for k in range(i, j + 1))
        if op == "*":
            return i == j or any(match(a[0], i, k) and match(r, k, j) for k in range(i + 1, j + 1))
        if op == "not":
            return not match(a[0], i, j)
        return (any if op == "or" else all)(match(b, i, j) for b in a)

    return match(r, 0, len(s))


def _sort() -> Z3:
    return z3.ReSort(z3.StringSort())


ONE, TWO = (REGLAN,), (REGLAN, REGLAN)

REGULAR: dict[str, tuple[tuple[Sort, ...], Sort, str, Callable[..., Z3]]] = {
    "str.in_re": ((STRING, REGLAN), BOOL, "in_re({0}, {1})", z3.InRe),
    "str.to_re": ((STRING,), REGLAN, "('text', {0})", z3.Re),
    "re.none": ((), REGLAN, "('none',)", lambda: z3.Empty(_sort())),
    "re.all": ((), REGLAN, "('all',)", lambda: z3.Full(_sort())),
    "re.allchar": ((), REGLAN, "('any',)", lambda: z3.AllChar(_sort())),
    "re.range": ((STRING, STRING), REGLAN, "('range', {0}, {1})", z3.Range),
    "re.*": (ONE, REGLAN, "('*', {0})", z3.Star),
    "re.+": (ONE, REGLAN, "('++', {0}, ('*', {0}))", z3.Plus),
    "re.opt": (ONE, REGLAN, "('or', ('text', ''), {0})", z3.Option),
    "re.comp": (ONE, REGLAN, "('not', {0})", z3.Complement),
    "re.diff": (TWO, REGLAN, "('and', {0}, ('not', {1}))", z3.Diff),
}
"""Operators of a fixed number of operands: their sorts, the result's, Python and z3."""

CHAINS: dict[str, tuple[str, Callable[..., Z3]]] = {
    "re.++": ("++", z3.Concat),
    "re.union": ("or", z3.Union),
    "re.inter": ("and", z3.Intersect),
}
"""Operators of two operands or more, associative."""
