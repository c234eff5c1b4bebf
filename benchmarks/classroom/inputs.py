"""Samplers of ordinary inputs: numbers, lists, tables, words, names, texts."""

import random
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.classroom.exercise import Sampler

_WORDS = """
apple autumn baker ball balloon banana basket bee bell berry bird book bottle bread bridge
butter button cat cherry circle city class clock cloud coffee color cookie corner cup dinner
dog door dream ear earth egg engine evening eye family farm feather fire fish floor flower
forest friend garden gift glass gold good grass green hammer happy hat hill hobby house ice
idea ink island jacket jam jelly kettle key king kitten ladder lake lamp leaf lemon letter
level light little market meadow milk mirror moon morning mountain noon number ocean olive
onion orange owl paper pencil pepper piano pizza pocket puzzle queen quiet rabbit radar rain
river road rocket roof school sea seed shell silver sky snow spoon spring star stone street
summer sun table tea tiger tree umbrella under valley village violin wall water wheel wind
window winter wood yellow zebra
"""

WORDS = _WORDS.split()

_FIRST = "Ada Alan Anna Ben Carla David Ella Emil Grace Ivo Jonas Lea Mia Noah Otto Rosa"
_LAST = "Adams Baker Clark Evans Foster Green Hall King Moore Novak Price Reed Stone Young"

FIRST, LAST = _FIRST.split(), _LAST.split()


def whole(low: int, high: int, larger: int | None = None) -> Sampler:
    """Draw an integer from `low` to `high`; a larger one is at most `larger`."""

    def draw(rng: random.Random, large: bool) -> int:
        return rng.randint(low, larger if large and larger is not None else high)

    return draw


def among(small: Sequence[Any], large: Sequence[Any] | None = None) -> Sampler:
    """Draw one of some values; a larger one from the second sequence."""
    return lambda rng, larger: rng.choice(large if larger and large is not None else small)


def either(*samplers: Sampler) -> Sampler:
    """Draw from one of some samplers, each as often as the others."""
    return lambda rng, larger: rng.choice(samplers)(rng, larger)


def mapped(function: Callable[[Any], Any], sampler: Sampler) -> Sampler:
    """Draw a value, and apply a function to it."""
    return lambda rng, larger: function(sampler(rng, larger))


def tuples(*samplers: Sampler) -> Sampler:
    """Draw a tuple."""
    return lambda rng, larger: tuple(sampler(rng, larger) for sampler in samplers)


def length(rng: random.Random, larger: bool, shortest: int, longest: int) -> int:
    """Draw a length: from `shortest` to `longest`, a larger one up to three times that."""
    return rng.randint(longest + 1, 3 * longest) if larger else rng.randint(shortest, longest)


def lists(of: Sampler, shortest: int = 0, longest: int = 7) -> Sampler:
    """Draw a list; a larger one has more elements of the same kind."""
    return lambda rng, larger: [
        of(rng, False) for _ in range(length(rng, larger, shortest, longest))
    ]


def tables(of: Sampler) -> Sampler:
    """Draw one to four rows of one to four elements; a larger table has up to nine of each."""

    def draw(rng: random.Random, larger: bool) -> list[list[Any]]:
        rows, columns = (rng.randint(5, 9) if larger else rng.randint(1, 4) for _ in range(2))
        return [[of(rng, False) for _ in range(columns)] for _ in range(rows)]

    return draw


def squares(of: Sampler) -> Sampler:
    """Draw a table with as many rows as columns."""

    def draw(rng: random.Random, larger: bool) -> list[list[Any]]:
        size = rng.randint(5, 8) if larger else rng.randint(1, 4)
        return [[of(rng, False) for _ in range(size)] for _ in range(size)]

    return draw


def letters(alphabet: str, shortest: int, longest: int) -> Sampler:
    """Draw a text of characters of an alphabet."""
    return mapped("".join, lists(among(alphabet), shortest, longest))


def texts(fewest: int = 1, most: int = 3, of: Sequence[str] = WORDS) -> Sampler:
    """Draw words, joined by blanks; a larger text has more of them."""
    return mapped(" ".join, lists(among(of), fewest, most))


def mixed(sampler: Sampler) -> Sampler:
    """Draw a text in which some letters are capitals."""

    def draw(rng: random.Random, larger: bool) -> str:
        text: str = sampler(rng, larger)
        return "".join(each.upper() if rng.random() < 0.3 else each for each in text)

    return draw


def distinct(sampler: Sampler) -> Sampler:
    """Draw a list or a text, and keep the first of equal elements."""

    def draw(rng: random.Random, larger: bool) -> Any:
        value = sampler(rng, larger)
        kept = dict.fromkeys(value)
        return "".join(kept) if isinstance(value, str) else list(kept)

    return draw


def shuffled(rng: random.Random, text: str) -> str:
    """Return the characters of a text in another order."""
    return "".join(rng.sample(text, len(text)))


def mirrored(text: Any) -> Any:
    """Return a text or a list, followed by its reverse without the middle element."""
    return text + text[-2::-1] if len(text) > 1 else text


word = mapped("".join, lists(among(WORDS), 1, 1))
"""One word; a larger one is two or three of them, joined."""

digit = whole(0, 9)
small = whole(0, 20)
signed = whole(-20, 20)
numbers = lists(signed)
some_numbers = lists(signed, 1)
truths = lists(among((False, True)), 1)
"""Lists of truth values, at least one."""
