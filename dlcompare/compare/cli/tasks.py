"""``dlcompare tasks``."""

import itertools
import shutil
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from dlcompare.compare.cli import options

if TYPE_CHECKING:
    from dlcompare.tasks.problem import Examples
    from dlcompare.tasks.task import Task
    from dlcompare.tasks.types import Value

__all__ = ["command"]

INSIDE, PER_LEVEL, SHOWN = 16, 4, 3
"""Examples drawn inside the training range and at each level, and how many of them to show."""


@click.command("tasks", short_help="List the tasks, or show some with examples.")
@click.argument("targets", metavar="[NAME...]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON: a list of objects.")
@options.call_limit
def command(targets: tuple[str, ...], as_json: bool, timeout: float) -> None:
    """List the tasks by family, or show some of them with examples at each level.

    \b
    dlcompare tasks
    dlcompare tasks sorting
    dlcompare tasks my_tasks.py
    """
    from dlcompare.compare.streams import json_text
    from dlcompare.compare.task_files.remote import load
    from dlcompare.tasks.registry import catalogue, plugins

    if targets:
        tasks = [task for target in targets for task in load(target, timeout)]
    else:
        tasks = [*catalogue().values(), *plugins().values()]
    if as_json:
        click.echo(json_text([_record(task) for task in tasks]))
    elif targets:
        width = shutil.get_terminal_size((100, 24)).columns
        for number, task in enumerate(tasks):
            click.echo("\n" * bool(number) + "\n".join(_shown(task, width)))
    else:
        click.echo("\n".join(_listed(tasks)))


def _record(task: "Task") -> dict[str, Any]:
    return {
        "name": task.name,
        "family": task.family,
        "signature": str(task.signature),
        "description": task.description.partition("\n")[0],
        "axes": {axis.name: list(axis.test) for axis in task.axes},
        "train": {axis.name: list(axis.train) for axis in task.axes},
        "tags": list(task.tags),
        "without": sorted(task.without),
        "missing": task.missing,
    }


def _listed(tasks: "Iterable[Task]") -> Iterator[str]:
    """Yield one line for each task, family by family: name, types, axes, tags."""
    families = itertools.groupby(sorted(tasks, key=lambda each: each.family), lambda t: t.family)
    missing = []
    for family, members in families:
        rows = []
        for task in members:
            types = ", ".join(str(type_) for _, type_ in task.signature.parameters)
            axes = ", ".join(axis.name for axis in task.axes) or "no axis"
            tags = ", ".join(task.tags)
            rows.append((task.name, f"{types} -> {task.signature.result}", axes, tags))
            missing += [task.missing] if task.missing else []
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        yield f"{family} ({len(rows)})"
        for row in rows:
            cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
            yield f"  {'  '.join(cells)}".rstrip()
        yield ""
    yield from missing
    yield "dlcompare tasks NAME shows one with examples."


def _shown(task: "Task", width: int) -> Iterator[str]:
    """Yield the lines that show a task, with examples from every level."""
    from dlcompare.tasks.errors import InputError
    from dlcompare.tasks.splits import draw_tests

    yield f"{task.signature}"
    yield ""
    yield from task.description.splitlines()
    yield ""
    facts = list(_facts(task))
    column = max(15, *(len(label) + 2 for label, _ in facts))
    for label, text in facts:
        yield f"{label + ':':<{column}}{text}"
    if task.missing:
        raise InputError(task.missing)
    tests = draw_tests(task, INSIDE, PER_LEVEL)
    yield ""
    yield from _sample(task, "inside the training range", tests.inside, SHOWN, width)
    for axis, levels in tests.levels.items():
        for level, examples in levels.items():
            yield from _sample(task, f"{axis} = {level}", examples, 1, width)


def _facts(task: "Task") -> Iterator[tuple[str, str]]:
    yield "family", task.family
    for axis in task.axes:
        levels = ", ".join(map(str, axis.test)) or "nowhere beyond"
        yield axis.name, f"trained on {_span(axis.train)}; tested at {levels}"
    if task.tags:
        yield "tags", ", ".join(task.tags)
    if task.without:
        yield "without", ", ".join(sorted(task.without))


def _span(values: tuple[object, ...]) -> str:
    """Return values as text, consecutive integers as a range."""
    numbers = [value for value in values if isinstance(value, int)]
    if len(numbers) > 3 and numbers == list(range(numbers[0], numbers[0] + len(values))):
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, values)) or "the sampler's default"


def _sample(
    task: "Task", title: str, examples: "Examples", count: int, width: int
) -> Iterator[str]:
    """Yield a heading, with mean token length and share of repeated elements, then examples."""
    from dlcompare.compare.trials.metrics import tokens

    types = dict(task.signature.parameters)
    rows = list(examples.rows())
    lengths = [sum(len(tokens(row[name], types[name])) for name in types) for row in rows]
    facts = [f"{sum(lengths) / max(1, len(lengths)):.0f} tokens"]
    values = [value for row in rows for value in row.values() if isinstance(value, list)]
    elements = sum(map(len, values))
    if elements:
        facts.append(f"{sum(map(_repeated, values)) / elements:.0%} duplicates")
    yield f"{title} ({', '.join(facts)})"
    # They come setting by setting: equal steps through them show small and large ones.
    step = max(1, len(rows) // count)
    for i in range(step - 1, min(len(rows), step * count), step):
        row, output = rows[i], examples.outputs[i]
        arguments = ", ".join(f"{name}={value!r}" for name, value in row.items())
        yield f"  {_cut(arguments, width // 2)} -> {_cut(repr(output), width // 2 - 8)}"


def _repeated(values: "list[Value]") -> int:
    """Count the elements of a list that have occurred in it before."""
    from dlcompare.tasks.types import freeze

    return len(values) - len({freeze(value) for value in values})


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 2]} …"
