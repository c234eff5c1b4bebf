"""Sorting and its kin: many short tasks, one after the other."""

import bisect
import itertools

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting, ints, lists, strings
from dlcompare.tasks.task import task

LENGTHS = [12, 16, 32, 64, 128, 256, 512]
MAGNITUDES = [1_000, 10_000, 1_000_000]


def ordered(xs: list[int], result: list[int]) -> bool:
    """The result is in ascending order and has every value as often as the input."""
    ascending = all(a <= b for a, b in itertools.pairwise(result))
    return ascending and all(result.count(x) == xs.count(x) for x in [*xs, *result])


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={
        "length": LENGTHS,
        "magnitude": MAGNITUDES,
        "order": ["nearly_sorted", "descending"],
        "duplicates": [0.5, 0.8],
    },
    without={"sort"},
    ensures=ordered,
)
def sorting(xs: list[int]) -> list[int]:
    """Sort a list of integers into ascending order.

    sorting([31, 4, 15, 4]) == [4, 4, 15, 31]

    A primitive that sorts is withheld.
    """
    return sorted(xs)


def falling(xs: list[int], result: list[int]) -> bool:
    """The result is in descending order and has every value as often as the input."""
    descending = all(a >= b for a, b in itertools.pairwise(result))
    return descending and all(result.count(x) == xs.count(x) for x in [*xs, *result])


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=falling,
)
def descending(xs: list[int]) -> list[int]:
    """Sort a list of integers into descending order.

    descending([31, 4, 15, 4]) == [31, 15, 4, 4]

    A primitive that sorts is withheld: with it, this is a sort and a reversal.
    """
    return sorted(xs, reverse=True)


def by_distance(xs: list[int], result: list[int]) -> bool:
    """Absolute values ascend, of two opposites the negative is first, and all values are kept."""
    ascending = all(
        abs(a) < abs(b) or (abs(a) == abs(b) and a <= b) for a, b in itertools.pairwise(result)
    )
    return ascending and all(result.count(x) == xs.count(x) for x in [*xs, *result])


