"""Answer questions one by one, each in its own process, within its time and its memory.

A process reports its best answer so far whenever that improves, so that it may be ended at any
time. It ends by itself when its time is over; if it cannot (a library computes, or no memory is
left), the fork server ends it a moment later.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Protocol

from dlcompare.compare.execution.channel import Channel
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.execution.worker import failure, lift_memory_limit
from dlcompare.tasks.types import Value

__all__ = ["Limits", "Question", "SynthAnswer", "WrongExample", "as_call", "brief", "solve"]

GRACE = 0.5
"""Seconds of grace before a process beyond its limit is ended."""

_LONGEST = 120
"""The most characters of a value, or of some inputs, that a sentence shows."""


@dataclass(frozen=True)
class WrongExample:
    """An example that a program gets wrong.

    Attributes
    ----------
    where : str
        The line of the example in the file, or its number.
    inputs : mapping of str to value
    wanted, got : value
        Its output, and that of the program; None if the program has none.
    """

    where: str
    inputs: Mapping[str, Value]
    wanted: Value
    got: Value | None

    def __str__(self) -> str:
        got = "nothing" if self.got is None else brief(repr(self.got))
        return f"{self.where}: {as_call(self.inputs)} gives {got}, not {brief(repr(self.wanted))}"


def as_call(inputs: Mapping[str, Value]) -> str:
    """Return inputs as the arguments of a call; long ones are cut short.

    Examples
    --------
    >>> as_call({"k": 2, "xs": [5, 6]})
    'k=2, xs=[5, 6]'
    """
    return brief(", ".join(f"{name}={value!r}" for name, value in inputs.items()))


def brief(text: str) -> str:
    """Return a text of at most some hundred characters, cut at its end."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


@dataclass(frozen=True)
class SynthAnswer:
    """The answer to a problem: its program, if there is one, and what is known of it.

    Attributes
    ----------
    name : str
        The name of the problem.
    status : str
        ``"ok"``, or why there is no program: ``"no_program"``, ``"timeout"``, ``"out_of_memory"``,
        ``"crash"``, ``"error"``, ``"interrupted"``, ``"contradictory"`` (examples with the same
        inputs have different outputs); of a SyGuS file also ``"infeasible"`` (it is proved that
        there is none) and ``"unknown"``.
    dsl, python : str, optional
        The program; if the status is not ``"ok"``, the best one so far.
    cost : int, optional
        Its bits, or the nodes of a SyGuS answer.
    seconds : float
        Wall-clock time.
    candidates : int, optional
        The number of programs tried, if known.
    held_out_accuracy : float, optional
        The share of held-out examples that the program answers right; None if there are none.
    reason : str
        The reason why there is no program; empty if there is one.
    answered, examples : int, optional
        The number of given examples that the program answers right, and of all; None if unknown.
    wrong : tuple of WrongExample
        The first examples that it gets wrong.
    uses : mapping of str to int
        How often the program uses each production of the grammar, if known.
    """

    name: str
    status: str
    dsl: str | None = None
    python: str | None = None
    cost: int | None = None
    seconds: float = 0.0
    candidates: int | None = None
    held_out_accuracy: float | None = None
    reason: str = ""
    answered: int | None = None
    examples: int | None = None
    wrong: tuple[WrongExample, ...] = ()
    uses: Mapping[str, int] = field(default_factory=dict)

    @property
    def solved(self) -> bool:
        """True if a program answers all given examples."""
        return self.status == "ok" and self.answered == self.examples

    @property
    def right(self) -> bool:
        """True if a program answers all examples, held-out ones included."""
        return self.solved and self.held_out_accuracy in (None, 1)


@dataclass(frozen=True)
class Limits:
    """The limits of the search for one answer.

    Attributes
    ----------
    seconds : float
        The time that it may take.
    memory : int
        The bytes that it may take.
    threads : int
        The cores that it may use.
    """

    seconds: float
    memory: int
    threads: int = 1


class Question(Protocol):
    """A problem to solve, sent pickled to the process that solves it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader of the file."""
        ...

    def unanswered(self) -> SynthAnswer:
        """Return the answer as it stands before the search."""
        ...

    def at_once(self) -> SynthAnswer | None:
        """Return the answer, if it takes no search."""
        ...

    def answer(self, limits: Limits, tell: Callable[[SynthAnswer], None]) -> SynthAnswer:
        """Search for an answer.

        Parameters
        ----------
        limits : Limits
        tell : callable
            Called with each better answer on the way.

        Returns
        -------
        SynthAnswer
        """
        ...


@dataclass(frozen=True)
class _Solve:
    """The job of a process: one question."""

    question: Question
    limits: Limits

    says: ClassVar[tuple[type, ...]] = (SynthAnswer,)

    def run(self, channel: Channel) -> None:
        best = self.question.unanswered()

        def tell(answer: SynthAnswer) -> None:
            nonlocal best
            channel.send(answer)
            best = answer

        try:
            tell(self.question.answer(self.limits, tell))
        except Exception as error:
            lift_memory_limit()
            failed = failure(error)
            channel.send(replace(best, status=failed.status, reason=failed.reason))


def solve(
    questions: Sequence[Question],
    limits: Limits,
    jobs: int,
    preload: Sequence[str],
    finish: Callable[[int, SynthAnswer], None],
) -> None:
    """Answer all questions.

    Parameters
    ----------
    questions : sequence of Question
    limits : Limits
        The limits of each.
    jobs : int
        Questions at a time; if there are fewer, each gets a share of the threads.
    preload : sequence of str
        Modules that every process finds already imported.
    finish : callable
        Called with the place of a question and its answer, in the order in which they end.

    Raises
    ------
    KeyboardInterrupt
        When interrupted; running questions have been finished as ``"interrupted"`` by then.
    """
    running: dict[int, int] = {}
    best = [question.unanswered() for question in questions]

    def launch(place: int) -> None:
        def hear(message: Any) -> None:
            best[place] = message

        share, rest = divmod(jobs, len(questions))
        threads = max(share + (place < rest), 1)
        job = _Solve(questions[place], replace(limits, threads=threads))
        number = supervisor.launch(job, lambda: hear, limits.seconds + GRACE, limits.memory)
        running[number] = place

    waiting = []
    for place, question in enumerate(questions):
        known = question.at_once()
        if known:
            finish(place, known)
        else:
            waiting.append(place)
    if not waiting:
        return
    with Supervisor(preload) as supervisor:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    launch(waiting.pop(0))
                for number, ending in supervisor.wait():
                    place = running.pop(number)
                    finish(place, _ended(best[place], ending, limits))
        except KeyboardInterrupt:
            for place in running.values():
                finish(place, replace(best[place], status="interrupted", reason="interrupted"))
            raise


def _ended(best: SynthAnswer, ending: Ending, limits: Limits) -> SynthAnswer:
    """Return the answer of an ended process: its last report, unless something ended it."""
    if ending.cause == "exit" and ending.code == 0 and ending.messages:
        return best
    status, reason = {
        "timeout": ("timeout", f"no program within {limits.seconds:g} s"),
        "memory": ("out_of_memory", f"no program within {limits.memory / 1e9:g} GB"),
        "machine_memory": ("out_of_memory", "the machine had no memory left"),
        "signal": ("crash", f"the process was ended by {ending.signal_name}"),
        "garbled": ("error", f"the process sent what none sends: {ending.last_words}"),
    }.get(ending.cause, ("crash", f"the process ended with status {ending.code}"))
    return replace(best, status=status, reason=reason, seconds=ending.wall_seconds)
