"""The end of a process that did a job."""

import signal
from dataclasses import dataclass
from typing import Any

__all__ = ["Ending"]

_OWN_SIGNALS = {
    signal.SIGABRT, signal.SIGALRM, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGPIPE,
    signal.SIGPROF, signal.SIGSEGV, signal.SIGSYS, signal.SIGTRAP, signal.SIGVTALRM, signal.SIGXCPU,
    signal.SIGXFSZ,
}  # fmt: skip
"""Signals that a process causes itself: faults, its own timers, its limits."""


@dataclass(frozen=True)
class Ending:
    """The end of a process that did a job.

    Attributes
    ----------
    messages : tuple
        Its messages, in order, without those on progress.
    cause : str
        ``"exit"``; ``"signal"``; ``"timeout"`` and ``"memory"``, its limits; ``"machine_memory"``,
        the kernel killed it because no memory was left; ``"garbled"``, it sent what its job does
        not send, and was killed; ``"lost"``, what ran it was itself killed.
    code : int
        Exit status, or the signal that ended it.
    wall_seconds, cpu_seconds : float
        From its fork to its end.
    peak_bytes : int
        Its largest resident memory.
    last_words : str
        The end of its output on the standard streams; if ``cause`` is ``"garbled"``, what was wrong
        with its message.
    repeats : int
        The number of earlier processes of the same job that were ended from outside.
    """

    messages: tuple[Any, ...]
    cause: str
    code: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    last_words: str
    repeats: int = 0

    @property
    def signal_name(self) -> str:
        """The name of the signal, such as ``"SIGSEGV"``."""
        try:
            return signal.Signals(self.code).name
        except ValueError:
            return f"signal {self.code}"

    @property
    def from_outside(self) -> bool:
        """Return whether something other than the job ended the process.

        The kernel does not tell who sent a signal. A signal that is no fault of the program counts
        as one from outside; a job that sends it to itself will do so again when it is repeated.

        Examples
        --------
        >>> killed = Ending((), "signal", signal.SIGKILL, 1.0, 1.0, 0, "")
        >>> crashed = Ending((), "signal", signal.SIGSEGV, 1.0, 1.0, 0, "")
        >>> killed.from_outside, crashed.from_outside
        (True, False)
        """
        return self.cause == "lost" or (self.cause == "signal" and self.code not in _OWN_SIGNALS)
