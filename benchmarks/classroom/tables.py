"""Exercises on tables, pairs, truth values and lists of words."""

import itertools
import random

from benchmarks.classroom.exercise import exercise
from benchmarks.classroom.inputs import (
    FIRST,
    WORDS,
    among,
    either,
    lists,
    mapped,
    signed,
    small,
    squares,
    tables,
    truths,
    tuples,
    whole,
)

table = tables(small)
square = squares(whole(0, 9))
pairs = lists(tuples(signed, signed))
truth = among((False, True))
results = lists(tuples(among(FIRST), whole(0, 100)), 1)
words = lists(among(WORDS), 1, 5)


@exercise(rows=table)
def row_sums(rows: list[list[int]]) -> list[int]:
    """Add the numbers of every row: ``row_sums([[1, 2], [3, 4]]) == [3, 7]``."""
    return list(map(sum, rows))


@exercise(rows=table)
def column_sums(rows: list[list[int]]) -> list[int]:
    """Add the numbers of every column: ``column_sums([[1, 2], [3, 4]]) == [4, 6]``."""
    return list(map(sum, zip(*rows, strict=True)))


@exercise(rows=table)
def table_total(rows: list[list[int]]) -> int:
    """Add all numbers: ``table_total([[1, 2], [3, 4]]) == 10``."""
    return sum(map(sum, rows))


@exercise(rows=table)
def row_maxima(rows: list[list[int]]) -> list[int]:
    """Return the largest number of every row: ``row_maxima([[1, 2], [4, 3]]) == [2, 4]``."""
    return list(map(max, rows))


@exercise(rows=table)
def transpose(rows: list[list[int]]) -> list[list[int]]:
    """Exchange rows and columns: ``transpose([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]``."""
    return [list(column) for column in zip(*rows, strict=True)]


@exercise(rows=table)
def turn_right(rows: list[list[int]]) -> list[list[int]]:
    """Turn a table by a quarter: ``turn_right([[1, 2], [3, 4]]) == [[3, 1], [4, 2]]``."""
    return [list(column) for column in zip(*rows[::-1], strict=True)]


@exercise(rows=table)
def mirror_rows(rows: list[list[int]]) -> list[list[int]]:
    """Reverse every row: ``mirror_rows([[1, 2], [3, 4]]) == [[2, 1], [4, 3]]``."""
    return [row[::-1] for row in rows]


@exercise(rows=table, factor=whole(0, 9))
def scale(rows: list[list[int]], factor: int) -> list[list[int]]:
    """Multiply every number: ``scale([[1, 2], [3, 4]], 3) == [[3, 6], [9, 12]]``."""
    return [[factor * each for each in row] for row in rows]


@exercise(rows=square)
def diagonal(rows: list[list[int]]) -> list[int]:
    """Return the diagonal from the top left: ``diagonal([[1, 2], [3, 4]]) == [1, 4]``."""
    return [row[i] for i, row in enumerate(rows)]


@exercise(rows=square)
def trace(rows: list[list[int]]) -> int:
    """Add the diagonal: ``trace([[1, 2], [3, 4]]) == 5``."""
    return sum(row[i] for i, row in enumerate(rows))


def _symmetric(rows: list[list[int]]) -> list[list[int]]:
    size = range(len(rows))
    return [[rows[min(i, j)][max(i, j)] for j in size] for i in size]


@exercise(rows=either(squares(whole(0, 2)), mapped(_symmetric, square)))
def is_symmetric(rows: list[list[int]]) -> bool:
    """Tell whether a square equals its transpose: ``is_symmetric([[1, 2], [2, 4]]) is True``."""
    return all(
        row == list(column) for row, column in zip(rows, zip(*rows, strict=True), strict=True)
    )


def _equal_shapes(rng: random.Random, larger: bool) -> tuple[list[list[int]], list[list[int]]]:
    first = table(rng, larger)
    return first, [[small(rng, larger) for _ in row] for row in first]


@exercise(_equal_shapes)
def add_tables(a: list[list[int]], b: list[list[int]]) -> list[list[int]]:
    """Add numbers at one place: ``add_tables([[1, 2]], [[3, 4]]) == [[4, 6]]``."""
    return [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)]


@exercise(rows=squares(whole(0, 4)), column=lists(whole(0, 4), 8, 8))
def times_vector(rows: list[list[int]], column: list[int]) -> list[int]:
    """Multiply rows by a list, and add: ``times_vector([[1, 2], [3, 4]], [5, 6]) == [17, 39]``."""
    return [sum(a * b for a, b in zip(row, column, strict=False)) for row in rows]


@exercise(rows=lists(lists(small, 0, 4), 0, 4))
def flatten(rows: list[list[int]]) -> list[int]:
    """Put the elements of all lists into one: ``flatten([[1], [], [2, 3]]) == [1, 2, 3]``."""
    return list(itertools.chain.from_iterable(rows))


@exercise(rows=lists(lists(small, 0, 4), 1, 4))
def longest_row(rows: list[list[int]]) -> list[int]:
    """Return the longest list, the first of several: ``longest_row([[1], [2, 3]]) == [2, 3]``."""
    return max(rows, key=len)


@exercise(n=whole(1, 7, 20))
def multiplication_table(n: int) -> list[list[int]]:
    """Return the products up to n times n: ``multiplication_table(2) == [[1, 2], [2, 4]]``."""
    return [[i * j for j in range(1, n + 1)] for i in range(1, n + 1)]


