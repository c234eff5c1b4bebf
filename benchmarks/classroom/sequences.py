"""Exercises on lists of integers."""

import itertools
import math
import random

from benchmarks.classroom.exercise import exercise
from benchmarks.classroom.inputs import (
    among,
    distinct,
    either,
    length,
    lists,
    mapped,
    mirrored,
    numbers,
    signed,
    small,
    some_numbers,
    whole,
)

few_values = lists(whole(0, 6), 1)
ascending = mapped(sorted, numbers)


@exercise(xs=numbers)
def total_of_positives(xs: list[int]) -> int:
    """Add the positive numbers: ``total_of_positives([3, -4, 5]) == 8``."""
    return sum(x for x in xs if x > 0)


@exercise(xs=numbers)
def count_even(xs: list[int]) -> int:
    """Count the even numbers: ``count_even([3, 4, 6]) == 2``."""
    return sum(x % 2 == 0 for x in xs)


@exercise(xs=lists(small, 1))
def average(xs: list[int]) -> int:
    """Return the mean, rounded down: ``average([3, 4, 6]) == 4``."""
    return sum(xs) // len(xs)


@exercise(xs=some_numbers)
def count_above_average(xs: list[int]) -> int:
    """Count the numbers above the mean: ``count_above_average([1, 2, 9]) == 1``."""
    return sum(x * len(xs) > sum(xs) for x in xs)


@exercise(xs=some_numbers)
def spread(xs: list[int]) -> int:
    """Return the largest minus the smallest number: ``spread([3, -4, 5]) == 9``."""
    return max(xs) - min(xs)


@exercise(xs=mapped(lambda xs: [*xs, max(xs) + 3], some_numbers))
def second_largest(xs: list[int]) -> int:
    """Return the second largest of the different values: ``second_largest([5, 3, 5]) == 3``."""
    return sorted(set(xs))[-2]


@exercise(xs=some_numbers)
def place_of_largest(xs: list[int]) -> int:
    """Return the first index of the largest number: ``place_of_largest([3, 8, 5]) == 1``."""
    return xs.index(max(xs))


@exercise(xs=few_values, x=whole(0, 6))
def find(xs: list[int], x: int) -> int:
    """Return the first index of a number, or -1: ``find([3, 8, 5], 8) == 1``."""
    return xs.index(x) if x in xs else -1


@exercise(xs=numbers)
def running_maximum(xs: list[int]) -> list[int]:
    """Return the largest so far at each place: ``running_maximum([3, 1, 5]) == [3, 3, 5]``."""
    return list(itertools.accumulate(xs, max))


@exercise(xs=numbers)
def prefix_sums(xs: list[int]) -> list[int]:
    """Return the sum so far at each place: ``prefix_sums([3, 1, 5]) == [3, 4, 9]``."""
    return list(itertools.accumulate(xs))


@exercise(xs=numbers)
def differences(xs: list[int]) -> list[int]:
    """Subtract each number from the next: ``differences([3, 1, 5]) == [-2, 4]``."""
    return [b - a for a, b in itertools.pairwise(xs)]


@exercise(xs=some_numbers, k=whole(0, 9))
def rotate_left(xs: list[int], k: int) -> list[int]:
    """Move k numbers from the front to the back: ``rotate_left([1, 2, 3], 4) == [2, 3, 1]``."""
    k %= len(xs)
    return xs[k:] + xs[:k]


@exercise(xs=few_values)
def remove_duplicates(xs: list[int]) -> list[int]:
    """Keep the first of equal numbers: ``remove_duplicates([3, 1, 3]) == [3, 1]``."""
    return list(dict.fromkeys(xs))


@exercise(xs=ascending, ys=ascending)
def merge_sorted(xs: list[int], ys: list[int]) -> list[int]:
    """Merge two ascending lists: ``merge_sorted([1, 4], [2]) == [1, 2, 4]``."""
    return sorted(xs + ys)


