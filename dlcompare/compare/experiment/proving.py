"""Prove the programs that a run has found, or try them on further inputs.

After the trials of a run, each program is proved or refuted if its task has a
specification. One without a proof is tried by the experimenter, who has the reference, on inputs
beyond those that the sampler draws. Neither changes a prediction or a score.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from dlcompare.compare.execution.backend import Assignment, Backend
from dlcompare.compare.execution.channel import Channel
from dlcompare.compare.execution.ending import Ending
from dlcompare.compare.trials.draws import Drawn
from dlcompare.compare.trials.trial import Trial
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.task import Task
from dlcompare.tasks.types import Value

if TYPE_CHECKING:
    from dlcompare.synthesis.proofs.trying import Criterion

__all__ = ["Known", "Prove", "prove_all"]

NO_REFERENCE = "no reference to try it on"
"""The sentence on programs for tasks that are given by their examples."""

SECONDS = 30.0
"""Seconds that a proof may take; sorting is proved up to length 7 in a third of them."""

TRYING_SECONDS = 5.0
"""Seconds that running a program on inputs beyond those drawn may take."""

GRACE = 15.0
"""Seconds beyond both, after which the process that proves is ended."""


@dataclass(frozen=True)
class Known:
    """The message of a process that proves: what is known of a program, as JSON values.

    Attributes
    ----------
    proof : dict, optional
        The proof, if the task has a specification.
    tried : dict, optional
        The result of trying the program, if it is neither proved nor refuted.
    """

    proof: dict[str, Any] | None = None
    tried: dict[str, Any] | None = None


@dataclass(frozen=True)
class Prove:
    """A job that proves or tries one program of a task.

    Attributes
    ----------
    address : str
        Of the task.
    source : str
        The program, in Python.
    """

    address: str
    source: str

    says: ClassVar[tuple[type, ...]] = (Known,)

    def run(self, channel: Channel) -> None:
        """Prove or refute the program, try it if it is not proved, and send both results."""
        from dlcompare.synthesis.proofs.trying import tried
        from dlcompare.synthesis.proofs.verify import verify
        from dlcompare.tasks.registry import load

        task = load(self.address)[0]
        proof = None
        if task.ensures is not None:
            found = verify(self.source, task.signature, task.ensures, task.function, SECONDS)
            proof = asdict(found)
            channel.send(Known(proof))  # kept even if the process dies later
        if proof is None or proof["status"] == "unknown":
            ran = tried(self.source, task.signature, _criterion(task), TRYING_SECONDS)
            channel.send(Known(proof, asdict(ran)))


def _criterion(task: Task) -> "Criterion":
    """Return a task's criterion of a right answer; inputs on which it raises do not count."""
    from dlcompare.synthesis.proofs.trying import Criterion

    def expected(inputs: Inputs) -> Value:
        answer = task.answer(inputs)
        if task.ensures is not None and not task.ensures(**inputs, result=answer):
            raise ValueError("the reference does not meet its specification")
        return answer

    return Criterion(expected, task.right)


def prove_all(
    trials: tuple[Trial, ...],
    drawn: Mapping[str, Drawn],
    backend: Backend,
    memory: int,
    keep: Callable[[Trial], None],
) -> None:
    """Prove or try every program that has not been examined yet, each once.

    Parameters
    ----------
    trials : tuple of Trial
    drawn : mapping of str to Drawn
        The tasks of the run.
    backend : Backend
    memory : int
        Bytes that a proof may take.
    keep : callable
        Called with each trial and what is known of its program.
    """
    open_: dict[tuple[str, str], list[Trial]] = {}
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for trial in trials:
        if trial.program and trial.task in drawn:
            key = trial.task, str(trial.program["python"])
            if "tried" in trial.program:
                known[key] = {name: trial.program.get(name) for name in ("proof", "tried")}
            else:
                open_.setdefault(key, []).append(trial)

    def settle(key: tuple[str, str], said: dict[str, Any]) -> None:
        for trial in open_[key]:
            assert trial.program is not None
            keep(replace(trial, program={**trial.program, **said}))

    waiting = []
    for key in open_:
        if key in known:
            settle(key, known[key])
        elif drawn[key[0]].task.given is not None:  # there is no reference to try it on
            settle(key, {"proof": None, "tried": _untried(NO_REFERENCE)})
        else:
            waiting.append(key)
    running: dict[int, tuple[str, str]] = {}
    while waiting or running:
        while waiting and len(running) < backend.room():
            name, source = waiting.pop(0)
            task = drawn[name].task
            seconds = TRYING_SECONDS + GRACE + (0 if task.ensures is None else SECONDS)
            assignment = Assignment(Prove(task.address, source), (), seconds, memory, False)
            running[backend.launch(assignment, lambda _: None)] = name, source
        for number, ending in backend.wait():
            key = running.pop(number)
            settle(key, _known(ending, drawn[key[0]].task))


def _known(ending: Ending, task: Task) -> dict[str, Any]:
    """Return what a process found out, or why it found nothing."""
    known: Known = ending.messages[-1] if ending.messages else Known()
    proof, tried = known.proof, known.tried
    if task.ensures is not None and proof is None:
        proof = asdict(Proof("unknown", bound={}, reason=_reason(ending, "the proof")))
    if tried is None and (proof is None or proof["status"] == "unknown"):
        tried = _untried(_reason(ending, "trying it"))
    return {"proof": proof, "tried": tried}


def _reason(ending: Ending, what: str) -> str:
    sentences = {"timeout": f"{what} took too long", "memory": f"{what} took too much memory"}
    ended = f"the process that proves ended: {ending.last_words[-200:]}"
    return sentences.get(ending.cause, ended)


def _untried(reason: str) -> dict[str, Any]:
    return {"inputs": 0, "wrong_at": None, "reason": reason}