@exercise(n=whole(1, 7, 20))
def identity_matrix(n: int) -> list[list[int]]:
    """Return ones on the diagonal of zeros: ``identity_matrix(2) == [[1, 0], [0, 1]]``."""
    return [[int(i == j) for j in range(n)] for i in range(n)]


@exercise(xs=lists(small), size=whole(1, 4))
def in_chunks(xs: list[int], size: int) -> list[list[int]]:
    """Cut a list into pieces: ``in_chunks([1, 2, 3], 2) == [[1, 2], [3]]``."""
    return [xs[i : i + size] for i in range(0, len(xs), size)]


@exercise(xs=lists(signed, 1))
def smallest_and_largest(xs: list[int]) -> tuple[int, int]:
    """Return the smallest and the largest number: ``smallest_and_largest([3, 1, 5]) == (1, 5)``."""
    return min(xs), max(xs)


@exercise(pairs=pairs)
def exchange_pairs(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Exchange both parts of every pair: ``exchange_pairs([(1, 2)]) == [(2, 1)]``."""
    return [(b, a) for a, b in pairs]


@exercise(pairs=pairs)
def sort_by_second(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort pairs by their second part: ``sort_by_second([(1, 9), (2, 3)]) == [(2, 3), (1, 9)]``."""
    return sorted(pairs, key=lambda pair: pair[1])


@exercise(p=tuples(signed, signed), q=tuples(signed, signed))
def walking_distance(p: tuple[int, int], q: tuple[int, int]) -> int:
    """Return the distance along a grid: ``walking_distance((1, 2), (4, 0)) == 5``."""
    return abs(p[0] - q[0]) + abs(p[1] - q[1])


interval = mapped(lambda ends: tuple(sorted(ends)), tuples(small, small))


@exercise(a=interval, b=interval)
def overlap(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Tell whether two closed intervals meet: ``overlap((1, 4), (3, 9)) is True``."""
    return a[0] <= b[1] and b[0] <= a[1]


@exercise(basket=lists(tuples(whole(1, 30), whole(0, 5))))
def total_price(basket: list[tuple[int, int]]) -> int:
    """Add prices, each with its quantity: ``total_price([(5, 2), (3, 1)]) == 13``."""
    return sum(price * quantity for price, quantity in basket)


@exercise(results=results)
def who_passed(results: list[tuple[str, int]]) -> list[str]:
    """Return the names from 50 points on: ``who_passed([("Ada", 50), ("Ben", 9)]) == ["Ada"]``."""
    return [name for name, points in results if points >= 50]


@exercise(results=results)
def winner(results: list[tuple[str, int]]) -> str:
    """Return the name with the most points: ``winner([("Ada", 50), ("Ben", 9)]) == "Ada"``."""
    return max(results, key=lambda result: result[1])[0]


def _results_and_name(rng: random.Random, larger: bool) -> tuple[list[tuple[str, int]], str]:
    drawn = results(rng, larger)
    return drawn, rng.choice([*(name for name, _ in drawn), rng.choice(FIRST)])


@exercise(_results_and_name)
def points_of(results: list[tuple[str, int]], name: str) -> int:
    """Add the points of a name: ``points_of([("Ada", 50), ("Ben", 9)], "Ben") == 9``."""
    return sum(points for each, points in results if each == name)


@exercise(words=words, length=whole(2, 7))
def words_longer_than(words: list[str], length: int) -> list[str]:
    """Keep the longer words: ``words_longer_than(["tea", "coffee"], 3) == ["coffee"]``."""
    return [word for word in words if len(word) > length]


@exercise(words=words)
def sort_by_length(words: list[str]) -> list[str]:
    """Sort words by their lengths: ``sort_by_length(["coffee", "tea"]) == ["tea", "coffee"]``."""
    return sorted(words, key=len)


@exercise(words=words)
def enumeration(words: list[str]) -> str:
    """Write an enumeration: ``enumeration(["tea", "jam", "egg"]) == "tea, jam and egg"``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@exercise(votes=truths)
def majority(votes: list[bool]) -> bool:
    """Tell whether more than half are true: ``majority([True, False]) is False``."""
    return 2 * sum(votes) > len(votes)


@exercise(truths=truths)
def odd_number_of_truths(truths: list[bool]) -> bool:
    """Tell whether an odd number are true: ``odd_number_of_truths([True, False]) is True``."""
    return sum(truths) % 2 == 1


@exercise(truths=truths)
def count_changes(truths: list[bool]) -> int:
    """Count the neighbours that differ: ``count_changes([True, False, False]) == 1``."""
    return sum(a != b for a, b in itertools.pairwise(truths))


@exercise(ps=truths, qs=truths)
def both(ps: list[bool], qs: list[bool]) -> list[bool]:
    """Combine truth values at one place: ``both([True, True], [True, False]) == [True, False]``."""
    return [p and q for p, q in zip(ps, qs, strict=False)]


@exercise(age=either(whole(8, 20), whole(0, 60)), accompanied=truth)
def may_enter(age: int, accompanied: bool) -> bool:
    """Admit from 16, or from 12 if accompanied: ``may_enter(14, True) is True``."""
    return age >= 16 or (age >= 12 and accompanied)
