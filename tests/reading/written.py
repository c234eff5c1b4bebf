"""Functions as people write them: of a list of integers (`list_…`) and of a text (`text_…`)."""
# ruff: noqa: A001, ARG001, B006, B012, B023, B905, C416, F841, PLR0133, PLW0120, RET504, SIM107


def list_01(xs):
    out = xs
    out += [1]
    return len(xs), xs


def list_02(xs):
    out = xs * 2
    out *= 2
    return out


def list_03(xs):
    s = set(xs)
    t = s
    t |= {1}
    return sorted(s)


def list_04(xs):
    it = iter(xs)
    return list(zip(it, it))


def list_05(xs):
    it = iter(xs)
    return [next(it) for _ in range(2)]


def list_06(xs):
    return any(10 // y > 2 for y in xs)


def list_07(xs):
    fs = [lambda: y for y in xs]
    return [g() for g in fs]


def list_08(xs, acc=[]):
    acc.append(len(xs))
    return len(acc) > 0


def list_09(xs):
    n = 1

    def g():
        return n

    n = 2
    return g()


def list_10(xs):
    n = 0

    def g():
        nonlocal n
        n += 1

    for _ in xs:
        g()
    return n


def list_11(xs):
    if (n := len(xs)) > 2:
        return n
    return [m := y for y in xs] and m


def list_12(xs):
    a, *b = xs
    return a, b


def list_13(xs):
    *a, b, c = xs
    return a, b, c


def list_14(xs):
    for y in xs:
        if y < 0:
            break
    else:
        return "none"
    return y


def list_15(xs):
    n = 0
    while n < len(xs):
        n += 1
        if xs[n - 1] == 0:
            continue
        if xs[n - 1] > 1:
            return n
    else:
        return -1


def list_16(xs):
    try:
        return 10 // xs[0]
    except (ZeroDivisionError, IndexError) as e:
        return "no"
    finally:
        xs.append(1)


def list_17(xs):
    try:
        return xs[3]
    finally:
        return 7


def list_18(xs):
    assert len(xs) < 3
    return xs[::-1]


def list_19(xs):
    if not xs:
        raise ValueError("empty")
    return max(xs, key=lambda y: -y)


def list_20(xs):
    from itertools import groupby

    return [(k, len(list(g))) for k, g in groupby(xs)]


def list_21(xs):
    from itertools import groupby

    gs = [g for _, g in groupby(xs)]
    return [list(g) for g in gs]


def list_22(xs):
    from itertools import accumulate

    return list(accumulate(xs, max))


def list_23(xs):
    from itertools import product

    return [a + b for a, b in product(xs[:3], repeat=2)]


def list_24(xs):
    from collections import Counter

    return sorted(Counter(xs).items())


def list_25(xs):
    from collections import defaultdict

    d = defaultdict(list)
    for i, y in enumerate(xs):
        d[y].append(i)
    return list(d.items())


def list_26(xs):
    return {y: i for i, y in enumerate(xs)}.get(0, "none")


def list_27(xs):
    return [[z for z in xs if z > y] for y in xs if y >= 0]


def list_28(xs):
    return 0 < len(xs) <= 3 != 2


def list_29(xs):
    return f"{len(xs):>4}|{xs!r}|{sum(xs):+d}"


def list_30(xs):
    return xs[1:-1:2], xs[::-2]


def list_31(xs):
    xs = sorted(xs, reverse=True)
    del xs[:1]
    return xs


def list_32(xs):
    def g(n):
        return 1 if n <= 0 else n * g(n - 1)

    return g(len(xs) % 7)


def list_33(xs):
    def g(a, b=2, *, c=3):
        return a + b * c

    return g(1), g(1, 1), g(a=1, c=0)


def list_34(xs):
    y = 5
    return [y for y in xs], y


def list_35(xs):
    return list(map(str, xs)), " ".join(map(str, xs))


def list_36(xs):
    len = 3
    return len


def list_37(xs):
    if xs:
        n = 1
    return n


def list_38(xs):
    return True + (xs == []), isinstance(xs, list), isinstance(1, (str, int))


def list_39(xs):
    return min(xs, default=None), sum(xs, 10), divmod(sum(xs), 7), pow(2, 10, 7)


def list_40(xs):
    return next((y for y in xs if y > 1), None)


def list_41(xs):
    ys = [[0]] * 2
    ys[0].append(1)
    return ys


def list_42(xs):
    return -7 // 2, -7 % 3, 7 // -2, ~5, 5 & 3, 5 ^ 3, 1 << 4, -9 >> 1


def text_01(xs):
    return xs.split(" ", 1), xs.split(), xs.split("a")


def text_02(xs):
    return "".join(c for c in xs if c.isalpha()).title()


def text_03(xs):
    return [str.upper(c) for c in xs], list(map(str.lower, xs))


def text_04(xs):
    return xs.replace("a", "bb", 1), xs.find("b"), xs.count("a"), xs.strip("ab ")


def text_05(xs):
    return int(xs)


def text_06(xs):
    return xs.index("z", 1)


def text_07(xs):
    return xs.zfill(5), xs.rjust(4, "."), xs[::-1], xs < "b", "a" in xs


def text_08(xs):
    return sorted(xs), sorted(set(xs)), list(dict.fromkeys(xs))


def text_09(xs):
    return [ord(c) for c in xs], chr(97 + len(xs) % 26)


def text_10(xs):
    a, b = xs.split(" ")
    return b + a
