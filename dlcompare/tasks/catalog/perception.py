"""Perception: handwritten digits, where the map is continuous and labelled data exist."""

from functools import cache

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task

SHIFTS = (0, 1, 2, 3)
INK = {"dark": False, "light": True}


@cache
def images() -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    """Return the 1,797 pictures of 8 × 8 pixels from 0 to 16, row by row, and their digits."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return tuple(tuple(map(int, row)) for row in data.data), tuple(map(int, data.target))


@cache
def altered(pixels: tuple[int, ...], shift: int, light: bool) -> tuple[int, ...]:
    """A picture moved to the right by some columns, around the edge; with light ink on dark."""
    moved = np.roll(np.array(pixels).reshape(8, 8), shift, axis=1)
    return tuple((16 - moved if light else moved).ravel().tolist())


@cache
def labels() -> dict[tuple[int, ...], int]:
    """Return the label of every picture, in every form that the axes give it."""
    forms = [(shift, False) for shift in SHIFTS] + [(0, True)]
    return {
        altered(pixels, *form): label
        for pixels, label in zip(*images(), strict=True)
        for form in forms
    }


def picture(rng: np.random.Generator, setting: Setting) -> Inputs:
    """One picture; knobs: shift, ink."""
    pictures, _ = images()
    pixels = pictures[rng.integers(len(pictures))]
    return {
        "pixels": list(altered(pixels, setting.get("shift", 0), INK[setting.get("ink", "dark")]))
    }


@task(
    inputs=picture,
    train={"shift": [0], "ink": ["dark"]},
    test={"shift": list(SHIFTS[1:]), "ink": ["light"]},
    extra="perception",
)
def digits(pixels: list[int]) -> int:
    """The digit in a picture: 64 pixels, row by row, 0 is paper and 16 is ink.

    digits([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0,
    0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0, 0, 5, 8, 0, 0, 9, 8, 0,
    0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0]) == 0

    Written by 43 people, collected by Alpaydin & Kaynak (1998); scikit-learn ships the pictures.
    There is no rule to find: what a picture shows is what its writer said.
    """
    return labels()[tuple(pixels)]
