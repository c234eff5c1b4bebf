"""The protocol of tasks that are driven: fit, roll out, count crashes, label, fit again.

All learners get the same: a few states with the reference's moves, then rounds of drives in the
world it is trained in. In a round its policy is followed from the same starts for every learner;
the reference labels each state it came to, and the learner is fitted on all that was labelled so
far (dataset aggregation; Ross, Gordon & Bagnell, 2011). In the end it drives in every setting of
the task's axes, where nothing is labelled.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from dlcompare.compare.execution.conversation import Reply
from dlcompare.compare.execution.messages import Failed, Fitted, Moves
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.execution.wire import GarbledError
from dlcompare.compare.execution.worker import Policy
from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.trials.trial import failure
from dlcompare.tasks.errors import FitError, InputError
from dlcompare.tasks.interaction import World
from dlcompare.tasks.problem import Budget, Examples, Inputs, Learner, Problem
from dlcompare.tasks.splits import canonical
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Type, Value, conforms

__all__ = ["Asking", "Drives", "Rolls", "apart", "drive", "here", "preload"]

FIRST = 16
"""States labelled before the first round."""

Setting = Mapping[str, Any]


@dataclass(frozen=True)
class Drives:
    """The results of a number of drives.

    Attributes
    ----------
    where : str
        ``training``, or an axis and its level.
    round : int
        The round; the last one for drives along the axes.
    labelled : int
        Examples that the policy was fitted on.
    drives, arrived, crashed, stuck : int
        All drives, and those that ended at the goal, in a crash, or without a timely answer.
    status : str
        ``ok``, or the status of the fit; drives without a policy are stuck.
    reason : str, optional
        The reason why it is not ``ok``.
    """

    where: str
    round: int
    labelled: int
    drives: int
    arrived: int
    crashed: int
    stuck: int
    status: str
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return asdict(self)


@dataclass
class Drive:
    """One drive: the states that it passed, and how it ended; empty while it goes on."""

    where: str
    states: list[Inputs]
    end: str = ""


class Rolls:
    """Drives that go on side by side, one move at a time.

    Parameters
    ----------
    world : World
    result : Type
        The type of an answer; a drive that gets another is stuck.
    starts : sequence of (str, mapping)
        The setting of each drive, and its first state.
    """

    def __init__(self, world: World, result: Type, starts: Sequence[tuple[str, Inputs]]) -> None:
        self._world = world
        self._result = result
        self.drives = [Drive(where, [state]) for where, state in starts]

    def restart(self) -> None:
        """Put every drive back to its first state."""
        self.drives = [Drive(each.where, each.states[:1]) for each in self.drives]

    @property
    def waiting(self) -> list[Inputs]:
        """Return the states that wait for a move; none once every drive is over."""
        return [each.states[-1] for each in self.drives if not each.end]

    def move(self, answers: Sequence[Value]) -> None:
        """Carry out one move of every drive that goes on.

        Raises
        ------
        ValueError
            If the number of answers is not that of the states.
        """
        going = [each for each in self.drives if not each.end]
        for each, answer in zip(going, answers, strict=True):
            if not conforms(answer, self._result):
                each.end = "stuck"
                continue
            step = self._world.move(each.states[-1], answer)
            if step.state is None:
                each.end = "crashed" if step.crashed else "arrived"
            elif len(each.states) == self._world.patience:
                each.end = "stuck"
            else:
                each.states.append(step.state)


Asking = Callable[[Problem, Rolls], tuple[str, str | None]]
"""Fits a policy, lets it drive to the end, and returns its status with the reason."""


def here(learner: Learner, budget: Budget, seed: int) -> Asking:
    """Ask a learner in this process, without limits."""

    def ask(problem: Problem, rolls: Rolls) -> tuple[str, str | None]:
        try:
            policy = learner.fit(problem, budget, seed)
        except FitError as error:
            return error.status, str(error)
        while rolls.waiting:
            rolls.move(policy.predict(rolls.waiting))
        return "ok", None

    return ask


def apart(
    supervisor: Supervisor, learner: str, budget: Budget, seed: int, timeout: float, memory: float
) -> Asking:
    """Ask a learner in a process of its own; the world and the reference stay in this one.

    Parameters
    ----------
    supervisor : Supervisor
    learner : str
        The name by which its process finds it.
    budget : Budget
    seed : int
    timeout : float
        Seconds that a fit and the drives after it may take.
    memory : float
        Gigabytes (10⁹ bytes) that they may take.
    """

    def ask(problem: Problem, rolls: Rolls) -> tuple[str, str | None]:
        def converse() -> Reply:
            rolls.restart()
            fitted = False

            def reply(message: Any) -> list[Inputs] | None:
                nonlocal fitted
                if isinstance(message, Moves):
                    if not fitted or len(message.answers) != len(rolls.waiting):
                        raise GarbledError(f"{len(message.answers)} moves out of turn")
                    rolls.move(message.answers)
                fitted = fitted or isinstance(message, Fitted)
                return rolls.waiting if isinstance(message, Moves | Fitted) else None

            return reply

        job = Policy(learner, "cpu", replace(problem, specification=None), budget, seed, None)
        number = supervisor.launch(job, converse, timeout, int(memory * 1e9))
        ending = next(its for at, its in _ends(supervisor) if at == number)
        if not rolls.waiting:
            return "ok", None
        failed = next((each for each in ending.messages if isinstance(each, Failed)), None)
        return failure(ending, failed, timeout, memory)

    return ask


def _ends(supervisor: Supervisor) -> Iterator[Any]:
    while True:
        yield from supervisor.wait()


def drive(task: Task, ask: Asking, rounds: int, drives: int, seed: int) -> Iterator[Drives]:
    """Carry out the protocol; yield a record for each round, then for each level of every axis.

    Parameters
    ----------
    task : Task
        A task with a world.
    ask : Asking
        Fits a policy and lets it drive.
    rounds : int
        The number of rounds.
    drives : int
        The number of drives in each round, and at each level.
    seed : int

    Yields
    ------
    Drives

    Raises
    ------
    InputError
        If the task has no world to drive in.
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

    def rolled(starts: Sequence[tuple[str, Inputs]], number: int) -> tuple[Rolls, list[Drives]]:
        names = [name for name, _ in task.signature.parameters]
        states = list(labelled.values())
        examples = Examples.from_rows(names, states, [task.answer(each) for each in states])
        rolls = Rolls(world, task.signature.result, starts)
        status, reason = ask(task.problem(examples), rolls)
        places = dict.fromkeys(where for where, _ in starts)
        count = len(labelled)
        records = [_record(where, number, count, rolls, status, reason) for where in places]
        return rolls, records

    for number in range(rounds):
        starts = [
            world.begin(np.random.default_rng([seed, 1, number, i]), usual) for i in range(drives)
        ]
        rolls, records = rolled([("training", start) for start in starts], number)
        yield from records
        labelled |= {canonical(state): state for each in rolls.drives for state in each.states}
    levels: list[tuple[str, Setting]] = [("training", {})]
    for axis in task.axes:
        levels += [(f"{axis.name} {level}", {axis.name: level}) for level in axis.test]
    beginnings = [
        (where, world.begin(np.random.default_rng([seed, 2, i]), {**usual, **change}))
        for where, change in levels
        for i in range(drives)
    ]
    yield from rolled(beginnings, rounds)[1]


def preload(learners: Sequence[str]) -> list[str]:
    """The modules that processes of these learners find imported."""
    modules = ["numpy", *(module for name in learners for module in parse(name).entry.preload)]
    return list(dict.fromkeys(modules))


def _record(
    where: str, number: int, labelled: int, rolls: Rolls, status: str, reason: str | None
) -> Drives:
    # A drive that a failure broke off did not get there either.
    ends = [each.end or "stuck" for each in rolls.drives if each.where == where]
    counts = {name: ends.count(name) for name in ("arrived", "crashed", "stuck")}
    return Drives(where, number, labelled, len(ends), **counts, status=status, reason=reason)
