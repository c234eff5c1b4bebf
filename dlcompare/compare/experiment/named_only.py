"""Refuse to load code that a folder names and the command does not: a run's folder is data."""

from collections.abc import Collection
from pathlib import Path

from dlcompare.compare.learners.learner_table import parse
from dlcompare.compare.trials.protocol import Settings, task_name
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.registry import catalogue

__all__ = ["refuse_unnamed"]


def refuse_unnamed(
    earlier: Settings, now: Settings, learners: Collection[str], folder: Path
) -> None:
    """Raise an `InputError` if resuming a run would load code that only its folder names.

    Tasks of the catalogue and built-in learners come with dlcompare: they are loaded by name.
    Everything else, including tasks of installed packages, must be named.

    Parameters
    ----------
    earlier, now : Settings
        The settings in the folder, and those of the command.
    learners : collection of str
        The learners in files that the command names.
    folder : Path
    """
    named = {task_name(label): label for label in now.tasks}
    for label in earlier.tasks:
        name = task_name(label)
        if name not in named and label not in catalogue():
            raise InputError(_sentence(f"the task {label!r}", "the task or its file", folder))
        if name in named and (label in catalogue()) != (named[name] in catalogue()):
            raise InputError(
                f"the run in {folder} has the task {label!r}, and the command names another, "
                f"{named[name]!r}; a run needs different names: choose another folder with --out"
            )
    for each in earlier.learners:
        if parse(each.name).own and each.name not in learners:
            raise InputError(_sentence(f"the learner {each.name!r}", "it with --learner", folder))


def _sentence(what: str, how: str, folder: Path) -> str:
    return (
        f"the run in {folder} has {what}, which the command does not name; nothing is loaded "
        f"because a folder says so: name {how}, too, in the folder in which the run was begun"
    )
