"""Remove home folders and user names from texts that may leave this machine.

Reports, summaries and the folders of runs are shared. Files in them are therefore named relative to
the current folder, or by their name alone, and texts by other programs (the reason of a failure,
the last words of a process) lose whatever identifies the user.
"""

import getpass
import os
import re
from pathlib import Path
from typing import Any

__all__ = ["anonymous", "public_name"]


def public_name(file: Path) -> str:
    """Return the path of a file from the current folder, or its name if it is elsewhere.

    A path through the home folder contains the user's name, so that only the file's name is used.

    Examples
    --------
    >>> public_name(Path("mine/tasks.py")), public_name(Path("/elsewhere/mine.py"))
    ('mine/tasks.py', 'mine.py')
    """
    # As written: a name from a run's folder is not looked up, and its links are not followed.
    whole, here = Path(os.path.abspath(file)), Path.cwd()  # noqa: PTH100
    if not whole.is_relative_to(here):
        return file.name
    its = str(whole.relative_to(here))
    return its if anonymous(f"/{its}") == f"/{its}" else file.name


def anonymous(value: Any) -> Any:
    """Replace the home folder and the user's name in a text, or a JSON value, by ``~``.

    The user's name is replaced only as a word of a path; elsewhere it may be any word.

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
    """Return the home folder, as named and as resolved, unless it is the root folder."""
    try:
        home = Path.home()
    except RuntimeError:  # the process has no user
        return []
    return [str(each) for each in dict.fromkeys((home, home.resolve())) if each != Path("/")]


def _user() -> str:
    """Return the user's name; empty if it identifies no person."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
    return "" if name == "root" else name
