"""Words of 32 bits: programs P1 to P20 of Gulwani, Jha, Tiwari and Venkatesan (2011).

They are after Warren, Hacker's Delight (2002). A word is a number from 0 to 2³² − 1; negative
numbers are in two's complement. With each task go the operations and the constants of its known
program (`components`), for a learner that connects them; the others are not told. The
specification says of the bits what the program makes of them by arithmetic. The twenty stand in
this one file, long as it is, as they do in the paper.
"""

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task

WIDTH = 32
WORD = (1 << WIDTH) - 1
SIGN = 1 << (WIDTH - 1)

TRAIN = {"bits": range(4, 17)}
TEST = {"bits": [20, 24, 32]}


def word(rng: np.random.Generator, bits: int) -> int:
    """A word that repeats its sign above `bits` bits; half of them have runs of ones."""
    if rng.random() < 0.5:
        number = int(rng.integers(1 << bits))
    else:
        low, high = sorted(int(place) for place in rng.integers(0, bits + 1, size=2))
        number = (1 << high) - (1 << low) + int(rng.integers(1 << low)) * int(rng.integers(2))
    return (number - (1 << bits) if number >> (bits - 1) else number) & WORD


def one(rng: np.random.Generator, setting: Setting) -> Inputs:
    """One word; knob: bits."""
    return {"x": word(rng, int(setting.get("bits", 8)))}


def two(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Two words, often equal except for the low bits; knob: bits."""
    bits = int(setting.get("bits", 8))
    x, y = word(rng, bits), word(rng, bits)
    return {"x": x, "y": x ^ (y & 7) if rng.random() < 0.3 else y}


def fields(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A word, a mask of a field, and the distance to another field of that size above it."""
    bits = int(setting.get("bits", 8))
    size = int(rng.integers(1, bits // 2 + 1))
    low = int(rng.integers(0, bits - 2 * size + 1))
    k = int(rng.integers(size, bits - low - size + 1))
    return {"x": word(rng, bits), "m": ((1 << size) - 1) << low, "k": k}


def bits_of(x: int) -> list[int]:
    """The bits of a word, the lowest first."""
    return [x >> place & 1 for place in range(WIDTH)]


def number_of(bits: list[int]) -> int:
    """The word with these bits, the lowest first."""
    return sum(bit << place for place, bit in enumerate(bits))


def rightmost(x: int, bit: int) -> int:
    """Return the place of the rightmost 0 or 1; 32 if there is none."""
    return next((place for place, each in enumerate(bits_of(x)) if each == bit), WIDTH)


def changed(x: int, places: range, bit: int) -> int:
    """The word with these places set to a bit."""
    return number_of([bit if place in places else each for place, each in enumerate(bits_of(x))])


def at(place: int) -> range:
    """One place; none beyond the word."""
    return range(place, min(place + 1, WIDTH))


def signed(x: int) -> int:
    """A word as a number in two's complement."""
    return x - (1 << WIDTH) if x & SIGN else x


def leading_zeros(x: int) -> int:
    """The number of zeros that a word begins with."""
    return WIDTH - x.bit_length()


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("sub", "and", "1"),
    ensures=lambda x, result: result == changed(x, at(rightmost(x, 1)), 0),
)
def hd01_rightmost_one_off(x: int) -> int:
    """Turn off the rightmost 1 of a word.

    hd01_rightmost_one_off(0b1011_0100) == 0b1011_0000
    """
    return x & (x - 1)


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("add", "and", "1"),
    ensures=lambda x, result: result == changed(x, range(rightmost(x, 0)), 0),
)
def hd02_trailing_ones_off(x: int) -> int:
    """Turn off the trailing 1s: 0 for a word of the form 2ⁿ − 1, and for no other.

    hd02_trailing_ones_off(0b0111) == 0
    """
    return x & (x + 1)


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("neg", "and"),
    ensures=lambda x, result: result == changed(0, at(rightmost(x, 1)), 1),
)
def hd03_rightmost_one(x: int) -> int:
    """Isolate the rightmost 1.

    hd03_rightmost_one(0b1011_0100) == 0b0100
    """
    return x & -x


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("sub", "xor", "1"),
    ensures=lambda x, result: result == changed(0, range(min(rightmost(x, 1) + 1, WIDTH)), 1),
)
def hd04_mask_to_rightmost_one(x: int) -> int:
    """A mask of the rightmost 1 and the 0s behind it.

    hd04_mask_to_rightmost_one(0b1011_0100) == 0b0111
    """
    return (x ^ (x - 1)) & WORD


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("sub", "or", "1"),
    ensures=lambda x, result: result == changed(x, range(rightmost(x, 1)), 1),
)
def hd05_rightmost_one_spread(x: int) -> int:
    """Spread the rightmost 1 to the right.

    hd05_rightmost_one_spread(0b1011_0100) == 0b1011_0111
    """
    return (x | (x - 1)) & WORD


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("add", "or", "1"),
    ensures=lambda x, result: result == changed(x, at(rightmost(x, 0)), 1),
)
def hd06_rightmost_zero_on(x: int) -> int:
    """Turn on the rightmost 0.

    hd06_rightmost_zero_on(0b1010_0111) == 0b1010_1111
    """
    return (x | (x + 1)) & WORD


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("not", "add", "and", "1"),
    ensures=lambda x, result: result == changed(0, at(rightmost(x, 0)), 1),
)
def hd07_rightmost_zero(x: int) -> int:
    """Isolate the rightmost 0, as a 1.

    hd07_rightmost_zero(0b1010_0111) == 0b1000
    """
    return ~x & (x + 1) & WORD


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("sub", "not", "and", "1"),
    ensures=lambda x, result: result == changed(0, range(rightmost(x, 1)), 1),
)
def hd08_mask_trailing_zeros(x: int) -> int:
    """A mask of the trailing 0s.

    hd08_mask_trailing_zeros(0b1011_0100) == 0b0011
    """
    return ~x & (x - 1) & WORD


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("ashr", "xor", "sub", "31"),
    ensures=lambda x, result: result == abs(signed(x)),
)
def hd09_absolute_value(x: int) -> int:
    """The absolute value, without a branch.

    hd09_absolute_value(0xfffffffb) == 5
    """
    return -x & WORD if x & SIGN else x


