"""Time the bank's enumeration: candidates a CPU-second, warm, on one core, by family of types.

    python -m benchmarks.search_core [--family NAME] [--distinct N] [--memory GB] [--jobs N]
        [--json]

A candidate counts once its outputs on all examples are computed and looked up. There are five
examples, of up to ten integers, 24 characters or four lists, and a number. Cold is the time that a
new process needs for a first small problem over lists with an empty compile cache, warm with a
full one; of these the CPU-seconds are printed, too, which other work beside it changes less. With
`--jobs` every family is enumerated once more on so many cores, to the same terms: the last column
is how many times as fast that is, by the clock, for which the machine should have no other work.
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

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.budget import BudgetSpentError, SearchBudget
from dlcompare.synthesis.bank.lambdas import FunctionBodies
from dlcompare.synthesis.bank.language import language_of
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable
from dlcompare.synthesis.dsl.program import Variable
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of, tuple_of

FIRST_FIT = "from dlcompare.synthesis.synthesizer import preload; preload()"


INTS = list_of(INT)


def columns() -> dict[str, tuple[Type, tuple[Value, ...]]]:
    """The type and the examples of each family."""
    rng = np.random.default_rng(0)
    lists = tuple([int(v) for v in rng.integers(0, 100, n)] for n in (3, 5, 7, 9, 10))
    nested = tuple([values[:2], values[2:5], values[5:]] for values in lists)
    texts = ("Ada Lovelace", "a-b-c", "John von Neumann, 1903", "x", "12/04/2019 at noon")
    return {
        "int_list": (INTS, lists),
        "bool_list": (list_of(BOOL), tuple([v % 2 == 0 for v in values] for values in lists)),
        "strings": (STR, texts),
        "nested": (list_of(INTS), nested),
        "pairs": (tuple_of(INT, INTS), tuple((values[0], values) for values in lists)),
    }


def bank(family: str, candidates: int, size: int, threads: int = 1) -> TermBank:
    """A bank over five values of a family and a number."""
    type_, values = columns()[family]
    language = language_of([INT, type_])
    scope = Scope(
        (
            ScopeVariable(Variable("xs"), type_, 1, values),
            ScopeVariable(Variable("k"), INT, 1, (4, 0, 7, 2, 1)),
        )
    )
    ops, budget = range(len(language.operations)), SearchBudget(candidates, size, threads=threads)
    functions = FunctionBodies(language, scope, ops, ("y", "z"), budget)
    return TermBank(language, scope, ops, functions, budget)


def sustained(family: str, distinct: int, size: int, threads: int = 1) -> dict[str, float]:
    """Enumerate until so many distinct terms are kept, or the memory is used up."""
    terms = bank(family, 10**12, size, threads)
    before = terms.budget.spent
    start, clock = time.process_time(), time.perf_counter()
    try:
        for cost in range(1, 60):
            for _ in terms.level(cost):
                if int(terms.packed.state[0]) >= distinct or terms.frozen:
                    raise StopIteration
    except (BudgetSpentError, StopIteration):
        pass
    seconds = time.process_time() - start
    return {
        "candidates_per_second": (terms.budget.spent - before) / seconds,
        "distinct": int(terms.packed.state[0]),
        "seconds": seconds,
        "wall_seconds": time.perf_counter() - clock,
    }


def first_fit(cache: str) -> tuple[float, float]:
    """Seconds, and CPU-seconds, that a new process needs for a small problem over integer lists."""
    start, before = time.perf_counter(), _cpu_of_children()
    environment = {**os.environ, "DLCOMPARE_CACHE": cache}
    subprocess.run([sys.executable, "-c", FIRST_FIT], check=True, env=environment)
    return time.perf_counter() - start, _cpu_of_children() - before


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    parser.add_argument("--distinct", type=int, default=20_000_000)
    parser.add_argument("--memory", type=float, default=4.0, help="GiB that the bank may use")
    parser.add_argument("--family", choices=list(columns()), help="this one only")
    parser.add_argument("--jobs", type=int, default=1, help="cores to compare one with")
    options = parser.parse_args()
    size = int(options.memory * 2**30)
    with tempfile.TemporaryDirectory() as cache:
        (cold, cold_cpu), (warm, warm_cpu) = first_fit(cache), first_fit(cache)
    more = f"   speed-up by {options.jobs} cores" if options.jobs > 1 else ""
    print("family      candidates/s    distinct     CPU s" + more)
    results = {}
    for family in [options.family] if options.family else columns():
        list(bank(family, 10**6, 2**30).level(1))
        results[family] = one = sustained(family, options.distinct, size)
        rate, kept, seconds = (one[key] for key in ("candidates_per_second", "distinct", "seconds"))
        line = f"{family:10}  {rate:12,.0f}  {kept:10,}  {seconds:8.1f}"
        if options.jobs > 1:
            sustained(family, 500_000, size, options.jobs)  # what only several cores use is loaded
            together = sustained(family, options.distinct, size, options.jobs)
            assert together["distinct"] == kept
            one["speed_up"] = one["wall_seconds"] / together["wall_seconds"]
            line += f"  {one['speed_up']:20.2f}"
        print(line, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"first small problem in a new process: cold {cold:.1f} s ({cold_cpu:.1f} CPU), "
        f"warm {warm:.1f} s ({warm_cpu:.1f} CPU); peak {peak:.0f} MB"
    )
    if options.json:
        line = {
            "families": results,
            "cold_seconds": cold,
            "warm_seconds": warm,
            "peak_megabytes": peak,
        }
        print(json.dumps(line))


if __name__ == "__main__":
    main()