@exercise(xs=ascending, x=signed)
def insert_sorted(xs: list[int], x: int) -> list[int]:
    """Insert a number into an ascending list: ``insert_sorted([1, 4], 2) == [1, 2, 4]``."""
    return sorted([*xs, x])


@exercise(xs=few_values, x=whole(0, 6))
def remove_all(xs: list[int], x: int) -> list[int]:
    """Remove a number wherever it occurs: ``remove_all([3, 1, 3], 3) == [1]``."""
    return [each for each in xs if each != x]


@exercise(xs=lists(small))
def count_peaks(xs: list[int]) -> int:
    """Count the numbers larger than both neighbours: ``count_peaks([1, 3, 2, 5, 0]) == 2``."""
    return sum(a < b > c for a, b, c in zip(xs, xs[1:], xs[2:], strict=False))


@exercise(xs=lists(whole(0, 4)))
def move_zeros(xs: list[int]) -> list[int]:
    """Move all zeros to the end: ``move_zeros([0, 3, 0, 1]) == [3, 1, 0, 0]``."""
    return sorted(xs, key=lambda x: x == 0)


@exercise(xs=few_values)
def mode(xs: list[int]) -> int:
    """Return the most frequent number, the first of several: ``mode([3, 1, 1, 3]) == 3``."""
    return max(xs, key=xs.count)


