"""Operations on strings: those of the SyGuS theory, and splitting, joining and case.

Kernels implement case and white space for ASCII only, and reject other characters.
"""

from typing import Any

from dlcompare.synthesis.dsl.primitives.primitive import (
    INVALID,
    LARGEST,
    LONGEST,
    STRINGS,
    Primitive,
    call_character,
    function_of,
)
from dlcompare.tasks.types import BOOL, INT, STR

__all__ = ["FAMILY"]

TEXT = (("s", STR),)
CUT = (("t", STR), ("s", STR))
KEEP = function_of(STR, result=BOOL)
CHANGE = function_of(STR, result=STR)

ASCII = 128
DIGITS, UPPER, LOWER = (48, 57), (65, 90), (97, 122)


def _find(t: Any, t0: int, m: int, s: Any, s0: int, n: int, start: int) -> int:
    """Return the first position of `t` in `s` from `start` on, or -1."""
    for i in range(start, n - m + 1):
        same = True
        for j in range(m):
            same = same and s[s0 + i + j] == t[t0 + j]
        if same:
            return i
    return -1


def _find_last(t: Any, t0: int, m: int, s: Any, s0: int, n: int) -> int:
    for i in range(n - m, -1, -1):
        same = True
        for j in range(m):
            same = same and s[s0 + i + j] == t[t0 + j]
        if same:
            return i
    return -1


def _copy(s: Any, s0: int, start: int, end: int, out: Any, at: int) -> int:
    for i in range(start, end):
        out[at + i - start] = s[s0 + i]
    return end - start


def _empty_text(out: Any, at: int) -> int:  # noqa: ARG001
    return 0


