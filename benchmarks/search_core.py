"""How fast the bank enumerates: candidates a second, warm, on one core.

    python -m benchmarks.search_core [--json] [--distinct N] [--memory GB]

A candidate counts once its outputs on all examples are computed and looked up. The examples are
five lists of up to ten integers, and a number. Cold is the time that a new process needs for a
first small problem with an empty compile cache, warm with a full one.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

from dlcompare.synthesis.bank import Budget, BudgetSpentError, Scope, ScopeVariable, TermBank
from dlcompare.synthesis.lambdas import FunctionBodies
from dlcompare.synthesis.language import language_of
from dlcompare.synthesis.program import Variable
from dlcompare.tasks.types import INT, list_of

FIRST_FIT = "from dlcompare.synthesis.learner import preload; preload()"


def bank(candidates: int, size: int) -> TermBank:
    """A bank over five lists of up to ten integers and a number."""
    rng = np.random.default_rng(0)
    lists = tuple([int(v) for v in rng.integers(0, 100, n)] for n in (3, 5, 7, 9, 10))
    numbers = tuple(int(v) for v in rng.integers(0, 10, 5))
    language = language_of([INT, list_of(INT)])
    scope = Scope(
        (
            ScopeVariable(Variable("xs"), list_of(INT), 1, lists),
            ScopeVariable(Variable("k"), INT, 1, numbers),
        )
    )
    ops, budget = range(len(language.operations)), Budget(candidates, size)
    functions = FunctionBodies(language, scope, ops, ("y", "z"), budget)
    return TermBank(language, scope, ops, functions, budget)


def sustained(distinct: int, size: int) -> dict[str, float]:
    """Enumerate until so many distinct terms are kept, or the memory is used up."""
    terms = bank(10**12, size)
    before = terms.budget.spent
    start = time.perf_counter()
    try:
        for cost in range(1, 60):
            for _ in terms.level(cost):
                if int(terms.packed.state[0]) >= distinct:
                    raise StopIteration
    except (BudgetSpentError, StopIteration):
        pass
    seconds = time.perf_counter() - start
    return {
        "candidates_per_second": (terms.budget.spent - before) / seconds,
        "distinct": int(terms.packed.state[0]),
        "seconds": seconds,
    }


def first_fit(cache: str) -> float:
    """Seconds that a new process needs for a small problem over integer lists."""
    start = time.perf_counter()
    environment = {**os.environ, "DLCOMPARE_CACHE": cache}
    subprocess.run([sys.executable, "-c", FIRST_FIT], check=True, env=environment)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    parser.add_argument("--distinct", type=int, default=20_000_000)
    parser.add_argument("--memory", type=float, default=4.0, help="GiB that the bank may use")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = first_fit(cache), first_fit(cache)
    list(bank(10**6, 2**30).level(1))
    result = sustained(options.distinct, int(options.memory * 2**30))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("family     candidates/s    distinct   seconds")
    print(
        f"int_list   {result['candidates_per_second']:12,.0f}  {result['distinct']:10,}"
        f"  {result['seconds']:8.1f}"
    )
    print(
        f"first small problem in a new process: cold {cold:.1f} s, warm {warm:.1f} s; "
        f"peak {peak:.0f} MB"
    )
    if options.json:
        line = {
            "families": {"int_list": result},
            "cold_seconds": cold,
            "warm_seconds": warm,
            "peak_megabytes": peak,
        }
        print(json.dumps(line))


if __name__ == "__main__":
    main()
