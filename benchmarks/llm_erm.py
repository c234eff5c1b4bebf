"""Twelve functions of sequences of length 50, learned from 200 examples, judged at 50 and at 100.

    python -m benchmarks.llm_erm [--timeout SECONDS] [--jobs N] [--only TEXT] [--json FILE]

From Singhal, Mishra, Malach and Galanti, "LLM-ERM: Sample-Efficient Program Learning via LLM-Guided
Search" (arXiv 2510.14331, 2025), are the choice of functions (parities, patterns, palindromes,
brackets of two kinds, primes, cellular automata, a hash), the 200 examples and the question whether
what is learned holds at greater lengths. Written here from that description, without its code or
data, are the functions and the samplers: the ten positions of the random parity (below 50, fixed by
a seed), one circular step of rule 30 before the automaton's parity, decimal digits for primes, and
how near the negatives are to the positives. Half of the inputs of every function are positive.
Nothing should be learned of the hash: its row is a control.
In inputs of length 50 a half is also the first or the last 25 bits, so that only a preference tells
them apart: such a row can be right at 50 alone.

Draws and judging are those of `dlcompare run`; the budget of candidates is the usual one. ``at 50``
and ``at 100`` are shares of fresh inputs that are answered right; 1 means all of 256 and of 200.
"""

import argparse
import dataclasses
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.catalogue import LEARNER, Result, trials
from dlcompare.compare.atomic import write_text
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import Task, task

LENGTH, LONGER, EXAMPLES, JUDGED = 50, 100, 200, 200

SUBSET: list[int] = sorted(np.random.default_rng(2025).choice(LENGTH, 10, replace=False).tolist())
"""The positions of the random parity."""

TASKS: dict[str, Task] = {}

Draw = Callable[[np.random.Generator, int, bool], Any]
"""``(rng, length, positive) -> sequence``, likely of the class asked for."""


def function(draw: Draw) -> Callable[[Callable[..., bool]], Callable[..., bool]]:
    """Declare a function of sequences; both classes are drawn equally often.

    Parameters
    ----------
    draw : callable
        Draws a sequence that is likely of a class; another is drawn if it is not.
    """

    def declare(reference: Callable[..., bool]) -> Callable[..., bool]:
        def inputs(rng: np.random.Generator, setting: Setting) -> dict[str, Any]:
            positive = bool(rng.integers(2))
            while True:
                sequence = draw(rng, int(setting["length"]), positive)
                if reference(sequence) == positive:
                    return {"xs": sequence}

        made = task(inputs=inputs, train={"length": [LENGTH]}, test={"length": [LONGER]})
        TASKS[reference.__name__] = made(reference)
        return reference

    return declare


def bits(rng: np.random.Generator, length: int, positive: bool) -> list[int]:  # noqa: ARG001
    """Draw bits, each 0 or 1 with the same probability."""
    return [int(bit) for bit in rng.integers(0, 2, length)]


def with_pattern(pattern: str) -> Draw:
    """Draw bits, with a pattern somewhere if they are to be positive."""

    def draw(rng: np.random.Generator, length: int, positive: bool) -> list[int]:
        drawn = bits(rng, length, positive)
        if positive:
            place = int(rng.integers(length - len(pattern) + 1))
            drawn[place : place + len(pattern)] = map(int, pattern)
        return drawn

    return draw


