"""A summary as JSON values, as in ``summary.json``, and read back.

In JSON, tasks, axes and learners stand in objects, by name; here they are tuples of things that
have a name.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from dlcompare.compare.summary.summary import Summary
from dlcompare.compare.trials.validation import convert

__all__ = ["as_json", "from_json"]


def as_json(summary: Summary) -> dict[str, Any]:
    """Return a summary as JSON values, as ``summary.schema.json`` describes them."""
    its: dict[str, Any] = _lists(msgspec.to_builtins(summary))
    for task in its["tasks"]:
        task["axes"] = _by_name(task["axes"])
        task["learners"] = _by_name(task["learners"])
    return {**its, "tasks": _by_name(its["tasks"])}


def from_json(values: Any) -> Summary:
    """Return the summary that JSON values describe: the inverse of `as_json`.

    Raises
    ------
    ValueError
        If something is missing, of another type or out of its range; the message says what.
    """
    its = dict(values) if isinstance(values, Mapping) else {}
    if isinstance(its.get("tasks"), Mapping):
        its["tasks"] = {name: _named_parts(task) for name, task in its["tasks"].items()}
    return convert({**its, "tasks": _named(its.get("tasks"))}, Summary)


def _named_parts(task: Any) -> Any:
    if not isinstance(task, Mapping):
        return task
    return {**task, **{part: _named(task.get(part)) for part in ("axes", "learners")}}


def _by_name(values: list[dict[str, Any]]) -> dict[str, Any]:
    return {each.pop("name"): each for each in values}


def _named(values: Any) -> Any:
    """Return the values of an object, each with its name; what is no object stays as it is."""
    if not isinstance(values, Mapping):
        return values
    return [
        {**each, "name": name} if isinstance(each, Mapping) else each
        for name, each in values.items()
    ]


def _lists(value: Any) -> Any:
    """Return a value with lists for tuples."""
    if isinstance(value, dict):
        return {key: _lists(entry) for key, entry in value.items()}
    return [_lists(entry) for entry in value] if isinstance(value, list | tuple) else value
