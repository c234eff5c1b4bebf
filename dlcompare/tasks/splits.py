"""Draw test and training examples: disjoint, distinct, and the same for every learner.

Test inputs are drawn first and reserved; training never meets them. The test sets of a task do not
depend on the seed, so that every seed and every learner answers the same questions. Training
examples are one stream for each seed: a smaller training set is a prefix of a larger one.

A setting that cannot supply four times the distinct inputs that its test needs (lists of length 0,
say) is trained on and never tested, and listed in `Tests.untested`. If no setting of a test can,
the test is made smaller, down to a quarter. A task given by its examples is tested on its held-out
ones.

Label noise touches training outputs only: an example gets the right output of another input.
"""

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import Level, Task
from dlcompare.tasks.types import Value, freeze

__all__ = ["Tests", "canonical", "draw_at_level", "draw_tests", "draw_training"]

SUPPLY = 4
"""Distinct inputs that a tested setting must have, as a multiple of those in its test."""

_MAX_SETTINGS = 64
_PATIENCE = 2_000
_SMALLEST_SHARE = 4
"""The largest factor by which a test shrinks, in halves, if the domain cannot supply it."""


def canonical(inputs: Inputs) -> Value:
    """Return the hashable form in which inputs are compared."""
    return tuple((name, freeze(value)) for name, value in inputs.items())


@dataclass(frozen=True)
class Tests:
    """Reserved examples.

    Attributes
    ----------
    inside : Examples
        Examples from the settings trained on.
    levels : mapping of str to mapping of Level to Examples
        Examples for each level of each axis, with everything else as in training.
    untested : tuple of mapping
        Settings that cannot supply enough distinct inputs.
    """

    inside: Examples
    levels: Mapping[str, Mapping[Level, Examples]]
    untested: tuple[Setting, ...]

    @cached_property
    def reserved(self) -> frozenset[Value]:
        """The canonical form of every test input."""
        sets = [self.inside, *(e for levels in self.levels.values() for e in levels.values())]
        return frozenset(canonical(row) for examples in sets for row in examples.rows())


def draw_tests(task: Task, inside: int, per_level: int) -> Tests:
    """Draw the test sets of a task: about `inside` examples in range, `per_level` at each level.

    The number requested is divided among the settings that can supply it, and rounded up.

    Raises
    ------
    InputError
        If the task needs an extra that is not installed.
    """
    if task.missing:
        raise InputError(task.missing)
    if task.given is not None:
        return Tests(task.given.held_out, {}, ())
    rng = _generator(task, "test")
    taken: set[Value] = set()
    untested: list[Setting] = []
    trained = _settings(task, {})
    levels: dict[str, dict[Level, Examples]] = {}
    inside_examples = _draw_shrinking(task, rng, trained, inside, taken, untested)
    for axis in task.axes:
        for level in axis.test:
            settings = _settings(task, {axis.name: level})
            examples = _draw_shrinking(task, rng, settings, per_level, taken, untested)
            if len(examples):
                levels.setdefault(axis.name, {})[level] = examples
    return Tests(inside_examples, levels, tuple(untested))


def draw_training(task: Task, count: int, seed: int, reserved: frozenset[Value]) -> Examples:
    """Draw the first `count` training examples of the stream of `seed`, distinct and unreserved.

    There are fewer if the domain has no more: if 2,000 draws in a row bring nothing new.

    Parameters
    ----------
    task : Task
    count : int
        The number of examples.
    seed : int
        The seed of the stream.
    reserved : frozenset
        The canonical inputs that must not be drawn.

    Returns
    -------
    Examples
    """
    if task.given is not None:
        return task.given.training[:count]
    rng = _generator(task, "train", seed)
    seen: set[Value] = set()
    rows: list[Inputs] = []
    misses = 0
    while len(rows) < count and misses < _PATIENCE:
        inputs = task.draw(rng, _training_setting(task, rng))
        key = canonical(inputs)
        if key in seen or key in reserved:
            misses += 1
            continue
        misses = 0
        seen.add(key)
        rows.append(inputs)
    examples = _answered(task, rows)
    return _mislabelled(task, examples, seed) if task.noise else examples


def draw_at_level(
    task: Task, axis: str, level: Level, count: int, seed: int, reserved: frozenset[Value]
) -> Examples:
    """Draw up to `count` distinct examples at a level of an axis, none of them reserved.

    Everything else is as in training. The control that trains at a tested level uses these.

    Parameters
    ----------
    task : Task
    axis, level
        One of the task's axes and one of its levels.
    count : int
        The most examples to draw.
    seed : int
    reserved : frozenset
        The canonical inputs that must not be drawn.

    Returns
    -------
    Examples
    """
    rng = _generator(task, f"at {axis}={level}", seed)
    seen: set[Value] = set()
    rows: list[Inputs] = []
    misses = 0
    while len(rows) < count and misses < _PATIENCE:
        inputs = task.draw(rng, {**_training_setting(task, rng), axis: level})
        key = canonical(inputs)
        misses += 1
        if key not in seen and key not in reserved:
            misses = 0
            seen.add(key)
            rows.append(inputs)
    return _answered(task, rows)


