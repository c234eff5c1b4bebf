"""Proofs of the programs that a run has found; made when its trials are over, they change none."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from dlcompare.compare.backends import Assignment, Backend
from dlcompare.compare.channel import Channel
from dlcompare.compare.draws import Drawn
from dlcompare.compare.ending import Ending
from dlcompare.compare.trial import Trial

__all__ = ["Prove", "Proved", "prove_all"]

SECONDS = 30.0
"""That a proof may take; sorting is proved up to length 7 in a third of it."""

GRACE = 15.0
"""Seconds beyond, after which the process that proves is ended."""


@dataclass(frozen=True)
class Proved:
    """The message of a process that proves: a proof, as JSON values."""

    proof: dict[str, Any]


@dataclass(frozen=True)
class Prove:
    """Asks whether a program meets the specification of its task.

    Attributes
    ----------
    address : str
        Of the task.
    source : str
        The program, in Python.
    """

    address: str
    source: str

    says: ClassVar[tuple[type, ...]] = (Proved,)

    def run(self, channel: Channel) -> None:
        """Prove or refute it, and send what came of it."""
        from dlcompare.synthesis.smt.verify import verify
        from dlcompare.tasks.registry import load

        task = load(self.address)[0]
        found = verify(self.source, task.signature, task.ensures, task.function, SECONDS)
        channel.send(Proved(asdict(found)))


def prove_all(
    trials: tuple[Trial, ...],
    drawn: Mapping[str, Drawn],
    backend: Backend,
    memory: int,
    keep: Callable[[Trial], None],
) -> None:
    """Prove every program that has no proof yet, each once, where its task has a specification.

    Parameters
    ----------
    trials : tuple of Trial
    drawn : mapping of str to Drawn
        The tasks of the run.
    backend : Backend
    memory : int
        Bytes that a proof may take.
    keep : callable
        Called with each trial and its proof.
    """
    open_: dict[tuple[str, str], list[Trial]] = {}
    known: dict[tuple[str, str], Any] = {}
    for trial in trials:
        if trial.program and trial.task in drawn and drawn[trial.task].task.ensures is not None:
            key = trial.task, str(trial.program["python"])
            if trial.program.get("proof"):
                known[key] = trial.program["proof"]
            else:
                open_.setdefault(key, []).append(trial)

    def settle(key: tuple[str, str], proof: Any) -> None:
        for trial in open_[key]:
            assert trial.program is not None
            keep(replace(trial, program={**trial.program, "proof": proof}))

    waiting = [key for key in open_ if key not in known]
    for key in open_.keys() & known.keys():
        settle(key, known[key])
    running: dict[int, tuple[str, str]] = {}
    while waiting or running:
        while waiting and len(running) < backend.room():
            name, source = waiting.pop(0)
            prove = Prove(drawn[name].task.address, source)
            assignment = Assignment(prove, (), SECONDS + GRACE, memory, False)
            running[backend.launch(assignment, lambda _: None)] = name, source
        for number, ending in backend.wait():
            settle(running.pop(number), _proof(ending))


def _proof(ending: Ending) -> dict[str, Any]:
    if ending.messages:
        told: Proved = ending.messages[-1]
        return told.proof
    reason = {
        "timeout": "the proof took too long",
        "memory": "the proof took too much memory",
    }.get(ending.cause, f"the process that proves ended: {ending.last_words[-200:]}")
    return {
        "status": "unknown",
        "method": "bounded",
        "bound": {},
        "counterexample": None,
        "reason": reason,
    }
