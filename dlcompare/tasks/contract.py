"""Check what every task must meet by drawing from it; a fault is a sentence with its remedy.

Nothing here is a matter of taste: a task that breaks a rule is measured wrongly, or not at all.
"""

import ast
import re
from collections.abc import Callable, Container, Iterator

import numpy as np

from dlcompare.tasks.axis import Axis, Level
from dlcompare.tasks.calling import CallError, called, shown
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.splits import canonical, draw_tests, draw_training
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Value, check, freeze

__all__ = ["disagreements", "faults", "warnings", "worked_examples"]

INSIDE, PER_LEVEL, TRAINING, CONDUCT = 64, 16, 128, 16
"""The numbers of examples that a check draws, and on which it watches the function."""

Judge = Callable[[Inputs, Value], bool]


def faults(task: Task) -> list[str]:
    """List what is wrong with a task, one sentence each; empty if nothing is.

    Examples
    --------
    >>> from dlcompare.tasks.samplers import ints
    >>> from dlcompare.tasks.task import task
    >>> @task(inputs=ints(0, 999), train={"digits": [1, 2, 3]}, test={"digits": [3, 6]})
    ... def double(x: int) -> int:
    ...     "Twice a number."
    ...     return 2 * x
    >>> for fault in faults(double):
    ...     print(fault)
    the description has no worked example; add a line such as: double(...) == ...
    level 3 of axis 'digits' is trained on; leave it out of test= or of train=
    """
    if task.missing:
        return [task.missing]
    found = [*_description(task), *_axes(task)]
    try:
        found += _behaviour(task)
    except InputError as error:
        found.append(str(error))
    return found


