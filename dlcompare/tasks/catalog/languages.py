"""The fifteen tasks of Delétang et al. (2023), "Neural Networks and the Chomsky Hierarchy".

Four are regular, four deterministic context-free, seven context-sensitive. As there, training has
lengths 1 to 40 and tests go to 500; symbols are numbers and drawn uniformly. Outputs are not
padded: a list ends where it ends. Length is the length of the whole input, a mark included. All
fifteen stand in this one file, long as it is, as they do in the paper.
"""

import itertools
import math

import numpy as np

from dlcompare.tasks.declaration import InputSampler
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task

SHORT = range(1, 41)
LONG = [41, 50, 75, 100, 150, 200, 300, 400, 500]


def symbols(count: int) -> InputSampler:
    """Lists of the symbols 0 to count - 1. Knob: length."""

    def sample(rng: np.random.Generator, setting: Setting) -> Inputs:
        return {"xs": rng.integers(0, count, size=setting.get("length", 8)).tolist()}

    return sample


@task(
    inputs=symbols(2),
    train={"length": SHORT},
    test={"length": LONG},
    ensures=lambda xs, result: result == (xs[0] == xs[-1]),
)
def even_pairs(xs: list[int]) -> bool:
    """Tell whether the number of neighbours 01 and 10 is even.

    even_pairs([0, 0, 1, 1, 1, 0]) == True

    Regular. The same as whether the first and the last symbol are equal.
    """
    return sum(a != b for a, b in itertools.pairwise(xs)) % 2 == 0


