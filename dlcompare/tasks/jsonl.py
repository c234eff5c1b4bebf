"""Tasks that are given by their examples: one line of a ``.jsonl`` file is one task.

    {"name": "double", "inputs": {"x": [1, 2, 3]}, "outputs": [2, 4, 6],
     "held_out": {"inputs": {"x": [7]}, "outputs": [14]}}

Columnar: the i-th example is the i-th entry of every column. Types are read off the values: bool,
int, str and lists of one of them. `held_out` is the test and no learner is given it; where it is
missing, the last quarter of the examples, at least one, is held out. Other keys are ignored.
Nothing in such a file is ever executed.
"""

import json
import keyword
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Inputs, Signature
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.splits import canonical
from dlcompare.tasks.task import Given, Task
from dlcompare.tasks.types import INT, Type, Value, from_annotation, list_of

__all__ = ["read"]

_ANY = Type("any")
"""What is known of the elements of an empty list."""


def read(file: Path) -> list[Task]:
    """The tasks of a file, in order.

    Raises
    ------
    InputError
        If the file or one of its lines cannot be used; names the line.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        raise InputError(
            f"there is no file {file} that can be read ({error.strerror}); give the path of a file "
            "of examples"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8; save it as such") from error
    tasks: dict[str, Task] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            task = _task(file, line, f"{file.stem}_{number}")
        except InputError as error:
            raise InputError(f"{file}, line {number}: {error}") from error
        if task.name in tasks:
            raise InputError(
                f"{file}, line {number}: the name {task.name!r} was given in line "
                f"{places[task.name]}; names must differ"
            )
        tasks[task.name], places[task.name] = task, number
    if not tasks:
        raise InputError(f"{file} is empty; put one problem on each line")
    return list(tasks.values())


def _task(file: Path, line: str, fallback: str) -> Task:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON that can be read: {error}") from error
    if not isinstance(record, dict):
        raise InputError('a problem is an object {"name": …, "inputs": {…}, "outputs": […]}')
    title = record.get("name", fallback)
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"name={title!r} must be a text that is not empty")
    given = _columns(record, "")
    parts = [given]
    if record.get("held_out") is not None:
        parts.append(_columns(record["held_out"], "held_out "))
        if list(parts[1].inputs) != list(given.inputs):
            raise InputError(
                f"the held_out columns are {list(parts[1].inputs)}, the others "
                f"{list(given.inputs)}; they must be the same"
            )
    parameters = [
        (name, _type([v for part in parts for v in part.inputs[name]], f"the inputs {name!r}"))
        for name in given.inputs
    ]
    result = _type([output for part in parts for output in part.outputs], "the outputs")
    names = _identifiers([name for name, _ in parameters])
    signature = Signature(
        _identifiers([title])[0],
        tuple((name, type_) for name, (_, type_) in zip(names, parameters, strict=True)),
        result,
    )
    renamed = [
        Examples(dict(zip(names, part.inputs.values(), strict=True)), part.outputs)
        for part in parts
    ]
    return _given_task(file, title, signature, renamed)


def _columns(record: object, where: str) -> Examples:
    """The examples of a record, checked for shape only."""
    if not isinstance(record, dict):
        raise InputError(f"{where.strip()} must be an object with inputs and outputs")
    inputs, outputs = record.get("inputs"), record.get("outputs")
    if not isinstance(inputs, dict) or not inputs:
        raise InputError(
            f"{where}inputs must be an object with a column for each argument, "
            'as in {"x": [1, 2]}'
        )
    if not isinstance(outputs, list):
        raise InputError(f"{where}outputs must be a list with one entry for each example")
    for name, column in inputs.items():
        if not isinstance(column, list) or len(column) != len(outputs):
            count = f"has {len(column)} entries" if isinstance(column, list) else "is not a list"
            raise InputError(
                f"the {where}column {name!r} {count}, the outputs have {len(outputs)}; "
                "every column must have one entry for each example"
            )
    return Examples({name: tuple(column) for name, column in inputs.items()}, tuple(outputs))


def _type(values: list[Any], where: str) -> Type:
    """The one type of all values; integers where only empty lists are to be seen."""
    found = _ANY
    for value in values:
        joined = _join(found, _type_of(value, where))
        if joined is None:
            raise InputError(
                f"{where} are of mixed types: {value!r} is {_plain(_type_of(value, where))}, "
                f"others are {_plain(found)}; a column must have one type"
            )
        found = joined
    return _plain(found)


def _type_of(value: Any, where: str) -> Type:
    if isinstance(value, bool | int | str):
        return from_annotation(type(value))
    if not isinstance(value, list):
        raise InputError(
            f"{where} have {json.dumps(value)}; a value is true or false, an integer, a text, or a "
            "list of these"
        )
    found = _ANY
    for element in value:
        joined = _join(found, _type_of(element, where))
        if joined is None:
            raise InputError(
                f"{where} have {value!r}, a list of mixed types; a list must have one type"
            )
        found = joined
    return list_of(found)


def _join(first: Type, second: Type) -> Type | None:
    """The type that both are, where one knows more than the other; None if they differ."""
    if first in (_ANY, second):
        return second
    if second == _ANY:
        return first
    if first.name == second.name == "list":
        element = _join(first.element, second.element)
        return element and list_of(element)
    return None


def _plain(type_: Type) -> Type:
    if type_ == _ANY:
        return INT
    return list_of(_plain(type_.element)) if type_.name == "list" else type_


def _identifiers(names: list[str]) -> list[str]:
    """Different Python names, like the given ones as far as possible."""
    made: list[str] = []
    for name in names:
        word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "task"
        if not word.isidentifier() or keyword.iskeyword(word):
            word = f"_{word}"
        while word in made:
            word += "_"
        made.append(word)
    return made


def _given_task(file: Path, title: str, signature: Signature, parts: list[Examples]) -> Task:
    names = [name for name, _ in signature.parameters]
    answers: dict[Value, Value] = {}
    distinct: list[tuple[list[Inputs], list[Value]]] = []
    for part in reversed(parts):  # held-out examples first: training must not meet them
        rows: list[Inputs] = []
        outputs: list[Value] = []
        for row, output in zip(part.rows(), part.outputs, strict=True):
            key = canonical(row)
            if key in answers and answers[key] != output:
                raise InputError(
                    f"the input {row!r} has two outputs, {answers[key]!r} and {output!r}; "
                    "a function has one"
                )
            if key not in answers:
                answers[key] = output
                rows.append(row)
                outputs.append(output)
        distinct.insert(0, (rows, outputs))
    training = Examples.from_rows(names, *distinct[0])
    held_out = Examples.from_rows(names, *distinct[1]) if len(distinct) > 1 else None
    if held_out is None:
        cut = len(training) - max(1, len(training) // 4)
        training, held_out = training[:cut], training[cut:]
    if not len(training) or not len(held_out):
        raise InputError(
            "there must be a distinct example to learn from and another one to test on"
        )

    def function(**inputs: Value) -> Value:
        key = canonical(inputs)
        if key not in answers:
            raise LookupError("only the examples of the file are known")
        return answers[key]

    def sample(rng: np.random.Generator, setting: Setting) -> Mapping[str, Value]:  # noqa: ARG001
        return list(training.rows())[rng.integers(len(training))]

    return Task(
        signature,
        f"Given by {len(training)} examples; {len(held_out)} are held out.",
        function,
        sample,
        axes=(),
        without=frozenset(),
        ensures=None,
        accepts=None,
        library="full",
        address=f"{file}:{title}",
        home=file.stem,
        title=title,
        given=Given(training, held_out),
    )