@task(
    inputs=two,
    train=TRAIN,
    test=TEST,
    components=("and", "xor", "ule"),
    ensures=lambda x, y, result: result == int(leading_zeros(x) == leading_zeros(y)),
)
def hd10_as_many_leading_zeros(x: int, y: int) -> int:
    """1 if two words begin with as many 0s, else 0.

    hd10_as_many_leading_zeros(0b0110, 0b0101) == 1
    """
    return int(x ^ y <= x & y)


@task(
    inputs=two,
    train=TRAIN,
    test=TEST,
    components=("not", "and", "ult"),
    ensures=lambda x, y, result: result == int(leading_zeros(x) < leading_zeros(y)),
)
def hd11_fewer_leading_zeros(x: int, y: int) -> int:
    """1 if the first of two words begins with fewer 0s, else 0.

    hd11_fewer_leading_zeros(0b1000, 0b0101) == 1
    """
    return int(x & ~y > y)


@task(
    inputs=two,
    train=TRAIN,
    test=TEST,
    components=("not", "and", "ule"),
    ensures=lambda x, y, result: result == int(leading_zeros(x) <= leading_zeros(y)),
)
def hd12_no_more_leading_zeros(x: int, y: int) -> int:
    """1 if the first of two words begins with no more 0s than the second, else 0.

    hd12_no_more_leading_zeros(0b0110, 0b0101) == 1
    """
    return int(y & ~x <= x)


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("ashr", "neg", "lshr", "or", "31"),
    ensures=lambda x, result: signed(result) == (signed(x) > 0) - (signed(x) < 0),
)
def hd13_sign(x: int) -> int:
    """The sign: -1, 0 or 1.

    hd13_sign(0xfffffffb) == 0xffffffff
    """
    return WORD if x & SIGN else int(x > 0)


