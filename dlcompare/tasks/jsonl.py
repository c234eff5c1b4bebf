"""Read tasks from examples: one line of a ``.jsonl`` file is one task.

    {"name": "double", "inputs": {"x": [1, 2, 3]}, "outputs": [2, 4, 6],
     "held_out": {"inputs": {"x": [7]}, "outputs": [14]}}

Columnar: the i-th example is the i-th entry of every column. Types are read off the values: bool,
int, str and lists of one of them. `held_out` is the test, which no learner gets; if it is missing,
the last quarter of the examples, at least one, is held out. Other keys are ignored.
Nothing in such a file is ever executed.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.given import GivenProblem, given_problem
from dlcompare.tasks.problem import Examples, Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.splits import canonical
from dlcompare.tasks.task import Given, Task
from dlcompare.tasks.types import Value

__all__ = ["problems", "read", "read_text"]

Made = TypeVar("Made")


def read(file: Path) -> list[Task]:
    """Return the problems of a file as tasks, in order.

    Raises
    ------
    InputError
        If the file or one of its lines cannot be used; names the line.
    """
    return _each_line(file, lambda problem: _given_task(file, problem), lambda task: task.name)


def problems(file: Path) -> list[GivenProblem]:
    """Return the problems of a file, in order.

    Raises
    ------
    InputError
        If the file or one of its lines cannot be used; names the line.
    """
    return _each_line(file, lambda problem: problem, lambda problem: problem.title)


def read_text(file: Path) -> str:
    """Return the text of a file of examples.

    Raises
    ------
    InputError
        If there is no such file, or it is not text in UTF-8.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"there is no file {file} that can be read ({error.strerror}); give the path of a file "
            "of examples"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not text in UTF-8; save it as such") from error


def _each_line(
    file: Path, make: Callable[[GivenProblem], Made], name_of: Callable[[Made], str]
) -> list[Made]:
    made: list[Made] = []
    places: dict[str, int] = {}
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            each = make(_problem(line, f"{file.stem}_{number}"))
        except InputError as error:
            raise InputError(f"{file}, line {number}: {error}") from error
        if name_of(each) in places:
            raise InputError(
                f"{file}, line {number}: the name {name_of(each)!r} was given in line "
                f"{places[name_of(each)]}; names must differ"
            )
        made.append(each)
        places[name_of(each)] = number
    if not made:
        raise InputError(f"{file}, line 1: the file is empty; put one problem on each line")
    return made


def _problem(line: str, fallback: str) -> GivenProblem:
    try:
        record = json.loads(line, object_pairs_hook=_object, parse_int=_integer)
    except InputError:
        raise
    except RecursionError as error:
        raise InputError("this is not JSON that can be read: it is nested too deep") from error
    except ValueError as error:
        raise InputError(f"this is not JSON that can be read: {error}") from error
    if _HALF_CHARACTER.search(line):  # a cheap look, before that at what was read
        _refuse_half_characters(record)
    if not isinstance(record, dict):
        raise InputError('a problem is an object {"name": …, "inputs": {…}, "outputs": […]}')
    title = record.get("name", fallback)
    if not isinstance(title, str) or not title.strip():
        raise InputError(f"name={title!r} must be a text that is not empty")
    held_out = record.get("held_out")
    return given_problem(
        title,
        _columns(record, ""),
        None if held_out is None else _columns(held_out, "held_out "),
    )


_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of JSON; one of two keys of the same name would be lost."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise InputError(f"the key {key!r} is given {times} times; give it once")
    return dict(pairs)


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        count = len(digits.lstrip("-"))
        raise InputError(f"a number has {count:,} digits; give it as a text") from None


def _refuse_half_characters(record: object) -> None:
    """Refuse a text that is no text: one with half of a surrogate pair cannot be written."""
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise InputError(
            f"a text has {half!a}, which is half of a character; give both halves, or the "
            "character itself"
        ) from error


def _columns(record: object, where: str) -> Examples:
    """Return the examples of a record, checked for shape only."""
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


def _given_task(file: Path, problem: GivenProblem) -> Task:
    names = [name for name, _ in problem.signature.parameters]
    parts = [part for part in (problem.examples, problem.held_out) if part is not None]
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
        problem.signature,
        f"Given by {len(training)} examples; {len(held_out)} are held out.",
        function,
        sample,
        axes=(),
        without=frozenset(),
        ensures=None,
        accepts=None,
        library="full",
        address=f"{file}:{problem.title}",
        home=file.stem,
        title=problem.title,
        given=Given(training, held_out),
    )