def mirrored(rng: np.random.Generator, length: int, positive: bool) -> list[int]:
    """Draw a palindrome, or one with up to three wrong bits."""
    half = bits(rng, length // 2, positive)
    drawn = [*half, *bits(rng, length % 2, positive), *reversed(half)]
    for place in [] if positive else rng.integers(0, length, rng.integers(1, 4)):
        drawn[place] = 1 - drawn[place]
    return drawn


def brackets(rng: np.random.Generator, length: int, positive: bool) -> str:
    """Draw balanced brackets, or some with one or two characters replaced."""
    text, open_ones = "", ""
    while len(text) < length:
        left = length - len(text)
        if not open_ones or (len(open_ones) < left and rng.random() < 0.5):
            open_ones += rng.choice(["(", "["])
            text += open_ones[-1]
        else:
            text += {"(": ")", "[": "]"}[open_ones[-1]]
            open_ones = open_ones[:-1]
    for place in [] if positive else rng.integers(0, length, rng.integers(1, 3)):
        text = text[:place] + str(rng.choice([*"()[]"])) + text[place + 1 :]
    return text


def digits(last: str) -> Draw:
    """Draw the digits of a number whose last digit is one of some."""

    def draw(rng: np.random.Generator, length: int, positive: bool) -> list[int]:
        first, *middle = rng.integers(0, 10, length - 1)
        final = rng.choice([*("1379" if positive else last)])
        return [int(digit) for digit in (max(first, 1), *middle, final)]

    return draw


def is_probable_prime(n: int) -> bool:
    """Test a number by Miller and Rabin's rule to the bases up to 53."""
    bases = [b for b in range(2, 54) if all(b % k for k in range(2, b))]
    if n < 54 or any(n % base == 0 for base in bases):
        return n in bases
    twos = (n - 1 & 1 - n).bit_length() - 1
    return all(_passes(n, base, twos) for base in bases)


def _passes(n: int, base: int, twos: int) -> bool:
    power: int = pow(base, n - 1 >> twos, n)
    if power in (1, n - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % n
        if power == n - 1:
            return True
    return False


@function(bits)
def full_parity(xs: list[int]) -> bool:
    """Whether the number of ones is odd."""
    return sum(xs) % 2 == 1


@function(bits)
def first_half_parity(xs: list[int]) -> bool:
    """Whether the number of ones in the first half is odd."""
    return sum(xs[: len(xs) // 2]) % 2 == 1


@function(bits)
def last_half_parity(xs: list[int]) -> bool:
    """Whether the number of ones in the last half is odd."""
    return sum(xs[len(xs) // 2 :]) % 2 == 1


@function(bits)
def random_parity(xs: list[int]) -> bool:
    """Whether the number of ones at ten fixed positions is odd."""
    return sum(xs[place] for place in SUBSET) % 2 == 1


@function(with_pattern("10101010"))
def pattern_10101010(xs: list[int]) -> bool:
    """Whether the pattern 10101010 occurs."""
    return "10101010" in "".join(map(str, xs))


@function(with_pattern("00111111"))
def pattern_00111111(xs: list[int]) -> bool:
    """Whether the pattern 00111111 occurs."""
    return "00111111" in "".join(map(str, xs))


@function(mirrored)
def palindrome(xs: list[int]) -> bool:
    """Whether the bits read the same backwards."""
    return xs == xs[::-1]


@function(brackets)
def dyck_2(xs: str) -> bool:
    """Whether round and square brackets are balanced."""
    open_ones = ""
    for each in xs:
        if each in "([":
            open_ones += each
        elif open_ones[-1:] + each in ("()", "[]"):
            open_ones = open_ones[:-1]
        else:
            return False
    return not open_ones


@function(digits("0123456789"))
def prime(xs: list[int]) -> bool:
    """Whether the decimal digits are those of a prime."""
    return is_probable_prime(int("".join(map(str, xs))))


@function(digits("1379"))
def prime_among_1379(xs: list[int]) -> bool:
    """The same, where composite numbers, too, end in 1, 3, 7 or 9."""
    return is_probable_prime(int("".join(map(str, xs))))


@function(bits)
def automaton_parity(xs: list[int]) -> bool:
    """Whether the number of ones after one circular step of rule 30 is odd."""
    around = zip(xs[-1:] + xs[:-1], xs, xs[1:] + xs[:1], strict=True)
    return sum(left ^ (here | right) for left, here, right in around) % 2 == 1


@function(bits)
def sha_256_parity(xs: list[int]) -> bool:
    """Whether the number of ones in the SHA-256 digest of the bits' text is odd."""
    digest = hashlib.sha256("".join(map(str, xs)).encode()).digest()
    return int.from_bytes(digest).bit_count() % 2 == 1


def row(name: str, result: Result) -> str:
    """Return a line of the table."""
    longer = result["levels"].get("length", {}).get(str(LONGER), 0.0)
    figures = f"{result['inside']:7.3f} {longer:7.3f} {result['seconds']:6.1f}"
    last = (result["program"] or result["status"]).replace("\n", "; ")
    return f"{name:18} {figures} {result['candidates'] / 1e6:8.2f}  {last}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds a function")
    parser.add_argument("--memory", type=float, default=4.0, help="gigabytes a function")
    parser.add_argument("--jobs", type=int, default=1, help="functions at a time")
    parser.add_argument("--only", metavar="TEXT", default="", help="those with this in their name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there")
    options = parser.parse_args()
    chosen = [each for name, each in TASKS.items() if options.only in name]
    names = [each.name for each in chosen]
    chosen_options = RunOptions(
        [LEARNER],
        train_sizes=[EXAMPLES],
        seeds=1,
        device="cpu",
        timeout=options.timeout,
        memory=options.memory,
    )
    settings = chosen_options.settings(names)
    settings = dataclasses.replace(settings, per_level=JUDGED)
    print(f"{'function':18} {'at 50':>7} {'at 100':>7} {'s':>6} {'million':>8}  program")
    results: dict[str, Result] = {}
    for name, result in trials(chosen, settings, options.jobs):
        results[name] = result
        print(row(name, result), flush=True)
    right = sum(result["inside"] == 1 for result in results.values())
    still = sum(result["levels"] == {"length": {str(LONGER): 1.0}} for result in results.values())
    print(f"{len(results)} functions: {right} right at {LENGTH}, {still} at {LONGER}")
    if options.json:
        kept = {"timeout": options.timeout, "candidates": settings.candidates, "functions": results}
        write_text(options.json, json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
