"""Sorting algorithms found through different recursion schemes, and how their work grows.

    python -m benchmarks.growth [--examples 16] [--seed 0]

Each scheme alone is searched for a program that sorts; it is then run on random lists of growing
length, and the comparisons that it makes are fitted by a power of the length: 2 is n², and between
these lengths n log n is a power of 1.15.
"""

import argparse
import time
from collections.abc import Callable, Iterator

import numpy as np

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.dsl.schemes import DIVIDE, UNFOLD
from dlcompare.synthesis.grammar.grammar import grammar_of
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.folds import FoldSearch
from dlcompare.synthesis.strategies.recursion_schemes import SchemeSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Problem
from dlcompare.tasks.registry import load
from dlcompare.tasks.splits import draw_tests, draw_training

LENGTHS = (250, 500, 1000, 2000)


def sorting(examples: int, seed: int) -> Problem:
    """The task `sorting`, from so many examples."""
    (task,) = load("sorting")
    tests = draw_tests(task, 64, 8)
    return task.problem(draw_training(task, examples, seed, tests.reserved))


def found_by(scheme: str, problem: Problem, most: int = 50) -> Program | None:
    """The cheapest program of a scheme that answers all examples; ``fold`` is one, too."""
    grammar, budget = grammar_of(problem), SearchBudget(10**9, 2**30)
    parts = SearchProblem(problem.signature, problem.examples, grammar, budget)
    search: FoldSearch | SchemeSearch
    if scheme == "fold":
        search = FoldSearch(parts)
    else:
        search = SchemeSearch(parts, [s for s in (UNFOLD, DIVIDE) if s.name == scheme])
    for cost in range(1, most):
        for program in search.advance(cost):
            wrong = first_wrong(program, problem.examples)
            if wrong is None:
                return program
            search.reject(wrong)
    return None


class Counted(int):
    """An integer that counts how often one is compared."""

    comparisons = 0

    def _count(name: str) -> Callable[[int, int], bool]:  # noqa: N805
        compare = getattr(int, name)

        def counting(self: int, other: int) -> bool:
            Counted.comparisons += 1
            return bool(compare(self, other))

        return counting

    __lt__, __le__, __gt__, __ge__ = map(_count, ("__lt__", "__le__", "__gt__", "__ge__"))
    __eq__ = _count("__eq__")  # type: ignore[assignment]
    __hash__ = int.__hash__


def comparisons(program: Program) -> Iterator[int]:
    """The comparisons of integers that a program makes on a random list of each length."""
    function, rng = program.compile(), np.random.default_rng(0)
    for length in LENGTHS:
        values = [Counted(v) for v in rng.permutation(length)]
        Counted.comparisons = 0
        answer = function(values)
        made = Counted.comparisons
        assert answer == sorted(values)
        yield made


def exponent(counts: list[int]) -> float:
    """The power of the length that the counts grow with, by least squares on logarithms."""
    return float(np.polyfit(np.log(LENGTHS), np.log(counts), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    problem = sorting(options.examples, options.seed)
    for scheme in ("fold", "unfold", "divide_and_conquer"):
        start = time.perf_counter()
        program = found_by(scheme, problem)
        seconds = time.perf_counter() - start
        if program is None:
            print(f"{scheme}: nothing found in {seconds:.1f} s\n")
            continue
        counts = list(comparisons(program))
        print(f"{scheme}: {program.cost} bits, {seconds:.1f} s\n\n{program.python}")
        columns = ", ".join(f"{n}: {c:,}" for n, c in zip(LENGTHS, counts, strict=True))
        print(f"comparisons at length {columns}; they grow as n^{exponent(counts):.2f}\n")


if __name__ == "__main__":
    main()
