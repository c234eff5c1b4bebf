"""The twelve functions: what they say of small sequences, and both classes are drawn."""

import itertools

import numpy as np
import pytest

from benchmarks import llm_erm
from benchmarks.llm_erm import LENGTH, LONGER, TASKS

BITS = [list(bits) for n in range(1, 9) for bits in itertools.product((0, 1), repeat=n)]


def test_brackets_are_balanced_if_removing_pairs_leaves_nothing() -> None:
    for length in range(7):
        for text in map("".join, itertools.product("()[]", repeat=length)):
            rest = text
            while any(pair in rest for pair in ("()", "[]")):
                rest = rest.replace("()", "").replace("[]", "")
            assert llm_erm.dyck_2(text) == (not rest)


def test_primes_are_those_of_trial_division() -> None:
    for n in range(2_000):
        prime = n > 1 and all(n % k for k in range(2, n))
        assert llm_erm.prime([int(digit) for digit in str(n)]) == prime


def test_the_automaton_follows_the_bits_of_rule_30() -> None:
    for bits in BITS:
        around = [(bits[i - 1], bits[i], bits[(i + 1) % len(bits)]) for i in range(len(bits))]
        ones = sum(30 >> (4 * left + 2 * here + right) & 1 for left, here, right in around)
        assert llm_erm.automaton_parity(bits) == (ones % 2 == 1)


def test_the_parities_of_both_halves_make_that_of_all() -> None:
    for bits in BITS:
        halves = llm_erm.first_half_parity(bits) != llm_erm.last_half_parity(bits)
        assert halves == llm_erm.full_parity(bits)


@pytest.mark.parametrize("name", sorted(TASKS))
def test_both_classes_are_drawn_at_both_lengths(name: str) -> None:
    rng = np.random.default_rng(0)
    for length in (LENGTH, LONGER):
        drawn = [TASKS[name].draw(rng, {"length": length})["xs"] for _ in range(40)]
        assert {len(sequence) for sequence in drawn} == {length}
        assert {TASKS[name](sequence) for sequence in drawn} == {False, True}
