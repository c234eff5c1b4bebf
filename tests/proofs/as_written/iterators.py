"""Iterators as people use them: shared, taken from, left half read."""

import itertools
from collections.abc import Iterator
from functools import reduce
from functools import reduce
from itertools import accumulate, chain, dropwhile, groupby, islice, pairwise, takewhile


def in_pairs(xs: list[int]) -> list[tuple[int, int]]:
    it = iter(xs)
    return list(zip(it, it))


def in_pairs_by_star(xs: list[int]) -> list[tuple[int, ...]]:
    return list(zip(*[iter(xs)] * 2))


def zip_of_copies(xs: list[int]) -> list[tuple[int, int]]:
    return list(zip(iter(xs), iter(xs)))


def truth_of_zip(xs: list[int]) -> bool:
    return bool(zip(xs, xs))


def truth_of_map(xs: list[int]) -> int:
    return 1 if map(abs, xs) else 0


def truth_of_generator(xs: list[int]) -> bool:
    return not (x for x in xs if x > 100)


def is_function_true(n: int) -> bool:
    def helper() -> int:
        return 0

    return bool(helper) and n > 0


def first_then_rest(xs: list[int]) -> tuple[int, list[int]]:
    it = iter(xs)
    first = next(it, 0)
    return first, list(it)


def first_or_raise(xs: list[int]) -> int:
    it = iter(xs)
    first = next(it)
    return first


def first_three(xs: list[int]) -> list[int]:
    it = iter(xs)
    a = next(it, -1)
    b = next(it, -1)
    c = next(it, -1)
    return [a, b, c]


def head_by_islice(xs: list[int]) -> tuple[list[int], list[int]]:
    it = iter(xs)
    head = list(islice(it, 1))
    return head, list(it)


def read_twice(xs: list[int]) -> tuple[int, int]:
    it = map(abs, xs)
    return sum(it), sum(it)


def read_twice_in_lines(xs: list[int]) -> list[int]:
    squares = (x * x for x in xs)
    total = sum(squares)
    return [total, *squares]


def contained_then_rest(n: int, xs: list[int]) -> list[int]:
    it = iter(xs)
    found = n in it
    return [int(found), *it]


def subsequence(xs: list[int], ys: list[int]) -> bool:
    it = iter(ys)
    return all(x in it for x in xs)


def loop_then_rest(xs: list[int]) -> list[int]:
    it = iter(xs)
    for x in it:
        if x > 0:
            break
    return list(it)


def skip_header(xs: list[int]) -> int:
    it = iter(xs)
    next(it, None)
    total = 0
    for x in it:
        total += x
    return total


def next_in_loop(xs: list[int]) -> list[int]:
    it = iter(xs)
    out = []
    for x in it:
        out.append(x + next(it, 0))
    return out


def groups_in_lists(xs: list[int]) -> list[tuple[int, int]]:
    return [(key, len(list(group))) for key, group in groupby(xs)]


def groups_after_all(xs: list[int]) -> list[list[int]]:
    return [list(group) for _, group in list(groupby(xs))]


def last_group(xs: list[int]) -> list[int]:
    last: object = ()
    for _, group in groupby(xs):
        last = group
    return list(last)


def group_before(xs: list[int]) -> list[list[int]]:
    before: object = []
    out = []
    for _, group in groupby(xs):
        out.append(list(before))
        before = group
    return out


def group_read_twice(xs: list[int]) -> list[int]:
    return [len(list(g)) + sum(g) for _, g in groupby(xs)]


def group_keys(xs: list[int]) -> list[int]:
    return [key for key, _ in groupby(xs, key=lambda x: x > 0)]


def runs_as_loop(xs: list[int]) -> list[int]:
    out = []
    for key, group in groupby(xs):
        out.append(key)
        out.append(sum(1 for _ in group))
    return out


