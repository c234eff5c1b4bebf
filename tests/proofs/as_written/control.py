"""Returns, loops with else, exceptions, assertions, walrus, chained comparisons."""


def early_return(xs: list[int]) -> int:
    for x in xs:
        if x < 0:
            return x
    return 0


def falls_off(n: int) -> int | None:
    if n > 0:
        return n


def for_else(n: int, xs: list[int]) -> int:
    for i, x in enumerate(xs):
        if x == n:
            break
    else:
        return -1
    return i


def while_else(n: int) -> int:
    k = 0
    while k < 3:
        if k == n:
            break
        k += 1
    else:
        k = -1
    return k


def continue_and_break(xs: list[int]) -> int:
    total = 0
    for x in xs:
        if x == 0:
            continue
        if x > 2:
            break
        total += x
    return total


def nested_break(rows: list[list[int]]) -> int:
    found = 0
    for row in rows:
        for x in row:
            if x < 0:
                break
            found += x
        else:
            found += 10
    return found


def return_in_else(xs: list[int]) -> str:
    for x in xs:
        if x:
            continue
        return "zero"
    else:
        return "none"


def asserted(n: int) -> int:
    assert n > 0
    return n


def asserted_with_message(xs: list[int]) -> int:
    assert xs, "nothing there"
    return xs[0]


def caught_division(n: int) -> int:
    try:
        return 6 // n
    except ZeroDivisionError:
        return -1


def caught_wrong(n: int) -> int:
    try:
        return 6 // n
    except ValueError:
        return -1


def caught_parent(xs: list[int]) -> int:
    try:
        return xs[1]
    except LookupError:
        return 0


def caught_several(s: str) -> int:
    try:
        return int(s) // len(s)
    except (ValueError, ZeroDivisionError):
        return -1


def caught_all(xs: list[int]) -> int:
    try:
        return xs[0] // xs[1]
    except Exception:
        return 0


def caught_after_change(xs: list[int]) -> int:
    total = 0
    try:
        for x in xs:
            total += 6 // x
    except ZeroDivisionError:
        total = -total
    return total


def try_else(n: int) -> int:
    try:
        q = 6 // n
    except ZeroDivisionError:
        q = 100
    else:
        q += 1
    return q


def try_finally(n: int) -> int:
    try:
        return 6 // n
    finally:
        n = 0


def error_in_handler(n: int) -> int:
    try:
        return 6 // n
    except ZeroDivisionError:
        return [][n]


def named_error(n: int) -> str:
    try:
        return str(1 // n) if n == 0 else "fine"
    except ZeroDivisionError as error:
        return str(error)


def raised(n: int) -> int:
    if n < 0:
        raise ValueError("negative")
    return n


def raised_class(n: int) -> int:
    if n == 0:
        raise KeyError
    return n


def raised_and_caught(n: int) -> int:
    try:
        if n > 1:
            raise IndexError(f"{n}")
        return 1
    except IndexError:
        return 2


def assertion_caught(n: int) -> int:
    try:
        assert n
    except AssertionError:
        return -1
    return 1


def walrus_if(xs: list[int]) -> int:
    if (n := len(xs)) > 1:
        return n
    return -n


def walrus_while(xs: list[int]) -> int:
    held = list(xs)
    total = 0
    while (n := len(held)) > 0:
        total += n
        held.pop()
    return total


def walrus_comprehension(xs: list[int]) -> list[int]:
    return [y for x in xs if (y := x * x) > 1]


def walrus_leaks(xs: list[int]) -> int:
    last = 0
    any((last := x) > 1 for x in xs)
    return last


def walrus_alone(n: int) -> int:
    total = (k := n + 1) * 2
    return total + k


def chained(a: int, b: int, c: int) -> bool:
    return a < b <= c != a


def chained_stops(n: int, xs: list[int]) -> bool:
    return 0 < n < xs[0]


def chained_divides(a: int, b: int) -> bool:
    return 0 < a < 6 // b < 5


def chained_in(n: int, xs: list[int]) -> bool:
    return n in xs != []


def chained_calls(xs: list[int]) -> bool:
    return 0 < len(xs) < max(xs)


def middle(a: int, b: int, c: int) -> int:
    if a <= b <= c or c <= b <= a:
        return b
    if b <= a <= c or c <= a <= b:
        return a
    return c


def short_circuit(n: int) -> bool:
    return n != 0 and 6 // n > 1


def or_value(n: int, xs: list[int]) -> int | list[int]:
    return n or xs or -1


def and_value(n: int, xs: list[int]) -> int | list[int]:
    return xs and n


def not_list(xs: list[int]) -> bool:
    return not xs


def sign(n: int) -> int:
    return (n > 0) - (n < 0)


def ternary_types(n: int) -> bool | int:
    return True if n > 0 else 1


def text_of_truth(n: int) -> str:
    value = True if n > 0 else 1
    return str(value)


def met_again(xs: list[int]) -> str:
    value: bool | int = 0
    for x in xs:
        value = 1 if x > 0 else True
    return str(value)


def collatz(n: int) -> int:
    count = 0
    while n > 1 and count < 5:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


def loop_variable_left(xs: list[int]) -> int:
    for x in xs:
        pass
    return x


def range_variable(n: int) -> int:
    i = -1
    for i in range(n):
        if i == 3:
            break
    return i


def range_changed(xs: list[int]) -> int:
    n = len(xs)
    count = 0
    for i in range(n):
        n = 0
        i += 5
        count += 1
    return count + n


def range_backwards(xs: list[int]) -> list[int]:
    return [xs[i] for i in range(len(xs) - 1, -1, -1)]


def range_step_zero(n: int) -> list[int]:
    return list(range(0, 5, n - n))


def range_is_no_list(n: int) -> bool:
    return range(3) == [0, 1, 2]


def range_length(n: int) -> int:
    return len(range(n))


def matched(n: int) -> str:
    match n:
        case 0:
            return "zero"
        case _:
            return "other"


def deleted_name(n: int) -> int:
    k = n
    del k
    return n


def swap(a: int, b: int) -> tuple[int, int]:
    a, b = b, a
    return a, b


def starred_middle(xs: list[int]) -> list[int]:
    first, *middle, last = xs
    return [last, *middle, first]


def nested_targets(pairs: list[tuple[int, int]]) -> int:
    total = 0
    for i, (a, b) in enumerate(pairs):
        total += i * a - b
    return total


def unpack_wrong(xs: list[int]) -> int:
    a, b = xs
    return a - b


def unpack_caught(xs: list[int]) -> int:
    try:
        a, b = xs
    except ValueError:
        return len(xs)
    return a - b


def unpack_text(s: str) -> str:
    a, b = s
    return b + a
