"""Texts that may leave this machine: they name no home folder and no user.

Whoever shares a report, a summary or a run's folder shares what stands in it. Files are therefore
named as they are seen from the current folder, or by their name alone, and texts that programs have
written (the reason of a failure, the last words of a process) lose what tells whose machine it was.
"""

import getpass
import os
import re
from pathlib import Path
from typing import Any

__all__ = ["anonymous", "public_name"]


def public_name(file: Path) -> str:
    """Return the path of a file from the current folder, or its name if it lies elsewhere.

    The name alone, too, if the path leads through the home folder: then it has the user's name.

    Examples
    --------
    >>> public_name(Path("mine/tasks.py")), public_name(Path("/elsewhere/mine.py"))
    ('mine/tasks.py', 'mine.py')
    """
    # As written: a name that a folder gives is not to be looked up, nor are its links followed.
    whole, here = Path(os.path.abspath(file)), Path.cwd()  # noqa: PTH100
    if not whole.is_relative_to(here):
        return file.name
    its = str(whole.relative_to(here))
    return its if anonymous(f"/{its}") == f"/{its}" else file.name


def anonymous(value: Any) -> Any:
    """Return a text, or a JSON value, without home folder and user: ``~`` stands in their place.

    The user's name is replaced where it is a word of a path; elsewhere it may be any word.

    Examples
    --------
    >>> anonymous({"reason": f"no file {Path.home()}/data.csv"})
    {'reason': 'no file ~/data.csv'}
    """
    if isinstance(value, str):
        return _anonymous(value)
    if isinstance(value, dict):
        return {anonymous(key): anonymous(its) for key, its in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(anonymous, value))
    return value


def _anonymous(text: str) -> str:
    for home in _homes():
        text = re.sub(rf"{re.escape(home)}(?![\w.-])", "~", text)
    user = _user()
    if user and "/" in text:
        word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(user)}(?![A-Za-z0-9])")
        text = re.sub(r"\S*/\S*", lambda path: word.sub("~", path[0]), text)
    return text


def _homes() -> list[str]:
    """The home folder as it is named and as it is found, unless it is the root of everything."""
    try:
        home = Path.home()
    except RuntimeError:  # nobody's process
        return []
    return [str(each) for each in dict.fromkeys((home, home.resolve())) if each != Path("/")]


def _user() -> str:
    """The user's name; empty where there is none that says who it is."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
    return "" if name == "root" else name