def _mislabelled(task: Task, examples: Examples, seed: int) -> Examples:
    """Replace some outputs by wrong ones.

    One generator decides for one example after another and never looks ahead, so that smaller
    training sets stay prefixes of larger ones.
    """
    rng = _generator(task, "noise", seed)
    outputs = list(examples.outputs)
    for i, row in enumerate(examples.rows()):
        own = np.random.default_rng(rng.integers(2**63))
        if own.random() < task.noise:
            outputs[i] = _wrong(task, own, row, outputs[i])
    return Examples(examples.inputs, tuple(outputs))


def _wrong(task: Task, rng: np.random.Generator, inputs: Inputs, right: Value) -> Value:
    """Return the output of another training input that is wrong for `inputs`."""
    for _ in range(_PATIENCE):
        other = task.answer(task.draw(rng, _training_setting(task, rng)))
        if not task.right(inputs, other, right):
            return other
    raise InputError(
        f"task {task.name!r}: no output of {_PATIENCE} inputs is wrong for {dict(inputs)!r}; "
        "noise= needs a function that is not constant"
    )


def _training_setting(task: Task, rng: np.random.Generator) -> dict[str, Level]:
    return {a.name: a.train[rng.integers(len(a.train))] for a in task.axes if a.train}


def _generator(task: Task, purpose: str, seed: int = 0) -> np.random.Generator:
    digest = hashlib.sha256(f"{task.name}/{purpose}".encode()).digest()
    return np.random.default_rng([int.from_bytes(digest[:8], "little"), seed])


def _settings(task: Task, fixed: Setting) -> list[Setting]:
    """Return every combination of trained values given `fixed`, or a sample if there are many."""
    choices = [
        [(axis.name, value) for value in ([fixed[axis.name]] if axis.name in fixed else axis.train)]
        for axis in task.axes
        if axis.name in fixed or axis.train
    ]
    total = int(np.prod([len(c) for c in choices])) if choices else 1
    step = -(-total // _MAX_SETTINGS)
    return [dict(each) for each in itertools.islice(itertools.product(*choices), 0, None, step)]


def _draw_shrinking(
    task: Task,
    rng: np.random.Generator,
    settings: list[Setting],
    count: int,
    taken: set[Value],
    untested: list[Setting],
) -> Examples:
    """Draw about `count` examples, or half or a quarter of them if the domain is small."""
    poor: list[Setting] = []
    least = max(1, count // _SMALLEST_SHARE)
    while True:
        poor.clear()
        examples = _draw_over(task, rng, settings, count, taken, poor)
        if len(examples) or count // 2 < least:
            untested += poor
            return examples
        count //= 2


def _draw_over(
    task: Task,
    rng: np.random.Generator,
    settings: list[Setting],
    count: int,
    taken: set[Value],
    untested: list[Setting],
) -> Examples:
    """Draw about `count` distinct examples, evenly over the settings that can supply them."""
    need = -(-count // len(settings))
    supplies = []
    for setting in settings:
        supply = _supply(task, rng, setting, SUPPLY * need, taken)
        if len(supply) < SUPPLY * need:
            untested.append(setting)
        else:
            supplies.append(supply)
    rows: list[Inputs] = []
    if supplies:
        # At most SUPPLY / 2 of the need, so that a setting keeps half its inputs for training.
        need = min(-(-count // len(supplies)), SUPPLY * need // 2)
    for supply in supplies:
        fresh = [(key, inputs) for key, inputs in supply.items() if key not in taken][:need]
        taken.update(key for key, _ in fresh)
        rows += [inputs for _, inputs in fresh]
    return _answered(task, rows)


def _supply(
    task: Task, rng: np.random.Generator, setting: Setting, enough: int, taken: set[Value]
) -> dict[Value, Inputs]:
    """Draw up to `enough` distinct inputs of a setting, in order."""
    found: dict[Value, Inputs] = {}
    for _ in range(16 * enough):
        inputs = task.draw(rng, setting)
        key = canonical(inputs)
        if key not in taken:
            found.setdefault(key, inputs)
        if len(found) == enough:
            break
    return found


def _answered(task: Task, rows: list[Inputs]) -> Examples:
    names = [name for name, _ in task.signature.parameters]
    return Examples.from_rows(names, rows, task.answers(rows))
