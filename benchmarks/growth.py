"""Sorting algorithms found from one specification, and how their work grows.

    python -m benchmarks.growth [--task sorting]

For each design (`specifications.designs`) a program is found from the specification of the task
alone, proved for every length, and run on random lists of 2^k elements. The comparisons that it
makes are fitted by n, n log n and n²; the least squared error on logarithms decides.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np

from dlcompare.synthesis.specifications.sorting_algorithms import sorting_algorithms
from dlcompare.tasks.registry import catalogue

LENGTHS = tuple(2**k for k in range(4, 10))

GROWTHS: dict[str, Callable[[int], float]] = {
    "n": lambda n: n,
    "n log n": lambda n: n * np.log2(n),
    "n²": lambda n: n**2,
}


class Counted(int):
    """An integer that counts how often one is compared."""

    comparisons = 0

    def _count(name: str) -> Callable[[int, int], bool]:  # type: ignore[misc] # noqa: N805
        compare = getattr(int, name)

        def counting(self: int, other: int) -> bool:
            Counted.comparisons += 1
            return bool(compare(self, other))

        return counting

    __lt__, __le__, __gt__, __ge__ = map(_count, ("__lt__", "__le__", "__gt__", "__ge__"))
    __eq__ = _count("__eq__")  # type: ignore[assignment]
    __hash__ = int.__hash__


def comparisons(function: Callable[[list[int]], list[int]]) -> Iterator[int]:
    """Yield the comparisons of integers that a function makes on a random list of each length."""
    rng = np.random.default_rng(0)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, 4 * LENGTHS[-1]))
    try:
        for length in LENGTHS:
            values: list[int] = [Counted(value) for value in rng.permutation(length)]
            Counted.comparisons = 0
            function(values)
            yield Counted.comparisons
    finally:
        sys.setrecursionlimit(before)


def fitted(counts: list[int]) -> str:
    """Return the growth that fits the counts best."""

    def error(growth: Callable[[int], float]) -> float:
        return float(np.var(np.log(counts) - np.log([growth(n) for n in LENGTHS])))

    return min(GROWTHS, key=lambda name: error(GROWTHS[name]))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--task", choices=("sorting", "descending"), default="sorting")
    specification = catalogue()[parser.parse_args().task].ensures
    assert specification is not None
    start = time.perf_counter()
    for found in sorting_algorithms(specification):
        counts = list(comparisons(found.compile()))
        print(f"# {found.name}: {found.candidates:,} candidates, {found.seconds:.1f} s")
        print(f"# proved for every length, by {len(found.shown)} obligations")
        print(f"\n{found.python}")
        columns = ", ".join(f"{n}: {c:,}" for n, c in zip(LENGTHS, counts, strict=True))
        print(f"# comparisons by length: {columns}")
        print(f"# they grow as {fitted(counts)}\n\n")
    print(f"# {time.perf_counter() - start:.1f} s together")


if __name__ == "__main__":
    main()