@exercise(xs=mapped(lambda xs: xs if len(xs) % 2 else xs[1:], some_numbers))
def median(xs: list[int]) -> int:
    """Return the middle one of an odd number of numbers: ``median([9, 1, 4]) == 4``."""
    return sorted(xs)[len(xs) // 2]


def _numbers_and_sum(rng: random.Random, larger: bool) -> tuple[list[int], int]:
    xs = lists(whole(0, 99), 2)(rng, larger)
    return xs, sum(rng.sample(xs, 2)) if rng.random() < 0.5 else rng.randint(0, 198)


@exercise(_numbers_and_sum)
def has_pair_with_sum(xs: list[int], total: int) -> bool:
    """Tell whether two of the numbers add up: ``has_pair_with_sum([1, 4, 6], 10) is True``."""
    return any(a + b == total for a, b in itertools.combinations(xs, 2))


@exercise(xs=lists(whole(0, 9)), total=whole(4, 14))
def pairs_with_sum(xs: list[int], total: int) -> list[tuple[int, int]]:
    """Return all pairs that add up, in order: ``pairs_with_sum([1, 4, 3], 4) == [(1, 3)]``."""
    return [(a, b) for a, b in itertools.combinations(xs, 2) if a + b == total]


@exercise(xs=either(numbers, ascending))
def is_ascending(xs: list[int]) -> bool:
    """Tell whether no number is less than the one before: ``is_ascending([1, 4, 4]) is True``."""
    return xs == sorted(xs)


@exercise(xs=either(lists(whole(0, 30)), distinct(lists(whole(0, 30)))))
def all_different(xs: list[int]) -> bool:
    """Tell whether no number occurs twice: ``all_different([3, 1, 3]) is False``."""
    return len(set(xs)) == len(xs)


@exercise(xs=either(few_values, mapped(mirrored, few_values)))
def is_mirrored(xs: list[int]) -> bool:
    """Tell whether a list reads the same backwards: ``is_mirrored([3, 1, 3]) is True``."""
    return xs == xs[::-1]


@exercise(xs=numbers)
def every_second(xs: list[int]) -> list[int]:
    """Return the first number, the third and so on: ``every_second([4, 5, 6]) == [4, 6]``."""
    return xs[::2]


@exercise(xs=numbers)
def alternating_sum(xs: list[int]) -> int:
    """Add and subtract in turn: ``alternating_sum([5, 3, 4]) == 6``."""
    return sum(xs[::2]) - sum(xs[1::2])


@exercise(xs=numbers, ys=numbers)
def dot_product(xs: list[int], ys: list[int]) -> int:
    """Add the products of numbers at one place: ``dot_product([1, 2], [3, 4]) == 11``."""
    return sum(x * y for x, y in zip(xs, ys, strict=False))


@exercise(xs=few_values, ys=few_values)
def common_elements(xs: list[int], ys: list[int]) -> list[int]:
    """Return what both lists have, ascending: ``common_elements([3, 1, 1], [1, 2]) == [1]``."""
    return sorted(set(xs) & set(ys))


@exercise(xs=numbers)
def evens_first(xs: list[int]) -> list[int]:
    """Put the even numbers before the odd ones: ``evens_first([3, 4, 1, 2]) == [4, 2, 3, 1]``."""
    return sorted(xs, key=lambda x: x % 2)


@exercise(xs=numbers)
def sort_descending(xs: list[int]) -> list[int]:
    """Sort from the largest to the smallest: ``sort_descending([3, 1, 5]) == [5, 3, 1]``."""
    return sorted(xs, reverse=True)


@exercise(xs=numbers)
def bubble_pass(xs: list[int]) -> list[int]:
    """Exchange neighbours in wrong order, once: ``bubble_pass([3, 1, 2]) == [1, 2, 3]``."""
    passed = list(xs)
    for i in range(len(passed) - 1):
        if passed[i] > passed[i + 1]:
            passed[i], passed[i + 1] = passed[i + 1], passed[i]
    return passed


@exercise(xs=numbers)
def longest_rise(xs: list[int]) -> int:
    """Return the length of the longest ascending run: ``longest_rise([3, 1, 2, 5, 4]) == 3``."""
    longest = current = 0
    for i, x in enumerate(xs):
        current = current + 1 if i and xs[i - 1] < x else 1
        longest = max(longest, current)
    return longest


@exercise(xs=lists(signed, 1))
def maximum_subarray(xs: list[int]) -> int:
    """Return the largest sum of neighbouring numbers: ``maximum_subarray([3, -4, 5, 1]) == 6``."""
    return max(sum(xs[i:j]) for i in range(len(xs)) for j in range(i + 1, len(xs) + 1))


def _with_a_gap(rng: random.Random, larger: bool) -> tuple[list[int]]:
    xs = list(range(1, length(rng, larger, 2, 9) + 1))
    xs.remove(rng.choice(xs))
    return (rng.sample(xs, len(xs)),)


@exercise(_with_a_gap)
def missing_number(xs: list[int]) -> int:
    """Return the number from 1 to n that is missing: ``missing_number([4, 1, 2]) == 3``."""
    return next(x for x in range(1, len(xs) + 2) if x not in xs)


@exercise(prices=lists(whole(1, 30), 1))
def best_profit(prices: list[int]) -> int:
    """Return the best gain from buying before selling, or 0: ``best_profit([5, 2, 6, 1]) == 4``."""
    return max([0, *(b - a for a, b in itertools.combinations(prices, 2))])


@exercise(xs=lists(small))
def leaders(xs: list[int]) -> list[int]:
    """Return the numbers larger than all behind them: ``leaders([4, 5, 1, 3]) == [5, 3]``."""
    return [x for i, x in enumerate(xs) if all(x > y for y in xs[i + 1 :])]


@exercise(xs=lists(whole(1, 5)))
def product_of_others(xs: list[int]) -> list[int]:
    """Multiply all others: ``product_of_others([2, 3, 4]) == [12, 8, 6]``."""
    return [math.prod(xs) // x for x in xs]


@exercise(xs=few_values)
def frequencies(xs: list[int]) -> list[tuple[int, int]]:
    """Count each number, ascending: ``frequencies([3, 1, 3]) == [(1, 1), (3, 2)]``."""
    return [(x, xs.count(x)) for x in sorted(set(xs))]


@exercise(xs=lists(among((1, 2, 3)), 1))
def runs(xs: list[int]) -> list[int]:
    """Return the lengths of the stretches of equal numbers: ``runs([3, 3, 1]) == [2, 1]``."""
    return [len(list(stretch)) for _, stretch in itertools.groupby(xs)]
