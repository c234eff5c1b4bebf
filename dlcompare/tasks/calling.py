"""Call users' code: whatever it does, the result is a value or a sentence.

A task file may raise, end the interpreter or request all memory. Within a process all of this is a
`CallError`. Only another process can report code that ends its process or never returns: see
`dlcompare.compare.task_files.remote`, which raises the same exception.
"""

import reprlib
import signal
from collections.abc import Callable
from typing import TypeVar

__all__ = ["CallError", "called", "shown", "told"]

Result = TypeVar("Result")

_LONGEST = 1_000
"""The most characters of a value or a message that a sentence shows."""


class CallError(Exception):
    """Raised when a call gives no value; the text is a predicate: "raised ValueError: no luck"."""


def called(function: Callable[..., Result], *args: object, **kwargs: object) -> Result:
    """Call a function that a user wrote.

    Raises
    ------
    CallError
        If the function raises anything, including `SystemExit`.
    KeyboardInterrupt
        If a person interrupts; if interrupts are ignored, the function itself raised it.

    Examples
    --------
    >>> called(int, "7")
    7
    >>> called(int, "seven")
    Traceback (most recent call last):
    dlcompare.tasks.calling.CallError: raised ValueError: invalid literal for int() ...
    """
    try:
        return function(*args, **kwargs)
    except CallError:
        raise
    except BaseException as error:
        _let_interrupts_through(error)
        raise CallError(told(error)) from error


def _let_interrupts_through(error: BaseException) -> None:
    """Raise an exception again by which a person interrupts."""
    interruptible = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    if isinstance(error, KeyboardInterrupt) and interruptible:
        raise error


def told(error: BaseException) -> str:
    """Return what an exception says, as the predicate of a sentence."""
    if isinstance(error, SystemExit):
        return f"ended the interpreter by sys.exit({shown(error.code)})"
    try:
        text = " ".join(str(error).split())
    except BaseException as its:  # the exception is the user's, too
        _let_interrupts_through(its)
        text = ""
    return f"raised {type(error).__name__}" + (f": {_cut(text)}" if text else "")


def shown(value: object) -> str:
    """Return the repr of a value for a sentence, cut if it is long.

    Examples
    --------
    >>> shown({"xs": [1, 2]})
    "{'xs': [1, 2]}"
    >>> len(shown(list(range(10**6)))) < 1_100
    True
    """
    try:
        return _cut(_SHORT.repr(value))
    except BaseException as error:  # the value is the user's, too
        _let_interrupts_through(error)
        return f"a value of type {type(value).__name__}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


class _Short(reprlib.Repr):
    """A repr of built-in values that makes no more text than is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 256
        self.maxstring = self.maxlong = self.maxother = _LONGEST


_SHORT = _Short()