def residues(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Numbers below 5 with operators between; an even length counts as the odd one below it."""
    numbers = rng.integers(0, 5, size=(setting.get("length", 7) + 1) // 2)
    operators = rng.integers(0, 3, size=len(numbers) - 1)
    text = "".join(f"{n}{'+-*'[o]}" for n, o in zip(numbers, operators, strict=False))
    return {"expression": f"{text}{numbers[-1]}"}


@task(inputs=residues, train={"length": SHORT[::2]}, test={"length": [n | 1 for n in LONG]})
def modular_arithmetic(expression: str) -> int:
    """The value modulo 5 of a sum of products; products come first.

    modular_arithmetic("1+2*3-4") == 3

    Regular. Lengths are odd.
    """
    total, product, sign = 0, 1, 1
    for i, symbol in enumerate(expression):
        if i % 2 == 0:
            product = product * int(symbol) % 5
        elif symbol != "*":
            total, product, sign = total + sign * product, 1, 1 if symbol == "+" else -1
    return (total + sign * product) % 5


def parities(xs: list[int]) -> list[bool]:
    """Tell whether the number of ones is even up to each symbol."""
    return [ones % 2 == 0 for ones in itertools.accumulate(xs)]


@task(
    inputs=symbols(2),
    train={"length": SHORT},
    test={"length": LONG},
    without={"modulo"},
    ensures=lambda xs, result: result == (sum(xs) // 2 * 2 == sum(xs)),
    states=parities,
)
def parity_check(xs: list[int]) -> bool:
    """Tell whether the number of ones is even.

    parity_check([1, 0, 1, 1]) == False

    Regular. The remainder is withheld: with it, this is the sum modulo 2.
    """
    return sum(xs) % 2 == 0


@task(
    inputs=symbols(3),
    train={"length": SHORT},
    test={"length": LONG},
    without={"modulo"},
    ensures=lambda xs, result: 0 <= result < 5 and (xs.count(1) - xs.count(2) - result) % 5 == 0,
)
def cycle_navigation(xs: list[int]) -> int:
    """The place on a circle of five after moves: 0 stays, 1 goes on, 2 goes back.

    cycle_navigation([1, 1, 2, 0, 1]) == 2

    Regular. The remainder is withheld.
    """
    return (xs.count(1) - xs.count(2)) % 5


def stack_and_actions(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A stack of at least one symbol, bottom first, and actions; together of the length set."""
    length = setting.get("length", 8)
    depth = int(rng.integers(1, length)) if length > 1 else 1
    return {
        "stack": rng.integers(0, 2, size=depth).tolist(),
        "actions": rng.integers(2, 5, size=length - depth).tolist(),
    }


@task(inputs=stack_and_actions, train={"length": SHORT}, test={"length": LONG})
def stack_manipulation(stack: list[int], actions: list[int]) -> list[int]:
    """Work on a stack, then read it from the top: 2 pops, 3 pushes a 0, 4 pushes a 1.

    stack_manipulation([0, 1, 1, 0], [4, 2, 2]) == [1, 1, 0]

    Deterministic context-free. The stack is given from the bottom; nothing pops an empty one.
    """
    now = list(stack)
    for action in actions:
        if action > 2:
            now.append(action - 3)
        elif now:
            now.pop()
    return now[::-1]


@task(
    inputs=symbols(2),
    train={"length": SHORT},
    test={"length": LONG},
    without={"reverse"},
    ensures=lambda xs, result: (
        len(result) == len(xs) and all(result[i] == xs[-1 - i] for i in range(len(xs)))
    ),
)
def reverse_string(xs: list[int]) -> list[int]:
    """Write a string of zeros and ones backwards.

    reverse_string([0, 0, 1]) == [1, 0, 0]

    Deterministic context-free; `reverse` of the family lists, on two symbols and other lengths.
    A primitive that reverses is withheld.
    """
    return xs[::-1]


def bracketed(rng: np.random.Generator, length: int, operators: str) -> str:
    """An expression in brackets over numbers below 5, of exactly this length."""
    if length < 5:
        digit = rng.integers(0, 5)
        return ["", f"{digit}", f"-{digit}", f"({digit})", f"(-{digit})"][length]
    left = int(rng.integers(1, length - 3))
    operator = operators[rng.integers(len(operators))]
    right = length - 3 - left
    return f"({bracketed(rng, left, operators)}{operator}{bracketed(rng, right, operators)})"


def value(expression: str, unknown: int = 0) -> int:
    """The value modulo 5 of a bracketed expression; x stands for `unknown`."""

    def read(at: int) -> tuple[int, int]:
        """The value that begins at a position, and where it ends."""
        if expression[at] == "-":
            negated, end = read(at + 1)
            return -negated, end
        if expression[at] != "(":
            return unknown if expression[at] == "x" else int(expression[at]), at + 1
        left, end = read(at + 1)
        if expression[end] == ")":
            return left, end + 1
        right, close = read(end + 1)
        results = {"+": left + right, "-": left - right, "*": left * right}
        return results[expression[end]] % 5, close + 1

    return read(0)[0] % 5


def one_bracketed(rng: np.random.Generator, setting: Setting) -> Inputs:
    """One expression in brackets with sums, differences and products."""
    return {"expression": bracketed(rng, setting.get("length", 9), "+-*")}


@task(inputs=one_bracketed, train={"length": SHORT}, test={"length": LONG})
def modular_arithmetic_brackets(expression: str) -> int:
    """The value modulo 5 of an expression in brackets.

    modular_arithmetic_brackets("((2*4)-(-1))") == 4

    Deterministic context-free.
    """
    return value(expression)


def equation_with_unknown(rng: np.random.Generator, setting: Setting) -> Inputs:
    """An expression with one number hidden, and its value; sums and differences only."""
    text = bracketed(rng, setting.get("length", 11) - 2, "+-")
    places = [i for i, symbol in enumerate(text) if symbol.isdigit()]
    at = places[rng.integers(len(places))]
    return {"equation": f"{text[:at]}x{text[at + 1 :]}={value(text)}"}


@task(
    inputs=equation_with_unknown,
    train={"length": SHORT[2:]},
    test={"length": LONG},
    ensures=lambda equation, result: (
        value(equation.partition("=")[0], result) == int(equation[-1]) and 0 <= result < 5
    ),
)
def solve_equation(equation: str) -> int:
    """The number modulo 5 that x stands for.

    solve_equation("((2+x)-1)=4") == 3

    Deterministic context-free.
    """
    left, _, right = equation.partition("=")
    return next(x for x in range(5) if value(left, x) == int(right))


@task(
    inputs=symbols(2),
    train={"length": SHORT},
    test={"length": LONG},
    without={"concatenate", "repeat"},
    ensures=lambda xs, result: result[: len(xs)] == xs and result[len(xs) :] == xs,
)
def duplicate_string(xs: list[int]) -> list[int]:
    """A string of zeros and ones, twice.

    duplicate_string([0, 1, 1]) == [0, 1, 1, 0, 1, 1]

    Context-sensitive. Primitives that repeat a list or join two are withheld; adding elements one
    by one is not.
    """
    return xs + xs


def hidden_in_duplicate(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A string twice, with one symbol replaced by 2; an odd length is filled up with 3."""
    length = setting.get("length", 8)
    xs = rng.integers(0, 2, size=length // 2).tolist() * 2
    xs[rng.integers(len(xs))] = 2
    return {"xs": xs + [3] * (length % 2)}


@task(
    inputs=hidden_in_duplicate,
    train={"length": SHORT[1:]},
    test={"length": LONG},
    ensures=lambda xs, result: (
        [result if x == 2 else x for x in xs][: len(xs) // 2]
        == [result if x == 2 else x for x in xs][len(xs) // 2 : len(xs) // 2 * 2]
    ),
)
def missing_duplicate_string(xs: list[int]) -> int:
    """The symbol that is hidden by a 2 in a string that stands there twice; a 3 fills up.

    missing_duplicate_string([0, 1, 1, 0, 2, 1]) == 1

    Context-sensitive.
    """
    half = len(xs) // 2
    return xs[(xs.index(2) + half) % (2 * half)]


@task(
    inputs=symbols(2),
    train={"length": SHORT},
    test={"length": LONG},
    ensures=lambda xs, result: (
        len(result) == len(xs)
        and all(result[i] == xs[2 * i] for i in range((len(xs) + 1) // 2))
        and all(result[-1 - i] == xs[len(xs) // 2 * 2 - 1 - 2 * i] for i in range(len(xs) // 2))
    ),
)
def odds_first(xs: list[int]) -> list[int]:
    """The symbols at odd places, then those at even places; the first place is odd.

    odds_first([0, 0, 1, 1, 0, 1]) == [0, 1, 0, 0, 1, 1]

    Context-sensitive.
    """
    return xs[::2] + xs[1::2]


def two_binary(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Two positive binary numbers, least significant first, with a 2 between."""
    length = setting.get("length", 9)
    first = int(rng.integers(1, length - 1))
    parts = [_positive(rng, first), _positive(rng, length - 1 - first)]
    return {"xs": [*parts[0], 2, *parts[1]]}


def _positive(rng: np.random.Generator, length: int) -> list[int]:
    bits: list[int] = rng.integers(0, 2, size=length).tolist()
    if not any(bits):
        bits[rng.integers(length)] = 1
    return bits


def number(bits: list[int]) -> int:
    """The number with these binary digits, least significant first."""
    return int("".join(map(str, reversed(bits))), 2)


def binary(n: int) -> list[int]:
    """The binary digits of a positive number, least significant first."""
    return [int(bit) for bit in f"{n:b}"[::-1]]


@task(
    inputs=two_binary,
    train={"length": SHORT[2:]},
    test={"length": LONG},
    ensures=lambda xs, result: (
        result[-1:] == [1]
        and number(result) == number(xs[: xs.index(2)]) + number(xs[xs.index(2) + 1 :])
    ),
)
def binary_addition(xs: list[int]) -> list[int]:
    """The sum of two binary numbers, least significant digit first, with a 2 between.

    binary_addition([0, 1, 2, 1, 1, 0]) == [1, 0, 1]

    Context-sensitive. The sum ends with its last 1.
    """
    mark = xs.index(2)
    return binary(number(xs[:mark]) + number(xs[mark + 1 :]))


@task(
    inputs=two_binary,
    train={"length": SHORT[2:]},
    test={"length": LONG},
    ensures=lambda xs, result: (
        result[-1:] == [1]
        and number(result) == number(xs[: xs.index(2)]) * number(xs[xs.index(2) + 1 :])
    ),
)
def binary_multiplication(xs: list[int]) -> list[int]:
    """The product of two binary numbers, least significant digit first, with a 2 between.

    binary_multiplication([0, 1, 2, 1, 1, 0]) == [0, 1, 1]

    Context-sensitive. The product ends with its last 1.
    """
    mark = xs.index(2)
    return binary(number(xs[:mark]) * number(xs[mark + 1 :]))


def one_binary(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A positive binary number, most significant digit first; it may begin with zeros."""
    return {"xs": _positive(rng, setting.get("length", 8))}


@task(
    inputs=one_binary,
    train={"length": SHORT},
    test={"length": LONG},
    ensures=lambda xs, result: (
        len(result) == (len(xs) + 1) // 2
        and number(result[::-1]) ** 2 <= number(xs[::-1]) < (number(result[::-1]) + 1) ** 2
    ),
)
def compute_sqrt(xs: list[int]) -> list[int]:
    """The square root, rounded down, of a binary number, most significant digit first.

    compute_sqrt([1, 0, 0, 1, 0, 1]) == [1, 1, 0]

    Context-sensitive. The root has half as many digits, zeros in front included.
    """
    root = math.isqrt(number(xs[::-1]))
    return [int(bit) for bit in f"{root:0{(len(xs) + 1) // 2}b}"]


@task(
    inputs=symbols(5),
    train={"length": SHORT},
    test={"length": LONG},
    without={"sort"},
    ensures=lambda xs, result: (
        all(a <= b for a, b in itertools.pairwise(result))
        and all(result.count(x) == xs.count(x) for x in [*range(5), *result])
    ),
)
def bucket_sort(xs: list[int]) -> list[int]:
    """Sort a string of the symbols 0 to 4.

    bucket_sort([4, 2, 0, 2, 1]) == [0, 1, 2, 2, 4]

    Context-sensitive; `sorting` of the family sorting, on five symbols and other lengths. A
    primitive that sorts is withheld.
    """
    return sorted(xs)
