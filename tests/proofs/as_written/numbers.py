"""Arithmetic, truth values as numbers, and builtins with all their arguments."""

import math


def floor(a: int, b: int) -> tuple[int, int]:
    return a // b, a % b


def floor_negative(n: int) -> list[int]:
    return [n // -3, n % -3, -n // 3, -(n // 3)]


def both(a: int, b: int) -> tuple[int, int]:
    return divmod(a, b)


def power(n: int) -> int:
    return n**3 - n**0


def power_unknown(n: int) -> int:
    return 2**n


def power_modulo(n: int) -> int:
    return pow(n, 2, 7)


def true_division(n: int) -> bool:
    return n / 2 == 1


def float_constant(n: int) -> bool:
    return n == 1.0


def rounded(n: int) -> int:
    return round(n)


def rounded_tens(n: int) -> int:
    return round(n, -1)


def bits(n: int) -> int:
    return n.bit_length()


def shifted(n: int) -> int:
    return 1 << n


def shifted_known(n: int) -> int:
    return n + (5 >> 1) + (1 << 3) + (6 & 3) + (6 ^ 3)


def shifted_negative(n: int) -> int:
    return 1 << -1


def inverted(n: int) -> int:
    return ~n


def plus_truth(n: int) -> int:
    return True + (n > 0) + (n == 0) * 2


def truth_is_one(n: int) -> bool:
    return (n > 0) == 1


def truth_and(p: bool, q: bool) -> bool:
    return p & q | (p ^ q)


def truth_minus(p: bool) -> int:
    return -p


def truth_index(p: bool, xs: list[int]) -> int:
    return [10, 20][p]


def truth_times_list(p: bool) -> list[int]:
    return [1] * p


def max_truths(p: bool, q: bool) -> bool:
    return max(p, q)


def max_mixed(n: int, p: bool) -> int:
    return max(n, p)


def sum_truths(ps: list[bool]) -> int:
    return sum(ps)


def count_truths(xs: list[int]) -> int:
    return [True, 1, 0, False].count(len(xs) > 1)


def index_of_truth(ps: list[bool]) -> int:
    return ps.index(True)


def element_of_truths(n: int, ps: list[bool]) -> bool:
    return ps[n]


def compared_types(n: int) -> bool:
    return n == "1" or n is None or n == [n]


def ordered_types(n: int) -> bool:
    return n < "1"


def none_ordered(n: int) -> bool:
    return None < n


def list_and_tuple(n: int) -> bool:
    return [n] == (n,)


def list_before_tuple(n: int) -> bool:
    return [n] < (n,)


def lists_ordered(xs: list[int], ys: list[int]) -> bool:
    return xs < ys


def tuples_ordered(a: int, b: int) -> bool:
    return (a, -b) <= (b, -a)


def is_none(n: int) -> bool:
    value = None if n > 0 else n
    return value is not None


def smallest(xs: list[int]) -> int:
    return min(xs)


def smallest_default(xs: list[int]) -> int | None:
    return min(xs, default=None)


def largest_by_key(xs: list[int]) -> int:
    return max(xs, key=lambda x: x % 3)


def smallest_by_key(xs: list[int]) -> int:
    return min(xs, key=abs)


def largest_of_several(a: int, b: int, c: int) -> int:
    return max(a, b, c, key=lambda x: -abs(x))


def largest_of_one(n: int) -> int:
    return max(n)


def longest_list(rows: list[list[int]]) -> list[int]:
    return max(rows, key=len, default=[])


def sum_from(n: int, xs: list[int]) -> int:
    return sum(xs, n)


def sum_start(n: int, xs: list[int]) -> int:
    return sum((x * x for x in xs), start=n)


def sum_of_lists(rows: list[list[int]]) -> list[int]:
    return sum(rows, start=[])


def sum_without_start(rows: list[list[int]]) -> int:
    return sum(rows)


def falling(xs: list[int]) -> list[int]:
    return sorted(xs, reverse=True)


def falling_if(n: int, xs: list[int]) -> list[int]:
    return sorted(xs, reverse=n > 0)


def stable_falling(xs: list[int]) -> list[int]:
    return sorted(xs, key=lambda x: x % 2, reverse=True)


def by_two_keys(xs: list[int]) -> list[int]:
    return sorted(xs, key=lambda x: (-abs(x), x))


def sorted_mixed(n: int) -> list[object]:
    return sorted([n, "a"])


def sorted_raising(xs: list[int]) -> list[int]:
    return sorted(xs, key=lambda x: 1 // x)


def greatest_divisor(n: int) -> int:
    return math.gcd(12, 18) + n


def greatest_divisor_unknown(n: int) -> int:
    return math.gcd(n, 12)


def integer_of_truth(p: bool) -> int:
    return int(p) + int() + int(not p)


def bool_of(n: int, s: str) -> tuple[bool, bool, bool]:
    return bool(n), bool(s), bool()


def absolute(n: int) -> int:
    return abs(n) + abs(-3) + abs(True)


def isqrt(n: int) -> int:
    k = 0
    while (k + 1) * (k + 1) <= n:
        k += 1
    return k


def digits_sum(n: int) -> int:
    return sum(int(d) for d in str(abs(n)))


def list_index_from(n: int, xs: list[int]) -> int:
    return xs.index(n, 1)


def list_index(n: int, xs: list[int]) -> int:
    return xs.index(n)


def list_times(n: int, xs: list[int]) -> list[int]:
    return xs * n


def times_list(n: int) -> list[int]:
    return 2 * [n]


def beyond_end(n: int, xs: list[int]) -> int:
    return xs[n]


def backwards_from(n: int, xs: list[int]) -> list[int]:
    return xs[n::-1]


def backwards_to(n: int, xs: list[int]) -> list[int]:
    return xs[:n:-1]


def backwards_between(a: int, b: int, xs: list[int]) -> list[int]:
    return xs[a:b:-1]


def every_second(n: int, xs: list[int]) -> list[int]:
    return xs[n::2]


def backwards_by_two(xs: list[int]) -> list[int]:
    return xs[::-2]


def step_zero(xs: list[int]) -> list[int]:
    return xs[:: len(xs) - len(xs)]


def step_unknown(n: int, xs: list[int]) -> list[int]:
    return xs[::n]


def last_n(n: int, xs: list[int]) -> list[int]:
    return xs[-n:]


def all_but(n: int, xs: list[int]) -> list[int]:
    return xs[:-n]


def between(a: int, b: int, xs: list[int]) -> list[int]:
    return xs[a:b]


def rotated(n: int, xs: list[int]) -> list[int]:
    k = n % len(xs) if xs else 0
    return xs[k:] + xs[:k]


def set_order(xs: list[int]) -> list[int]:
    return list(set(xs))


def set_loop(xs: list[int]) -> list[int]:
    return [x for x in set(xs)]


def set_first(xs: list[int]) -> int:
    return next(iter({*xs}))


def set_sorted(xs: list[int]) -> list[int]:
    return sorted(set(xs))


def set_sorted_key(xs: list[int]) -> list[int]:
    return sorted({*xs}, key=lambda x: x % 2)


def set_sum(xs: list[int]) -> int:
    return sum({x % 3 for x in xs}) + sum(x for x in set(xs) if x > 1)


def set_algebra(xs: list[int], ys: list[int]) -> list[int]:
    return sorted(set(xs) & set(ys)) + [0] + sorted(set(xs) - set(ys)) + sorted(set(xs) ^ set(ys))


def set_union_size(xs: list[int], ys: list[int]) -> int:
    return len(set(xs) | set(ys))


def set_equal(xs: list[int], ys: list[int]) -> bool:
    return set(xs) == set(ys)


def set_before(xs: list[int], ys: list[int]) -> bool:
    return set(xs) <= set(ys)


def set_of_lists(rows: list[list[int]]) -> int:
    return len(set(rows))


def set_of_truths(n: int) -> int:
    return len({True, 1, n})


def in_set(n: int, xs: list[int]) -> bool:
    return n in {1, 2, *xs}


def list_in_set(n: int) -> bool:
    return [n] in {1, 2}


def ordered_keys(xs: list[int]) -> list[int]:
    return list(dict.fromkeys(xs))


def keys_backwards(xs: list[int]) -> int:
    return len(dict.fromkeys(xs)) - len(xs)


def dict_counts(xs: list[int]) -> int:
    counts = {}
    for x in xs:
        counts[x] = counts.get(x, 0) + 1
    return max(counts.values(), default=0)


def dict_literal(n: int) -> int:
    return {0: 10, 1: 20}.get(n, -1)


def dict_order(xs: list[int]) -> list[int]:
    return [k for k in {x: 1 for x in xs}]


def dict_missing(n: int) -> int:
    return {1: 2}[n]