@task(
    inputs=two,
    train=TRAIN,
    test=TEST,
    components=("and", "xor", "lshr", "add", "1"),
    ensures=lambda x, y, result: 0 <= x + y - 2 * result <= 1,
)
def hd14_average_down(x: int, y: int) -> int:
    """The average of two words, rounded down, where their sum is no word.

    hd14_average_down(0xffffffff, 0xfffffffc) == 0xfffffffd
    """
    return (x + y) // 2


@task(
    inputs=two,
    train=TRAIN,
    test=TEST,
    components=("or", "xor", "lshr", "sub", "1"),
    ensures=lambda x, y, result: 0 <= 2 * result - x - y <= 1,
)
def hd15_average_up(x: int, y: int) -> int:
    """The average of two words, rounded up, where their sum is no word.

    hd15_average_up(0xffffffff, 0xfffffffc) == 0xfffffffe
    """
    return (x + y + 1) // 2


@task(
    inputs=two,
    train=TRAIN,
    test=TEST,
    without={"larger", "if_int"},
    components=("xor", "ule", "neg", "and", "xor"),
    ensures=lambda x, y, result: result >= x and result >= y and result in (x, y),
)
def hd16_larger(x: int, y: int) -> int:
    """The larger of two words, without a branch.

    hd16_larger(3, 8) == 8

    The larger of two numbers and a choice between two are withheld from programs.
    """
    return max(x, y)


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("sub", "or", "add", "and", "1"),
    ensures=lambda x, result: (
        result
        == changed(x, range(rightmost(x, 1), rightmost(x | (1 << rightmost(x, 1)) - 1, 0)), 0)
    ),
)
def hd17_rightmost_run_off(x: int) -> int:
    """Turn off the rightmost run of 1s.

    hd17_rightmost_run_off(0b1011_0110) == 0b1011_0000
    """
    return ((x | (x - 1)) + 1) & x


@task(
    inputs=one,
    train=TRAIN,
    test=TEST,
    components=("sub", "and", "redor", "iszero", "and", "1"),
    ensures=lambda x, result: result == int(sum(bits_of(x)) == 1),
)
def hd18_power_of_two(x: int) -> int:
    """1 if a word is a power of two, else 0.

    hd18_power_of_two(64) == 1
    """
    return int(x != 0 and x & (x - 1) == 0)


@task(
    inputs=fields,
    train=TRAIN,
    test=TEST,
    components=("lshr", "xor", "and", "shl", "xor", "xor"),
    ensures=lambda x, m, k, result: (
        result & ~(m | m << k) == x & ~(m | m << k)
        and result & m == x >> k & m
        and result >> k & m == x & m
    ),
)
def hd19_exchange_fields(x: int, m: int, k: int) -> int:
    """Exchange the field of a word under a mask with the one `k` places above it.

    hd19_exchange_fields(0b1101_0010, 0b0011, 4) == 0b1110_0001
    """
    difference = (x >> k ^ x) & m
    return x ^ difference ^ difference << k


@task(
    inputs=lambda rng, setting: {"x": one(rng, setting)["x"] or 1},
    train=TRAIN,
    test=TEST,
    components=("neg", "and", "add", "xor", "lshr", "udiv", "or", "2"),
    ensures=lambda x, result: (
        x == greatest_with(sum(bits_of(x))) or (result > x and bits_of(result) == following(x))
    ),
)
def hd20_next_with_as_many_ones(x: int) -> int:
    """The next larger word with as many 1s; where there is none, what the formula gives.

    hd20_next_with_as_many_ones(0b1011_0100) == 0b1011_1000
    """
    lowest = x & -x
    ripple = (x + lowest) & WORD
    return ripple | ((x ^ ripple) >> 2) // lowest


def greatest_with(ones: int) -> int:
    """The greatest word with so many 1s."""
    return ((1 << ones) - 1) << (WIDTH - ones)


def following(x: int) -> list[int]:
    """The bits of the next larger number with as many 1s: one moves up, those below it down."""
    start = rightmost(x, 1)
    end = rightmost(x | (1 << start) - 1, 0)
    up = changed(changed(x, range(end), 0), at(end), 1)
    return bits_of(changed(up, range(end - start - 1), 1))
