"""The operators of the theories as Python functions (SMT-LIB 2.6, all total).

A printed answer includes the source of the functions that it calls, so each is self-contained.
Those on bit-vectors take the width first. The tests compare every one with z3.
"""

from collections.abc import Callable

from dlcompare.synthesis.sygus.regular import in_re
from dlcompare.synthesis.sygus.syntax import Value

__all__ = ["FUNCTIONS"]


def div(x: int, y: int) -> int:
    """Return the quotient that leaves a remainder of at least 0; it is 0 if y is 0."""
    return (x // y if y > 0 else -(x // -y)) if y else 0


def mod(x: int, y: int) -> int:
    """Return the remainder of `div`, at least 0; it is x if y is 0."""
    return x % abs(y) if y else x


def at(s: str, i: int) -> str:
    """Return the character at position i, or the empty string."""
    return s[i] if 0 <= i < len(s) else ""


def substr(s: str, i: int, n: int) -> str:
    """Return at most n characters from position i on."""
    return s[i : i + n] if 0 <= i < len(s) and n > 0 else ""


def indexof(s: str, t: str, i: int) -> int:
    """Return the first position of t in s from i on, or -1."""
    return s.find(t, i) if 0 <= i <= len(s) else -1


def replace_all(s: str, t: str, u: str) -> str:
    """Return s with u for every t; an empty t changes nothing."""
    return s.replace(t, u) if t else s


def is_digit(s: str) -> bool:
    """Return whether s is one decimal digit."""
    return len(s) == 1 and "0" <= s <= "9"


def to_int(s: str) -> int:
    """Return the number that decimal digits denote, or -1."""
    if not (s.isascii() and s.isdigit()):
        return -1
    if len(s) <= 4000:  # Python converts some 4,300 digits at a time, no more
        return int(s)
    n = 0
    for i in range(0, len(s), 4000):
        n = n * 10 ** len(s[i : i + 4000]) + int(s[i : i + 4000])
    return n


def from_int(n: int) -> str:
    """Return the decimal digits of n; a negative n has none."""
    if n < 0:
        return ""
    digits = ""
    while n.bit_length() > 13_000:  # Python converts some 4,300 digits at a time, no more
        n, low = divmod(n, 10**3900)
        digits = f"{low:03900}{digits}"
    return f"{n}{digits}"


def to_code(s: str) -> int:
    """Return the code point of a single character, or -1."""
    return ord(s) if len(s) == 1 else -1


def from_code(n: int) -> str:
    """Return the character of a code point, or the empty string."""
    return chr(n) if 0 <= n < 196608 else ""


def bvadd(w: int, x: int, y: int) -> int:
    """Return the sum modulo 2^w."""
    return (x + y) & ((1 << w) - 1)


def bvsub(w: int, x: int, y: int) -> int:
    """Return the difference modulo 2^w."""
    return (x - y) & ((1 << w) - 1)


def bvmul(w: int, x: int, y: int) -> int:
    """Return the product modulo 2^w."""
    return (x * y) & ((1 << w) - 1)


def bvneg(w: int, x: int) -> int:
    """Return the negation modulo 2^w."""
    return -x & ((1 << w) - 1)


def bvnot(w: int, x: int) -> int:
    """Return x with every bit flipped."""
    return x ^ ((1 << w) - 1)


def bvudiv(w: int, x: int, y: int) -> int:
    """Return the unsigned quotient; division by 0 sets every bit."""
    return x // y if y else (1 << w) - 1


def bvurem(_w: int, x: int, y: int) -> int:
    """Return the unsigned remainder; division by 0 leaves x."""
    return x % y if y else x


def signed(w: int, x: int) -> int:
    """Return the number that x denotes in two's complement."""
    return x - (1 << w) if x >> (w - 1) else x


def bvsdiv(w: int, x: int, y: int) -> int:
    """Return the signed quotient, rounded towards 0; by 0 it is 1 or -1."""
    a = x - (1 << w) if x >> (w - 1) else x
    b = y - (1 << w) if y >> (w - 1) else y
    if b == 0:
        return 1 if a < 0 else (1 << w) - 1
    q = abs(a) // abs(b)
    return (q if (a < 0) == (b < 0) else -q) & ((1 << w) - 1)


def bvsrem(w: int, x: int, y: int) -> int:
    """Return the signed remainder, with the sign of x; division by 0 leaves x."""
    a = x - (1 << w) if x >> (w - 1) else x
    b = y - (1 << w) if y >> (w - 1) else y
    r = abs(a) % abs(b) if b else abs(a)
    return (-r if a < 0 else r) & ((1 << w) - 1)


def bvsmod(w: int, x: int, y: int) -> int:
    """Return the signed remainder, with the sign of y; division by 0 leaves x."""
    a = x - (1 << w) if x >> (w - 1) else x
    b = y - (1 << w) if y >> (w - 1) else y
    return (a % b if b else a) & ((1 << w) - 1)


def bvshl(w: int, x: int, y: int) -> int:
    """Return x shifted left by y bits."""
    return (x << y) & ((1 << w) - 1) if y < w else 0


def bvlshr(w: int, x: int, y: int) -> int:
    """Return x shifted right by y bits, filled with zeros."""
    return x >> y if y < w else 0


def bvashr(w: int, x: int, y: int) -> int:
    """Return x shifted right by y bits, filled with its sign bit."""
    a = x - (1 << w) if x >> (w - 1) else x
    return (a >> min(y, w)) & ((1 << w) - 1)


def extract(high: int, low: int, x: int) -> int:
    """Return the bits of x from `low` to `high`, both included."""
    return (x >> low) & ((1 << (high - low + 1)) - 1)


def sign_extend(w: int, k: int, x: int) -> int:
    """Return x with its sign bit repeated k times in front."""
    return x | (((1 << k) - 1) << w) if x >> (w - 1) else x


FUNCTIONS: dict[str, Callable[..., Value]] = {
    function.__name__: function
    for function in (
        *(div, mod, at, substr, indexof, replace_all, is_digit, to_int, from_int, in_re),
        *(to_code, from_code, bvadd, bvsub, bvmul, bvneg, bvnot, bvudiv, bvurem, signed),
        *(bvsdiv, bvsrem, bvsmod, bvshl, bvlshr, bvashr, extract, sign_extend),
    )
}
