"""Report the progress of a fit while it goes on.

A learner may call `tell` whenever it has news; its caller may listen. `tell` returns nothing and
draws no random numbers, so that it changes no result, whether or not there is a listener.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass

from dlcompare.tasks.cost import check_count

__all__ = ["FitProgress", "listening", "tell"]


@dataclass(frozen=True)
class FitProgress:
    """The progress of a fit.

    Attributes
    ----------
    done, of : int
        Updates made or candidates computed, and the number that the budget allows.
    unit : str
        The unit of both: ``"updates"``, ``"candidates"``.
    loss : float, optional
        The present training loss.
    program : str, optional
        The best program so far.
    """

    done: int
    of: int
    unit: str
    loss: float | None = None
    program: str | None = None

    def __post_init__(self) -> None:
        check_count("done", self.done)
        check_count("of", self.of)


_Listener = Callable[[FitProgress], object]
_listener: ContextVar[_Listener | None] = ContextVar("listener", default=None)


def tell(progress: FitProgress) -> None:
    """Report progress to the listener, if there is one.

    Examples
    --------
    >>> with listening(lambda its: print(its.done, its.loss)):
    ...     tell(FitProgress(50, 2000, "updates", loss=1.25))
    50 1.25
    >>> tell(FitProgress(100, 2000, "updates", loss=0.5))
    """
    listener = _listener.get()
    if listener is not None:
        listener(progress)


@contextlib.contextmanager
def listening(listener: _Listener) -> Iterator[None]:
    """Call `listener` with all progress reported meanwhile."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