@task(
    inputs=lists(ints(-99, 99)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=by_distance,
)
def by_absolute_value(xs: list[int]) -> list[int]:
    """Sort by distance from zero; of two opposite numbers the negative one comes first.

    by_absolute_value([-3, 10, 3, -1]) == [-1, -3, 3, 10]

    A primitive that sorts is withheld.
    """
    return sorted(xs, key=lambda x: (abs(x), x))


def strictly_ordered(xs: list[int], result: list[int]) -> bool:
    """The result ascends strictly and has the same values as the input."""
    ascending = all(a < b for a, b in itertools.pairwise(result))
    return ascending and all(x in result for x in xs) and all(x in xs for x in result)


@task(
    inputs=lists(ints(0, 29)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort", "unique"},
    ensures=strictly_ordered,
)
def distinct_ascending(xs: list[int]) -> list[int]:
    """Sort a list and keep one of each value.

    distinct_ascending([5, 2, 5, 9, 2]) == [2, 5, 9]

    Primitives that sort or remove repetitions are withheld.
    """
    return sorted(set(xs))


def one_position(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A list that is not empty, and a position in it, counted from 1."""
    length = setting.get("length", 8)
    xs = lists(ints(0, 99)).draw(rng, {**setting, "length": length}, 1)[0]
    return {"k": int(rng.integers(1, length + 1)), "xs": xs}


def in_place(k: int, xs: list[int], result: int) -> bool:
    """Fewer than k elements are smaller, and at least k are not larger."""
    return result in xs and sum(x < result for x in xs) < k and sum(x <= result for x in xs) >= k


@task(
    inputs=one_position,
    train={"length": range(1, 9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=in_place,
)
def kth_smallest(k: int, xs: list[int]) -> int:
    """The k-th smallest element of a list, counted from 1.

    kth_smallest(2, [31, 4, 15, 4]) == 4

    A primitive that sorts is withheld: with it, this is one look-up.
    """
    return sorted(xs)[k - 1]


def merged(xs: list[int], ys: list[int], result: list[int]) -> bool:
    """The result is in ascending order and has every value of both."""
    ascending = all(a <= b for a, b in itertools.pairwise(result))
    both = [*xs, *ys]
    return ascending and all(result.count(x) == both.count(x) for x in [*both, *result])


@task(
    inputs={
        "xs": lists(ints(0, 99), order="ascending"),
        "ys": lists(ints(0, 99), order="ascending"),
    },
    train={"length": range(6)},
    test={"length": [8, 16, 32, 64, 128, 256], "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=merged,
)
def merge(xs: list[int], ys: list[int]) -> list[int]:
    """Merge two sorted lists into one.

    merge([2, 7, 9], [3, 7]) == [2, 3, 7, 7, 9]

    A primitive that sorts is withheld.
    """
    return sorted(xs + ys)


def sorts(xs: list[int], result: list[int]) -> bool:
    """The result visits every position once, by ascending value, equal ones from the left."""
    visited = sorted(result) == list(range(len(xs)))
    return visited and all(
        xs[i] < xs[j] or (xs[i] == xs[j] and i < j) for i, j in itertools.pairwise(result)
    )


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=sorts,
)
def argsort(xs: list[int]) -> list[int]:
    """The positions of a list in the order of their values; of equal ones the first comes first.

    argsort([31, 4, 15, 4]) == [1, 3, 2, 0]

    A primitive that sorts is withheld.
    """
    return sorted(range(len(xs)), key=xs.__getitem__)


def counts_smaller(xs: list[int], result: list[int]) -> bool:
    """Every entry is the number of distinct smaller values."""
    return len(result) == len(xs) and all(
        r == sum(y < x and y not in xs[:i] for i, y in enumerate(xs))
        for x, r in zip(xs, result, strict=True)
    )


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(9)},
    test={"length": [12, 16, 32, 64, 128, 256], "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=counts_smaller,
)
def ranks(xs: list[int]) -> list[int]:
    """Replace every element by its rank: the number of distinct values below it.

    ranks([31, 4, 15, 4]) == [2, 0, 1, 0]

    A primitive that sorts is withheld.
    """
    place = {x: i for i, x in enumerate(sorted(set(xs)))}
    return [place[x] for x in xs]


def inserted(x: int, xs: list[int], result: list[int]) -> bool:
    """The result is in ascending order and has the elements of the list, and x."""
    return ordered([x, *xs], result)


@task(
    inputs={"x": ints(0, 99), "xs": lists(ints(0, 99), order="ascending")},
    train={"length": range(9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=inserted,
)
def insert_in_order(x: int, xs: list[int]) -> list[int]:
    """Insert a number into a sorted list, where it belongs.

    insert_in_order(9, [2, 7, 15]) == [2, 7, 9, 15]

    A primitive that sorts is withheld.
    """
    at = bisect.bisect(xs, x)
    return [*xs[:at], x, *xs[at:]]


@task(
    inputs=lists(ints(0, 99)),
    train={"length": [1, 3, 5, 7, 9]},
    test={"length": [11, 15, 31, 63, 127, 255, 511], "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=lambda xs, result: in_place(len(xs) // 2 + 1, xs, result),
)
def median(xs: list[int]) -> int:
    """The middle value of a list of odd length.

    median([31, 4, 15]) == 15

    A primitive that sorts is withheld: with it, this is one look-up.
    """
    return sorted(xs)[len(xs) // 2]


@task(
    inputs=lists(ints(0, 99)),
    train={"length": range(2, 9)},
    test={"length": [12, 16, 32, 64, 128, 256], "order": ["nearly_sorted", "descending"]},
    ensures=lambda xs, result: result == sum(y < x for i, x in enumerate(xs) for y in xs[i:]),
)
def inversions(xs: list[int]) -> int:
    """The number of pairs in the wrong order.

    inversions([3, 1, 2]) == 2
    """
    return sum(y < x for x, y in itertools.combinations(xs, 2))


def alphabetical(words: list[str], result: list[str]) -> bool:
    """The result is in alphabetical order and has every word as often as the input."""
    ascending = all(a <= b for a, b in itertools.pairwise(result))
    return ascending and all(result.count(w) == words.count(w) for w in [*words, *result])


@task(
    inputs={"words": lists(strings("abcdefgh", range(1, 6)), range(7))},
    train={"length": range(7)},
    test={"length": [8, 16, 32, 64]},
    without={"sort"},
    ensures=alphabetical,
)
def sort_words(words: list[str]) -> list[str]:
    """Sort words alphabetically.

    sort_words(["cab", "ad", "b"]) == ["ad", "b", "cab"]

    A primitive that sorts is withheld.
    """
    return sorted(words)


def half_sorted(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A sorted list, or one with a few neighbours exchanged; each half of the time."""
    order = "ascending" if rng.random() < 0.5 else "nearly_sorted"
    return {"xs": lists(ints(0, 99)).draw(rng, {**setting, "order": order}, 1)[0]}


@task(
    inputs=half_sorted,
    train={"length": range(2, 9)},
    test={"length": LENGTHS, "magnitude": MAGNITUDES},
    without={"sort"},
    ensures=lambda xs, result: result == all(a <= b for a, b in itertools.pairwise(xs)),
)
def is_sorted(xs: list[int]) -> bool:
    """Tell whether a list is in ascending order; half of the lists are, the others nearly.

    is_sorted([4, 4, 15]) == True

    A primitive that sorts is withheld: with it, this is one comparison.
    """
    return all(a <= b for a, b in itertools.pairwise(xs))
