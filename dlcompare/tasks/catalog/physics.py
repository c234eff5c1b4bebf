"""Physics: launch parameters for a target, from a model simulated in integers."""

import bisect
import math

from dlcompare.tasks.samplers import ints
from dlcompare.tasks.task import task


def peak(speed: int, gravity: int) -> int:
    """Return the height of a throw: each tick it climbs by its speed, which gravity lowers."""
    height = 0
    while speed > 0:
        height, speed = height + speed, speed - gravity
    return height


def landing(speed: int, gravity: int) -> int:
    """Return the distance of a flight that starts forwards and upwards at the same speed."""
    distance, height, climb = 0, 0, speed
    while height > 0 or climb > 0:
        distance, height, climb = distance + speed, height + climb, climb - gravity
    return distance


@task(
    inputs={"height": ints(1, 999), "gravity": ints(1, 5)},
    train={"height.magnitude": [100, 1_000]},
    test={"height.magnitude": [10_000, 100_000, 1_000_000], "gravity.magnitude": [10, 20, 50]},
    ensures=lambda height, gravity, result: (
        peak(result, gravity) >= height > peak(result - 1, gravity)
    ),
)
def rocket(height: int, gravity: int) -> int:
    """The least speed at launch with which a rocket comes as high as its target.

    rocket(10, 1) == 4

    Each tick the rocket climbs by its speed, then gravity takes from the speed: 4 + 3 + 2 + 1. The
    axes ask for higher targets and heavier planets.
    """
    enough = math.isqrt(2 * gravity * height) + 1
    return bisect.bisect_left(range(enough), height, key=lambda speed: peak(speed, gravity))


@task(
    inputs={"distance": ints(1, 999), "gravity": ints(1, 5)},
    train={"distance.magnitude": [100, 1_000]},
    test={"distance.magnitude": [10_000, 100_000, 1_000_000], "gravity.magnitude": [10, 20, 50]},
    ensures=lambda distance, gravity, result: (
        landing(result, gravity) >= distance > landing(result - 1, gravity)
    ),
)
def catapult(distance: int, gravity: int) -> int:
    """The least speed, forwards and upwards alike, with which a stone flies at least so far.

    catapult(20, 1) == 3

    Each tick the stone moves on by its speed and climbs by what gravity has left of it, until it is
    on the ground: with speed 3 after 7 ticks at a distance of 21.
    """
    enough = math.isqrt(distance * gravity) + 1
    return bisect.bisect_left(range(enough), distance, key=lambda speed: landing(speed, gravity))
