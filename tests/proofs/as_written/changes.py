"""Lists that are changed in place, and names that share one."""


def alias_grows(xs: list[int]) -> int:
    out = xs
    out += [1]
    return len(xs)


def alias_appended(xs: list[int]) -> list[int]:
    out = xs
    out.append(0)
    return xs


def copy_grows(xs: list[int]) -> tuple[int, int]:
    out = xs[:]
    out += [1]
    return len(xs), len(out)


def copy_method(xs: list[int]) -> list[int]:
    out = xs.copy()
    out.append(7)
    return xs + out


def plus_is_new(xs: list[int]) -> int:
    out = xs
    out = out + [1]
    return len(xs)


def collected(xs: list[int]) -> list[int]:
    out = []
    for x in xs:
        if x > 0:
            out.append(x)
    return out


def grouped(xs: list[int]) -> list[list[int]]:
    groups = []
    group = []
    for x in xs:
        if group and x < group[-1]:
            groups.append(group)
            group = []
        group.append(x)
    if group:
        groups.append(group)
    return groups


def group_kept(xs: list[int]) -> list[list[int]]:
    groups = []
    group = []
    for x in xs:
        group.append(x)
        groups.append(group)
    return groups


def same_row(n: int) -> list[list[int]]:
    rows = [[]] * 3
    rows[0].append(n)
    return rows


def same_row_plus(n: int) -> list[list[int]]:
    rows = [[0]] * 2
    rows[0] += [n]
    return rows


def own_rows(n: int) -> list[list[int]]:
    rows = [[] for _ in range(2)]
    rows[0] = [n]
    return rows


def argument_sorted(xs: list[int]) -> list[int]:
    xs.sort()
    return xs


def copy_sorted(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys.sort(reverse=True)
    return xs + ys


def sorted_returns_none(xs: list[int]) -> bool:
    ys = list(xs)
    result = ys.sort()
    return result is None


def sorted_by_key(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys.sort(key=lambda x: x % 2)
    return ys


def reversed_in_place(xs: list[int]) -> list[int]:
    ys = list(xs)
    ys.reverse()
    return ys


def popped(xs: list[int]) -> int:
    ys = list(xs)
    last = ys.pop()
    return last + len(ys)


def popped_first(xs: list[int]) -> list[int]:
    ys = list(xs)
    first = ys.pop(0)
    ys.append(first)
    return ys


def popped_within(xs: list[int]) -> int:
    ys = list(xs)
    return ys.pop() - ys.pop()


def stack(xs: list[int]) -> list[int]:
    held = []
    for x in xs:
        while held and held[-1] > x:
            held.pop()
        held.append(x)
    return held


def inserted(n: int, xs: list[int]) -> list[int]:
    out = list(xs)
    out.insert(1, n)
    out.insert(-1, 0)
    return out


def removed(n: int, xs: list[int]) -> list[int]:
    out = list(xs)
    out.remove(n)
    return out


def extended(xs: list[int], ys: list[int]) -> list[int]:
    out = []
    out.extend(xs)
    out.extend(y for y in ys if y)
    return out


def extended_by_itself(xs: list[int]) -> list[int]:
    out = list(xs)
    out.extend(out)
    return out


def plus_text(s: str) -> list[str]:
    out = []
    out += s
    return out


def assigned_at(n: int, xs: list[int]) -> list[int]:
    out = list(xs)
    out[0] = n
    out[-1] += 1
    return out


def assigned_at_unknown(n: int, xs: list[int]) -> list[int]:
    out = [0] * 3
    for x in xs:
        out[x] = n
    return out


def tally(xs: list[int]) -> list[int]:
    counts = [0, 0]
    for x in xs:
        counts[x % 2] += 1
    return counts


def swapped(xs: list[int]) -> list[int]:
    out = list(xs)
    out[0], out[-1] = out[-1], out[0]
    return out


def slice_assigned(xs: list[int]) -> list[int]:
    out = list(xs)
    out[1:] = [9]
    return out


def deleted(xs: list[int]) -> list[int]:
    out = list(xs)
    del out[0]
    return out


def grows_while_read(xs: list[int]) -> list[int]:
    out = list(xs)
    for x in out:
        if len(out) < 5:
            out.append(x)
    return out


def grows_in_callee(n: int, xs: list[int]) -> list[int]:
    def grow(values: list[int]) -> None:
        values.append(n)

    out = list(xs)
    grow(out)
    return out


def grows_through_closure(xs: list[int]) -> list[int]:
    out = []

    def push(x: int) -> None:
        out.append(x)

    for x in xs:
        push(x)
    return out


def seen_by_closure(n: int) -> int:
    out = [n]
    size = lambda: len(out)  # noqa: E731
    out.append(n)
    return size()


def held_by_tuple(n: int) -> tuple[list[int], int]:
    out = [n]
    pair = (out, n)
    out.append(0)
    return pair


def two_at_once(n: int) -> list[int]:
    a = b = []
    a.append(n)
    return b


def chosen_alias(n: int, xs: list[int]) -> list[int]:
    out = [1]
    other = out if n > 0 else xs
    out.append(2)
    return other


def or_alias(xs: list[int]) -> list[int]:
    out = xs or [1]
    out.append(2)
    return xs


def max_alias(n: int) -> list[int]:
    a = [n]
    b = [0]
    c = max(a, b)
    a.append(5)
    return c


def tuple_plus(n: int) -> tuple[int, ...]:
    t = (n,)
    u = t
    u += (1,)
    return t


def times_in_place(xs: list[int]) -> list[int]:
    out = xs
    out *= 2
    return xs


def cleared(xs: list[int]) -> int:
    out = list(xs)
    out.clear()
    return len(out)


def append_returns(n: int) -> bool:
    out = []
    return out.append(n) is None


def set_alias(xs: list[int]) -> int:
    seen = set(xs)
    other = seen
    other |= {100}
    return len(seen)


def set_added(xs: list[int]) -> int:
    seen = set()
    for x in xs:
        seen.add(x)
    return len(seen)


def first_repeat(xs: list[int]) -> int:
    seen = set()
    for x in xs:
        if x in seen:
            return x
        seen.add(x)
    return -1


def unique_in_order(xs: list[int]) -> list[int]:
    seen = set()
    out = []
    for x in xs:
        if x not in seen:
            seen.add(x)
            out.append(x)
    return out


def matrix_set(n: int) -> list[list[int]]:
    grid = [[0, 0], [0, 0]]
    grid[1][0] = n
    return grid


def window_sums(xs: list[int]) -> list[int]:
    out, total = [], 0
    for i, x in enumerate(xs):
        total += x
        if i >= 2:
            total -= xs[i - 2]
        out.append(total)
    return out
