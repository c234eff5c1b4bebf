"""Functions within functions: what they see, and when."""

from collections.abc import Callable

LIMIT = 3
TABLE = [1, 2, 3]


def bound_again(n: int) -> int:
    f = lambda: n  # noqa: E731
    n = n + 1
    return f()


def late_in_loop(xs: list[int]) -> list[int]:
    fs = []
    for x in xs:
        fs.append(lambda: x)  # noqa: B023
    return [f() for f in fs]


def late_in_comprehension(xs: list[int]) -> list[int]:
    fs = [lambda: x for x in xs]  # noqa: B023
    return [f() for f in fs]


def early_by_default(xs: list[int]) -> list[int]:
    fs = [lambda x=x: x for x in xs]
    return [f() for f in fs]


def loop_variable_after(xs: list[int]) -> int:
    x = 0
    f = lambda: x  # noqa: E731
    for x in xs:  # noqa: B007
        pass
    return f()


def used_at_once(xs: list[int], ys: list[int]) -> list[int]:
    out = ys
    for x in xs:
        out = sorted(out, key=lambda y: abs(y - x))  # noqa: B023
    return out


def helper_before_constant(n: int) -> int:
    def shifted(x: int) -> int:
        return x + by

    by = 10
    return shifted(n)


def helper_after_constant(n: int) -> int:
    by = 10

    def shifted(x: int) -> int:
        return x + by

    return shifted(n)


def factorial(n: int) -> int:
    def go(k: int) -> int:
        return 1 if k <= 1 else k * go(k - 1)

    return go(min(n, 4))


def even_or_odd(n: int) -> bool:
    def even(k: int) -> bool:
        return k == 0 or odd(k - 1)

    def odd(k: int) -> bool:
        return k != 0 and even(k - 1)

    return even(min(abs(n), 4))


def counter(xs: list[int]) -> int:
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1

    for _ in xs:
        tick()
    return count


def adder(n: int, xs: list[int]) -> list[int]:
    def add(k: int) -> Callable[[int], int]:
        return lambda x: x + k

    plus = add(n)
    return [plus(x) for x in xs]


def compose(n: int) -> int:
    def twice(f: Callable[[int], int]) -> Callable[[int], int]:
        return lambda x: f(f(x))

    return twice(lambda x: 2 * x + 1)(n)


def shadowed_builtin(xs: list[int]) -> int:
    sum = len(xs)
    return sum + 1


def shadowed_function(xs: list[int]) -> int:
    def max(values: list[int]) -> int:
        return len(values)

    return max(xs)


def shadowed_list(xs: list[int]) -> list[int]:
    list = lambda values: values  # noqa: E731
    out = list(xs)
    out += [1]
    return xs


def local_before(n: int) -> int:
    if n > 0:
        LIMIT = n
    return LIMIT


def global_constant(n: int) -> int:
    return min(n, LIMIT)


def global_list(n: int) -> bool:
    return n in TABLE


def global_changed(n: int) -> list[int]:
    out = TABLE
    out = out + [n]
    return out[1:]


def comprehension_scope(xs: list[int]) -> int:
    x = 10
    doubled = [x * 2 for x in xs]
    return x + len(doubled)


def comprehension_outer(n: int, xs: list[int]) -> list[int]:
    return [x for x in range(n % 3) for x in xs[:x]]


def default_once(n: int) -> list[int]:
    def collect(x: int, acc: list[int] = []) -> list[int]:  # noqa: B006
        acc.append(x)
        return acc

    collect(n)
    return collect(n + 1)


def default_read(n: int) -> int:
    def scaled(x: int, by: int = 2, *, plus: int = 0) -> int:
        return x * by + plus

    return scaled(n) + scaled(n, 3) + scaled(n, plus=1) + scaled(by=0, x=n)


def default_evaluated_early(n: int) -> int:
    k = n

    def get(value: int = k) -> int:
        return value

    k = 99
    return get() + k - k


def too_many(n: int) -> int:
    f = lambda x: x  # noqa: E731
    return f(n, n)


def too_few(n: int) -> int:
    f = lambda x, y: x + y  # noqa: E731
    return f(n)


def twice_named(n: int) -> int:
    f = lambda x: x  # noqa: E731
    return f(n, x=n)


def any_number(xs: list[int]) -> int:
    def total(*values: int) -> int:
        return sum(values)

    return total(*xs) + total() + total(1, 2)


def named_any(n: int) -> int:
    def total(**values: int) -> int:
        return sum(values.values())

    return total(a=n, b=1)


def keyword_only(n: int) -> int:
    def f(*, k: int) -> int:
        return k

    return f(n)


def decorated(n: int) -> int:
    def twice(f: Callable[[int], int]) -> Callable[[int], int]:
        return lambda x: f(f(x))

    @twice
    def step(x: int) -> int:
        return x + 1

    return step(n)


def immediately(n: int) -> int:
    return (lambda x, y=2: x * y)(n)


def conditional_function(n: int) -> int:
    f = (lambda x: -x) if n < 0 else (lambda x: x)
    return f(n)


def function_in_tuple(n: int) -> int:
    first, second = (abs, lambda x: x + n)
    return first(n) + second(1)


def class_inside(n: int) -> int:
    class Box:
        value = n

    return Box.value


def with_global(n: int) -> int:
    global LIMIT
    return LIMIT + n


def recursion_on_lists(xs: list[int]) -> int:
    return xs[0] - recursion_on_lists(xs[1:]) if xs else 0


def quick(xs: list[int]) -> list[int]:
    if len(xs) < 2:
        return xs
    pivot, *rest = xs
    return quick([x for x in rest if x < pivot]) + [pivot] + quick([x for x in rest if x >= pivot])