def any_before_zero(xs: list[int]) -> bool:
    return any(10 // x > 2 for x in xs)


def all_before_zero(xs: list[int]) -> bool:
    return all(10 // x < 20 for x in xs)


def any_of_list(xs: list[int]) -> bool:
    return any([10 // x > 2 for x in xs])


def first_quotient(xs: list[int]) -> int:
    return next((12 // x for x in xs), -1)


def first_good_index(n: int, xs: list[int]) -> int:
    return next((i for i, x in enumerate(xs) if 6 // x > n), -1)


def quotients_until(xs: list[int]) -> list[int]:
    return list(takewhile(lambda q: q > 1, (6 // x for x in xs)))


def membership_stops(n: int, xs: list[int]) -> bool:
    return n in (6 // x for x in xs)


def zip_shortest_first(xs: list[int], ys: list[int]) -> list[tuple[int, int]]:
    return list(zip(xs, (6 // y for y in ys)))


def zip_lazy_first(xs: list[int], ys: list[int]) -> list[tuple[int, int]]:
    return list(zip((6 // y for y in ys), xs))


def unread_generator(xs: list[int]) -> int:
    bad = (1 // 0 for _ in xs)
    return len(xs) if bad else 0


def generator_over_bad(xs: list[int]) -> int:
    values = (x for x in [1 // len(xs)])
    return len(xs)


def map_is_lazy(xs: list[int]) -> int:
    inverse = map(lambda x: 1 // x, xs)
    return len(xs) if inverse is not None else 0


def lazy_and_rebound(n: int, xs: list[int]) -> list[int]:
    shifted = (x + n for x in xs)
    n = 100
    return list(shifted)


def map_and_rebound(n: int, xs: list[int]) -> list[int]:
    shifted = map(lambda x: x + n, xs)
    n = 100
    return list(shifted)


def filter_and_rebound(n: int, xs: list[int]) -> list[int]:
    kept = filter(lambda x: x > n, xs)
    n = n + 1
    return list(kept)


def list_changed_under_generator(xs: list[int]) -> list[int]:
    out = [1]
    doubled = (2 * x for x in out)
    out.append(len(xs))
    return list(doubled)


def length_of_map(xs: list[int]) -> int:
    return len(map(abs, xs))


def index_of_zip(xs: list[int]) -> tuple[int, int]:
    return zip(xs, xs)[0]


def reversed_twice(xs: list[int]) -> list[int]:
    return list(reversed(list(reversed(xs))))


def reversed_iterator(xs: list[int]) -> list[int]:
    return list(reversed(map(abs, xs)))


def two_names(xs: list[int]) -> list[int]:
    it = iter(xs)
    other = it
    first = next(it, 0)
    return [first, *other]


def iter_of_iter(xs: list[int]) -> list[int]:
    it = iter(iter(xs))
    return list(it)


def strict_zip(xs: list[int], ys: list[int]) -> list[int]:
    return [x * y for x, y in zip(xs, ys, strict=True)]


def enumerate_from(xs: list[int]) -> list[int]:
    return [i * x for i, x in enumerate(xs, start=1)]


def enumerate_from_unknown(n: int, xs: list[int]) -> list[int]:
    return [i for i, _ in enumerate(xs, n)]


def running_totals(xs: list[int]) -> list[int]:
    return list(accumulate(xs))


def running_maxima(xs: list[int]) -> list[int]:
    return list(accumulate(xs, max))


def running_from(n: int, xs: list[int]) -> list[int]:
    return list(accumulate(xs, initial=n))


def running_products(xs: list[int]) -> list[int]:
    return list(accumulate(xs, lambda a, b: a * b))


def flat(rows: list[list[int]]) -> list[int]:
    return list(chain.from_iterable(rows))


def flat_by_star(rows: list[list[int]]) -> list[int]:
    return list(chain(*rows))


def flat_by_sum(rows: list[list[int]]) -> list[int]:
    return sum(rows, [])


def steps(xs: list[int]) -> list[int]:
    return [b - a for a, b in pairwise(xs)]


def without_lead(xs: list[int]) -> list[int]:
    return list(dropwhile(lambda x: x <= 0, xs))


def every_other(xs: list[int]) -> list[int]:
    return list(islice(xs, 0, None, 2))


def pairs_of(xs: list[int]) -> list[int]:
    return [a * b for a, b in itertools.combinations(xs, 2)]


def products_of(xs: list[int]) -> int:
    return sum(a == b for a, b in itertools.product(xs, repeat=2))


def orders_of(xs: list[int]) -> int:
    return max((a - b for a, b in itertools.permutations(xs, 2)), default=0)


def folded(n: int, xs: list[int]) -> int:
    return reduce(lambda acc, x: 2 * acc + x, xs, n)


def folded_without_start(xs: list[int]) -> int:
    return reduce(lambda a, b: a - b, xs)


def transposed(rows: list[list[int]]) -> list[list[int]]:
    return [list(column) for column in zip(*rows)]


def given_iterator(xs: list[int]) -> Iterator[int]:
    return (x + 1 for x in xs)


def given_map(xs: list[int]) -> Iterator[int]:
    return map(lambda x: 8 // x, xs)


def counted(xs: list[int]) -> Iterator[int]:
    for x in xs:
        yield x
        yield -x


def sum_of_counted(xs: list[int]) -> int:
    return sum(counted(xs))


def filtered_truths(xs: list[int]) -> list[int]:
    return list(filter(None, xs))


def unpacked_iterator(xs: list[int]) -> int:
    first, *rest = map(abs, xs)
    return first - len(rest)


def spread_iterator(xs: list[int]) -> list[int]:
    return [0, *(x // 2 for x in xs), 0]


def stop_inside(xs: list[int]) -> list[int]:
    return list(next(iter([])) for _ in xs)


def iterator_as_argument(xs: list[int]) -> list[int]:
    def rest(it: Iterator[int]) -> list[int]:
        first = next(it, 0)
        return [first, *it]

    return rest(iter(xs))


def iterator_through_lambda(xs: list[int]) -> list[int]:
    twice = lambda it: list(it) + list(it)  # noqa: E731
    return twice(iter(xs))


def nested_generators(rows: list[list[int]]) -> int:
    return sum(max(row, default=0) for row in (r for r in rows if r))


def group_alone(xs: list[int]) -> list[int]:
    ((_, group),) = groupby(xs)
    return list(group)


def groups_unpacked(xs: list[int]) -> list[int]:
    (_, _), (_, second) = groupby(xs)
    return list(second)


def group_by_star(xs: list[int]) -> list[int]:
    *_, (_, group) = groupby(xs)
    return list(group)


def groups_in_order(xs: list[int]) -> list[list[int]]:
    return [list(group) for _, group in sorted(groupby(xs), key=lambda _: 0)]


def group_of_most(xs: list[int]) -> list[int]:
    _, group = max(groupby(xs), key=lambda _: 0)
    return list(group)


def group_of_reduction(xs: list[int]) -> list[int]:
    _, group = reduce(lambda _, pair: pair, groupby(xs))
    return list(group)


def group_then_rest(xs: list[int]) -> list[int]:
    groups = groupby(xs)
    _, group = next(groups)
    rest = len(list(groups))
    return [rest, *group]


def group_then_loop(xs: list[int]) -> list[int]:
    groups = groupby(xs)
    _, group = next(groups)
    for _ in groups:
        pass
    return list(group)


def group_beside_rest(xs: list[int]) -> tuple[list[int], int]:
    groups = groupby(xs)
    _, group = next(groups)
    return list(group), len(list(groups))


def first_group(xs: list[int]) -> list[int]:
    groups = groupby(xs)
    _, group = next(groups)
    return list(group)
