"""Rearranging and summarising lists: many short tasks, one after the other."""

import itertools
from collections import Counter

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting, ints, lists, tuples
from dlcompare.tasks.task import task

LENGTHS = [12, 16, 32, 64, 128, 256, 512]
MAGNITUDES = [1_000, 10_000, 1_000_000]


def backwards(xs: list[int], result: list[int]) -> bool:
    """Position i of the result is position i of the input, counted from the end."""
    return len(result) == len(xs) and all(result[i] == xs[-1 - i] for i in range(len(xs)))


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"reverse"},
    ensures=backwards,
)
def reverse(xs: list[int]) -> list[int]:
    """Write a list backwards.

    reverse([31, 4, 15]) == [15, 4, 31]

    A primitive that reverses is withheld.
    """
    return xs[::-1]


def turn_and_list(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A list that is not empty, and a number of places smaller than its length."""
    length = setting.get("length", 8)
    xs = lists(ints(0, 99)).draw(rng, {**setting, "length": length}, 1)[0]
    return {"k": int(rng.integers(0, length)), "xs": xs}


@task(
    inputs=turn_and_list,
    train={"length": range(1, 9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    ensures=lambda k, xs, result: (
        len(result) == len(xs) and all(result[i - k] == xs[i] for i in range(len(xs)))
    ),
)
def rotate(k: int, xs: list[int]) -> list[int]:
    """Turn a list k places to the left.

    rotate(1, [31, 4, 15]) == [4, 15, 31]
    """
    return xs[k:] + xs[:k]


@task(
    inputs=lists(ints(-9, 9)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": [100, 1_000, 10_000]},
    without={"scan"},
    ensures=lambda xs, result: (
        len(result) == len(xs) and all(r == sum(xs[: i + 1]) for i, r in enumerate(result))
    ),
)
def running_sum(xs: list[int]) -> list[int]:
    """The sums of all the beginnings of a list.

    running_sum([3, 1, -2]) == [3, 4, 2]

    The primitive that keeps what a function makes of all the beginnings (`scan`) is withheld.
    """
    return list(itertools.accumulate(xs))


@task(
    inputs={"x": ints(0, 3), "xs": lists(ints(0, 3))},
    train={"length": range(1, 9)},
    test={"length": LENGTHS},
    without={"count"},
    ensures=lambda x, xs, result: result == sum(y == x for y in xs),
)
def count_occurrences(x: int, xs: list[int]) -> int:
    """The number of times that a number occurs in a list.

    count_occurrences(2, [2, 0, 2, 3]) == 2

    A primitive that counts is withheld; the length of a filtered list is not.
    """
    return xs.count(x)


def first_of_each(xs: list[int], result: list[int]) -> bool:
    """The result is without repetition, and in the order in which values appear first."""
    places = [xs.index(r) for r in result if r in xs]
    complete = len(places) == len(result) and all(x in result for x in xs)
    return complete and all(i < j for i, j in itertools.pairwise(places))


@task(
    inputs=lists(ints(0, 9)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": [100, 1_000], "duplicates": [0.5, 0.8]},
    without={"unique"},
    ensures=first_of_each,
)
def remove_duplicates(xs: list[int]) -> list[int]:
    """Keep the first of every value, in the order of the list.

    remove_duplicates([5, 2, 5, 9, 2]) == [5, 2, 9]

    A primitive that removes repetitions is withheld.
    """
    return list(dict.fromkeys(xs))


def equally_long(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Two lists of one length."""
    length = {"length": setting.get("length", 4)}
    xs, ys = lists(ints(0, 99)).draw(rng, {**setting, **length}, 2)
    return {"xs": xs, "ys": ys}


@task(
    inputs=equally_long,
    train={"length": range(6)},
    test={"length": [8, 16, 32, 64, 128, 256], "magnitude": MAGNITUDES},
    without={"zip_with"},
    ensures=lambda xs, ys, result: result[::2] == xs and result[1::2] == ys,
)
def interleave(xs: list[int], ys: list[int]) -> list[int]:
    """Take from two lists of one length in turn.

    interleave([1, 2], [8, 9]) == [1, 8, 2, 9]

    A primitive that pairs two lists is withheld.
    """
    return [value for pair in zip(xs, ys, strict=True) for value in pair]


@task(
    inputs=lists(ints(0, 4)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": [10, 100, 1_000]},
    without={"runs"},
    ensures=lambda xs, result: (
        [x for x, n in result for _ in range(n)] == xs
        and all(n > 0 for _, n in result)
        and all(a != b for (a, _), (b, _) in itertools.pairwise(result))
    ),
)
def run_length_encode(xs: list[int]) -> list[tuple[int, int]]:
    """Write a list as runs: a value, and how often it occurs in a row.

    run_length_encode([7, 7, 7, 2, 7]) == [(7, 3), (2, 1), (7, 1)]

    A primitive that groups equal neighbours is withheld.
    """
    return [(x, len(list(run))) for x, run in itertools.groupby(xs)]


@task(
    inputs={"runs": lists(tuples(ints(0, 9), ints(1, 4)))},
    train={"length": range(6)},
    test={"length": [8, 16, 32, 64, 128]},
    without={"repeat"},
    ensures=lambda runs, result: (
        len(result) == sum(n for _, n in runs)
        and all(
            result[at + i] == x
            for (x, n), at in zip(
                runs, itertools.accumulate((n for _, n in runs), initial=0), strict=False
            )
            for i in range(n)
        )
    ),
)
def run_length_decode(runs: list[tuple[int, int]]) -> list[int]:
    """Write out a list given as runs: a value, and how often it occurs in a row.

    run_length_decode([(7, 3), (2, 1)]) == [7, 7, 7, 2]

    A primitive that repeats a value is withheld.
    """
    return [x for x, n in runs for _ in range(n)]


@task(
    inputs=lists(ints(0, 9)),
    train={"length": range(1, 9)},
    test={"length": LENGTHS, "magnitude": [100, 1_000], "order": ["nearly_sorted"]},
    ensures=lambda xs, result: (
        any(_rises(xs[i : i + result]) for i in range(len(xs) - result + 1))
        and not any(_rises(xs[i : i + result + 1]) for i in range(len(xs) - result))
    ),
)
def longest_increasing_run(xs: list[int]) -> int:
    """The length of the longest stretch in which every number is larger than the one before.

    longest_increasing_run([3, 1, 4, 9, 2]) == 3
    """
    best = run = 0
    for i, x in enumerate(xs):
        run = run + 1 if i and x > xs[i - 1] else 1
        best = max(best, run)
    return best


def _rises(xs: list[int]) -> bool:
    return all(a < b for a, b in itertools.pairwise(xs))


@task(
    inputs={"xs": lists(ints(0, 9)), "ys": lists(ints(0, 9))},
    train={"length": range(1, 7)},
    test={"length": [8, 16, 32, 64, 128], "magnitude": [20, 50, 100]},
    without={"sort"},
    ensures=lambda xs, ys, result: (
        all(a < b for a, b in itertools.pairwise(result))
        and all(x in result for x in xs if x in ys)
        and all(r in xs and r in ys for r in result)
    ),
)
def intersection(xs: list[int], ys: list[int]) -> list[int]:
    """The values that are in both lists, each once, in ascending order.

    intersection([5, 2, 5, 9], [9, 5, 7]) == [5, 9]

    A primitive that sorts is withheld.
    """
    return sorted(set(xs) & set(ys))


@task(
    inputs={"rows": lists(lists(ints(0, 99), range(4)), range(5))},
    train={"length": range(5)},
    test={"length": [8, 16, 32, 64, 128], "magnitude": MAGNITUDES},
    without={"flatten"},
    ensures=lambda rows, result: (
        len(result) == sum(len(row) for row in rows)
        and all(
            result[at : at + len(row)] == row
            for row, at in zip(
                rows, itertools.accumulate((len(row) for row in rows), initial=0), strict=False
            )
        )
    ),
)
def flatten(rows: list[list[int]]) -> list[int]:
    """Join the rows of a list of lists.

    flatten([[3, 1], [], [4]]) == [3, 1, 4]

    A primitive that flattens is withheld; one that joins two lists is not.
    """
    return [x for row in rows for x in row]


@task(
    inputs=lists(ints(-99, 99)),
    train={"length": range(2, 9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    ensures=lambda xs, result: (
        len(result) == len(xs) - 1 and all(xs[i] + d == xs[i + 1] for i, d in enumerate(result))
    ),
)
def differences(xs: list[int]) -> list[int]:
    """The difference of each element and the one before it.

    differences([3, 10, 8]) == [7, -2]
    """
    return [b - a for a, b in itertools.pairwise(xs)]


@task(
    inputs=lists(ints(-9, 9)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": [100, 1_000, 10_000]},
    ensures=lambda xs, result: (
        any(result == sum(xs[i:j]) for j in range(len(xs) + 1) for i in range(j + 1))
        and all(result >= sum(xs[i:j]) for j in range(len(xs) + 1) for i in range(j + 1))
    ),
)
def maximum_subarray(xs: list[int]) -> int:
    """The largest sum of a stretch of neighbours; the empty stretch has the sum 0.

    maximum_subarray([-2, 4, -1, 3, -5]) == 6

    One of the thirty algorithms of CLRS (Veličković et al., 2022), there by Kadane's method.
    """
    best = here = 0
    for x in xs:
        here = max(0, here + x)
        best = max(best, here)
    return best


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(2, 9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES, "duplicates": [0.5, 0.8]},
    without={"sort"},
    ensures=lambda xs, result: (
        result in xs and sum(x > result for x in xs) <= 1 and sum(x >= result for x in xs) > 1
    ),
)
def second_largest(xs: list[int]) -> int:
    """The second largest element; if the largest occurs twice, that is the largest again.

    second_largest([31, 4, 15]) == 15

    A primitive that sorts is withheld.
    """
    return sorted(xs)[-2]


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    ensures=lambda xs, result: (
        [x for x in result if x % 2 == 0] == [x for x in xs if x % 2 == 0]
        and [x for x in result if x % 2] == [x for x in xs if x % 2]
        and all(a % 2 <= b % 2 for a, b in itertools.pairwise(result))
    ),
)
def evens_first(xs: list[int]) -> list[int]:
    """Move the even numbers to the front and keep the order within both groups.

    evens_first([31, 4, 15, 8]) == [4, 8, 31, 15]
    """
    return sorted(xs, key=lambda x: x % 2)


@task(
    inputs=lists(ints(0, 4)),
    train={"length": range(1, 9)},
    test={"length": LENGTHS, "magnitude": [10, 100]},
    ensures=lambda xs, result: (
        result in xs
        and all(
            xs.count(x) < xs.count(result) or (xs.count(x) == xs.count(result) and x >= result)
            for x in xs
        )
    ),
)
def most_frequent(xs: list[int]) -> int:
    """The value that occurs most often; of several, the smallest.

    most_frequent([2, 4, 0, 4, 2]) == 2
    """
    counts = Counter(xs)
    return min(counts, key=lambda x: (-counts[x], x))
