"""Driving through a grid city, one move at a time.

The task is one decision: the city, where one is, where one wants to be; out comes the next move.
As a world it is driven (`dlcompare drive navigate`): a policy is followed from state to state,
crashes are counted, and the reference labels the states that it came to.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from dlcompare.tasks.interaction import Step
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task
from dlcompare.tasks.types import Value

MOVES = ((-1, 0), (0, 1), (1, 0), (0, -1))
"""North, east, south, west: (rows, columns)."""

HOME_SIZE = 8
BUILT = 0.25
"""The share of a city that buildings take."""

City = tuple[tuple[int, ...], ...]
Place = tuple[int, int]


def built(rng: np.random.Generator, size: int) -> City:
    """A square city; 1 is a building, 0 a street."""
    cells = (rng.random((size, size)) < BUILT).astype(int)
    return tuple(tuple(row) for row in cells.tolist())


HOME = built(np.random.default_rng(2017), HOME_SIZE)
"""The city that is trained in."""


def neighbours(city: City, place: Place) -> list[tuple[int, Place]]:
    """Return the moves from a place that do not crash, with the places that they lead to."""
    reached = []
    for number, (down, right) in enumerate(MOVES):
        row, column = place[0] + down, place[1] + right
        if 0 <= row < len(city) and 0 <= column < len(city) and not city[row][column]:
            reached.append((number, (row, column)))
    return reached


@lru_cache(maxsize=4_096)
def distances(city: City, goal: Place) -> dict[Place, int]:
    """Return the number of moves to the goal from every place that can reach it."""
    found = {goal: 0}
    waiting = deque([goal])
    while waiting:
        place = waiting.popleft()
        for _, other in neighbours(city, place):
            if other not in found:
                found[other] = found[place] + 1
                waiting.append(other)
    return found


def of(state: Inputs) -> tuple[City, Place, Place]:
    """City, place and goal of a state."""
    city = tuple(map(tuple, state["city"]))
    return city, (state["row"], state["column"]), (state["goal_row"], state["goal_column"])


def somewhere(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A place, and a goal that can be reached from it; knobs: city (home or unseen), size."""
    size = int(setting.get("size", HOME_SIZE))
    home = setting.get("city", "home") == "home" and size == HOME_SIZE
    while True:
        city = HOME if home else built(rng, size)
        goal = tuple(rng.integers(size, size=2).tolist())
        if city[goal[0]][goal[1]]:
            continue
        starts = sorted(place for place, far in distances(city, goal).items() if far)
        if starts:
            row, column = starts[rng.integers(len(starts))]
            return {
                "city": [list(each) for each in city],
                "row": row,
                "column": column,
                "goal_row": goal[0],
                "goal_column": goal[1],
            }


def comes_closer(inputs: Inputs, prediction: Value) -> bool:
    """Return whether a move is the first of a shortest way."""
    city, place, goal = of(inputs)
    far = distances(city, goal)
    reached = dict(neighbours(city, place))
    return prediction in reached and far[reached[prediction]] < far[place]


@dataclass(frozen=True)
class Streets:
    """The world of `navigate`: a crash is a move into a building or out of the city."""

    patience: int = 64

    def begin(self, rng: np.random.Generator, setting: Mapping[str, Any]) -> Inputs:
        """A place and a goal."""
        return somewhere(rng, setting)

    def move(self, state: Inputs, answer: Value) -> Step:
        """Go one step; the drive ends at the goal or in a crash."""
        city, place, goal = of(state)
        reached = dict(neighbours(city, place))
        if answer not in reached:
            return Step(None, crashed=True)
        row, column = reached[answer]
        if (row, column) == goal:
            return Step(None, crashed=False)
        return Step({**state, "row": row, "column": column}, crashed=False)


@task(
    inputs=somewhere,
    train={"city": ["home"], "size": [HOME_SIZE]},
    test={"city": ["unseen"], "size": [12, 16]},
    accepts=comes_closer,
    world=Streets(),
)
def navigate(city: list[list[int]], row: int, column: int, goal_row: int, goal_column: int) -> int:
    """The next move on a shortest way through a city: 0 north, 1 east, 2 south, 3 west.

    navigate([[0, 0, 0], [0, 1, 0], [0, 1, 0]], 2, 0, 2, 2) == 0

    1 is a building. Training is in one city; the axes are cities never seen, and larger ones. The
    first move of any shortest way is right.
    """
    streets = tuple(map(tuple, city))
    far = distances(streets, (goal_row, goal_column))
    here = far.get((row, column), 0)
    moves = neighbours(streets, (row, column))
    return next((move for move, place in moves if far.get(place, here) < here), 0)