def _character(k: int, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if k < 0 or k >= n:
        return INVALID
    out[at] = s[s0 + k]
    return 1


def _position(t: Any, t0: int, m: int, s: Any, s0: int, n: int) -> int:
    found = _find(t, t0, m, s, s0, n, 0)
    return INVALID if found < 0 else found


def _last_position(t: Any, t0: int, m: int, s: Any, s0: int, n: int) -> int:
    found = _find_last(t, t0, m, s, s0, n)
    return INVALID if found < 0 else found


def _within(t: Any, t0: int, m: int, s: Any, s0: int, n: int) -> int:
    return 1 if _find(t, t0, m, s, s0, n, 0) >= 0 else 0


def _starts(t: Any, t0: int, m: int, s: Any, s0: int, n: int) -> int:
    for i in range(m):
        if i >= n or s[s0 + i] != t[t0 + i]:
            return 0
    return 1


def _ends(t: Any, t0: int, m: int, s: Any, s0: int, n: int) -> int:
    for i in range(m):
        if i >= n or s[s0 + n - 1 - i] != t[t0 + m - 1 - i]:
            return 0
    return 1


def _before(t: Any, t0: int, m: int, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if m == 0:
        return INVALID
    found = _find(t, t0, m, s, s0, n, 0)
    return _copy(s, s0, 0, n if found < 0 else found, out, at)


def _after(t: Any, t0: int, m: int, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if m == 0:
        return INVALID
    found = _find(t, t0, m, s, s0, n, 0)
    return _copy(s, s0, n if found < 0 else found + m, n, out, at)


def _before_last(t: Any, t0: int, m: int, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if m == 0:
        return INVALID
    found = _find_last(t, t0, m, s, s0, n)
    return _copy(s, s0, 0, 0 if found < 0 else found, out, at)


def _after_last(t: Any, t0: int, m: int, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if m == 0:
        return INVALID
    found = _find_last(t, t0, m, s, s0, n)
    return _copy(s, s0, 0 if found < 0 else found + m, n, out, at)


def _replace_some(
    a: Any, a0: int, k: int, b: Any, b0: int, j: int, s: Any, s0: int, n: int,
    out: Any, at: int, most: int,
) -> int:  # fmt: skip
    if k == 0:
        return INVALID
    size, i, done = 0, 0, 0
    while i < n:
        if done < most and i + k <= n and _find(a, a0, k, s, s0 + i, k, 0) == 0:
            if size + j > LONGEST:
                return INVALID
            size += _copy(b, b0, 0, j, out, at + size)
            i += k
            done += 1
        else:
            if size >= LONGEST:
                return INVALID
            out[at + size] = s[s0 + i]
            size += 1
            i += 1
    return size


def _replace(
    a: Any, a0: int, k: int, b: Any, b0: int, j: int, s: Any, s0: int, n: int, out: Any, at: int
) -> int:
    return _replace_some(a, a0, k, b, b0, j, s, s0, n, out, at, LONGEST)


def _replace_once(
    a: Any, a0: int, k: int, b: Any, b0: int, j: int, s: Any, s0: int, n: int, out: Any, at: int
) -> int:
    return _replace_some(a, a0, k, b, b0, j, s, s0, n, out, at, 1)


def _to_text(k: int, out: Any, at: int) -> int:
    size, rest = 0, abs(k)
    while rest or not size:
        size += 1
        rest //= 10
    sign = 1 if k < 0 else 0
    rest = abs(k)
    for i in range(size):
        out[at + sign + size - 1 - i] = DIGITS[0] + rest % 10
        rest //= 10
    if sign:
        out[at] = 45
    return size + sign


def _to_number(s: Any, s0: int, n: int) -> int:
    sign = 1 if n and s[s0] == 45 else 0
    if n == sign:
        return INVALID
    value = 0
    for i in range(sign, n):
        digit = s[s0 + i] - DIGITS[0]
        if digit < 0 or digit > 9 or value > LARGEST:
            return INVALID
        value = 10 * value + digit
    return -value if sign else value


def _upper(s: Any, s0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        c = s[s0 + i]
        if c >= ASCII:
            return INVALID
        out[at + i] = c - 32 if LOWER[0] <= c <= LOWER[1] else c
    return n


def _lower(s: Any, s0: int, n: int, out: Any, at: int) -> int:
    for i in range(n):
        c = s[s0 + i]
        if c >= ASCII:
            return INVALID
        out[at + i] = c + 32 if UPPER[0] <= c <= UPPER[1] else c
    return n


def _title(s: Any, s0: int, n: int, out: Any, at: int) -> int:
    inside = False
    for i in range(n):
        c = s[s0 + i]
        if c >= ASCII:
            return INVALID
        upper, lower = UPPER[0] <= c <= UPPER[1], LOWER[0] <= c <= LOWER[1]
        if inside and upper:
            c += 32
        elif not inside and lower:
            c -= 32
        out[at + i] = c
        inside = upper or lower
    return n


def _capitalise(s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if _lower(s, s0, n, out, at) < 0:
        return INVALID
    if n and LOWER[0] <= out[at] <= LOWER[1]:
        out[at] -= 32
    return n


def _is_space(c: int) -> bool:
    return c == 32 or 9 <= c <= 13 or 28 <= c <= 31


def _strip(s: Any, s0: int, n: int, out: Any, at: int) -> int:
    start, end = 0, n
    for i in range(n):
        if s[s0 + i] >= ASCII:
            return INVALID
    while start < n and _is_space(s[s0 + start]):
        start += 1
    while end > start and _is_space(s[s0 + end - 1]):
        end -= 1
    return _copy(s, s0, start, end, out, at)


def _is_of(s: Any, s0: int, n: int, digits: bool, letters: bool) -> int:
    for i in range(n):
        c = s[s0 + i]
        if c >= ASCII:
            return INVALID
        digit = DIGITS[0] <= c <= DIGITS[1]
        letter = UPPER[0] <= c <= UPPER[1] or LOWER[0] <= c <= LOWER[1]
        if not ((digits and digit) or (letters and letter)):
            return 0
    return 1 if n else 0


def _is_digits(s: Any, s0: int, n: int) -> int:
    return _is_of(s, s0, n, True, False)


def _is_letters(s: Any, s0: int, n: int) -> int:
    return _is_of(s, s0, n, False, True)


def _is_cased(s: Any, s0: int, n: int, right: int, wrong: int) -> int:
    found = 0
    for i in range(n):
        c = s[s0 + i]
        if c >= ASCII:
            return INVALID
        if wrong <= c <= wrong + 25:
            return 0
        if right <= c <= right + 25:
            found = 1
    return found


def _is_upper(s: Any, s0: int, n: int) -> int:
    return _is_cased(s, s0, n, UPPER[0], LOWER[0])


def _is_lower(s: Any, s0: int, n: int) -> int:
    return _is_cased(s, s0, n, LOWER[0], UPPER[0])


def _split(t: Any, t0: int, m: int, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    if m == 0:
        return INVALID
    size, start = 0, 0
    while True:
        found = _find(t, t0, m, s, s0, n, start)
        end = n if found < 0 else found
        if size + 1 + end - start > LONGEST:
            return INVALID
        out[at + size] = end - start
        size += 1 + _copy(s, s0, start, end, out, at + size + 1)
        if found < 0:
            return size
        start = found + m


def _words(s: Any, s0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        start = i
        while i < n and s[s0 + i] < ASCII and not _is_space(s[s0 + i]):
            i += 1
        if i < n and s[s0 + i] >= ASCII:
            return INVALID
        if i > start:
            if size + 1 + i - start > LONGEST:
                return INVALID
            out[at + size] = i - start
            size += 1 + _copy(s, s0, start, i, out, at + size + 1)
        i += 1
    return size


def _join(t: Any, t0: int, m: int, parts: Any, p0: int, n: int, out: Any, at: int) -> int:
    size, i = 0, 0
    while i < n:
        count = parts[p0 + i]
        between = m if i else 0
        if size + between + count > LONGEST:
            return INVALID
        size += _copy(t, t0, 0, between, out, at + size)
        size += _copy(parts, p0 + i + 1, 0, count, out, at + size)
        i += 1 + count
    return size


def _keep_characters(function: Any, s: Any, s0: int, n: int, out: Any, at: int) -> int:
    kept = 0
    for i in range(n):
        verdict = call_character(function, s[s0 + i])
        if verdict == INVALID:
            return INVALID
        out[at + kept] = s[s0 + i]
        kept += verdict
    return kept


FAMILY = (
    Primitive("empty_text", (), STR, 4, "''", _empty_text),
    Primitive("character", (("n", INT), ("s", STR)), STR, 5, "s[n]", _character),
    Primitive("position", CUT, INT, 6, "s.index(t)", _position),
    Primitive("last_position", CUT, INT, 7, "s.rindex(t)", _last_position),
    Primitive("within", CUT, BOOL, 5, "t in s", _within),
    Primitive("starts_with", CUT, BOOL, 6, "s.startswith(t)", _starts),
    Primitive("ends_with", CUT, BOOL, 6, "s.endswith(t)", _ends),
    Primitive("before", CUT, STR, 5, "s.partition(t)[0]", _before),
    Primitive("after", CUT, STR, 5, "s.partition(t)[2]", _after),
    Primitive("before_last", CUT, STR, 6, "s.rpartition(t)[0]", _before_last),
    Primitive("after_last", CUT, STR, 6, "s.rpartition(t)[2]", _after_last),
    Primitive("replace", (("a", STR), ("b", STR), ("s", STR)), STR, 6, "s.replace(a, b)", _replace),
    Primitive(
        "replace_once",
        (("a", STR), ("b", STR), ("s", STR)),
        STR,
        7,
        "s.replace(a, b, 1)",
        _replace_once,
    ),
    Primitive("to_text", (("n", INT),), STR, 5, "str(n)", _to_text),
    Primitive("to_number", TEXT, INT, 6, "int(s)", _to_number),
    Primitive("upper", TEXT, STR, 5, "s.upper()", _upper),
    Primitive("lower", TEXT, STR, 5, "s.lower()", _lower),
    Primitive("title", TEXT, STR, 6, "s.title()", _title),
    Primitive("capitalise", TEXT, STR, 6, "s.capitalize()", _capitalise),
    Primitive("strip", TEXT, STR, 6, "s.strip()", _strip),
    Primitive("is_digits", TEXT, BOOL, 6, "s.isdigit()", _is_digits),
    Primitive("is_letters", TEXT, BOOL, 6, "s.isalpha()", _is_letters),
    Primitive("is_upper", TEXT, BOOL, 6, "s.isupper()", _is_upper),
    Primitive("is_lower", TEXT, BOOL, 6, "s.islower()", _is_lower),
    Primitive("split", CUT, STRINGS, 5, "s.split(t)", _split),
    Primitive("words", TEXT, STRINGS, 5, "s.split()", _words),
    Primitive("join", (("t", STR), ("parts", STRINGS)), STR, 5, "t.join(parts)", _join),
    Primitive(
        "keep_characters",
        (("keep", KEEP), ("s", STR)),
        STR,
        5,
        "''.join(y for y in s if keep(y))",
        _keep_characters,
    ),
)
