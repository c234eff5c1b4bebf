"""The control `trained_at_level`: the same learner, given examples at the level it is tested at.

It tells "was not shown" from "cannot represent". A network that fails on lists of length 12 after
training on lengths up to 8, and is right on them after training on length 12, was not shown enough;
one that fails at both cannot do it within this budget.

The learner stays blind: it gets an ordinary problem, and does not know that its examples come
from a level. The experiment draws as many fresh examples as the learner's updates use, none of them
a test input.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from dlcompare.compare.experiment.publish import publish
from dlcompare.compare.experiment.summarise import summarise
from dlcompare.compare.learners.learner_table import LearnerName
from dlcompare.compare.trials.draws import fingerprint
from dlcompare.compare.trials.metrics import Score, score
from dlcompare.compare.trials.store import Store, read
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Budget, Learner
from dlcompare.tasks.splits import draw_at_level, draw_tests
from dlcompare.tasks.task import Level, Task

__all__ = ["Control", "keep", "trained_at_level"]


@dataclass(frozen=True)
class Control:
    """The result of training at the tested level itself.

    Attributes
    ----------
    examples : int
        Distinct examples given; fewer than requested if the level has no more.
    updates : int
        Optimizer updates made.
    score : Score
        On the task's test inputs at the level.
    """

    examples: int
    updates: int
    score: Score


def trained_at_level(
    task: Task, axis: str, level: Level, learner: Learner, examples: int, updates: int, seed: int
) -> Control:
    """Fit a learner to fresh examples at a level, and test it there.

    Parameters
    ----------
    task : Task
    axis, level
        One of the task's axes and one of its levels.
    learner : Learner
        The learner; it is told no more than in a run.
    examples : int
        Examples at the level.
    updates : int
        Updates that the learner may make.
    seed : int

    Raises
    ------
    InputError
        If the task has no such axis, or no tests at this level.
    """
    tested = {each.name: each.test for each in task.axes if each.test}
    if axis not in tested:
        named = ", ".join(tested) or "none"
        raise InputError(f"task {task.name!r} has no tested axis {axis!r}; its axes are: {named}")
    _refuse_unknown(task, axis, level, tested[axis])  # before the slow part
    tests = draw_tests(task, 256, 256)
    levels = tests.levels.get(axis, {})
    _refuse_unknown(task, axis, level, levels)
    held_out = levels[level]
    shown = draw_at_level(task, axis, level, examples, seed, tests.reserved)
    predictor = learner.fit(task.problem(shown), Budget(gradient_steps=updates), seed)
    answers = predictor.predict(list(held_out.rows()))
    return Control(len(shown), predictor.cost.gradient_steps, score(task, held_out, answers))


def _refuse_unknown(task: Task, axis: str, level: Level, levels: Collection[Level]) -> None:
    if level not in levels:
        listed = ", ".join(map(str, levels))
        raise InputError(f"task {task.name!r} is tested along {axis} at {listed}; not at {level}")


def keep(
    control: Control,
    folder: Path,
    task: Task,
    learner: LearnerName,
    axis: str,
    level: Level,
    seed: int,
) -> None:
    """Store a control in a run, and show it in the run's summary and report.

    Parameters
    ----------
    control : Control
    folder : Path
        The run's folder.
    task : Task
    learner : LearnerName
    axis, level
        The axis and level that the learner was trained at.
    seed : int

    Raises
    ------
    InputError
        If there is no run in the folder, one is at work there, or it had no such task.
    """
    settings = read(folder).about.settings
    tests = draw_tests(task, settings.inside, settings.per_level)
    record = {
        "task": task.name,
        "learner": str(learner),
        "label": learner.label,
        "axis": axis,
        "level": level,
        "seed": seed,
        "examples": control.examples,
        "updates": control.updates,
        "exact_match": control.score.exact_match,
    }
    with Store(folder) as store:
        store.add_control(record, fingerprint(task, tests))
        publish(folder, summarise(store.record()))
