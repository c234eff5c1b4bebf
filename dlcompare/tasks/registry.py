"""Load tasks by name and by file.

``sorting`` is a task of the catalogue or of an installed package; ``my_tasks.py`` stands for every
task of a file, ``my_tasks.py:sorting`` for one of them. A task file is code and runs with your
rights; a ``.jsonl`` file of examples is read, never run.
"""

import importlib
import importlib.util
import pkgutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

from dlcompare.tasks import catalog
from dlcompare.tasks.calling import CallError, called
from dlcompare.tasks.declaration import declared
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.task import FILE_MODULE, Task

__all__ = ["catalogue", "is_code", "load", "plugins"]

GROUP = "dlcompare.tasks"
"""The group of entry points in which a package offers tasks."""


@cache
def catalogue() -> dict[str, Task]:
    """Return every task that comes with dlcompare, by name."""
    found: dict[str, Task] = {}
    for module in pkgutil.iter_modules(catalog.__path__):
        family = importlib.import_module(f"{catalog.__name__}.{module.name}")
        for task in _tasks_of(family):
            found[task.name] = replace(task, address=task.name)
    return dict(sorted(found.items()))


@cache
def plugins() -> dict[str, Task]:
    """Return the tasks of installed packages (entry points ``dlcompare.tasks``), by name.

    An entry point names a module with tasks, or one task. One that cannot be loaded, or whose task
    has a taken name, is reported on standard error and left out.
    """
    from importlib.metadata import entry_points

    found: dict[str, Task] = {}
    for point in entry_points(group=GROUP):
        try:
            loaded = called(point.load)
        except CallError as error:
            _warn(point.name, f"cannot be loaded: importing it {error}")
            continue
        tasks = [loaded] if isinstance(loaded, Task) else []
        if isinstance(loaded, ModuleType):
            tasks = _tasks_of(loaded)
        if not tasks:
            _warn(point.name, "has no task; it must name a module with tasks, or one task")
        for task in tasks:
            if task.name in found or task.name in catalogue():
                _warn(point.name, f"has a task {task.name!r}, a name that is taken; rename it")
            else:
                found[task.name] = replace(task, address=task.name)
    return dict(sorted(found.items()))


def _warn(plugin: str, what: str) -> None:
    print(f"warning: the plug-in {plugin!r} {what}", file=sys.stderr)


def is_code(target: str) -> bool:
    """Return whether `target` names a Python file, or a task in one."""
    return target.endswith(".py") or ".py:" in target


def load(target: str) -> list[Task]:
    """Return the tasks of a target: a name, a file, or ``file.py:name``.

    Raises
    ------
    UnknownNameError
        If there is no such task.
    InputError
        If the file is missing, cannot be imported, has no task, or two of one name.

    Examples
    --------
    >>> [task.name for task in load("sorting")]
    ['sorting']
    """
    for suffix, read in ((".py", _written), (".jsonl", _given)):
        path, colon, name = target.partition(f"{suffix}:")
        if colon or target.endswith(suffix):
            return _of_file(Path(path + suffix if colon else target), name, read)
    if target in catalogue():
        return [catalogue()[target]]
    known = catalogue() | plugins()
    if target not in known:
        raise UnknownNameError("task", target, known)
    return [known[target]]


def _of_file(file: Path, name: str, read: Callable[[Path], list[Task]]) -> list[Task]:
    if not file.is_file():
        raise InputError(
            f"there is no task file {file}; give the path of a Python file with tasks, or of a "
            ".jsonl file of examples"
        )
    tasks: dict[str, Task] = {}
    for task in read(file):
        if tasks.setdefault(task.name, task) is not task:
            lines = " and ".join(str(_line(each)) for each in (tasks[task.name], task))
            raise InputError(
                f"{file} has two tasks called {task.name!r} (lines {lines}); rename one of them"
            )
    if name and name not in tasks:
        raise UnknownNameError("task", name, tasks)
    chosen = [tasks[name]] if name else list(tasks.values())
    return [replace(task, address=f"{file.resolve()}:{task.name}") for task in chosen]


def _line(task: Task) -> int:
    return task.function.__code__.co_firstlineno


def _written(file: Path) -> list[Task]:
    with declared() as made:
        module = _import(file)
    tasks = _tasks_of(module)
    names = {task.name for task in tasks}
    # Otherwise a later task of the same name would replace it in the module in silence.
    replaced = [
        task
        for task in made
        if task.home == module.__name__
        and task.name in names
        and all(task.function is not each.function for each in tasks)
    ]
    tasks = [*replaced, *tasks]
    if not tasks:
        raise InputError(f"{file} defines no task; put @task(...) above a function")
    return tasks


def _given(file: Path) -> list[Task]:
    from dlcompare.tasks import jsonl

    return jsonl.read(file)


def _import(file: Path) -> ModuleType:
    package = _make_importable(file.resolve().parent)
    module_name = f"{package}{FILE_MODULE}{file.stem}"
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise InputError(f"{file} cannot be read as a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        called(spec.loader.exec_module, module)
    except CallError as failure:
        error = failure.__cause__
        if isinstance(error, InputError):
            raise InputError(f"{file}: {error}") from error
        if isinstance(error, SyntaxError) and error.filename == str(file) and error.lineno:
            raise InputError(f"{file}, line {error.lineno}: {error.msg}") from error
        frames = traceback.extract_tb(error.__traceback__ if error else None)
        lines = [
            frame.lineno for frame in frames if Path(frame.filename).resolve() == file.resolve()
        ]
        place = f"{file}, line {lines[-1]}" if lines else str(file)
        raise InputError(f"{place}: importing it {failure}") from error
    return module


def _make_importable(folder: Path) -> str:
    """Let a task file import the modules beside it, and return the prefix of its package.

    As in pytest, the first folder upwards that is not a package joins the import path. It comes
    after the standard library, so that no user's file shadows that, and before installed packages.
    """
    names: list[str] = []
    while (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    if str(folder) not in sys.path:
        installed = [Path(place).name in ("site-packages", "dist-packages") for place in sys.path]
        sys.path.insert(installed.index(True) if True in installed else len(sys.path), str(folder))
    return "".join(f"{name}." for name in names)


def _tasks_of(module: ModuleType) -> list[Task]:
    """Return the tasks written in a module, in file order, without imported ones."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, Task) and value.home == module.__name__
    ]
