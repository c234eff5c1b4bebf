"""Programs from specifications alone: what is found, from how many examples made, proved how far.

    python -m benchmarks.specifications [--json]

The specification is all that is given; primitives that would be the answer are withheld. ``made``
counts the counterexamples, each with an output that z3 found for it. The last line with ``--json``
holds ``{"sorting": {"examples": .., "status": .., "method": .., "bound": .., "seconds": ..}, ..}``.
"""

import argparse
import json
import time
from collections.abc import Callable
from typing import NamedTuple

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.grammar.grammar import grammar_of
from dlcompare.synthesis.specifications.cegis import from_specification
from dlcompare.tasks.catalog.sorting import ordered
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Examples, Problem, Signature
from dlcompare.tasks.types import BOOL, INT, Type, list_of

INTS = list_of(INT)


class Case(NamedTuple):
    """A specification, the types it is about, and what is withheld."""

    parameters: tuple[tuple[str, Type], ...]
    result: Type
    ensures: Callable[..., object]
    without: frozenset[str] = frozenset()


CASES = {
    "sorting": Case((("xs", INTS),), INTS, ordered, frozenset({"sort"})),
    "maximum": Case(
        (("a", INT), ("b", INT)),
        INT,
        lambda a, b, result: result >= a and result >= b and (result in (a, b)),
        frozenset({"larger"}),
    ),
    "absolute value": Case(
        (("x", INT),), INT, lambda x, result: result >= 0 and (result in (x, -x)), frozenset()
    ),
    "clamp": Case(
        (("low", INT), ("high", INT), ("x", INT)),
        INT,
        lambda low, high, x, result: (
            low > high or result == (low if x < low else high if x > high else x)
        ),
    ),
    "search in a list": Case(
        (("xs", INTS), ("x", INT)),
        BOOL,
        lambda xs, x, result: result == any(x == y for y in xs),
        frozenset({"contains"}),
    ),
    "lowest bit cleared": Case(
        (("x", INT),), INT, lambda x, result: x - 1 <= result <= x and result % 2 == 0
    ),
    "quotient, up to 6": Case(
        (("a", INT), ("b", INT)),
        INT,
        lambda a, b, result: not 0 <= a <= 6 or b < 1 or result * b <= a < result * b + b,
        frozenset({"divide", "modulo"}),
    ),
    "half (no program)": Case((("x", INT),), INT, lambda x, result: 2 * result == x),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    results: dict[str, dict[str, object]] = {}
    print(f"{'':18}  made  {'s':>6}  {'proof':24}  program")
    for name, case in CASES.items():
        signature = Signature("f", case.parameters, case.result)
        grammar = grammar_of(Problem(signature, Examples({}, ()), without=case.without))
        budget = SearchBudget(20_000_000, 2 * 2**30)
        started = time.process_time()
        try:
            found = from_specification(signature, case.ensures, grammar, budget)
        except NoProgramError as error:
            print(f"{name:18}  {'':4}  {time.process_time() - started:6.1f}  {'':24}  {error}")
            results[name] = {"status": "no_program", "reason": str(error)}
            continue
        seconds = time.process_time() - started
        proof = found.proof
        bound = ", ".join(f"{key} {value}" for key, value in (proof.bound or {}).items())
        said = f"{proof.status}, {'induction' if proof.method == 'induction' else bound or 'all'}"
        print(
            f"{name:18}  {len(found.examples):4}  {seconds:6.1f}  {said:24}  {found.program.dsl}",
            flush=True,
        )
        results[name] = {
            "examples": len(found.examples),
            "status": proof.status,
            "method": proof.method,
            "bound": dict(proof.bound or {}),
            "seconds": round(seconds, 2),
        }
    if options.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