def warnings(task: Task) -> list[str]:
    """List what may surprise in a task without being a fault, one sentence each.

    Examples
    --------
    >>> from dlcompare.tasks.samplers import ints, lists
    >>> from dlcompare.tasks.task import task
    >>> @task(inputs=lists(ints(0, 9), length=range(2, 5)))
    ... def backwards(xs: list[int]) -> list[int]:
    ...     xs.reverse()
    ...     return xs
    >>> for sentence in warnings(backwards):
    ...     print(sentence)
    it changes its argument xs=[...]; the task works on copies, other callers may not
    """
    if task.given is not None:
        return []
    rows = list(draw_tests(task, INSIDE, PER_LEVEL).inside.rows())
    try:
        return task.conduct(rows[:: max(1, len(rows) // CONDUCT)])
    except CallError as error:
        return [f"it {error} where it answered before; it must depend on its arguments only"]


def disagreements(task: Task, twin: Task) -> list[str]:
    """List where a task differs from itself in another process, one sentence each.

    Parameters
    ----------
    task : Task
        A task without a fault.
    twin : Task
        The same task in a process with another order of sets of texts (``PYTHONHASHSEED``).
    """
    mend = (
        "what it does must not depend on the order of a set of texts, on hash() or on id(): sort "
        "what comes out of a set"
    )
    try:
        tests, others = (draw_tests(each, INSIDE, PER_LEVEL) for each in (task, twin))
        pairs = [(tests.inside, others.inside)]
        for axis, levels in tests.levels.items():
            pairs += [(each, others.levels[axis][level]) for level, each in levels.items()]
        reserved = tests.reserved
        ours, theirs = (draw_training(each, TRAINING, 0, reserved) for each in (task, twin))
        pairs.append((ours, theirs))
    except (InputError, KeyError) as error:
        return [f"in another process it goes wrong: {error}; {mend}"]
    for ours, theirs in pairs:
        if ours.inputs != theirs.inputs:
            return [f"the sampler draws other inputs in another process; {mend}"]
        for row, output, other in zip(ours.rows(), ours.outputs, theirs.outputs, strict=True):
            if output != other:
                return [
                    f"the result for {shown(row)} is {shown(output)} in one process and "
                    f"{shown(other)} in another; {mend}"
                ]
    return []


def worked_examples(task: Task) -> list[tuple[str, Inputs, Value]]:
    """Return the examples ``name(...) == ...`` of the description: text, inputs, output.

    Raises
    ------
    InputError
        If such a line is not a call of the task on plain values.
    """
    found = []
    lines = [line.strip() for line in task.description.splitlines()]
    for i, line in enumerate(lines):
        if not line.startswith(f"{task.signature.name}("):
            continue
        text = line
        while not re.search(r"\)\s*==", text) and i + 1 < len(lines) and lines[i + 1]:
            i += 1  # noqa: PLW2901
            text += " " + lines[i]
        try:
            found.append((text, *_read(task, text)))
        except (SyntaxError, ValueError, AttributeError, TypeError) as error:
            raise InputError(
                f"the worked example {text!r} cannot be read; write a call on plain values, "
                f"as in {task.signature.name}(...) == ..."
            ) from error
    return found


def _read(task: Task, line: str) -> tuple[Inputs, Value]:
    compare = ast.parse(line, mode="eval").body
    if not isinstance(compare, ast.Compare) or not isinstance(compare.left, ast.Call):
        raise ValueError(line)
    names = [name for name, _ in task.signature.parameters]
    call = compare.left
    inputs = dict(zip(names, map(ast.literal_eval, call.args), strict=False))
    inputs |= {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
    if sorted(inputs) != sorted(names) or len(call.args) + len(call.keywords) != len(names):
        raise ValueError(line)
    return {name: inputs[name] for name in names}, ast.literal_eval(compare.comparators[0])


def _description(task: Task) -> Iterator[str]:
    if task.given is not None:
        return
    first = task.description.partition("\n")[0]
    if not first or "==" in first:
        yield "it has no description; begin the docstring with a sentence that says what it does"
    try:
        examples = worked_examples(task)
        if not examples:
            yield (
                "the description has no worked example; add a line such as: "
                f"{task.signature.name}(...) == ..."
            )
        for line, inputs, output in examples:
            for name, type_ in task.signature.parameters:
                check(inputs[name], type_, f"the worked example {line!r}: {name!r}")
            answer = task.answer(inputs)
            if not _right(task, inputs, output, answer):
                yield f"the worked example {line!r} does not hold: the function gives {answer!r}"
    except InputError as error:
        yield str(error)


def _right(task: Task, inputs: Inputs, output: Value, answer: Value) -> bool:
    try:
        return task.right(inputs, output, answer)
    except Exception:  # `_judgement` reports an `accepts` that raises
        return True


def _axes(task: Task) -> Iterator[str]:
    for axis in task.axes:
        numbers = [value for value in axis.train if not isinstance(value, str)]
        for level in axis.test:
            if level in axis.train:
                yield (
                    f"level {level} of axis {axis.name!r} is trained on; leave it out of test= or "
                    "of train="
                )
            elif numbers and not isinstance(level, str) and min(numbers) < level < max(numbers):
                yield (
                    f"level {level} of axis {axis.name!r} lies between values trained on; test "
                    f"beyond {min(numbers)} to {max(numbers)}"
                )


def _behaviour(task: Task) -> Iterator[str]:
    before = task.randomness()
    tests = draw_tests(task, INSIDE, PER_LEVEL)
    stream = draw_training(task, TRAINING, 0, tests.reserved)
    again = draw_training(task, TRAINING, 0, tests.reserved)
    tests_again = draw_tests(task, INSIDE, PER_LEVEL)
    if stream.inputs != again.inputs or tests_again.reserved != tests.reserved:
        yield (
            "the same seed draws other inputs; take all randomness from the generator that the "
            "sampler is given"
        )
    elif stream != again or tests != tests_again or _answers_differ(task, tests.inside):
        yield (
            "the same input has different outputs; the function must depend on its arguments only"
        )
    if task.randomness() != before:
        yield (
            "it uses the global random generator; take all randomness from the generator that the "
            "sampler is given"
        )
    if any(canonical(row) in tests.reserved for row in stream.rows()):
        yield "training met a test input; the sampler must give equal inputs for equal settings"
    if not len(tests.inside):
        yield (
            f"it has too few distinct inputs to be tested on {INSIDE} of them inside its training "
            "range; widen its sampler, or give more examples"
        )
    if task.given is None:
        if len(stream) < TRAINING:
            yield (
                f"it has only {len(stream)} distinct training inputs beside its tests; "
                "widen its sampler"
            )
        for axis in task.axes:
            yield from _reach(task, axis, tests.levels.get(axis.name, {}))
    yield from _judgement(task, tests.inside)


def _answers_differ(task: Task, examples: Examples) -> bool:
    """Return whether the answers change when the inputs come in another order."""
    rows = list(examples.rows())
    backwards = [task.answer(row) for row in reversed(rows)]
    return backwards[::-1] != list(examples.outputs)


def _reach(task: Task, axis: Axis, drawn: Container[Level]) -> Iterator[str]:
    """Check that every level of an axis can be drawn, and draws something of its own."""
    base: dict[str, object] = {each.name: each.train[-1] for each in task.axes if each.train}
    usual = _sample(task, base)
    for level in axis.test:
        if level not in drawn:
            yield (
                f"level {level} of axis {axis.name!r} has too few distinct inputs to be tested; "
                "widen the sampler there, or leave the level out"
            )
        elif level not in axis.train and _sample(task, base | {axis.name: level}) == usual:
            yield (
                f"the sampler draws the same inputs at level {level} of axis {axis.name!r} as in "
                f"training; let it read setting[{axis.name!r}]"
            )


def _sample(task: Task, setting: Setting) -> list[Value]:
    rng = np.random.default_rng(0)
    return [canonical(task.draw(rng, setting)) for _ in range(8)]


def _judgement(task: Task, examples: Examples) -> Iterator[str]:
    """Check that `ensures` and `accepts` agree with the function, and refuse something."""
    distinct = {freeze(output): output for output in examples.outputs}
    if task.given is None and len(examples) > 1 and len(distinct) < 2:
        yield "every input has the same output; a constant function teaches nothing"
        return
    judges: dict[str, Judge] = {}
    if task.ensures is not None:
        ensures = task.ensures
        judges["ensures"] = lambda row, output: bool(ensures(**row, result=output))
    if task.accepts is not None:
        judges["accepts"] = task.accepts
    for name, judge in judges.items():
        try:
            yield from _agreement(name, judge, examples, list(distinct.values()))
        except CallError as error:
            yield (
                f"{name} {error}; it must answer for every input and every output of the declared "
                "type"
            )


def _agreement(name: str, judge: Judge, examples: Examples, outputs: list[Value]) -> Iterator[str]:
    pairs = list(zip(examples.rows(), examples.outputs, strict=True))
    for row, output in pairs:
        if not called(judge, row, output):
            yield (
                f"{name} refuses the function's own output {shown(output)} for {shown(row)}; fix "
                "one of them"
            )
            return
    wrong = ((row, out) for row, right in pairs for out in outputs if freeze(out) != freeze(right))
    if all(called(judge, row, out) for row, out in wrong):
        yield f"{name} is true of every output tried, wrong ones included; say what makes it right"
