"""The protocol of tasks that are driven: fit, roll out, count crashes, label, fit again.

Every learner gets the same: a few states with the reference's moves, then rounds of drives in the
world it is trained in. In a round its policy is followed from the same starts for every learner;
the reference labels each state it came to, and the learner is fitted on all that was labelled so
far (dataset aggregation; Ross, Gordon & Bagnell, 2011). In the end it drives in every setting of
the task's axes, where nothing is labelled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dlcompare.tasks.errors import FitError, InputError
from dlcompare.tasks.interaction import World
from dlcompare.tasks.problem import ABSTAIN, Budget, Examples, Inputs, Learner, Predictor
from dlcompare.tasks.splits import canonical
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Value

__all__ = ["Drives", "drive"]

FIRST = 16
"""States labelled before the first round."""

Setting = Mapping[str, Any]


@dataclass(frozen=True)
class Drives:
    """What came of some drives.

    Attributes
    ----------
    where : str
        ``training``, or an axis and its level.
    round : int
        Which round; the last one for those of the axes.
    labelled : int
        Examples that the policy was fitted on.
    drives, arrived, crashed, stuck : int
        How many, and how they ended: at the goal, in a crash, without an answer or too late.
    status : str
        ``ok``, or the status of the fit; a policy that there is not is stuck.
    """

    where: str
    round: int
    labelled: int
    drives: int
    arrived: int
    crashed: int
    stuck: int
    status: str

    def as_json(self) -> dict[str, Any]:
        """The record as JSON values."""
        return asdict(self)


def drive(
    task: Task, learner: Learner, budget: Budget, rounds: int, drives: int, seed: int
) -> Iterator[Drives]:
    """Carry out the protocol, one record a round and then one a level of every axis.

    Raises
    ------
    InputError
        If the task is none that is driven.
    """
    world = task.world
    if world is None:
        raise InputError(f"task {task.name!r} is asked, not driven; navigate is driven")
    usual = {axis.name: axis.train[0] for axis in task.axes if axis.train}
    rng = np.random.default_rng([seed, 0])
    labelled: dict[Value, Inputs] = {}
    while len(labelled) < FIRST:
        state = world.begin(rng, usual)
        labelled[canonical(state)] = state
    policy, status = _fitted(task, learner, budget, seed, list(labelled.values()))
    for number in range(rounds):
        starts = [
            world.begin(np.random.default_rng([seed, 1, number, i]), usual) for i in range(drives)
        ]
        ended = [_one(world, policy, start) for start in starts]
        yield _record("training", number, len(labelled), ended, status)
        for _, states in ended:
            labelled |= {canonical(state): state for state in states}
        policy, status = _fitted(task, learner, budget, seed, list(labelled.values()))
    levels: list[tuple[str, Setting]] = [("training", {})]
    for axis in task.axes:
        levels += [(f"{axis.name} {level}", {axis.name: level}) for level in axis.test]
    for where, change in levels:
        ended = _drives(world, policy, {**usual, **change}, [seed, 2], drives)
        yield _record(where, rounds, len(labelled), ended, status)


def _fitted(
    task: Task, learner: Learner, budget: Budget, seed: int, states: Sequence[Inputs]
) -> tuple[Predictor | None, str]:
    names = [name for name, _ in task.signature.parameters]
    examples = Examples.from_rows(names, states, [task.answer(state) for state in states])
    try:
        return learner.fit(task.problem(examples), budget, seed), "ok"
    except FitError as error:
        return None, error.status


def _drives(
    world: World, policy: Predictor | None, setting: Setting, seeds: list[int], count: int
) -> list[tuple[str, list[Inputs]]]:
    starts = [world.begin(np.random.default_rng([*seeds, i]), setting) for i in range(count)]
    return [_one(world, policy, start) for start in starts]


def _one(world: World, policy: Predictor | None, state: Inputs) -> tuple[str, list[Inputs]]:
    """How a drive ends, and the states that it came through."""
    states = []
    for _ in range(world.patience):
        states.append(state)
        answer = policy.predict([state])[0] if policy is not None else ABSTAIN
        if answer is ABSTAIN:
            return "stuck", states
        step = world.move(state, answer)
        if step.state is None:
            return ("crashed" if step.crashed else "arrived"), states
        state = step.state
    return "stuck", states


def _record(
    where: str, number: int, labelled: int, ended: Sequence[tuple[str, Any]], status: str
) -> Drives:
    ends = [end for end, _ in ended]
    counts = {name: ends.count(name) for name in ("arrived", "crashed", "stuck")}
    return Drives(where, number, labelled, len(ends), **counts, status=status)
